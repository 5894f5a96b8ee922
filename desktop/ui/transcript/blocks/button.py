"""The transcript's own small buttons: painted, so that hundreds of recycled blocks cost no style sheet work."""

from enum import Enum, auto

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.ui import icons
from desktop.ui.transcript.style import Face, Style


class Dress(Enum):
    """How loudly a button speaks."""

    QUIET = auto()
    OUTLINED = auto()
    PRIMARY = auto()


class TextButton(QAbstractButton):
    """A label with an icon perhaps. While `faded`, it is there for keyboard and reader but paints nothing."""

    def __init__(self, text: str, *, style: Style, parent: QWidget, dress: Dress = Dress.QUIET, icon: str = "") -> None:
        super().__init__(parent)
        self._style = style
        self._dress = dress
        self._icon = icon
        self.faded = False
        self.setText(text)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it is
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_style(self, style: Style) -> None:
        """Take another theme or zoom."""
        if style is not self._style:
            self._style = style
            self.update()

    def set_icon(self, icon: str) -> None:
        """Show another icon."""
        if icon != self._icon:
            self._icon = icon
            self.update()

    def set_faded(self, faded: bool) -> None:
        """Hide the button from the eye alone."""
        if faded != self.faded:
            self.faded = faded
            self.update()

    def _face(self) -> Face:
        if self._dress is Dress.QUIET:
            return self._style.small
        return self._style.table_head if self._dress is Dress.PRIMARY else self._style.table

    def sizeHint(self) -> QSize:
        px, face = self._style.px, self._face()
        width = face.metrics.horizontalAdvance(self.text())
        width += px(18 if self.text() else 14) if self._icon else 0
        pad = px(4) if self._dress is Dress.QUIET else px(13)
        height = px(22) if self._dress is Dress.QUIET else max(px(29), face.line_height)
        return QSize(int(width) + 1 + 2 * pad, height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self.faded and not self.hasFocus():
            return
        style, face = self._style, self._face()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ink = self._paint_ground(painter, box)
        if self.hasFocus():
            painter.setPen(QPen(style.colour("ink" if self._dress is Dress.PRIMARY else "accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), style.px(6), style.px(6))
        x = style.px(4) if self._dress is Dress.QUIET else style.px(13)
        if self._icon:
            side = style.px(14)
            x = x if self.text() else (self.width() - side) // 2
            icons.paint(painter, self._icon, style.theme.hex(ink), QRect(x, (self.height() - side) // 2, side, side))
            x += style.px(18)
        painter.setFont(face.font)
        painter.setPen(style.colour(ink if self.isEnabled() else "line"))
        painter.drawText(QRectF(x, 0, self.width() - x, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()

    def _paint_ground(self, painter: QPainter, box: QRectF) -> str:
        style = self._style
        radius = style.px(8)
        painter.setPen(Qt.PenStyle.NoPen)
        match self._dress:
            case Dress.PRIMARY:
                painter.setBrush(style.colour("accent-ink:88" if self.underMouse() else "accent"))
                painter.drawRoundedRect(box, radius, radius)
                return "on_accent"
            case Dress.OUTLINED:
                painter.setPen(QPen(style.colour("line"), 1))
                painter.setBrush(style.colour("selected-card:60" if self.underMouse() else "card"))
                painter.drawRoundedRect(box, radius, radius)
                return "ink"
            case Dress.QUIET:
                return "ink" if self.underMouse() and self.isEnabled() else "muted"
