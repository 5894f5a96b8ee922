"""How full the context of a session is, with what is being written; and how much a session may send."""

from collections.abc import Mapping
from typing import Any

from desktop.domain.context import Context, Mark
from desktop.domain.gauge import Gauge
from desktop.domain.prices import PriceTag
from desktop.domain.sessions import DEFAULT_MAX_CONTEXT, Session
from desktop.domain.settings import BY_NAME
from desktop.services.context import DRAFT
from desktop.services.limits import Room
from desktop.services.models import ModelService
from desktop.services.prices import PriceService
from desktop.services.requests import Prepared, Requests
from desktop.services.settings import SettingsService
from desktop.storage.store import Store


class GaugeService:
    """Looks at what would be sent, without sending it and without looking for a key."""

    def __init__(
        self,
        *,
        store: Store,
        requests: Requests,
        models: ModelService,
        settings: SettingsService,
        prices: PriceService,
    ) -> None:
        self._store = store
        self._requests = requests
        self._models = models
        self._settings = settings
        self._prices = prices

    async def read(self, session_id: str, *, model: str = "", draft: str = "") -> Gauge:
        """Return how full a session's context is with `draft`; the empty id is the session that does not exist yet."""
        session = await self._session(session_id, model)
        address = model or session.model or await self._models.default_model()
        spec = await self._models.describe(address, session)
        allowed = int(session.params.get("max_context") or DEFAULT_MAX_CONTEXT)
        if not session.active_leaf and not draft.strip():
            room = Room.of(session.params, window=spec.window, margin=0.0)
            return Gauge(budget=room.budget, reserve=room.reserve, window=spec.window, allowed=allowed)
        context = await self._requests.context(session, spec, leaf=session.active_leaf, draft=draft, exact=True)
        tag = await self._prices.of(spec)
        drafted = sum(entry.item.tokens for entry in context.plan.sent if entry.item.id == DRAFT)
        return Gauge(
            used=context.tokens,
            budget=context.budget,
            system=context.system_tokens,
            history=sum(entry.item.tokens for entry in context.plan.sent) - drafted,
            draft=drafted,
            reserve=context.reserve,
            left_out=context.left_out,
            margin=context.margin,
            fits=context.plan.fits,
            window=context.window,
            allowed=allowed,
            cost=tag.input_cost(context.tokens, of=context.tokens),
        )

    async def inspect(self, session_id: str, *, model: str = "", draft: str = "") -> Prepared:
        """Return what would be sent next, counted; raises `NotFound`. The request holds no key."""
        session = await self._session(session_id, model)
        address = model or session.model or await self._models.default_model()
        spec = await self._models.describe(address, session)
        context = await self._requests.context(session, spec, leaf=session.active_leaf, draft=draft, exact=True)
        return Prepared(request=self._requests.request(session, spec, context), context=context)

    async def allow(self, session_id: str, tokens: int) -> None:
        """Let a session send at most so many tokens; without one, let new sessions."""
        setting = BY_NAME["max_context"]
        if session_id:
            found = setting.validated(tokens)
            session = await self._store.session(session_id)
            await self._store.update_session(session_id, params={**session.params, "max_context": found})
        else:
            await self._settings.set(setting.name, tokens)

    async def mark(self, message_id: int, mark: Mark) -> None:
        """Pin a message to what is sent, keep it out of it, or neither; raises `NotFound`."""
        await self._store.mark_message(message_id, mark)

    async def _session(self, session_id: str, model: str) -> Session:
        if session_id:
            return await self._store.session(session_id)
        new = self._settings.new_session(model)
        return Session(
            id="",
            title="",
            created_at=0,
            updated_at=0,
            system_prompt=new.system_prompt,
            model=model,
            params=new.params,
        )


def context_values(context: Context, tag: PriceTag | None = None) -> dict[str, Any]:
    """Return a context as plain JSON values: every message, sent or not, with its tokens and the reason.

    Prices are in US dollars, at the model's price of input; null where that is unknown.
    """
    plan = context.plan
    tag = tag or PriceTag()
    whole = context.tokens
    said = iter(context.messages)
    rows: list[Mapping[str, Any]] = []

    def row(message: int | None, role: str, tokens: int, reason: str, content: str) -> dict[str, Any]:
        return {
            "message": message,
            "role": str(role),
            "tokens": tokens,
            "price": _dollars(tag.input_cost(tokens, of=whole)),
            "reason": str(reason),
            "content": content,
        }

    if context.system_tokens:
        one = next(said)
        rows.append(row(None, one.role, context.system_tokens, "system", one.content))
    if plan.summary is not None:
        one = next(said)
        rows.append(row(None, one.role, plan.summary.tokens, "summary", one.content))
    for entry in plan.sent:
        one = next(said)
        rows.append(row(entry.item.id or None, one.role, entry.item.tokens, entry.reason, one.content))
    return {
        "tokens": context.tokens,
        "budget": context.budget,
        "reserve": context.reserve,
        "window": context.window,
        "encoding": context.encoding,
        "exact": context.margin <= 0.02,
        "margin": round(context.margin, 4),
        "fits": plan.fits,
        "price": _dollars(tag.input_cost(whole, of=whole)),
        "price_source": tag.source.value,
        "sent": rows,
        "left_out": [
            {
                "message": entry.item.id,
                "role": entry.item.role.value,
                "tokens": entry.item.tokens,
                "reason": entry.reason.value,
            }
            for entry in plan.left_out
        ],
        "older": {"messages": plan.older, "reason": plan.older_reason.value} if plan.older else None,
    }


def _dollars(price: float | None) -> float | None:
    """Return a price without the noise behind its tenth place."""
    return None if price is None else round(price, 10)
