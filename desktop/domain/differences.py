"""Two versions of a text side by side: which lines are the same, and which words within a changed line are others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from re import compile as pattern

MOST_LINES = 4_000
"""Longer texts are compared line by line at the same place: finding what has moved would take minutes."""
MOST_WORDS = 600
"""Of one line and its like; longer ones are other as a whole."""
MOST_WORDS_IN_ALL = 20_000
MOST_PAIRS = 16
"""What is there more often, as blank lines are, is no landmark: each would be held against each, for minutes."""
LONGEST_TEXT, LONGEST_LINE, SHOWN_LINES = 100_000, 2_000, 2_000
"""Characters of a text and of a line, and lines, that are set side by side to be looked at."""
_WORDS = pattern(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of each text that belong together, None where one text has none; with what is other in them.

    `old_marks` and `new_marks` are ranges of code points in the lines; a line without its like is other as a whole.
    """

    old: str | None
    new: str | None
    old_marks: tuple[tuple[int, int], ...] = ()
    new_marks: tuple[tuple[int, int], ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether the line is the same in both texts."""
        return self.old == self.new


def shortened(text: str) -> str:
    """Return a text as far as it can be looked at beside another: what is left out is an ellipsis."""
    beginning = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}\n…"
    lines = beginning.split("\n", SHOWN_LINES)
    if len(lines) > SHOWN_LINES:
        lines[SHOWN_LINES] = "…"
    return "\n".join(line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]}…" for line in lines)


def compare(old: str, new: str) -> tuple[Row, ...]:
    """Return both texts line by line; all lines of each are there, in order."""
    before, after = old.split("\n"), new.split("\n")
    words = _Words()
    if len(before) + len(after) > MOST_LINES:
        return tuple(_paired(before, after, words))
    rows: list[Row] = []
    for kind, old_from, old_to, new_from, new_to in _matcher(before, after).get_opcodes():
        if kind == "equal":
            rows.extend(Row(line, line) for line in before[old_from:old_to])
        else:
            rows.extend(_paired(before[old_from:old_to], after[new_from:new_to], words))
    return tuple(rows)


def _matcher(before: Sequence[str], after: Sequence[str]) -> SequenceMatcher[str]:
    mine, theirs = Counter(before), Counter(after)
    frequent = {one for one, count in mine.items() if count * theirs.get(one, 0) > MOST_PAIRS}
    return SequenceMatcher(frequent.__contains__, before, after, autojunk=False)


def _paired(before: Sequence[str], after: Sequence[str], words: "_Words") -> list[Row]:
    """Return lines at the same place as rows, and what is left over alone."""
    both = min(len(before), len(after))
    return [
        *(words.row(mine, theirs) for mine, theirs in zip(before, after, strict=False)),
        *(Row(line, None, old_marks=((0, len(line)),)) for line in before[both:]),
        *(Row(None, line, new_marks=((0, len(line)),)) for line in after[both:]),
    ]


class _Words:
    """Compares lines word by word, as long as there are not too many words in all."""

    def __init__(self) -> None:
        self._seen = 0

    def row(self, old: str, new: str) -> Row:
        """Return two lines as a row with marks."""
        if old == new:
            return Row(old, new)
        before, after = _WORDS.findall(old), _WORDS.findall(new)
        many = len(before) + len(after)
        self._seen += many
        if many > MOST_WORDS or self._seen > MOST_WORDS_IN_ALL:
            return Row(old, new, ((0, len(old)),), ((0, len(new)),))
        old_marks: list[tuple[int, int]] = []
        new_marks: list[tuple[int, int]] = []
        for kind, old_from, old_to, new_from, new_to in _matcher(before, after).get_opcodes():
            if kind != "equal":
                _mark(old_marks, before, old_from, old_to)
                _mark(new_marks, after, new_from, new_to)
        return Row(old, new, tuple(old_marks), tuple(new_marks))


def _mark(marks: list[tuple[int, int]], words: Sequence[str], first: int, last: int) -> None:
    if first < last:
        start = sum(map(len, words[:first]))
        marks.append((start, start + sum(map(len, words[first:last]))))
