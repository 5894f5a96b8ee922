"""Which session is open, and everything that is done in it. Looking at another session never touches a run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.domain.faults import SobremesaError
from desktop.domain.runs import RunEnded, RunUpdate, SessionsChanged, Update
from desktop.domain.sessions import Session, instant_title
from desktop.presenters.follower import Page, RunFollower, read_own_page, read_page, waiting_turn, with_live
from desktop.presenters.meter import meter_text
from desktop.presenters.pages import PagesPresenter
from desktop.presenters.refresher import Refresher
from desktop.presenters.writing import Writing

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.presenters.transcript import TranscriptListModel
    from desktop.services.backend import Backend

WAITING_AFTER_MS = 60


class ChatPresenter(QObject):
    """`ChatPresenter(bridge=…, transcript=…, model="")`: intents are slots, facts are signals.

    `model` is the address that new sessions talk to, where one was named at the start. A message sent before the
    services are open is shown at once and goes out by itself.
    """

    session_changed = Signal(str, str)
    """Id and title of the open session; the id is "" for one that is not stored yet."""
    opened = Signal(str, str)
    """Another session is open: its id and its draft."""
    new_opened = Signal()
    """A session that does not exist yet is open."""
    running_changed = Signal(bool)
    """Whether an answer is being written in the open session."""
    ready_changed = Signal(bool)
    """Whether the next message can go out: not while another session opens, or another one's message is stored."""
    model_changed = Signal(str)
    """The address of the model that answers next."""
    meter_changed = Signal(str)
    """How full the context is, or ""."""
    saving_changed = Signal(str)
    """Why the text of a run does not reach the disk at the moment, or "" when it does."""
    taken = Signal()
    """The text to send was taken over: the composer can be emptied."""
    sent = Signal(str, str)
    """A message is on disk: the session it was written in ("" for a new one) and its text."""
    stored = Signal(str)
    """The new session that is open got its id."""
    refused = Signal(str, str)
    """A session ("" for a new one) and the text that could not be sent from there, to be put back."""
    trouble = Signal(str)
    """A sentence about what went wrong."""

    def __init__(
        self, *, bridge: Bridge, transcript: TranscriptListModel, model: str = "", parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._transcript = transcript
        self._follower = RunFollower(model=transcript)
        self.pages = PagesPresenter(
            bridge=bridge, transcript=transcript, follower=self._follower, session_id=self._open_id, parent=self
        )
        self._refresher = Refresher(
            bridge=bridge,
            transcript=transcript,
            follower=self._follower,
            session_id=self._open_id,
            is_busy=lambda: bool(self._sending or self._switching or self.pages.is_jumping),
            parent=self,
        )
        self._session: Session | None = None
        self._first_model = self._model = model
        self._folder_id: int | None = None
        self._reading = ""
        self._visit = 0  # grows when another session is shown, so that what comes late is not taken for its own
        self._sending, self._sending_visit = "", -1
        self._switching = 0
        self._missed: list[RunUpdate] = []
        self._writing = Writing()
        self._told_running, self._told_ready = False, True
        self._choosing: asyncio.Task[None] | None = None
        self._send_task: asyncio.Task[None] | None = None
        self._waiting = QTimer(self, singleShot=True, interval=WAITING_AFTER_MS)
        self._waiting.timeout.connect(self._show_waiting)
        bridge.updated.connect(self._on_updated)
        self.pages.session_wanted.connect(self.open)
        self.pages.merged.connect(self._merge)
        self.pages.jumped.connect(self._refresher.catch_up)
        self.pages.trouble.connect(self.trouble)
        self._refresher.read.connect(partial(self._merge, keeps_place=False))
        self._refresher.trouble.connect(self.trouble)
        self.opened.connect(self.pages.on_opened)

    @property
    def session_id(self) -> str:
        """The id of the open session, "" for one that is not stored yet."""
        return self._session.id if self._session else ""

    def _open_id(self) -> str:
        return self.session_id

    @property
    def unsaved(self) -> str:
        """Why the text of a run, in whichever session, does not reach the disk at the moment; "" when all does."""
        return self._writing.unsaved

    def running_count(self) -> int:
        """Return how many answers are being written, in all sessions; a message on its way to the disk counts too."""
        return len(self._writing) or int(bool(self._sending))

    async def settle(self) -> None:
        """Wait until the message that is on its way is on disk or back in the composer; for closing."""
        if self._send_task is not None:
            await asyncio.wait({self._send_task})

    # ------------------------------------------------------------------------------------------ intents: which session

    @Slot()
    def new_session(self) -> None:
        """Open a session that is stored with its first message."""
        self._reading = ""
        self._visit += 1
        self._session = None
        self._model = self._first_model
        self._follower.clear()
        self.new_opened.emit()
        self._tell()
        self._tell_ready()
        self._bridge.start_task(self._find_model())

    def choose_folder(self, folder_id: int | None) -> None:
        """Let new sessions begin in a folder, with what it gives them, or in none."""
        if folder_id != self._folder_id:
            self._folder_id = folder_id
            if self._session is None and not self._sending:
                self._model = self._first_model
                self._bridge.start_task(self._find_model())

    @Slot(str)
    def open(self, session_id: str) -> None:
        """Open a stored session; the one that is open stays until the other is there."""
        if session_id != self.session_id or self._reading:
            self._reading = session_id
            self._missed.clear()
            self._tell_ready()
            self._bridge.start_task(self._open(session_id), on_error=partial(self._on_unreadable, session_id))

    @Slot(str)
    def leave(self, session_id: str) -> None:
        """Open a new session if `session_id` is the open one, as when it went into the trash."""
        if session_id and session_id == self.session_id:
            self.new_session()

    # ----------------------------------------------------------------------------------------- intents: what is done

    @Slot(str)
    def send(self, text: str) -> None:
        """Send the user's next message."""
        if self._sending or self._is_running() or self._reading or not text.strip():
            return
        self._sending, self._sending_visit = text, self._visit
        self._missed.clear()
        self._waiting.start()
        self.taken.emit()
        self._send_task = self._bridge.start_task(self._send(text, self._session))

    @Slot()
    def stop(self) -> None:
        """Stop whatever is being written in the open session."""
        for message_id in self._writing.answers(self.session_id):
            self.stop_message(message_id)

    @Slot(int)
    def stop_message(self, message_id: int) -> None:
        """Stop one answer, or the wait before its next attempt."""
        self._do(lambda backend: backend.chat.stop(message_id))

    @Slot(int)
    def try_now(self, message_id: int) -> None:
        """End the wait before the next attempt."""
        self._do(lambda backend: backend.chat.try_now(message_id))

    @Slot(int)
    def retry(self, message_id: int) -> None:
        """Ask the same again: a new version beside the old one."""
        self._do(lambda backend: backend.branches.retry(message_id), after=self._choosing)

    @Slot(int)
    def resume(self, message_id: int) -> None:
        """Continue an answer that was cut off."""
        self._do(lambda backend: backend.branches.resume(message_id), after=self._choosing)

    @Slot(int, int)
    def choose_version(self, message_id: int, step: int) -> None:
        """Show the version `step` places beside a message, and what follows it."""
        if self._session:
            self._bridge.start_task(self._choose_version(self._session.id, message_id, step))

    @Slot(str, str)
    def rename(self, session_id: str, title: str) -> None:
        """Give a session another title: the one it was typed for, which need not be open any more."""
        self._do(lambda backend: backend.organising.rename(session_id, title))

    @Slot(str)
    def choose_model(self, address: str) -> None:
        """Let another model answer from the next message on."""
        self._model = address
        self.model_changed.emit(address)
        if session_id := self.session_id:
            self._choosing = self._do(lambda backend: backend.library.set_model(session_id, address))

    # ------------------------------------------------------------------------------------------------------------ work

    def _do(
        self, function: Callable[[Backend], Awaitable[object]], *, after: asyncio.Task[None] | None = None
    ) -> asyncio.Task[None]:
        async def work() -> None:
            if after is not None:
                await after
            await self._bridge.call(function)

        return self._bridge.start_task(work(), on_error=self._on_error)

    async def _find_model(self) -> None:
        folder_id = self._folder_id

        async def find(backend: Backend) -> str:
            usual = await backend.organising.usual_model(folder_id)
            return usual or await backend.models.default_model()

        found = await self._bridge.call(find)
        if self._session is None and not self._model and folder_id == self._folder_id:
            self._model = found
            self.model_changed.emit(found)

    async def _open(self, session_id: str) -> None:
        message_id = self.pages.target(session_id)
        page = await self._bridge.call(lambda backend: read_own_page(backend, session_id, message_id))
        if self._reading == session_id:
            self._reading = ""
            self._visit += 1
            self._show(page)
            self.opened.emit(session_id, page.opened.draft)
            self._tell_ready()  # not before the composer holds this session's text

    def _show(self, page: Page) -> None:
        self._session = page.opened.session
        self._model = self._session.model or self._model
        self._follower.show(page)
        missed, self._missed = self._missed, []
        for update in missed:
            if update.session_id == self._session.id:
                self._follower.apply(update)
        self._tell()

    async def _choose_version(self, session_id: str, message_id: int, step: int) -> None:
        async def work(backend: Backend) -> Page:
            return await with_live(backend, await backend.library.choose_version(message_id, step))

        self._switching += 1
        try:
            with self._follower.waiting():
                self._merge(await self._bridge.call(work), session_id)
        finally:
            self._switching -= 1
            self._refresher.refresh()

    @Slot(object, str)
    def _merge(self, page: Page, session_id: str, *, keeps_place: bool = True) -> None:
        """Take up a page of the open session. Reports on their way say again what it holds, and are dropped then."""
        if session_id == self.session_id:
            self._session = page.opened.session
            self._model = self._session.model or self._model
            self._follower.merge(page, keeps_place=keeps_place)
            self._tell()

    async def _send(self, text: str, session: Session | None) -> None:
        session_id = session.id if session else ""
        model, folder_id = None if session else self._model or None, self._folder_id

        async def work(backend: Backend) -> Page:
            folder = None if session_id else folder_id
            turn = await backend.chat.send(text, session_id=session_id or None, model=model, folder_id=folder)
            return await read_page(backend, turn.assistant.session_id)

        try:
            if self._choosing is not None:  # the model chosen a moment ago is the one that answers
                await self._choosing
            page = await self._bridge.call(work)
        except SobremesaError as error:
            self._on_refused(text, session_id, str(error))
        else:
            self.sent.emit(session_id, text)
            if session:
                self._merge(page, session_id, keeps_place=False)
            elif self._sending_visit == self._visit:
                self._show(page)
                self.stored.emit(page.opened.session.id)
        finally:
            self._waiting.stop()
            self._sending = ""
            self._missed.clear()
            self._tell_running()
            self._tell_ready()

    def _on_refused(self, text: str, session_id: str, sentence: str) -> None:
        if self._sending_visit == self._visit:
            self._follower.take_back()
        self.refused.emit(session_id, text)
        self.trouble.emit(sentence)

    @Slot()
    def _show_waiting(self) -> None:
        """Show a question that cannot be stored at once, and that it is waiting."""
        if self._sending_visit == self._visit and not self._transcript.has_newer:
            turn = waiting_turn(
                self._sending, session_id=self.session_id, after=self._transcript.last(), model=self._model
            )
            self._follower.begin(*turn)
            self.session_changed.emit(self.session_id, self._title())

    # ------------------------------------------------------------------------------------------------ what is reported

    @Slot(object)
    def _on_updated(self, updates: Iterable[Update]) -> None:
        changed = False
        for update in updates:
            if isinstance(update, SessionsChanged):
                changed |= update.elsewhere or self.session_id in update.session_ids
            elif isinstance(update, RunUpdate):
                self._on_run_update(update)
        if changed and self._session:
            self._refresher.refresh()
        self._tell_running()

    def _on_run_update(self, update: RunUpdate) -> None:
        self._follower.note(update)
        before = self.unsaved
        self._writing.note(update)
        if self.unsaved != before:
            self.saving_changed.emit(self.unsaved)
        if self._reading == update.session_id or (self._sending and self._session is None):
            self._missed.append(update)
        if self._session and update.session_id == self._session.id:
            self._follower.apply(update)
            if isinstance(update, RunEnded):
                self._tell_meter()

    def _on_error(self, error: SobremesaError) -> None:
        self.trouble.emit(str(error))

    def _on_unreadable(self, session_id: str, error: SobremesaError) -> None:
        self.trouble.emit(str(error))
        if self._reading == session_id:  # else another one was asked for since, and is still coming
            self._reading = ""
            self._tell()
            self._tell_ready()

    # ------------------------------------------------------------------------------------------------- what is told

    def _is_running(self) -> bool:
        return bool(self._session and self._writing.answers(self.session_id))

    def _title(self) -> str:
        return self._session.title if self._session else instant_title(self._sending)

    def _tell(self) -> None:
        self.session_changed.emit(self.session_id, self._title())
        self.model_changed.emit(self._model)
        self._tell_meter()
        self._tell_running()

    def _tell_meter(self) -> None:
        if self._transcript.has_newer:
            return  # the newest answer, which tells how full the context is, is not loaded: what is shown stays
        last = self._transcript.last()
        self.meter_changed.emit(meter_text((last,) if last else (), self._session))

    def _tell_running(self) -> None:
        running = self._is_running()
        if running != self._told_running:
            self._told_running = running
            self.running_changed.emit(running)

    def _tell_ready(self) -> None:
        ready = not self._reading and (not self._sending or self._sending_visit == self._visit)
        if ready != self._told_ready:
            self._told_ready = ready
            self.ready_changed.emit(ready)
