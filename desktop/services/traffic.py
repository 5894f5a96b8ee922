"""What goes out to models and comes back: put on the bill at the right price, and kept in sight for a while.

The exchanges stand in memory alone, the newest few, and never hold a header or a key.
"""

import json
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from urllib.parse import quote

from desktop.domain.events import Finished, StreamEvent, TextDelta
from desktop.domain.exchanges import Exchange
from desktop.domain.faults import Fault, ProviderError
from desktop.domain.prices import PriceSource, cost_of
from desktop.domain.requests import ChatRequest
from desktop.providers.redaction import REMOVED, SHORTEST_SECRET
from desktop.services.prices import PriceService
from desktop.services.requests import BUILT_IN, wire
from desktop.services.runs import ModelGateway

KEPT = 12
REQUEST_LIMIT = 1024 * 1024
RESPONSE_LIMIT = 512 * 1024
"""Bytes of each that are kept."""


class PricedGateway:
    """A gateway whose answers cost what the user says they do, where the user says it."""

    def __init__(self, *, gateway: ModelGateway, prices: PriceService) -> None:
        self._gateway = gateway
        self._prices = prices

    def is_ready(self, request: ChatRequest) -> bool:
        """Whether the request can go out at once, without waiting for a library to load."""
        return self._gateway.is_ready(request)

    async def wait_ready(self, request: ChatRequest) -> None:
        """Wait until it can; raises `ProviderError` where it never will."""
        await self._gateway.wait_ready(request)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Send the request and yield what comes back; raises `ProviderError`."""
        stream = self._gateway.stream(request)
        try:
            async for event in stream:
                yield await self._priced(request, event) if isinstance(event, Finished) else event
        finally:
            await stream.aclose()

    async def _priced(self, request: ChatRequest, end: Finished) -> Finished:
        """Put the user's own price, or that of a model on this computer, on an answer that has figures."""
        if end.usage is None or end.usage.estimated:
            return end
        tag = await self._prices.of(request.model)
        if tag.price is None or not (tag.source is PriceSource.OWN or (tag.is_free and end.cost is None)):
            return end
        return replace(end, cost=cost_of(end.usage, tag.price).total)


class RecordingGateway(PricedGateway):
    """The same, with the newest exchanges at hand."""

    def __init__(
        self,
        *,
        gateway: ModelGateway,
        prices: PriceService,
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(gateway=gateway, prices=prices)
        self._now_ms = now_ms
        self._now_s = now_s
        self._kept: deque[Exchange] = deque(maxlen=KEPT)

    def exchanges(self, session_id: str) -> tuple[Exchange, ...]:
        """Return what is still at hand of a session, the newest first."""
        return tuple(one for one in reversed(self._kept) if one.session_id == session_id)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Send the request and yield what comes back; raises `ProviderError`."""
        tape = _Tape(now_s=self._now_s)
        started_at, started = self._now_ms(), self._now_s()
        built_in = request.model.kind in BUILT_IN
        end: Finished | None = None
        fault: Fault | None = None
        stream = super().stream(replace(request, tape=tape))
        try:
            async for event in stream:
                if isinstance(event, Finished):
                    end = event
                elif built_in and isinstance(event, TextDelta):
                    tape.received(event.text.encode("utf-8", "replace"))
                yield event
        except ProviderError as error:
            fault = error.fault
            raise
        finally:
            await stream.aclose()
            if built_in:
                tape.sent(json.dumps(wire(request)).encode())
            secret = request.api_key.reveal() if request.api_key else ""
            self._kept.append(
                Exchange(
                    session_id=request.session_id,
                    model=request.model.address,
                    started_at=started_at,
                    request=_shown(bytes(tape.request), secret),
                    response=_shown(bytes(tape.response), secret),
                    request_cut=tape.request_cut,
                    response_cut=tape.response_cut,
                    status=tape.status,
                    finish_reason=end.finish_reason if end else "",
                    usage=end.usage if end else None,
                    cost=end.cost if end else None,
                    first_ms=None if tape.first is None else round((tape.first - started) * 1000),
                    total_ms=round((self._now_s() - started) * 1000),
                    fault=fault,
                    is_built_in=built_in,
                )
            )


class _Tape:
    """Takes down the beginning of each body."""

    def __init__(self, *, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self.request = b""
        self.response = bytearray()
        self.request_cut = self.response_cut = 0
        self.status: int | None = None
        self.first: float | None = None

    def sent(self, body: bytes) -> None:
        self.request = body[:REQUEST_LIMIT]
        self.request_cut = len(body) - len(self.request)

    def answered(self, status: int) -> None:
        self.status = status

    def received(self, data: bytes) -> None:
        if self.first is None:
            self.first = self._now_s()
        room = RESPONSE_LIMIT - len(self.response)
        self.response += data[: max(0, room)]
        self.response_cut += max(0, len(data) - max(0, room))


def _shown(body: bytes, secret: str) -> str:
    """Return a body as text: JSON as it was sent, and no key even where a server echoes it."""
    text = body.decode("utf-8", "replace")
    if len(secret) >= SHORTEST_SECRET:
        for form in (secret, quote(secret, safe="")):
            text = text.replace(form, REMOVED)
    return text
