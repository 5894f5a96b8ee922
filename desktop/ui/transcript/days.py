"""Which messages begin a new day, and what the line above them says: local days, also when a page comes above."""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.presenters.figures import Times
from desktop.presenters.transcript import TranscriptListModel
from desktop.presenters.transcript_item import TranscriptItem

LONGEST_WAIT_MS = 3_600_000
"""A clock that is set, or a computer that slept, is noticed at least once an hour."""


def utc_ms() -> int:
    """Return the time of the system's clock in milliseconds."""
    return time.time_ns() // 1_000_000


class Days(QObject):
    """`Days(model=…)`: `changed` tells that midnight has passed, and "Today" is another day."""

    changed = Signal()

    def __init__(
        self,
        *,
        model: TranscriptListModel,
        now_ms: Callable[[], int] = utc_ms,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._now_ms = now_ms
        self.times = Times(now_ms=now_ms())
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_time)
        self._wait()

    def above(self, item: TranscriptItem) -> str:
        """Return what the line above a message says, or "" where no day begins.

        Nothing stands above the very first message of a session of today, and none above one whose time is unknown.
        """
        row = self._model.row_of(item.key)
        made = item.message.created_at
        if row < 0 or made <= 0:
            return ""
        if row:
            before = self._model.item(row - 1).message.created_at
            begins = before > 0 and self.times.day(before) != self.times.day(made)
        else:
            begins = not self._model.has_older and self.times.day(made) != self.times.today
        return self.times.day_text(made) if begins else ""

    def _wait(self) -> None:
        self._timer.start(min(LONGEST_WAIT_MS, self.times.ms_to_midnight(self._now_ms()) + 1))

    @Slot()
    def _on_time(self) -> None:
        times = Times(now_ms=self._now_ms())
        is_new = times.today != self.times.today
        self.times = times
        self._wait()
        if is_new:
            self.changed.emit()
