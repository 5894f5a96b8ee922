"""What is looked for in the open session, how often it is there, and which match is the current one.

Going and counting are two things. To go to a match, the path is searched from where one is, in the direction one goes,
until there is one: so the next match is the next in the path however little has been counted, and only what was
searched to its end is left at the other end. What counts goes down from where one reads and then up, and rests while
somebody is on the way. The next key that is typed cancels all of it. When the path changes, only what is new of it is
searched.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.faults import NotFound, SobremesaError
from desktop.domain.finding import FoundPage, Match, Needle, needle
from desktop.domain.findings import Findings, Gap, Hit
from desktop.domain.path_map import PathMap
from desktop.domain.runs import RunEnded, RunStarted, SessionsChanged, Update

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend

PAGE_S = 0.12
"""How long a page of results may take."""

Spot = tuple[int, ...]
"""Where in a message one reads: the kind of a part, its index and an offset in it, as `Match.spot`."""


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
        self._found = Findings()
        self._top = 0
        self._part: Spot = (0, 0)
        self._match: Match | None = None
        self._current: tuple[Hit, int] | None = None
        self._owed: list[int] = []
        self._may_go = False  # only what was typed moves the reader, not what arrives
        self._count_task: asyncio.Task[None] | None = None
        self._seek_task: asyncio.Task[None] | None = None
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
        return self._found.hits

    @property
    def current_depth(self) -> int:
        """The depth of the message with the current match, -1 for none."""
        return -1 if self._current is None else self._current[0][0]

    # Intents

    def look_for(self, text: str, *, match_case: bool, top: int, part: Spot = (0, 0)) -> None:
        """Look for a text from where one reads: the depth `top` of the first message in sight, from `part` of it on."""
        wanted = needle(text, match_case=match_case)
        if wanted == self._needle:
            return
        self._end_tasks()
        self._top, self._part = top, part
        if self._current is not None:
            self._top, self._part = self._current[0][0], self._match.spot if self._match is not None else (0, 0)
        self._may_go = True
        self._needle = wanted or None
        self._current = self._match = None
        self._found = Findings(len(self._path) if self._needle is not None else 0)
        self.hits_changed.emit()
        self.needle_changed.emit(self._needle)
        self._tell()
        if self._needle is not None:
            self._search(self._needle)

    @Slot()
    def stop(self) -> None:
        """Look for nothing any more."""
        self.look_for("", match_case=False, top=0)

    def step(self, by: int, *, top: int, part: Spot = (0, 0)) -> None:
        """Go to the next match (1) or the one before (-1), from what is in sight where none is the current one.

        After the last comes the first. What must be searched for that is searched now.
        """
        if self._needle is None or not self._path:
            return
        if self._is_seeking:
            self._owed.append(by)
            return
        if self._current is None:
            self._top, self._part = top, part
            self._seek(self._needle, [])
            return
        target, gap = self._beside(self._current, by)
        if gap is not None:
            self._seek(self._needle, [by])
        elif target is not None:
            self._go(*target)

    @Slot(str, str)
    def open_session(self, session_id: str, _title: str = "") -> None:
        """Follow which session is open, and its path."""
        if session_id != self._session_id:
            self._session_id = session_id
            self._end_tasks()
            self._current = None
            self._may_go = False
            self._path, self._found, self._changed_from = PathMap(), Findings(), None
            self.path_changed.emit(self._path)
            self.hits_changed.emit()
        self._read_path()
        self._tell()

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
        if not self._path:
            self._tell()  # nothing to search, which nothing else will say

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

    @property
    def _is_complete(self) -> bool:
        return self._found.is_complete and not (self._reading and not self._path)

    @property
    def _is_seeking(self) -> bool:
        return self._seek_task is not None and not self._seek_task.done()

    def _search(self, wanted: Needle) -> None:
        if self._may_go and self._current is None and self._path:
            self._seek(wanted, [])
        self._count_task = self._bridge.start_task(self._count(wanted), on_error=self._on_error)

    def _search_again(self, wanted: Needle, first: int) -> None:
        """Search what is new of the path, from a depth on; where one was on the way, one begins anew."""
        if self._found.is_complete and len(self._found):
            self._may_go = False
        self._end_tasks(but_going=True)
        self._found = self._found.resized(len(self._path), min(first, len(self._found)))
        self.hits_changed.emit()
        self._tell()
        self._search(wanted)

    async def _count(self, wanted: Needle) -> None:
        """Search all that has not been searched, from where one reads."""
        while True:
            if (seeking := self._seek_task) is not None and not seeking.done():
                await asyncio.wait([seeking])
            elif (found := self._found.gap(self._top)) is not None:
                await self._search_gap(wanted, *found)
            else:
                break
        if self._current is not None:
            hit, number = self._current
            there = self._found.at(*hit[:2])
            self._current = None if there is None else (there, min(number, there[2] - 1))
        self.hits_changed.emit()
        self._tell()

    async def _search_gap(self, wanted: Needle, gap: Gap, by: int, *, first_only: bool = False) -> None:
        """Search a gap from its near end on, for as long as a page may take."""
        path, (first, end) = self._path, gap
        ids = path.ids[first:end] if by > 0 else path.ids[first:end][::-1]
        search = partial(_search_page, ids=ids, wanted=wanted, first_only=first_only)
        page: FoundPage = await self._bridge.call(search)
        if path is self._path and wanted is self._needle:
            self._found.take((first, first + page.searched) if by > 0 else (end - page.searched, end), page.hits)
            if page.hits:
                self.hits_changed.emit()
            if not self._found.is_complete:
                self._tell()

    # Going

    def _seek(self, wanted: Needle, owed: list[int]) -> None:
        """Go to where the search begins, or on from the current match by the steps that are `owed`."""
        if self._go_task is not None:
            self._go_task.cancel()
        self._owed = owed
        self._seek_task = self._bridge.start_task(self._travel(wanted), on_error=self._on_error)

    async def _travel(self, wanted: Needle) -> None:
        if self._current is None:
            await self._begin(wanted)
        while self._owed and self._current is not None:
            by = self._owed[0]
            target, gap = self._beside(self._current, by)
            if gap is not None:
                await self._search_gap(wanted, gap, by, first_only=True)
                continue
            del self._owed[0]
            self._current = target or self._current
        self._owed = []
        if self._current is not None:
            self._go(*self._current)

    async def _begin(self, wanted: Needle) -> None:
        """Make the first match from where one reads the current one, else the last one above."""
        top, number = min(self._top, len(self._path) - 1), 0
        hit = await self._nearest(wanted, top, 1)
        if hit is None:
            hit = await self._nearest(wanted, top - 1, -1)
            number = hit[2] - 1 if hit is not None else 0
        elif hit[0] == top and self._part > (0, 0):
            match = await self._locate(hit, wanted, 0, self._part)
            if match is not None and match.spot >= self._part:
                number = match.number
            elif (below := await self._nearest(wanted, top + 1, 1)) is not None:
                hit = below  # all matches of the first message are above what is in sight
            else:
                number = hit[2] - 1
        self._current = None if hit is None else (hit, number)

    async def _nearest(self, wanted: Needle, depth: int, by: int) -> Hit | None:
        while True:
            hit, gap = self._found.look(depth, by)
            if gap is None:
                return hit
            await self._search_gap(wanted, gap, by, first_only=True)

    def _beside(self, current: tuple[Hit, int], by: int) -> tuple[tuple[Hit, int] | None, Gap | None]:
        """Return the match after or before the current one, or what must be searched to know it."""
        (depth, id_, _count), number = current
        here = self._found.at(depth, id_)
        if here is not None and 0 <= number + by < here[2]:
            return (here, number + by), None
        for start in (depth + by, 0 if by > 0 else len(self._path) - 1):
            hit, gap = self._found.look(start, by)
            if gap is not None or hit is not None:
                return (None if hit is None else (hit, 0 if by > 0 else hit[2] - 1)), gap
        return None, None

    def _go(self, hit: Hit, number: int) -> None:
        self._current = (hit, number)
        if self._go_task is not None:
            self._go_task.cancel()
        assert self._needle is not None, "there are hits only of a needle"
        self._go_task = self._bridge.start_task(self._show(hit, self._needle, number), on_error=self._on_error)
        self._tell()

    async def _show(self, hit: Hit, wanted: Needle, number: int) -> None:
        found = await self._locate(hit, wanted, number)
        if found is None or wanted is not self._needle:
            return
        self._match = found
        if self._current is not None and found.number != self._current[1]:
            self._current = (self._current[0], found.number)
            self._tell()
        self.go_wanted.emit(found)

    async def _locate(self, hit: Hit, wanted: Needle, number: int, after: Spot = (0, 0)) -> Match | None:
        found: Match | None = await self._bridge.call(
            lambda backend: backend.finding.locate(hit[1], wanted, number, after=after)
        )
        return found

    async def _ask_words(self, depth: int, message_id: int) -> None:
        self.words_told.emit(depth, await self._bridge.call(lambda backend: backend.finding.first_words(message_id)))

    # Inside

    def _on_error(self, error: SobremesaError) -> None:
        if not isinstance(error, NotFound):  # what is gone meanwhile needs no word
            self._bridge.trouble.emit(str(error))

    def _end_tasks(self, *, but_going: bool = False) -> None:
        for task in (self._count_task, self._seek_task, None if but_going else self._go_task):
            if task is not None:
                task.cancel()
        self._count_task = self._seek_task = None
        self._go_task = self._go_task if but_going else None
        self._owed = []

    def _tell(self) -> None:
        number = 0
        if self._current is not None:
            above = self._found.before(self._current[0][0])
            number = 0 if above is None else above + self._current[1] + 1
        complete = self._needle is None or self._is_complete
        state = FindState(total=self._found.total, number=number, complete=complete, active=self._needle is not None)
        self.state_changed.emit(state)


async def _search_page(backend: Backend, *, ids: Sequence[int], wanted: Needle, first_only: bool) -> FoundPage:
    return await backend.finding.page(ids, wanted, limit_s=PAGE_S, first_only=first_only)


async def _read_map(backend: Backend, *, session_id: str, known: PathMap) -> PathMap:
    return await backend.finding.path_map(session_id, known)
