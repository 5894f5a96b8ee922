"""The vocabulary of rendered Markdown: what a transcript can show, without a word about how it looks.

A document is a flat run of blocks. Lists and quotes are not blocks themselves: each block names the containers it
stands in (`nest`), so that a list of a thousand items is a thousand small blocks of which only the visible ones cost
anything.
"""

from dataclasses import dataclass
from enum import StrEnum

MAX_PIECE_CHARS = 4_000
"""No piece of text is longer than this; a longer one is broken, because laying it out costs more than its length."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; a line feed within the text is a hard line break.

    `link` is the target of a link, always http, https or mailto. `image` is the address of an image that is never
    fetched by itself; the text is then its alternative text. `math` says that the text is the LaTeX source of a formula
    without its delimiters. `note` is the label of the footnote that is referred to; the text is then `[label]`.
    """

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    strike: bool = False
    link: str = ""
    image: str = ""
    math: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """One level of block quote around a block."""


@dataclass(frozen=True, slots=True)
class Item:
    """One level of list around a block: the marker belongs to the first block of the item alone.

    The text of a footnote stands in such a container too, where its definition stands; `note` is its label then.
    """

    marker: str
    first: bool
    checked: bool | None = None
    note: str = ""


Container = Quote | Item


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. `gap` tells whether it stands apart from the block above (items of a tight list do not)."""

    spans: tuple[Span, ...]
    nest: tuple[Container, ...] = ()
    gap: bool = True


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 6."""

    level: int
    spans: tuple[Span, ...]
    nest: tuple[Container, ...] = ()
    gap: bool = True


@dataclass(frozen=True, slots=True)
class CodeFence:
    """Code, kept to the letter. `closed` is False while (or if never) the closing fence has been seen.

    Code without end comes in several parts; the later ones have `part` above 0 and go on where the one before ended.
    """

    language: str
    text: str
    closed: bool = True
    nest: tuple[Container, ...] = ()
    gap: bool = True
    part: int = 0


class Alignment(StrEnum):
    """How a column of a table is set."""

    NONE = ""
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


Cell = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a header. A long table comes in several parts; the later ones have `part` above 0."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    alignments: tuple[Alignment, ...]
    part: int = 0
    nest: tuple[Container, ...] = ()
    gap: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """A thematic break."""

    nest: tuple[Container, ...] = ()
    gap: bool = True


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that stands alone: LaTeX source without its delimiters. `closed` is False while it is being written."""

    source: str
    closed: bool = True
    nest: tuple[Container, ...] = ()
    gap: bool = True


@dataclass(frozen=True, slots=True)
class Image:
    """An image that stands alone: where it would come from, its alternative text, and where a link around it leads."""

    address: str
    text: str = ""
    link: str = ""
    nest: tuple[Container, ...] = ()
    gap: bool = True


class PlainReason(StrEnum):
    """Why a piece of text is shown as it was written."""

    TOO_DEEP = "too deep"
    TOO_WIDE = "too wide"


@dataclass(frozen=True, slots=True)
class PlainText:
    """Source that is shown as it is, because rendering it would cost more than anyone can read."""

    text: str
    reason: PlainReason
    nest: tuple[Container, ...] = ()
    gap: bool = True


Block = Paragraph | Heading | CodeFence | Table | Rule | Formula | Image | PlainText


def plain_text(spans: tuple[Span, ...]) -> str:
    """Return the text of spans without their styles; an image reads as its alternative text and address."""
    return "".join(f"{span.text} ({span.image})" if span.image else span.text for span in spans)


def block_text(block: Block) -> str:
    """Return a block as plain text, as a screen reader or a plain clipboard wants it."""
    match block:
        case Paragraph(spans=spans) | Heading(spans=spans):
            return plain_text(spans)
        case CodeFence(text=text) | PlainText(text=text):
            return text
        case Table(header=header, rows=rows):
            lines = (header, *rows) if not block.part else rows
            return "\n".join("\t".join(plain_text(cell).replace("\n", " ") for cell in row) for row in lines)
        case Formula(source=source):
            return source
        case Image(address=address, text=text):
            return plain_text((Span(text, image=address),))
        case Rule():
            return ""
