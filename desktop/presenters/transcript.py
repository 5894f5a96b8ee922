"""The messages of the open session as a list model, with their text as blocks that never change once closed.

The model knows nothing of services: a presenter feeds it. A message whose status is `streaming` takes text until it is
replaced by one whose status is final. Stored messages are read as Markdown only when a view wants
them, in slices, so that neither a session of 100,000 messages nor a message of a megabyte holds the window up.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import IntEnum
from math import ceil
from time import perf_counter
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal, Slot

from desktop.domain.messages import Message, Status
from desktop.domain.runs import RunLoading, RunSent, RunUpdate, RunWaiting
from desktop.presenters.transcript_item import Pace, RunPhase, RunState, TranscriptItem

__all__ = ["RunPhase", "RunState", "TranscriptItem", "TranscriptListModel", "TranscriptRole"]

_SLICE_S = 0.006
_CLOCK_MS = 200
STILL_WAITING_S = 10
"""After so many seconds without a word a reader is told that the provider is still being waited for."""
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class TranscriptRole(IntEnum):
    """What the model tells about a row beside its text."""

    ITEM = Qt.ItemDataRole.UserRole + 1
    MESSAGE = Qt.ItemDataRole.UserRole + 2
    STATE = Qt.ItemDataRole.UserRole + 3
    BLOCKS = Qt.ItemDataRole.UserRole + 4
    THINKING = Qt.ItemDataRole.UserRole + 5


class TranscriptListModel(QAbstractListModel):
    """`TranscriptListModel(now=…)`: the path of a session from its oldest loaded message to its leaf.

    `blocks_changed(row, first)` tells that the blocks from number `first` on are new or gone; `thoughts_changed` says
    the same of the thinking.
    """

    blocks_changed = Signal(int, int)
    thoughts_changed = Signal(int, int)
    has_older_changed = Signal(bool)

    def __init__(self, *, now: Callable[[], float] = perf_counter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._items: list[TranscriptItem] = []
        self._first_row = 0
        self._rows: dict[int, int] = {}
        self._has_older = False
        self._wanted: deque[TranscriptItem] = deque()
        self._spent_s = 0.0
        self._deadlines: dict[int, float] = {}
        self._sent: dict[int, float] = {}
        self._paces: dict[int, Pace] = {}
        self._clock = QTimer(self)
        self._clock.setInterval(_CLOCK_MS)
        self._clock.timeout.connect(self._on_clock)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._on_slice)

    # What is there

    @property
    def has_older(self) -> bool:
        """Whether the store has messages before the first row."""
        return self._has_older

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self._items[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return item.text
            case TranscriptRole.ITEM:
                return item
            case TranscriptRole.MESSAGE:
                return item.message
            case TranscriptRole.STATE:
                return item.state
            case TranscriptRole.BLOCKS:
                return item.blocks()
            case TranscriptRole.THINKING:
                return item.thinking
            case _:
                return None

    def item(self, row: int) -> TranscriptItem:
        """Return the item of a row."""
        return self._items[row]

    def row_of(self, message_id: int) -> int:
        """Return the row of a message, or -1 if it is not loaded."""
        place = self._rows.get(message_id)
        return -1 if place is None else place - self._first_row

    def message(self, message_id: int) -> Message | None:
        """Return a message, or None if it is not loaded."""
        found = self._find(message_id)
        return found[1].message if found else None

    def first(self) -> Message | None:
        """Return the oldest loaded message."""
        return self._items[0].message if self._items else None

    def last(self) -> Message | None:
        """Return the leaf of the path."""
        return self._items[-1].message if self._items else None

    # What happens

    def show(self, messages: Iterable[Message], *, has_older: bool) -> None:
        """Show another session, or the same one anew."""
        self.beginResetModel()
        self._items = [TranscriptItem(message) for message in messages]
        self._wanted.clear()
        self._deadlines.clear()
        self._sent.clear()
        self._paces.clear()
        self._number()
        self.endResetModel()
        self._set_has_older(has_older=has_older)

    def prepend(self, messages: Iterable[Message], *, has_older: bool) -> None:
        """Add a page of older messages above."""
        items = [TranscriptItem(message) for message in messages]
        if items:
            self.beginInsertRows(_ROOT, 0, len(items) - 1)
            self._items[:0] = items
            # Counting downward from the old first row leaves every number given so far as it is.
            self._first_row -= len(items)
            for row, item in enumerate(items):
                self._rows[item.key] = self._first_row + row
            self.endInsertRows()
        self._set_has_older(has_older=has_older)

    def branch(self, parent_id: int | None, messages: Iterable[Message]) -> None:
        """Show these messages below their parent, in the place of whatever was shown there."""
        row = 0 if parent_id is None else self.row_of(parent_id) + 1
        if row < len(self._items):
            self.beginRemoveRows(_ROOT, row, len(self._items) - 1)
            for item in self._items[row:]:
                del self._rows[item.key]
                self._deadlines.pop(item.key, None)
                self._paces.pop(item.key, None)
            del self._items[row:]
            self.endRemoveRows()
        items = [TranscriptItem(message) for message in messages]
        if items:
            row = len(self._items)
            self.beginInsertRows(_ROOT, row, row + len(items) - 1)
            for place, item in enumerate(items, self._first_row + row):
                self._rows[item.key] = place
            self._items += items
            self.endInsertRows()

    def replace(self, message: Message) -> None:
        """Take a message as it is stored now: its run is over, or its versions or its cost are others."""
        found = self._find(message.id)
        if found is None:
            return
        row, item = found
        if message.status is not Status.STREAMING:
            self._deadlines.pop(message.id, None)
            self._paces.pop(message.id, None)
        first = item.take(message)
        if first is not None:
            self.blocks_changed.emit(row, first)
            self.want(row)
        self._tell(row, TranscriptRole.MESSAGE, TranscriptRole.STATE, TranscriptRole.BLOCKS)

    def add_text(self, message_id: int, *, text: str = "", thinking: str = "") -> None:
        """Take more of an answer, and of what the model thinks before it."""
        found = self._find(message_id)
        if found is None or not found[1].is_live:
            return
        row, item = found
        if thinking:
            self.thoughts_changed.emit(row, item.add_thinking(thinking))
            self._tell(row, TranscriptRole.THINKING)
        if text:
            item.add(text)
            self.want(row)
            self._tell(row, TranscriptRole.BLOCKS, Qt.ItemDataRole.DisplayRole)
        self._deadlines.pop(message_id, None)
        pace = self._paces.setdefault(message_id, Pace(self._now()))
        phase = RunPhase.WRITING if item.has_text else RunPhase.THINKING
        if pace.add(len(text) + len(thinking), self._now()) or item.state is None or item.state.phase is not phase:
            self._set_state(row, item, RunState(phase=phase, tokens_per_s=pace.tokens_per_s))

    def follow(self, update: RunUpdate) -> None:
        """Show what the run of a message is doing."""
        found = self._find(update.message_id)
        if found is None or not found[1].is_live:
            return
        row, item = found
        match update:
            case RunLoading():
                self._set_state(row, item, RunState(phase=RunPhase.LOADING))
            case RunSent():
                self._deadlines.pop(item.key, None)
                self._sent[item.key] = self._now()
                self._set_state(row, item, RunState(phase=RunPhase.SENT, attempt=update.attempt))
                self._clock.start()
            case RunWaiting():
                self._deadlines[item.key] = self._now() + update.seconds
                state = RunState(
                    phase=RunPhase.WAITING,
                    seconds=ceil(update.seconds),
                    attempt=update.attempt,
                    attempts=update.attempts,
                    fault=update.fault,
                )
                self._set_state(row, item, state)
                self._clock.start()

    @Slot()
    def _on_clock(self) -> None:
        """Count down to the next attempts, and up where a provider keeps silent for long."""
        for message_id, deadline in self._deadlines.items():
            found = self._find(message_id)
            if found is not None and found[1].state is not None:
                seconds = max(0, ceil(deadline - self._now()))
                self._set_state(*found, replace(found[1].state, seconds=seconds))
        for message_id, sent in tuple(self._sent.items()):
            found = self._find(message_id)
            if found is None or found[1].state is None or found[1].state.phase is not RunPhase.SENT:
                del self._sent[message_id]
            elif (waited := int(self._now() - sent)) >= STILL_WAITING_S:
                self._set_state(*found, replace(found[1].state, seconds=waited))
        if not self._deadlines and not self._sent:
            self._clock.stop()

    def _set_state(self, row: int, item: TranscriptItem, state: RunState) -> None:
        if item.state != state:
            item.state = state
            self._tell(row, TranscriptRole.STATE)

    # Reading stored messages

    def want(self, row: int) -> None:
        """Have a row's text read: at once while this turn of the loop has time left, else in the next ones."""
        item = self._items[row]
        if item.is_parsed or item in self._wanted:
            return
        self._read_for(item, row)
        if not item.is_parsed:
            self._wanted.appendleft(item)
        self._timer.start()

    def _read_for(self, item: TranscriptItem, row: int) -> None:
        first: int | None = None
        while self._spent_s < _SLICE_S and not item.is_parsed:
            began = self._now()
            changed = item.parse_slice()
            first = changed if first is None else min(first, changed)
            self._spent_s += self._now() - began
        if first is not None:
            self.blocks_changed.emit(row, first)

    @Slot()
    def _on_slice(self) -> None:
        self._spent_s = 0.0
        while self._wanted and self._spent_s < _SLICE_S:
            item = self._wanted[0]
            row = self.row_of(item.key)
            if row >= 0 and not item.is_parsed:
                self._read_for(item, row)
            if row < 0 or item.is_parsed:
                self._wanted.remove(item)
        if self._wanted:
            self._timer.start()

    # Inside

    def _find(self, message_id: int) -> tuple[int, TranscriptItem] | None:
        row = self.row_of(message_id)
        return None if row < 0 else (row, self._items[row])

    def _number(self) -> None:
        self._first_row = 0
        self._rows = {item.key: row for row, item in enumerate(self._items)}

    def _tell(self, row: int, *roles: int) -> None:
        index = self.index(row)
        self.dataChanged.emit(index, index, [int(role) for role in roles])

    def _set_has_older(self, *, has_older: bool) -> None:
        if has_older != self._has_older:
            self._has_older = has_older
            self.has_older_changed.emit(has_older)
