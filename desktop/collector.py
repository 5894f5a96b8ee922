"""Collects garbage on the window's thread only.

Python collects on whichever thread happens to allocate, and here that is mostly the engine's. A Qt object that ends
there takes its timers and children down from the wrong thread, which crashes sooner or later. So the automatic
collection is off while the window lives, and the window's own thread does it, at the thresholds Python would have used.
"""

import gc
from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer, Slot

INTERVAL_MS = 250
FULL_REST_FACTOR = 200
"""A full collection that took 20 ms is not made again for 4 s: half a percent of the window's time at most."""


class Collector(QObject):
    """`start` and `stop` belong together; in between, cyclic garbage ends on the thread that called `start`."""

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_on = False
        self._full_from_s = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._collect)

    def start(self) -> None:
        """Take over from Python's automatic collection."""
        self._was_on = gc.isenabled()
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Give it back."""
        self._timer.stop()
        if self._was_on:
            gc.enable()

    @Slot()
    def _collect(self) -> None:
        """Collect the oldest generation that is due, which takes the younger ones with it.

        A threshold of 0 is Python's word for "not now": whoever loads a big library says so.
        """
        counts, thresholds = gc.get_count(), gc.get_threshold()
        if not thresholds[0]:
            return
        began = perf_counter()
        due = [age for age in range(3) if counts[age] > thresholds[age]]
        if 2 in due and began >= self._full_from_s:
            gc.collect(2)
            ended = perf_counter()
            self._full_from_s = ended + FULL_REST_FACTOR * (ended - began)
        elif due:
            gc.collect(min(due[-1], 1))
