"""Finding words in a message as it is shown: which code points of which of its parts match.

Without `match_case`, letters are compared by their full case folding and without their accents, so that `strasse` finds
`Straße` and `sesion` finds `Sesión`. Folding may change lengths (`ß` is two letters, an accent of its own is none), so
matches are mapped back: a match is always a range of whole characters, with the accents that follow them. In either
mode any white space matches a blank, as a reader cannot tell them apart.

What counts is the text that the blocks show, and to have that, a message must be read as Markdown. `may_match` looks at
the source to spare most of this, and never says no to a message that matches: it asks for the needle's letters and
digits in those of the source. All that Markdown leaves out within a block is punctuation and blanks, but for the
targets of links and the names of entities; and all that it puts in comes from images, entities and addresses that are
written another way than they are shown. Where a source holds one of these it says yes.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from desktop.domain.markdown_blocks import Block
from desktop.domain.markdown_plain import shown_text
from desktop.domain.messages import Role

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

_NO_LETTERS = re.compile(r"[\W_]+")
_ODD = re.compile(r"!\[|&(?:#|\w)|%[0-9a-f]{2}|xn--|\]\[|(?://|@|www\.|mailto:)[^\s/]*[^\x00-\x7f]", re.IGNORECASE)
_LINK = re.compile(r"\][(:]")
# Text that goes on right behind a link, or a target that is shown with its letters escaped.
_ODD_LINK = re.compile(r"\)[^\w\s]*\w|\][(:]\s*\S*?[^\s\w\-.~:/?#@!$&'()*+,;=%]|\][(:]\s*\S*?[^\x00-\x7f]")
_LONGEST_ODD = 300
"""No name of a host is longer."""


@dataclass(frozen=True, slots=True)
class Needle:
    """What is looked for; made by `needle`. Folded texts are searched for `key`; `bare` is its letters and digits."""

    text: str
    match_case: bool
    key: str
    bare: str

    def __bool__(self) -> bool:
        return bool(self.key.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Match `number` of a message: in the thought or block of an index, from one code point to another."""

    message_id: int
    depth: int
    in_thinking: bool
    index: int
    start: int
    end: int
    number: int = 0

    @property
    def spot(self) -> tuple[int, ...]:
        """Where in the message the match begins: spots are ordered as they are read."""
        return (0 if self.in_thinking else 1, self.index, self.start)


@dataclass(frozen=True, slots=True)
class Source:
    """The words of a message, as they were written."""

    id: int
    depth: int
    role: Role
    content: str
    thinking: str


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What was found in the first `searched` of some messages: `(depth, id, matches)` of those with any."""

    hits: tuple[tuple[int, int, int], ...]
    searched: int


def needle(text: str, *, match_case: bool = False) -> Needle:
    """Prepare a text to be looked for; a needle of blanks alone is false, and finds nothing."""
    key = text.translate(_BLANKS) if match_case else fold(text)
    return Needle(text, match_case, key, _NO_LETTERS.sub("", key))


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
        self._missing = set() if wanted.bare else set(wanted.key) - {" "}
        self._raw = self._bare = ""
        self._pieces = 0
        self._has_links = False
        self.may_match = "\ufffd" in self._missing
        """Whether what has been fed may match."""

    def feed(self, piece: str) -> None:
        """Take the next piece of the source."""
        wanted = self._wanted
        folded = piece.translate(_BLANKS) if wanted.match_case else fold(piece)
        self._pieces += 1
        if self.may_match:
            return
        self._missing = {char for char in self._missing if char not in folded}
        if not wanted.bare:
            self.may_match = not self._missing
        elif wanted.key in folded:
            self.may_match = True
        else:
            bare = self._bare + _NO_LETTERS.sub("", folded)
            self.may_match = wanted.bare in bare
            self._bare = bare[1 - len(wanted.bare) :] if len(wanted.bare) > 1 else ""
        raw = self._raw + piece
        self.may_match = self.may_match or self._is_odd(raw)
        self._raw = raw[-_LONGEST_ODD:]

    def _is_odd(self, raw: str) -> bool:
        """Return whether a source holds what is shown in another way than it is written."""
        if _ODD.search(raw):
            return True
        self._has_links = self._has_links or _LINK.search(raw) is not None
        if not self._has_links:
            return False
        wanted = self._wanted
        return self._pieces > 1 or not wanted.bare or _ODD_LINK.search(raw) is not None


_RUN_CHARS = 40
_RUNS = 4


def sieve_pattern(wanted: Needle) -> str:
    """Return letters and digits that any source of a match holds in this order, with stars between; "" for no sieve.

    Those are what `Needle.key` holds between its other characters, for the database to look for: by case, or else in
    ASCII whatever their case. In what is not ASCII it cannot tell letters apart as `fold` does.
    """
    runs = [run[:_RUN_CHARS] for run in _NO_LETTERS.split(wanted.key) if run][:_RUNS]
    return "*".join(["", *runs, ""]) if runs and (wanted.match_case or wanted.key.isascii()) else ""


def may_match(source: str, wanted: Needle) -> bool:
    """Return False where the text that a source shows cannot hold the needle."""
    sieve = Sieve(wanted)
    sieve.feed(source)
    return sieve.may_match
