"""The month's budget: looked at before anything is written or sent, and gone over only by a person's word."""

from collections.abc import Mapping
from typing import Any

from desktop.domain.faults import BudgetSpent
from desktop.domain.sessions import Session
from desktop.domain.spending import Budget, BudgetState
from desktop.i18n import _
from desktop.services.models import ModelService
from desktop.services.prices import PriceService
from desktop.services.spending import SpendingService
from desktop.storage.store import Store


class BudgetService:
    """Says whether a message may be sent; `spending` knows the figures."""

    def __init__(self, *, store: Store, spending: SpendingService, models: ModelService, prices: PriceService) -> None:
        self._store = store
        self._spending = spending
        self._models = models
        self._prices = prices
        self._granted: set[str] = set()

    async def state(self) -> Budget:
        """Return where this month's spending stands."""
        return await self._spending.budget()

    async def asks(self, session_id: str, address: str = "") -> Budget | None:
        """Return the budget where sending in a session would go over it, else None; the empty id is a new session."""
        session = await self._store.session(session_id) if session_id else _unstored({})
        address = address or session.model or await self._models.default_model()
        return await self._spent(address, session, session.profile_id if session_id else None)

    def grant(self, session_id: str) -> None:
        """Let the next message of a session go over the budget: a person was asked."""
        self._granted.add(session_id)

    async def check(self, address: str, *, session_id: str, params: Mapping[str, Any]) -> None:
        """Raise `BudgetSpent` where a request to a model would go over the budget and nobody has allowed it."""
        profile = (await self._store.session(session_id)).profile_id if session_id else None
        budget = await self._spent(address, _unstored(params), profile)
        if budget is None:
            return
        if session_id in self._granted:
            self._granted.discard(session_id)
            return
        raise BudgetSpent(budget_sentence(budget))

    async def _spent(self, address: str, session: Session, profile: int | None) -> Budget | None:
        """Return the budget of a profile (the current one) where it is spent and the model costs money."""
        if not await self._spending.limit(profile):
            return None
        budget = await self._spending.budget(profile)
        if budget.state is not BudgetState.SPENT:
            return None
        tag = await self._prices.of(await self._models.describe(address, session))
        return None if tag.is_free else budget


def budget_sentence(budget: Budget) -> str:
    """Return what is said of a budget that is used up."""
    words = _("This month's budget is spent: ${spent} of ${limit}.")
    return words.format(spent=f"{budget.spent:,.2f}", limit=f"{budget.limit:,.2f}")


def _unstored(params: Mapping[str, Any]) -> Session:
    return Session(id="", title="", created_at=0, updated_at=0, params=params)
