"""Small questions to a model beside the answers: a better title, what could be asked next.

They are asked only where the user has switched them on, never hold anything up, count on the bill, and are nobody's
loss when they fail: then things stay as they are.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from desktop.domain.faults import SobremesaError
from desktop.domain.messages import Message, Role, Status
from desktop.domain.models import GUIDE, ModelSpec, Secret
from desktop.domain.requests import ChatRequest, ContextMessage
from desktop.domain.runs import SessionsChanged, Update
from desktop.domain.sessions import TITLE_LENGTH, Session
from desktop.domain.spending import Purpose
from desktop.providers.quiet import without_thinking
from desktop.services.collecting import Collector, SpendingLimit
from desktop.services.runs import ModelGateway
from desktop.services.settings import SettingsService
from desktop.storage.store import Store

LIMIT_S = 30.0
"""How long one small question may take."""
TITLE_TOKENS, FOLLOW_UP_TOKENS = 40, 160
SEEN_CHARS = 1_500
"""So much of each message is shown to the model: a title needs no more."""
SECOND_ANSWER = 3
"""The depth of the second turn's answer: question, answer, question, answer."""
MOST_FOLLOW_UPS, LONGEST_FOLLOW_UP = 3, 140

TITLE_PROMPT = (
    "Write a title for this conversation: at most six words, in the language of the conversation, no quotation marks, "
    "no full stop. Answer with the title alone."
)
FOLLOW_UP_PROMPT = (
    "Write up to three short questions that the user might want to ask next, in the language of the conversation, from "
    "the user's point of view, one on each line, without numbers. Answer with the questions alone."
)

_ORNAMENTS = "\"'“”„«»*#` "

_log = logging.getLogger(__name__)


class ModelDirectory(Protocol):
    """What is needed to know of models."""

    async def resolve(self, address: str, session: Session) -> tuple[ModelSpec, Secret | None]:
        """Return the model behind an address and its key; raises `ProviderError`."""


class AsideService:
    """Asks beside the answers, in tasks of its own; ended by `close`."""

    def __init__(
        self,
        *,
        store: Store,
        gateway: ModelGateway,
        models: ModelDirectory,
        settings: SettingsService,
        notify: Callable[[Update], None],
        limit: SpendingLimit | None = None,
    ) -> None:
        self._store = store
        self._collector = Collector(gateway=gateway, store=store, limit=limit)
        self._models = models
        self._settings = settings
        self._notify = notify
        self._tasks: set[asyncio.Task[None]] = set()

    def answered(self, answer: Message) -> None:
        """Ask what is wished for behind an answer that has ended; returns at once."""
        if answer.status is not Status.COMPLETE or not answer.content or not self._settings.get("small_questions"):
            return
        if answer.depth == SECOND_ANSWER and self._settings.get("better_titles"):
            self._begin(self._improve_title(answer), "title")
        if self._settings.get("follow_ups"):
            self._begin(self._suggest(answer), "follow-ups")

    async def wait_idle(self) -> None:
        """Wait until nothing is being asked."""
        while self._tasks:
            await asyncio.wait(tuple(self._tasks))

    async def close(self) -> None:
        """End what is being asked; nothing of it is missed."""
        for task in tuple(self._tasks):
            task.cancel()
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=1.0)

    def _begin(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(self._quietly(work), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        """Let what the world does to a small question be nobody's trouble."""
        try:
            async with asyncio.timeout(LIMIT_S):
                await work
        except (SobremesaError, TimeoutError) as error:
            _log.info("a question beside an answer came to nothing (%s)", type(error).__name__)

    async def _improve_title(self, answer: Message) -> None:
        session = await self._store.session(answer.session_id)
        if not session.title_is_auto:
            return
        text = await self._ask(session, Purpose.TITLE, answer, TITLE_PROMPT, TITLE_TOKENS)
        if (title := title_from(text)) and await self._store.improve_title(session.id, title):
            self._notify(SessionsChanged(session_ids=(session.id,)))

    async def _suggest(self, answer: Message) -> None:
        session = await self._store.session(answer.session_id)
        text = await self._ask(session, Purpose.FOLLOW_UPS, answer, FOLLOW_UP_PROMPT, FOLLOW_UP_TOKENS)
        if found := follow_ups_from(text):
            await self._store.add_metadata(answer.id, {"follow_ups": list(found)})
            self._notify(SessionsChanged(session_ids=(session.id,)))

    async def _ask(self, session: Session, purpose: Purpose, answer: Message, prompt: str, max_tokens: int) -> str:
        """Ask about the newest messages up to an answer; return what came, and charge it."""
        hidden = await self._store.excluded(session.id)
        path = await self._store.path(session.id, leaf=answer.id, limit=SECOND_ANSWER + 1)
        path = tuple(message for message in path if message.id not in hidden)
        address = self._settings.text("small_model") or answer.model or session.model
        model, key = await self._models.resolve(address, session)
        if model.kind == GUIDE:
            return ""  # it is no language model
        request = ChatRequest(
            model=model,
            messages=(*_shown(path), ContextMessage(role=Role.USER, content=prompt)),
            max_tokens=max_tokens,
            api_key=key,
            connect_timeout_s=self._settings.connect_timeout_s(),
            extra=without_thinking(model),
            session_id=session.id,
        )
        return await self._collector.collect(request, purpose, session.id, address)


def title_from(text: str) -> str:
    """Return the title in what a model wrote, cut to the length of a title; nothing where there is none."""
    line = next((" ".join(line.split()) for line in _lines(text)), "")
    line = re.sub(r"^(?:title|título)\s*:\s*", "", line.strip(_ORNAMENTS), flags=re.IGNORECASE)
    line = line.strip(_ORNAMENTS).rstrip(".")
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"


def follow_ups_from(text: str) -> tuple[str, ...]:
    """Return up to three questions from the lines that a model wrote, without numbers and marks before them."""
    found: dict[str, None] = {}
    for line in _lines(text):
        question = re.sub(r"^(?:\d+[.)]|[-*•])\s*", "", line).strip('"“”*` ')
        if 1 < len(question) <= LONGEST_FOLLOW_UP:
            found.setdefault(question)
    return tuple(found)[:MOST_FOLLOW_UPS]


def _lines(text: str) -> list[str]:
    """Return the lines with words, without thinking that a model wrote into its answer."""
    text = re.sub(r"(?s)<think>.*?(?:</think>|\Z)", "", text)
    return [line.strip() for line in text.splitlines() if line.strip()]


def _shown(path: Sequence[Message]) -> tuple[ContextMessage, ...]:
    """Return the beginnings of messages that say something, as a conversation."""
    return tuple(
        ContextMessage(role=message.role, content=message.content[:SEEN_CHARS])
        for message in path
        if message.role in (Role.USER, Role.ASSISTANT) and message.content
    )
