"""What the sidebar and the trash list, and what is done with sessions there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.domain.faults import NotFound
from desktop.domain.organising import EVERYTHING, Place, PlaceKind
from desktop.domain.runs import ProfileChanged, RunEnded, RunStarted, RunText, SessionsChanged, Update
from desktop.presenters.session_list import SessionListModel

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend

PAGE = 50
STOP_LIMIT_S = 2.0
"""How long a deletion waits for the session's answer to be final: a disk that takes nothing does not hold it up."""
LONGEST_WAIT_MS = 3_600_000
"""A clock that is set, or a computer that slept, is noticed at least once an hour."""

__all__ = ["SessionListModel", "SidebarPresenter"]


class SidebarPresenter(QObject):
    """Fills `model` page by page and keeps it true. `SidebarPresenter(bridge=…, now_ms=…, trashed=False)`.

    One with `trashed=True` lists the trash in the same way. Changes are merged row by row, whoever made them.
    """

    loaded = Signal()
    """The first page is there: an empty list is empty."""
    trashed = Signal(str, str)
    """Id and title of a session that went into the trash."""
    restored = Signal(str)
    """Id of a session that came back."""
    counted = Signal(int)
    """How many sessions lie in the trash, after `count_trash`."""

    def __init__(
        self, *, bridge: Bridge, now_ms: Callable[[], int], trashed: bool = False, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._place = Place(kind=PlaceKind.TRASH) if trashed else EVERYTHING
        self.model = SessionListModel(now_ms=now_ms, parent=self)
        self._text = ""
        self._shown_text = ""
        self._loading = False
        self._again = False
        self._loaded = False
        self._open_id = ""
        self._running: dict[int, str] = {}
        self._unread: frozenset[str] = frozenset()
        self._writing: frozenset[int] = frozenset()
        self._deleted: list[str] = []
        self._ended = False
        self._midnight = QTimer(self)
        self._midnight.setSingleShot(True)
        self._midnight.timeout.connect(self._on_midnight)
        bridge.updated.connect(self._on_updated)
        self.model.more_wanted.connect(self._on_more_wanted)
        self.model.order_wanted.connect(self.refresh)
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
        """List the sessions whose title holds `text`; "" lists all."""
        if text != self._text:
            self._text = text
            self.refresh()

    @Slot(str, str)
    def rename(self, session_id: str, title: str) -> None:
        """Give a session another title."""

        async def work() -> None:
            await self._bridge.call(lambda backend: backend.library.rename(session_id, title))

        self._bridge.start_task(work())

    @Slot(str)
    def trash(self, session_id: str) -> None:
        """Put a session into the trash; what is being written in it is stopped and kept."""
        listing = self.model.listing(session_id)

        async def work() -> None:
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_LIMIT_S):
                    await self._bridge.call(lambda backend: backend.chat.stop_session(session_id))
            await self._bridge.call(lambda backend: backend.library.trash(session_id))
            self._deleted.append(session_id)
            if not self._ended:
                self.trashed.emit(session_id, listing.title if listing else "")

        if session_id:
            self._bridge.start_task(work())

    @Slot(str)
    def restore(self, session_id: str) -> None:
        """Take a session back out of the trash."""
        self._bridge.start_task(self._restore(session_id))

    @Slot()
    def undo_trash(self) -> None:
        """Take back the last deletion that still stands, then the one before."""
        self._bridge.start_task(self._undo())

    @Slot()
    def count_trash(self) -> None:
        """Count what lies in the trash, as before it is emptied."""

        async def work() -> None:
            count = await self._bridge.call(lambda backend: backend.library.trash_count())
            if not self._ended:
                self.counted.emit(count)

        self._bridge.start_task(work())

    @Slot(str)
    def remove(self, session_id: str) -> None:
        """Remove a session of the trash for good."""
        self._remove(lambda backend: backend.library.remove(session_id))

    @Slot()
    def empty_trash(self) -> None:
        """Remove everything in the trash for good."""
        self._remove(lambda backend: backend.library.empty_trash())

    def _remove(self, function: Callable[[Backend], Awaitable[object]]) -> None:
        async def work() -> None:
            await self._bridge.call(function)

        self._bridge.start_task(work())

    async def _restore(self, session_id: str) -> None:
        await self._bridge.call(lambda backend: backend.library.restore(session_id))
        if not self._ended:  # what lists the trash may be closed by now
            self.restored.emit(session_id)

    async def _undo(self) -> None:
        while self._deleted:
            session_id = self._deleted.pop()
            if await self._is_trashed(session_id):  # else it came back by way of the trash, or another program
                await self._restore(session_id)
                return

    async def _is_trashed(self, session_id: str) -> bool:
        try:
            session = await self._bridge.call(lambda backend: backend.store.session(session_id))
        except NotFound:
            return False
        return session.deleted_at is not None

    @Slot(str)
    def set_open(self, session_id: str) -> None:
        """Take note of what the window shows: that session is read."""
        self._open_id = session_id
        self._mark_unread(self._unread - {session_id})

    @Slot()
    def refresh(self) -> None:
        """Ask again for the part that is shown and merge it."""
        if self._loading:
            self._again = True
        elif not self._ended:
            self._loading = True
            self._bridge.start_task(self._load())

    async def _load(self) -> None:
        try:
            self._again = True
            while self._again and not self._ended:
                self._again = False
                await self._load_once()
        finally:
            self._loading = False
        if not self._loaded and not self._ended:
            self._loaded = True
            self.loaded.emit()

    async def _load_once(self) -> None:
        text, place = self._text, self._place
        count = max(PAGE, self.model.rowCount()) if text == self._shown_text else PAGE
        page = await self._bridge.call(
            lambda backend: backend.library.sessions(limit=count + 1, text=text, place=place)
        )
        if text == self._text and not self._ended:
            self._shown_text = text
            self.model.show(page[:count], has_more=len(page) > count)

    @Slot()
    def _on_more_wanted(self) -> None:
        self._bridge.start_task(self._load_more())

    async def _load_more(self) -> None:
        text, after, place = self._shown_text, self.model.cursor(), self._place
        page = await self._bridge.call(
            lambda backend: backend.library.sessions(limit=PAGE + 1, after=after, text=text, place=place)
        )
        if self._ended:
            return
        if text == self._shown_text and after == self.model.cursor():
            self.model.append(page[:PAGE], has_more=len(page) > PAGE)
        else:
            self.refresh()

    @Slot(object)
    def _on_updated(self, updates: Iterable[Update]) -> None:
        before = dict(self._running)
        changed = False
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
                case SessionsChanged() | ProfileChanged():
                    changed = True
        if self._running != before:
            self.model.set_running(frozenset(self._running.values()))
        if writing != self._writing:
            self._writing = writing
            self.model.set_writing(frozenset(self._running.get(message_id, "") for message_id in writing))
        self._mark_unread(unread)
        if changed:
            self.refresh()

    def _mark_unread(self, unread: frozenset[str]) -> None:
        if unread != self._unread:
            self._unread = unread
            self.model.set_unread(unread)

    @Slot()
    def _on_midnight(self) -> None:
        self._midnight.start(min(self.model.refresh_days(), LONGEST_WAIT_MS))
