"""What a text is found by: its words, and what stands in the index for each.

Design note. A text is folded (`folding.py`) and becomes a set of tokens, without their places: for a page of hits the
words are looked at again (`search_matching.py`), so that the index may say yes too often, and never says no to a match.
Without places it is half as large, and there is room for what makes each question fast. Of a text there are

- its words, cut at 64 letters;
- the first two letters of each, so that a short beginning needs no long list of words;
- each pair of short neighbours, as one of 4,096 numbers, since a phrase of common words would be looked for everywhere;
- of Chinese, Japanese, Korean, Thai and their like, which set no blanks: each character, and each two neighbours as one
  of 65,536 numbers;
- of code (in fences, between backticks, and what looks like it elsewhere: `snake_case`, `camelCase`, `a.b(c)`, `c++`):
  every second four neighbours, signs included, so that any part of it is found.

Every token is letters or characters of the private planes, which SQLite's tokenizer `ascii` keeps as they are.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

from desktop.domain.folding import fold

LONGEST_WORD = 64
LONGEST_PIECE = 200
GRAM, STRIDE = 4, 2
BEGINNING = 2
"""The beginning that has a token of its own."""
PAIRED = 4
"""Words up to this length are paired: the common ones are short."""

_BEGINNING, _GRAM, MARK = "\ue101", "\ue102", "\ue103"
"""What tokens begin with that are no words: beginnings, parts of code, and marks (`storage/search_index.py`)."""
_FIRST_PAIR, _PAIRS = 0xF0000, 0xFFF
_FIRST_DENSE_PAIR, _DENSE_PAIRS = 0x100000, 0xFFFF
_SIGNS = {code: 0xE000 + code for code in range(128) if not chr(code).isalnum()}
_ALIKE = {ord(other): plain for plain, others in (("'", "‘’ʼ‛"), ('"', "“”„‟"), ("-", "‐‑‒–—−")) for other in others}

DENSE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035"
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
"""What is written without blanks, as the inside of a class of a regular expression."""
MARKS = "\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
"""Vowel signs that belong to the word before them, although Python counts them as no letters."""

_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_ASCII_WORD = re.compile(r"[a-z0-9]+")
_RUN = re.compile(rf"[\w{MARKS}]+")
_DENSE_RUN = re.compile(rf"([{DENSE}]+)")
_FENCE = re.compile(
    r"^[^\S\n]*(?:[>*+-][^\S\n]*)*(`{3,}+|~{3,}+)[^\n]*+\n(.*?)(?:^[^\S\n>]*\1|\Z)", re.MULTILINE | re.DOTALL
)
_SPAN = re.compile(r"`([^`\n]+)`")
_PIECE = re.compile(r"[!-~\u00c0-\u024f]+")
_LIKE = re.compile(
    r"_(?<=\w_)\w|\.(?<=[^\W\d]\.)\w|\((?<=[^\W\d]\()\w|\((?<=\w\()\)|\+(?<=[A-Za-z]\+)\+|#(?<=[A-Za-z]#)|::|://|->|=>|=="
    r"|!=|<=|>=|&&|\|\||\$\w|\\\w|/(?<!\S/)\w|/(?<=\w/)\w+/|@(?<=\w@)\w|-(?<!\S-)-?[a-z]"
)
"""What only code has. Each alternative begins with its sign, so that Python finds the next place by the sign alone: ten
times as fast as the same with what stands before the sign in front.
"""
_HUMP = re.compile(r"[A-Z](?<=[a-z].)")


def _looks_like_code(text: str) -> bool:
    return _LIKE.search(text) is not None or _HUMP.search(text) is not None


def folded(text: str) -> str:
    """Return a text as it is compared: without case and accents, its quotes and dashes all of one kind.

    Only what is not ASCII is folded by the rules of Unicode: that takes a sixth of the time in most languages.
    """
    return text.lower() if text.isascii() else _FOREIGN.sub(_folded_run, text).lower()


def _folded_run(match: re.Match[str]) -> str:
    run = match[0]
    return _folded_short(run) if len(run) < 3 else fold(run).translate(_ALIKE)


@lru_cache(maxsize=4096)
def _folded_short(run: str) -> str:
    return fold(run).translate(_ALIKE)


def unfolded_place(text: str, place: int) -> int:
    """Return which character of a text stands at a place of its folded form; at most the text's length."""
    at = before = 0  # the same place, in the text and in its folded form
    for run in _FOREIGN.finditer(text):
        ascii_end = before + run.start() - at
        if place < ascii_end:
            break
        at, before = run.start(), ascii_end
        for character in run[0]:
            width = len(_folded_short(character))
            if place < before + width:
                return at
            at, before = at + 1, before + width
    return min(at + place - before, len(text))


def units(text: str) -> list[str]:
    """Return the words of a folded text in their order; what is written without blanks stands there as it is."""
    if text.isascii():
        return _ASCII_WORD.findall(text)
    found: list[str] = []
    for run in _RUN.findall(text.replace("_", " ")):
        if run.isascii():
            found.append(run)
        else:
            found += filter(None, _DENSE_RUN.split(run))
    return found


def is_dense(unit: str) -> bool:
    """Return whether a word of `units` is written without blanks."""
    return not unit.isascii() and _DENSE_RUN.match(unit) is not None


def has_code(text: str) -> bool:
    """Return whether a message shows code: a fence, or something between backticks."""
    has_fence = "```" in text or "~~~" in text
    return (has_fence and _FENCE.search(text) is not None) or ("`" in text and _SPAN.search(text) is not None)


def code_pieces(text: str) -> set[str]:
    """Return the parts of code in a message, folded: what stands between blanks there, cut at 200 characters."""
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        found.extend(_PIECE.findall(match[match.re.groups]))
        return "\n"

    if "```" in text or "~~~" in text:
        text = _FENCE.sub(take, text)
    if "`" in text:
        text = _SPAN.sub(take, text)
    if _looks_like_code(text):
        found += filter(_looks_like_code, _PIECE.findall(text))
    return {folded(piece[:LONGEST_PIECE]) for piece in found}


def tokens(text: str) -> set[str]:
    """Return what stands in the index for a text."""
    plain = folded(text)
    words = units(plain)
    found = {pair_token(one, other) for one, other in pairwise(words) if len(one) <= PAIRED and len(other) <= PAIRED}
    for word in set(words):
        if is_dense(word):
            found.update(word)
            found.update(map(dense_pair_token, pairwise(word)))
        else:
            found.add(word if len(word) <= LONGEST_WORD else word[:LONGEST_WORD])
            if len(word) > BEGINNING:
                found.add(_BEGINNING + word[:BEGINNING])
    for piece in code_pieces(text):
        signs = piece.translate(_SIGNS)
        found.update([_GRAM + signs[at : at + GRAM] for at in range(0, len(signs), STRIDE)])
    return found


def pair_token(one: str, other: str) -> str:
    """Return the number, as a token, that two short neighbours share with few others."""
    return chr(_FIRST_PAIR + (crc32(f"{one} {other}".encode()) & _PAIRS))


def dense_pair_token(pair: Sequence[str]) -> str:
    """Return the number, as a token, of two characters that are written without a blank."""
    return chr(_FIRST_DENSE_PAIR + ((ord(pair[0]) * 31 ^ ord(pair[1]) * 0x9E37) & _DENSE_PAIRS))


def beginning_token(word: str) -> str:
    """Return the token of all longer words that begin with these two letters."""
    return _BEGINNING + word


def gram_tokens(fragment: str) -> list[list[tuple[str, bool]]]:
    """Return the ways in which a piece of code can show that it holds `fragment`: tokens, all of which it then has.

    Only every second place of a piece is in the index, and nobody knows on which the fragment begins. A token may be
    the beginning of one: then True stands behind it.
    """
    signs = fragment.translate(_SIGNS)
    ways = []
    for first in range(min(STRIDE, len(signs))):
        places = range(first, len(signs) - GRAM + 1, STRIDE)
        grams = [(_GRAM + signs[at : at + GRAM], False) for at in {*places[::STRIDE], *places[-1:]}]
        ways.append(sorted(grams) or [(_GRAM + signs[first:], True)])
    return ways
