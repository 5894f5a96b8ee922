"""Running summaries: made behind an answer when a path outgrows its budget, extending the one before.

A request never waits for one and never fails for want of one: until it is there, the oldest turns are left out, and the
meter says so.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Protocol

from desktop.domain.faults import SobremesaError, StoreError, WrongUse
from desktop.domain.messages import Message, Role, Status
from desktop.domain.models import GUIDE, ModelSpec, Secret
from desktop.domain.requests import ChatRequest, ContextMessage
from desktop.domain.runs import SessionsChanged, Update
from desktop.domain.sessions import DEFAULT_MAX_CONTEXT, Session
from desktop.domain.spending import Purpose
from desktop.domain.summaries import StoredSummary, SummaryState, as_text, chosen, cover_until
from desktop.i18n import _
from desktop.providers.quiet import without_thinking
from desktop.services.collecting import BillStore, Collector, SpendingLimit
from desktop.services.requests import Requests
from desktop.services.runs import ModelGateway

LIMIT_S = 120.0
PAUSE_S = 120.0
"""After one that came to nothing, so long none is asked for in that session."""
PAGE = 200
CHARS_PER_TOKEN = 3
"""Fewer than any tokenizer's mean, so that what is summarised fits into the request."""
SHARE = 0.6
SUMMARY_TOKENS = 900
MOST_TOKENS = 100_000
"""More is not sent for a summary, however much a model reads: it would cost more than it spares."""
LEAST_CHARS, LONGEST_CHARS = 2_000, 12_000
PROMPT = (
    "You keep the running summary of a conversation, which takes the place of its beginning when a model answers. "
    "Write it in the language of the conversation, in at most 400 words: what the user wants, facts, names, numbers, "
    "code identifiers, decisions and their reasons, open questions. Keep what the summary so far says unless it has "
    "changed. Answer with the summary alone."
)

_log = logging.getLogger(__name__)


class ModelDirectory(Protocol):
    """What is needed to know of models."""

    async def resolve(self, address: str, session: Session) -> tuple[ModelSpec, Secret | None]:
        """Return the model behind an address and its key; raises `ProviderError`."""


class SummaryStore(BillStore, Protocol):
    """What summaries need of a store."""

    async def session(self, session_id: str) -> Session:
        """Return a session; raises `NotFound`."""

    async def update_session(self, session_id: str, **changes: Any) -> Session:
        """Change columns of a session."""

    async def message(self, message_id: int) -> Message:
        """Return a message; raises `NotFound`."""

    async def path(
        self, session_id: str, *, leaf: int | None = None, limit: int = 50, before_depth: int | None = None
    ) -> tuple[Message, ...]:
        """Return a page of the path that ends at `leaf`, root to leaf."""

    async def excluded(self, session_id: str) -> frozenset[int]:
        """Return the messages that the user keeps out of the context of a session."""

    async def summaries(self, session_id: str, leaf: int | None) -> tuple[StoredSummary, ...]:
        """Return the newest summary for each end it has on the path to `leaf`, the furthest first."""

    async def summary(self, summary_id: int) -> StoredSummary:
        """Return a summary; raises `NotFound`."""

    async def add_summary(self, *, first_id: int, last_id: int, text: str, model: str) -> StoredSummary:
        """Write a summary of the messages between two of a path."""

    async def edit_summary(self, summary_id: int, text: str) -> StoredSummary:
        """Write another summary in the place of one, by the user's hand; raises `NotFound`."""

    async def set_summary_state(self, summary_id: int, state: SummaryState) -> StoredSummary:
        """Pin a summary, switch it off, or neither; raises `NotFound`."""


class SummarySettings(Protocol):
    """What summaries need of the settings."""

    def text(self, name: str) -> str:
        """Return a setting as text."""

    def connect_timeout_s(self) -> float:
        """Return how long a connection may take, in seconds."""


class SummaryService:
    """Makes, changes and finds summaries; ended by `close`."""

    def __init__(
        self,
        *,
        store: SummaryStore,
        requests: Requests,
        models: ModelDirectory,
        settings: SummarySettings,
        gateway: ModelGateway,
        notify: Callable[[Update], None],
        limit: SpendingLimit | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._requests = requests
        self._models = models
        self._settings = settings
        self._collector = Collector(gateway=gateway, store=store, limit=limit)
        self._notify = notify
        self._now_s = now_s
        self._making: dict[str, asyncio.Task[None]] = {}
        self._paused: dict[str, float] = {}

    def answered(self, answer: Message) -> None:
        """Make a summary behind an answer where one is due; returns at once."""
        wished = self._settings.text("summaries")
        session_id = answer.session_id
        if wished == "off" or answer.status is not Status.COMPLETE or session_id in self._making:
            return
        if self._now_s() < self._paused.get(session_id, 0.0):
            return
        work = self._quietly(session_id, self._extend(answer, often=wished == "often"))
        task = asyncio.create_task(work, name="summary")
        self._making[session_id] = task
        task.add_done_callback(lambda _done: self._making.pop(session_id, None))

    async def of_path(self, session_id: str, leaf: int | None) -> tuple[StoredSummary, ...]:
        """Return the summaries on a path, the furthest first."""
        return await self._store.summaries(session_id, leaf)

    async def shown(self, session_id: str) -> tuple[StoredSummary, ...]:
        """Return the summaries on the path that a session shows, the furthest first."""
        session = await self._store.session(session_id)
        return await self._store.summaries(session_id, session.active_leaf)

    async def edit(self, summary_id: int, text: str) -> StoredSummary:
        """Let a summary say something else; what it said stays in the database. Raises `WrongUse` for no text."""
        if not text.strip():
            raise WrongUse(_("A summary needs words. Switch it off if it shall not be sent."))
        made = await self._store.edit_summary(summary_id, text.strip())
        self._tell(made.session_id)
        return made

    async def set_state(self, summary_id: int, state: SummaryState) -> StoredSummary:
        """Pin a summary, switch it off, or neither; raises `NotFound`."""
        found = await self._store.set_summary_state(summary_id, state)
        self._tell(found.session_id)
        return found

    async def redo(self, summary_id: int) -> StoredSummary:
        """Make a summary anew from its messages; raises `ProviderError`, or `WrongUse` where it comes to nothing."""
        old = await self._store.summary(summary_id)
        session = await self._store.session(old.session_id)
        found = await self._store.summaries(old.session_id, old.last_id)
        earlier = next(
            (one for one in found if one.last_depth < old.last_depth and one.state is not SummaryState.OFF), None
        )
        last = await self._store.message(old.last_id)
        made = await self._write(session, last, earlier)
        if made is None:
            raise WrongUse(_("The model gave no summary. Try again, or choose another model in the settings."))
        if old.state is SummaryState.PINNED:
            made = await self._store.set_summary_state(made.id, old.state)
        self._tell(made.session_id)
        return made

    async def wait_idle(self) -> None:
        """Wait until no summary is being made."""
        while self._making:
            await asyncio.wait(tuple(self._making.values()))

    async def close(self) -> None:
        """End what is being made; nothing of it is missed."""
        tasks = tuple(self._making.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=1.0)

    async def _quietly(self, session_id: str, work: Coroutine[Any, Any, None]) -> None:
        """Let what the world does to a summary be nobody's trouble, and try again later."""
        try:
            async with asyncio.timeout(LIMIT_S):
                await work
        except (SobremesaError, TimeoutError) as error:
            self._paused[session_id] = self._now_s() + PAUSE_S
            _log.info("a summary came to nothing (%s)", type(error).__name__)

    async def _extend(self, answer: Message, *, often: bool) -> None:
        """Make the summary that is due behind an answer, if one is."""
        session = await self._store.session(answer.session_id)
        model, _key = await self._models.resolve(answer.model or session.model, session)
        found = await self._store.summaries(session.id, answer.id)
        if any(one.state is SummaryState.PINNED for one in found):
            return
        context = await self._requests.context(session, model, leaf=answer.id, exact=True)
        covered = max((one.last_depth for one in found), default=-1)
        until = cover_until(context.plan, budget=context.budget, covered=covered, often=often)
        if until is None:
            return
        (last,) = await self._store.path(session.id, leaf=answer.id, limit=1, before_depth=until + 1)
        made = await self._write(session, last, chosen(found))
        if made is None:
            self._paused[session.id] = self._now_s() + PAUSE_S
            return
        with suppress(StoreError):
            await self._store.update_session(session.id, summary=made.text)
        self._tell(session.id)

    async def _write(self, session: Session, last: Message, earlier: StoredSummary | None) -> StoredSummary | None:
        """Have a summary written of what came up to `last` since an earlier one, and keep it; None for no words.

        Of a path that is longer than one request it covers the newest part.
        """
        address = self._settings.text("summary_model") or session.model or last.model
        model, key = await self._models.resolve(address, session)
        if model.kind == GUIDE:
            return None  # it is no language model
        window = min(model.window or DEFAULT_MAX_CONTEXT, MOST_TOKENS)
        limit = max(LEAST_CHARS, int(SHARE * (window - SUMMARY_TOKENS)) * CHARS_PER_TOKEN)
        start = earlier.last_depth + 1 if earlier is not None else 0
        hidden = await self._store.excluded(session.id)
        read = await self._read(session.id, last, start, limit)
        messages = [one for one in read if one.id not in hidden]
        if not messages:
            return None
        script, count = as_text(messages, limit=limit)
        said = f"Summary so far:\n{earlier.text}\n\nWhat was said since:\n{script}" if earlier is not None else script
        request = ChatRequest(
            model=model,
            messages=(
                ContextMessage(role=Role.SYSTEM, content=PROMPT),
                ContextMessage(role=Role.USER, content=f"{said}\n\nWrite the summary now."),
            ),
            max_tokens=SUMMARY_TOKENS,
            api_key=key,
            connect_timeout_s=self._settings.connect_timeout_s(),
            extra=without_thinking(model),
            session_id=session.id,
        )
        text = (await self._collector.collect(request, Purpose.SUMMARY, session.id, address)).strip()
        if not text:
            return None
        first = messages[-count]
        if earlier is not None and count == len(messages) and read[0].depth == start:
            # Nothing between them was passed over, so it stands for what the earlier one stood for, too.
            (first,) = await self._store.path(session.id, leaf=last.id, limit=1, before_depth=earlier.first_depth + 1)
        return await self._store.add_summary(
            first_id=first.id, last_id=last.id, text=text[:LONGEST_CHARS], model=address
        )

    async def _read(self, session_id: str, last: Message, start: int, limit: int) -> list[Message]:
        """Return the messages up to `last` from depth `start` on, or the newest of them where they are too many."""
        found: list[Message] = []
        before, chars = last.depth + 1, 0
        while before > start and chars < limit:
            page = await self._store.path(
                session_id, leaf=last.id, limit=min(PAGE, before - start), before_depth=before
            )
            if not page:
                break
            found[:0] = page
            before, chars = page[0].depth, chars + sum(len(message.content) for message in page)
        return found

    def _tell(self, session_id: str) -> None:
        self._notify(SessionsChanged(session_ids=(session_id,)))
