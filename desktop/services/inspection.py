"""The context inspector: what would be sent, piece by piece, and what a person decides about it."""

import asyncio
import json
from collections.abc import Callable

from desktop.domain.context import Mark
from desktop.domain.inspection import Inspection, items_of
from desktop.domain.messages import Role
from desktop.domain.models import ModelSpec
from desktop.domain.prices import Price
from desktop.domain.requests import ChatRequest
from desktop.domain.runs import SessionsChanged, Update
from desktop.domain.summaries import StoredSummary, chosen
from desktop.services.context import DRAFT
from desktop.services.estimates import key_of
from desktop.services.gauge import GaugeService
from desktop.services.prices import PriceService
from desktop.services.requests import wire
from desktop.services.traffic import RecordingGateway
from desktop.storage.store import Store


class InspectionService:
    """Looks, and writes down marks and prices."""

    def __init__(
        self,
        *,
        store: Store,
        gauge: GaugeService,
        prices: PriceService,
        traffic: RecordingGateway,
        notify: Callable[[Update], None],
    ) -> None:
        self._store = store
        self._gauge = gauge
        self._prices = prices
        self._traffic = traffic
        self._notify = notify

    async def look(self, session_id: str, *, model: str = "", draft: str = "") -> Inspection:
        """Return what a session would send next with `draft`; the empty id is one that does not exist yet."""
        prepared = await self._gauge.inspect(session_id, model=model, draft=draft)
        context, spec = prepared.context, prepared.request.model
        tag = await self._prices.of(spec)
        words = await self._store.words([entry.item.id for entry in context.plan.left_out])
        texts = {id_: one.content for id_, one in words.items()}
        summary, cached = await self._path_facts(session_id)
        facts = await self._store.model_facts(key_of(spec))
        items = await asyncio.to_thread(items_of, context, texts=texts, draft=DRAFT, summary=summary, tag=tag)
        return Inspection(
            session_id=session_id,
            model=spec,
            items=items,
            tokens=context.tokens,
            budget=context.budget,
            window=context.window,
            margin=context.margin,
            encoding=context.encoding,
            fits=context.plan.fits,
            older=context.plan.older,
            older_reason=context.plan.older_reason,
            tag=tag,
            price=tag.input_cost(context.tokens, of=context.tokens),
            request=await asyncio.to_thread(request_text, prepared.request),
            cached_before=cached,
            is_corrected=f"factor {context.encoding}" in facts,
            answers=int(facts.get(f"answers {context.encoding}", (0, 0.0))[0]),
            summary=summary,
            exchanges=self._traffic.exchanges(session_id) if session_id else (),
        )

    async def mark(self, message_id: int, mark: Mark) -> None:
        """Pin a message, keep it out of the context, or neither; raises `NotFound`."""
        message = await self._store.message(message_id)
        await self._store.mark_message(message_id, mark)
        self._notify(SessionsChanged(session_ids=(message.session_id,)))

    async def set_price(self, model: ModelSpec, price: Price | None) -> None:
        """Keep the user's own price of a model, None for the published one; raises `WrongUse`, `StoreError`."""
        await self._prices.set_own(model, price)

    async def _path_facts(self, session_id: str) -> tuple[StoredSummary | None, int]:
        """Return the summary of the path, sent or not, and how much of the last request the provider had at hand."""
        if not session_id:
            return None, 0
        session = await self._store.session(session_id)
        found = await self._store.summaries(session_id, session.active_leaf)
        summary = chosen(found) or next(iter(found), None)
        if session.active_leaf is None:
            return summary, 0
        leaf = await self._store.message(session.active_leaf)
        return summary, leaf.usage.cached_tokens if leaf.role is Role.ASSISTANT and leaf.usage else 0


def request_text(request: ChatRequest) -> str:
    """Return a request as JSON for people: what goes to the provider, without the key."""
    text = json.dumps(wire(request), ensure_ascii=False, indent=2)
    return text.encode("utf-8", "replace").decode()
