"""Markdown as it streams in: blocks that are closed never change, only the open tail is read again.

The source is taken line by line in steps that depend on nothing but the text before them, so a document gives the same
blocks however it was cut into pieces, and reading it at once is the same as feeding it in one piece. Three shapes grow
without being read again: code fences, tables and giant lines; a list closes item by item. Everything else is cut where
a top-level block ends. markdown-it decides what the lines mean; this module decides when that is final.

A link definition may come after its use. Blocks already closed that were waiting for it are then given out again in
`Update.revised`; nothing else is ever changed.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

from desktop.domain.markdown_blocks import (
    MAX_PIECE_CHARS,
    Block,
    Container,
    Heading,
    Paragraph,
    PlainReason,
    Table,
)
from desktop.domain.markdown_fence import OpenFence
from desktop.domain.markdown_grammar import (
    MAX_COLUMNS,
    Carry,
    Leaf,
    Reading,
    Top,
    is_deep_line,
    is_too_deep,
    read,
)
from desktop.domain.markdown_inline import TailReader, spans
from desktop.domain.markdown_leaves import (
    ROWS_PER_PART,
    blocks,
    cells,
    continued,
    piece_end,
    plain,
    table_header,
)
from desktop.domain.markdown_references import References

# What reading the tail once costs: its characters, and each line like another forty. While the tail is light it is read
# at every line; then each time it has grown by a seventh, so that all readings together stay linear; at the limit it is
# closed as it stands, as is a paragraph longer than anyone writes.
_LINE_WEIGHT = 40
_LIGHT = 1_600
_SHOWN = 12_000
_LIMIT = 32_000
_PARAGRAPH_LIMIT = 8_000
_GROWTH = 1.15
_UNDERLINE = re.compile(r" {0,3}(?:-+|=+|`{1,3}|~{1,3}|\|)[ \t]*$")
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")

Mode = Literal["text", "fence", "table", "giant"]


@dataclass(frozen=True, slots=True)
class Update:
    """What a piece of text changed: blocks that it closed, the whole open tail, closed blocks given out again."""

    closed: tuple[Block, ...]
    tail: tuple[Block, ...]
    revised: tuple[tuple[int, Block], ...] = ()


def parse(text: str) -> tuple[Block, ...]:
    """Return the blocks of a whole document."""
    stream = MarkdownStream()
    first, last = stream.feed(text), stream.finish()
    result = [*first.closed, *last.closed]
    for index, block in (*first.revised, *last.revised):
        result[index] = block
    return tuple(result)


class MarkdownStream:
    """Reads a document that arrives in pieces."""

    def __init__(self) -> None:
        self._mode: Mode = "text"
        self._lines: list[str] = []
        self._weight = 0
        self._due = 0
        self._seen = 0
        self._partial = ""
        self._after_return = False
        self._carry = Carry()
        self._references = References()
        self._tail_reader = TailReader()
        self._closed: list[Block] = []
        self._fence = OpenFence("", "```")
        self._table: Table | None = None
        self._table_source: tuple[str, str] = ("", "")
        self._giant_nest: tuple[Container, ...] = ()

    def feed(self, text: str) -> Update:
        """Take the next piece of the document."""
        for index, part in enumerate(self._clean(text).split("\n")):
            if index:
                line, self._partial = self._partial, ""
                self._take_line(line)
            self._partial += part
            while self._mode != "fence" and len(self._partial) > MAX_PIECE_CHARS:
                self._take_piece()
        return self._update(self._open_blocks())

    def finish(self) -> Update:
        """Take the end of the document: everything is closed."""
        if self._partial or self._mode == "giant":
            line, self._partial = self._partial, ""
            self._take_line(line)
        if self._mode == "fence":
            self._close(self._fence.block())
        elif self._mode == "table":
            self._close_table()
        else:
            self._close_tail()
        self._mode = "text"
        return self._update(())

    def _clean(self, text: str) -> str:
        if not text:
            return ""
        continues_return = self._after_return and text.startswith("\n")
        self._after_return = text.endswith("\r")
        if continues_return:
            text = text[1:]
        return _UNREADABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))

    def _update(self, tail: tuple[Block, ...]) -> Update:
        closed, self._closed = tuple(self._closed), []
        return Update(closed, tail, self._references.take_revised())

    # Closing

    def _close(self, block: Block, raw: str = "") -> None:
        self._closed.append(block)
        self._references.closed(block, raw)

    def _close_leaf(self, leaf: Leaf) -> None:
        made = blocks(leaf, self._read_final)
        single = len(made) == 1 and isinstance(made[0], (Paragraph, Heading))
        for block in made:
            self._close(block, leaf.content if single else "")

    def _close_tail(self) -> None:
        reading = self._read_tail(self._lines)
        self._references.settle()
        for leaf in reading.leaves:
            self._close_leaf(leaf)
        self._start_tail([], Carry())

    def _start_tail(self, lines: list[str], carry: Carry) -> None:
        self._lines, self._carry = lines, carry
        self._weight = sum(map(_weight, lines))
        self._due = 0
        self._seen = 0
        self._tail_reader.forget()

    def _read_tail(self, lines: list[str]) -> Reading:
        return read(lines, self._references.speculate(), self._carry)

    def _read_final(self, content: str) -> tuple[Any, ...]:
        return spans(content, self._references.known())

    # Lines

    def _take_line(self, line: str) -> None:
        match self._mode:
            case "fence":
                self._take_fence_line(line)
            case "table":
                self._take_table_line(line)
            case "giant":
                self._close_giant(line)
                self._mode = "text"
            case "text":
                self._take_text_line(line)

    def _take_text_line(self, line: str) -> None:
        blank = not line.strip()
        if blank and not self._lines:
            return
        if is_deep_line(line):
            self._close_tail()
            for block in plain(line, PlainReason.TOO_DEEP):
                self._close(block)
            return
        self._lines.append(line)
        self._weight += _weight(line)
        if self._weight < self._due:
            return
        if self._weight > _LIGHT:
            self._due = int(self._weight * _GROWTH)
        self._step(blank=blank)

    def _step(self, *, blank: bool) -> None:
        """Close what can no longer change now that a line is complete."""
        reading = self._read_tail(self._lines)
        if is_too_deep(reading):
            source = "\n".join(self._lines)
            self._start_tail([], Carry())
            for block in plain(source, PlainReason.TOO_DEEP):
                self._close(block)
            return
        if not reading.tops:
            if blank or self._weight > _PARAGRAPH_LIMIT:
                self._references.settle()
                self._start_tail([], Carry())
            return
        last = reading.tops[-1]
        if self._weight > _LIMIT:
            self._cut(reading, len(self._lines))
        elif last.kind == "table_open":
            lines = self._cut_before(reading, last)
            self._open_table(reading.leaves[-1], (lines[0], lines[1]))
            self._take_lines(lines[2:])
        elif last.kind == "fence":
            lines = self._cut_before(reading, last)
            self._fence = OpenFence(reading.leaves[-1].language, lines[0])
            self._mode = "fence"
            self._take_lines(lines[1:])
        elif self._is_whole(last, blank=blank):
            self._cut(reading, len(self._lines))
        elif last.items > 1:
            self._cut(reading, last.last_item, number=last.number)
        elif len(reading.tops) > 1:
            self._cut(reading, reading.tops[-2].end)

    def _is_whole(self, last: Top, *, blank: bool) -> bool:
        """Return whether no further line can belong to the last block, or whether it is long enough as it is."""
        if last.kind == "paragraph_open":
            return blank or self._weight > _PARAGRAPH_LIMIT or sum(map(len, self._lines)) > MAX_PIECE_CHARS
        return last.kind in ("heading_open", "hr")

    def _cut(self, reading: Reading, line: int, number: int | None = None) -> None:
        """Close the leaves that begin before a line; the tail goes on from there."""
        self._references.settle()
        for leaf in reading.leaves:
            if leaf.start < line:
                self._close_leaf(leaf)
        blank = line == 0 or not self._lines[line - 1].strip()
        self._start_tail(self._lines[line:], Carry(number, blank))

    def _cut_before(self, reading: Reading, top: Top) -> list[str]:
        """Close what comes before a top-level block and return its lines; the tail is empty then."""
        lines = self._lines[top.start :]
        self._cut(reading, top.start)
        self._start_tail([], Carry())
        return lines

    def _take_lines(self, lines: list[str]) -> None:
        for line in lines:
            self._take_line(line)

    # Fences

    def _take_fence_line(self, line: str) -> None:
        if self._fence.is_closed_by(line):
            self._close(replace(self._fence.block(), closed=True))
            self._mode = "text"
        else:
            self._fence.append(line)

    # Tables

    def _open_table(self, leaf: Leaf, source: tuple[str, str]) -> None:
        self._mode = "table"
        self._table_source = source
        self._table = table_header(leaf, self._read_final) if len(leaf.header) <= MAX_COLUMNS else None
        if self._table is None:
            for block in plain("\n".join(self._table_source), PlainReason.TOO_WIDE):
                self._close(block)

    def _take_table_line(self, line: str) -> None:
        row = self._read_row(line)
        if row is None:
            self._close_table()
            self._mode = "text"
            self._take_text_line(line)
        elif self._table is None:
            for block in plain(line, PlainReason.TOO_WIDE):
                self._close(replace(block, gap=False))
        else:
            self._table = replace(self._table, rows=(*self._table.rows, cells(row, self._read_final)))
            if len(self._table.rows) == ROWS_PER_PART:
                self._close(self._table)
                self._table = replace(self._table, rows=(), part=self._table.part + 1, gap=False)

    def _read_row(self, line: str) -> tuple[str, ...] | None:
        """Return the raw cells of a line, or None where the table has ended."""
        if not line.strip():
            return None
        if self._table is None:
            return ()
        reading = read((*self._table_source, line), {}, Carry())
        leaf = reading.leaves[0]
        return leaf.rows[0] if len(reading.leaves) == 1 and leaf.rows else None

    def _close_table(self) -> None:
        if self._table is not None and (self._table.rows or not self._table.part):
            self._close(self._table)
        self._table = None
        self._carry = Carry()

    # Lines without an end

    def _take_piece(self) -> None:
        """Take the beginning of a line that is too long to wait for its end; the rest of it is running text."""
        end = piece_end(self._partial)
        piece, self._partial = self._partial[:end], self._partial[end:]
        if self._mode == "giant":
            self._close_giant(piece)
            return
        self._take_line(piece)
        if self._mode == "fence":
            return
        if self._mode == "table":
            self._close_table()
        leaves = self._read_tail(self._lines).leaves
        self._giant_nest = continued(leaves[-1].nest) if leaves else ()
        self._close_tail()
        self._mode = "giant"

    def _close_giant(self, text: str) -> None:
        if text.strip():
            self._close(Paragraph(self._read_final(text), self._giant_nest, gap=False), text)

    # The open end

    def _open_blocks(self) -> tuple[Block, ...]:
        partial = "" if _UNDERLINE.match(self._partial) else self._partial
        match self._mode:
            case "fence":
                return (self._fence.block(partial),)
            case "table":
                return self._open_table_blocks(partial)
            case "giant":
                if not partial.strip():
                    return ()
                self._tail_reader.begin()
                return (Paragraph(self._read_open(partial), self._giant_nest, gap=False),)
            case "text":
                return self._open_text_blocks(partial)

    def _open_text_blocks(self, partial: str) -> tuple[Block, ...]:
        if self._weight > _SHOWN or is_deep_line(partial):
            partial = ""
        lines = [*self._lines, partial] if partial else self._lines
        if not lines:
            return ()
        reading = self._read_tail(lines)
        if self._references.seen != self._seen:
            self._seen = self._references.seen
            self._tail_reader.forget()
        self._tail_reader.begin()
        return tuple(block for leaf in reading.leaves for block in blocks(leaf, self._read_open))

    def _open_table_blocks(self, partial: str) -> tuple[Block, ...]:
        if self._table is None:
            return ()
        row = self._read_row(partial) if partial else None
        if row is not None:
            self._tail_reader.begin()
            return (replace(self._table, rows=(*self._table.rows, cells(row, self._read_open))),)
        return (self._table,) if self._table.rows or not self._table.part else ()

    def _read_open(self, content: str) -> tuple[Any, ...]:
        return self._tail_reader.spans(content, self._references.known())


def _weight(line: str) -> int:
    return len(line) + _LINE_WEIGHT
