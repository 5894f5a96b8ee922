"""Has messages read as Markdown in slices of a few milliseconds: what is in sight first, then what will be soon."""

from collections import deque
from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.presenters.transcript_item import PARSE_SLICE_CHARS, TranscriptItem

SLICE_S = 0.006
SLOW_S, CHEAP_S = 0.008, 0.002
LEAST_CHARS = 30
AHEAD_PAUSE_MS = 16
"""One message a frame is more than a wheel brings into sight, and leaves the frame its time."""


def next_chars(chars: int, took_s: float) -> int:
    """Return how much is read at once after so much took so long: some text costs a hundred times as much as prose."""
    if took_s > SLOW_S:
        return max(LEAST_CHARS, chars // 4)
    return min(PARSE_SLICE_CHARS, chars * 2) if took_s < CHEAP_S else chars


class SliceReader(QObject):
    """`SliceReader(now=…, row_of=…)`: `read(row, first)` tells which row has other blocks, and from which number on."""

    read = Signal(int, int)

    def __init__(self, *, now: Callable[[], float], row_of: Callable[[int], int], parent: QObject) -> None:
        super().__init__(parent)
        self._now = now
        self._row_of = row_of
        self._wanted: deque[TranscriptItem] = deque()
        self._ahead: deque[TranscriptItem] = deque()
        self._spent_s = 0.0
        self._chars = PARSE_SLICE_CHARS
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(0)
        self.timer.timeout.connect(self._on_slice)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(AHEAD_PAUSE_MS)
        self._rest.timeout.connect(self._on_rest)

    @property
    def is_reading(self) -> bool:
        """Whether something in sight is not read yet."""
        return bool(self._wanted)

    def forget(self) -> None:
        """Other messages are shown."""
        self._wanted.clear()
        self._ahead.clear()

    def want(self, item: TranscriptItem, row: int) -> None:
        """Have a text read: at once while this turn of the loop has time left, else in the next ones."""
        if item.is_parsed or item in self._wanted:
            return
        self._read(item, row)
        if not item.is_parsed:
            self._wanted.appendleft(item)
        self.timer.start()

    def look_ahead(self, items: Iterable[TranscriptItem]) -> None:
        """Have texts read when nothing else is to be done: they will come into sight soon."""
        self._ahead = deque(item for item in items if not item.is_parsed)
        if self._ahead and not self._rest.isActive():
            self._rest.start()

    def _read(self, item: TranscriptItem, row: int) -> None:
        first: int | None = None
        while self._spent_s < SLICE_S and not item.is_parsed:
            began = self._now()
            changed = item.parse_slice(self._chars)
            first = changed if first is None else min(first, changed)
            took_s = self._now() - began
            self._chars = next_chars(self._chars, took_s)
            self._spent_s += took_s
        if first is not None:
            self.read.emit(row, first)

    @Slot()
    def _on_slice(self) -> None:
        self._spent_s = 0.0
        while self._wanted and self._spent_s < SLICE_S:
            self._read_first(self._wanted)
        if self._wanted:
            self.timer.start()

    @Slot()
    def _on_rest(self) -> None:
        """Read one message ahead, if nothing in sight has to wait for it."""
        if not self._wanted and self._ahead:
            self._spent_s = 0.0
            self._read_first(self._ahead)
            self.timer.start()  # the next turn of the loop has all its time again
        if self._ahead:
            self._rest.start()

    def _read_first(self, queue: deque[TranscriptItem]) -> None:
        item = queue[0]
        row = self._row_of(item.key)
        if row >= 0 and not item.is_parsed:
            self._read(item, row)
        if (row < 0 or item.is_parsed) and item in queue:
            queue.remove(item)
