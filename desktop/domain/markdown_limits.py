"""How much of a document may stay open, and when a block is complete as it stands.

What reading the tail once costs: its characters, and each line like another forty. While the tail is light it is read
at every line; then each time it has grown by a third, so that all readings together stay linear; at the limit it is
closed as it stands, as is a paragraph longer than anyone writes. A line of words below running text can hardly end
it: it is not looked at before the tail has grown by half.
"""

import re

from desktop.domain.markdown_blocks import MAX_PIECE_CHARS
from desktop.domain.markdown_grammar import Leaf

LIGHT = 1_600
SHOWN = 12_000
LIMIT = 32_000
PARAGRAPH_LIMIT = 8_000
GROWTH = 1.3
_LINE_WEIGHT = 40
_WORDS_GROWTH = 1.5
_WORD = re.compile(r" {0,3}[^\W\d_]")


def weight(line: str) -> int:
    """Return what a line costs to read."""
    return len(line) + _LINE_WEIGHT


def is_whole(leaf: Leaf, *, blank: bool) -> bool:
    """Return whether no further line can belong to the last block of the tail."""
    if leaf.nest:
        return False
    if leaf.kind == "paragraph":
        return blank
    return leaf.kind in ("heading", "rule", "formula", "fence") and leaf.closed


def is_long(leaf: Leaf, lines: int) -> bool:
    """Return whether a paragraph of so many lines is so long that the next line shall not read it again."""
    if leaf.kind != "paragraph":
        return False
    return len(leaf.content) > MAX_PIECE_CHARS or len(leaf.content) + _LINE_WEIGHT * lines > PARAGRAPH_LIMIT


def words_due(last: Leaf, tail: int) -> float:
    """Return how heavy the tail has to be until a line of words is worth a reading, after one that ended so."""
    if last.kind != "paragraph" or not last.content or tail > PARAGRAPH_LIMIT:
        return 0
    return min(tail * _WORDS_GROWTH, PARAGRAPH_LIMIT + 1)


def is_words(line: str) -> bool:
    """Return whether a line goes on with any running text above it."""
    return _WORD.match(line) is not None
