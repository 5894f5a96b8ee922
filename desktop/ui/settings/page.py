"""The frame every page of the settings has, and the pages that are made from declarations alone."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.domain.settings import Setting
from desktop.i18n import _
from desktop.presenters.settings import SettingsPresenter
from desktop.ui.parts import heading, label, remark
from desktop.ui.settings.fields import Field, TextLines
from desktop.ui.theme import scaled_font

FIELD_EM = 12
"""Width of every field that stands beside its words, in heights of a line."""


class Page(QScrollArea):
    """A page with a title; `body` is the layout to fill. `Page(name=…, title=…, subtitle='', parent=None)`."""

    def __init__(self, *, name: str, title: str, subtitle: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"page-{name}")
        self.setAccessibleName(title)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inner = QWidget()
        self.body = QVBoxLayout(self._inner)
        self.body.setContentsMargins(28, 24, 28, 24)
        self.body.setSpacing(0)
        self.body.addWidget(heading(title, 1.2))
        self.subtitle = label(subtitle, mark="muted")
        self.subtitle.setVisible(bool(subtitle))
        self.body.addSpacing(6)
        self.body.addWidget(self.subtitle)
        self.body.addSpacing(10)
        self.setWidget(self._inner)
        for ground in (self._inner, self.viewport()):
            ground.setAutoFillBackground(False)


class DeclaredPage(Page):
    """The settings of one section, a row each. `DeclaredPage(presenter=…, section=…, title=…, parent=None)`."""

    def __init__(
        self, *, presenter: SettingsPresenter, section: str, title: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(name=section, title=title, parent=parent)
        self._presenter = presenter
        self._fields: dict[str, Field] = {}
        self._words: dict[str, QLabel] = {}
        for setting in presenter.settings(section):
            self._add(setting)
        self.body.addStretch(1)
        self._on_loaded()
        presenter.loaded.connect(self._on_loaded)
        presenter.changed.connect(self._on_changed)
        presenter.refused.connect(self._on_refused)

    def offer_models(self, addresses: Sequence[str]) -> None:
        """Let these models be chosen wherever a setting names one."""
        for field in self._fields.values():
            field.offer(addresses)

    def field(self, name: str) -> Field:
        """Return the field of a setting."""
        return self._fields[name]

    def go_to(self, name: str) -> None:
        """Bring a setting into sight, and give its field the keyboard."""
        widget = self._fields[name].widget
        self.ensureWidgetVisible(widget, 0, 80)
        widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, setting: Setting) -> None:
        field = Field(setting=setting, parent=self._inner)
        field.edited.connect(self._presenter.set)
        self._fields[setting.name] = field
        name = label(_(setting.label))
        name.setBuddy(field.widget)
        words = label(_(setting.help) if setting.help else "", mark="muted")
        words.setFont(scaled_font(self.font(), 0.9))
        words.setVisible(bool(setting.help))
        self._words[setting.name] = words
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(name)
        texts.addWidget(words)
        em = self.fontMetrics().height()
        if isinstance(field.widget, TextLines):
            self.body.addSpacing(10)
            self.body.addLayout(texts)
            self.body.addSpacing(6)
            self.body.addWidget(field.widget)
            self.body.addSpacing(10)
        elif isinstance(field.widget, QComboBox) and (wide := _wide(field.widget, em)):
            field.widget.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            field.widget.setMinimumContentsLength(6)
            field.widget.setMaximumWidth(wide)
            field.widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            row = QHBoxLayout()
            row.setContentsMargins(0, 6, 0, 10)
            row.addWidget(field.widget, 100)
            row.addStretch(1)
            self.body.addSpacing(10)
            self.body.addLayout(texts)
            self.body.addLayout(row)  # beside the words it would squeeze them
        else:
            field.widget.setFixedWidth(_beside(em))  # one left edge for all
            row = QHBoxLayout()
            row.setContentsMargins(0, 10, 0, 10)
            row.setSpacing(16)
            row.addLayout(texts, 1)
            row.addWidget(field.widget, 0, Qt.AlignmentFlag.AlignVCenter)
            self.body.addLayout(row)
        self.body.addWidget(line())

    @Slot()
    def _on_loaded(self) -> None:
        for name, field in self._fields.items():
            field.put(self._presenter.value(name))

    @Slot(str, object)
    def _on_changed(self, name: str, _value: object) -> None:
        if name in self._fields:
            self._fields[name].put(self._presenter.value(name))
            self._say(name, _(self._fields[name].setting.help) if self._fields[name].setting.help else "", warn=False)

    @Slot(str, str)
    def _on_refused(self, name: str, sentence: str) -> None:
        if name in self._fields:
            self._say(name, sentence, warn=True)

    def _say(self, name: str, sentence: str, *, warn: bool) -> None:
        words = self._words[name]
        words.setText(sentence)
        words.setVisible(bool(sentence))
        remark(words, "muted", not warn)
        remark(words, "warn", warn)


def _wide(choice: QComboBox, em: int) -> int:
    """Return the width of a field that is too wide to stand beside its words, else 0; names of models are long."""
    if choice.isEditable():
        return 2 * FIELD_EM * em
    metrics = choice.fontMetrics()
    longest = max((metrics.horizontalAdvance(choice.itemText(row)) for row in range(choice.count())), default=0)
    needed = longest + 3 * em
    return needed if needed > _beside(em) else 0


def _beside(em: int) -> int:
    """Return the width of a field beside its words, to which large letters leave more of the room."""
    return min(FIELD_EM * em, 6 * em + 100)


def line() -> QFrame:
    """Return the thin line between rows."""
    made = QFrame()
    made.setObjectName("line")
    made.setFixedHeight(1)
    return made
