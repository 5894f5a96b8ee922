"""A whole answer at once, for what is asked beside a conversation, put on its bill."""

from contextlib import suppress
from typing import Protocol

from desktop.domain.events import Finished, TextDelta
from desktop.domain.faults import BudgetSpent, NotFound, StoreError
from desktop.domain.requests import ChatRequest
from desktop.domain.spending import Budget, Charge, Purpose
from desktop.services.budget import budget_sentence
from desktop.services.runs import ModelGateway


class BillStore(Protocol):
    """Where a bill is kept."""

    async def charge(self, session_id: str, spent: Charge) -> None:
        """Add a request beside the answers to the bill."""


class SpendingLimit(Protocol):
    """Says whether money may be spent without a person being asked."""

    async def asks(self, session_id: str, address: str = "") -> Budget | None:
        """Return the month's budget where a request to a model would go over it, else None."""


class Collector:
    """Sends requests whose answers nobody watches."""

    def __init__(self, *, gateway: ModelGateway, store: BillStore, limit: SpendingLimit | None = None) -> None:
        self._gateway = gateway
        self._store = store
        self._limit = limit

    async def collect(self, request: ChatRequest, purpose: Purpose, session_id: str, address: str) -> str:
        """Send a request, return all the text that came, and put it on the bill, also where it broke off.

        Raises `ProviderError`, and `BudgetSpent` where the month's budget is: nobody is there to be asked.
        """
        if self._limit is not None and (spent := await self._limit.asks(session_id, address)) is not None:
            raise BudgetSpent(budget_sentence(spent))
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
                paid = Charge(model=address, purpose=purpose, usage=finished.usage, cost=finished.cost)
                await self._charge(session_id, paid)
            elif pieces:  # what it cost is not known, but it did
                await self._charge(session_id, Charge(model=address, purpose=purpose))
        return "".join(pieces)

    async def _charge(self, session_id: str, spent: Charge) -> None:
        with suppress(StoreError, NotFound):  # a bill that cannot be written is no reason to lose what was paid for
            await self._store.charge(session_id, spent)
