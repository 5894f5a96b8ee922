"""Source that is shown as it was written, with a line above that says why."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from desktop.domain.markdown_blocks import PlainReason, PlainText
from desktop.i18n import _
from desktop.ui.transcript.blocks.text import TextBlock
from desktop.ui.transcript.parts import Part

_NOTE_PX = 20


def note_of(reason: PlainReason) -> str:
    """Return the sentence about why something is shown as plain text."""
    match reason:
        case PlainReason.TOO_DEEP:
            return _("Shown as plain text: nested too deeply")
        case PlainReason.TOO_WIDE:
            return _("Shown as plain text: too many columns")


class PlainBlock(TextBlock):
    """Plain text; the first of several pieces bears the note."""

    def _insets(self, part: Part) -> tuple[int, int, int, int]:
        left, top, right, bottom = super()._insets(part)
        return left, top + (self.style_.px(_NOTE_PX) if part.noted else 0), right, bottom

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:
        if self.part is not None and self.part.noted and isinstance(self.part.block, PlainText):
            style = self.style_
            painter.setFont(style.small.font)
            painter.setPen(style.colour("warn"))
            height = style.px(_NOTE_PX)
            box = QRectF(rect.left(), rect.top() - height, rect.width(), height)
            note = style.small.metrics.elidedText(
                note_of(self.part.block.reason), Qt.TextElideMode.ElideRight, rect.width()
            )
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, note)
        super().paint_content(painter, rect, clip)
