"""The quiet line between the messages of two days."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.parts import Part


class DayBlock(BlockWidget):
    """The day in the middle, a hairline on either side."""

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:  # noqa: ARG002
        self.setAccessibleName(part.text)
        return self.style_.small.line_height + self.style_.px(6)

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:  # noqa: ARG002
        if self.part is None:
            return
        style = self.style_
        room = max(0.0, rect.width() - style.px(48))
        text = style.small.metrics.elidedText(self.part.text, Qt.TextElideMode.ElideRight, room)
        half = style.small.metrics.horizontalAdvance(text) / 2 + style.px(12)
        middle, y = rect.center().x(), round(rect.center().y())
        for left, right in ((rect.left(), middle - half), (middle + half, rect.right())):
            painter.fillRect(QRectF(left, y, right - left, 1), style.colour("line"))
        painter.setFont(style.small.font)
        painter.setPen(style.colour("muted"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
