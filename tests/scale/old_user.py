"""What plain Python says of a database: its listings are sorted and filtered from all rows, without any index."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import apsw

from desktop.domain.folding import fold
from desktop.domain.organising import EVERYTHING, GUEST, Place, PlaceKind, Sort


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A session as the table has it, with the numbers of its tags."""

    id: str
    title: str
    pinned: bool
    is_active: bool
    is_resolved: bool
    is_trashed: bool
    folder: int | None
    created_at: int
    updated_at: int
    tags: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class OldUser:
    """A data folder; `needles` names for some words the messages that have them, `largest` the largest session."""

    folder: Path
    needles: dict[str, list[int]]
    largest: str

    def query(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Ask the file itself."""
        db = apsw.Connection(str(self.folder / "sobremesa.db"), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            return list(db.execute(sql, values))
        finally:
            db.close()

    @cached_property
    def tag_names(self) -> dict[int, str]:
        """The tags of Guest."""
        return {
            int(str(number)): str(name) for number, name in self.query("SELECT id, name FROM tag WHERE profile_id = 1")
        }

    def rows(self) -> list[Row]:
        """Return every session of Guest."""
        tags: dict[str, set[int]] = {}
        for session, tag in self.query("SELECT session_id, tag_id FROM session_tag"):
            tags.setdefault(str(session), set()).add(int(str(tag)))
        found = self.query(
            "SELECT id, title, pinned, is_active, is_resolved, deleted_at IS NOT NULL, folder_id, created_at, "
            "updated_at FROM session WHERE profile_id = ?",
            GUEST,
        )
        return [
            Row(
                id=str(id_),
                title=str(title),
                pinned=bool(pinned),
                is_active=bool(active),
                is_resolved=bool(resolved),
                is_trashed=bool(trashed),
                folder=None if folder is None else int(str(folder)),
                created_at=int(str(created)),
                updated_at=int(str(updated)),
                tags=frozenset(tags.get(str(id_), ())),
            )
            for id_, title, pinned, active, resolved, trashed, folder, created, updated in found
        ]

    def folders_below(self, number: int) -> set[int]:
        """Return a folder with all that are nested in it."""
        pairs = [(int(str(id_)), above) for id_, above in self.query("SELECT id, parent_id FROM folder")]
        found = {number}
        while more := {id_ for id_, above in pairs if above in found} - found:
            found |= more
        return found

    def listing(self, *, place: Place = EVERYTHING, sort: Sort = Sort.ACTIVITY, text: str = "") -> list[str]:
        """Return the ids of all sessions of a place, in its order."""
        below = self.folders_below(place.number) if place.kind is PlaceKind.FOLDER else set()
        rows = [row for row in self.rows() if _is_in(row, place, below) and self._has(row, text)]
        rows.sort(key=lambda row: row.id, reverse=True)
        if sort is Sort.TITLE:
            rows.sort(key=lambda row: fold(row.title))
        else:
            rows.sort(key=lambda row: row.created_at if sort is Sort.CREATION else row.updated_at, reverse=True)
        return [row.id for row in sorted(rows, key=lambda row: not row.pinned)]

    def _has(self, row: Row, text: str) -> bool:
        names = [fold(self.tag_names[tag]) for tag in row.tags if tag in self.tag_names]
        return all(word in fold(row.title) or any(word in name for name in names) for word in fold(text).split())


def _is_in(row: Row, place: Place, below: set[int]) -> bool:
    in_use = row.is_active and not row.is_trashed
    match place.kind:
        case PlaceKind.TRASH:
            return row.is_trashed
        case PlaceKind.ARCHIVED:
            return not row.is_active and not row.is_trashed
        case PlaceKind.RESOLVED:
            return in_use and row.is_resolved
        case PlaceKind.FOLDER:
            return in_use and row.folder in below
        case PlaceKind.TAG:
            return in_use and place.number in row.tags
        case PlaceKind.ALL:
            return in_use
