"""Text as it was written: what people type, and what models think, is not read as Markdown.

Line breaks, asterisks and underscores stay what they are; only fenced code is set as code.
"""

import re
from collections.abc import Iterator

from desktop.domain.markdown_blocks import MAX_PIECE_CHARS, Block, Paragraph, Span
from desktop.domain.markdown_clean import Cleaner
from desktop.domain.markdown_fence import OpenFence
from desktop.domain.markdown_grammar import Leaf
from desktop.domain.markdown_pieces import pieces

MAX_PIECE_LINES = 60
_STEP_CHARS = 8_000
_LONGEST_LINE = 100_000
_FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,})[ \t]*([^\s`]*)[^`]*$")


def written(text: str) -> tuple[Block, ...]:
    """Return text as paragraphs that keep every line break, and its fenced code as code."""
    return tuple(block for block in written_steps(text) if block is not None)


def written_steps(text: str) -> Iterator[Block | None]:
    """Read the same in steps of about a millisecond, of which not each gives a block."""
    writer = _Writer()
    cleaner = Cleaner()
    partial = ""
    for start in range(0, len(text), _STEP_CHARS):
        first, *lines = cleaner.clean(text[start : start + _STEP_CHARS]).split("\n")
        if not lines and len(partial) < _LONGEST_LINE:
            partial += first
        else:
            for line in (partial + first, *lines[:-1]):
                yield from writer.take(line)
            partial = lines[-1] if lines else ""
        yield None
    yield from writer.take(partial)
    yield from writer.end()


class _Writer:
    """Gathers lines; what it gives stands below what it gave before."""

    def __init__(self) -> None:
        self._prose: list[str] = []
        self._fence: OpenFence | None = None
        self._continues = False

    def take(self, line: str) -> Iterator[Block]:
        """Take a line and give the blocks that it completes."""
        if self._fence is not None:
            if self._fence.take(line) == "closed":
                yield self._fence.block(closed=True)
                self._fence = None
            elif self._fence.is_full:
                yield self._fence.take_part()
        elif opening := _FENCE.match(line):
            yield from self._give_prose()
            self._fence = OpenFence(Leaf("fence", "", 0, (), gap=True, language=opening[1]), line)
            self._continues = False
        else:
            self._prose.append(line)
            if len(self._prose) >= MAX_PIECE_LINES or len(line) > MAX_PIECE_CHARS:
                yield from self._give_prose(trim=False)

    def end(self) -> Iterator[Block]:
        """Give the rest."""
        if self._fence is not None:
            yield self._fence.block()
        yield from self._give_prose()

    def _give_prose(self, *, trim: bool = True) -> Iterator[Block]:
        """Give the lines collected so far; blank ones at their edges are only distance."""
        text = "\n".join(self._prose)
        if trim:
            text = text.rstrip() if self._continues else text.rstrip().lstrip("\n")
        self._prose.clear()
        if text:
            for index, piece in enumerate(pieces(text)):
                yield Paragraph((Span(piece),), gap=index == 0 and not self._continues)
            self._continues = True
