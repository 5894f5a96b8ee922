"""Foreign text on one line of a list: it can neither break the line, nor turn what stands beside it around.

Each character becomes one character, so that whoever marks a part of the text need not count again.
"""

_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_UNSEEN = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
"""What steers the direction of text. A character without width stands in its place."""

_TABLE = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
"""Controls are shown by their pictures; what has none, and half of a pair, as a character that cannot be shown."""
_TABLE |= dict.fromkeys(range(0x80, 0xA0), 0xFFFD) | dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
_TABLE |= dict.fromkeys(map(ord, _BLANKS), 0x20) | dict.fromkeys(map(ord, _UNSEEN), 0x200B)


def one_line(text: str) -> str:
    """Return `text` with as many characters, none of which does anything but stand there."""
    return text.translate(_TABLE)
