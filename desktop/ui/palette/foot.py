"""The foot of the palette: what the keys do, what the list of hits can be told, and the filters to begin one with."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QStackedWidget, QToolButton, QWidget

from desktop.domain.searching import SearchOrder
from desktop.i18n import _
from desktop.presenters.palette_state import Mode, PaletteState
from desktop.ui.parts import label
from desktop.ui.theme import scaled_font

FILTERS = ("role:", "model:", "before:", "after:", "in:", "has:", "is:", "tag:")
"""What a filter begins with; `profile:` is told in the manual."""
FIRST = 6
"""So many of them come before the hints."""


class _Hints(QWidget):
    """What is said and can be clicked; the hints go first where there is not room for everything."""

    filter_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._state = PaletteState()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        font = scaled_font(self.font(), 0.9)
        self.steps = self._hint(_("↑↓ move"))
        self.enter = self._hint(_("↵ open at the message"))
        self.order = self._button("paletteOrder", _("Newest first"), "Ctrl+R")
        self.group = self._button("paletteGroup", _("By session"), "Ctrl+G")
        self.save = self._button("paletteSave", _("Save"), "Ctrl+S")
        self.order.setCheckable(True)
        self.group.setCheckable(True)
        self.filters = [self._filter(name) for name in FILTERS]
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 4, 16, 4)
        row.setSpacing(2)
        widgets: tuple[QWidget, ...] = (self.steps, self.enter, self.order, self.group, self.save)
        for each in widgets:
            each.setFont(font)
            row.addWidget(each)
        row.addStretch(1)
        for name in self.filters:
            name.setFont(font)
            row.addWidget(name)

    def _hint(self, text: str) -> QLabel:
        made = label(text, mark="muted", wrap=False)
        made.setContentsMargins(0, 0, 14, 2)
        return made

    def _button(self, name: str, text: str, keys: str) -> QToolButton:
        made = QToolButton()
        made.setObjectName(name)
        made.setText(text)
        made.setToolTip(f"{text} ({keys})")
        made.setProperty("quiet", True)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard stays in the field; each has its keys
        return made

    def _filter(self, name: str) -> QToolButton:
        made = QToolButton()
        made.setObjectName("paletteFilter")
        made.setText(name)
        made.setAccessibleName(_("Filter by {name}").format(name=name))
        made.setProperty("quiet", True)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.clicked.connect(lambda: self.filter_wanted.emit(name))
        return made

    def show_state(self, state: PaletteState) -> None:
        """Show what the hits can be told, and which of it they were; what is said beside the rows changes nothing."""
        before, self._state = self._state, state
        if self._told(before) == self._told(state):
            return
        is_relevance = state.order is SearchOrder.RELEVANCE
        self.order.setText(_("Best first") if is_relevance else _("Newest first"))
        self.order.setChecked(is_relevance)
        self.group.setChecked(state.is_grouped)
        self.fit()

    def _told(self, state: PaletteState) -> tuple[object, ...]:
        return state.mode, state.can_save, state.order, state.is_grouped

    @property
    def can_save(self) -> bool:
        """Whether there is a search that could be kept."""
        return self._state.can_save

    def fit(self) -> None:
        """Show what there is room for: what can be done comes before what is said."""
        state = self._state
        is_search = state.mode is Mode.MESSAGES or state.can_save
        deeds: list[QWidget] = [self.order, self.group, self.save] if state.can_save else []
        filters = self.filters if is_search else []
        parts = [*deeds, *filters[:FIRST], self.enter, self.steps, *filters[FIRST:]]
        room = self.width() - 40
        shown: set[QWidget] = set()
        for part in parts:
            if part is self.enter:
                self.enter.setText(_("↵ open at the message") if is_search else _("↵ open"))
                if is_search and self.enter.sizeHint().width() > room:
                    self.enter.setText(_("↵ open"))
            room -= part.sizeHint().width() + 2
            if room < 0:
                break
            shown.add(part)
        widgets: tuple[QWidget, ...] = (self.steps, self.enter, self.order, self.group, self.save, *self.filters)
        for part in widgets:
            part.setVisible(part in shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


class Foot(QStackedWidget):
    """Hints, or the field for the name of a search that is to be kept."""

    filter_wanted = Signal(str)
    order_wanted = Signal()
    grouping_wanted = Signal()
    named = Signal(str)
    """A name for the search."""
    name_left = Signal()
    """The keyboard is to go back to where one searches."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paletteFoot")
        self.hints = _Hints()
        self.name = QLineEdit()
        self.name.setObjectName("paletteName")
        self.name.setProperty("bare", True)
        self.name.setMaxLength(100)
        self.name.setAccessibleName(_("Name of the search"))
        self.name.setPlaceholderText(_("A name for this search; Enter keeps it in the sidebar"))
        self.name.installEventFilter(self)
        naming = QWidget()
        row = QHBoxLayout(naming)
        row.setContentsMargins(18, 4, 16, 4)
        row.setSpacing(10)
        row.addWidget(label(_("Name"), mark="muted", wrap=False))
        row.addWidget(self.name, 1)
        self.addWidget(self.hints)
        self.addWidget(naming)
        self.hints.filter_wanted.connect(self.filter_wanted)
        self.hints.order.clicked.connect(self.order_wanted)
        self.hints.group.clicked.connect(self.grouping_wanted)
        self.hints.save.clicked.connect(self.ask_name)

    @property
    def is_naming(self) -> bool:
        """Whether a name is asked for."""
        return self.currentIndex() == 1

    @Slot()
    def ask_name(self) -> None:
        """Ask for a name in place of the hints."""
        if self.hints.can_save:
            self.name.clear()
            self.setCurrentIndex(1)
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_name(self) -> None:
        """Show the hints again."""
        if self.is_naming:
            self.setCurrentIndex(0)
            self.name_left.emit()

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]  # only widgets
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self.name.text().strip():
                    self.named.emit(self.name.text())
                    self.leave_name()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.leave_name()
                return True
        return super().eventFilter(watched, event)
