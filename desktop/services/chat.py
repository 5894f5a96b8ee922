"""Conversation: sending, trying again, continuing and stopping, several sessions at once.

Both rows are on disk before anything goes out. A run belongs to this service, not to a view: whoever looks at another
session, or closes the window, changes nothing about it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, Protocol

from desktop.domain.faults import Fault, StoreError, WrongUse
from desktop.domain.messages import Message, NewMessage, Outcome, Role, Status, Turn
from desktop.domain.models import ModelSpec, Secret
from desktop.domain.repair import REPAIRED
from desktop.domain.requests import ChatRequest
from desktop.domain.runs import LiveText, PlacesChanged, RunStarted, SessionsChanged, Update
from desktop.domain.sessions import NewSession, Session, instant_title
from desktop.i18n import _
from desktop.services.answer import Repaired
from desktop.services.context import ContextBuilder
from desktop.services.limits import Limits
from desktop.services.requests import Prepared, Requests, RequestStore, check_fits
from desktop.services.runs import ModelGateway, Run

CLOSE_LIMIT_S = 2.4
CANCEL_LIMIT_S = 0.4
STOP_LIMIT_S = 2.0
"""How long stopping a session waits for its answers to be final: a disk that takes nothing does not hold it up."""


class ChatStore(RequestStore, Protocol):
    """What a conversation needs of the store."""

    async def session(self, session_id: str) -> Session:
        """Return a session; raises `NotFound`."""

    async def create_session(self, new: NewSession) -> Session:
        """Write a new session."""

    async def folder_defaults(self, folder_id: int) -> tuple[str, str]:
        """Return the system prompt and the model of a folder's new sessions, each may be empty; raises `NotFound`."""

    async def message(self, message_id: int) -> Message:
        """Return a message; raises `NotFound`."""

    async def begin_turn(
        self,
        *,
        session_id: str,
        parent_id: int | None,
        user: NewMessage | None,
        assistant: NewMessage,
        title: str | None = None,
    ) -> Turn:
        """Write the user's message and the answer's empty row in one transaction."""

    async def checkpoint(self, message_id: int, *, content: str, thinking: str) -> object:
        """Write the text so far."""

    async def finish(self, message_id: int, outcome: Outcome) -> Message:
        """Write the final row."""


class ModelDirectory(Protocol):
    """What a conversation needs to know of models."""

    async def resolve(self, address: str, session: Session) -> tuple[ModelSpec, Secret | None]:
        """Return the model behind an address and its key; raises `ProviderError`."""

    async def default_model(self) -> str:
        """Return the address that new sessions use."""

    async def note_use(self, address: str) -> None:
        """Remember that the model was used."""


class NewSessionDefaults(Protocol):
    """What a conversation needs of the settings."""

    def limits(self) -> Limits:
        """Return the limits of runs."""

    def connect_timeout_s(self) -> float:
        """Return how long a connection may take, in seconds."""

    def new_session(self, model: str) -> NewSession:
        """Return a session as the settings want new ones."""


class Gate(Protocol):
    """Says whether something may be sent, before anything is written."""

    async def check(self, address: str, *, session_id: str, params: Mapping[str, Any]) -> None:
        """Raise where a request to a model may not go out; the empty id is a session that does not exist yet."""


@dataclass(frozen=True, slots=True)
class RunningRun:
    """One answer that is being written."""

    session_id: str
    message_id: int


class ChatService:
    """All conversations of this process."""

    def __init__(
        self,
        *,
        store: ChatStore,
        gateway: ModelGateway,
        models: ModelDirectory,
        settings: NewSessionDefaults,
        context: ContextBuilder,
        notify: Callable[[Update], None],
        gate: Gate | None = None,
        author: Callable[[], str] = lambda: "",
        tools: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._gate = gate
        self._author = author
        self._models = models
        self._settings = settings
        self._notify = notify
        self._answered: list[Callable[[Message], None]] = []
        self.requests = Requests(store=store, models=models, settings=settings, context=context, tools=tools)
        self._runs: dict[int, Run] = {}
        self._tasks: dict[int, asyncio.Task[Message]] = {}
        self._beginning: set[str] = set()
        self._beginnings: set[asyncio.Task[Turn]] = set()
        self._lessons: set[asyncio.Task[None]] = set()
        self._closing = False

    def when_answered(self, listener: Callable[[Message], None]) -> None:
        """Have each answer that came whole told to `listener`, which returns at once."""
        self._answered.append(listener)

    async def send(
        self, text: str, *, session_id: str | None = None, model: str | None = None, folder_id: int | None = None
    ) -> Turn:
        """Store `text` as the user's next message and begin to answer it; without a session, begin one in a folder.

        Returns as soon as both rows are on disk. Raises `WrongUse` for an empty text or while the session's last
        answer is still being written, `BudgetSpent`, `NotFound` for an unknown session, `StoreError`.
        """
        if not text.strip():
            raise WrongUse(_("There is nothing to send. Write something first."))
        return await self._owned(self._send(text, session_id, model, folder_id))

    async def ask_again(self, message_id: int, text: str, *, model: str | None = None) -> Turn:
        """Store `text` as another version of the question `message_id` and begin to answer it; raises like `send`."""
        if not text.strip():
            raise WrongUse(_("There is nothing to send. Write something first."))
        return await self._owned(self._ask_again(message_id, text, model))

    async def retry(self, message_id: int, *, model: str | None = None) -> Turn:
        """Answer again, as a new version beside the answer `message_id`, or below a question or a tool's result."""
        return await self._owned(self._again(message_id, model, resume=False))

    async def resume(self, message_id: int, *, model: str | None = None) -> Turn:
        """Continue an answer that was cut off, as a new version that starts with its text."""
        return await self._owned(self._again(message_id, model, resume=True))

    async def stop(self, message_id: int) -> None:
        """Stop one answer and keep its text; returns when its row is final. Nothing happens if it is not running.

        On a disk that takes nothing it returns all the same after `Limits.stopping_s`: the text is still there as
        `live`, and is tried again until it is saved or `give_up_saving` is called.
        """
        run, task = self._runs.get(message_id), self._tasks.get(message_id)
        if run is not None and task is not None:
            run.stop()
            await asyncio.wait({task}, timeout=self._settings.limits().stopping_s)

    def give_up_saving(self, message_id: int) -> None:
        """Try once more to save an answer at its end, and no longer; its listener gets the text as it is."""
        if run := self._runs.get(message_id):
            run.give_up_saving()

    async def stop_session(self, session_id: str) -> None:
        """Stop whatever is being written in a session, and wait a moment until it is kept."""
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_LIMIT_S):
                await asyncio.gather(
                    *(self.stop(run.message_id) for run in self.running() if run.session_id == session_id)
                )

    async def stop_all(self) -> None:
        """Stop every answer."""
        await asyncio.gather(*(self.stop(run.message_id) for run in self.running()))

    async def try_now(self, message_id: int) -> None:
        """End the wait before the next attempt."""
        if run := self._runs.get(message_id):
            run.try_now()

    def running(self) -> tuple[RunningRun, ...]:
        """Return what is being written now."""
        return tuple(RunningRun(run.session_id, run.message_id) for run in self._runs.values())

    async def live(self, message_id: int) -> LiveText | None:
        """Return all that has arrived of a running answer; None if it is not running."""
        run = self._runs.get(message_id)
        return run.live() if run is not None else None

    async def result(self, message_id: int) -> Message:
        """Wait until an answer is final and return it."""
        if task := self._tasks.get(message_id):
            return await asyncio.shield(task)
        return await self._store.message(message_id)

    async def wait_idle(self) -> None:
        """Wait until nothing is being written."""
        while under_way := self._under_way():
            await asyncio.wait(under_way)

    async def close(self) -> None:
        """Stop every answer, keep its text, and wait at most a few seconds for it."""
        self._closing = True
        for lesson in self._lessons:
            lesson.cancel()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + CLOSE_LIMIT_S
        while under_way := self._under_way():
            for run in self._runs.values():
                run.stop()
                run.give_up_saving()
            _done, late = await asyncio.wait(under_way, timeout=max(0.0, deadline - loop.time()))
            if late:
                for task in late:
                    task.cancel()
                await asyncio.wait(late, timeout=CANCEL_LIMIT_S)
                return

    def _under_way(self) -> set[asyncio.Task[Any]]:
        """Return the tasks that begin or write an answer, or learn from one."""
        return {task for task in (*self._beginnings, *self._tasks.values(), *self._lessons) if not task.done()}

    async def _owned(self, beginning: Coroutine[Any, Any, Turn]) -> Turn:
        """Begin in a task of this service: rows that are written get their run even when the caller has gone."""
        if self._closing:
            beginning.close()
            raise WrongUse(_("The program is closing."))
        task = asyncio.create_task(beginning)
        self._beginnings.add(task)
        task.add_done_callback(self._beginnings.discard)
        return await asyncio.shield(task)

    async def _send(self, text: str, session_id: str | None, model: str | None, folder_id: int | None) -> Turn:
        is_new = session_id is None
        if session_id is None:
            prompt, usual = ("", "") if folder_id is None else await self._store.folder_defaults(folder_id)
            new = self._settings.new_session(model or usual or await self._models.default_model())
            new = replace(new, folder_id=folder_id, system_prompt=prompt or new.system_prompt)
            await self._check(new.model, "", new.params)
            session_id = (await self._store.create_session(new)).id
        with self._only_writer(session_id):
            session = await self._store.session(session_id)
            address = model or session.model or await self._models.default_model()
            if not is_new:
                await self._check(address, session_id, session.params)
            title = instant_title(text) if session.title_is_auto and not session.title else None
            user = NewMessage(role=Role.USER, content=text, author=self._author())
            turn = await self._begin(session, address, parent_id=session.active_leaf, user=user, title=title)
        if is_new:
            self._notify(PlacesChanged())
        return turn

    async def _ask_again(self, message_id: int, text: str, model: str | None) -> Turn:
        message = await self._store.message(message_id)
        if message.role is not Role.USER:
            raise WrongUse(_("Only a question can be asked again."))
        with self._only_writer(message.session_id):
            session = await self._store.session(message.session_id)
            address = model or session.model or await self._models.default_model()
            await self._check(address, session.id, session.params)
            user = NewMessage(
                role=Role.USER, content=text, author=self._author(), metadata={"edited_from": message.uid}
            )
            return await self._begin(session, address, parent_id=message.parent_id, user=user)

    async def _again(self, message_id: int, model: str | None, *, resume: bool) -> Turn:
        message = await self._store.message(message_id)
        if resume and message.role is not Role.ASSISTANT:
            raise WrongUse(_("Only an answer can be continued."))
        with self._only_writer(message.session_id):
            session = await self._store.session(message.session_id)
            message = await self._store.message(message_id)
            parent_id = message.parent_id if message.role is Role.ASSISTANT else message.id
            address = model or session.model or message.model or await self._models.default_model()
            await self._check(address, session.id, session.params)
            return await self._begin(session, address, parent_id=parent_id, continued=message if resume else None)

    async def _check(self, address: str, session_id: str, params: Mapping[str, Any]) -> None:
        if self._gate is not None:
            await self._gate.check(address, session_id=session_id, params=params)

    @contextmanager
    def _only_writer(self, session_id: str) -> Iterator[None]:
        """Let one answer at a time begin in a session."""
        if session_id in self._beginning or any(run.session_id == session_id for run in self._runs.values()):
            raise WrongUse(_("The last answer is still being written. Stop it or wait for its end."))
        self._beginning.add(session_id)
        try:
            yield
        finally:
            self._beginning.discard(session_id)

    async def _begin(
        self,
        session: Session,
        address: str,
        *,
        parent_id: int | None,
        user: NewMessage | None = None,
        title: str | None = None,
        continued: Message | None = None,
    ) -> Turn:
        assistant = NewMessage(
            role=Role.ASSISTANT,
            status=Status.STREAMING,
            model=address,
            content=continued.content if continued else "",
            thinking=continued.thinking if continued else "",
            metadata={"continues": continued.uid} if continued else {},
        )
        turn = await self._store.begin_turn(
            session_id=session.id, parent_id=parent_id, user=user, assistant=assistant, title=title
        )
        run = Run(
            assistant=turn.assistant,
            gateway=self._gateway,
            store=self._store,
            notify=self._notify,
            limits=self._settings.limits(),
        )
        self._runs[run.message_id] = run
        self._notify(
            RunStarted(session_id=session.id, message_id=run.message_id, user=turn.user, assistant=turn.assistant)
        )
        self._notify(SessionsChanged(session_ids=(session.id,)))
        task = asyncio.create_task(self._execute(run, turn, session, address), name=f"run {run.message_id}")
        self._tasks[run.message_id] = task
        return turn

    async def _execute(self, run: Run, turn: Turn, session: Session, address: str) -> Message:
        sent: list[Prepared] = []

        async def prepare() -> ChatRequest:
            leaf, begun = turn.assistant.parent_id, turn.assistant.content
            prepared = await self.requests.prepare(session, address, leaf=leaf, begun=begun)
            with suppress(StoreError):  # what was used last is a comfort, no reason not to answer
                await self._models.note_use(address)
            check_fits(prepared)
            sent.append(prepared)
            return prepared.request

        async def repair(fault: Fault) -> Repaired | None:
            found = await self.requests.repaired(sent[-1], fault, session, address, turn.assistant)
            if found is None or found.repair is None:
                return None
            sent.append(found)
            return Repaired(found.request, {REPAIRED: found.repair.to_metadata()})

        try:
            answer = await run.execute(prepare, repair)
        finally:
            del self._runs[run.message_id], self._tasks[run.message_id]
            self._notify(SessionsChanged(session_ids=(session.id,)))
        if answer.status is Status.COMPLETE and not self._closing:
            lesson = asyncio.create_task(self.requests.learn(sent[-1], session, answer), name="lesson")
            self._lessons.add(lesson)
            lesson.add_done_callback(self._lessons.discard)
            for listener in self._answered:
                listener(answer)
        return answer
