"""Whether a text holds what is looked for, how well, and the few words around the place that show it.

This is what a search means; the index only says which messages are worth a look. Words match whole words, the last
one its beginning where it may go on; signs within a word must stand there as they were typed. What was typed without
quotes is also found anywhere within a piece of code, from three letters on (or two, where one is a sign).
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import islice
from math import log

from desktop.domain.search_language import Clause, Filter, Question, Words
from desktop.domain.search_words import DENSE, MARKS, code_pieces, folded, unfolded_place, units
from desktop.domain.searching import CLOSE, OPEN

LONGEST_LOOKED_AT = 200_000
"""A snippet comes from so many characters at a text's beginning; what matches further on is found, and not shown."""
SNIPPET_WORDS = 24
WORDS_BEFORE = 7
LONGEST_SNIPPET = 240
_PIECE = 4_000
_MOST_SPANS = 40
_LETTER = re.compile(rf"(?![_{DENSE}])[\w{MARKS}]")
_END = rf"(?:(?![\w{MARKS}])|(?=[_{DENSE}]))"
_BLANK = re.compile(r"\s+")

Span = tuple[int, int]


class Document:
    """A text, read as far as somebody asks."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def folded(self) -> str:
        """The text as it is compared."""
        return folded(self.text)

    @cached_property
    def pieces(self) -> set[str]:
        """The pieces of code in it."""
        return code_pieces(self.text)


@lru_cache(maxsize=256)
def _pattern(words: Words) -> re.Pattern[str]:
    """Return what words look like in a folded text, but for what may stand before them."""
    parts: list[str] = []
    before = ""
    for chunk in words.chunks:
        if parts:
            dense = _is_dense(before[-1]) or _is_dense(chunk[0])
            parts.append(r"[\W_]*" if dense or not (_is_letter(before[-1]) and _is_letter(chunk[0])) else r"[\W_]+")
        parts.append(re.escape(chunk))
        before = chunk
    ends = words.is_beginning or not _is_letter(before[-1])
    return re.compile("".join(parts) + ("" if ends else _END))


def _is_letter(character: str) -> bool:
    """Return whether a word goes on before or behind this character."""
    return _LETTER.match(character) is not None


def _is_dense(character: str) -> bool:
    return not _is_letter(character) and character.isalnum()


def spans(text: str, words: Words) -> Iterator[Span]:
    """Yield where words stand in a folded text, first to last."""
    pattern = _pattern(words)
    if not units(words.chunks[0]) and len(words.chunks) == 1:
        return  # signs alone are looked for in code
    inner = _is_letter(words.chunks[0][0])
    at = 0
    while found := pattern.search(text, at):
        start, end = found.span()
        if inner and start and _is_letter(text[start - 1]):
            at = start + 1
        else:
            yield start, end
            at = end


def holds_words(document: Document, words: Words) -> bool:
    """Return whether a text holds words."""
    text = document.folded
    if next(spans(text, words), None) is not None:
        return True
    fragment = words.fragment
    return bool(fragment) and fragment in text and any(fragment in piece for piece in document.pieces)


def holds(question: Question, document: Document, holds_filter: Callable[[Filter], bool]) -> bool:
    """Return whether a text is an answer; `holds_filter` tells of a filter whether it lets the text pass."""

    def clause_holds(clause: Clause) -> bool:
        asks = clause.asks
        return (holds_filter(asks) if isinstance(asks, Filter) else holds_words(document, asks)) is not clause.is_not

    return all(any(map(clause_holds, group)) for group in question.groups)


def counts(document: Document, wanted: Sequence[Words]) -> tuple[int, ...]:
    """Return how often each of the words stands in a text; in code alone counts as once."""
    found = [sum(1 for _span in islice(spans(document.folded, words), _MOST_SPANS)) for words in wanted]
    return tuple(many or int(holds_words(document, words)) for many, words in zip(found, wanted, strict=True))


def ranks(found: Sequence[tuple[int, tuple[int, ...]]]) -> list[float]:
    """Return how well each of some texts fits, from its length and its counts (BM25 over these texts alone).

    https://en.wikipedia.org/wiki/Okapi_BM25, with k1 = 1.2 and b = 0.75.
    """
    if not found:
        return []
    mean = sum(length for length, _counts in found) / len(found) or 1.0
    many = [sum(1 for _length, each in found if each[place]) for place in range(len(found[0][1]))]
    weights = [log(1 + (len(found) - df + 0.5) / (df + 0.5)) for df in many]
    return [
        sum(
            weight * count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / mean))
            for weight, count in zip(weights, each, strict=True)
        )
        for length, each in found
    ]


def snippet(text: str, wanted: Sequence[Words]) -> str:
    """Return about 24 words of a text around the place where most of the words stand, each match between its marks."""
    text = text[:LONGEST_LOOKED_AT]
    places = _Places(text)
    found = sorted((span, number) for number, words in enumerate(wanted) for span in places.spans(words))
    first = _best(found)
    start, end = _window(text, places.raw(found[first][0][0]) if found else 0)
    marked: list[str] = []
    at = start
    for (one, other), _number in found[first:]:
        left, right = max(places.raw(one), at), min(places.raw(other), end)
        if left >= end:
            break
        if left < right:
            marked += (_plain(text[at:left]), OPEN, _plain(text[left:right]), CLOSE)
            at = right
    marked.append(_plain(text[at:end]))
    shown = _BLANK.sub(" ", "".join(marked)).strip()
    return ("…" if start else "") + shown + ("…" if end < len(text) else "")


def _best(found: Sequence[tuple[Span, int]]) -> int:
    """Return the first of the matches behind which most of the words stand near."""
    best, most = 0, 0
    for place, ((start, _end), _number) in enumerate(found[:_MOST_SPANS]):
        near = {
            number for (begin, _), number in found[place : place + _MOST_SPANS] if begin < start + LONGEST_SNIPPET // 2
        }
        if len(near) > most:
            best, most = place, len(near)
    return best


def _window(text: str, at: int) -> Span:
    """Return where a snippet begins and ends: some words before a place, and the rest behind it."""
    head = text[max(0, at - LONGEST_SNIPPET // 3) : at]
    words = [match.end() for match in _BLANK.finditer(head)]
    if at <= len(head) and len(words) <= WORDS_BEFORE:
        start = 0
    elif words:
        start = at - len(head) + words[-min(WORDS_BEFORE, len(words))]
    else:
        start = at - len(head)
    tail = text[start : start + LONGEST_SNIPPET]
    ends = [match.start() for match in _BLANK.finditer(tail) if match.start()]
    if len(ends) >= SNIPPET_WORDS:
        return start, start + ends[SNIPPET_WORDS - 1]
    if start + len(tail) == len(text) or not ends or ends[-1] + start <= at:
        return start, start + len(tail)
    return start, start + ends[-1]


def _plain(text: str) -> str:
    """Return a text without characters that would pass for marks."""
    return text.replace(OPEN, " ").replace(CLOSE, " ")


class _Places:
    """A text and its folded form, with the way back from one to the other: folding changes lengths."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: list[int] = []
        self._folded_starts: list[int] = []
        if text.isascii():
            self._folded = folded(text)
            return
        pieces: list[str] = []
        at = length = 0
        while at < len(text):
            cut = _BLANK.search(text, at + _PIECE)
            end = len(text) if cut is None or cut.start() > at + 2 * _PIECE else cut.start()
            end = min(end, at + 2 * _PIECE)
            self._starts.append(at)
            self._folded_starts.append(length)
            pieces.append(folded(text[at:end]))
            length += len(pieces[-1])
            at = end
        self._folded = "".join(pieces)
        self._pieces = pieces

    def spans(self, words: Words) -> list[Span]:
        """Return the first places of words, or of what they are a part of in code."""
        found = list(islice(spans(self._folded, words), _MOST_SPANS))
        fragment = words.fragment
        at = self._folded.find(fragment) if fragment and not found else -1
        while at >= 0 and len(found) < _MOST_SPANS:
            found.append((at, at + len(fragment)))
            at = self._folded.find(fragment, at + len(fragment))
        return found

    def raw(self, at: int) -> int:
        """Return where a place of the folded text is in the text."""
        if not self._starts:
            return at
        piece = bisect_right(self._folded_starts, at) - 1
        begin = self._starts[piece]
        end = self._starts[piece + 1] if piece + 1 < len(self._starts) else len(self._text)
        inside = at - self._folded_starts[piece]
        if len(self._pieces[piece]) == end - begin:
            return begin + inside
        return begin + unfolded_place(self._text[begin:end], inside)
