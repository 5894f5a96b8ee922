"""A top-level code fence that is still open: it grows by whole lines and is never read again."""

import re

from desktop.domain.markdown_blocks import CodeFence

_CLOSING = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*$")


class OpenFence:
    """Collects the lines of a fence until the line that closes it."""

    def __init__(self, language: str, opening: str) -> None:
        marker = opening.lstrip(" ")
        self._language = language
        self._indent = len(opening) - len(marker)
        self._character = marker[0]
        self._length = len(marker) - len(marker.lstrip(marker[0]))
        self._text = ""
        self._has_lines = False
        self._fresh: list[str] = []

    def is_closed_by(self, line: str) -> bool:
        """Return whether a line closes this fence."""
        closing = _CLOSING.match(line)
        return closing is not None and closing[1][0] == self._character and len(closing[1]) >= self._length

    def append(self, line: str) -> None:
        """Take a complete line."""
        self._fresh.append(self._body(line))

    def block(self, partial: str = "") -> CodeFence:
        """Return the fence as it stands, with the beginning of the next line."""
        if self._fresh:
            # One join for all lines since the last look: appending each to the text would be quadratic.
            lines = [self._text, *self._fresh] if self._has_lines else self._fresh
            self._text = "\n".join(lines)
            self._has_lines = True
            self._fresh = []
        text = self._text
        if partial:
            text = f"{text}\n{self._body(partial)}" if self._has_lines else self._body(partial)
        return CodeFence(self._language, text, closed=False)

    def _body(self, line: str) -> str:
        return line[min(self._indent, len(line) - len(line.lstrip(" "))) :]
