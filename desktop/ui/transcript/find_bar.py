"""The bar above the transcript that says what is looked for in the session, and how often it is there."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from desktop.i18n import _, ngettext
from desktop.presenters.figures import count_text
from desktop.presenters.find import FindState
from desktop.ui.icons import icon
from desktop.ui.parts import remark
from desktop.ui.theme import Theme

_FIELD_PX = 300
_ICON = QSize(16, 16)


def state_text(state: FindState) -> str:
    """Return how far a search is, in a few words."""
    if not state.active:
        return ""
    if not state.complete:
        return _("{count}+ …").format(count=count_text(state.total)) if state.total else _("Searching…")
    if not state.total:
        return _("No matches")
    if not state.number:
        return ngettext("{count} match", "{count} matches", state.total).format(count=count_text(state.total))
    return _("{number} of {total}").format(number=count_text(state.number), total=count_text(state.total))


class FindBar(QWidget):
    """`FindBar(theme=…)`: a field, a count, and buttons; Escape closes it from wherever in it the keyboard is."""

    looked_for = Signal(str, bool)
    """A text, and whether case counts."""
    stepped = Signal(int)
    """The next match is wanted (1) or the one before (-1)."""
    closed = Signal()

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findBar")
        self.setAccessibleName(_("Find in session"))
        self._theme = theme
        self._said = ""
        self.field = QLineEdit()
        self.field.setObjectName("findInput")
        self.field.setAccessibleName(_("Find in session"))
        self.field.setPlaceholderText(_("Find in session"))
        self.field.setMaxLength(500)
        self.count = QLabel()
        self.count.setObjectName("findCount")
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.count.setProperty("muted", True)
        self.previous = self._button("findPreviousButton", _("Previous match"), "chevron-up")
        self.next = self._button("findNextButton", _("Next match"), "chevron-down")
        self.case = self._button("findMatchCase", _("Match case and accents"), "")
        self.case.setText("Aa")
        self.case.setCheckable(True)
        self.close_button = self._button("findClose", _("Close"), "cross")
        self._lay_out()
        self.field.textChanged.connect(self._look)
        self.case.toggled.connect(self._look)
        self.previous.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        self.close_button.clicked.connect(self.closed)
        self.set_theme(theme)
        self.show_state(FindState())

    def _button(self, name: str, text: str, picture: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setToolTip(text)
        button.setProperty("quiet", True)
        button.setProperty("picture", picture)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 6, 20, 6)
        row.setSpacing(4)
        row.addWidget(self.field, 10)
        row.addSpacing(4)
        row.addWidget(self.count)
        row.addSpacing(4)
        for button in (self.previous, self.next, self.case):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.close_button)
        self._fit()

    def _fit(self) -> None:
        """Give the field room for a few words, and the pictures the size of the letters."""
        scale = max(1.0, self.fontMetrics().height() / 17)
        self.field.setMaximumWidth(round(_FIELD_PX * scale))
        self.count.setMinimumWidth(self.fontMetrics().horizontalAdvance("1,000 / 10,000"))
        for button in (self.previous, self.next, self.case, self.close_button):
            button.setIconSize(_ICON * scale)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "close_button"):
            self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        for button in (self.previous, self.next, self.close_button):
            button.setIcon(icon(str(button.property("picture")), theme.muted))
        self.update()

    def begin(self, text: str = "") -> None:
        """Take the keyboard, for a text if there is one, else for the one that was looked for before."""
        if text and text != self.field.text():
            self.field.setText(text)
        else:
            self._look()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(object)
    def show_state(self, state: FindState) -> None:
        """Show how far the search is."""
        text = state_text(state)
        self.count.setText(text)
        remark(self.count, "warn", state.active and state.complete and not state.total)
        for button in (self.previous, self.next):
            button.setEnabled(state.total > 0)
        if state.complete and text and text != self._said:
            event = QAccessibleAnnouncementEvent(self.field, text)
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
            QAccessible.updateAccessibility(event)
        self._said = text

    @Slot()
    def _look(self) -> None:
        self.looked_for.emit(self.field.text(), self.case.isChecked())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape:
                self.closed.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.field.hasFocus():
                self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("bg"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.colour("line"))
        painter.end()
