"""What a profile is like: its name, its colour, and what the model is told of whose session it is."""

from dataclasses import asdict
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.organising import COLOURS, GUEST, Profile
from desktop.i18n import _
from desktop.ui.marks import NAMES, dot
from desktop.ui.parts import Choice, label
from desktop.ui.settings.fields import TextLines
from desktop.ui.theme import Theme, scaled_font

LANGUAGES = (
    ("en", "English"),
    ("es", "Español"),
    *((name, name) for name in ("Català", "Deutsch", "Euskara", "Français", "Galego", "Italiano", "Português")),
)
"""Some languages by their own names; any other can be written. The first two are codes of the window's too."""
MOST = 1_000_000


class ProfileForm(QWidget):
    """`ProfileForm(theme=…)`: `show_profile` fills it, `edited` tells the fields that differ, when one is left."""

    edited = Signal(int, object)
    """A profile, and a dictionary of the fields that are others now."""

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: Profile | None = None
        self.name = QLineEdit()
        self.name.setMaxLength(60)
        self.colours = QButtonGroup(self)
        self._swatches = self._make_swatches()
        self.language = Choice()
        self.language.addItem(_("As the question is written"), "")
        for code, words in LANGUAGES:
            self.language.addItem(words, code)
        written = QLineEdit()
        written.setProperty("bare", True)
        self.language.setLineEdit(written)
        self.language.setInsertPolicy(Choice.InsertPolicy.NoInsert)
        self.location = QLineEdit()
        self.location.setPlaceholderText(_("A town, a country"))
        self.preferences = TextLines(lines=4)
        self.preferences.setPlaceholderText(_("Short answers. Metric units. I am a nurse."))
        self.has_budget = QCheckBox(_("A budget of its own"))
        self.budget = QDoubleSpinBox()
        self.budget.setMaximum(MOST)
        self.budget.setPrefix("$ ")
        self.budget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.budget.lineEdit().setTextMargins(6, 0, 6, 0)
        self.language.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        for field in (self.name, self.location, self.budget):
            field.editingFinished.connect(self.commit)
        self.preferences.left.connect(self.commit)
        self.colours.idClicked.connect(self.commit)
        self.language.activated.connect(self.commit)
        written.editingFinished.connect(self.commit)
        self.has_budget.toggled.connect(self.budget.setVisible)
        self.has_budget.clicked.connect(self.commit)

    def _make_swatches(self) -> list[QToolButton]:
        made = []
        for number, name in enumerate(COLOURS):
            swatch = QToolButton()
            swatch.setObjectName(f"colour-{name or 'none'}")
            swatch.setCheckable(True)
            swatch.setProperty("quiet", True)
            swatch.setAccessibleName(_(NAMES[name]))
            swatch.setToolTip(_(NAMES[name]))
            swatch.setIconSize(QSize(16, 16))
            swatch.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.colours.addButton(swatch, number)
            made.append(swatch)
        return made

    def _lay_out(self) -> None:
        swatches = QHBoxLayout()
        swatches.setSpacing(4)
        for swatch in self._swatches:
            swatches.addWidget(swatch)
        swatches.addStretch(1)
        money = QHBoxLayout()
        money.setSpacing(8)
        money.addWidget(self.has_budget)
        money.addWidget(self.budget)
        money.addStretch(1)
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        rows: tuple[tuple[str, QWidget | QHBoxLayout, str], ...] = (
            (_("Name"), self.name, _("It stands above your messages.")),
            (_("Colour"), swatches, ""),
            (_("Answers in"), self.language, _("The model is asked for it. The window's language is in the settings.")),
            (_("Location"), self.location, ""),
            (_("Preferences"), self.preferences, _("New sessions tell the model all this, with the date.")),
            (
                _("For a month"),
                money,
                _("Without one the budget in the settings counts. One of $ 0.00 means: no limit for this profile."),
            ),
        )
        for words, field, told in rows:
            title = label(words, wrap=False)
            if isinstance(field, QWidget):
                field.setAccessibleName(words)
                field.setAccessibleDescription(told)
                title.setBuddy(field)
            form.addRow(title, _with_help(field, told) if told else field)

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        for swatch, name in zip(self._swatches, COLOURS, strict=True):
            swatch.setIcon(dot(theme, name, size=16))

    def show_profile(self, profile: Profile) -> None:
        """Show a profile; what is being changed of it stays as it is written."""
        new = self._shown is None or self._shown.id != profile.id
        kept = {} if new or self._shown is None else _differences(self._shown, self._values())
        self._shown = profile
        self.name.setEnabled(profile.id != GUEST)
        found = {**asdict(profile), **kept}
        if self.name.text() != found["name"]:
            self.name.setText(found["name"])
        self._swatches[COLOURS.index(found["colour"]) if found["colour"] in COLOURS else 0].setChecked(True)
        known = self.language.findData(found["language"])
        self.language.setCurrentIndex(known)
        if known < 0:
            self.language.setEditText(found["language"])
        if self.location.text() != found["location"]:
            self.location.setText(found["location"])
        if self.preferences.toPlainText() != found["preferences"]:
            self.preferences.setPlainText(found["preferences"])
        self.has_budget.setChecked(found["budget"] is not None)
        self.budget.setVisible(found["budget"] is not None)
        self.budget.setValue(found["budget"] or 0.0)

    def commit(self) -> None:
        """Tell what is other than it was."""
        if self._shown is not None and (changes := _differences(self._shown, self._values())):
            self.edited.emit(self._shown.id, changes)

    def _language(self) -> str:
        """Return the language that is chosen, or what is written instead."""
        written = self.language.currentText().strip()
        known = self.language.findText(written, Qt.MatchFlag.MatchFixedString)
        return str(self.language.itemData(known)) if known >= 0 else written

    def _values(self) -> dict[str, Any]:
        return {
            "name": self.name.text(),
            "colour": COLOURS[max(0, self.colours.checkedId())],
            "language": self._language(),
            "location": self.location.text(),
            "preferences": self.preferences.toPlainText(),
            "budget": self.budget.value() if self.has_budget.isChecked() else None,
        }


def _differences(profile: Profile, values: dict[str, Any]) -> dict[str, Any]:
    was = asdict(profile)
    return {name: value for name, value in values.items() if value != was[name]}


def _with_help(field: QWidget | QHBoxLayout, told: str) -> QVBoxLayout:
    """Return a field with a line below it that says what it is for."""
    column = QVBoxLayout()
    column.setSpacing(3)
    if isinstance(field, QWidget):
        column.addWidget(field)
    else:
        column.addLayout(field)
    words: QLabel = label(told, mark="muted")
    words.setFont(scaled_font(words.font(), 0.9))
    column.addWidget(words)
    return column
