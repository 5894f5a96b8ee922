"""Texts of strangers on a terminal: what would command it is shown instead.

A message may hold escape sequences that clear the screen, write to the clipboard or turn text around. A file or another
program gets the text as it is; a person who reads it on a terminal sees the signs by name.
"""

import re
import unicodedata
from typing import TextIO

_COMMANDING = re.compile(
    r"\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
_PICTURES = 0x2400


def visible(text: str) -> str:
    """Return `text` with control characters (but line ends and tabs) and marks of direction as visible signs."""
    return _COMMANDING.sub(_sign, text)


def for_stream(text: str, stream: TextIO) -> str:
    """Return `text` as it may be written to `stream`: visible on a terminal, unchanged elsewhere."""
    return visible(text) if stream.isatty() else text


def one_line(text: str) -> str:
    """Return `text` as one line in which nothing commands a terminal."""
    return visible(" ".join(text.split()))


def _sign(match: re.Match[str]) -> str:
    sign = match.group()
    code = ord(sign)
    if code < 0x20:
        return chr(_PICTURES + code)
    if code == 0x7F:
        return "\u2421"
    return f"<{unicodedata.name(sign, '') or f'U+{code:04X}'}>"
