"""Turns leaves into blocks, and cuts what is too long or too wide into pieces that can be laid out."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from desktop.domain.markdown_blocks import (
    Alignment,
    Block,
    Cell,
    CodeFence,
    Container,
    Formula,
    Heading,
    Image,
    Item,
    Paragraph,
    PlainReason,
    PlainText,
    Rule,
    Span,
    Table,
)
from desktop.domain.markdown_grammar import MAX_COLUMNS, Leaf
from desktop.domain.markdown_pieces import pieces

ROWS_PER_PART = 20

ReadSpans = Callable[[str], tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a block is made. `raw` is the source of its spans: with a definition to come they may read otherwise."""

    raw: str
    make: Callable[[ReadSpans], Block]


def blocks(leaf: Leaf, read: ReadSpans) -> tuple[Block, ...]:
    """Return the block of a leaf, or several where it had to be cut."""
    return tuple(recipe.make(read) for recipe in recipes(leaf))


def recipes(leaf: Leaf) -> tuple[Recipe, ...]:
    """Return how the blocks of a leaf are made."""
    match leaf.kind:
        case "paragraph" | "heading":
            return _text_recipes(leaf)
        case "table":
            return _table_recipes(leaf)
        case "fence" | "code":
            made: Block = CodeFence(leaf.language, leaf.content, leaf.closed, leaf.nest, leaf.gap)
        case "formula":
            made = Formula(leaf.content, leaf.closed, leaf.nest, leaf.gap)
        case _:
            made = Rule(leaf.nest, leaf.gap)
    return (Recipe("", lambda _read: made),)


def plain(text: str, reason: PlainReason, nest: tuple[Container, ...] = ()) -> tuple[Block, ...]:
    """Return text as it was written, in pieces."""
    return tuple(PlainText(piece, reason, nest, index == 0) for index, piece in enumerate(pieces(text)))


def cells(row: tuple[str, ...], read: ReadSpans) -> tuple[Cell, ...]:
    """Read the cells of one row."""
    return tuple(read(cell) for cell in row)


def table_recipe(leaf: Leaf, rows: tuple[tuple[str, ...], ...], part: int) -> Recipe:
    """Return how a part of a table is made."""
    alignments = tuple(Alignment(alignment) for alignment in leaf.alignments)

    def make(read: ReadSpans) -> Table:
        header = cells(leaf.header, read)
        body = tuple(cells(row, read) for row in rows)
        return Table(header, body, alignments, part, leaf.nest, leaf.gap and part == 0)

    return Recipe("\n".join(cell for row in (leaf.header, *rows) for cell in row), make)


def paragraph(text: str, nest: tuple[Container, ...], *, gap: bool) -> Recipe:
    """Return how a paragraph is made: an image with nothing beside it is a block of its own."""

    def make(read: ReadSpans) -> Block:
        spans = read(text)
        if len(spans) == 1 and spans[0].image:
            return Image(spans[0].image, spans[0].text, spans[0].link, nest, gap)
        return Paragraph(spans, nest, gap)

    return Recipe(text, make)


def continued(nest: tuple[Container, ...]) -> tuple[Container, ...]:
    """Return the containers for a later block of the same item: the marker has been shown already."""
    return tuple(replace(container, first=False) if isinstance(container, Item) else container for container in nest)


def _text_recipes(leaf: Leaf) -> tuple[Recipe, ...]:
    parts = pieces(leaf.content)
    if leaf.kind == "heading" and len(parts) == 1:
        return (Recipe(leaf.content, lambda read: Heading(leaf.level, read(leaf.content), leaf.nest, leaf.gap)),)
    rest = continued(leaf.nest)
    first = paragraph(parts[0], leaf.nest, gap=leaf.gap)
    return (first, *(paragraph(part, rest, gap=False) for part in parts[1:]))


def _table_recipes(leaf: Leaf) -> tuple[Recipe, ...]:
    if len(leaf.header) > MAX_COLUMNS:
        source = "\n".join(" | ".join(row) for row in (leaf.header, *leaf.rows))
        return tuple(_fixed(block) for block in plain(source, PlainReason.TOO_WIDE, leaf.nest))
    starts = range(0, max(len(leaf.rows), 1), ROWS_PER_PART)
    return tuple(
        table_recipe(leaf, leaf.rows[start : start + ROWS_PER_PART], part) for part, start in enumerate(starts)
    )


def _fixed(block: Block) -> Recipe:
    return Recipe("", lambda _read: block)
