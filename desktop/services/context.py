"""Reads as much of a path as a request can take, counts what is not counted yet, and hands it to the pure fitter.

A path is read from its leaf upwards and no further than the budget reaches, without words; each message is counted once
per encoding, off the loop's thread, and the count stays with its row. The words of what is sent are read last.
"""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from desktop.domain.context import (
    MESSAGE_OVERHEAD_TOKENS,
    REPLY_TOKENS,
    Context,
    Mark,
    PathItem,
    PathRow,
    Plan,
    Reason,
    Summary,
    Walk,
    fit,
)
from desktop.domain.faults import StoreError
from desktop.domain.messages import Message, Role, Status
from desktop.domain.models import ModelSpec
from desktop.domain.prompts import completed
from desktop.domain.requests import ContextMessage
from desktop.domain.sessions import Session
from desktop.domain.summaries import StoredSummary, summary_text
from desktop.i18n import language
from desktop.services.estimates import Estimates, FactStore
from desktop.services.limits import Room, room_for_answer

__all__ = ["ContextBuilder", "PathStore", "TextCounter", "room_for_answer"]

DRAFT = 0
"""The id of a message that is not written yet."""
REMEMBERED_COUNTS = 50_000
REMEMBER_LIMIT_S = 0.3
"""How long a request waits for its counts to be written: they are a comfort, and the disk may be slow or full."""
COUNT_AT_ONCE = 64
OCTETS_PER_TOKEN = 128
"""No token of the known tables is longer, so what lies beyond is left out for certain."""

_Key = tuple[str, int, int, str]


class PathStore(FactStore, Protocol):
    """Where paths are read."""

    async def walk(self, session_id: str, leaf: int, *, encoding: str, enough: Callable[[PathRow], bool]) -> Walk:
        """Return the path to `leaf` from its end until `enough` says so, without words; `enough` runs on a thread."""

    async def words(self, ids: Sequence[int]) -> dict[int, ContextMessage]:
        """Return what would be sent of messages, by id."""

    async def remember_tokens(self, encoding: str, counts: Mapping[int, int]) -> None:
        """Keep the token lengths of messages (by id) in one encoding."""


class TextCounter(Protocol):
    """Counts tokens; may be slow the first time, so it is only called off the loop's thread."""

    def count(self, text: str, encoding: str) -> int:
        """Return how many tokens `text` has in `encoding`."""

    def encoding_for(self, model_name: str) -> str:
        """Return the name of the encoding that fits a model best."""


@dataclass(slots=True, kw_only=True)
class _Reach:
    """Says when enough of a path was seen: the budget is spent or the turns are full, and a question is among it."""

    budget: int
    factor: float
    max_turns: int | None
    spent: int = 0
    turns: int = 0
    reason: Reason | None = None

    def cost(self, count: int) -> int:
        """Return what a message of `count` tokens takes of the budget."""
        if self.factor == 1.0:
            return count + MESSAGE_OVERHEAD_TOKENS
        return math.ceil(self.factor * (count + MESSAGE_OVERHEAD_TOKENS))

    def beyond(self, row: PathRow, count: int) -> bool:
        """Note one row of a path, seen from its end; return whether those above it are out of reach."""
        if row.sendable and row.mark is not Mark.EXCLUDED:
            self.spent += self.cost(count)
            self.turns += row.role is Role.USER and row.octets > 0
        if self.turns and self.spent > self.budget:
            self.reason = Reason.BUDGET
        elif self.turns and self.max_turns is not None and self.turns >= self.max_turns:
            self.reason = Reason.TURNS
        return self.reason is not None


@dataclass(slots=True)
class _Seen:
    """The part of a path that was looked at, leaf first, with the size of each message."""

    newest: Sequence[PathRow]
    pinned: Sequence[PathRow]
    counts: dict[int, int]
    words: dict[int, ContextMessage]
    reason: Reason


class ContextBuilder:
    """Builds what is sent; `estimates` is what models taught about their counting."""

    def __init__(
        self, *, counter: TextCounter, now: Callable[[], datetime] = lambda: datetime.now().astimezone()
    ) -> None:
        self._counter = counter
        self._now = now
        self._counts: OrderedDict[_Key, int] = OrderedDict()
        self.estimates = Estimates()

    def encoding_of(self, session: Session, model: ModelSpec) -> str:
        """Return what a session's messages are counted in: its own tokenizer, else the one that fits the model."""
        return str(session.params.get("tokenizer") or self._counter.encoding_for(model.name))

    async def build(
        self,
        store: PathStore,
        *,
        session: Session,
        leaf: int | None,
        model: ModelSpec,
        tail: Sequence[ContextMessage] = (),
        draft: str = "",
        summary: StoredSummary | None = None,
        exact: bool = False,
        most: int | None = None,
    ) -> Context:
        """Return what is sent of the path that ends at `leaf` (None: of an empty one).

        `tail` is sent behind it whatever comes, and leaves less for the path; `draft` is a message that is not written
        yet. Without `exact`, nothing is counted where all of it fits even at a token per byte. `most` bounds the budget
        further, in tokens.
        """
        encoding = self.encoding_of(session, model)
        correction = await self.estimates.of(store, model, encoding, own=bool(session.params.get("tokenizer")))
        room = Room.of(session.params, window=await self.estimates.window(store, model), margin=correction.margin)
        budget = room.budget if most is None else min(room.budget, most)
        head = self._head(session)
        new = [ContextMessage(role=Role.USER, content=draft)] if draft else []
        told = [ContextMessage(role=Role.SYSTEM, content=summary_text(summary))] if summary is not None else []
        fixed = [*head, *tail, *told, *new]
        sizes = [_bytes(text_of(one)) for one in fixed]
        turns = session.params.get("max_turns")
        reach = _Reach(
            budget=budget,
            factor=correction.factor,
            max_turns=max(1, int(turns)) if turns is not None else None,
            turns=len(new),
        )
        seen = await self._walked(store, session.id, leaf, encoding, reach)
        form = MESSAGE_OVERHEAD_TOKENS * (len(sizes) + len(seen.counts) + 1)
        bound = max(1.0, correction.factor) * (sum(sizes) + sum(seen.counts.values()) + form)
        counted = exact or bound > budget
        if counted:
            sizes = await asyncio.to_thread(self._count_fixed, fixed, len(head), encoding)
            if any(row.stored is None for row in (*seen.newest, *seen.pinned)):
                seen = await self._counted(store, session.id, seen, encoding, reach)
        costs = [reach.cost(size) for size in sizes]
        place = len(head) + len(tail)
        behind = sum(costs[len(head) : place])
        stands_for = Summary(told[0].content, costs[place], summary.last_depth) if summary is not None else None
        plan = fit(
            _items(seen, reach, costs[-1] if draft else None),
            budget=budget - behind,
            system_tokens=sum(costs[: len(head)]),
            summary=stands_for,
            max_turns=reach.max_turns,
            older=seen.newest[-1].depth if seen.newest else 0,
            older_reason=seen.reason,
        )
        plan = replace(plan, tokens=plan.tokens + behind)
        if plan.summary is None:  # it is off, or there was no room for it
            del fixed[place : place + len(told)], sizes[place : place + len(told)]
        sent = [entry.item.id for entry in plan.sent if entry.item.id != DRAFT]
        if missing := [id_ for id_ in sent if id_ not in seen.words]:
            seen.words |= await store.words(missing)
        raw = sum(sizes) + sum(seen.counts[id_] for id_ in sent)
        return Context(
            messages=(*head, *_said(plan, seen.words, new), *tail),
            plan=plan,
            budget=budget,
            reserve=room.reserve,
            window=room.window,
            system_tokens=sum(costs[: len(head)]),
            raw_tokens=raw + MESSAGE_OVERHEAD_TOKENS * (len(sent) + len(fixed)) + REPLY_TOKENS if counted else 0,
            margin=correction.margin,
            exact=counted,
            encoding=encoding,
        )

    async def total(self, store: PathStore, *, system_prompt: str, messages: Sequence[Message], encoding: str) -> int:
        """Return how many tokens a prompt and messages have together, without the form around them."""
        fresh: dict[int, int] = {}

        def counted() -> int:
            whole = self._counter.count(system_prompt, encoding)
            for message in messages:
                text = message.content + "".join(call.name + call.arguments for call in message.tool_calls)
                key = (message.session_id, message.id, _bytes(text), encoding)
                known = message.tokens.get(encoding, self._counts.get(key))
                if known is None:
                    known = self._keep(key, self._counter.count(text, encoding))
                    if message.status is not Status.STREAMING:
                        fresh[message.id] = known
                whole += known
            return whole

        found = await asyncio.to_thread(counted)
        await self._remember(store, encoding, fresh)
        return found

    def _head(self, session: Session) -> list[ContextMessage]:
        prompt = completed(
            session.system_prompt,
            now=self._now(),
            context=session.context,
            language=session.language or language(),
        )
        return [ContextMessage(role=Role.SYSTEM, content=prompt)] if prompt else []

    async def _walked(self, store: PathStore, session_id: str, leaf: int | None, encoding: str, reach: _Reach) -> _Seen:
        """Read what may fit: as if what is not counted yet had the fewest tokens that its bytes can have."""
        reach = replace(reach)
        if leaf is None:
            return _Seen((), (), {}, {}, Reason.BUDGET)
        walk = await store.walk(
            session_id,
            leaf,
            encoding=encoding,
            enough=lambda row: reach.beyond(row, row.octets // OCTETS_PER_TOKEN if row.stored is None else row.stored),
        )
        counts = {row.id: row.octets if row.stored is None else row.stored for row in (*walk.newest, *walk.pinned)}
        return _Seen(walk.newest, walk.pinned, counts, {}, reach.reason or Reason.BUDGET)

    async def _counted(self, store: PathStore, session_id: str, seen: _Seen, encoding: str, reach: _Reach) -> _Seen:
        """Count what is not counted yet, from the leaf upwards, and go no further than the budget reaches."""
        fresh: dict[int, int] = {}
        used: list[PathRow] = []
        rows = [*seen.pinned, *seen.newest]
        place = 0
        while place < len(rows) and reach.reason is None:
            chunk = rows[place : place + COUNT_AT_ONCE]
            unknown = []
            for row in chunk:
                if row.stored is None and row.sendable and row.octets:
                    known = self._counts.get(_key(session_id, row, encoding))
                    if known is None:
                        unknown.append(row)
                    else:
                        seen.counts[row.id] = known
            if unknown:
                seen.words |= await store.words([row.id for row in unknown])
                texts = {row.id: text_of(seen.words[row.id]) for row in unknown if row.id in seen.words}
                found = await asyncio.to_thread(self._count_all, texts, encoding)
                seen.counts |= found
                fresh |= found
                for row in unknown:
                    self._keep(_key(session_id, row, encoding), seen.counts[row.id])
            for row in chunk[max(0, len(seen.pinned) - place) :]:
                used.append(row)
                if reach.beyond(row, seen.counts[row.id]):
                    break
            place += COUNT_AT_ONCE
        await self._remember(store, encoding, fresh)
        return _Seen(used, seen.pinned, seen.counts, seen.words, reach.reason or seen.reason)

    def _count_all(self, texts: Mapping[int, str], encoding: str) -> dict[int, int]:
        return {id_: self._counter.count(text, encoding) for id_, text in texts.items()}

    def _count_fixed(self, messages: Sequence[ContextMessage], known: int, encoding: str) -> list[int]:
        """Count what has no row; the first `known` are the same each time."""
        sizes = []
        for place, one in enumerate(messages):
            text = text_of(one)
            key = (text, -1, -1, encoding)
            size = self._counts.get(key) if place < known else None
            if size is None:
                size = self._counter.count(text, encoding)
                if place < known:
                    self._keep(key, size)
            sizes.append(size)
        return sizes

    def _keep(self, key: _Key, count: int) -> int:
        self._counts[key] = count
        if len(self._counts) > REMEMBERED_COUNTS:
            self._counts.popitem(last=False)
        return count

    async def _remember(self, store: PathStore, encoding: str, fresh: Mapping[int, int]) -> None:
        """Leave new counts with their rows, where that is no trouble."""
        if fresh:
            with suppress(StoreError, TimeoutError):
                async with asyncio.timeout(REMEMBER_LIMIT_S):
                    await store.remember_tokens(encoding, fresh)


def _items(seen: _Seen, reach: _Reach, draft: int | None) -> list[PathItem]:
    """Return what was seen of a path, root to leaf, and behind it the message that is not written yet."""
    items = [_item(row, reach.cost(seen.counts[row.id])) for row in seen.pinned]
    items += [_item(row, reach.cost(seen.counts[row.id])) for row in reversed(seen.newest)]
    if draft is not None:
        items.append(PathItem(DRAFT, items[-1].depth + 1 if items else 0, Role.USER, draft))
    return items


def _item(row: PathRow, cost: int) -> PathItem:
    empty = not row.sendable or (not row.has_words and not row.calls and row.role is not Role.TOOL)
    return PathItem(row.id, row.depth, row.role, cost, row.has_words, empty, row.calls, row.result_of, row.mark)


def _said(plan: Plan, words: Mapping[int, ContextMessage], draft: Sequence[ContextMessage]) -> list[ContextMessage]:
    """Return the messages that a plan sends, the summary first."""
    said = [ContextMessage(role=Role.SYSTEM, content=plan.summary.text)] if plan.summary else []
    for entry in plan.sent:
        if entry.item.id == DRAFT:
            said.extend(draft)
        else:
            one = words[entry.item.id]
            said.append(one if entry.calls else replace(one, tool_calls=()))
    return said


def _key(session_id: str, row: PathRow, encoding: str) -> _Key:
    return session_id, row.id, row.octets, encoding


def text_of(message: ContextMessage) -> str:
    """Return all of a message that is counted."""
    return message.content + "".join(call.name + call.arguments for call in message.tool_calls)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
