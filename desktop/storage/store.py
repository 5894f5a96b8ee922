"""The store: everything that is kept about conversations, behind one awaitable face.

Each method is one transaction on one of the two threads of `connections.py`. The methods stand in `face/`; what they do
stands in the module named after what it is about (`sessions`, `messages`, `providers`, `drafts`, `search`, …).
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from desktop.storage.connections import Connections
from desktop.storage.database import BUSY_TIMEOUT_MS
from desktop.storage.face.context import StoredContext
from desktop.storage.face.health import StoredHealth
from desktop.storage.face.messages import StoredMessages
from desktop.storage.face.organising import StoredOrganising
from desktop.storage.face.profiles import StoredProfiles
from desktop.storage.face.prompts import StoredPrompts
from desktop.storage.face.records import StoredRecords
from desktop.storage.face.searching import StoredSearch
from desktop.storage.face.sessions import StoredSessions
from desktop.storage.face.used import StoredUsed
from desktop.storage.migrations import MIGRATIONS, Migration

DATABASE = "sobremesa.db"


def system_clock() -> int:
    """Return the time in UTC milliseconds."""
    return time.time_ns() // 1_000_000


class Store(
    StoredSessions,
    StoredMessages,
    StoredContext,
    StoredOrganising,
    StoredProfiles,
    StoredHealth,
    StoredRecords,
    StoredSearch,
    StoredPrompts,
    StoredUsed,
):
    """One data folder's database, open. Made by `open`, ended by `close`.

    Every method may raise `StoreError` (`DiskFull`, `ReadOnly`, `Busy`, `DamagedDatabase`); a write that raises has
    written nothing and may be tried again.
    """

    @classmethod
    async def open(
        cls,
        *,
        folder: Path,
        clock: Callable[[], int] = system_clock,
        migrations: Sequence[Migration] = MIGRATIONS,
        busy_timeout_ms: int = BUSY_TIMEOUT_MS,
    ) -> Self:
        """Open the database in `folder`, make it where there is none, and bring it up to date.

        Where it cannot be written it is opened for reading, and `read_only_reason` says why. Raises `NotADatabase`,
        `DamagedDatabase`, `NewerDatabase`, `MigrationFailed`, `Busy`, or another `StoreError` where it cannot be read.
        """
        connections = Connections(path=folder / DATABASE, migrations=migrations, busy_timeout_ms=busy_timeout_ms)
        try:
            await connections.open(clock())
        except BaseException:
            await connections.close()
            raise
        return cls(connections=connections, clock=clock)
