"""The order of the sidebar's list, as the database keeps it: a session finds its row without a look at the others."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from desktop.domain.folding import fold
from desktop.domain.organising import Sort
from desktop.domain.sessions import SessionListing

Key = Callable[[SessionListing], tuple[Any, ...]]


class _Down:
    """A text that sorts the other way round."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __lt__(self, other: "_Down") -> bool:
        return other._text < self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Down) and other._text == self._text

    __hash__ = None  # type: ignore[assignment]  # a key to sort by, never one of a dict


def _by_activity(row: SessionListing) -> tuple[Any, ...]:
    return not row.pinned, -row.updated_at, _Down(row.id)


def _by_creation(row: SessionListing) -> tuple[Any, ...]:
    return not row.pinned, -row.created_at, _Down(row.id)


def _by_title(row: SessionListing) -> tuple[Any, ...]:
    return not row.pinned, fold(row.title), _Down(row.id)


ORDERS: dict[Sort, Key] = {Sort.ACTIVITY: _by_activity, Sort.CREATION: _by_creation, Sort.TITLE: _by_title}
"""What the rows of each order are sorted by, ascending."""


def starts_of(count: int, group: Callable[[int], str]) -> list[int]:
    """Return the rows at which another group begins, as long as rows of one group stand together."""
    starts: list[int] = []
    at = 0
    while at < count:
        starts.append(at)
        here, step = group(at), 1
        while at + step < count and group(at + step) == here:
            at, step = at + step, step * 2
        end = min(at + step, count)
        while end - at > 1:
            middle = (at + end) // 2
            at, end = (middle, end) if group(middle) == here else (at, middle)
        at = end
    return starts


def runs(rows: Iterable[int]) -> list[tuple[int, int]]:
    """Return rows as ranges (first and last) of neighbours, from above."""
    found: list[tuple[int, int]] = []
    for at in sorted(rows):
        if found and found[-1][1] == at - 1:
            found[-1] = found[-1][0], at
        else:
            found.append((at, at))
    return found


def place_of(rows: Sequence[SessionListing], row: SessionListing, key: Key) -> int:
    """Return where a session stands, or would stand, in rows of that order."""
    from bisect import bisect_left

    return bisect_left(rows, key(row), key=key)
