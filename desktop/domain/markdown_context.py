"""Cutting inside a list item or a footnote: what is open goes on as its markers alone.

A leaf that is followed by another one is final, however deep it stands. What comes after it can only be read with the
containers around it, so the tail keeps a line for each of them, with a word that is not shown in place of its text:
then markdown-it sees the same indents, numbers and lazy lines as before, and a list of any length costs no more than
its last item.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from desktop.domain.markdown_blocks import Container, Item, Quote
from desktop.domain.markdown_grammar import FILLER, Carry, Leaf, read

_MARKER = re.compile(r" *(?:[-+*]|\d{1,9}[.)])(?=[ ]|$)")
_NOTE = re.compile(r" *\[\^[^\]\s]+\]:")
_BOX_CHARS = 4
_MAX_ROOM = 4
_NOTE_INDENT = 4


class Outline:
    """The open containers of a leaf as lines: `lines` stand for them, `indent` is what a line within them begins with.

    `lines` is None where a container cannot be stood for: one in a quote, or one that is indented with tabs.
    """

    def __init__(self, lines: Sequence[str], leaf: Leaf, cut: int) -> None:
        self.lines: list[str] | None = []
        self.indent = ""
        self.leaves = 0
        at = 0
        while at < len(leaf.nest):
            start = leaf.starts[at]
            same = at
            while same < len(leaf.nest) and leaf.starts[same] == start:
                same += 1
            if start >= cut:
                self.indent += "".join("> " for container in leaf.nest[at:] if isinstance(container, Quote))
                return
            if not self._add(lines[start], leaf.nest[at:same]):
                self.lines = None
                return
            at = same

    def _add(self, line: str, containers: tuple[Container, ...]) -> bool:
        """Add the line on which containers begin; return whether that is possible."""
        if "\t" in line[: len(line) - len(line.lstrip("\t >-+*.)0123456789"))]:
            return False
        quotes = [index for index, container in enumerate(containers) if isinstance(container, Quote)]
        first_quote = quotes[0] if quotes else len(containers)
        if len(quotes) < len(containers) - first_quote or (first_quote and "> " in self.indent):
            return False
        if first_quote and not self._add_items(line, containers[:first_quote]):
            return False
        self.indent += "> " * len(quotes)
        return True

    def _add_items(self, line: str, containers: tuple[Container, ...]) -> bool:
        position = 0
        box = ""
        for container in containers:
            assert isinstance(container, Item), "quotes have been taken off"
            if container.note and container is not containers[-1]:
                return False
            position += len(box)
            found = (_NOTE if container.note else _MARKER).match(line, position)
            if found is None:
                return False
            position = found.end() + _room(line, found.end())
            box = "" if container.checked is None else line[position : position + _BOX_CHARS]
            self.indent = self.indent + " " * _NOTE_INDENT if container.note else " " * position
        assert self.lines is not None, "nothing is added to what cannot be stood for"
        self.lines += [line[:position].ljust(position) + box.ljust(_BOX_CHARS if box else 0) + FILLER, ""]
        self.leaves += 1
        return True


def _room(line: str, position: int) -> int:
    """Return how many blanks after a marker belong to it; more than four are the indent of code."""
    blanks = len(line) - position - len(line[position:].lstrip(" "))
    if position + blanks == len(line) or blanks > _MAX_ROOM:
        return 1
    return blanks


def numbers(nest: Sequence[Container]) -> tuple[int, ...]:
    """Return the numbers of the items around a leaf, outermost first; 1 for a bullet."""
    return tuple(
        int(container.marker[:-1]) if container.marker[:-1].isdigit() else 1
        for container in nest
        if isinstance(container, Item) and not container.note
    )


def carry_over(
    lines: Sequence[str], leaf: Leaf, cut: int, before: Carry, previous: Leaf | None
) -> tuple[list[str], Carry]:
    """Return the lines that stand for the containers of a leaf, and what the next reading has to know.

    `previous` is the leaf before the cut, if there is one since the last cut.
    """
    outline = Outline(lines, leaf, cut)
    stand_in = outline.lines or []
    stood_for = outline.leaves if stand_in else 0
    nested = bool(previous.nest) if previous else before.nested
    blank = before.blank if cut <= before.lines else not lines[cut - 1].strip(" \t>")
    return stand_in, Carry(len(stand_in), stood_for, numbers(leaf.nest), nested, blank)


def grow(lines: Sequence[str], leaf: Leaf, partial: str) -> Leaf | None:
    """Return the last leaf of lines with the beginning of one more line, if that merely goes on with a paragraph.

    Only the new line is read, behind a word: whether it goes on depends on nothing before it, unless it looks like the
    second line of a table or the underline of a heading.
    """
    end = lines[-1]
    if leaf.kind != "paragraph" or not leaf.content or not end.strip() or partial.lstrip()[:1] in ("|", "-", ":", "="):
        return None
    outline = Outline(lines, leaf, len(lines))
    if outline.lines is None:
        return None
    carry = Carry(len(outline.lines), outline.leaves, continued=True)
    more = read((*outline.lines, outline.indent + FILLER, partial), {}, carry)
    if len(more) != 1 or more[0].kind != "paragraph" or not more[0].content:
        return None
    return replace(leaf, content=f"{leaf.content}{end[len(end.rstrip()) :]}\n{more[0].content}")
