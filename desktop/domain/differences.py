"""Two versions of a text side by side: which lines are the same, and which words within a changed line are others."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from re import compile as pattern

MOST_LINES = 4_000
"""Longer texts are compared line by line at the same place: finding what has moved would take minutes."""
MOST_WORDS = 600
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


def compare(old: str, new: str) -> tuple[Row, ...]:
    """Return both texts line by line; all lines of each are there, in order."""
    before, after = old.split("\n"), new.split("\n")
    if len(before) + len(after) > MOST_LINES:
        return tuple(_paired(before, after))
    rows: list[Row] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            rows.extend(Row(line, line) for line in before[old_from:old_to])
        else:
            rows.extend(_paired(before[old_from:old_to], after[new_from:new_to]))
    return tuple(rows)


def _paired(before: Sequence[str], after: Sequence[str]) -> list[Row]:
    """Return lines at the same place as rows, and what is left over alone."""
    both = min(len(before), len(after))
    return [
        *(_row(mine, theirs) for mine, theirs in zip(before, after, strict=False)),
        *(Row(line, None, old_marks=((0, len(line)),)) for line in before[both:]),
        *(Row(None, line, new_marks=((0, len(line)),)) for line in after[both:]),
    ]


def _row(old: str, new: str) -> Row:
    if old == new:
        return Row(old, new)
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        return Row(old, new, ((0, len(old)),), ((0, len(new)),))
    old_marks: list[tuple[int, int]] = []
    new_marks: list[tuple[int, int]] = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            _mark(old_marks, before, old_from, old_to)
            _mark(new_marks, after, new_from, new_to)
    return Row(old, new, tuple(old_marks), tuple(new_marks))


def _mark(marks: list[tuple[int, int]], words: Sequence[str], first: int, last: int) -> None:
    if first < last:
        start = sum(map(len, words[:first]))
        marks.append((start, start + sum(map(len, words[first:last]))))
