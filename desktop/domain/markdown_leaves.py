"""Turns leaves into blocks, and cuts what is too long or too wide into pieces that can be laid out."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace

from desktop.domain.markdown_blocks import (
    MAX_PIECE_CHARS,
    Alignment,
    Block,
    Cell,
    CodeFence,
    Container,
    Heading,
    Item,
    Paragraph,
    PlainReason,
    PlainText,
    Rule,
    Span,
    Table,
)
from desktop.domain.markdown_grammar import MAX_COLUMNS, Leaf

ROWS_PER_PART = 20
_JOINER = "\u200d"

ReadSpans = Callable[[str], tuple[Span, ...]]


def piece_end(text: str) -> int:
    """Return where a text longer than a piece is broken: after a blank if there is one in its second half."""
    blank = text.rfind(" ", MAX_PIECE_CHARS // 2, MAX_PIECE_CHARS)
    if blank >= 0:
        return blank + 1
    end = MAX_PIECE_CHARS
    while end > MAX_PIECE_CHARS - 32 and _joins(text, end):
        end -= 1
    return end


def pieces(text: str) -> list[str]:
    """Break a text softly into pieces that lay out quickly; together they are the text."""
    result = []
    while len(text) > MAX_PIECE_CHARS:
        end = piece_end(text)
        result.append(text[:end])
        text = text[end:]
    result.append(text)
    return result


def blocks(leaf: Leaf, read: ReadSpans) -> tuple[Block, ...]:
    """Return the block of a leaf, or several where it had to be cut."""
    match leaf.kind:
        case "paragraph" | "heading":
            return _text_blocks(leaf, read)
        case "fence" | "code":
            return (CodeFence(leaf.language, leaf.content, True, leaf.nest, leaf.gap),)
        case "table":
            return _table_blocks(leaf, read)
        case _:
            return (Rule(leaf.nest, leaf.gap),)


def plain(text: str, reason: PlainReason, nest: tuple[Container, ...] = ()) -> tuple[Block, ...]:
    """Return text as it was written, in pieces."""
    return tuple(PlainText(piece, reason, nest, index == 0) for index, piece in enumerate(pieces(text)))


def cells(row: tuple[str, ...], read: ReadSpans) -> tuple[Cell, ...]:
    """Read the cells of one row."""
    return tuple(read(cell) for cell in row)


def table_header(leaf: Leaf, read: ReadSpans) -> Table:
    """Return the table of a leaf without its rows."""
    alignments = tuple(Alignment(alignment) for alignment in leaf.alignments)
    return Table(cells(leaf.header, read), (), alignments, 0, leaf.nest, leaf.gap)


def _text_blocks(leaf: Leaf, read: ReadSpans) -> tuple[Block, ...]:
    parts = pieces(leaf.content)
    if leaf.kind == "heading" and len(parts) == 1:
        return (Heading(leaf.level, read(leaf.content), leaf.nest, leaf.gap),)
    first = Paragraph(read(parts[0]), leaf.nest, leaf.gap)
    rest = continued(leaf.nest)
    return (first, *(Paragraph(read(part), rest, gap=False) for part in parts[1:]))


def continued(nest: tuple[Container, ...]) -> tuple[Container, ...]:
    """Return the containers for a later block of the same item: the marker has been shown already."""
    return tuple(replace(container, first=False) if isinstance(container, Item) else container for container in nest)


def _table_blocks(leaf: Leaf, read: ReadSpans) -> tuple[Block, ...]:
    if len(leaf.header) > MAX_COLUMNS:
        source = "\n".join(" | ".join(row) for row in (leaf.header, *leaf.rows))
        return plain(source, PlainReason.TOO_WIDE, leaf.nest)
    head = table_header(leaf, read)
    rows = tuple(cells(row, read) for row in leaf.rows)
    parts = range(0, max(len(rows), 1), ROWS_PER_PART)
    return tuple(
        replace(head, rows=rows[start : start + ROWS_PER_PART], part=part, gap=head.gap and part == 0)
        for part, start in enumerate(parts)
    )


def _joins(text: str, index: int) -> bool:
    """Return whether the character at an index belongs to the one before it."""
    return (
        unicodedata.combining(text[index]) != 0
        or text[index] == _JOINER
        or text[index - 1] == _JOINER
        or "\ufe00" <= text[index] <= "\ufe0f"
        or "\U0001f3fb" <= text[index] <= "\U0001f3ff"
    )
