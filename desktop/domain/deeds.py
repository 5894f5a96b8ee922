"""What organising is made of: the smallest changes, each of which has an inverse, so that everything can be undone.

Whoever does a deed gets back the deeds that take it back. They name rows by their numbers: a folder that is removed and
brought back is the same folder, and what was in it finds it again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """A table of things that sessions are kept under."""

    FOLDER = "folder"
    TAG = "tag"
    SEARCH = "saved_search"


@dataclass(frozen=True, slots=True)
class SetSessions:
    """Give a column of sessions a value: `folder_id`, `pinned`, `is_resolved`, `is_active`, `deleted_at` or a title's.

    Those are `title` and `title_is_auto`.
    """

    column: str
    value: Any
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MarkSessions:
    """Mark sessions with a tag, or take it off them."""

    tag_id: int
    on: bool
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddRow:
    """Write a folder, a tag or a saved search; `values` may hold its number, or else it is greater than `above`."""

    kind: Kind
    values: Mapping[str, Any]
    above: int = 0


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """Change columns of a folder, a tag or a saved search."""

    kind: Kind
    id: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RemoveRow:
    """Remove a tag, a saved search or a folder; what is in a folder goes to the one it lies in, to its place there."""

    kind: Kind
    id: int


Deed = SetSessions | MarkSessions | AddRow | ChangeRow | RemoveRow


def size(deed: Deed) -> int:
    """Return how many sessions a deed is about, at least 1."""
    return max(1, len(deed.ids)) if isinstance(deed, SetSessions | MarkSessions) else 1


def chunks(deeds: Iterable[Deed], limit: int) -> Iterator[tuple[Deed, ...]]:
    """Yield deeds in their order, so many together that no more than `limit` sessions are touched at once."""
    together: list[Deed] = []
    for deed in deeds:
        for part in _parts(deed, limit):
            if together and sum(map(size, together)) + size(part) > limit:
                yield tuple(together)
                together = []
            together.append(part)
    if together:
        yield tuple(together)


def _parts(deed: Deed, limit: int) -> Iterator[Deed]:
    if isinstance(deed, SetSessions | MarkSessions):
        for start in range(0, max(1, len(deed.ids)), limit):
            yield replace(deed, ids=deed.ids[start : start + limit])
    else:
        yield deed


def sessions_of(deeds: Iterable[Deed]) -> tuple[str, ...]:
    """Return the sessions that deeds are about, each once."""
    found = (id_ for deed in deeds if isinstance(deed, SetSessions | MarkSessions) for id_ in deed.ids)
    return tuple(dict.fromkeys(found))


def are_independent(some: Iterable[Deed], others: Iterable[Deed]) -> bool:
    """Return whether it does not matter which of them are done first."""
    touched = {key for deed in some for key in _touched(deed)}
    return touched.isdisjoint(key for deed in others for key in _touched(deed))


def _touched(deed: Deed) -> Iterator[object]:
    """Yield what a deed changes or counts on: a column of sessions, a row, the names and the nesting of a kind."""
    match deed:
        case SetSessions():
            yield deed.column
        case MarkSessions():
            yield Kind.TAG, deed.tag_id
        case ChangeRow():
            yield deed.kind, deed.id
            if deed.values.keys() & {"name", "parent_id"}:
                yield deed.kind
        case AddRow() | RemoveRow():
            yield deed.kind, deed.values.get("id") if isinstance(deed, AddRow) else deed.id
            yield deed.kind
            if deed.kind is Kind.FOLDER:
                yield "folder_id"
