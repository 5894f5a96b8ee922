"""The scroll bar of the transcript: its place is always reserved, and it shows nothing where nothing scrolls."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QScrollBar, QWidget


class QuietScrollBar(QScrollBar):
    """A vertical bar that is seen only while there is somewhere to scroll to."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.maximum() > self.minimum():
            super().paintEvent(event)
