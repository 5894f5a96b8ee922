"""A block that is one button: a click on it, Enter or Space does what it is for."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.style import Style


class PressedBlock(BlockWidget):
    """`press` is what it does; `press_rect` is where a click counts: all of it, unless it says less."""

    def __init__(self, *, style: Style, parent: QWidget) -> None:
        super().__init__(style=style, parent=parent)
        self._is_held = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def press(self) -> None:
        """Do what the block is for."""
        raise NotImplementedError

    def press_rect(self) -> QRectF:
        """Return where a click counts."""
        return QRectF(self.rect())

    def head_rect(self) -> QRectF:
        """Return the line at the top of the content, which says what is folded below it."""
        rect = self.content_rect()
        return QRectF(rect.left(), rect.top(), rect.width(), self.style_.small.line_height)

    def over_fold(self) -> QRectF:
        """Return where a click is meant for the head of a fold: everywhere but on what is unfolded below it."""
        rect = QRectF(self.rect())
        rect.setBottom(min(rect.bottom(), self.head_rect().bottom() + self.style_.px(8)))
        return rect

    def paint_ring(self, painter: QPainter) -> None:
        """Paint the ring around the head of the block that has the keyboard."""
        if self.hasFocus():
            painter.setPen(QPen(self.style_.colour("accent"), 1.5))
            painter.drawRoundedRect(self.head_rect().adjusted(-6, -4, 6, 4), 6, 6)

    def _is_over(self, event: QMouseEvent) -> bool:
        return event.button() == Qt.MouseButton.LeftButton and self.press_rect().contains(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the click, so that its end comes here too; beside it the area around selects."""
        self._is_held = self._is_over(event)
        event.setAccepted(self._is_held)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._is_held:
            event.ignore()
        elif self._is_over(event):
            self.press()
        self._is_held = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.press()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)
