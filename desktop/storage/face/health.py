"""The health of the database: looked at in parts, so that others get their turn in between."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

from desktop.domain.health import Check, Finding
from desktop.storage.face.base import Connected


class StoredHealth(Connected):
    """The health of the database."""

    async def findings(self) -> AsyncIterator[Finding]:
        """Yield what is found, check by check; without a writer the indexes cannot be compared."""
        from desktop.storage import health  # not at the start

        for finding in await self.read(lambda db: tuple(health.look_at_pages(db))):
            yield finding
        for check in health.INDEXES:
            if self.read_only:
                yield Finding(check=check, wrong=None)
            else:
                yield await self.call(partial(health.look_at_index, check=check))
        wrong, end = 0, 0
        while True:
            more, last = await self.read(partial(health.look_at_words, after=end))
            wrong += more
            if last is None:
                break
            end = last
        yield Finding(check=Check.WORDS, wrong=wrong)
        yield await self.read(health.look_at_counts)

    async def keep_copy(self) -> Path:
        """Copy the database into its folder of backups; return the copy's path."""
        from desktop.storage import health

        now = self._clock()
        return await self.read(lambda db: health.keep_copy(db, self.file, now_ms=now))

    async def rebuild_index(self) -> None:
        """Make the indexes and the counts anew; whoever cancels it finds the old ones."""
        from desktop.storage import health

        try:
            await self.call(health.rebuild)
        except asyncio.CancelledError:
            self._connections.interrupt_write()
            raise
