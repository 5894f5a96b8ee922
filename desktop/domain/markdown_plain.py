"""What a reader sees of a block as plain text: the text that positions in a transcript count in.

Selections, hits and what is copied all name code points of this text, so the widget that shows a block, the search that
never sees a widget and the clipboard agree about every offset.
"""

from collections.abc import Sequence

from desktop.domain.markdown_blocks import (
    Block,
    Cell,
    CodeFence,
    Formula,
    Heading,
    Image,
    Paragraph,
    PlainText,
    Rule,
    Span,
    Table,
)
from desktop.i18n import _


def shown_span(span: Span) -> str:
    """Return the text of a span; an image is its alternative text and its address, for it is never fetched."""
    if not span.image:
        return span.text
    return _("[image: {text}] {address}").format(text=span.text or "…", address=span.image)


def shown_spans(spans: Sequence[Span]) -> str:
    """Return the text of a run of spans."""
    return "".join(map(shown_span, spans))


def shown_cell(cell: Cell) -> str:
    """Return the text of a cell: one line, as long as it is shown."""
    return shown_spans(cell).replace("\n", " ")


def table_rows(table: Table) -> tuple[tuple[Cell, ...], ...]:
    """Return the rows that a part of a table shows: the header stands above the first part alone."""
    return table.rows if table.part else (table.header, *table.rows)


def shown_text(block: Block) -> str:
    """Return what a block shows: cells stand between tabs, rows between line feeds, a formula is its source."""
    match block:
        case Paragraph(spans=spans) | Heading(spans=spans):
            return shown_spans(spans)
        case CodeFence(text=text) | PlainText(text=text):
            return text
        case Table():
            return "\n".join("\t".join(map(shown_cell, row)) for row in table_rows(block))
        case Formula(source=source):
            return source
        case Image(address=address, text=text):
            return shown_span(Span(text, image=address))
        case Rule():
            return ""
