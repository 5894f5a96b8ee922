"""Brings the pages of the open session's path as they are wanted, and goes to any message, wherever it is.

One page is read at a time, off the window's thread. While a handle is dragged only the place that was wanted last
counts, so that the page there comes at once and not behind twenty others.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.faults import SobremesaError
from desktop.presenters.follower import Page, RunFollower, with_live

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.presenters.transcript import TranscriptListModel
    from desktop.services.backend import Backend

PAGE = 50


@dataclass(frozen=True, slots=True)
class _Wish:
    """A page: `load` reads and shows it. A page next to the window waits for no jump, and is forgotten for one."""

    load: Callable[[], Coroutine[Any, Any, None]]
    is_jump: bool


class PagesPresenter(QObject):
    """`PagesPresenter(bridge=…, transcript=…, follower=…, session_id=…)`; `session_id()` names the open session.

    Slots are intents: `load_older`, `load_newer`, `load_at(place)`, `load_end`, `go_to(message_id)`. What is loaded
    already costs nothing.
    """

    arrived = Signal(int)
    """A message that somebody wanted to go to is loaded."""
    session_wanted = Signal(str)
    """A message stands in another session, which is to be opened first."""
    merged = Signal(object, str)
    """A page of another path of the session (a `Page`) is to be shown; with the session's id."""
    jumped = Signal()
    """It has gone to a message, or could not: `is_jumping` no longer."""
    trouble = Signal(str)

    def __init__(
        self,
        *,
        bridge: Bridge,
        transcript: TranscriptListModel,
        follower: RunFollower,
        session_id: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._transcript = transcript
        self._follower = follower
        self._session_id = session_id
        self._wish: _Wish | None = None
        self._is_busy = False
        self._target: tuple[str, int] | None = None
        self.is_jumping = False
        """Whether a page around a message is on its way, which another one of the session must not overtake."""

    # Intents

    @Slot()
    def load_older(self) -> None:
        """Add the page above the first message that is loaded."""
        if self._transcript.has_older:
            self._want(_Wish(self._load_older, is_jump=False))

    @Slot()
    def load_newer(self) -> None:
        """Add the page below the last message that is loaded."""
        if self._transcript.has_newer:
            self._want(_Wish(self._load_newer, is_jump=False))

    @Slot(int)
    def load_at(self, place: int) -> None:
        """Hold the page around the message that stands at a place of the path, counted from 0."""
        self._want(_Wish(lambda: self._load_at(place), is_jump=True))

    @Slot()
    def load_end(self) -> None:
        """Hold the newest page."""
        if self._transcript.has_newer:
            self._want(_Wish(lambda: self._load_at(None), is_jump=True))

    def target(self, session_id: str) -> int | None:
        """Return the message for which a session is being opened, so that its first page is the one around it."""
        return self._target[1] if self._target is not None and self._target[0] == session_id else None

    @Slot(int)
    def go_to(self, message_id: int, session_id: str = "") -> None:
        """Go to a message, also of another version or another session: `arrived` tells when it is there.

        Where `session_id` is known it is opened at the message at once.
        """
        self._target = None
        if self._transcript.row_of(message_id) >= 0:
            self.arrived.emit(message_id)
        elif session_id and session_id != self._session_id():
            self._target = (session_id, message_id)
            self.session_wanted.emit(session_id)
        else:
            self._want(_Wish(lambda: self._go_to(message_id), is_jump=True))

    @Slot(str, str)
    def on_opened(self, session_id: str, _draft: str) -> None:
        """Go on to the message for which a session was opened."""
        target, self._target = self._target, None
        self._wish = None
        if target is not None and target[0] == session_id:
            self.go_to(target[1])

    # Work

    def _want(self, wish: _Wish) -> None:
        if not self._session_id() and not wish.is_jump:
            return
        if self._wish is None or wish.is_jump or not self._wish.is_jump:
            self._wish = wish
        if not self._is_busy:
            self._is_busy = True
            self._bridge.start_task(self._work(), on_error=self._on_error)

    async def _work(self) -> None:
        try:
            while self._wish is not None:
                wish, self._wish = self._wish, None
                with self._follower.waiting():
                    await wish.load()
        finally:
            self._is_busy = False

    async def _load_older(self) -> None:
        session_id, first = self._session_id(), self._transcript.first()
        if first is None or first.parent_id is None:
            return
        messages, more = await self._bridge.call(lambda backend: backend.library.older(session_id, first.depth))
        if session_id == self._session_id():
            self._follower.prepend(messages, has_older=more)

    async def _load_newer(self) -> None:
        session_id, last = self._session_id(), self._transcript.last()
        if last is None or not self._transcript.has_newer:
            return

        async def work(backend: Backend) -> Page:
            return await with_live(backend, await backend.library.span(session_id, last.depth + 1))

        page = await self._bridge.call(work)
        if session_id == self._session_id():
            self._follower.append(page)

    async def _load_at(self, place: int | None) -> None:
        session_id = self._session_id()
        if self._holds(place):
            return

        async def work(backend: Backend) -> Page:
            if place is None:
                return await with_live(backend, await backend.library.open(session_id))
            return await with_live(backend, await backend.library.page(session_id, depth=place))

        page = await self._bridge.call(work)
        is_late = self._wish is not None and self._wish.is_jump
        if session_id == self._session_id() and not is_late and not self._holds(place):
            self._follower.turn_to(page)

    def _holds(self, place: int | None) -> bool:
        model = self._transcript
        if place is None:
            return not model.has_newer
        return model.before <= place < model.before + model.rowCount()

    async def _go_to(self, message_id: int) -> None:
        self.is_jumping = True
        try:
            await self._jump(message_id)
        finally:
            self.is_jumping = False
            self.jumped.emit()

    async def _jump(self, message_id: int) -> None:
        session_id = self._session_id()
        if self._transcript.row_of(message_id) < 0:

            async def work(backend: Backend) -> Page:
                return await with_live(backend, await backend.library.reveal(message_id))

            page = await self._bridge.call(work)
            if session_id != self._session_id():
                return
            other = page.opened.session.id
            if other != session_id:
                self._target = (other, message_id)
                self.session_wanted.emit(other)
                return
            self.merged.emit(page, session_id)
            if self._transcript.row_of(message_id) < 0:
                self._follower.turn_to(page)
        is_late = self._wish is not None and self._wish.is_jump
        if not is_late and self._transcript.row_of(message_id) >= 0:
            self.arrived.emit(message_id)

    def _on_error(self, error: SobremesaError) -> None:
        self._wish = self._target = None
        self.trouble.emit(str(error))
