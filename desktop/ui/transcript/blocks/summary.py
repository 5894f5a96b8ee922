"""The fold below the last message that a summary stands for: what it says, who wrote it, and what can be done with it.

Its text is shown by the same blocks as an answer's, and is no part of the conversation: a selection passes it by.
"""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from desktop.domain.messages import NOTHING, Role, Status
from desktop.domain.summaries import SummaryState
from desktop.i18n import _
from desktop.presenters.transcript_item import Fold, TranscriptItem
from desktop.ui.transcript.blocks.base import BLEED_PX, BlockWidget
from desktop.ui.transcript.blocks.button import TextButton
from desktop.ui.transcript.blocks.pressing import PressedBlock
from desktop.ui.transcript.cards import Action, label_of
from desktop.ui.transcript.parts import Kind, MessageParts, Part, Section
from desktop.ui.transcript.style import Style
from desktop.ui.transcript.workshop import Choice, Workshop

_ACTIONS = {
    Action.EDIT_SUMMARY: "edit",
    Action.REDO_SUMMARY: "retry",
    Action.PIN_SUMMARY: "pin",
    Action.SWITCH_SUMMARY: "minus",
}
_SAID_CHARS = 2_000
_KEYS = 1_000
"""Below these, ids belong to messages that wait to be stored."""


def title_of(fold: Fold) -> str:
    """Return what the fold says on its left."""
    summary = fold.summary
    return _("Summary of messages {first}–{last}").format(first=summary.first_depth + 1, last=summary.last_depth + 1)


def state_of(fold: Fold) -> str:
    """Return what becomes of the summary, in words."""
    if fold.summary.state is SummaryState.PINNED:
        return _("pinned")
    if fold.summary.state is SummaryState.OFF:
        return _("switched off")
    return _("sent in their place") if fold.is_sent else _("not sent: another one is")


def facts_of(fold: Fold) -> str:
    """Return what the fold says on its right: its state, and who wrote it."""
    by = _("edited by hand") if fold.summary.is_edited else fold.summary.model.rpartition("/")[2]
    return " · ".join(filter(None, (state_of(fold), by)))


def _labels(fold: Fold) -> dict[Action, str]:
    state = fold.summary.state
    changed = {}
    if state is SummaryState.PINNED:
        changed[Action.PIN_SUMMARY] = _("Unpin")
    if state is SummaryState.OFF:
        changed[Action.SWITCH_SUMMARY] = _("Switch on")
    return {action: changed.get(action) or label_of(action) for action in _ACTIONS}


class SummaryBlock(PressedBlock):
    """`SummaryBlock(…, make=…)`: `make(kind, parent)` builds the blocks of the text when it is unfolded."""

    def __init__(
        self, *, style: Style, parent: QWidget, workshop: Workshop, make: Callable[[Kind, QWidget], BlockWidget]
    ) -> None:
        super().__init__(style=style, parent=parent)
        self._workshop = workshop
        self._make = make
        self._unfolded = False
        self._text: TranscriptItem | None = None
        self._blocks: list[tuple[Kind, BlockWidget]] = []
        self._buttons: dict[Action, TextButton] = {}

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:  # noqa: ARG002
        fold = item.fold
        if fold is None:
            return 0
        self._unfolded = self._workshop.is_chosen(Choice.SUMMARY, item.key, 0)
        height = self.style_.small.line_height
        if self._unfolded:
            self._read(fold, item)
            height = self._place_buttons(fold, self._place_text(height, width))
        else:
            for child in (*(block for _kind, block in self._blocks), *self._buttons.values()):
                child.hide()
        folded = _("unfolded") if self._unfolded else _("folded")
        said = fold.summary.text[:_SAID_CHARS] if self._unfolded else ""
        self.setAccessibleName(", ".join(filter(None, (title_of(fold), facts_of(fold), folded, said))))
        return height

    def _read(self, fold: Fold, item: TranscriptItem) -> None:
        """Read the text as that of an answer, of which there is none."""
        summary = fold.summary
        key = -_KEYS - summary.id
        if self._text is not None and self._text.key == key and self._text.message.content == summary.text:
            return
        message = replace(
            item.message,
            id=key,
            role=Role.ASSISTANT,
            status=Status.COMPLETE,
            content=summary.text,
            thinking="",
            tool_calls=(),
            metadata=NOTHING,
        )
        self._text = TranscriptItem(message)
        while not self._text.is_parsed:
            self._text.parse_slice()

    def _place_text(self, top: int, width: int) -> int:
        """Show the blocks of the text below `top`; return where they end."""
        assert self._text is not None, "an unfolded summary was read"
        parts = MessageParts(self._text, unfolded=False)
        left = self._inset[0] - BLEED_PX
        for index in range(self._text.count):
            part = parts.part(Section.BLOCKS, index)
            block = self._block(index, part.kind)
            height = block.show_part(part, self._text, self.style_, width, fresh=False)
            block.setGeometry(left, self._inset[1] + top, width + 2 * BLEED_PX, height)
            block.show()
            top += height
        for _kind, block in self._blocks[self._text.count :]:
            block.hide()
        return top

    def _block(self, index: int, kind: Kind) -> BlockWidget:
        if index < len(self._blocks) and self._blocks[index][0] is kind:
            return self._blocks[index][1]
        made = self._make(kind, self)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.stale.connect(self.lay_out_again)
        made.copied.connect(self.copied)
        if index < len(self._blocks):
            self._blocks[index][1].hide()
            self._blocks[index][1].deleteLater()
            self._blocks[index] = (kind, made)
        else:
            self._blocks.append((kind, made))
        return made

    def _place_buttons(self, fold: Fold, top: int) -> int:
        style = self.style_
        if not self._buttons:
            self._buttons = {action: self._make_button(action, icon) for action, icon in _ACTIONS.items()}
        x, y = self._inset[0] - style.px(4), self._inset[1] + top + style.px(8)
        height = 0
        for action, label in _labels(fold).items():
            button = self._buttons[action]
            button.set_style(style)
            button.setText(label)
            button.setAccessibleName(label)
            size = button.sizeHint()
            button.setGeometry(x, y, size.width(), size.height())
            button.show()
            x, height = x + size.width() + style.px(6), size.height()
        return top + style.px(8) + height

    def _make_button(self, action: Action, icon: str) -> TextButton:
        button = TextButton("", style=self.style_, parent=self, icon=icon)
        button.setObjectName(action.value)
        button.clicked.connect(lambda _checked=False: self.acted.emit(action, self.item))
        return button

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:  # noqa: ARG002
        fold = self.item.fold if self.item is not None else None
        if fold is None:
            return
        style = self.style_
        head = self.head_rect()
        painter.setFont(style.small.font)
        painter.setPen(style.colour("muted"))
        title = f"{'▾' if self._unfolded else '▸'} {title_of(fold)}"
        room = head.width() - style.small.metrics.horizontalAdvance(title) - style.px(12)
        facts = style.small.metrics.elidedText(facts_of(fold), Qt.TextElideMode.ElideRight, max(0.0, room))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft | flags, title)
        painter.drawText(head, Qt.AlignmentFlag.AlignRight | flags, facts)
        self.paint_ring(painter)

    def fold(self, *, unfolded: bool) -> None:
        """Show or hide the text."""
        if self.item is not None:
            self._workshop.choose(Choice.SUMMARY, self.item.key, 0, chosen=unfolded)
            self.lay_out_again()

    def press(self) -> None:
        self.fold(unfolded=not self._unfolded)

    def press_rect(self) -> QRectF:
        return self.over_fold()
