"""The meter in the composer: a bar and two numbers, how much of the context is used; a press offers more or less."""

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from desktop.i18n import _
from desktop.presenters.meter import limit_text
from desktop.ui.theme import Theme, scaled_font

BAR_WIDTH = 64
BAR_HEIGHT = 5
_GAP = 10
_PAD = 4


class ContextMeter(QAbstractButton):
    """Shows nothing until there is something to show. `allowed` tells how many tokens the person lets it send."""

    allowed = Signal(int)
    inspect_requested = Signal()
    """Show what exactly would be sent."""

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("contextMeter")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._theme = theme
        self._share: float | None = None
        self._warns = False
        self._choices: tuple[int, ...] = ()
        self._chosen = 0
        self.setFont(scaled_font(self.font(), 0.93))
        self.clicked.connect(self.offer)
        self.hide()

    @property
    def warns(self) -> bool:
        """Whether the bar is painted as a warning."""
        return self._warns

    def show_reading(self, text: str, share: float | None = None, *, warns: bool = False, tooltip: str = "") -> None:
        """Show a text, a bar where `share` (0 to 1) is known, and explain them."""
        self._share, self._warns = share, warns
        self.setText(text)
        self.setToolTip(tooltip.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>"))
        self.setAccessibleName(_("Context used: {tokens} tokens").format(tokens=text))
        self.setAccessibleDescription(tooltip)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    @Slot(object, int)
    def set_choices(self, choices: tuple[int, ...], chosen: int) -> None:
        """Offer these numbers of tokens when pressed."""
        self._choices, self._chosen = choices, chosen

    @Slot()
    def offer(self) -> None:
        """Open the menu of what may be allowed, above the meter."""
        if self._choices:
            menu = self.menu()
            menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def menu(self) -> QMenu:
        """Return a menu of what may be allowed; it ends when it is closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = QAction(_("Send at most, in tokens"), menu)
        title.setEnabled(False)
        menu.addAction(title)
        group = QActionGroup(menu)
        for tokens in self._choices:
            action = QAction(limit_text(tokens), group)
            action.setCheckable(True)
            action.setChecked(tokens == self._chosen)
            action.triggered.connect(lambda _checked=False, tokens=tokens: self.allowed.emit(tokens))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(_("What will be sent…")).triggered.connect(lambda _checked=False: self.inspect_requested.emit())
        return menu

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        bar = BAR_WIDTH + _GAP if self._share is not None else 0
        return QSize(bar + metrics.horizontalAdvance(self.text()) + 2 * _PAD, metrics.height() + 2 * _PAD)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = float(_PAD)
        if self._share is not None:
            top = (self.height() - BAR_HEIGHT) / 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("line"))
            painter.drawRoundedRect(QRectF(x, top, BAR_WIDTH, BAR_HEIGHT), BAR_HEIGHT / 2, BAR_HEIGHT / 2)
            if self._share > 0:
                painter.setBrush(self._theme.colour("warn" if self._warns else "accent"))
                width = max(float(BAR_HEIGHT), BAR_WIDTH * self._share)
                painter.drawRoundedRect(QRectF(x, top, width, BAR_HEIGHT), BAR_HEIGHT / 2, BAR_HEIGHT / 2)
            x += BAR_WIDTH + _GAP
        painter.setPen(self._theme.colour("warn" if self._warns else "muted"))
        room = QRectF(x, 0, self.width() - x, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.hasFocus():
            painter.setPen(self._theme.colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
