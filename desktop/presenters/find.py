"""What is looked for in the open session, how often it is there, and which match is the current one.

A search goes from what is in sight upwards, then from the end down to it; each page that comes back is counted and
shown at once, and the next key that is typed cancels the rest. When the path changes, only what is new of it is
searched.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.faults import NotFound, SobremesaError
from desktop.domain.finding import FoundPage, Match, Needle, needle
from desktop.domain.path_map import PathMap
from desktop.domain.runs import RunEnded, RunStarted, SessionsChanged, Update

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend

FIRST_S, MORE_S = 0.02, 0.12
"""How long the first page of results may take, which is shown at once, and each of the others."""

Hit = tuple[int, int, int]
"""Depth and id of a message, and how many matches it has."""


@dataclass(frozen=True, slots=True)
class FindState:
    """How far a search is: `number` is that of the current match from 1, 0 for none; `total` grows until `complete`."""

    total: int = 0
    number: int = 0
    complete: bool = True
    active: bool = False


class FindPresenter(QObject):
    """`FindPresenter(bridge=…)`: told which session is open, it knows the map of its path; told a text, its matches."""

    path_changed = Signal(object)
    """The `PathMap` of the open session is another."""
    needle_changed = Signal(object)
    """A `Needle` is looked for, or None."""
    state_changed = Signal(object)
    """A `FindState`."""
    hits_changed = Signal()
    """`hits()` are others."""
    go_wanted = Signal(object)
    """A `Match` is to be shown."""
    words_told = Signal(int, str)
    """How the message at a depth begins."""

    def __init__(self, *, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._session_id = ""
        self._path = PathMap()
        self._reading = self._read_again = False
        self._changed_from: int | None = None
        self._needle: Needle | None = None
        self._above: list[Hit] = []  # both lists go up, as they are found
        self._below: list[Hit] = []
        self._sorted: list[Hit] | None = None
        self._sums: list[int] = []
        self._complete = True
        self._top = 0
        self._part = (0, 0)
        self._match: Match | None = None
        self._bottom = 0
        self._current: tuple[Hit, int] | None = None
        self._may_go = False  # only what was typed moves the reader, not what arrives
        self._search_task: asyncio.Task[None] | None = None
        self._go_task: asyncio.Task[None] | None = None
        bridge.updated.connect(self._on_updated)

    @property
    def path(self) -> PathMap:
        """The map of the path that is open."""
        return self._path

    @property
    def needle(self) -> Needle | None:
        """What is looked for."""
        return self._needle

    def hits(self) -> Sequence[Hit]:
        """Return the messages with matches by depth, as far as they are known."""
        if self._sorted is None:
            self._sorted = sorted(self._above + self._below)
            self._sums = list(accumulate((hit[2] for hit in self._sorted), initial=0))
        return self._sorted

    @property
    def current_depth(self) -> int:
        """The depth of the message with the current match, -1 for none."""
        return -1 if self._current is None else self._current[0][0]

    # Intents

    def look_for(self, text: str, *, match_case: bool, top: int, bottom: int, part: tuple[int, int] = (0, 0)) -> None:
        """Look for a text; `top` and `bottom` are the depths of the messages in sight, `part` that of the top one."""
        wanted = needle(text, match_case=match_case)
        if wanted == self._needle:
            return
        self._end_tasks()
        self._top, self._part = top, part
        if self._current is not None:
            self._top, self._part = self._current[0][0], self._match.part if self._match is not None else (0, 0)
        self._bottom = bottom
        self._may_go = True
        self._needle = wanted or None
        self._current = None
        self._forget_hits()
        self.needle_changed.emit(self._needle)
        if self._needle is None:
            self._complete = True
            self._tell()
        else:
            self._search(self._needle)

    @Slot()
    def stop(self) -> None:
        """Look for nothing any more."""
        self.look_for("", match_case=False, top=0, bottom=0)

    def step(self, by: int, *, top: int, part: tuple[int, int] = (0, 0)) -> None:
        """Go to the next match (1) or the one before (-1), from what is in sight where none is the current one.

        After the last comes the first.
        """
        hits = self.hits()
        if not hits:
            return
        if self._current is None:
            self._top, self._part = top, part
            self._choose()
            return
        (depth, id_, _count), number = self._current
        at = bisect_left(hits, (depth,))
        still = at < len(hits) and hits[at][:2] == (depth, id_)
        if still and 0 <= number + by < hits[at][2]:
            self._go(hits[at], number + by)
            return
        at = at + by if still or by < 0 else at
        hit = hits[at % len(hits)]
        self._go(hit, 0 if by > 0 else hit[2] - 1)

    @Slot(str, str)
    def open_session(self, session_id: str, _title: str = "") -> None:
        """Follow which session is open, and its path."""
        if session_id != self._session_id:
            self._session_id = session_id
            self._end_tasks()
            self._forget_hits()
            self._current = None
            self._may_go = False
            self._take_path(PathMap())
            if self._needle is not None:
                self._complete = not session_id
                self._tell()
        self._read_path()

    def ask_words(self, depth: int) -> None:
        """Find out how the message at a depth begins."""
        if depth < len(self._path):
            self._bridge.start_task(self._ask_words(depth, self._path.ids[depth]), on_error=self._on_error)

    # The path

    @Slot(object)
    def _on_updated(self, updates: Iterable[Update]) -> None:
        changed = False
        for update in updates:
            match update:
                case RunEnded(session_id=session_id) if session_id == self._session_id:
                    self._note_change(update.message.depth)
                    changed = True
                case RunStarted(session_id=session_id):
                    changed |= session_id == self._session_id
                case SessionsChanged():
                    changed |= update.elsewhere or self._session_id in update.session_ids
        if changed:
            self._read_path()

    def _note_change(self, depth: int) -> None:
        self._changed_from = depth if self._changed_from is None else min(depth, self._changed_from)

    def _read_path(self) -> None:
        self._read_again = True
        if not self._reading and self._session_id:
            self._reading = True
            self._bridge.start_task(self._read(), on_error=self._on_error)

    async def _read(self) -> None:
        try:
            while self._read_again and (session_id := self._session_id):
                self._read_again = False
                path = await self._bridge.call(partial(_read_map, session_id=session_id, known=self._path))
                if session_id == self._session_id:
                    self._take_path(path)
                else:
                    self._read_again = True
        finally:
            self._reading = False

    def _take_path(self, path: PathMap) -> None:
        before, self._path = self._path, path
        common = before.common(path)
        changed, self._changed_from = self._changed_from, None
        if common < max(len(before), len(path)) or path.branches != before.branches:
            self.path_changed.emit(path)
        first = common if changed is None else min(common, changed)
        if self._needle is not None and first < max(len(before), len(path)):
            self._search_again(self._needle, first)

    # The search

    def _search(self, wanted: Needle) -> None:
        self._complete = False
        self._tell()
        self._search_task = self._bridge.start_task(self._find_all(wanted), on_error=self._on_error)

    def _search_again(self, wanted: Needle, first: int) -> None:
        """Search what is new of the path, from a depth on; a search that is not complete begins anew."""
        if not self._complete:
            first = 0
        else:
            self._may_go = False
        kept = [hit for hit in reversed(self.hits()) if hit[0] < first]
        if self._search_task is not None:
            self._search_task.cancel()
        self._forget_hits()
        self._above = kept
        if first:
            self._complete = False
            self._search_task = self._bridge.start_task(self._find_rest(wanted, first), on_error=self._on_error)
        else:
            self._search(wanted)

    async def _find_all(self, wanted: Needle) -> None:
        if not self._path and self._reading:
            return  # the search begins when the path is there
        if ids := self._path.ids:
            bottom = min(self._bottom, len(ids) - 1)
            await self._walk(wanted, ids[bottom], self._above, limit_s=FIRST_S)
            if bottom + 1 < len(ids):
                await self._walk(wanted, ids[-1], self._below, top=bottom + 1)
        self._finish()

    async def _find_rest(self, wanted: Needle, first: int) -> None:
        if first < len(self._path):
            await self._walk(wanted, self._path.ids[-1], self._below, top=first)
        self._finish()

    async def _walk(
        self, wanted: Needle, start_id: int, hits: list[Hit], *, top: int = 0, limit_s: float = MORE_S
    ) -> None:
        next_id: int | None = start_id
        while next_id is not None:
            search = partial(_search_page, start_id=next_id, wanted=wanted, top=top, limit_s=limit_s)
            page = await self._bridge.call(search)
            next_id, limit_s = page.next_id, MORE_S
            hits += page.hits
            self._sorted = None
            if page.hits:
                if self._may_go and self._current is None:
                    self._choose()
                self.hits_changed.emit()
            if next_id is not None:
                self._tell()

    def _finish(self) -> None:
        self._complete = True
        if self._current is not None:
            hit, number = self._current
            at = bisect_left(self.hits(), hit[:1])
            there = at < len(self.hits()) and self.hits()[at][:2] == hit[:2]
            self._current = (self.hits()[at], min(number, self.hits()[at][2] - 1)) if there else None
        self.hits_changed.emit()
        self._tell()

    def _choose(self) -> None:
        """Make the first match at or below what was in sight the current one, else the last one above."""
        hits = self.hits()
        at = bisect_left(hits, (self._top,))
        if at < len(hits):
            self._go(hits[at], 0, after=self._part if hits[at][0] == self._top else (0, 0))
        else:
            self._go(hits[-1], hits[-1][2] - 1)

    def _go(self, hit: Hit, number: int, *, after: tuple[int, int] = (0, 0)) -> None:
        self._current = (hit, number)
        if self._go_task is not None:
            self._go_task.cancel()
        assert self._needle is not None, "there are hits only of a needle"
        self._go_task = self._bridge.start_task(self._locate(hit, self._needle, number, after), on_error=self._on_error)
        self._tell()

    async def _locate(self, hit: Hit, wanted: Needle, number: int, after: tuple[int, int]) -> None:
        found: Match | None = await self._bridge.call(
            lambda backend: backend.finding.locate(hit[1], wanted, number, after=after)
        )
        if found is None or wanted is not self._needle:
            return
        below = bisect_left(self.hits(), (hit[0] + 1,))
        if found.part < after and below < len(self.hits()):
            self._go(self.hits()[below], 0)  # all its matches are above what is in sight
            return
        self._match = found
        if self._current is not None and found.number != self._current[1]:
            self._current = (self._current[0], found.number)
            self._tell()
        self.go_wanted.emit(found)

    async def _ask_words(self, depth: int, message_id: int) -> None:
        self.words_told.emit(depth, await self._bridge.call(lambda backend: backend.finding.first_words(message_id)))

    # Inside

    def _on_error(self, error: SobremesaError) -> None:
        if not isinstance(error, NotFound):  # what is gone meanwhile needs no word
            self._bridge.trouble.emit(str(error))

    def _forget_hits(self) -> None:
        self._above, self._below, self._sorted = [], [], None
        self.hits_changed.emit()

    def _end_tasks(self) -> None:
        for task in (self._search_task, self._go_task):
            if task is not None:
                task.cancel()
        self._search_task = self._go_task = None

    def _tell(self) -> None:
        hits, number = self.hits(), 0
        if self._current is not None:
            at = bisect_left(hits, self._current[0][:1])
            number = self._sums[min(at, len(self._sums) - 1)] + self._current[1] + 1
        self.state_changed.emit(
            FindState(total=self._sums[-1], number=number, complete=self._complete, active=self._needle is not None)
        )


async def _search_page(backend: Backend, *, start_id: int, wanted: Needle, top: int, limit_s: float) -> FoundPage:
    return await backend.finding.page(start_id, wanted, top=top, limit_s=limit_s)


async def _read_map(backend: Backend, *, session_id: str, known: PathMap) -> PathMap:
    return await backend.finding.path_map(session_id, known)
