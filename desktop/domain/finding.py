"""Finding words in a message as it is shown: which code points of which of its parts match.

Without `match_case`, letters are compared by their full case folding and without their accents, so that `strasse` finds
`Straße` and `sesion` finds `Sesión`. Folding may change lengths (`ß` is two letters, an accent of its own is none), so
matches are mapped back: a match is always a range of whole characters, with the accents that follow them. In either
mode any white space matches a blank, as a reader cannot tell them apart.

What counts is the text that the blocks show, and to have that, a message must be read as Markdown. `may_match` looks at
the source to spare most of this, and never says no to a message that matches: it asks for the needle's words one by
one, in the source without its punctuation. Everything that Markdown leaves out of a word is punctuation, but for the
targets of links and the names of entities; and everything that it puts in comes from images, entities and addresses
that are written another way than they are shown. Where a source holds one of these it says yes.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from desktop.domain.markdown_blocks import Block
from desktop.domain.markdown_plain import shown_text

Range = tuple[int, int]

_FIRST_MARK, _LAST_MARK = 0x300, 0x36F
_MARKS = re.compile("[\u0300-\u036f]")
_LAST_LETTER = 0x1FFF
_BLANKS = {ord(blank): " " for blank in "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\u202f\u205f\u3000"}
_BLANKS |= dict.fromkeys(range(0x2000, 0x200B), " ")


def _table() -> Mapping[int, str]:
    """Return what folded letters become without their accents: one letter, or nothing for an accent of its own."""
    table = dict(_BLANKS)
    for code in range(0xC0, _LAST_LETTER + 1):
        bare = _MARKS.sub("", unicodedata.normalize("NFD", chr(code)))
        if len(bare) == 1 and bare != chr(code) and unicodedata.combining(bare) == 0:
            table[code] = bare
    return table | dict.fromkeys(range(_FIRST_MARK, _LAST_MARK + 1), "")


_PLAIN = _table()

_PUNCTUATION = re.compile(r"[^\w\s]+|_+")
_ODD = re.compile(r"!\[|&(?:#|\w)|%[0-9a-f]{2}|xn--|\]\[", re.IGNORECASE)
_LINK = re.compile(r"\][(:]")
_ODD_LINK = re.compile(r"\)[^\w\s]*\w|(?://|@|mailto:)[^\s/]*[^\x00-\x7f]", re.IGNORECASE)
_HEX = frozenset("0123456789abcdefABCDEF")


@dataclass(frozen=True, slots=True)
class Needle:
    """What is looked for; made by `needle`. `key` is what folded texts are searched for."""

    text: str
    match_case: bool
    key: str
    words: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.key.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One match in a message: in the thought or block of a number, from one code point to another."""

    message_id: int
    depth: int
    in_thinking: bool
    index: int
    start: int
    end: int


def needle(text: str, *, match_case: bool = False) -> Needle:
    """Prepare a text to be looked for; a needle of blanks alone is false, and finds nothing."""
    key = text.translate(_BLANKS) if match_case else fold(text)
    return Needle(text, match_case, key, tuple(_PUNCTUATION.sub(" ", key).split()))


def fold(text: str) -> str:
    """Return a text without what is not compared; folding the pieces of a text and joining them gives the same."""
    if text.isascii():
        return text.lower().translate(_BLANKS)
    return text.casefold().translate(_PLAIN)


def find(text: str, wanted: Needle) -> tuple[Range, ...]:
    """Return the matches in a text that is shown, first to last, none of which overlap."""
    if not wanted:
        return ()
    if wanted.match_case:
        return tuple(_plain_matches(text.translate(_BLANKS), wanted.key))
    folded = fold(text)
    if wanted.key not in folded:
        return ()
    if text.isascii() or (len(text.casefold()) == len(text) and not _MARKS.search(text.casefold())):
        return tuple(_plain_matches(folded, wanted.key))
    return tuple(_mapped_matches(text, folded, wanted.key))


def _plain_matches(folded: str, key: str) -> Iterator[Range]:
    at = folded.find(key)
    while at >= 0:
        yield at, at + len(key)
        at = folded.find(key, at + len(key))


def _mapped_matches(text: str, folded: str, key: str) -> Iterator[Range]:
    """Find where folding has changed lengths: keep what begins and ends between characters of the text."""
    known: dict[str, int] = {}
    widths = [known[char] if char in known else known.setdefault(char, len(fold(char))) for char in text]
    begins = list(accumulate(widths, initial=0))
    at = folded.find(key)
    while at >= 0:
        first = bisect_right(begins, at) - 1
        last = bisect_right(begins, at + len(key)) - 1
        whole = begins[first] == at and begins[last] == at + len(key)
        if whole:
            yield first, last
        at = folded.find(key, at + (len(key) if whole else 1))


def matches(thoughts: Iterable[str], blocks: Iterable[Block], wanted: Needle) -> Iterator[tuple[bool, int, Range]]:
    """Yield all matches in a message in the order they are read: whether in its thinking, in which part, and where."""
    for index, thought in enumerate(thoughts):
        for found in find(thought.rstrip("\n"), wanted):
            yield True, index, found
    for index, block in enumerate(blocks):
        for found in find(shown_text(block), wanted):
            yield False, index, found


class Sieve:
    """Tells whether a source may show a needle; a long one is fed in pieces, so that nobody waits for it."""

    def __init__(self, wanted: Needle) -> None:
        self._wanted = wanted
        self._pieces: list[str] = []
        self._raw: list[str] = []

    def feed(self, piece: str) -> None:
        """Take the next piece of the source."""
        self._raw.append(piece)
        self._pieces.append(piece.translate(_BLANKS) if self._wanted.match_case else fold(piece))

    def may_match(self) -> bool:
        """Return False where the text that the source shows cannot hold the needle."""
        wanted, folded = self._wanted, "".join(self._pieces)
        if wanted.key in folded:
            return True
        if _may_hold(folded, wanted):
            return True
        raw = "".join(self._raw)
        if _ODD.search(raw):
            return True
        if not _LINK.search(raw):
            return False
        return not wanted.words or any(word[0] in _HEX for word in wanted.words) or bool(_ODD_LINK.search(raw))


def may_match(source: str, wanted: Needle) -> bool:
    """Return False where the text that a source shows cannot hold the needle."""
    sieve = Sieve(wanted)
    sieve.feed(source)
    return sieve.may_match()


def _may_hold(folded: str, wanted: Needle) -> bool:
    if not wanted.words:
        return "\ufffd" in wanted.key or all(char in folded for char in wanted.key if char != " ")
    if all(word in folded for word in wanted.words):
        return True
    bare = _PUNCTUATION.sub("", folded)
    return all(word in bare for word in wanted.words)
