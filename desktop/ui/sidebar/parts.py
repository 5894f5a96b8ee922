"""Small controls of the sidebar: those that show their shortcut at the right, and those that say where one is."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QSizePolicy, QToolButton, QWidget

from desktop.domain.one_line import one_line
from desktop.i18n import _
from desktop.ui import icons
from desktop.ui.theme import Theme, scaled_font

_HEIGHT = 36
_RADIUS = 8


def shortcut_text(action: QAction) -> str:
    """Return the action's first shortcut as the platform writes it, without the plus signs: "Ctrl N"."""
    return (
        action.shortcut()
        .toString(QKeySequence.SequenceFormat.NativeText)
        .replace("Shift", "⇧")
        .replace("Mayús", "⇧")
        .replace("+", " ")
    )


class NewSessionButton(QPushButton):
    """The one primary action of the sidebar."""

    def __init__(self, *, theme: Theme, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(_("New session"), parent)
        self._theme = theme
        self._action = action
        self._hint = shortcut_text(action)
        action.changed.connect(self._on_action_changed)
        self.setObjectName("newSession")
        self.setAccessibleName(_("New session"))
        self.setProperty("primary", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(action.trigger)

    @Slot()
    def _on_action_changed(self) -> None:
        self._hint = shortcut_text(self._action)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, max(_HEIGHT, self.fontMetrics().height() + 18))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        # By hand: asking the style costs five milliseconds of the start, for its list of what can be asked.
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade = "accent-ink:80" if self.isDown() else "accent-ink:90" if self.underMouse() else "accent"
        painter.setBrush(theme.colour(shade))
        painter.setPen(QPen(theme.colour("ink"), 2) if self.hasFocus() else QPen(Qt.PenStyle.NoPen))
        inset = 1.0 if self.hasFocus() else 0.0
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), _RADIUS, _RADIUS)
        colour = self._theme.on_accent
        size = 15
        icons.paint(painter, "plus", colour, QRect(10, (self.height() - size) // 2, size, size))
        painter.setPen(self._theme.colour("on_accent"))
        painter.drawText(self.rect().adjusted(28, 0, -10, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        hint_font = scaled_font(self.font(), 0.9)
        hint_font.setBold(False)
        painter.setFont(hint_font)
        painter.setPen(self._theme.colour("on_accent-accent:80"))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        used = 28 + QFontMetrics(self.font()).horizontalAdvance(self.text()) + 12
        if self.width() - used > QFontMetrics(hint_font).horizontalAdvance(self._hint) + 12:
            painter.drawText(self.rect().adjusted(0, 0, -12, 0), right, self._hint)


class SearchField(QLineEdit):
    """Filters by titles and tags while it is written; Escape empties it, Down goes on to the list.

    With Ctrl, Enter asks for all messages that hold what is written.
    """

    left = Signal()
    """Escape in an empty field: the keyboard is wanted elsewhere."""
    down_pressed = Signal()
    everywhere_wanted = Signal()

    def __init__(self, *, theme: Theme, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._action = action
        self._hint = shortcut_text(action)
        action.changed.connect(self._on_action_changed)
        self.setObjectName("sidebarSearch")
        self.setAccessibleName(_("Filter sessions by title and tag"))
        self.setPlaceholderText(_("Search everything"))
        self.setFixedHeight(max(_HEIGHT, self.fontMetrics().height() + 18))
        self.setTextMargins(22, 0, 0, 0)

    @Slot()
    def _on_action_changed(self) -> None:
        self._hint = shortcut_text(self._action)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.everywhere_wanted.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.down_pressed.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setFixedHeight(max(_HEIGHT, self.fontMetrics().height() + 18))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        size = 15
        icons.paint(painter, "search", self._theme.muted, QRect(10, (self.height() - size) // 2, size, size))
        font = scaled_font(self.font(), 0.8)
        taken = QFontMetrics(font).horizontalAdvance(self._hint)
        used = 34 + self.fontMetrics().horizontalAdvance(self.placeholderText())
        if not self.text() and self.width() > used + taken + 24:
            painter.setFont(font)
            painter.setPen(self._theme.colour("muted"))
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(self.rect().adjusted(0, 0, -11, 0), right, self._hint)


class QuietLine(QToolButton):
    """One line of words with an icon that can be pressed; it is cut at its end where there is no room."""

    def __init__(self, *, name: str, symbol: str, theme: Theme) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("quiet", True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(QSize(15, 15))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._symbol = symbol
        self._whole = ""
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self.setIcon(icons.icon(self._symbol, theme.muted))

    def show_words(self, words: str) -> None:
        """Say something else."""
        self._whole = one_line(words)
        self.setAccessibleName(words)
        self._elide()

    def _elide(self) -> None:
        room = self.width() - self.iconSize().width() - 22
        # An ampersand would be taken for the mark of a key.
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room).replace("&", "&&"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()
