"""Where text is broken that is too long to be laid out at once: between sentences, else between words.

Never within a word that fits, and never within what a reader takes for one character.
"""

import re
import unicodedata

from desktop.domain.markdown_blocks import MAX_PIECE_CHARS

_JOINER = "\u200d"
_EARLIEST = MAX_PIECE_CHARS // 2
_SENTENCE = re.compile(r"(?:[.!?…][\"'”’»)\]*_]*\s+|[。！？]+[”’」』）]*\s*|\n)(?=\S)")
_BLANK = re.compile(r"\s(?=\S)")
_PAIRED = ("`", "**", "$", "~~")
_OPEN_CLOSE = (("[", "]"), ("(", ")"))
_MOST_TRIED = 12
_LONGEST_CLUSTER = 64


def piece_end(text: str) -> int:
    """Return where a text longer than a piece is broken. Depends on its first characters alone, one beyond a piece."""
    ends = [found.end() for found in _SENTENCE.finditer(text, _EARLIEST, MAX_PIECE_CHARS + 1)]
    for end in ends[: -_MOST_TRIED - 1 : -1]:
        if _is_whole(text[:end]):
            return end
    if ends:
        return ends[-1]
    blanks = [found.end() for found in _BLANK.finditer(text, 1, MAX_PIECE_CHARS + 1)]
    if blanks:
        return blanks[-1]
    end = MAX_PIECE_CHARS
    while end > MAX_PIECE_CHARS - _LONGEST_CLUSTER and joins(text, end):
        end -= 1
    return end


def pieces(text: str) -> list[str]:
    """Break a text softly into pieces that lay out quickly; together they are the text."""
    result = []
    start = 0
    while len(text) - start > MAX_PIECE_CHARS:
        end = start + piece_end(text[start : start + MAX_PIECE_CHARS + 1])
        result.append(text[start:end])
        start = end
    result.append(text[start:])
    return result


def joins(text: str, index: int) -> bool:
    """Return whether the character at an index belongs to the one before it."""
    character, before = text[index], text[index - 1]
    if _JOINER in (character, before) or unicodedata.category(character) in ("Mn", "Mc", "Me"):
        return True
    if "\U0001f3fb" <= character <= "\U0001f3ff" or "\U000e0020" <= character <= "\U000e007f":
        return True
    if _is_flag(character) and _is_flag(before):
        start = index
        while start > 0 and _is_flag(text[start - 1]):
            start -= 1
        return (index - start) % 2 == 1
    return _is_jamo(character) and (_is_jamo(before) or "\uac00" <= before <= "\ud7a3")


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _is_jamo(character: str) -> bool:
    return "\u1100" <= character <= "\u11ff"


def _is_whole(text: str) -> bool:
    """Return whether nothing seems to be open at the end of a text that would be torn apart."""
    return all(text.count(mark) % 2 == 0 for mark in _PAIRED) and all(
        text.count(opener) <= text.count(closer) for opener, closer in _OPEN_CLOSE
    )
