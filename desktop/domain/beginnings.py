"""How a message begins, in plain words: for a box or a tooltip, where its marks would stand in the way of its words.

A cheap strip of what is seen most, not a reading of Markdown: ten thousand boxes of a tree are drawn at once.
"""

import re

HEAD_CHARS = 400
"""More of a message is not looked at."""

_LINE = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|(?:>[ \t]?)+|[-*+][ \t]+(?:\[[ xX]\][ \t]+)?)", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[^\n]*$|^[ \t|:]*(?:[-*_][ \t|:]*){3,}$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*\)")
_NOTE = re.compile(r"\[\^[^\[\]\s]*\]:?")
_MARKS = re.compile(r"\*\*|~~|`+|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)|(?<!\w)_{1,2}(?=\w)|(?<=[\w.,!?])_{1,2}(?!\w)")
_BLANKS = re.compile(r"\s+")


def beginning(text: str, *, limit: int = HEAD_CHARS) -> str:
    """Return the beginning of a message as one line without the marks of Markdown; its source where no word is left."""
    head = text[:limit]
    plain = _LINE.sub("", _LINE.sub("", _FENCE.sub("", head)))
    plain = _MARKS.sub("", _NOTE.sub("", _LINK.sub(r"\1", plain)))
    return _BLANKS.sub(" ", plain).strip() or _BLANKS.sub(" ", head).strip()
