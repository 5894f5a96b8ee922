"""A whole answer at once, for what is asked beside a conversation, put on its bill."""

from contextlib import suppress
from typing import Protocol

from desktop.domain.events import Finished, TextDelta
from desktop.domain.faults import StoreError
from desktop.domain.requests import ChatRequest
from desktop.domain.spending import Charge, Purpose
from desktop.services.runs import ModelGateway


class BillStore(Protocol):
    """Where a bill is kept."""

    async def charge(self, session_id: str, spent: Charge) -> None:
        """Add a request beside the answers to the bill."""


class Collector:
    """Sends requests whose answers nobody watches."""

    def __init__(self, *, gateway: ModelGateway, store: BillStore) -> None:
        self._gateway = gateway
        self._store = store

    async def collect(self, request: ChatRequest, purpose: Purpose, session_id: str, address: str) -> str:
        """Send a request, return all the text that came, and put it on the bill; raises `ProviderError`."""
        await self._gateway.wait_ready(request)
        pieces: list[str] = []
        finished: Finished | None = None
        stream = self._gateway.stream(request)
        try:
            async for event in stream:
                if isinstance(event, TextDelta):
                    pieces.append(event.text)
                elif isinstance(event, Finished):
                    finished = event
        finally:
            await stream.aclose()
        if finished is not None:
            spent = Charge(model=address, purpose=purpose, usage=finished.usage, cost=finished.cost)
            with suppress(StoreError):
                await self._store.charge(session_id, spent)
        return "".join(pieces)
