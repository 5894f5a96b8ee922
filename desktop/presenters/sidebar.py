"""What the sidebar and the trash list: the sessions that a place and a filter leave, kept true row by row."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.domain.organising import EVERYTHING, Place, Sort
from desktop.domain.runs import ProfileChanged, RunEnded, RunStarted, RunText, SessionsChanged, Update
from desktop.domain.sessions import SessionCursor, SessionListing
from desktop.presenters.session_list import SessionListModel

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend

PAGE = 50
SLICE = 200
"""How many rows are read at a time where all that is loaded has to be looked at again."""
STEP = 10
"""How many changed rows are shown at a time; one that leaves a selection in a thousand parts takes two milliseconds."""
TURN_S = 0.01
"""How long rows are shown until the window has its turn again."""
MANY = 1000
"""More changes than this at once are read as all that is loaded."""
LONGEST_WAIT_MS = 3_600_000
"""A clock that is set, or a computer that slept, is noticed at least once an hour."""

__all__ = ["SessionListModel", "SidebarPresenter"]


class SidebarPresenter(QObject):
    """Fills `model` page by page and keeps it true. `SidebarPresenter(bridge=…, now_ms=…, place=EVERYTHING)`.

    Changes are merged row by row, whoever made them: of a session that is named, only that session is read again,
    however far one has scrolled.
    """

    loaded = Signal()
    """The first page is there: an empty list is empty."""
    other_wanted = Signal()
    """Another place, order, filter or profile is to be listed: what was meant of the one before is meant no longer."""
    shown = Signal()
    """What a place and a filter leave is there."""
    restored = Signal(object)
    """Ids of sessions that came back out of the trash."""
    counted = Signal(int)
    """How many sessions lie in the trash, after `count_trash`."""
    collected = Signal(object)
    """The ids of all that the place and the filter leave, after `collect`."""

    def __init__(
        self, *, bridge: Bridge, now_ms: Callable[[], int], place: Place = EVERYTHING, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.place = place
        self.sort = Sort.ACTIVITY
        self.model = SessionListModel(now_ms=now_ms, parent=self)
        self._text = ""
        self._listing = 0  # counts the places, orders, filters and profiles
        self._shown: tuple[Place, Sort, str] | None = None
        self._loading = False
        self._all = False
        self._some: set[str] = set()
        self._loaded = False
        self._open_id = ""
        self._running: dict[int, str] = {}
        self._unread: frozenset[str] = frozenset()
        self._writing: frozenset[int] = frozenset()
        self._ended = False
        self._midnight = QTimer(self)
        self._midnight.setSingleShot(True)
        self._midnight.timeout.connect(self._on_midnight)
        bridge.updated.connect(self._on_updated)
        self.model.more_wanted.connect(self._on_more_wanted)
        self.model.order_wanted.connect(self._on_changed)
        self.model.rename_wanted.connect(self.rename)

    @Slot()
    def start(self) -> None:
        """Load the first page, as soon as the services are open, and watch for midnight."""
        self._ended = False
        self._on_midnight()
        self.refresh()

    @Slot()
    def stop(self) -> None:
        """Watch no longer, and tell nothing of what comes late: the list may be gone by then."""
        self._ended = True
        self._midnight.stop()

    @Slot(str)
    def search(self, text: str) -> None:
        """List the sessions whose title or tags hold `text`; "" lists all."""
        if text != self._text:
            self._text = text
            self._list_other()

    @Slot(object)
    def choose_place(self, place: Place) -> None:
        """List the sessions of a place."""
        if place != self.place:
            self.place = place
            self._list_other()

    @Slot(object)
    def choose_sort(self, sort: Sort) -> None:
        """List the sessions in another order."""
        if sort is not self.sort:
            self.sort = sort
            self._list_other()

    def _list_other(self) -> None:
        self._listing += 1
        self.other_wanted.emit()
        self.refresh()

    @Slot(str, str)
    def rename(self, session_id: str, title: str) -> None:
        """Give a session another title."""

        async def work() -> None:
            await self._bridge.call(lambda backend: backend.organising.rename(session_id, title))

        self._bridge.start_task(work())

    @Slot()
    def collect(self) -> None:
        """Ask for the ids of all that the place and the filter leave, loaded or not."""
        (place, sort, text), listing = self._wanted(), self._listing

        async def gather(backend: Backend) -> tuple[str, ...]:
            found: list[str] = []
            after: SessionCursor | None = None
            while True:
                page = await backend.library.sessions(limit=MANY, after=after, text=text, place=place, sort=sort)
                found += (row.id for row in page)
                if len(page) < MANY:
                    return tuple(found)
                after = page[-1].cursor

        async def work() -> None:
            ids = await self._bridge.call(gather)
            if not self._ended and listing == self._listing:
                self.collected.emit(ids)

        self._bridge.start_task(work())

    # ---------------------------------------------------------------------------------------------------- the trash

    @Slot(object)
    def restore(self, session_ids: tuple[str, ...]) -> None:
        """Take sessions back out of the trash."""

        async def work() -> None:
            await self._bridge.call(lambda backend: backend.organising.restore(session_ids))
            if not self._ended:  # what lists the trash may be closed by now
                self.restored.emit(session_ids)

        self._bridge.start_task(work())

    @Slot()
    def count_trash(self) -> None:
        """Count what lies in the trash, as before it is emptied."""

        async def work() -> None:
            count = await self._bridge.call(lambda backend: backend.library.trash_count())
            if not self._ended:
                self.counted.emit(count)

        self._bridge.start_task(work())

    @Slot(object)
    def remove(self, session_ids: tuple[str, ...]) -> None:
        """Remove sessions of the trash for good."""

        async def work(backend: Backend) -> None:
            for session_id in session_ids:
                await backend.library.remove(session_id)

        self._remove(work)

    @Slot()
    def empty_trash(self) -> None:
        """Remove everything in the trash for good."""
        self._remove(lambda backend: backend.library.empty_trash())

    def _remove(self, function: Callable[[Backend], Awaitable[object]]) -> None:
        async def work() -> None:
            await self._bridge.call(function)

        self._bridge.start_task(work())

    # ------------------------------------------------------------------------------------------------------ the list

    @Slot(str)
    def set_open(self, session_id: str) -> None:
        """Take note of what the window shows: that session is read."""
        self._open_id = session_id
        self._mark_unread(self._unread - {session_id})

    @Slot()
    def refresh(self) -> None:
        """Ask again for the part that is shown and merge it."""
        self._all = True
        self._start_loading()

    @Slot(object)
    def _on_changed(self, session_ids: Iterable[str]) -> None:
        """Read some sessions again."""
        self._some.update(session_ids)
        self._start_loading()

    def _start_loading(self) -> None:
        if not self._loading and not self._ended:
            self._loading = True
            self._bridge.start_task(self._load())

    def _wanted(self) -> tuple[Place, Sort, str]:
        return self.place, self.sort, self._text

    async def _load(self) -> None:
        try:
            while (self._all or self._some) and not self._ended:
                if self._wanted() != self._shown:
                    await self._load_first()
                elif self._all or len(self._some) > MANY:
                    await self._load_again()
                else:
                    await self._load_some()
        finally:
            self._loading = False
        if not self._loaded and not self._ended:
            self._loaded = True
            self.loaded.emit()

    async def _page(
        self, wanted: tuple[Place, Sort, str], *, after: SessionListing | None, limit: int
    ) -> tuple[tuple[SessionListing, ...], bool]:
        """Read a page, and whether there is more below it."""
        place, sort, text = wanted
        cursor = after.cursor if after else None
        page = await self._bridge.call(
            lambda backend: backend.library.sessions(limit=limit + 1, after=cursor, text=text, place=place, sort=sort)
        )
        return page[:limit], len(page) > limit

    async def _load_first(self) -> None:
        """Show what another place, order or filter leaves, from its beginning."""
        self._all = False
        self._some.clear()
        wanted = self._wanted()
        page, has_more = await self._page(wanted, after=None, limit=PAGE)
        if wanted == self._wanted() and not self._ended:
            self._shown = wanted
            self.model.show(page, has_more=has_more, order=wanted[1])
            self.shown.emit()
        elif not self._ended:
            self._all = True

    async def _load_again(self) -> None:
        """Read all that is loaded again, a slice at a time, so that the window never waits for the whole."""
        self._all = False
        self._some.clear()
        wanted, start = self._wanted(), 0
        while True:
            above = self.model.last(start) if start else None
            room = min(SLICE, max(PAGE, self.model.rowCount() - start))
            page, has_more = await self._page(wanted, after=above, limit=room)
            if wanted != self._wanted() or self._ended or (above is not None and self.model.last(start) != above):
                self._all = not self._ended  # something else moved meanwhile: from the beginning
                return
            self.model.merge(start, page, ends=not has_more)
            start += len(page)
            if not has_more or start >= self.model.rowCount():
                return

    async def _load_some(self) -> None:
        """Read the sessions that were named, and put each where it belongs now."""
        wanted, ids = self._wanted(), tuple(self._some)
        self._some.clear()
        place, _sort, text = wanted
        found = await self._bridge.call(
            lambda backend: backend.library.sessions(limit=len(ids), text=text, place=place, among=ids)
        )
        if wanted == self._wanted() and not self._ended:
            rows = {row.id: row for row in found}
            ordered, began = sorted(ids, key=self.model.row_of), perf_counter()
            for start in range(0, len(ordered), STEP):
                self.model.apply({each: rows.get(each) for each in ordered[start : start + STEP]})
                if perf_counter() - began > TURN_S:
                    await asyncio.sleep(0)
                    began = perf_counter()
                if wanted != self._wanted() or self._ended:
                    break
        if wanted != self._wanted() and not self._ended:
            self._all = True

    @Slot()
    def _on_more_wanted(self) -> None:
        self._bridge.start_task(self._load_more())

    async def _load_more(self) -> None:
        wanted, last = self._wanted(), self.model.last()
        try:
            if wanted != self._shown:
                return
            page, has_more = await self._page(wanted, after=last, limit=PAGE)
            if self._ended:
                return
            if wanted == self._wanted() and last == self.model.last():
                self.model.append(page, has_more=has_more)
            else:
                self.refresh()
        finally:  # also where the page could not be read: it is asked for again when somebody scrolls
            self.model.end_fetching()

    @Slot(object)
    def _on_updated(self, updates: Iterable[Update]) -> None:
        before = dict(self._running)
        changed: set[str] = set()
        everything = False
        unread, writing = self._unread, self._writing
        for update in updates:
            match update:
                case RunStarted():
                    self._running[update.message_id] = update.session_id
                case RunText() if update.message_id not in writing:
                    writing |= {update.message_id}
                case RunEnded():
                    self._running.pop(update.message_id, None)
                    writing -= {update.message_id}
                    if update.session_id != self._open_id:
                        unread |= {update.session_id}
                case SessionsChanged():
                    changed.update(update.session_ids)
                    everything |= not update.session_ids
                case ProfileChanged():
                    (self._list_other if update.switched else self.refresh)()
        if self._running != before:
            self.model.set_running(frozenset(self._running.values()))
        if writing != self._writing:
            self._writing = writing
            self.model.set_writing(frozenset(self._running.get(message_id, "") for message_id in writing))
        self._mark_unread(unread)
        if everything:
            self.refresh()
        elif changed:
            self._on_changed(changed)

    def _mark_unread(self, unread: frozenset[str]) -> None:
        if unread != self._unread:
            self._unread = unread
            self.model.set_unread(unread)

    @Slot()
    def _on_midnight(self) -> None:
        self._midnight.start(min(self.model.refresh_days(), LONGEST_WAIT_MS))
