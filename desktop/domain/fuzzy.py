"""How well a few letters fit a name: for the palette, where `nese` finds "New session" and `conte` finds "Context".

Every word that was typed must be found. What begins with it fits better than what has it at the beginning of a word,
that better than what has it inside, and that better than what only has its letters where words begin. Of two names that
fit alike the shorter one is meant. No library is wanted for some hundred names: a name that does not fit is told from
the letters alone, at a microsecond each.
"""

from dataclasses import dataclass
from functools import lru_cache

from desktop.domain.finding import Range
from desktop.domain.folding import fold

BEGINS, WORD, WITHIN, SCATTERED = 4.0, 3.0, 2.0, 1.0
"""How a word fits; a score is the mean of its words', and less than one better for how much of the name they are."""
_MOST_GAPS = 3
"""Letters that are strewn over more words than this fit by chance."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a name fits, and which ranges of its code points were meant, first to last."""

    score: float
    ranges: tuple[Range, ...]


@lru_cache(maxsize=4096)
def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    """Return a text as it is compared, and for each of its letters the code point it stands for."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for part in fold(letter):
            letters.append(part)
            places.append(place)
    return "".join(letters), tuple(places)


def fit(typed: str, name: str) -> Fit | None:
    """Return how well `typed` fits `name`, or None where it does not; nothing typed fits everything, with score 0."""
    folded, places = _folded(name)
    total, found = 0.0, set[int]()
    words = fold(typed).split()
    for word in words:
        best = _best(word, folded)
        if best is None:
            return None
        score, at = best
        total += score
        found.update(places[each] for each in at)
    if not words:
        return Fit(0.0, ())
    return Fit(total / len(words) + min(1.0, len(found) / max(1, len(name))) * 0.9, _ranges(found))


def _best(word: str, folded: str) -> tuple[float, range | list[int]] | None:
    at = folded.find(word)
    if at == 0:
        return BEGINS, range(len(word))
    inside = at
    while at > 0:
        if not folded[at - 1].isalnum():
            return WORD, range(at, at + len(word))
        at = folded.find(word, at + 1)
    if inside > 0:
        return WITHIN, range(inside, inside + len(word))
    scattered = _scattered(word, folded)
    return None if scattered is None else (SCATTERED, scattered)


def _scattered(word: str, folded: str) -> list[int] | None:
    """Return where the letters stand in this order: each run at the beginning of a word, and as long as it can be."""
    places: list[int] = []
    gaps, start, at = 0, 0, 0
    while start < len(word):
        found, length = _longest(word, start, folded, at)
        if found < 0:
            return None
        gaps += 1
        if gaps > _MOST_GAPS:
            return None
        places += range(found, found + length)
        start, at = start + length, found + length
    return places


def _longest(word: str, start: int, folded: str, at: int) -> tuple[int, int]:
    """Return where from `at` on the longest beginning of the rest stands that leaves room for what remains."""
    for length in range(len(word) - start, 0, -1):
        piece, rest = word[start : start + length], word[start + length :]
        found = _at_word(piece, folded, at)
        if found >= 0 and _in_order(rest, folded, found + length):
            return found, length
    return -1, 0


def _at_word(piece: str, folded: str, at: int) -> int:
    found = folded.find(piece, at)
    while found >= 0:
        if found == 0 or not folded[found - 1].isalnum():
            return found
        found = folded.find(piece, found + 1)
    return -1


def _in_order(rest: str, folded: str, at: int) -> bool:
    for letter in rest:
        at = folded.find(letter, at) + 1
        if not at:
            return False
    return True


def _ranges(places: set[int]) -> tuple[Range, ...]:
    made: list[Range] = []
    for place in sorted(places):
        if made and made[-1][1] == place:
            made[-1] = (made[-1][0], place + 1)
        else:
            made.append((place, place + 1))
    return tuple(made)
