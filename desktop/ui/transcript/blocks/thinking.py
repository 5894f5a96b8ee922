"""The fold over a model's thinking: how long it took, how many tokens, and a click to read it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from desktop.i18n import _, ngettext
from desktop.presenters.figures import count_text
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.cards import Action
from desktop.ui.transcript.parts import Part
from desktop.ui.transcript.style import Style


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


class ThoughtHead(BlockWidget):
    """The card's head; it opens and closes the thinking below it."""

    def __init__(self, *, style: Style, parent: QWidget) -> None:
        super().__init__(style=style, parent=parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

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
        if self.hasFocus():
            painter.setPen(QPen(style.colour("accent"), 1.5))
            painter.drawRoundedRect(rect.adjusted(-6, -4, 6, 4), 6, 6)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the click, so that its end comes here too."""
        event.setAccepted(event.button() == Qt.MouseButton.LeftButton)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.acted.emit(Action.FOLD, self.item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.acted.emit(Action.FOLD, self.item)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)
