"""The order of the sidebar's list, as the database keeps it: a session finds its row without a look at the others."""

from collections.abc import Callable, Sequence
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


def place_of(rows: Sequence[SessionListing], row: SessionListing, key: Key) -> int:
    """Return where a session stands, or would stand, in rows of that order."""
    from bisect import bisect_left

    return bisect_left(rows, key(row), key=key)
