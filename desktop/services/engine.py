"""The engine thread: one plain asyncio loop beside the window, where services, database calls and providers live.

LiteLLM blocks its loop now and then, so it never runs on the window's. The command line runs the same services in its
main thread and needs none of this.
"""

import asyncio
import logging
import sys
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from desktop.domain.faults import SobremesaError, WrongUse
from desktop.i18n import _

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Engine:
    """A thread with a loop. `start` and `stop` belong together; what still runs at `stop` is cancelled."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._loop.set_exception_handler(report_mistake)
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the loop runs."""
        return self._thread.is_alive() and not self._loop.is_closed()

    def submit(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine on the engine's loop; the future may be awaited or asked from any other thread."""
        if not self.alive:
            coroutine.close()
            raise WrongUse(_("The program is closing."))
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def stop(self, *, limit_s: float = 3.0) -> bool:
        """Cancel what still runs, end the loop and the thread; return whether it ended within `limit_s` seconds."""
        if not self._thread.is_alive():
            if not self._loop.is_closed():
                self._loop.close()
            return True
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(limit_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            tasks = asyncio.all_tasks(self._loop)
            for task in tasks:
                task.cancel()
            if tasks:
                self._loop.run_until_complete(asyncio.wait(tasks, timeout=1.0))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            ending = self._loop.create_task(self._loop.shutdown_default_executor())
            self._loop.run_until_complete(asyncio.wait({ending}, timeout=1.0))
        finally:
            asyncio.set_event_loop(None)
            self._loop.close()


def report_mistake(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Hand an exception that nobody awaited to the excepthook; asyncio's own way prints its text, whatever it holds."""
    error = context.get("exception")
    if isinstance(error, SobremesaError):
        return  # the world's refusal of something that nobody waits for any more
    if isinstance(error, BaseException):
        sys.excepthook(type(error), error, error.__traceback__)
    else:
        _log.error("the loop reports: %s", context.get("message", ""))
