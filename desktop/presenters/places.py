"""The places of the sidebar as a Qt model: all sessions, folders in their order, saved searches, tags.

A flat list: a folder knows how deep it lies and whether it is open, and what is below a closed one is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from desktop.domain.organising import EVERYTHING, Folder, Place, PlaceKind, Places
from desktop.domain.runs import PlacesChanged, ProfileChanged, Update
from desktop.i18n import _, ngettext
from desktop.presenters.session_list import SESSIONS_MIME
from desktop.presenters.session_order import runs

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
FOLDER_MIME = "application/x-sobremesa-folder"
"""The number of a folder that is dragged to another place."""


class Kind(StrEnum):
    """What a row is."""

    ALL = "all"
    FOLDER = "folder"
    SEARCH = "search"
    TAG = "tag"
    RESOLVED = "resolved"


class PlaceRole(IntEnum):
    """What a row can be asked for, beside its name (`DisplayRole`)."""

    ROW = Qt.ItemDataRole.UserRole + 1
    """The whole `PlaceRow`."""
    COUNT = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """One line; `number` is a folder's, a saved search's or a tag's."""

    kind: Kind
    number: int = 0
    name: str
    level: int = 0
    count: int = 0
    colour: str = ""
    query: str = ""
    parent: int | None = None
    has_children: bool = False
    is_open: bool = True

    @property
    def key(self) -> tuple[Kind, int]:
        """What tells it from every other row."""
        return self.kind, self.number

    @property
    def place(self) -> Place | None:
        """What part of the sessions it stands for; None for a search, which looks into the messages."""
        if self.kind is Kind.SEARCH:
            return None
        return Place(kind=PlaceKind(self.kind.value), number=self.number)


def rows_of(places: Places, closed: frozenset[int] = frozenset()) -> list[PlaceRow]:
    """Return the lines for all that is there, nothing where there is only All sessions."""
    rows = [*_folders(places.folders, closed)]
    rows += [
        PlaceRow(kind=Kind.SEARCH, number=search.id, name=search.name, query=search.query) for search in places.searches
    ]
    rows += [
        PlaceRow(kind=Kind.TAG, number=tag.id, name=tag.name, count=tag.count, colour=tag.colour) for tag in places.tags
    ]
    if places.resolved:
        rows.append(PlaceRow(kind=Kind.RESOLVED, name=_("Resolved"), count=places.resolved))
    if not rows:
        return []
    return [PlaceRow(kind=Kind.ALL, name=_("All sessions"), count=places.active), *rows]


def _folders(folders: Sequence[Folder], closed: frozenset[int]) -> Iterable[PlaceRow]:
    below: dict[int | None, list[Folder]] = {}
    known = {folder.id for folder in folders}
    for folder in folders:
        below.setdefault(folder.parent_id if folder.parent_id in known else None, []).append(folder)
    waiting = [(folder, 0) for folder in reversed(below.get(None, []))]
    while waiting:
        folder, level = waiting.pop()
        inside = below.get(folder.id, [])
        yield PlaceRow(
            kind=Kind.FOLDER,
            number=folder.id,
            name=folder.name,
            level=level,
            count=folder.count,
            colour=folder.colour,
            parent=folder.parent_id,
            has_children=bool(inside),
            is_open=folder.id not in closed,
        )
        if folder.id not in closed:
            waiting += [(each, level + 1) for each in reversed(inside)]


class PlacesListModel(QAbstractListModel):
    """Lines of places. Sessions are dropped on them, and folders on and between folders."""

    sessions_dropped = Signal(object, object)
    """Ids of sessions and the `Place` they go to."""
    folder_dropped = Signal(int, object, object)
    """A folder, the folder it goes into (or None), and the one it comes to stand before (or None: last)."""
    rename_wanted = Signal(object, str)
    """The `PlaceRow` and its new name, after editing in place."""

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[PlaceRow] = []
        self._closed: frozenset[int] = frozenset()
        self.places = Places()

    # What a view asks.

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index)
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return row.name
            case PlaceRole.ROW:
                return row
            case PlaceRole.COUNT:
                return row.count
            case Qt.ItemDataRole.AccessibleTextRole:
                return _spoken(row)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row(index)
        if role != Qt.ItemDataRole.EditRole or row is None:
            return False
        name = " ".join(str(value).split())
        if name and name != row.name:
            self.rename_wanted.emit(row, name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row(index)
        if row is None:
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        if row.kind in (Kind.FOLDER, Kind.SEARCH, Kind.TAG):
            flags |= Qt.ItemFlag.ItemIsEditable
        if row.kind is Kind.FOLDER:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags | Qt.ItemFlag.ItemIsDropEnabled

    def row(self, index: Index) -> PlaceRow | None:
        """Return what a line is."""
        return self._rows[index.row()] if index.isValid() and 0 <= index.row() < len(self._rows) else None

    def find(self, kind: Kind, number: int = 0) -> QModelIndex:
        """Return where something stands; invalid where it is not shown."""
        for at, row in enumerate(self._rows):
            if row.key == (kind, number):
                return self.index(at)
        return QModelIndex()

    def name_of(self, place: Place) -> str:
        """Return what a place is called."""
        match place.kind:
            case PlaceKind.FOLDER:
                return next((each.name for each in self.places.folders if each.id == place.number), "")
            case PlaceKind.TAG:
                return next((f"#{each.name}" for each in self.places.tags if each.id == place.number), "")
            case PlaceKind.RESOLVED:
                return _("Resolved")
            case PlaceKind.ARCHIVED:
                return _("Archive")
            case PlaceKind.TRASH:
                return _("Trash")
            case PlaceKind.ALL:
                return _("All sessions")

    # What is dragged.

    def mimeTypes(self) -> list[str]:
        return [FOLDER_MIME]

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction | Qt.DropAction.CopyAction

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = super().mimeData(indexes[:1])  # made by Qt, as in the list of sessions
        for kind in data.formats():
            data.removeFormat(kind)
        row = self.row(indexes[0])
        data.setData(FOLDER_MIME, str(row.number if row else 0).encode())
        return data

    def canDropMimeData(
        self,
        data: QMimeData,
        action: Qt.DropAction,  # noqa: ARG002
        row: int,
        column: int,  # noqa: ARG002
        parent: Index,
    ) -> bool:
        if data.hasFormat(SESSIONS_MIME):
            target = self.row(parent)
            return target is not None and target.kind in (Kind.ALL, Kind.FOLDER, Kind.TAG)
        return data.hasFormat(FOLDER_MIME) and self._landing(_number(data), row, parent) is not None

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        if data.hasFormat(SESSIONS_MIME):
            target = self.row(parent)
            assert target is not None
            ids = tuple(bytes(data.data(SESSIONS_MIME).data()).decode().splitlines())
            self.sessions_dropped.emit(ids, target.place or EVERYTHING)
            return True
        number = _number(data)
        landing = self._landing(number, row, parent)
        assert landing is not None
        self.folder_dropped.emit(number, *landing)
        return True

    def _landing(self, number: int, row: int, parent: Index) -> tuple[int | None, int | None] | None:
        """Return into which folder, and before which one, a folder falls; None where it cannot lie."""
        on = self.row(parent)
        if on is not None:
            if on.kind not in (Kind.ALL, Kind.FOLDER):
                return None
            into, before = (on.number if on.kind is Kind.FOLDER else None), None
        else:
            above = self._rows[row - 1] if 0 < row <= len(self._rows) else None
            below = self._rows[row] if 0 <= row < len(self._rows) else None
            if below is not None and below.kind is Kind.FOLDER:
                into, before = below.parent, below.number
            elif above is not None and above.kind is Kind.FOLDER:
                into, before = None, None
            else:
                return None
        parents = {folder.id: folder.parent_id for folder in self.places.folders}
        at: int | None = into
        while at is not None:
            if at == number:
                return None
            at = parents.get(at)
        return None if before == number else (into, before)

    # What the presenter and the view tell.

    def show(self, places: Places) -> None:
        """Show these places, by the fewest changes of rows."""
        self.places = places
        self._become(rows_of(places, self._closed))

    def set_open(self, number: int, *, open_: bool) -> None:
        """Open a folder, or close it."""
        self._closed = self._closed - {number} if open_ else self._closed | {number}
        self._become(rows_of(self.places, self._closed))

    def _become(self, wanted: list[PlaceRow]) -> None:
        """Show these rows; thousands that come or go together cost a view as much as one."""
        kept = {row.key for row in wanted}
        for first, last in reversed(runs(at for at, row in enumerate(self._rows) if row.key not in kept)):
            self.beginRemoveRows(_ROOT, first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
        present = {row.key for row in self._rows}
        self._order([row for row in wanted if row.key in present])
        for first, last in runs(at for at, row in enumerate(wanted) if row.key not in present):
            self.beginInsertRows(_ROOT, first, last)
            self._rows[first:first] = wanted[first : last + 1]
            self.endInsertRows()

    def _order(self, wanted: list[PlaceRow]) -> None:
        """Show rows that are all there in another order and as they are now: one that went down is moved once."""
        places = {row.key: at for at, row in enumerate(wanted)}
        for at, row in enumerate(wanted):
            if self._rows[at].key != row.key:
                goes_down = self._rows[at + 1].key == row.key
                source = at if goes_down else next(i for i in range(at, len(wanted)) if self._rows[i].key == row.key)
                target = places[self._rows[source].key]
                self.beginMoveRows(_ROOT, source, source, _ROOT, target + (target > source))
                self._rows.insert(target, self._rows.pop(source))
                self.endMoveRows()
            if self._rows[at] != row:
                self._rows[at] = row
                self.dataChanged.emit(self.index(at), self.index(at))


def _number(data: QMimeData) -> int:
    text = bytes(data.data(FOLDER_MIME).data()).decode()
    return int(text) if text.isdigit() else 0


def _spoken(row: PlaceRow) -> str:
    kinds = {Kind.FOLDER: _("folder"), Kind.SEARCH: _("saved search"), Kind.TAG: _("tag")}
    parts = [row.name, kinds.get(row.kind, "")]
    if row.kind is not Kind.SEARCH:
        parts.append(ngettext("{count} session", "{count} sessions", row.count).format(count=row.count))
    if row.has_children:
        parts.append(_("open") if row.is_open else _("closed"))
    return ", ".join(filter(None, parts))


class PlacesPresenter(QObject):
    """Keeps `model` true; `changed` tells that the counts or the names are others."""

    changed = Signal(object)
    """`Places`."""

    def __init__(self, *, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.model = PlacesListModel(parent=self)
        self._reading = self._again = False
        bridge.updated.connect(self._on_updated)

    @Slot()
    def refresh(self) -> None:
        """Read the places again; what changes meanwhile is read once more."""
        self._again = True
        if not self._reading:
            self._reading = True
            self._bridge.start_task(self._read())

    async def _read(self) -> None:
        try:
            while self._again:
                self._again = False
                places = await self._bridge.call(lambda backend: backend.organising.places())
                self.model.show(places)
                self.changed.emit(places)
        finally:
            self._reading = False

    @Slot(object)
    def _on_updated(self, updates: Iterable[Update]) -> None:
        if any(isinstance(update, PlacesChanged | ProfileChanged) for update in updates):
            self.refresh()
