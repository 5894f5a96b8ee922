"""Keeps the engine thread from taking the whole interpreter while answers stream in at full speed.

LiteLLM spends a third of a millisecond of pure Python on a chunk. Without rest the window's thread waits for the
interpreter 240 ms and more; with 2 ms of rest after 4 ms of work it waits 20 ms at worst (measured).
"""

import asyncio
from collections.abc import Callable
from time import perf_counter

WORK_S = 0.004
REST_S = 0.002
IDLE_S = 0.002


class Pacer:
    """One for all streams of a loop: what one of them has worked counts for all."""

    def __init__(self, *, work_s: float = WORK_S, rest_s: float = REST_S, clock: Callable[[], float] = perf_counter):
        self._work_s = work_s
        self._rest_s = rest_s
        self._clock = clock
        self._since = clock()
        self._resting_until = 0.0
        self.rests = 0

    def waited(self, before: float) -> None:
        """Note that a wait for the network ended that began at `before`: if it was long, the thread has rested."""
        now = self._clock()
        if now - before > IDLE_S:
            self._since = now

    def now(self) -> float:
        return self._clock()

    async def breathe(self) -> None:
        """Rest if it is time to."""
        now = self._clock()
        if now < self._resting_until:
            await asyncio.sleep(self._resting_until - now)
        elif now - self._since >= self._work_s:
            self.rests += 1
            self._resting_until = now + self._rest_s
            await asyncio.sleep(self._rest_s)
            self._since = self._clock()
