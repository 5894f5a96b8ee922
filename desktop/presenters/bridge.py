"""The only crossing between the window's thread and the engine's.

Inward, a presenter awaits `call`; outward, everything the services report is collected and handed over at most once
per tick, so that an answer of 2,500 chunks a second costs the window no more than one of 30. A tick that was dear makes
the next one come later: painting never takes more than a third of the window's time. So does one that brought more than
anybody reads in its time.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop.domain.faults import SobremesaError, StoreError
from desktop.domain.runs import RunText, Update
from desktop.services.engine import Engine

if TYPE_CHECKING:
    from desktop.services.backend import Backend

T = TypeVar("T")

TICK_MS = 33
"""Text that grows 30 times a second runs smoothly; twice as often costs twice as much and looks the same."""
POUR_MS = 50
POUR_CHARS = 200
"""What so many characters in one tick bring is not read as it comes, but skimmed when it is there."""
CLOSE_LIMIT_S = 1.7
STOP_LIMIT_S = 0.3
REST_FACTOR = 2


def pause_ms(chars: int, took_s: float) -> int:
    """Return how long after a tick that brought so many characters in so much time the next text is shown."""
    return max(POUR_MS if chars >= POUR_CHARS else TICK_MS, round(took_s * 1000 * REST_FACTOR))


class Bridge(QObject):
    """Starts the services on the engine thread, calls them, and tells what they report.

    Facts: `ready` (the database is open), `failed` (a `StoreError`: it could not be opened), `updated` (a tuple of
    `Update`, in order), `trouble` (a sentence for the user about a task that failed).
    """

    ready = Signal()
    failed = Signal(object)
    updated = Signal(object)
    trouble = Signal(str)
    _posted = Signal()

    def __init__(
        self,
        *,
        loop: asyncio.AbstractEventLoop,
        open_backend: Callable[[Callable[[Update], None]], Coroutine[Any, Any, Backend]],
    ) -> None:
        super().__init__()
        self._loop = loop
        self._open_backend = open_backend
        self._engine = Engine()
        self._opened: Future[Backend] = Future()
        self._waiting: list[Update] = []
        self._lock = threading.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._last_tick = 0.0
        self._pause_ms = TICK_MS
        self._posted.connect(self._on_posted, Qt.ConnectionType.QueuedConnection)
        self._engine.start()

    def start(self) -> None:
        """Open the services on the engine thread; calls made before simply wait."""
        self.start_task(self._open())

    async def call(self, function: Callable[[Backend], Awaitable[T]]) -> T:
        """Run `function(backend)` on the engine thread and return its result; waits until the services are open.

        Raises what the function raises, and the `StoreError` that kept the services from opening. What is asked while
        the services close is cancelled: there is nobody left to answer, and nobody who could look at it.
        """
        if self._closed:
            raise asyncio.CancelledError
        return await asyncio.wrap_future(self._engine.submit(self._with_backend(function)), loop=self._loop)

    async def aside(self, function: Callable[[], T]) -> T:
        """Run slow work that touches no widget, such as an import, on a thread of the engine's."""
        return await asyncio.wrap_future(self._engine.submit(asyncio.to_thread(function)), loop=self._loop)

    def start_task(
        self, coroutine: Coroutine[Any, Any, None], *, on_error: Callable[[SobremesaError], None] | None = None
    ) -> asyncio.Task[None]:
        """Run a presenter's coroutine on the window's loop and own it until it ends.

        A `SobremesaError` goes to `on_error`, else to `trouble`; anything else is a mistake of ours and reaches the
        excepthook.
        """
        task = self._loop.create_task(self._guarded(coroutine, on_error))
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)
        task.add_done_callback(lambda _task: coroutine.close())  # one that was cancelled before it began, too
        return task

    async def close(self) -> bool:
        """Close the services in order and end the engine thread; what is still shown afterwards is only a picture.

        Returns whether everything ended within `CLOSE_LIMIT_S`. Harmless when done twice.
        """
        if self._closed:
            return not self._engine.alive
        self._closed = True
        for task in tuple(self._tasks):
            if task is not asyncio.current_task():
                task.cancel()
        # What the services report while they close would only make presenters ask a store that is closed.
        self._posted.disconnect(self._on_posted)
        self._timer.stop()
        if self._opened.done() and self._opened.exception() is None:
            closing = asyncio.wrap_future(self._engine.submit(self._opened.result().close()))
            _done, late = await asyncio.wait({closing}, timeout=CLOSE_LIMIT_S)
            if late:
                return False
            closing.result()
        return self._engine.stop(limit_s=STOP_LIMIT_S)

    def _on_task_done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            sys.excepthook(type(error), error, error.__traceback__)

    # -------------------------------------------------------------------------------------------- on the engine thread

    def _post(self, update: Update) -> None:
        with self._lock:
            first = not self._waiting
            last = self._waiting[-1] if self._waiting else None
            if isinstance(update, RunText) and isinstance(last, RunText) and last.message_id == update.message_id:
                self._waiting[-1] = replace(
                    last, text=last.text + update.text, thinking=last.thinking + update.thinking
                )
            else:
                self._waiting.append(update)
        if first:
            self._posted.emit()

    def _on_opened(self, opening: Future[Backend]) -> None:
        """Let every call go on, with the services or with what kept them from opening."""
        error = opening.exception() if not opening.cancelled() else CancelledError()
        if error is not None:
            self._opened.set_exception(error)
        else:
            self._opened.set_result(opening.result())

    async def _with_backend(self, function: Callable[[Backend], Awaitable[T]]) -> T:
        return await function(await asyncio.shield(asyncio.wrap_future(self._opened)))

    # ------------------------------------------------------------------------------------------ on the window's thread

    async def _open(self) -> None:
        opening = self._engine.submit(self._open_backend(self._post))
        opening.add_done_callback(self._on_opened)
        try:
            await asyncio.wrap_future(opening)
        except StoreError as error:
            self.failed.emit(error)
        else:
            self.ready.emit()

    async def _guarded(
        self, coroutine: Coroutine[Any, Any, None], on_error: Callable[[SobremesaError], None] | None
    ) -> None:
        try:
            await coroutine
        except SobremesaError as error:
            if on_error is not None:
                on_error(error)
            else:
                self.trouble.emit(str(error))

    @Slot()
    def _on_posted(self) -> None:
        if not self._timer.isActive():
            elapsed_ms = (perf_counter() - self._last_tick) * 1000
            self._timer.start(max(0, round(self._pause_ms - elapsed_ms)))

    @Slot()
    def _on_tick(self) -> None:
        with self._lock:
            updates, self._waiting = tuple(self._waiting), []
        if not updates:
            return
        began = perf_counter()
        self.updated.emit(updates)
        texts = [len(update.text) + len(update.thinking) for update in updates if isinstance(update, RunText)]
        if texts:  # what is rare is told at once, and delays no word
            self._last_tick = perf_counter()
            self._pause_ms = pause_ms(sum(texts), self._last_tick - began)
