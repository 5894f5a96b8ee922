"""What a message is shown as: its header, its thinking, its blocks, a card about its state, its footer.

A part is a value that one widget shows; parts are made when they come near the viewport and compared when something
changes, so a widget knows whether it has anything to do.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from desktop.domain.citations import citations
from desktop.domain.markdown_blocks import (
    Block,
    CodeFence,
    Formula,
    Heading,
    Image,
    Item,
    Paragraph,
    PlainText,
    Quote,
    Rule,
    Table,
    plain_text,
)
from desktop.domain.messages import Role
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.cards import card_of
from desktop.ui.transcript.style import Style

BUBBLE_INDENT_PX = 96
FOLD_LINES = 400
"""So many lines of code are shown until all of them are asked for."""
_GAP_PX = 10
_TIGHT_PX = 3
_MESSAGE_PX = 18


class Kind(StrEnum):
    """Which widget shows a part."""

    DAY = "day"
    HEADER = "header"
    THOUGHT_HEAD = "thought head"
    THOUGHT = "thought"
    TEXT = "text"
    CODE = "code"
    TABLE = "table"
    RULE = "rule"
    FORMULA = "formula"
    IMAGE = "image"
    PLAIN = "plain"
    TOOL = "tool"
    CARD = "card"
    FOOTER = "footer"
    SUMMARY = "summary"
    FOLLOW_UPS = "follow-ups"
    CITATIONS = "citations"


class Section(Enum):
    """Where in a message a part stands."""

    HEAD = auto()
    THOUGHTS = auto()
    BLOCKS = auto()
    FOOT = auto()


SECTIONS = tuple(Section)


class Shell(StrEnum):
    """What is painted behind a part."""

    NONE = ""
    BUBBLE = "bubble"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to show. `gap` is the distance above in unzoomed pixels; `first` and `last` are the shell's ends.

    `joined` counts the quotes that go on from the part above. `above` is the first part of a long table. `index` is the
    number of the block in its message, or of a tool call. `noted` says that it is told why this is plain text.
    """

    kind: Kind
    block: Block | None = None
    text: str = ""
    gap: int = 0
    shell: Shell = Shell.NONE
    first: bool = False
    last: bool = False
    joined: int = 0
    caret: bool = False
    above: Table | None = None
    index: int = 0
    noted: bool = False


class MessageParts:
    """The parts of one message, by section and number."""

    def __init__(self, item: TranscriptItem, *, unfolded: bool) -> None:
        self.item = item
        self.unfolded = unfolded
        self.day = ""
        """What the line above the message says, where it begins a day."""

    @property
    def is_result(self) -> bool:
        """Whether the message is what a tool gave back: a head, and the text below it when it is unfolded."""
        return self.item.message.role is Role.TOOL

    def count(self, section: Section) -> int:
        """Return how many parts a section has now."""
        item = self.item
        match section:
            case Section.HEAD:
                return (1 if self.day else 0) + (0 if item.is_user else 1) + (1 if item.thoughts else 0)
            case Section.THOUGHTS:
                return len(item.thoughts) if self.unfolded else 0
            case Section.BLOCKS:
                return item.count if self.unfolded or not self.is_result else 0
            case Section.FOOT:
                return len(item.message.tool_calls) + (1 if card_of(item) is None else 2) + len(_below(item))

    def part(self, section: Section, index: int) -> Part:
        """Return a part."""
        item = self.item
        match section:
            case Section.HEAD:
                if self.day and index == 0:
                    return Part(Kind.DAY, text=self.day, gap=_MESSAGE_PX)
                if self.is_result:
                    return Part(Kind.TOOL, gap=10, shell=Shell.CARD, first=True, last=not self.unfolded)
                if index == (1 if self.day else 0) and not item.is_user:
                    return Part(Kind.HEADER)
                return Part(Kind.THOUGHT_HEAD, gap=8, shell=Shell.CARD, first=True, last=not self.unfolded)
            case Section.THOUGHTS:
                last = index == len(item.thoughts) - 1
                return Part(Kind.THOUGHT, text=item.thoughts[index], shell=Shell.CARD, last=last)
            case Section.BLOCKS:
                return self._block(index)
            case Section.FOOT:
                calls = len(item.message.tool_calls)
                if index < calls:
                    return Part(Kind.TOOL, gap=8, shell=Shell.CARD, first=True, last=True, index=index)
                index -= calls
                if index == 0 and card_of(item) is not None:
                    return Part(Kind.CARD, gap=8)
                index -= 0 if card_of(item) is None else 1
                if index > 0:
                    return _below(item)[index - 1]
                return Part(Kind.FOOTER, gap=2 if item.is_user else 8)

    def _block(self, index: int) -> Part:
        item = self.item
        block = item.block(index)
        before = item.block(index - 1) if index else None
        role = item.message.role
        shell = Shell.BUBBLE if role is Role.USER else Shell.CARD if role is Role.TOOL else Shell.NONE
        last = index == item.count - 1
        return Part(
            kind_of(block),
            block,
            gap=_MESSAGE_PX if shell is Shell.BUBBLE and not index else self._gap(block, before),
            shell=shell,
            first=index == 0 and shell is not Shell.CARD,
            last=last,
            joined=_joined(block, before),
            caret=last and item.is_live,
            above=_table_above(item, index, block),
            index=index,
            noted=_is_noted(block, before),
        )

    def _gap(self, block: Block, before: Block | None) -> int:
        if before is None:
            return _GAP_PX if self.item.thoughts else 4
        if isinstance(block, Heading):
            return _GAP_PX + 8
        if not block.gap and isinstance(block, (CodeFence, Table)) and block.nest:
            return 2 * _TIGHT_PX
        if not block.gap:
            return _TIGHT_PX if _starts_item(block) else 0
        return _GAP_PX


def _below(item: TranscriptItem) -> tuple[Part, ...]:
    """Return what stands below the line of actions."""
    summary = Part(Kind.SUMMARY, gap=12, shell=Shell.CARD, first=True, last=True)
    follow_ups = Part(Kind.FOLLOW_UPS, gap=12)
    sources = Part(Kind.CITATIONS, gap=12, shell=Shell.CARD, first=True, last=True)
    cites = bool(item.message.metadata.get("citations")) and bool(citations(item.message.metadata))
    return (
        *((sources,) if cites else ()),
        *((summary,) if item.fold is not None else ()),
        *((follow_ups,) if item.follow_ups else ()),
    )


def kind_of(block: Block) -> Kind:
    """Return which widget shows a block."""
    match block:
        case Paragraph() | Heading():
            return Kind.TEXT
        case PlainText():
            return Kind.PLAIN
        case Image():
            return Kind.IMAGE
        case Formula():
            return Kind.FORMULA
        case CodeFence():
            return Kind.CODE
        case Table():
            return Kind.TABLE
        case Rule():
            return Kind.RULE


def estimate(part: Part, style: Style, width: int) -> float:
    """Return about how high a part will be, without laying anything out."""
    line = style.text.line_height
    gap = style.px(part.gap)
    match part.kind:
        case Kind.HEADER | Kind.FOOTER | Kind.DAY:
            return gap + style.px(20)
        case Kind.THOUGHT_HEAD | Kind.TOOL | Kind.SUMMARY | Kind.FOLLOW_UPS | Kind.CITATIONS:
            return gap + style.px(34)
        case Kind.IMAGE:
            return gap + style.px(24) + line + 2 * style.small.line_height
        case Kind.CARD:
            return gap + style.px(120)
        case Kind.RULE:
            return gap + style.px(9)
    match part.block:
        case CodeFence(text=text):
            return gap + style.px(50) + min(FOLD_LINES, text.count("\n") + 1) * style.code.line_height
        case Table(rows=rows):
            return gap + (len(rows) + 1) * style.px(29)
        case Paragraph(spans=spans) | Heading(spans=spans):
            return gap + estimate_text(plain_text(spans), width, line)
        case PlainText(text=text) | Formula(source=text) | Image(text=text):
            return gap + estimate_text(text, width, line)
        case _:
            return gap + estimate_text(part.text, width, line)


def estimate_text(text: str, width: int, line_height: int) -> float:
    """Return about how high a text will be."""
    per_line = max(8.0, width / (line_height * 0.33))
    return (text.count("\n") + 1 + len(text) / per_line // 1) * line_height


def _is_noted(block: Block, before: Block | None) -> bool:
    if not isinstance(block, PlainText):
        return False
    return not isinstance(before, PlainText) or before.reason is not block.reason


def _starts_item(block: Block) -> bool:
    return any(isinstance(container, Item) and container.first for container in block.nest)


def _joined(block: Block, before: Block | None) -> int:
    if before is None:
        return 0
    count = 0
    for mine, theirs in zip(block.nest, before.nest, strict=False):
        if not isinstance(mine, Quote) or not isinstance(theirs, Quote):
            break
        count += 1
    return count


def _table_above(item: TranscriptItem, index: int, block: Block) -> Table | None:
    if not isinstance(block, Table) or not block.part or index < block.part:
        return None
    first = item.block(index - block.part)
    return first if isinstance(first, Table) else None
