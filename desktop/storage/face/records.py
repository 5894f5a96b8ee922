"""Providers and the bill."""

from desktop.domain.models import ProviderSpec
from desktop.domain.spending import Charge, Statistics
from desktop.storage import providers, spending
from desktop.storage.face.base import Connected
from desktop.storage.statistics import statistics


class StoredRecords(Connected):
    """Providers and the bill."""

    async def providers(self) -> tuple[ProviderSpec, ...]:
        """Return the providers in the order they were added."""
        return await self.read(providers.every)

    async def save_provider(self, provider: ProviderSpec) -> None:
        """Add a provider, or change the one with the same id."""
        now = self._clock()
        return await self.call(lambda db: providers.save(db, provider, now_ms=now))

    async def delete_provider(self, provider_id: str) -> bool:
        """Remove a provider; return whether there was one."""
        return await self.call(lambda db: providers.delete(db, provider_id))

    async def statistics(
        self, session_id: str | None = None, *, since: str = "", profile: int | None = None
    ) -> Statistics:
        """Return the figures of one session or of all of a profile (None is Guest); raises `NotFound`.

        `since` (`YYYY-MM-DD`) leaves out what was spent before.
        """
        return await self.read(lambda db: statistics(db, session_id, since=since, profile=profile))

    async def charge(self, session_id: str, spent: Charge) -> None:
        """Add a request beside the answers to the bill; raise `NotFound`."""
        now = self._clock()
        await self.call(lambda db: spending.charge(db, session_id, spent, now_ms=now))

    async def spent_this_month(self, *, profile: int = 1) -> float:
        """Return what was spent since the first of the month (local time), in US dollars as far as it is known."""
        first = spending.day_of(self._clock())[:8] + "01"
        return await self.read(lambda db: spending.spent_since(db, profile, first))
