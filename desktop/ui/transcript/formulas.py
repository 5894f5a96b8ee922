"""Formulas in the background: drawn on a thread of their own, never twice, and kept while there is room.

The newest wish is served first: it is the one that is in sight. A formula of which nothing is known yet is asked for
and shown as its source until `drawn` tells.
"""

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop.ui.transcript.formula_drawing import MAX_SOURCE, Drawing, drawing_of

_KEPT_ELEMENTS = 400_000
_KEPT = 4_000
_MAX_WAITING = 500
_FAILED_COST = 50

Wish = tuple[str, bool]
"""The source, and whether the formula stands alone."""


class Formulas(QObject):
    """`drawn(source)` tells that a formula can be painted now."""

    drawn = Signal(str)
    _done = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: OrderedDict[Wish, Drawing | None] = OrderedDict()
        self._kept = 0
        self._asked: set[Wish] = set()
        self._waiting: list[Wish] = []
        self._lock = Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._closed = False
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    def ask(self, source: str, *, display: bool) -> Drawing | None:
        """Return the drawing of a formula; None while it is being made, and for what cannot be drawn."""
        wish = (source, display)
        if wish in self._known:
            self._known.move_to_end(wish)
            return self._known[wish]
        if wish in self._asked or len(source) > MAX_SOURCE or self._closed:
            return None
        self._asked.add(wish)
        with self._lock:
            self._waiting.append(wish)
            if len(self._waiting) > _MAX_WAITING:
                self._asked.discard(self._waiting.pop(0))
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="formulas")
        self._pool.submit(self._work)
        return None

    def close(self) -> None:
        """End the thread; a formula that is being drawn is given up."""
        self._closed = True
        with self._lock:
            self._waiting.clear()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _work(self) -> None:
        with self._lock:
            wish = self._waiting.pop() if self._waiting else None
        if wish is not None:
            made = drawing_of(wish[0], display=wish[1], leave=lambda: self._closed)
            if not self._closed:
                self._done.emit(wish, made)

    @Slot(object, object)
    def _on_done(self, wish: Wish, made: Drawing | None) -> None:
        self._asked.discard(wish)
        self._known[wish] = made
        self._kept += _cost(made)
        while self._kept > _KEPT_ELEMENTS or len(self._known) > _KEPT:
            _oldest, gone = self._known.popitem(last=False)
            self._kept -= _cost(gone)
        if made is not None:
            self.drawn.emit(wish[0])


def _cost(drawing: Drawing | None) -> int:
    return _FAILED_COST if drawing is None else drawing.elements
