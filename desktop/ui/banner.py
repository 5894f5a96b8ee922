"""One polite line above the composer: what happened, and perhaps what can be done about it."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from desktop.i18n import _
from desktop.ui import icons
from desktop.ui.theme import Theme

SHOWN_MS = 10_000
_RADIUS = 8


class Banner(QWidget):
    """Says one thing at a time, the newest. It never takes the keyboard, and is read out politely."""

    undo_offered = Signal(bool)
    """Whether what is being said offers to take back what was just done."""

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._theme = theme
        self._icon = "info"
        self._colour = "muted"
        self._do: Callable[[], None] | None = None
        self._offers_undo = False
        self.label = QLabel()
        self.label.setObjectName("bannerText")
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.action = QPushButton()
        self.action.setObjectName("bannerAction")
        self.action.setProperty("link", True)
        self.action.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.dismiss = QToolButton()
        self.dismiss.setObjectName("bannerClose")
        self.dismiss.setAccessibleName(_("Close this message"))
        self.dismiss.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.dismiss.setIconSize(QSize(14, 14))
        row = QHBoxLayout(self)
        row.setContentsMargins(36, 5, 6, 5)
        row.setSpacing(8)
        row.addWidget(self.label, 1)
        row.addWidget(self.action)
        row.addWidget(self.dismiss)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self.clear)
        self.action.clicked.connect(self._act)
        self.dismiss.clicked.connect(self.clear)
        self.set_theme(theme)
        self.hide()

    @Slot(str)
    def say(
        self, text: str, *, action: str = "", do: Callable[[], None] | None = None, shown_ms: int = SHOWN_MS
    ) -> None:
        """Show a fact for a while; `do` runs when `action` is pressed."""
        self._show("info", "muted", text, action, do)
        self._offer_undo(False)
        self.timer.start(shown_ms)

    def say_undoable(self, text: str, *, undo: Callable[[], None]) -> None:
        """Show what was just done, with the offer to take it back: by the button, or by the key of Undo."""
        self.say(text, action=_("Undo"), do=undo)
        self._offer_undo(True)

    def undo(self) -> bool:
        """Take back what the line offers to take back, as its button does; False where it offers nothing."""
        offers = self._offers_undo
        if offers:
            self._act()
        return offers

    @Slot(str)
    def warn(self, text: str, *, action: str = "", do: Callable[[], None] | None = None) -> None:
        """Show what went wrong, until it is closed or something newer is said."""
        self.timer.stop()
        self._show("warning", "warn", text, action, do)
        self._offer_undo(False)

    @Slot()
    def clear(self) -> None:
        """Say nothing."""
        self.timer.stop()
        self._do = None
        self.hide()
        self._offer_undo(False)

    def text(self) -> str:
        """Return what is being said, or ""."""
        return "" if self.isHidden() else self.label.text()

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self.dismiss.setIcon(icons.icon("cross", theme.muted))
        self.update()

    def _show(self, icon: str, colour: str, text: str, action: str, do: Callable[[], None] | None) -> None:
        self._icon, self._colour, self._do = icon, colour, do
        self.label.setText(text)
        self.action.setText(action)
        self.action.setVisible(bool(action) and do is not None)
        self.show()
        self.update()
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # not before there is something to say

        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _offer_undo(self, offers: bool) -> None:
        if offers != self._offers_undo:
            self._offers_undo = offers
            self.undo_offered.emit(offers)

    @Slot()
    def _act(self) -> None:
        do = self._do
        self.clear()
        if do is not None:
            do()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour(f"{self._colour}-line:40"), 1))
        painter.setBrush(self._theme.colour("card"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        rect = self.rect().adjusted(11, 0, 0, 0)
        rect.setWidth(16)
        icons.paint(painter, self._icon, self._theme.hex(self._colour), rect)
