"""A thematic break: one hairline."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from desktop.i18n import _
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.parts import Part


class RuleBlock(BlockWidget):
    """A line from edge to edge."""

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:  # noqa: ARG002
        self.setAccessibleName(_("Line"))
        return self.style_.px(9)

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:  # noqa: ARG002
        painter.fillRect(QRectF(rect.left(), round(rect.center().y()), rect.width(), 1), self.style_.colour("line"))
