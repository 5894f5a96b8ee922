"""Markdown as it streams in: blocks that are closed never change, only the open tail is read again.

The source is taken line by line in steps that depend on nothing but the text before them, so a document gives the same
blocks however it was cut into pieces, and reading it at once is the same as feeding it in one piece. Three shapes grow
without being read again: code fences, tables and giant lines; everything else is cut where a leaf begins that comes
after another one, in lists and footnotes too (`markdown_context` says how). markdown-it decides what the lines mean;
this module decides when that is final.

A definition of a link or a footnote may come after its use. Blocks already closed that were waiting for it are then
given out again in `Update.revised` (`markdown_references` says how); nothing else is ever changed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from desktop.domain.markdown_blocks import MAX_PIECE_CHARS, Block, Container, PlainReason
from desktop.domain.markdown_clean import Cleaner
from desktop.domain.markdown_context import Outline, carry_over, grow
from desktop.domain.markdown_fence import NestedFence, OpenFence
from desktop.domain.markdown_grammar import FILLER, Carry, Leaf, is_deep_line, is_too_deep, read
from desktop.domain.markdown_inline import TailReader, spans
from desktop.domain.markdown_leaves import Recipe, blocks, continued, paragraph, plain, recipes
from desktop.domain.markdown_limits import (
    GROWTH,
    LIGHT,
    LIMIT,
    PARAGRAPH_LIMIT,
    SHOWN,
    is_long,
    is_whole,
    is_words,
    weight,
    words_due,
)
from desktop.domain.markdown_pieces import piece_end, pieces
from desktop.domain.markdown_references import References
from desktop.domain.markdown_table import OpenTable

_UNDERLINE = re.compile(r" {0,3}(?:-+|=+|`{1,3}|~{1,3}|\||\$\$?|\\\[?)[ \t]*$")

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
    result = dict(enumerate((*first.closed, *last.closed)))
    result.update((*first.revised, *last.revised))
    return tuple(result.values())


class MarkdownStream:
    """Reads a document that arrives in pieces."""

    def __init__(self) -> None:
        self._mode: Mode = "text"
        self._lines: list[str] = []
        self._weight = 0
        self._due = 0
        self._words_due = 0.0
        self._seen: tuple[object, ...] = ()
        self._partial = ""
        self._cleaner = Cleaner()
        self._carry = Carry()
        self._references = References()
        self._tail_reader = TailReader()
        self._closed: list[Block] = []
        self._base: tuple[Leaf, ...] | None = None
        self._shown: tuple[tuple[str, int], tuple[Block, ...]] | None = None
        self._fence: OpenFence
        self._table: OpenTable
        self._giant_nest: tuple[Container, ...] = ()

    def feed(self, text: str) -> Update:
        """Take the next piece of the document."""
        for index, part in enumerate(self._cleaner.clean(text).split("\n")):
            if index:
                line, self._partial = self._partial, ""
                self._take_line(line)
            self._partial += part
            while self._mode != "fence" and len(self._partial) > MAX_PIECE_CHARS:
                self._take_piece()
        return self._update(self._open_blocks(), final=False)

    def finish(self) -> Update:
        """Take the end of the document: everything is closed."""
        if self._partial or self._mode == "giant":
            line, self._partial = self._partial, ""
            self._take_line(line)
        if self._mode == "fence":
            self._close_block(self._fence.block())
        elif self._mode == "table":
            self._close_table()
        self._close_tail()
        self._start_tail([], Carry())
        self._mode = "text"
        return self._update((), final=True)

    def _update(self, tail: tuple[Block, ...], *, final: bool) -> Update:
        closed, self._closed = tuple(self._closed), []
        return Update(closed, tail, self._references.take_revised(final=final))

    # Closing

    def _close(self, recipe: Recipe) -> None:
        self._closed.append(recipe.make(self._read_final))
        self._references.closed(recipe)

    def _close_block(self, block: Block) -> None:
        self._closed.append(block)
        self._references.closed()

    def _close_leaves(self, leaves: Sequence[Leaf]) -> None:
        for leaf in leaves:
            for recipe in recipes(leaf):
                self._close(recipe)

    def _close_tail(self) -> None:
        """Close everything that was read; the containers it stands in are closed with it."""
        leaves = self._read_tail(self._lines, final=True)
        self._references.settle()
        self._close_leaves(leaves)
        self._start_tail([], Carry())

    def _start_tail(self, lines: list[str], carry: Carry) -> None:
        self._lines, self._carry = lines, carry
        self._weight = sum(map(weight, lines))
        self._due = self._words_due = 0
        self._base = self._shown = None
        self._tail_reader.forget()

    def _read_tail(self, lines: list[str], *, final: bool = False) -> tuple[Leaf, ...]:
        return read(lines, self._references.speculate(final=final), self._carry)

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
            self._carry = replace(self._carry, blank=True)
            return
        if is_deep_line(line):
            self._close_tail()
            for block in plain(line, PlainReason.TOO_DEEP):
                self._close_block(block)
            return
        self._lines.append(line)
        self._base = None
        self._weight += weight(line)
        if self._weight < self._due or (self._weight < self._words_due and is_words(line)):
            return
        if self._weight > LIGHT:
            self._due = int(self._weight * GROWTH)
        self._step(blank=blank)

    def _step(self, *, blank: bool) -> None:
        """Close what can no longer change now that a line is complete."""
        leaves = self._base = self._read_tail(self._lines)
        if is_too_deep(leaves):
            source = "\n".join(self._lines[self._carry.lines :])
            self._start_tail([], Carry())
            for block in plain(source, PlainReason.TOO_DEEP):
                self._close_block(block)
            return
        if not leaves:
            if blank or self._weight > PARAGRAPH_LIMIT:
                self._references.settle()
                # A definition may have ended the containers that are stood for: it stays until the next leaf.
                if not self._carry.lines or self._weight > PARAGRAPH_LIMIT:
                    self._start_tail([], Carry())
            return
        last = leaves[-1]
        if last.kind == "table" and self._grows_alone(last, 1):
            head = self._lines[last.start : last.start + 2]
            rows = self._lines[last.start + 2 :]
            after = self._within(last)
            self._cut(leaves, last.start)
            self._open_table(last, head, *after)
            self._take_lines(rows)
        elif last.kind == "fence" and not last.closed and self._grows_alone(last, 1):
            opening, *code = self._lines[last.start :]
            after = self._within(last)
            self._cut(leaves, last.start)
            self._open_fence(last, opening, *after)
            self._take_lines(code)
        else:
            self._words_due = 0 if blank else words_due(last, self._weight)
            self._close_final(leaves, blank=blank)

    def _close_final(self, leaves: Sequence[Leaf], *, blank: bool) -> None:
        last = leaves[-1]
        if self._weight > LIMIT or is_whole(last, blank=blank):
            self._cut(leaves, len(self._lines))
        elif is_long(last, len(self._lines) - last.start):
            self._cut_paragraph(leaves)
        # A formula that is never closed belongs to the text before it.
        elif (last.closed or self._weight > PARAGRAPH_LIMIT) and len(leaves) > 1 and self._grows_alone(last):
            self._cut(leaves, last.start)

    def _take_lines(self, lines: list[str]) -> None:
        for line in lines:
            self._take_line(line)

    def _grows_alone(self, leaf: Leaf, lines: int = 0) -> bool:
        """Return whether all before a leaf, and its first lines, can be closed with the rest reading the same."""
        return Outline(self._lines, leaf, leaf.start + lines).lines is not None

    def _within(self, leaf: Leaf) -> tuple[list[str], Carry]:
        """Return the tail that goes on after a leaf."""
        return carry_over(self._lines, leaf, leaf.start + 1, self._carry, leaf)

    def _cut(self, leaves: Sequence[Leaf], line: int) -> None:
        """Close the leaves that begin before a line; the tail goes on from there, in the containers that are open."""
        self._references.settle()
        before = [leaf for leaf in leaves if leaf.start < line]
        self._close_leaves(before)
        inner = next((leaf for leaf in leaves if leaf.start >= line), leaves[-1])
        outline, carry = carry_over(self._lines, inner, line, self._carry, before[-1] if before else None)
        self._start_tail([*outline, *self._lines[line:]], carry)

    def _cut_paragraph(self, leaves: Sequence[Leaf]) -> None:
        """Close the beginning of a paragraph that is long; the rest of it goes on in the tail."""
        last = leaves[-1]
        outline = Outline(self._lines, last, len(self._lines))
        self._references.settle()
        self._close_leaves(leaves[:-1])
        *parts, rest = pieces(last.content) if len(last.content) > MAX_PIECE_CHARS else [last.content, ""]
        for index, part in enumerate(parts):
            nest = continued(last.nest) if index else last.nest
            self._close(paragraph(part, nest, gap=last.gap and not index))
        stand_in, carry = carry_over(self._lines, last, len(self._lines), self._carry, last)
        first, *following = rest.split("\n")
        lines = [f"{outline.indent}{FILLER} {first}".rstrip(), *(f"{outline.indent}{line}" for line in following)]
        self._start_tail([*stand_in, *lines], replace(carry, continued=True))

    # Fences

    def _open_fence(self, leaf: Leaf, opening: str, around: list[str], carry: Carry) -> None:
        """Take a fence out of the tail, which keeps the containers around it."""
        outline = self._lines[: self._carry.lines]
        leaf = replace(leaf, closed=False)
        self._fence = NestedFence(leaf, opening, outline, self._carry) if leaf.nest else OpenFence(leaf, opening)
        self._start_tail(around, carry)
        self._mode = "fence"

    def _take_fence_line(self, line: str) -> None:
        match self._fence.take(line):
            case "closed":
                self._close_block(self._fence.block(closed=True))
                self._mode = "text"
            case "left":
                self._close_block(self._fence.block())
                self._carry = replace(self._carry, blank=self._fence.ends_blank)
                self._mode = "text"
                self._take_text_line(line)
            case "taken":
                if self._fence.is_full:
                    self._close_block(self._fence.take_part())

    # Tables

    def _open_table(self, leaf: Leaf, head: list[str], around: list[str], carry: Carry) -> None:
        """Take a table out of the tail, which keeps the containers around it."""
        self._table = OpenTable(leaf, head, self._lines[: self._carry.lines], self._carry)
        self._start_tail(around, carry)
        self._mode = "table"
        if self._table.is_wide:
            for block in self._table.head_as_written():
                self._close_block(block)

    def _take_table_line(self, line: str) -> None:
        row = self._table.read(line)
        if row is None:
            self._close_table()
            self._take_text_line(line)
        elif self._table.is_wide:
            for block in plain(line, PlainReason.TOO_WIDE, self._table.leaf.nest):
                self._close_block(replace(block, gap=False))
        else:
            part = self._table.append(row)
            if part is not None:
                self._close(part)

    def _close_table(self) -> None:
        recipe = self._table.recipe()
        if recipe is not None:
            self._close(recipe)
        self._mode = "text"

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
        leaves = self._read_tail(self._lines, final=True)
        self._giant_nest = continued(leaves[-1].nest) if leaves else ()
        if leaves and not is_too_deep(leaves):
            self._cut(leaves, len(self._lines))
        else:
            self._close_tail()
        self._mode = "giant"

    def _close_giant(self, text: str) -> None:
        if text.strip():
            self._close(paragraph(text, self._giant_nest, gap=False))

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
                return (paragraph(partial, self._giant_nest, gap=False).make(self._read_open),)
            case "text":
                return self._open_text_blocks(partial)

    def _open_text_blocks(self, partial: str) -> tuple[Block, ...]:
        if self._weight > SHOWN or is_deep_line(partial):
            partial = ""
        lines = [*self._lines, partial] if partial else self._lines
        if len(lines) <= self._carry.lines:
            return ()
        if self._shown is not None and self._shown[0] == (partial, len(lines)):
            return self._shown[1]
        leaves = self._read_open_lines(partial)
        if self._references.seen != self._seen:
            self._seen = self._references.seen
            self._tail_reader.forget()
        self._tail_reader.begin()
        made = tuple(block for leaf in leaves for block in blocks(leaf, self._read_open))
        self._shown = (partial, len(lines)), made
        return made

    def _read_open_lines(self, partial: str) -> tuple[Leaf, ...]:
        """Read the tail with the beginning of the next line; a paragraph that merely grows is not read again."""
        if self._base is None:
            self._base = self._read_tail(self._lines) if len(self._lines) > self._carry.lines else ()
        if not partial:
            return self._base
        grown = grow(self._lines, self._base[-1], partial) if self._base else None
        return (*self._base[:-1], grown) if grown else self._read_tail([*self._lines, partial])

    def _open_table_blocks(self, partial: str) -> tuple[Block, ...]:
        row = self._table.read(partial) if partial else None
        recipe = self._table.recipe(row)
        if recipe is None:
            return ()
        self._tail_reader.begin()
        return (recipe.make(self._read_open),)

    def _read_open(self, content: str) -> tuple[Any, ...]:
        return self._tail_reader.spans(content, self._references.known())
