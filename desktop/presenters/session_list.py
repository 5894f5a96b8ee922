"""The sessions of the sidebar as a Qt model that changes by ranges: it never resets because one row changed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from itertools import groupby
from typing import Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from desktop.domain.organising import Sort
from desktop.domain.sessions import SessionListing
from desktop.i18n import _
from desktop.presenters.session_dates import DayNames
from desktop.presenters.session_order import ORDERS, place_of, runs, starts_of
from desktop.presenters.session_roles import SessionRole
from desktop.presenters.session_words import spoken, trouble

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
SESSIONS_MIME = "application/x-sobremesa-sessions"
"""Ids of sessions, a line each: what is dragged from the list to a folder or a tag."""

__all__ = ["SESSIONS_MIME", "SessionListModel", "SessionRole"]


class SessionListModel(QAbstractListModel):
    """Listings in their `order`, pinned ones first; `now_ms` is the clock (UTC milliseconds), `zone` None the system's.

    Rows of that order find their place by halving, so that one session of 100,000 is changed without reading the rest.
    """

    more_wanted = Signal()
    """The view came near the end and there is more."""
    order_wanted = Signal(object)
    """The rows may move again, and these (ids) were asked to."""
    rename_wanted = Signal(str, str)
    """Session id and new title, after editing in place."""

    def __init__(self, *, now_ms: Callable[[], int], zone: tzinfo | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self._zone = zone
        self._days = DayNames(now_ms=now_ms(), zone=zone)
        self._rows: list[SessionListing] = []
        self._known: dict[str, SessionListing] = {}
        self._headings: list[int] | None = None
        self.order = Sort.ACTIVITY
        self.files: Mapping[str, str] = {}
        """The Markdown files of sessions that may be dragged out of the window, by id."""
        self.dragged: tuple[str, ...] = ()
        """What is dragged where it is more than the rows that are loaded."""
        self._has_more = False
        self._fetching = False
        self._running: frozenset[str] = frozenset()
        self._unread: frozenset[str] = frozenset()
        self._writing: frozenset[str] = frozenset()
        self._held = False
        self._late: set[str] = set()

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
                return self._when(row)
            case SessionRole.RUNNING:
                return row.id in self._running
            case SessionRole.UNREAD:
                return row.id in self._unread
            case SessionRole.WRITING:
                return row.id in self._writing
            case SessionRole.TROUBLE:
                return "" if row.id in self._running else trouble(row)
            case SessionRole.PINNED | SessionRole.RESOLVED:
                return row.pinned if role == SessionRole.PINNED else row.is_resolved
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
        plain |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled
        return plain if index.isValid() else Qt.ItemFlag.NoItemFlags

    def mimeTypes(self) -> list[str]:
        return [SESSIONS_MIME, "text/uri-list"]

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction | Qt.DropAction.MoveAction

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        from PySide6.QtCore import QUrl  # not before something is dragged

        ids = self.dragged or tuple(self._rows[index.row()].id for index in sorted(indexes, key=QModelIndex.row))
        data = super().mimeData(indexes[:1])  # made by Qt: one of Python's may crash when a platform keeps it
        for kind in data.formats():
            data.removeFormat(kind)
        data.setData(SESSIONS_MIME, "\n".join(ids).encode())
        files = [QUrl.fromLocalFile(self.files[each]) for each in ids if each in self.files]
        if files:
            data.setUrls(files)
        return data

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._has_more and not self._fetching

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._fetching = True
            self.more_wanted.emit()

    # What the presenter tells.

    @property
    def has_more(self) -> bool:
        """Whether there are sessions below the loaded part."""
        return self._has_more

    def last(self, before: int | None = None) -> SessionListing | None:
        """Return the session above a row, that of the end where none is named, or None where there is none."""
        at = len(self._rows) if before is None else before
        return self._rows[at - 1] if 0 < at <= len(self._rows) else None

    def headings(self) -> list[int]:
        """Return the rows that begin with a heading."""
        if self._headings is None:
            self._headings = starts_of(len(self._rows), lambda at: self._group(self._rows[at]))
        return self._headings

    def row_of(self, session_id: str) -> int:
        """Return the row of a session, or -1."""
        row = self._known.get(session_id)
        if row is None:
            return -1
        at = place_of(self._rows, row, ORDERS[self.order])
        if at < len(self._rows) and self._rows[at].id == session_id:
            return at
        return self._find(session_id, 0)  # rows that were shown in another order

    def listing(self, session_id: str) -> SessionListing | None:
        """Return what is known of a session, if it is in the loaded part."""
        return self._known.get(session_id)

    def ids(self, ranges: Iterable[tuple[int, int]] | None = None) -> tuple[str, ...]:
        """Return the ids of the loaded part, in order, or of some ranges of rows (first and last)."""
        parts = [(0, len(self._rows) - 1)] if ranges is None else sorted(ranges)
        return tuple(row.id for first, last in parts for row in self._rows[first : last + 1])

    def end_fetching(self) -> None:
        """Let the next page be asked for: none is on its way."""
        self._fetching = False

    def append(self, page: Sequence[SessionListing], *, has_more: bool) -> None:
        """Add the next page below what is there; a session that is there already stays where it is."""
        self._fetching = False
        self._has_more = has_more
        fresh = [row for row in page if row.id not in self._known]
        if fresh:
            self.beginInsertRows(_ROOT, len(self._rows), len(self._rows) + len(fresh) - 1)
            self._rows += fresh
            self._headings = None
            self._known.update((row.id, row) for row in fresh)
            self.endInsertRows()

    def show(self, wanted: Sequence[SessionListing], *, has_more: bool, order: Sort | None = None) -> None:
        """Become `wanted` by the fewest removals, moves and inserts, each told to the views."""
        self._fetching = False
        self._has_more = has_more
        self.order, self._headings = order or self.order, None
        kept = {row.id for row in wanted}
        self._remove_others(kept)
        at = 0
        while at < len(wanted):
            if at < len(self._rows) and self._rows[at].id == wanted[at].id:
                self._replace(at, wanted[at])
                at += 1
            elif wanted[at].id in self._known:
                self._move(self._find(wanted[at].id, at), at)
            else:
                at += self._insert(at, wanted)

    def apply(self, changes: Mapping[str, SessionListing | None]) -> None:
        """Take up what became of some sessions: None for one that is not in this list, or not any more.

        Neighbours leave, change and come together: each range that is told costs the views as much as a single row.
        """
        key = ORDERS[self.order]
        gone = (self.row_of(session_id) for session_id, row in changes.items() if row is None)
        for first, last in reversed(runs(at for at in gone if at >= 0)):
            self._remove(first, last + 1)
        staying: dict[int, SessionListing] = {}
        moving: list[SessionListing] = []
        for row in filter(None, changes.values()):
            if (at := self.row_of(row.id)) < 0 or key(row) != key(self._rows[at]):
                moving.append(row)
            elif row != self._rows[at]:
                staying[at] = self._known[row.id] = row
        for at, row in staying.items():
            self._rows[at] = row
        for first, last in runs(staying):
            self.dataChanged.emit(self.index(first), self.index(last))
        fresh = []
        for row in moving:
            at = self.row_of(row.id)
            if at >= 0 and self._is_below(row):
                self._remove(at, at + 1)
            elif at >= 0:
                self._put(at, row)
            elif not self._is_below(row):
                fresh.append(row)
        self._insert_some(sorted(fresh, key=key))

    def merge(self, start: int, page: Sequence[SessionListing], *, ends: bool) -> None:
        """Take up what stands from row `start` on now; `ends` where nothing comes after the page."""
        key = ORDERS[self.order]
        to_the_end = ends or not self._rows or key(self._rows[-1]) <= key(page[-1])
        end = len(self._rows)
        if to_the_end:
            self._has_more = False  # so that what is new below the loaded part is taken in too
        else:
            end = max(start, place_of(self._rows, page[-1], key))
            end += end < len(self._rows) and self._rows[end].id == page[-1].id
        kept = {row.id for row in page}
        gone = [row.id for row in self._rows[start:end] if row.id not in kept]
        self.apply({**dict.fromkeys(gone), **{row.id: row for row in page}})
        if to_the_end:
            self._has_more = not ends

    @Slot(bool)
    def set_held(self, held: bool) -> None:
        """Keep the order of the rows while somebody points at one, so that none moves away under a click."""
        self._held = held
        if not held and self._late:
            late, self._late = frozenset(self._late), set()
            self.order_wanted.emit(late)

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
            self._headings = None
            if self._rows:
                self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))
        return days.ms_to_midnight(now)

    # Steps of `show`.

    def _is_below(self, row: SessionListing) -> bool:
        """Whether a session stands below the loaded part."""
        key = ORDERS[self.order]
        return self._has_more and (not self._rows or key(self._rows[-1]) < key(row))

    def _put(self, at: int, row: SessionListing) -> None:
        """Show a row as it is now, where it belongs now; one that is pointed at waits before it moves."""
        key, old = ORDERS[self.order], self._rows[at]
        if self._held and self.order is Sort.ACTIVITY and row.pinned == old.pinned and key(row) != key(old):
            self._late.add(row.id)
            self._replace(at, replace(row, updated_at=old.updated_at))
            return
        if key(row) == key(old):
            self._replace(at, row)
            return
        target = place_of(self._rows, row, key)
        target -= target > at
        if target != at:
            self._move(at, target)
        self._replace(target, row)

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
            self._remove(start, end)
            end = start

    def _remove(self, start: int, end: int) -> None:
        self.beginRemoveRows(_ROOT, start, end - 1)
        for row in self._rows[start:end]:
            del self._known[row.id]
        del self._rows[start:end]
        self._headings = None
        self.endRemoveRows()
        self._retell(start)

    def _replace(self, at: int, row: SessionListing) -> None:
        old, key = self._rows[at], ORDERS[self.order]
        if old != row:
            self._rows[at] = self._known[row.id] = row
            self.dataChanged.emit(self.index(at), self.index(at))
            if key(old) != key(row):  # what the group goes by
                self._headings = None
                self._retell(at + 1)

    def _move(self, source: int, target: int) -> None:
        """Move a row so that it stands at `target` afterwards."""
        self.beginMoveRows(_ROOT, source, source, _ROOT, target + (target > source))
        self._rows.insert(target, self._rows.pop(source))
        self._headings = None
        self.endMoveRows()
        self._retell(target + 1)
        self._retell(source + (source > target))
        self._retell(min(source, target))

    def _insert(self, at: int, wanted: Sequence[SessionListing], *, one: bool = False) -> int:
        first = 0 if one else at
        count = 1
        while first + count < len(wanted) and wanted[first + count].id not in self._known:
            count += 1
        fresh = wanted[first : first + count]
        self.beginInsertRows(_ROOT, at, at + count - 1)
        self._rows[at:at] = fresh
        self._headings = None
        self._known.update((row.id, row) for row in fresh)
        self.endInsertRows()
        self._retell(at + count)
        return count

    def _insert_some(self, fresh: Sequence[SessionListing]) -> None:
        """Insert rows of the list's order, those together that come to stand together."""
        places = groupby(fresh, lambda row: place_of(self._rows, row, ORDERS[self.order]))
        for place, rows in reversed([(place, list(rows)) for place, rows in places]):
            self._insert(place, rows, one=True)

    def _retell(self, at: int) -> None:
        """Tell the view about a heading again, which depends on the row before it."""
        if 0 <= at < len(self._rows):
            self.dataChanged.emit(self.index(at), self.index(at), [SessionRole.GROUP])

    def _touch(self, session_ids: frozenset[str], role: SessionRole) -> None:
        for at in (self.row_of(session_id) for session_id in session_ids):
            if at >= 0:
                self.dataChanged.emit(self.index(at), self.index(at), [role])

    def _group(self, row: SessionListing) -> str:
        if self.order is Sort.TITLE:
            return _("Pinned") if row.pinned else _("By title")
        return self._days.group(self._time(row), pinned=row.pinned)

    def _when(self, row: SessionListing) -> str:
        by_title = self.order is Sort.TITLE and not row.pinned
        return self._days.moment(row.updated_at) if by_title else self._days.when(self._time(row), pinned=row.pinned)

    def _time(self, row: SessionListing) -> int:
        return row.created_at if self.order is Sort.CREATION else row.updated_at

    def _spoken(self, row: SessionListing) -> str:
        running, writing, unread = (row.id in each for each in (self._running, self._writing, self._unread))
        group, when = self._group(row), self._when(row)
        return spoken(row, group=group, when=when, running=running, writing=writing, unread=unread)
