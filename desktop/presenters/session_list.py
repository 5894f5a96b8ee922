"""The sessions of the sidebar as a Qt model that changes by ranges: it never resets because one row changed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import tzinfo
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from desktop.domain.sessions import SessionCursor, SessionListing
from desktop.i18n import _
from desktop.presenters.session_dates import DayNames

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class SessionRole(IntEnum):
    """What a row can be asked for, beside its title (`DisplayRole`)."""

    ID = Qt.ItemDataRole.UserRole + 1
    GROUP = Qt.ItemDataRole.UserRole + 2
    """The heading above this row, or "" where the row before has the same."""
    WHEN = Qt.ItemDataRole.UserRole + 3
    RUNNING = Qt.ItemDataRole.UserRole + 4
    UNREAD = Qt.ItemDataRole.UserRole + 5
    PINNED = Qt.ItemDataRole.UserRole + 6
    WRITING = Qt.ItemDataRole.UserRole + 7
    """Whether text has arrived of the answer that is RUNNING."""
    TROUBLE = Qt.ItemDataRole.UserRole + 8
    """What became of the last answer, in a word, where it failed or was cut off."""


class SessionListModel(QAbstractListModel):
    """Listings, newest first, pinned before all; `now_ms` is the clock (UTC milliseconds), `zone` None the system's."""

    more_wanted = Signal()
    """The view came near the end and there is more."""
    order_wanted = Signal()
    """The rows may move again, and were asked to."""
    rename_wanted = Signal(str, str)
    """Session id and new title, after editing in place."""

    def __init__(self, *, now_ms: Callable[[], int], zone: tzinfo | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._zone = zone
        self._days = DayNames(now_ms=now_ms(), zone=zone)
        self._rows: list[SessionListing] = []
        self._has_more = False
        self._fetching = False
        self._running: frozenset[str] = frozenset()
        self._unread: frozenset[str] = frozenset()
        self._writing: frozenset[str] = frozenset()
        self._held = False
        self._late = False

    # What a view asks.

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        at = index.row()
        row = self._rows[at]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return row.title if role == Qt.ItemDataRole.EditRole else row.title or _("New session")
            case SessionRole.ID:
                return row.id
            case SessionRole.GROUP:
                group = self._group(row)
                return group if at == 0 or self._group(self._rows[at - 1]) != group else ""
            case SessionRole.WHEN:
                return self._days.when(row.updated_at, pinned=row.pinned)
            case SessionRole.RUNNING:
                return row.id in self._running
            case SessionRole.UNREAD:
                return row.id in self._unread
            case SessionRole.WRITING:
                return row.id in self._writing
            case SessionRole.TROUBLE:
                return "" if row.id in self._running else _trouble(row)
            case SessionRole.PINNED:
                return row.pinned
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        title = " ".join(str(value).split())
        row = self._rows[index.row()]
        if title and title != row.title:
            self.rename_wanted.emit(row.id, title)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return plain | Qt.ItemFlag.ItemIsEditable if index.isValid() else Qt.ItemFlag.NoItemFlags

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._has_more and not self._fetching

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._fetching = True
            self.more_wanted.emit()

    # What the presenter tells.

    def cursor(self) -> SessionCursor | None:
        """Return where the loaded part ends, or None while it is empty."""
        if not self._rows:
            return None
        last = self._rows[-1]
        return SessionCursor(pinned=last.pinned, updated_at=last.updated_at, id=last.id)

    def row_of(self, session_id: str) -> int:
        """Return the row of a session, or -1."""
        return next((at for at, row in enumerate(self._rows) if row.id == session_id), -1)

    def listing(self, session_id: str) -> SessionListing | None:
        """Return what is known of a session, if it is in the loaded part."""
        at = self.row_of(session_id)
        return None if at < 0 else self._rows[at]

    def ids(self) -> tuple[str, ...]:
        """Return the ids of the loaded part, in order."""
        return tuple(row.id for row in self._rows)

    def append(self, page: Sequence[SessionListing], *, has_more: bool) -> None:
        """Add the next page below what is there; a session that is there already stays where it is."""
        self._fetching = False
        self._has_more = has_more
        known = set(self.ids())
        fresh = [row for row in page if row.id not in known]
        if fresh:
            self.beginInsertRows(_ROOT, len(self._rows), len(self._rows) + len(fresh) - 1)
            self._rows += fresh
            self.endInsertRows()

    def show(self, wanted: Sequence[SessionListing], *, has_more: bool) -> None:
        """Become `wanted` by the fewest removals, moves and inserts, each told to the views."""
        self._fetching = False
        self._has_more = has_more
        if self._held:
            wanted = self._in_old_order(wanted)
        self._remove_others({row.id for row in wanted})
        at = 0
        while at < len(wanted):
            if at < len(self._rows) and self._rows[at].id == wanted[at].id:
                self._replace(at, wanted[at])
                at += 1
            elif (found := self._find(wanted[at].id, at)) >= 0:
                self._move(found, at)
            else:
                at += self._insert(at, wanted)

    @Slot(bool)
    def set_held(self, held: bool) -> None:
        """Keep the order of the rows while somebody points at one, so that none moves away under a click."""
        self._held = held
        if not held and self._late:
            self._late = False
            self.order_wanted.emit()

    def set_running(self, session_ids: frozenset[str]) -> None:
        """Mark the sessions in which an answer is being written."""
        changed, self._running = self._running ^ session_ids, session_ids
        self._touch(changed, SessionRole.RUNNING)

    def set_writing(self, session_ids: frozenset[str]) -> None:
        """Mark the sessions in which the answer has begun to arrive."""
        changed, self._writing = self._writing ^ session_ids, session_ids
        self._touch(changed, SessionRole.WRITING)

    def set_unread(self, session_ids: frozenset[str]) -> None:
        """Mark the sessions whose answer ended while another one was open."""
        changed, self._unread = self._unread ^ session_ids, session_ids
        self._touch(changed, SessionRole.UNREAD)

    def refresh_days(self) -> int:
        """Look at the clock again, retell the rows if the day is another, and return the milliseconds to midnight."""
        now = self._now_ms()
        days = DayNames(now_ms=now, zone=self._zone)
        if days.today != self._days.today:
            self._days = days
            if self._rows:
                self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))
        return days.ms_to_midnight(now)

    # Steps of `show`.

    def _in_old_order(self, wanted: Sequence[SessionListing]) -> list[SessionListing]:
        """Return `wanted` with the rows that are shown already where they are, and as new as they were."""
        places = {row.id: at for at, row in enumerate(self._rows)}
        stay = sorted((row for row in wanted if row.id in places), key=lambda row: places[row.id])
        waiting = iter([replace(row, updated_at=self._rows[places[row.id]].updated_at) for row in stay])
        kept = [next(waiting) if row.id in places else row for row in wanted]
        self._late = self._late or kept != list(wanted)
        return kept

    def _find(self, session_id: str, start: int) -> int:
        return next((at for at in range(start, len(self._rows)) if self._rows[at].id == session_id), -1)

    def _remove_others(self, kept: set[str]) -> None:
        end = len(self._rows)
        while end > 0:
            if self._rows[end - 1].id in kept:
                end -= 1
                continue
            start = end - 1
            while start > 0 and self._rows[start - 1].id not in kept:
                start -= 1
            self.beginRemoveRows(_ROOT, start, end - 1)
            del self._rows[start:end]
            self.endRemoveRows()
            self._retell(start)
            end = start

    def _replace(self, at: int, row: SessionListing) -> None:
        if self._rows[at] != row:
            self._rows[at] = row
            self.dataChanged.emit(self.index(at), self.index(at))
            self._retell(at + 1)

    def _move(self, source: int, target: int) -> None:
        self.beginMoveRows(_ROOT, source, source, _ROOT, target)
        self._rows.insert(target, self._rows.pop(source))
        self.endMoveRows()
        self._retell(target + 1)
        self._retell(source + 1)

    def _insert(self, at: int, wanted: Sequence[SessionListing]) -> int:
        known = set(self.ids())
        count = 1
        while at + count < len(wanted) and wanted[at + count].id not in known:
            count += 1
        self.beginInsertRows(_ROOT, at, at + count - 1)
        self._rows[at:at] = wanted[at : at + count]
        self.endInsertRows()
        self._retell(at + count)
        return count

    def _retell(self, at: int) -> None:
        """Tell the view about a heading again, which depends on the row before it."""
        if 0 <= at < len(self._rows):
            self.dataChanged.emit(self.index(at), self.index(at), [SessionRole.GROUP])

    def _touch(self, session_ids: frozenset[str], role: SessionRole) -> None:
        for at in (self.row_of(session_id) for session_id in session_ids):
            if at >= 0:
                self.dataChanged.emit(self.index(at), self.index(at), [role])

    def _group(self, row: SessionListing) -> str:
        return self._days.group(row.updated_at, pinned=row.pinned)

    def _spoken(self, row: SessionListing) -> str:
        parts = [row.title or _("New session"), self._group(row), self._days.when(row.updated_at, pinned=row.pinned)]
        if row.id in self._running:
            writing = row.id in self._writing
            parts.append(_("an answer is being written") if writing else _("an answer is awaited"))
        elif trouble := _trouble(row):
            parts.append(_("last answer: {state}").format(state=trouble))
        elif row.id in self._unread:
            parts.append(_("new answer"))
        return ", ".join(parts)


def _trouble(row: SessionListing) -> str:
    """Return in a word what became of the last answer, nothing where all is well."""
    return {"failed": _("failed"), "interrupted": _("cut off")}.get(row.ended, "")
