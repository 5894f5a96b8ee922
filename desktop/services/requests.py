"""From a session to the request that answers it: built, repaired once where a provider refuses it, and learned from.

What is sent is what `context` shows; a request that cannot fit is not sent at all, with a sentence that says why.
"""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Protocol

from desktop.domain.context import Context
from desktop.domain.faults import Fault, FaultKind, ProviderError, SobremesaError, StoreError
from desktop.domain.messages import Message, Role
from desktop.domain.models import GUIDE, SCRIPTED, ModelSpec, Secret
from desktop.domain.repair import Change, Repair, refused_length, repair
from desktop.domain.requests import CONTINUE_PROMPT, ChatRequest, ContextMessage
from desktop.domain.sessions import Session
from desktop.domain.summaries import StoredSummary, chosen
from desktop.i18n import _, language
from desktop.providers.caching import wire_messages
from desktop.services.context import ContextBuilder, PathStore

BUILT_IN = (GUIDE, SCRIPTED)
SHORTER = 0.6
"""The share of a refused request that is tried where the provider did not say how much it takes."""
CAUTION = 0.95


class ModelResolver(Protocol):
    """What a request needs to know of models."""

    async def resolve(self, address: str, session: Session) -> tuple[ModelSpec, Secret | None]:
        """Return the model behind an address and its key; raises `ProviderError`."""


class RequestStore(PathStore, Protocol):
    """Where conversations and their summaries are read."""

    async def summaries(self, session_id: str, leaf: int | None) -> tuple[StoredSummary, ...]:
        """Return the newest summary for each end it has on the path to `leaf`, the furthest first."""


class ConnectionSettings(Protocol):
    """What a request needs of the settings."""

    def connect_timeout_s(self) -> float:
        """Return how long a connection may take, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A request, and the context it was made from."""

    request: ChatRequest
    context: Context
    repair: Repair | None = None


class Requests:
    """Makes the requests of all conversations of one store."""

    def __init__(
        self,
        *,
        store: RequestStore,
        models: ModelResolver,
        settings: ConnectionSettings,
        context: ContextBuilder,
        tools: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self._store = store
        self._models = models
        self._settings = settings
        self._context = context
        self._tools = tuple(tools)

    async def prepare(
        self,
        session: Session,
        address: str,
        *,
        leaf: int | None,
        begun: str = "",
        draft: str = "",
        exact: bool = False,
        most: int | None = None,
    ) -> Prepared:
        """Return the request that answers `leaf`, or a `draft` that is not written yet, beside an answer `begun`."""
        model, key = await self._models.resolve(address, session)
        context = await self.context(session, model, leaf=leaf, begun=begun, draft=draft, exact=exact, most=most)
        return Prepared(request=self.request(session, model, context, key), context=context)

    def request(self, session: Session, model: ModelSpec, context: Context, key: Secret | None = None) -> ChatRequest:
        """Return the request that sends a context; without a key it is to be looked at."""
        temperature = session.params.get("temperature")
        return ChatRequest(
            model=model,
            messages=context.messages,
            temperature=float(temperature) if temperature is not None else None,
            max_tokens=session.params.get("max_tokens"),
            api_key=key,
            connect_timeout_s=self._settings.connect_timeout_s(),
            tools=self._tools,
            session_id=session.id,
            language=session.language or language(),
        )

    async def context(
        self,
        session: Session,
        model: ModelSpec,
        *,
        leaf: int | None,
        begun: str = "",
        draft: str = "",
        exact: bool = False,
        most: int | None = None,
    ) -> Context:
        """Return exactly what such a request sends to `model`."""
        return await self._context.build(
            self._store,
            session=session,
            leaf=leaf,
            model=model,
            summary=chosen(await self._store.summaries(session.id, leaf)),
            tail=_tail(model, begun),
            draft=draft,
            exact=exact,
            most=most,
        )

    async def repaired(
        self, prepared: Prepared, fault: Fault, session: Session, address: str, assistant: Message
    ) -> Prepared | None:
        """Return what to send instead after a provider refused; None where nothing can be changed for the better."""
        request = prepared.request
        if fault.kind in (FaultKind.CONTEXT_EXCEEDED, FaultKind.TOO_LARGE):
            return await self._shortened(prepared, fault, session, address, assistant)
        found = repair(request.messages, fault)
        if found is None:
            return None
        return replace(prepared, request=replace(request, messages=found.messages), repair=found)

    async def _shortened(
        self, prepared: Prepared, fault: Fault, session: Session, address: str, assistant: Message
    ) -> Prepared | None:
        model, before = prepared.request.model, prepared.context
        said = refused_length(fault.words) if fault.kind is FaultKind.CONTEXT_EXCEEDED else refused_length("")
        if said.limit:
            with suppress(StoreError):
                await self._context.estimates.learn_window(self._store, model, said.limit)
        counted = before if before.exact else None
        if counted is None:
            built = await self.prepare(session, address, leaf=assistant.parent_id, begun=assistant.content, exact=True)
            counted = built.context
        if said.asked and counted.messages == before.messages:
            await self._context.estimates.note_usage(
                self._store, model, counted.encoding, counted=counted.raw_tokens, true=said.asked
            )
        most = math.floor(counted.tokens * SHORTER)
        if said.limit and said.asked > said.limit:
            most = math.floor(counted.tokens * said.limit / said.asked * CAUTION)
        elif said.limit:
            most = min(counted.budget, counted.tokens - 1)
        found = await self.prepare(
            session, address, leaf=assistant.parent_id, begun=assistant.content, exact=True, most=most
        )
        fewer = len(prepared.request.messages) - len(found.request.messages)
        if fewer <= 0 or not found.context.plan.fits:
            return None
        changes = {Change.SHORTENED: fewer}
        return replace(found, repair=Repair(messages=found.request.messages, changes=changes))

    async def learn(self, prepared: Prepared, session: Session, answer: Message) -> None:
        """Let the provider's own figure for a request correct the next estimates; whatever fails, nothing is lost."""
        with suppress(SobremesaError):
            await self._learn(prepared, session, answer)

    async def _learn(self, prepared: Prepared, session: Session, answer: Message) -> None:
        context, model = prepared.context, prepared.request.model
        usage = answer.usage
        if model.kind in BUILT_IN or usage is None or usage.estimated or prepared.repair or prepared.request.tools:
            return
        if session.params.get("tokenizer"):
            return
        if not context.exact:
            built = await self.context(session, model, leaf=answer.parent_id, exact=True)
            if built.messages != context.messages:
                return
            context = built
        await self._context.estimates.note_usage(
            self._store, model, context.encoding, counted=context.raw_tokens, true=usage.input_tokens
        )


def check_fits(prepared: Prepared) -> None:
    """Raise `ProviderError` for a request that cannot fit whatever is left out: it is not sent."""
    context, model = prepared.context, prepared.request.model
    if context.plan.fits or model.kind == GUIDE:
        return
    about = "" if context.margin <= 0.02 and context.exact else "≈ "
    words = _("The message and the system prompt take {about}{tokens} tokens; this session sends at most {budget}.")
    raise ProviderError(
        Fault(
            kind=FaultKind.CONTEXT_EXCEEDED,
            words=words.format(about=about, tokens=f"{context.tokens:,}", budget=f"{context.budget:,}"),
        )
    )


def wire(request: ChatRequest) -> dict[str, Any]:
    """Return a request as JSON values: what goes to the provider, without the key."""
    wished: dict[str, Any] = {
        "model": request.model.litellm_name,
        "api_base": request.model.api_base or None,
        "messages": wire_messages(request),
        "temperature": request.temperature,
        "max_tokens": request.max_tokens,
        "tools": [dict(tool) for tool in request.tools] or None,
        "stream": True,
        **request.extra,
    }
    return {name: value for name, value in wished.items() if value is not None}


def _tail(model: ModelSpec, begun: str) -> tuple[ContextMessage, ...]:
    """Return what follows the path where a begun answer shall go on."""
    if not begun:
        return ()
    so_far = ContextMessage(role=Role.ASSISTANT, content=begun)
    if model.kind in BUILT_IN:  # these go on from a begun answer without being told to
        return (so_far,)
    return so_far, ContextMessage(role=Role.USER, content=CONTINUE_PROMPT)
