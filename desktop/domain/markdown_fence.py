"""A code fence that is still open: it grows by whole lines and is never read again."""

import re
from collections.abc import Sequence
from typing import Literal

from desktop.domain.markdown_blocks import MAX_PIECE_CHARS, CodeFence
from desktop.domain.markdown_grammar import Carry, Leaf, read
from desktop.domain.markdown_leaves import continued

MAX_PART_CHARS = 100_000
"""Longer code goes on in another block: nobody colours more, and a longer text would be copied for every token."""
_CLOSING = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*$")

Outcome = Literal["taken", "closed", "left"]


class OpenFence:
    """Collects the lines of a fence until the line that closes it."""

    def __init__(self, leaf: Leaf, opening: str) -> None:
        marker = opening.lstrip(" ")
        self._leaf = leaf
        self._indent = len(opening) - len(marker)
        self._character = marker[0]
        self._length = len(marker) - len(marker.lstrip(marker[0]))
        self._text = ""
        self._size = 0
        self._has_lines = False
        self._fresh: list[str] = []
        self._part = 0
        self.ends_blank = False

    def take(self, line: str) -> Outcome:
        """Take a complete line; return whether it is code, or closes the fence, or does not belong to it."""
        outcome, body = self._look_at(line)
        if outcome == "taken":
            self._fresh.append(body)
            self.ends_blank = not line.strip(" \t>")
            self._size += len(body) + 1
        return outcome

    @property
    def is_full(self) -> bool:
        """Whether the code is as long as one block may be."""
        return self._size > MAX_PART_CHARS

    def take_part(self) -> CodeFence:
        """Return what there is as a part; the next lines belong to the next one."""
        block = self.block()
        self._text, self._size, self._has_lines, self._fresh = "", 0, False, []
        self._part += 1
        return block

    def block(self, partial: str = "", *, closed: bool = False) -> CodeFence:
        """Return the fence as it stands, with the beginning of the next line."""
        if self._fresh:
            # One join for all lines since the last look: appending each to the text would be quadratic.
            lines = [self._text, *self._fresh] if self._has_lines else self._fresh
            self._text = "\n".join(lines)
            self._has_lines = True
            self._fresh = []
        text = self._text
        outcome, body = self._look_at(partial) if partial else ("left", "")
        if outcome != "left":
            body = partial if outcome == "closed" else body
            text = f"{text}\n{body}" if self._has_lines else body
        nest = self._leaf.nest if not self._part else continued(self._leaf.nest)
        return CodeFence(self._leaf.language, text, closed, nest, self._leaf.gap and not self._part, self._part)

    def _look_at(self, line: str) -> tuple[Outcome, str]:
        closing = _CLOSING.match(line)
        if closing is not None and closing[1][0] == self._character and len(closing[1]) >= self._length:
            return "closed", ""
        return "taken", line[min(self._indent, len(line) - len(line.lstrip(" "))) :]


class NestedFence(OpenFence):
    """A fence within containers: each line is read by itself, behind the lines that stand for them."""

    def __init__(self, leaf: Leaf, opening: str, outline: Sequence[str], carry: Carry) -> None:
        super().__init__(leaf, opening)
        self._before = (*outline, opening)
        self._carry = carry

    def _look_at(self, line: str) -> tuple[Outcome, str]:
        if len(line) > MAX_PIECE_CHARS:
            return "taken", line.lstrip(" ")
        leaves = read((*self._before, line), {}, self._carry)
        if len(leaves) != 1 or leaves[0].kind != "fence":
            return "left", ""
        if leaves[0].closed:
            return "closed", ""
        return ("taken", leaves[0].content) if leaves[0].length else ("left", "")
