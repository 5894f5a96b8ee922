"""The messages of the open session as a list model, with their text as blocks that never change once closed.

The model knows nothing of services: a presenter feeds it. Stored messages are read as Markdown only when a view wants
them, in slices, so that neither a session of 100,000 messages nor a message of a megabyte holds the window up.
"""

from collections import deque
from collections.abc import Iterable
from enum import IntEnum
from time import perf_counter
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal, Slot

from desktop.domain.messages import Message
from desktop.presenters.transcript_item import RunPhase, RunState, TranscriptItem

__all__ = ["RunPhase", "RunState", "TranscriptItem", "TranscriptListModel", "TranscriptRole"]

_SLICE_S = 0.006
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
    """The path of a session from its oldest loaded message to its leaf.

    `blocks_changed(row, first)` tells that the blocks from number `first` on are new or gone; `thoughts_changed` says
    the same of the thinking.
    """

    blocks_changed = Signal(int, int)
    thoughts_changed = Signal(int, int)
    has_older_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[TranscriptItem] = []
        self._first_row = 0
        self._rows: dict[int, int] = {}
        self._has_older = False
        self._wanted: deque[TranscriptItem] = deque()
        self._spent_s = 0.0
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

    def row_of(self, message_id: int) -> int | None:
        """Return the row of a message, or None if it is not loaded."""
        place = self._rows.get(message_id)
        return None if place is None else place - self._first_row

    # What happens

    def reset(self, messages: Iterable[Message], has_older: bool) -> None:
        """Show another session, or the same one anew."""
        self.beginResetModel()
        self._items = [TranscriptItem(message) for message in messages]
        self._wanted.clear()
        self._timer.stop()
        self._number()
        self.endResetModel()
        self._set_has_older(has_older)

    def prepend(self, messages: Iterable[Message], has_older: bool) -> None:
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
        self._set_has_older(has_older)

    def append(self, message: Message) -> None:
        """Add a message below."""
        row = len(self._items)
        self.beginInsertRows(_ROOT, row, row)
        self._items.append(TranscriptItem(message))
        self._rows[message.id] = self._first_row + row
        self.endInsertRows()

    def replace_from(self, row: int, messages: Iterable[Message]) -> None:
        """Put another branch in the place of the rows from `row` on."""
        if row < len(self._items):
            self.beginRemoveRows(_ROOT, row, len(self._items) - 1)
            del self._items[row:]
            self._number()
            self.endRemoveRows()
        for message in messages:
            self.append(message)

    def update(self, message: Message) -> None:
        """Take new facts about a message that is shown: versions, cost; or another text, if it has one."""
        found = self._find(message.id)
        if found is None:
            return
        row, item = found
        if item.is_live or item.message.content == message.content:
            item.replace(message)
        else:
            self.blocks_changed.emit(row, item.finish(message))
        self._tell(row, TranscriptRole.MESSAGE)

    def begin_stream(self, message_id: int) -> None:
        """Take text for a message from now on; what it has already stays."""
        found = self._find(message_id)
        if found is not None:
            row, item = found
            item.begin()
            self.blocks_changed.emit(row, 0)
            self._tell(row, TranscriptRole.STATE, TranscriptRole.BLOCKS)

    def feed(self, message_id: int, text: str) -> None:
        """Take more text of an answer."""
        found = self._find(message_id)
        if found is not None and found[1].is_live:
            row, item = found
            self.blocks_changed.emit(row, item.add(text))
            self._tell(row, TranscriptRole.BLOCKS, Qt.ItemDataRole.DisplayRole)

    def feed_thinking(self, message_id: int, text: str) -> None:
        """Take more of what the model thinks before it answers."""
        found = self._find(message_id)
        if found is not None and found[1].is_live:
            row, item = found
            self.thoughts_changed.emit(row, item.add_thinking(text))
            self._tell(row, TranscriptRole.THINKING)

    def set_state(self, message_id: int, state: RunState | None) -> None:
        """Show what the run of a message is doing."""
        found = self._find(message_id)
        if found is not None and found[1].state != state:
            row, item = found
            item.state = state
            self._tell(row, TranscriptRole.STATE)

    def finish(self, message: Message) -> None:
        """Take a message as it is stored at last: its run is over."""
        found = self._find(message.id)
        if found is None:
            return
        row, item = found
        self.blocks_changed.emit(row, item.finish(message))
        self._tell(row, TranscriptRole.MESSAGE, TranscriptRole.STATE, TranscriptRole.BLOCKS)

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
            began = perf_counter()
            changed = item.parse_slice()
            first = changed if first is None else min(first, changed)
            self._spent_s += perf_counter() - began
        if first is not None:
            self.blocks_changed.emit(row, first)

    @Slot()
    def _on_slice(self) -> None:
        self._spent_s = 0.0
        while self._wanted and self._spent_s < _SLICE_S:
            item = self._wanted[0]
            row = self.row_of(item.key)
            if row is not None and not item.is_parsed:
                self._read_for(item, row)
            if row is None or item.is_parsed:
                self._wanted.remove(item)
        if self._wanted:
            self._timer.start()

    # Inside

    def _find(self, message_id: int) -> tuple[int, TranscriptItem] | None:
        row = self.row_of(message_id)
        return None if row is None else (row, self._items[row])

    def _number(self) -> None:
        self._first_row = 0
        self._rows = {item.key: row for row, item in enumerate(self._items)}

    def _tell(self, row: int, *roles: int) -> None:
        index = self.index(row)
        self.dataChanged.emit(index, index, [int(role) for role in roles])

    def _set_has_older(self, has_older: bool) -> None:
        if has_older != self._has_older:
            self._has_older = has_older
            self.has_older_changed.emit(has_older)
