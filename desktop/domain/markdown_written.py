"""Text as it was written: what people type, and what models think, is not read as Markdown.

Line breaks, asterisks and underscores stay what they are; only fenced code is set as code.
"""

import re

from desktop.domain.markdown_blocks import Block, Paragraph, Span
from desktop.domain.markdown_clean import Cleaner
from desktop.domain.markdown_fence import OpenFence
from desktop.domain.markdown_grammar import Leaf
from desktop.domain.markdown_pieces import pieces

MAX_PIECE_LINES = 60
_FENCE = re.compile(r" {0,3}(?:`{3,}|~{3,})[ \t]*([^\s`]*)[^`]*$")


def written(text: str) -> tuple[Block, ...]:
    """Return text as paragraphs that keep every line break, and its fenced code as code."""
    text = Cleaner().clean(text)
    result: list[Block] = []
    prose: list[str] = []
    fence: OpenFence | None = None
    for line in text.split("\n"):
        opening = _FENCE.match(line)
        if fence is not None:
            if fence.take(line) == "closed":
                result.append(fence.block(closed=True))
                fence = None
            elif fence.is_full:
                result.append(fence.take_part())
        elif opening:
            _add_prose(result, prose)
            fence = OpenFence(Leaf("fence", "", 0, (), gap=True, language=opening[1]), line)
        else:
            prose.append(line)
            if len(prose) >= MAX_PIECE_LINES:
                _add_prose(result, prose, trim=False)
    if fence is not None:
        result.append(fence.block())
    _add_prose(result, prose)
    return tuple(result)


def _add_prose(result: list[Block], prose: list[str], *, trim: bool = True) -> None:
    """Add the lines collected so far; blank ones at their edges are only distance."""
    continues = bool(result) and isinstance(result[-1], Paragraph)
    text = "\n".join(prose)
    if trim:
        text = text.rstrip() if continues else text.rstrip().lstrip("\n")
    prose.clear()
    if text:
        for index, piece in enumerate(pieces(text)):
            result.append(Paragraph((Span(piece),), gap=index == 0 and not continues))
