"""Reads as much of a path as a request can take and hands it to the pure fitter.

A path is read backwards in pages, so that a session of 100,000 messages costs what fits and no more.
"""

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from desktop.domain.context import MESSAGE_OVERHEAD_TOKENS, Context, fit
from desktop.domain.faults import StoreError
from desktop.domain.messages import Message, Status
from desktop.domain.sessions import Session

PAGE = 200
ANSWER_TOKENS = 4096
REMEMBERED_COUNTS = 50_000
REMEMBER_LIMIT_S = 0.3
"""How long a request waits for its counts to be written: they are a comfort, and the disk may be slow or full."""


def room_for_answer(window: int, max_tokens: int | None) -> int:
    """Return how much of a model's window the answer needs: what it may take at most, else a fair share.

    A part of the window is always left for what is asked.
    """
    return min(max_tokens or ANSWER_TOKENS, window // 4 if max_tokens is None else window * 3 // 4)


class PathStore(Protocol):
    """Where paths are read."""

    async def path(
        self, session_id: str, *, leaf: int | None = None, limit: int = 50, before_depth: int | None = None
    ) -> tuple[Message, ...]:
        """Return a page of the path that ends at `leaf`, root to leaf."""

    async def remember_tokens(self, encoding: str, counts: Mapping[int, int]) -> None:
        """Keep the token lengths of messages (by id) in one encoding."""


class TextCounter(Protocol):
    """Counts tokens; may be slow the first time, so it is only called off the loop's thread."""

    def count(self, text: str, encoding: str) -> int:
        """Return how many tokens `text` has in `encoding`."""

    def encoding_for(self, model_name: str) -> str:
        """Return the name of the encoding that fits a model best."""


class ContextBuilder:
    """Builds what is sent; counts each message once per encoding, and leaves the count with its row."""

    def __init__(self, *, counter: TextCounter) -> None:
        self._counter = counter
        self._counts: OrderedDict[tuple[str, int, int, str], int] = OrderedDict()
        self._fitting = threading.Lock()

    async def build(
        self,
        store: PathStore,
        *,
        session: Session,
        leaf: int | None,
        max_tokens: int,
        max_turns: int | None,
        model_name: str,
        begun: str = "",
    ) -> Context:
        """Return what is sent of the path that ends at `leaf` (None: of an empty one).

        `begun` is the text of an answer that shall go on: it is sent as well, and its tokens leave less for the path.
        """
        encoding = str(session.params.get("tokenizer") or self._counter.encoding_for(model_name))
        path = await self._enough_of(store, session.id, leaf, max_tokens) if leaf is not None else ()

        texts = [session.system_prompt, begun, *map(_text, path)]
        if sum(_bytes(text) + MESSAGE_OVERHEAD_TOKENS for text in texts) <= max_tokens:
            # A token has one byte at least, so all of this fits, and no tokenizer has to be loaded: that stops every
            # thread for 50 ms. `Context.tokens` is the upper bound then.
            return fit(
                path,
                system_prompt=session.system_prompt,
                max_tokens=max_tokens,
                max_turns=max_turns,
                count=lambda message: _bytes(_text(message)),
                count_text=_bytes,
            )

        def fitted() -> Context:
            with self._fitting:
                taken = self._counter.count(begun, encoding) + MESSAGE_OVERHEAD_TOKENS if begun else 0
                return fit(
                    path,
                    system_prompt=session.system_prompt,
                    max_tokens=max_tokens - taken,
                    max_turns=max_turns,
                    count=lambda message: self._count(message, encoding),
                    count_text=lambda text: self._counter.count(text, encoding),
                )

        context = await asyncio.to_thread(fitted)
        await self._remember(store, path, encoding)
        return context

    async def total(self, store: PathStore, *, system_prompt: str, messages: Sequence[Message], encoding: str) -> int:
        """Return how many tokens a prompt and messages have together, without the form around them."""

        def counted() -> int:
            with self._fitting:
                whole = self._counter.count(system_prompt, encoding)
                return whole + sum(self._count(message, encoding) for message in messages)

        found = await asyncio.to_thread(counted)
        await self._remember(store, messages, encoding)
        return found

    async def _remember(self, store: PathStore, messages: Sequence[Message], encoding: str) -> None:
        """Leave new counts with their rows, where that is no trouble; what is still being written has none."""
        fresh = {
            message.id: known
            for message in messages
            if message.status is not Status.STREAMING
            and encoding not in message.tokens
            and (known := self._counts.get(_key(message, encoding))) is not None
        }
        if fresh:
            with suppress(StoreError, TimeoutError):
                async with asyncio.timeout(REMEMBER_LIMIT_S):
                    await store.remember_tokens(encoding, fresh)

    async def _enough_of(self, store: PathStore, session_id: str, leaf: int, max_tokens: int) -> tuple[Message, ...]:
        """Read pages backwards until the root, or until even the cheapest counting is over the budget.

        A token is at most about 100 bytes long in practice; 16 characters a token is a bound that no natural text and
        no code reaches, so what lies beyond is left out for certain.
        """
        path: tuple[Message, ...] = ()
        characters = 0
        before: int | None = None
        while True:
            page = await store.path(session_id, leaf=leaf, limit=PAGE, before_depth=before)
            path = page + path
            characters += sum(len(message.content) + 16 * MESSAGE_OVERHEAD_TOKENS for message in page)
            if len(page) < PAGE or page[0].parent_id is None or characters > 16 * max_tokens:
                return path
            before = page[0].depth

    def _count(self, message: Message, encoding: str) -> int:
        stored = message.tokens.get(encoding)
        if stored is not None:
            return stored
        key = _key(message, encoding)
        known = self._counts.get(key)
        if known is None:
            known = self._counter.count(_text(message), encoding)
            self._counts[key] = known
            if len(self._counts) > REMEMBERED_COUNTS:
                self._counts.popitem(last=False)
        else:
            self._counts.move_to_end(key)
        return known


def _key(message: Message, encoding: str) -> tuple[str, int, int, str]:
    return message.uid, len(message.content), len(message.tool_calls), encoding


def _text(message: Message) -> str:
    """Return all of a message that is sent and counted."""
    return message.content + "".join(call.name + call.arguments for call in message.tool_calls)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
