"""A block that can be wider than its column: it has a scroll bar of its own, for the wheel and the arrow keys too."""

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.style import Style

BAR_PX = 12


class SidewaysBlock(BlockWidget):
    """`lay_out` says with `set_beyond` how much does not fit, and puts `bar` where it belongs; `shift` is its place."""

    def __init__(self, *, style: Style, parent: QWidget, says: str) -> None:
        super().__init__(style=style, parent=parent)
        self.bar = QScrollBar(Qt.Orientation.Horizontal, self)
        self.bar.setAccessibleName(says)
        self.bar.valueChanged.connect(self._on_scrolled)

    @property
    def shift(self) -> int:
        """How far the content is scrolled."""
        return self.bar.value() if self.bar.isVisibleTo(self) else 0

    def forget(self) -> None:
        super().forget()
        self.bar.setValue(0)

    def set_beyond(self, beyond: int, *, page: int) -> int:
        """Show the bar where the content is wider than a page by more than nothing; return how high the bar is."""
        self.bar.setVisible(beyond > 0)
        if beyond <= 0:
            return 0
        self.bar.setRange(0, beyond)
        self.bar.setPageStep(page)
        self.bar.setSingleStep(self.style_.px(24))
        return self.style_.px(BAR_PX)

    def reveal_sideways(self, area: QRectF, start: int, end: int) -> None:
        """Scroll so that what stands between two offsets is within an area, its beginning above all."""
        if not self.bar.isVisibleTo(self):
            return
        first, last = self.rect_of(start), self.rect_of(end)
        margin = min(area.width() / 4, 24.0)
        if last.right() > area.right():
            by = min(last.right() - area.right(), first.left() - area.left()) + margin
            self.bar.setValue(round(self.bar.value() + by))
        elif first.left() < area.left():
            self.bar.setValue(round(self.bar.value() + first.left() - area.left() - margin))

    @Slot()
    def _on_scrolled(self) -> None:
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        sideways = delta.x() or (delta.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0)
        if sideways and self.bar.isVisibleTo(self):
            self.bar.setValue(self.bar.value() - sideways)
            event.accept()
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self.bar.isVisibleTo(self):
            step = self.bar.singleStep()
            self.bar.setValue(self.bar.value() + (step if event.key() == Qt.Key.Key_Right else -step))
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)
