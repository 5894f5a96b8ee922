"""The messages of the open session as a list model, with their text as blocks that never change once closed.

It holds a window of the session's path, one row a message, and counts what lies above and below it; pages come at both
ends and far ones are dropped. The model knows nothing of services: a presenter feeds it. A message whose status is
`streaming` takes text until it is replaced by one whose status is final. Stored messages are read as Markdown only when
a view wants them, in slices, so that a message of a megabyte does not hold the window up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from math import ceil
from time import perf_counter
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal, Slot

from desktop.domain.messages import Message, Status
from desktop.domain.runs import RunLoading, RunSent, RunUpdate, RunWaiting
from desktop.presenters.slices import SliceReader
from desktop.presenters.transcript_item import Covered, Pace, RunPhase, RunState, TranscriptItem
from desktop.presenters.transcript_marks import Marks

if TYPE_CHECKING:
    from desktop.domain.summaries import StoredSummary

__all__ = ["RunPhase", "RunState", "TranscriptItem", "TranscriptListModel", "TranscriptRole"]

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
    """`TranscriptListModel(now=…)`: the loaded part of a session's path, with `before` and `after` messages around it.

    `blocks_changed(row, first)` tells that the blocks from number `first` on are new or gone; `thoughts_changed` says
    the same of the thinking.
    """

    blocks_changed = Signal(int, int)
    thoughts_changed = Signal(int, int)
    has_older_changed = Signal(bool)
    reach_changed = Signal()
    """How many messages lie around the loaded ones is another number; tells of rows come before it."""
    began = Signal(int, int)
    """The rows from the first to the last number hang below the path that was shown: something new was said."""
    grew = Signal()
    """Something new was said below the part that is loaded."""

    def __init__(self, *, now: Callable[[], float] = perf_counter, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._items: list[TranscriptItem] = []
        self._first_row = 0
        self._rows: dict[int, int] = {}
        self._before = self._after = 0
        self._deadlines: dict[int, float] = {}
        self._sent: dict[int, float] = {}
        self._paces: dict[int, Pace] = {}
        self._marks = Marks()
        self._clock = QTimer(self)
        self._clock.setInterval(_CLOCK_MS)
        self._clock.timeout.connect(self._on_clock)
        self._reader = SliceReader(now=now, row_of=self.row_of, parent=self)
        self._reader.read.connect(self.blocks_changed)
        self._timer = self._reader.timer

    # What is there

    @property
    def before(self) -> int:
        """How many messages of the path stand above the first row."""
        return self._before

    @property
    def after(self) -> int:
        """How many messages of the path stand below the last row."""
        return self._after

    @property
    def total(self) -> int:
        """How many messages the whole path has."""
        return self._before + len(self._items) + self._after

    @property
    def has_older(self) -> bool:
        """Whether the path has messages before the first row."""
        return self._before > 0

    @property
    def has_newer(self) -> bool:
        """Whether the path has messages after the last row."""
        return self._after > 0

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
        """Return the newest loaded message: the leaf of the path, unless there are newer ones."""
        return self._items[-1].message if self._items else None

    def window(self) -> tuple[int, int] | None:
        """Return the depth of the first row and the number of rows, where the path goes on below; else None."""
        return (self._items[0].message.depth, len(self._items)) if self._items and self._after else None

    # What happens

    def show(self, messages: Iterable[Message], *, has_older: bool, after: int = 0) -> None:
        """Show another session, or the same one anew."""
        had = self.has_older
        self.beginResetModel()
        self._items = [TranscriptItem(message) for message in messages]
        self._reader.forget()
        self._deadlines.clear()
        self._sent.clear()
        self._paces.clear()
        self._first_row = 0
        self._rows = {item.key: row for row, item in enumerate(self._items)}
        self._before, self._after = self._above(has_older=has_older), after
        self.endResetModel()
        self._tell_reach(had)

    def turn_to(self, messages: Iterable[Message], *, has_older: bool, after: int) -> None:
        """Hold another part of the same path in the place of what is held now."""
        had = self.has_older
        self._remove(0, len(self._items) - 1)
        self._insert(0, [TranscriptItem(message) for message in messages], has_older=has_older, after=after)
        self._tell_reach(had)

    def prepend(self, messages: Iterable[Message], *, has_older: bool) -> None:
        """Add a page of older messages above."""
        had = self.has_older
        items = [TranscriptItem(message) for message in messages]
        if items:
            self._insert(0, items, has_older=has_older, after=self._after)
        else:
            self._before = self._above(has_older=has_older)
        self._tell_reach(had)

    def append(self, messages: Iterable[Message], *, after: int) -> None:
        """Add a page of newer messages below, which were there all the time."""
        items = [TranscriptItem(message) for message in messages]
        self._insert(len(self._items), items, has_older=self.has_older, after=after)
        self._tell_reach(self.has_older)

    def trim(self, above: int, below: int) -> None:
        """Drop rows at both ends, which are far from what is looked at; at least one row stays."""
        had, count = self.has_older, len(self._items)
        above, below = max(0, min(above, count - 1)), max(0, below)
        below = min(below, count - 1 - above)
        if below:
            self._remove(count - below, count - 1, after=self._after + below)
        if above:
            self._remove(0, above - 1, before=self._before + above)
        if above or below:
            self._tell_reach(had)

    def grow(self, total: int) -> None:
        """Learn how long the path is now, where what is new is not loaded."""
        more = total - self.total
        if more and self._after + more >= 0:
            self._after += more
            self._tell_reach(self.has_older)
            if more > 0:
                self.grew.emit()

    def branch(
        self, parent_id: int | None, messages: Iterable[Message], *, after: int = 0, keeps_place: bool = False
    ) -> None:
        """Show these messages below their parent, in the place of whatever was shown there.

        With `keeps_place` they are nothing new: the reader has asked for another version.
        """
        had = self.has_older
        row = 0 if parent_id is None else self.row_of(parent_id) + 1
        items = [TranscriptItem(message) for message in messages]
        if items and not keeps_place and not items[0].is_user and row < len(self._items):
            later = len(self._items) - row - 1 + self._after
            items[0].covers = Covered(later, self._items[row].message.version) if later else None
        self._remove(row, len(self._items) - 1)
        row = len(self._items)
        self._insert(row, items, has_older=self.has_older and parent_id is not None, after=after)
        self._tell_reach(had)
        if items and not keeps_place:
            self.began.emit(row, len(self._items) - 1)

    def set_summaries(self, found: "Sequence[StoredSummary]") -> None:
        """Show these summaries, the furthest first, each below the last message that it stands for."""
        self._marks.set_summaries(found)
        self._mark()

    def set_provider_names(self, names: Mapping[str, str]) -> None:
        """Call the providers of models by these names, by their ids."""
        self._marks.set_provider_names(names)
        self._mark()

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
        self._reader.want(self._items[row], row)

    @property
    def is_reading(self) -> bool:
        """Whether something that was wanted is not read yet."""
        return self._reader.is_reading

    def look_ahead(self, rows: Iterable[int]) -> None:
        """Have the texts of rows read that will come into sight soon."""
        self._reader.look_ahead([self._items[row] for row in rows])

    # Inside

    def _find(self, message_id: int) -> tuple[int, TranscriptItem] | None:
        row = self.row_of(message_id)
        return None if row < 0 else (row, self._items[row])

    def _insert(self, row: int, items: list[TranscriptItem], *, has_older: bool, after: int) -> None:
        if not items:
            self._after = after
            self._before = self._above(has_older=has_older)
            return
        self.beginInsertRows(_ROOT, row, row + len(items) - 1)
        if row == 0:
            # Counting downward from the old first row leaves every number given so far as it is.
            self._first_row -= len(items)
        self._items[row:row] = items
        for place, item in enumerate(items, self._first_row + row):
            self._rows[item.key] = place
        self._before, self._after = self._above(has_older=has_older), after
        self.endInsertRows()

    def _remove(self, first: int, last: int, *, before: int | None = None, after: int | None = None) -> None:
        if first > last:
            return
        self.beginRemoveRows(_ROOT, first, last)
        for item in self._items[first : last + 1]:
            del self._rows[item.key]
            self._deadlines.pop(item.key, None)
            self._paces.pop(item.key, None)
        del self._items[first : last + 1]
        if first == 0:
            self._first_row += last + 1
        self._before = self._before if before is None else before
        self._after = self._after if after is None else after
        self.endRemoveRows()

    def _above(self, *, has_older: bool) -> int:
        """Return how many messages stand above the first row: its depth says it."""
        return max(1, self._items[0].message.depth) if has_older and self._items else 0

    def _mark(self) -> None:
        for item in self._marks.put(self._items, has_newer=self.has_newer):
            self._tell(self.row_of(item.key), TranscriptRole.MESSAGE)

    def _tell_reach(self, had_older: bool) -> None:
        self._mark()
        self.reach_changed.emit()
        if had_older != self.has_older:
            self.has_older_changed.emit(self.has_older)

    def _tell(self, row: int, *roles: int) -> None:
        index = self.index(row)
        self.dataChanged.emit(index, index, [int(role) for role in roles])
