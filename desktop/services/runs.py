"""One generation of one answer, from the first byte that goes out to the final row.

The run owns the text. It checkpoints it to the store at most half a second behind, keeps its own watch on *content*
(a provider library's timeouts are per read, and keep-alive comments reset them), tries again only while nothing has
arrived, and tells its listener everything in order.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from typing import Protocol, TypeVar

from desktop.domain.events import Finished, StreamEvent, TextDelta, ThinkingDelta, ToolCallDelta
from desktop.domain.faults import (
    Fault,
    FaultKind,
    KeychainLocked,
    KeyFileUnsafe,
    NoKeychain,
    NotFound,
    ProviderError,
    SobremesaError,
    StoreError,
    WrongUse,
)
from desktop.domain.messages import Message, Outcome, Status
from desktop.domain.requests import ChatRequest
from desktop.domain.runs import LiveText, RunEnded, RunLoading, RunSaving, RunSent, RunText, RunUpdate, RunWaiting
from desktop.services.answer import Answer, Repaired, unsaved
from desktop.services.limits import LONGEST_WAIT_S, Limits, retry_delay_s

CHECKPOINT_INTERVAL_S = 0.4
SAVE_AGAIN_S = 1.0
CLOSE_LIMIT_S = 2.0
QUEUE_LENGTH = 256

T = TypeVar("T")

_log = logging.getLogger(__name__)


class RunStore(Protocol):
    """What a run needs of the store."""

    async def checkpoint(self, message_id: int, *, content: str, thinking: str) -> object:
        """Write the text so far."""

    async def finish(self, message_id: int, outcome: Outcome) -> Message:
        """Write the final row."""


class ModelGateway(Protocol):
    """What a run needs of the providers."""

    def is_ready(self, request: ChatRequest) -> bool:
        """Whether the request can go out at once, without waiting for a library to load."""

    async def wait_ready(self, request: ChatRequest) -> None:
        """Wait until it can; raises `ProviderError` where it never will."""

    def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Send the request and yield what comes back; raises `ProviderError`."""


Prepare = Callable[[], Awaitable[ChatRequest]]
Repair = Callable[[Fault], Awaitable[Repaired | None]]


class _Stopped(Exception):
    """The user stopped the run."""


class Run:
    """The life of one answer; `execute` returns its final message and never raises for what the world does."""

    def __init__(
        self,
        *,
        assistant: Message,
        gateway: ModelGateway,
        store: RunStore,
        notify: Callable[[RunUpdate], None],
        limits: Limits,
    ) -> None:
        self._assistant = assistant
        self._gateway = gateway
        self._store = store
        self._notify = notify
        self._limits = limits
        self._answer = Answer(assistant)
        self._inbox: deque[StreamEvent | ProviderError] = deque()
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._stopping = False
        self._giving_up = False
        self._impatient = False
        self._dirty = False
        self._saved = True

    @property
    def message_id(self) -> int:
        """The id of the answer's row."""
        return self._assistant.id

    @property
    def session_id(self) -> str:
        """The id of the session the answer belongs to."""
        return self._assistant.session_id

    def live(self) -> LiveText:
        """Return all that has arrived, ahead of the disk."""
        return LiveText(
            session_id=self.session_id,
            message_id=self.message_id,
            text=self._answer.text.whole(),
            thinking=self._answer.thinking.whole(),
        )

    def stop(self) -> None:
        """End the run and keep its text."""
        self._stopping = True
        self._news.set()

    def try_now(self) -> None:
        """End the wait before the next attempt."""
        self._impatient = True
        self._news.set()

    def give_up_saving(self) -> None:
        """Stop waiting for a disk that takes nothing; what is there already stays."""
        self._giving_up = True
        self._news.set()

    async def execute(self, prepare: Prepare, repair: Repair | None = None) -> Message:
        """Build the request, send it, and return the final message as stored.

        A request that the provider refuses may be repaired once, as long as nothing has arrived.
        """
        saver = asyncio.create_task(self._save_while_running())
        try:
            outcome = await self._outcome(prepare, repair)
        except Exception:
            # A mistake of ours goes on to whoever watches for those; the row must not stream for ever because of it.
            await self._end(self._ended(Status.INTERRUPTED, Fault(kind=FaultKind.UNKNOWN)))
            raise
        finally:
            saver.cancel()
            await asyncio.wait({saver})
        return await self._end(outcome)

    async def _end(self, outcome: Outcome) -> Message:
        message = await self._finish(outcome)
        self._notify(RunEnded(session_id=self.session_id, message_id=self.message_id, message=message))
        return message

    async def _outcome(self, prepare: Prepare, repair: Repair | None) -> Outcome:
        try:
            return self._completed(await self._attempts(prepare, repair))
        except _Stopped:
            return self._ended(Status.STOPPED)
        except ProviderError as error:
            if error.fault.kind is FaultKind.ANSWER_TOO_LONG:
                return self._ended(Status.STOPPED, error.fault)
            return self._ended(Status.INTERRUPTED if self._answer.arrived else Status.FAILED, error.fault)
        except SobremesaError as error:  # the request could not even be made: a locked keychain, a disk, a lost row
            about_keys = isinstance(error, KeychainLocked | NoKeychain | KeyFileUnsafe)
            kind = FaultKind.NO_KEY if about_keys else FaultKind.UNKNOWN
            return self._ended(Status.FAILED, Fault(kind=kind, words=str(error)))

    async def _unless_stopped(self, awaitable: Awaitable[T]) -> T:
        task = asyncio.ensure_future(awaitable)
        task.add_done_callback(lambda _task: self._news.set())
        try:
            while not task.done():
                await self._next_news()
        finally:
            if not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=CLOSE_LIMIT_S)
        return task.result()

    async def _attempts(self, prepare: Prepare, repair: Repair | None) -> Finished:
        request = await self._unless_stopped(prepare())
        if not self._gateway.is_ready(request):
            self._notify(RunLoading(session_id=self.session_id, message_id=self.message_id))
            await self._unless_stopped(self._gateway.wait_ready(request))
        attempt, most = 1, self._limits.retries + 1
        while True:
            self._notify(RunSent(session_id=self.session_id, message_id=self.message_id, attempt=attempt))
            try:
                return await self._stream(request)
            except ProviderError as error:
                if self._answer.arrived:
                    raise
                fixed = await self._unless_stopped(repair(error.fault)) if repair is not None else None
                if fixed is not None:
                    request, repair = fixed.request, None
                    self._answer.note(fixed.metadata)
                    attempt, most = attempt + 1, most + 1
                    continue
                wait_s = retry_delay_s(error.fault, attempt)
                again = error.fault.retryable and attempt < most
                if not again or wait_s > LONGEST_WAIT_S:
                    raise
                attempt += 1
                await self._wait_before_retry(error.fault, wait_s, attempt)

    async def _wait_before_retry(self, fault: Fault, wait_s: float, attempt: int) -> None:
        self._impatient = False
        self._notify(
            RunWaiting(
                session_id=self.session_id,
                message_id=self.message_id,
                fault=fault,
                seconds=wait_s,
                attempt=attempt,
                attempts=self._limits.retries + 1,
            )
        )
        until = _now() + wait_s
        while not self._impatient and await self._next_news(until):
            pass

    async def _stream(self, request: ChatRequest) -> Finished:
        self._inbox.clear()
        self._answer.sent(_now())
        pump = asyncio.create_task(self._pump(request))
        try:
            return await self._receive(request)
        finally:
            self._inbox.clear()
            self._room.set()
            pump.cancel()
            await asyncio.wait({pump}, timeout=CLOSE_LIMIT_S)

    async def _pump(self, request: ChatRequest) -> None:
        """Move events into the bounded inbox and do nothing else, so that cancelling it ends the request at once."""
        stream = self._gateway.stream(request)
        try:
            async for event in stream:
                self._inbox.append(event)
                self._news.set()
                if len(self._inbox) >= QUEUE_LENGTH:
                    self._room.clear()
                    await self._room.wait()
            self._inbox.append(ProviderError(Fault(kind=FaultKind.TRUNCATED)))
        except ProviderError as error:
            self._inbox.append(error)
        except asyncio.CancelledError:
            # Ours, after which nobody reads on; or one from within a library, which must not look like silence.
            self._inbox.append(ProviderError(Fault(kind=FaultKind.RESET)))
            raise
        except Exception as error:  # noqa: BLE001  the provider stream's edge: a surprise ends one answer, no more
            _log.error("a provider stream failed: %s", type(error).__name__)
            self._inbox.append(ProviderError(Fault(kind=FaultKind.UNKNOWN, words=type(error).__name__)))
        finally:
            self._news.set()
            await stream.aclose()

    async def _receive(self, request: ChatRequest) -> Finished:
        local = request.model.is_local
        deadline = _now() + (self._limits.local_first_token_s if local else self._limits.first_token_s)
        while True:
            if not self._inbox:
                if await self._next_news(deadline) or self._inbox:
                    continue
                late = FaultKind.SILENCE_TIMEOUT if self._answer.arrived else FaultKind.FIRST_TIMEOUT
                raise ProviderError(Fault(kind=late))
            if self._stopping:
                raise _Stopped
            ending = self._take_all()
            if isinstance(ending, ProviderError):
                raise ending
            if ending is not None:
                return ending
            if self._answer.arrived:
                deadline = self._answer.last + self._limits.silence_s

    def _take_all(self) -> Finished | ProviderError | None:
        """Take what is in the inbox, tell the listener once, and return the stream's ending if it is there."""
        text: list[str] = []
        thinking: list[str] = []
        ending: Finished | ProviderError | None = None
        while self._inbox and ending is None:
            event = self._inbox.popleft()
            match event:
                case TextDelta():
                    text.append(event.text)
                case ThinkingDelta():
                    thinking.append(event.text)
                case ToolCallDelta():
                    self._answer.add_call(event, _now())
                case _:
                    ending = event
        self._room.set()
        said, thought = "".join(text), "".join(thinking)
        most = self._limits.characters
        room = max(0, most - len(self._answer))
        self._arrive(said[: max(0, room - len(thought))], thought[:room])
        if len(said) + len(thought) > room or len(self._answer) > most:
            return ProviderError(Fault(kind=FaultKind.ANSWER_TOO_LONG))
        return ending

    def _arrive(self, text: str, thinking: str) -> None:
        if not text and not thinking:
            return
        self._notify(
            RunText(
                session_id=self.session_id,
                message_id=self.message_id,
                text=text,
                thinking=thinking,
                offset=len(self._answer.text),
                thinking_offset=len(self._answer.thinking),
            )
        )
        self._answer.add(text, thinking, _now())
        self._dirty = True

    async def _next_news(self, deadline: float | None = None) -> bool:
        """Wait for news, at most until `deadline`; return whether there was any. Raises `_Stopped` on a stop."""
        if not self._stopping:
            try:
                async with asyncio.timeout_at(deadline):
                    await self._news.wait()
            except TimeoutError:
                return False
            self._news.clear()
        if self._stopping:
            raise _Stopped
        return True

    def _completed(self, finished: Finished) -> Outcome:
        broken = self._answer.broken_call()
        status = Status.INTERRUPTED if broken else Status.COMPLETE
        return self._answer.outcome(status, now=_now(), fault=broken, finished=finished)

    def _ended(self, status: Status, fault: Fault | None = None) -> Outcome:
        return self._answer.outcome(status, now=_now(), fault=fault)

    async def _save_while_running(self) -> None:
        while True:
            await asyncio.sleep(CHECKPOINT_INTERVAL_S)
            if not self._dirty:
                continue
            self._dirty = False
            try:
                await self._store.checkpoint(
                    self.message_id, content=self._answer.text.whole(), thinking=self._answer.thinking.whole()
                )
            except StoreError as error:
                self._dirty = True
                self._report_saving(False, str(error))
            else:
                self._report_saving(True)

    async def _finish(self, outcome: Outcome) -> Message:
        """Write the final row; on a disk that takes nothing keep the text and try again until it does, or the limit."""
        until = _now() + self._limits.saving_s
        while True:
            try:
                message = await self._store.finish(self.message_id, outcome)
            except (NotFound, WrongUse) as error:  # gone for good, or final already: there is no row to write any more
                return unsaved(self._assistant, outcome, str(error))
            except StoreError as error:
                self._report_saving(False, str(error))
                if self._giving_up or _now() >= until:
                    return unsaved(self._assistant, outcome, str(error))
                with suppress(TimeoutError):
                    async with asyncio.timeout(SAVE_AGAIN_S):
                        self._news.clear()
                        await self._news.wait()
            else:
                self._report_saving(True)
                return message

    def _report_saving(self, saved: bool, reason: str = "") -> None:
        if saved != self._saved:
            self._saved = saved
            self._notify(RunSaving(session_id=self.session_id, message_id=self.message_id, saved=saved, reason=reason))


def _now() -> float:
    return asyncio.get_running_loop().time()
