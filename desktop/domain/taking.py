"""What the clipboard gets of a conversation: plain text as it is shown, Markdown as it was written, and rich text.

Pure, and the same for what is loaded in a window and for what is read from the database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from desktop.domain.faults import SobremesaError
from desktop.domain.markdown_blocks import Block, Item, Paragraph, Span
from desktop.domain.markdown_cut import cut_block
from desktop.domain.markdown_html import html_of
from desktop.domain.markdown_plain import shown_text
from desktop.domain.markdown_source import markdown_of
from desktop.domain.unwarned import unwarned

BEYOND = 1 << 40
"""An index or offset behind all others."""
RICH_CHARS = 1_000_000
"""More than this is taken as it was written alone: reading and styling it all would take longer than anyone waits."""
MAX_CHARS = 20_000_000
"""More than this does not go into a clipboard: handing over so much takes the window 22 ms (measured)."""


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """Where a selection begins or ends; `depth` is the message's in its path. The thinking stands before the text."""

    depth: int
    answer: bool
    index: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRequest:
    """A part of the open path of a session.

    With `as_written` plain text is the Markdown too. `texts` are messages that have come further than the database
    knows; `thoughts` is the thinking of the first and the last message as it is shown, in pieces.
    """

    session_id: str
    start: Mark
    end: Mark
    as_written: bool = False
    texts: Mapping[int, str] = field(default_factory=dict)
    thoughts: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What goes into the clipboard; without `html` it was too much to style. `count` tells messages."""

    plain: str
    markdown: str
    html: str
    count: int


class TooMuch(SobremesaError):
    """There is more text than a clipboard should hold."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A block and which of its shown text is taken."""

    block: Block
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """One message's share. `source` is its text as it was written where all of it is taken, else None."""

    author: str
    cuts: tuple[Cut, ...]
    source: str | None = None


def piece_of(
    request: TakeRequest,
    *,
    depth: int,
    author: str,
    text: str,
    blocks: Sequence[Block],
    thoughts: Sequence[str] = (),
) -> Piece:
    """Return what a message gives to a selection: its thinking only where the selection begins or ends in it."""
    start, end = request.start, request.end
    cuts = []
    begins = start.depth == depth and not start.answer
    ends = end.depth == depth and not end.answer
    if begins or ends:
        said = [Paragraph((Span(thought.rstrip("\n")),)) for thought in thoughts]
        cuts += _cuts(
            said, (start.index, start.offset) if begins else (0, 0), (end.index, end.offset) if ends else None
        )
    if ends:
        return Piece(author, tuple(cuts))
    first = (start.index, start.offset) if start.depth == depth and start.answer else (0, 0)
    last = (end.index, end.offset) if end.depth == depth else None
    found = _cuts(blocks, first, last)
    whole = not begins and first == (0, 0) and _is_all(found, blocks)
    return Piece(author, (*cuts, *found), text if whole else None)


def _cuts(blocks: Sequence[Block], first: tuple[int, int], last: tuple[int, int] | None) -> list[Cut]:
    result = []
    stop = len(blocks) - 1 if last is None else min(last[0], len(blocks) - 1)
    for index in range(first[0], stop + 1):
        length = len(shown_text(blocks[index]))
        begin = min(first[1], length) if index == first[0] else 0
        end = min(last[1], length) if last is not None and index == last[0] else length
        if begin < end or not length:
            result.append(Cut(blocks[index], begin, end))
    return result


def _is_all(cuts: Sequence[Cut], blocks: Sequence[Block]) -> bool:
    return len(cuts) == len(blocks) and (not cuts or cuts[-1].end == len(shown_text(cuts[-1].block)))


class Taker:
    """Joins pieces one by one; `several` messages stand below the names of who wrote them."""

    def __init__(self, *, several: bool) -> None:
        self._several = several
        self._plain: list[str] = []
        self._markdown: list[str] = []
        self._html: list[str] = []

    def add(self, piece: Piece) -> None:
        """Take one message's share."""
        cut = [part for each in piece.cuts if (part := cut_block(each.block, each.start, each.end)) is not None]
        plain, html = _plain(piece.cuts), html_of(cut)
        cut = [unwarned(block) for block in cut]
        source = markdown_of(cut) if piece.source is None else piece.source
        several, author = self._several, piece.author
        self._plain.append(f"{author}:\n{plain}" if several else plain)
        self._markdown.append(f"**{author}:**\n\n{source}" if several else source)
        self._html.append(f"<p><b>{escape(author)}:</b></p>{html}" if several else html)

    def taken(self) -> Taken:
        """Return everything that was added."""
        return Taken(
            plain="\n\n".join(self._plain),
            markdown="\n\n".join(self._markdown),
            html="".join(self._html),
            count=len(self._plain),
        )


def take(pieces: Sequence[Piece]) -> Taken:
    """Join pieces; several messages stand below the names of who wrote them."""
    taker = Taker(several=len(pieces) > 1)
    for piece in pieces:
        taker.add(piece)
    return taker.taken()


def take_as_written(texts: Sequence[tuple[str, str]]) -> Taken:
    """Join messages, each an author and a text, without reading them as Markdown."""
    plain = "\n\n".join(f"{author}:\n{text}" for author, text in texts)
    return Taken(
        plain=plain,
        markdown="\n\n".join(f"**{author}:**\n\n{text}" for author, text in texts),
        html="",
        count=len(texts),
    )


def _plain(cuts: Iterable[Cut]) -> str:
    """Return cuts as text: list markers stand where more than a part of an item is taken."""
    cuts = tuple(cuts)
    lines: list[str] = []
    for cut in cuts:
        text = shown_text(cut.block)[cut.start : cut.end]
        lead = _lead(cut.block) if len(cuts) > 1 and not cut.start else ""
        if lines and cut.block.gap:
            lines.append("")
        lines.append(lead + text.replace("\n", "\n" + " " * len(lead)) if lead else text)
    return "\n".join(lines)


def _lead(block: Block) -> str:
    items = [container for container in block.nest if isinstance(container, Item)]
    if not items:
        return ""
    indent = "  " * (len(items) - 1)
    item = items[-1]
    if not item.first:
        return indent + "  "
    box = {True: "☑ ", False: "☐ ", None: ""}[item.checked]
    return f"{indent}{f'[{item.note}]' if item.note else item.marker} {box}"


def quote(markdown: str, limit: int = 20_000) -> str:
    """Return Markdown as a quote to answer to, ended where it is longer than anyone quotes."""
    text = markdown.strip("\n").rstrip()
    text = text if text.startswith("    ") else text.lstrip(" ")  # a part may begin with the blank between two words
    if len(text) > limit:
        text = text[:limit].rstrip() + " …"
    return "\n".join(f"> {line}" if line.strip() else ">" for line in text.split("\n"))
