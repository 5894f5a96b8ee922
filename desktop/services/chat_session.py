"""`ChatSession`: a conversation for programs, on the same code as the window, with or without a database.

>>> import asyncio
>>> async def talk() -> str:
...     async with ChatSession(model="guide/manual") as chat:
...         return (await chat.send("How do I export a session?")).content
>>> "Markdown" in asyncio.run(talk())
True
"""

import asyncio
import os
import weakref
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Protocol, Self

from desktop.domain.events import Finished, StreamEvent, TextDelta, ThinkingDelta, ToolResult
from desktop.domain.faults import Fault, FaultKind, NotFound, ProviderError, WrongUse
from desktop.domain.messages import Message, NewMessage, Role, Status, Turn
from desktop.domain.models import DIRECT, GUIDE, SCRIPTED, ModelSpec, Secret, split_address
from desktop.domain.runs import RunEnded, RunText, RunWaiting, Update
from desktop.domain.sessions import (
    DEFAULT_MAX_CONTEXT,
    DEFAULT_SYSTEM_PROMPT,
    DEFAULT_TEMPERATURE,
    DEFAULT_TOKENIZER,
    NewSession,
    Session,
)
from desktop.domain.tools import Tool, tool_of
from desktop.i18n import _
from desktop.providers.catalogue import Catalogue
from desktop.providers.gateway import Gateway
from desktop.providers.tokens import TokenCounter
from desktop.services.chat import ChatService, ChatStore
from desktop.services.context import ContextBuilder
from desktop.services.limits import SAVING_LIMIT_S, Limits
from desktop.services.memory import MemoryStore
from desktop.services.naming import kind_and_name
from desktop.services.runs import ModelGateway
from desktop.services.summaries import SummaryService, SummaryStore
from desktop.services.tool_calls import MOST_ROUNDS, call_tools

PAGE = 500

SessionEvent = StreamEvent | RunWaiting | ToolResult


class SessionStore(ChatStore, SummaryStore, Protocol):
    """A store that also takes and gives back a history."""

    async def path(
        self, session_id: str, *, leaf: int | None = None, limit: int = 50, before_depth: int | None = None
    ) -> tuple[Message, ...]:
        """Return a page of the path that ends at `leaf`, root to leaf."""

    async def add_messages(
        self, session_id: str, parent_id: int | None, new: Sequence[NewMessage]
    ) -> tuple[Message, ...]:
        """Append messages below `parent_id`, each below the one before it."""


class ChatSession:
    """One conversation.

    `model` is a LiteLLM name (`anthropic/claude-…`; a bare name is OpenAI's), `guide/manual`, or with `api_base` the
    name a server there knows, to which OpenAI's form is spoken unless `services.naming` says otherwise.
    `api_key` None takes the key from the provider's own environment variable, unless `api_base` sends it elsewhere.
    `history` are messages to begin with: mappings with `role` and `content`, or `NewMessage`s; a system message may
    stand first and is the system prompt. `max_context` is in tokens, `max_turns` in turns (a question and its answer
    are one). `tools` are functions that the model may call (see `domain.tools.tool_of`): they are called as soon as it
    asks, and the answer that comes of it is returned. With `summary`, what a long conversation outgrows is summarised
    by the model itself, behind an answer.

    Without `store` nothing is written to a disk; with one (an open `desktop.storage.store.Store`) the conversation is
    kept under `session_id`, and one that is there already goes on with its own settings. An answer that the disk does
    not take within `limits.saving_s` is returned all the same, with the reason in its `metadata["not_saved"]`.

    Use it as an asynchronous context manager, or call `aclose` at the end.
    """

    def __init__(
        self,
        *,
        model: str,
        api_base: str = "",
        api_key: str | None = None,
        system_prompt: str = DEFAULT_SYSTEM_PROMPT,
        temperature: float = DEFAULT_TEMPERATURE,
        max_context: int = DEFAULT_MAX_CONTEXT,
        max_turns: int | None = None,
        tokenizer: str = DEFAULT_TOKENIZER,
        tools: Sequence[Tool | Callable[..., Any]] = (),
        summary: bool = False,
        history: Sequence[NewMessage | Mapping[str, str]] = (),
        store: SessionStore | None = None,
        session_id: str | None = None,
        gateway: ModelGateway | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._tools = {tool.name: tool for tool in map(tool_of, tools)}
        self._own_gateway = Gateway()
        self._store: SessionStore = store if store is not None else MemoryStore()
        self._context = ContextBuilder(counter=TokenCounter())
        self._tokenizer = tokenizer
        self._session_id = session_id
        messages = [_message(one) for one in history]
        if messages and messages[0].role is Role.SYSTEM:
            system_prompt = messages.pop(0).content
        if any(one.role is Role.SYSTEM for one in messages):
            raise WrongUse(_("A system message stands first in a history, or in system_prompt."))
        self._history = tuple(messages)
        self._address = model if "/" in model and not api_base else f"{DIRECT}/{model}"
        self._abandoned: list[list[int]] = []
        self._listeners: list[asyncio.Queue[Update]] = []
        self._beginning = asyncio.Lock()
        self._session: Session | None = None
        self._new = NewSession(
            id=session_id,
            system_prompt=system_prompt,
            model=self._address,
            params={
                "temperature": temperature,
                "max_context": max_context,
                "max_turns": max_turns,
                "tokenizer": tokenizer,
                "api_base": api_base,
            },
        )
        spec = _spec(model, api_base)
        key = Secret(api_key) if api_key is not None else None if api_base else _environment_key(spec.kind)
        directory = _OneModel(spec, key)
        settings = _Fixed(limits or Limits(saving_s=SAVING_LIMIT_S), self._new)
        self._chat = ChatService(
            store=self._store,
            gateway=gateway or self._own_gateway,
            models=directory,
            settings=settings,
            context=self._context,
            notify=self._tell,
            tools=[tool.to_wire() for tool in self._tools.values()],
        )
        self._summaries = SummaryService(
            store=self._store,
            requests=self._chat.requests,
            models=directory,
            settings=settings,
            gateway=gateway or self._own_gateway,
            notify=self._tell,
        )
        if summary:
            self._chat.when_answered(self._summaries.answered)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exception: object) -> None:
        await self.aclose()

    async def send(self, text: str) -> Message:
        """Send `text` and return the whole answer; raises `ProviderError` where there is none."""
        async with aclosing(self._turn(text, [])) as updates:
            answer = [update.message async for update in updates if isinstance(update, RunEnded)][-1]
        _ending(answer)
        return answer

    def stream(self, text: str) -> AsyncGenerator[SessionEvent, None]:
        """Send `text` and yield the answer as it comes, `RunWaiting` before a retry, and `Finished` at the end.

        `ToolResult` comes for each call of a tool; the answer goes on behind it.
        Leaving the loop early stops the answer; its text so far is kept. Raises `ProviderError`.
        """
        begun: list[int] = []
        events = self._stream(text, begun)
        # Python closes a generator some time after its loop was left; a message sent meanwhile shall not be refused.
        weakref.finalize(events, self._abandoned.append, begun).atexit = False
        return events

    async def _stream(self, text: str, begun: list[int]) -> AsyncGenerator[SessionEvent, None]:
        async with aclosing(self._turn(text, begun)) as updates:
            async for update in updates:
                if isinstance(update, ToolResult):
                    yield update
                    continue
                if isinstance(update, RunEnded) and not self._asks(update.message):
                    yield _ending(update.message)
                for event in _events(update):
                    yield event

    def _asks(self, answer: Message) -> bool:
        """Whether an answer is not the last word yet, because it calls tools."""
        return bool(self._tools and answer.tool_calls and answer.status is Status.COMPLETE)

    async def _turn(self, text: str, begun: list[int]) -> AsyncGenerator[Update | ToolResult, None]:
        """Yield all that happens to one message, its last `RunEnded` last; `begun` takes the ids of its answers."""
        session = await self._begun()
        while self._abandoned:
            for message_id in self._abandoned.pop():
                await self._chat.stop(message_id)
        updates: asyncio.Queue[Update] = asyncio.Queue()
        self._listeners.append(updates)
        try:
            turn = await self._chat.send(text, session_id=session.id, model=self._address)
            for count in range(1, MOST_ROUNDS + 1):
                begun.append(turn.assistant.id)
                answer: Message | None = None
                try:
                    while answer is None:
                        update = await updates.get()
                        answer = update.message if isinstance(update, RunEnded) else None
                        yield update
                finally:
                    await self._chat.stop(turn.assistant.id)
                if not self._asks(answer):
                    return
                if count == MOST_ROUNDS:
                    refusal = _("The model called tools {count} times in a row without an answer.")
                    raise WrongUse(refusal.format(count=count))
                results = await call_tools(self._tools, answer.tool_calls)
                for result in results:
                    yield result
                turn = await self._answered_by(answer, results)
        finally:
            self._listeners.remove(updates)

    async def _answered_by(self, answer: Message, results: Sequence[ToolResult]) -> Turn:
        """Keep what tools gave back below the answer that called them, and let the model go on behind it."""
        new = [
            NewMessage(role=Role.TOOL, content=one.content, author=one.call.name, tool_call_id=one.call.id)
            for one in results
        ]
        added = await self._store.add_messages(answer.session_id, answer.id, new)
        await self._chat.result(answer.id)
        return await self._chat.retry(added[-1].id, model=self._address)

    async def messages(self) -> tuple[Message, ...]:
        """Return the conversation, oldest first, without the system prompt."""
        session = await self._begun()
        found: tuple[Message, ...] = ()
        before: int | None = None
        while True:
            page = await self._store.path(session.id, limit=PAGE, before_depth=before)
            found = page + found
            if len(page) < PAGE:
                return found
            before = page[0].depth

    async def total_tokens(self) -> int:
        """Return how many tokens the conversation has in the session's tokenizer, system prompt included."""
        session = await self._begun()
        return await self._context.total(
            self._store,
            system_prompt=session.system_prompt,
            messages=await self.messages(),
            encoding=self._tokenizer,
        )

    async def aclose(self) -> None:
        """Stop what is being written and close the connections."""
        await self._chat.close()
        await self._summaries.close()
        await self._own_gateway.aclose()

    async def _begun(self) -> Session:
        async with self._beginning:
            if self._session is None:
                self._session = await self._found() or await self._made()
            return self._session

    async def _found(self) -> Session | None:
        if self._session_id is None:
            return None
        try:
            return await self._store.session(self._session_id)
        except NotFound:
            return None

    async def _made(self) -> Session:
        session = await self._store.create_session(self._new)
        if self._history:
            await self._store.add_messages(session.id, None, self._history)
        return session

    def _tell(self, update: Update) -> None:
        for listener in self._listeners:
            listener.put_nowait(update)


class _OneModel:
    """Knows the one model that was named."""

    def __init__(self, spec: ModelSpec, key: Secret | None) -> None:
        self._spec = spec
        self._key = key
        self._looked = False

    async def resolve(self, _address: str, _session: Session) -> tuple[ModelSpec, Secret | None]:
        """Return the model with its window, which is looked up once, where it is a known provider's."""
        spec, self._looked = self._spec, self._looked or bool(self._spec.api_base) or self._spec.is_local
        if not self._looked:
            self._looked = True
            window = await asyncio.to_thread(lambda: Catalogue().window_of(spec.kind, spec.name))
            self._spec = replace(spec, window=window)
        return self._spec, self._key

    async def default_model(self) -> str:
        return self._spec.address

    async def note_use(self, address: str) -> None:
        """Remember nothing: a program chooses its model itself."""


class _Fixed:
    """The settings that a program gave."""

    def __init__(self, limits: Limits, new: NewSession) -> None:
        self._limits = limits
        self._new = new

    def limits(self) -> Limits:
        return self._limits

    def connect_timeout_s(self) -> float:
        return 10.0

    def new_session(self, _model: str) -> NewSession:
        return self._new

    def text(self, name: str) -> str:
        """Return a setting of summaries: when one is made, and by which model (its own)."""
        return "full" if name == "summaries" else ""


def _message(one: NewMessage | Mapping[str, str]) -> NewMessage:
    if isinstance(one, NewMessage):
        return one
    try:
        return NewMessage(role=Role(one["role"]), content=str(one["content"]))
    except (KeyError, ValueError) as error:
        raise WrongUse(
            _("A message of a history has a role (user, assistant, system or tool) and a content.")
        ) from error


def _spec(model: str, api_base: str) -> ModelSpec:
    kind, name = split_address(model)
    if kind in (GUIDE, SCRIPTED):
        return ModelSpec(provider_id=kind, kind=kind, name=name, provider_name=kind)
    provider_id = kind if kind and not api_base else DIRECT
    if api_base or not kind:
        kind, name = kind_and_name(model, api_base)
    return ModelSpec(provider_id=provider_id, kind=kind, name=name, provider_name=kind, api_base=api_base)


def _environment_key(kind: str) -> Secret | None:
    variables = Catalogue().key_variables(kind) if kind not in (GUIDE, SCRIPTED) else ()
    return next((Secret(os.environ[name]) for name in variables if os.environ.get(name)), None)


def _events(update: Update) -> list[StreamEvent | RunWaiting]:
    if isinstance(update, RunWaiting):
        return [update]
    if not isinstance(update, RunText):
        return []
    events: list[StreamEvent | RunWaiting] = []
    if update.thinking:
        events.append(ThinkingDelta(update.thinking))
    if update.text:
        events.append(TextDelta(update.text))
    return events


def _ending(message: Message) -> Finished:
    if message.status is not Status.COMPLETE and message.status is not Status.STOPPED:
        raise ProviderError(message.fault or Fault(kind=FaultKind.UNKNOWN))
    return Finished(
        finish_reason=message.finish_reason or "stop",
        usage=message.usage,
        cost=message.cost,
        model=message.metadata.get("answered_model") or message.model,
    )
