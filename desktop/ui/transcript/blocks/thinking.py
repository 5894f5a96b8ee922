"""The fold over a model's thinking: how long it took, how many tokens, and a click to read it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from desktop.i18n import _, ngettext
from desktop.presenters.figures import count_text
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.pressing import PressedBlock
from desktop.ui.transcript.cards import Action
from desktop.ui.transcript.parts import Part


def title_of(item: TranscriptItem) -> str:
    """Return what the fold says on its left."""
    if item.is_live and not item.has_text:
        return _("Thinking…")
    spent = item.message.metadata.get("thinking_ms")
    if isinstance(spent, int) and spent >= 1000:
        return _("Thought for {seconds} s").format(seconds=round(spent / 1000))
    return _("Thought for a moment") if isinstance(spent, int) else _("Thoughts")


def tokens_of(item: TranscriptItem) -> str:
    """Return what the fold says on its right."""
    usage = item.message.usage
    if usage is None or not usage.reasoning_tokens:
        return ""
    count = usage.reasoning_tokens
    text = ngettext("{count} token", "{count} tokens", count).format(count=count_text(count))
    return f"≈ {text}" if usage.estimated else text


class ThoughtHead(PressedBlock):
    """The card's head; it opens and closes the thinking below it."""

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:  # noqa: ARG002
        state = _("folded") if part.last else _("unfolded")
        self.setAccessibleName(", ".join(filter(None, (title_of(item), tokens_of(item), state))))
        return self.style_.small.line_height

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:  # noqa: ARG002
        if self.part is None or self.item is None:
            return
        style = self.style_
        arrow = "▸" if self.part.last else "▾"
        painter.setFont(style.small.font)
        painter.setPen(style.colour("muted"))
        painter.drawText(
            rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, f"{arrow} {title_of(self.item)}"
        )
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, tokens_of(self.item))
        self.paint_ring(painter)

    def press(self) -> None:
        self.acted.emit(Action.FOLD, self.item)
