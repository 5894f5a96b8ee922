"""The context inspector as plain values: rows, a line of sums, the raw request, and the last exchange."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from shiboken6 import Shiboken

from desktop.domain.context import Mark
from desktop.domain.faults import SobremesaError
from desktop.domain.inspection import Inspection, Item, Kind
from desktop.domain.prices import PER, Price
from desktop.domain.runs import SessionsChanged, Update
from desktop.domain.summaries import SummaryState
from desktop.i18n import _
from desktop.presenters import inspector_words as words

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()

TICK, ROLE, TEXT, TOKENS, SHARE, PRICE = range(6)
SHARE_ROLE = Qt.ItemDataRole.UserRole + 1
"""The part of everything sent that a row is, from 0 to 1."""
MUTED_ROLE = Qt.ItemDataRole.UserRole + 2
"""Whether a row is not sent."""
ICON_ROLE = Qt.ItemDataRole.UserRole + 3
"""The name of the icon behind the role, or ""."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list. `tickable` is whether a click on its box changes anything."""

    item: Item | None
    role: str
    text: str
    tokens: str
    share: float
    price: str
    icon: str = ""
    tickable: bool = False

    @property
    def is_sent(self) -> bool:
        """Whether the row is a part of what is sent."""
        return self.item is not None and self.item.is_sent


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """All that stands around the list. Prices of the model are in dollars per million tokens, "" for none."""

    note: str
    total: str
    cached: str
    margin: str
    request: str
    sent: str
    received: str
    exchange: str
    summary: str
    has_summary: bool
    summary_state: SummaryState
    model: str
    own: tuple[str, str, str]
    listed: tuple[str, str, str]


class InspectorTableModel(QAbstractTableModel):
    """What will be sent, a row for each piece; a tick is an intent: `ticked` with the row's number."""

    ticked = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()

    def show(self, rows: Sequence[Row]) -> None:
        """Show these rows; where the pieces are the same, what has the keyboard keeps it."""
        if [_identity(row) for row in rows] == [_identity(row) for row in self._rows]:
            self._rows = tuple(rows)
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, PRICE))
            return
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def row(self, number: int) -> Row:
        """Return a row."""
        return self._rows[number]

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else PRICE + 1

    def flags(self, index: _Index) -> Qt.ItemFlag:
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and index.column() == TICK and self._rows[index.row()].tickable:
            found |= Qt.ItemFlag.ItemIsUserCheckable
        return found

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return ("", row.role, row.text, row.tokens, "", row.price)[column]
            case Qt.ItemDataRole.AccessibleTextRole:
                sent = _("sent") if row.is_sent else _("not sent")
                return (sent, row.role, row.text, row.tokens, words.percent(row.share), row.price)[column]
            case Qt.ItemDataRole.CheckStateRole:
                ticked = Qt.CheckState.Checked if row.is_sent else Qt.CheckState.Unchecked
                return ticked if column == TICK and row.item is not None else None
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
        return {
            SHARE_ROLE: row.share,
            MUTED_ROLE: not row.is_sent,
            ICON_ROLE: row.icon if column == ROLE else "",
        }.get(role)

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: ARG002
        if role == Qt.ItemDataRole.CheckStateRole and index.isValid() and self._rows[index.row()].tickable:
            self.ticked.emit(index.row())
            return True
        return False

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section <= PRICE:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return ("", _("role"), _("text"), _("tokens"), _("share"), _("price"))[section]
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None


class InspectorPresenter(QObject):
    """`InspectorPresenter(bridge=…, session_id=…, model=…, draft=…)`; `load()` reads, `shown` comes with a `View`."""

    shown = Signal(object)
    failed = Signal(str)
    busy = Signal(bool)
    """A summary is being made."""
    changed = Signal()
    """Something was decided that other figures depend on."""

    def __init__(
        self, *, bridge: Bridge, session_id: str, model: str, draft: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._session_id = session_id
        self._model = model
        self._draft = draft
        self._found: Inspection | None = None
        self._loading = self._again = False
        self.rows = InspectorTableModel(self)
        self.rows.ticked.connect(self.tick)
        bridge.updated.connect(self._on_updated)

    @Slot()
    def load(self) -> None:
        """Look at what would be sent now."""
        self._again = True
        if not self._loading:
            self._loading = True
            self._bridge.start_task(self._load(), on_error=self._on_error)

    @Slot(int)
    def tick(self, number: int) -> None:
        """Send a row's message after all, or leave it out; switch the summary on or off."""
        item = self.rows.row(number).item
        if item is None:
            return
        if item.kind is Kind.SUMMARY:
            self.set_summary_state(SummaryState.OFF if item.is_sent else SummaryState.NONE)
        elif (mark := item.wished_mark) is not None:
            self._mark(item, mark)

    @Slot(int)
    def pin(self, number: int) -> None:
        """Pin a row's message, so that it is always sent, or no longer."""
        item = self.rows.row(number).item
        if item is None:
            return
        if item.kind is Kind.SUMMARY:
            self.set_summary_state(SummaryState.NONE if item.mark is Mark.PINNED else SummaryState.PINNED)
        elif item.kind is Kind.MESSAGE:
            self._mark(item, Mark.NONE if item.mark is Mark.PINNED else Mark.PINNED)

    def set_summary_state(self, state: SummaryState) -> None:
        """Pin the summary, switch it off, or neither."""
        if (summary := self._summary_id()) is not None:
            self._do(lambda backend: backend.summaries.set_state(summary, state))

    @Slot(str)
    def edit_summary(self, text: str) -> None:
        """Let the summary say something else."""
        if (summary := self._summary_id()) is not None:
            self._do(lambda backend: backend.summaries.edit(summary, text))

    @Slot()
    def redo_summary(self) -> None:
        """Have the summary made anew."""
        if (summary := self._summary_id()) is not None:
            self.busy.emit(True)
            self._do(lambda backend: backend.summaries.redo(summary), then=lambda: self.busy.emit(False))

    @Slot(object)
    def set_price(self, prices: tuple[float, float, float | None] | None) -> None:
        """Keep the user's own price of the model, in dollars per million tokens; None for the published one."""
        if self._found is None:
            return
        model = self._found.model
        price = None
        if prices is not None:
            first, last, cached = prices
            price = Price(input=first / PER, output=last / PER, cached=None if cached is None else cached / PER)
        self._do(lambda backend: backend.inspection.set_price(model, price))

    def _mark(self, item: Item, mark: Mark) -> None:
        self._do(lambda backend: backend.inspection.mark(item.message, mark))

    def _summary_id(self) -> int | None:
        return self._found.summary.id if self._found is not None and self._found.summary is not None else None

    def _do(self, function: Callable[[Backend], Awaitable[object]], then: Callable[[], None] = lambda: None) -> None:
        async def work() -> None:
            try:
                await self._bridge.call(function)
            finally:
                if Shiboken.isValid(self):
                    then()
            if Shiboken.isValid(self):
                self.changed.emit()
                self.load()

        self._bridge.start_task(work(), on_error=self._on_error)

    async def _load(self) -> None:
        async def read(backend: Backend) -> tuple[Inspection, tuple[Row, ...], View]:
            look = partial(backend.inspection.look, self._session_id, model=self._model, draft=self._draft)
            found = await look()
            return found, rows_of(found), view_of(found)  # on the engine: a list may be long

        try:
            while self._again:
                self._again = False
                found, rows, view = await self._bridge.call(read)
                if not Shiboken.isValid(self):  # the dialog was closed meanwhile
                    return
                self._found = found
                self.rows.show(rows)
                self.shown.emit(view)
        finally:
            self._loading = False

    def _on_error(self, error: SobremesaError) -> None:
        if Shiboken.isValid(self):
            self.failed.emit(str(error))

    @Slot(object)
    def _on_updated(self, updates: Iterable[Update]) -> None:
        if any(isinstance(one, SessionsChanged) and self._session_id in one.session_ids for one in updates):
            self.load()


def rows_of(found: Inspection) -> tuple[Row, ...]:
    """Return what is shown line by line; what was not looked at is one line."""
    rows = [_row(item, found) for item in found.items]
    if found.older:
        place = next((at for at, item in enumerate(found.items) if item.kind in (Kind.MESSAGE, Kind.DRAFT)), len(rows))
        rows.insert(place, Row(None, "", words.older(found), "", 0.0, words.NOTHING))
    return tuple(rows)


def _row(item: Item, found: Inspection) -> Row:
    icon = "pin" if item.mark is Mark.PINNED else "edit" if item.kind is Kind.SUMMARY else ""
    counted = item.tokens > 0
    return Row(
        item,
        words.role(item),
        words.text(item),
        words.count(item.tokens) if counted else words.NOTHING,
        min(1.0, item.tokens / found.tokens) if found.tokens else 0.0,
        words.price(item.price, found.tag) if item.is_sent else words.NOTHING,
        icon,
        item.kind is Kind.SUMMARY or item.wished_mark is not None,
    )


def view_of(found: Inspection) -> View:
    """Return what stands around the list."""
    exchange = found.exchanges[0] if found.exchanges else None
    own = found.tag.price if words.is_own(found.tag) else None
    return View(
        note=words.note(found),
        total=words.total(found),
        cached=words.cached(found),
        margin=words.margin(found),
        request=found.request,
        sent=exchange.request if exchange else "",
        received=exchange.response if exchange else "",
        exchange=words.exchange(exchange),
        summary=found.summary.text if found.summary else "",
        has_summary=found.summary is not None,
        summary_state=found.summary.state if found.summary else SummaryState.NONE,
        model=found.model.name,
        own=words.per_million(own),
        listed=words.per_million(found.tag.listed),
    )


def _identity(row: Row) -> tuple[object, ...]:
    return (row.item.kind, row.item.message) if row.item is not None else (None,)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in (TOKENS, PRICE) else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
