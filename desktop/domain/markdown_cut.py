"""Parts of blocks: what lies between two offsets of the shown text, with its styles, links and containers.

Offsets count code points of `markdown_plain.shown_text`. A formula, an image or a footnote's mark that is cut through
is text like any other.
"""

from collections.abc import Sequence
from dataclasses import replace

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
from desktop.domain.markdown_leaves import continued
from desktop.domain.markdown_plain import shown_cell, shown_span, shown_text, table_rows


def cut_spans(spans: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """Return the part of a run of spans between two offsets of its shown text."""
    result = []
    at = 0
    for span in spans:
        text = shown_span(span)
        begin, stop = max(start - at, 0), min(end - at, len(text))
        at += len(text)
        if begin >= stop:
            continue
        if stop - begin == len(text):
            result.append(span)
        else:
            result.append(replace(span, text=text[begin:stop], image="", math=False, note=""))
    return tuple(result)


def cut_block(block: Block, start: int, end: int) -> Block | None:
    """Return what of a block lies between two offsets of its shown text; None for nothing.

    The shown text of the result is that part, except that a table keeps its shape: cells beyond the part are empty. A
    part within one cell is a paragraph.
    """
    text = shown_text(block)
    start, end = max(0, start), min(end, len(text))
    if start == 0 and end == len(text):
        return block
    if start >= end or isinstance(block, Rule):
        return None
    nest = block.nest if not start else continued(block.nest)
    match block:
        case Paragraph(spans=spans) | Heading(spans=spans):
            return replace(block, spans=cut_spans(spans, start, end), nest=nest)
        case CodeFence() | PlainText():
            return replace(block, text=text[start:end], nest=nest)
        case Formula():
            return Paragraph((Span(text[start:end]),), nest, block.gap)
        case Image():
            return Paragraph((Span(text[start:end], link=block.link),), nest, block.gap)
        case Table():
            return _cut_table(replace(block, nest=nest), start, end)


def _cut_table(table: Table, start: int, end: int) -> Block:
    rows: list[tuple[Cell, ...]] = []
    touched: list[Cell] = []
    at = 0
    for row in table_rows(table):
        cells: list[Cell] = []
        for cell in row:
            length = len(shown_cell(cell))
            part = cut_spans([replace(span, text=span.text.replace("\n", " ")) for span in cell], start - at, end - at)
            if at <= end and at + length >= start:
                touched.append(part)
            cells.append(part)
            at += length + 1
        rows.append(tuple(cells))
        at += not row  # a row without a cell is an empty line
    if len(touched) == 1:
        return Paragraph(touched[0], table.nest, table.gap)
    header = table.header if table.part else rows.pop(0)
    return replace(table, header=header, rows=tuple(row for row in rows if any(row)))
