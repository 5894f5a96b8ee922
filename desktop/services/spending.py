"""What answers cost: the figures, the month's budget, and a table of them as a file."""

import asyncio
import csv
import io
from pathlib import Path

from desktop.domain.spending import Budget, Charge, Statistics
from desktop.providers.bundled import price_date
from desktop.services.exchange.writing import WholeFile
from desktop.services.profiles import ProfileService
from desktop.storage.store import Store


class SpendingService:
    """The bill of the current profile, and its budget."""

    def __init__(self, *, store: Store, profiles: ProfileService) -> None:
        self._store = store
        self._profiles = profiles

    @property
    def price_date(self) -> str:
        """The day of the price table (`YYYY-MM-DD`), nothing where it is not known."""
        return price_date()

    async def statistics(self, session_id: str | None = None, *, since: str = "") -> Statistics:
        """Return the figures of one session or of all; `since` (`YYYY-MM-DD`) leaves out what was spent before."""
        return await self._store.statistics(session_id, since=since, profile=self._profiles.id)

    async def limit(self, profile: int | None = None) -> float:
        """Return the budget for a month of a profile (the current one) in US dollars, 0 for none."""
        return await self._profiles.limit(self._profiles.id if profile is None else profile)

    async def budget(self, profile: int | None = None) -> Budget:
        """Return where this month's spending of a profile (the current one) stands."""
        whose = self._profiles.id if profile is None else profile
        return Budget(limit=await self.limit(whose), spent=await self._store.spent_this_month(profile=whose))

    async def charge(self, session_id: str, spent: Charge) -> None:
        """Add a request beside the answers to the bill."""
        await self._store.charge(session_id, spent)

    async def save_csv(self, found: Statistics, path: Path) -> None:
        """Write the use of each model as a table; raises `StoreError` and leaves an old file alone."""
        text = io.StringIO()
        table = csv.writer(text)
        columns = (
            "model",
            "messages",
            "input_tokens",
            "cached_tokens",
            "output_tokens",
            "reasoning_tokens",
            "tokens_per_s",
            "response_time_ms",
            "cost",
            "unpriced",
            "estimated",
        )
        table.writerow(columns)
        for use in found.models:
            values = [getattr(use, name) for name in columns]
            # A name that a spreadsheet would take for a formula is marked as text.
            values[0] = f"'{use.model}" if use.model[:1] in tuple("=+-@\t") else use.model
            table.writerow("" if value is None else value for value in values)
        await asyncio.to_thread(_write, path, text.getvalue())


def _write(path: Path, text: str) -> None:
    with WholeFile(path) as file:
        file.write((text.encode("utf-8", "replace").decode("utf-8"),))
        file.commit()
