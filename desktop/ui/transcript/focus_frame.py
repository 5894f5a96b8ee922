"""The frame around the message or block that the keyboard is on: seen, and never in the pointer's way."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.ui.transcript.style import Style

_WIDTH_PX = 2


class FocusFrame(QWidget):
    """`FocusFrame(parent=…)`: `put` places and shows it."""

    def __init__(self, *, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("focusFrame")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._style: Style | None = None
        self.hide()

    def put(self, x: int, y: int, width: int, height: int, style: Style) -> None:
        """Stand around a rectangle of the parent; what lies outside the viewport keeps the frame open there."""
        self._style = style
        reach = style.px(8)
        parent = self.parentWidget()
        top = max(y - 2, -reach)
        bottom = min(y + height + 4, (parent.height() if parent is not None else y + height) + reach)
        self.setGeometry(x, top, width, max(0, bottom - top))
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self._style is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._style.colour("accent"), _WIDTH_PX))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)
        painter.end()
