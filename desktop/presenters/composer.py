"""What is being written and not yet sent: kept for each session, half a second behind the keyboard at most."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    import asyncio

    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend

SAVE_PAUSE_MS = 300


class ComposerPresenter(QObject):
    """Keeps drafts. `ComposerPresenter(bridge=…, read=…)`: `read` returns what stands in the composer.

    The text is asked for only when it is written down, since it may be long.
    """

    draft_shown = Signal(str)
    """What to put into the composer."""

    def __init__(self, *, bridge: Bridge, read: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._read = read
        self._session_id = ""
        self._dirty = False
        self._on_the_way: dict[str, str] = {}
        """Drafts that are not on disk yet, by session: what is read there meanwhile is out of date."""
        self._revisions: dict[str, int] = {}
        """How often the draft of a session was written down. Texts are not compared: one may begin like the other."""
        self._aside: dict[int, str] = {}
        """Drafts of new sessions that did not arrive on disk before their profile was left."""
        self._taken: dict[str, int] = {}
        """The revision of a draft at the moment its text was sent."""
        self._showing: asyncio.Task[None] | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SAVE_PAUSE_MS)
        self._pause.timeout.connect(self.save_now)

    @Slot()
    def edited(self) -> None:
        """Keep in mind that the text has changed under the user's hands."""
        self._dirty = True
        if not self._pause.isActive():  # never put off by further keys: what is written is 300 ms old at most
            self._pause.start()

    @Slot()
    def save_now(self) -> None:
        """Write the draft down, if it has changed."""
        self._bridge.start_task(self.flush())

    async def flush(self) -> None:
        """Write the draft down and wait until it is on disk; for closing."""
        if self._showing is not None:
            await self._showing
        self._pause.stop()
        if self._dirty:
            self._dirty = False
            self._keep(self._session_id, self._read())
        for session_id in tuple(self._on_the_way):
            await self._save(session_id)
        for profile_id, text in tuple(self._aside.items()):
            await self._bridge.call(partial(_save_for, profile_id=profile_id, text=text))
            if self._aside.get(profile_id) == text:
                del self._aside[profile_id]

    def change_hands(self, left: int, entered: int) -> None:
        """Keep the draft of a new session that is not on disk with its profile, now that another one is shown."""
        if (text := self._on_the_way.pop("", None)) is not None:
            self._aside[left] = text
        if (text := self._aside.pop(entered, None)) is not None:
            self._keep("", text)

    @Slot(str, str)
    def open(self, session_id: str, draft: str) -> None:
        """Show the draft of another session; that of the one before is written down first."""
        if self._dirty:
            self._leave()
        self._session_id = session_id
        self.draft_shown.emit(self._on_the_way.get(session_id, draft))

    @Slot()
    def open_new(self) -> None:
        """Show what was being written for a session that does not exist yet."""
        if self._dirty:
            self._leave()
        self._session_id = ""
        pending = self._on_the_way.get("")
        self.draft_shown.emit(pending or "")
        if pending is None:
            self._showing = self._bridge.start_task(self._show_new())

    @Slot()
    def taken(self) -> None:
        """Take the text as sent: what is in the composer from now on is new."""
        self._pause.stop()
        self._dirty = False
        self._taken[self._session_id] = self._revisions.get(self._session_id, 0)

    @Slot(str, str)
    def sent(self, session_id: str, _text: str) -> None:
        """Forget the draft of a message that is on disk now; `session_id` is where it was written, "" for a new one."""
        if self._taken.pop(session_id, 0) == self._revisions.get(session_id, 0):  # else it was written since
            self._save_soon(session_id, "")

    @Slot(str)
    def stored(self, session_id: str) -> None:
        """Take what is being written along to the id that the new session got."""
        if not self._session_id:
            self._session_id = session_id
            self._pause.stop()
            self._dirty = False
            self._save_soon(session_id, self._read())
            self._save_soon("", "")

    @Slot(str, str)
    def put_back(self, session_id: str, text: str) -> None:
        """Put text that could not be sent back to where it was written."""
        if session_id == self._session_id:
            written = self._read()
            self.draft_shown.emit(f"{text}\n{written}" if written else text)
            self.edited()
        else:
            self._bridge.start_task(self._put_before(session_id, text))

    def _leave(self) -> None:
        self._pause.stop()
        self._dirty = False
        self._save_soon(self._session_id, self._read())

    def _keep(self, session_id: str, text: str) -> None:
        self._on_the_way[session_id] = text
        self._revisions[session_id] = self._revisions.get(session_id, 0) + 1

    def _save_soon(self, session_id: str, text: str) -> None:
        self._keep(session_id, text)
        self._bridge.start_task(self._save(session_id))

    async def _save(self, session_id: str) -> None:
        """Write down a draft that is on the way; one that does not arrive stays, and is tried again at the next."""
        if not session_id and self._showing is not None:  # what was kept there is not overwritten before it was seen
            await self._showing
        if (text := self._on_the_way.get(session_id)) is not None:
            await self._bridge.call(lambda backend: backend.library.save_draft(session_id, text))
            if self._on_the_way.get(session_id) == text:
                del self._on_the_way[session_id]

    async def _put_before(self, session_id: str, text: str) -> None:
        """Put text before the draft of a session that is not open; it may be open by the time its draft is read."""
        kept = await self._draft(session_id)
        if session_id == self._session_id:
            self.put_back(session_id, text)
            return
        self._keep(session_id, f"{text}\n{kept}" if kept else text)
        await self._save(session_id)

    async def _draft(self, session_id: str) -> str:
        kept = self._on_the_way.get(session_id)
        if kept is None:
            kept = await self._bridge.call(lambda backend: backend.library.draft(session_id))
        return self._on_the_way.get(session_id, kept)

    async def _show_new(self) -> None:
        """Show what was kept for a new session, before anything that was written there meanwhile."""
        kept = await self._bridge.call(lambda backend: backend.library.draft(""))
        here = not self._session_id
        written = self._read() if here and self._dirty else self._on_the_way.get("", "")
        whole = f"{kept}\n{written}" if kept and written and not written.startswith(kept) else written or kept
        if here and whole:
            self.draft_shown.emit(whole)
            self.edited()  # so that a message sent a moment ago does not take it along
        elif whole != written:
            self._keep("", whole)


def _save_for(backend: Backend, *, profile_id: int, text: str) -> Awaitable[None]:
    return backend.library.save_draft("", text, profile_id=profile_id)
