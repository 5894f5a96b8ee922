"""What a model asked a tool for, and what came back: a folded card with its name, unfolded with the text.

Everything in it is foreign text: it is painted as it is, never read as Markdown or JSON that could mean anything.
"""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from desktop.domain.messages import Role
from desktop.i18n import _, ngettext
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.flow import TextFlow
from desktop.ui.transcript.blocks.menu import Entry
from desktop.ui.transcript.blocks.pressing import PressedBlock
from desktop.ui.transcript.cards import Action
from desktop.ui.transcript.parts import Part
from desktop.ui.transcript.style import Style
from desktop.ui.transcript.workshop import Choice, Workshop

_PAD_PX = 8
_MOST_CHARS = 4_000
_NAME_CHARS = 100
_CALLS = -1_000
"""Calls are counted beside the blocks of a message."""


class ToolBlock(PressedBlock):
    """One call of a tool, or the head over its result, whose text follows in parts of its own."""

    def __init__(self, *, style: Style, parent: QWidget, workshop: Workshop) -> None:
        super().__init__(style=style, parent=parent)
        self._workshop = workshop
        self._title = ""
        self._fact = ""
        self._text = ""
        self._unfolded = False
        self._flow: TextFlow | None = None

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:
        style, px = self.style_, self.style_.px
        self._flow = None
        if item.message.role is Role.TOOL:
            self._read_result(part, item)
        else:
            self._read_call(part, item)
        height = style.small.line_height
        if self._unfolded and self._text:
            self._flow = TextFlow(style.code)
            self._flow.lay_out(self._text, (), float(width))
            height += px(_PAD_PX) + round(self._flow.height)
        state = _("unfolded") if self._unfolded else _("folded")
        self.setAccessibleName(", ".join(filter(None, (self._title, self._fact, state, self._text[:_NAME_CHARS]))))
        return height

    def _read_call(self, part: Part, item: TranscriptItem) -> None:
        call = item.message.tool_calls[part.index]
        name = " ".join(call.name.split())[:_NAME_CHARS]
        self._title = _("Tool call: {name}").format(name=name or "…")
        self._fact = ""
        self._text = call.arguments[:_MOST_CHARS] + ("…" if len(call.arguments) > _MOST_CHARS else "")
        self._unfolded = self._workshop.is_chosen(Choice.UNFOLDED, item.key, _CALLS - part.index)

    def _read_result(self, part: Part, item: TranscriptItem) -> None:
        name = " ".join(item.message.author.split())[:_NAME_CHARS]
        self._title = _("Result of {name}").format(name=name) if name else _("Result of a tool")
        count = len(item.message.content)
        self._fact = ngettext("{count} character", "{count} characters", count).format(count=f"{count:,}")
        self._text = ""
        self._unfolded = not part.last

    def shown_text(self) -> str:
        return ""

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:
        style = self.style_
        head = self.head_rect()
        painter.setFont(style.small.font)
        painter.setPen(style.colour("muted"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        used = style.small.metrics.horizontalAdvance(self._fact) + style.px(12)
        title = f"{'▾' if self._unfolded else '▸'} {self._title}"
        shown = style.small.metrics.elidedText(title, Qt.TextElideMode.ElideRight, max(0.0, rect.width() - used))
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | flags, shown)
        painter.drawText(head, Qt.AlignmentFlag.AlignRight | flags, self._fact)
        if self._flow is not None:
            painter.setPen(style.colour("ink"))
            self._flow.paint(painter, QPointF(rect.left(), head.bottom() + style.px(_PAD_PX)), clip)
        self.paint_ring(painter)

    def entries(self, point: QPointF) -> list[Entry]:  # noqa: ARG002
        item, part = self.item, self.part
        if item is None or part is None:
            return []
        if item.message.role is Role.TOOL:
            return [(_("Copy result"), lambda: self.copied.emit(item.message.content))]
        return [(_("Copy arguments"), lambda: self.copied.emit(item.message.tool_calls[part.index].arguments))]

    def press(self) -> None:
        item, part = self.item, self.part
        if item is None or part is None:
            return
        if item.message.role is Role.TOOL:
            self.acted.emit(Action.FOLD, item)
            return
        self._workshop.choose(Choice.UNFOLDED, item.key, _CALLS - part.index, chosen=not self._unfolded)
        self.lay_out_again()
