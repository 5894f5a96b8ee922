"""What every part of the store stands on: two threads with a connection each, and a clock."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from playhouse.apsw_ext import APSWDatabase

from desktop.storage.connections import Connections, read_only_sentence

T = TypeVar("T")


class Connected:
    """A database that is open."""

    def __init__(self, *, connections: Connections, clock: Callable[[], int]) -> None:
        self._connections = connections
        self._clock = clock

    async def close(self) -> None:
        """Do what was asked for, close the files and end the threads; harmless when done twice."""
        await self._connections.close()

    @property
    def file(self) -> Path:
        """The database file."""
        return self._connections.path

    @property
    def read_only(self) -> bool:
        """Whether nothing can be saved."""
        return self._connections.read_only_reason is not None

    @property
    def read_only_reason(self) -> str:
        """Why nothing can be saved, as a sentence; empty where all is well."""
        reason = self._connections.read_only_reason
        return "" if reason is None else read_only_sentence(reason)

    async def call(self, function: Callable[[APSWDatabase], T]) -> T:
        """Run `function(db)` in one write transaction and return what it returns."""
        return await self._connections.call(function)

    async def read(self, function: Callable[[APSWDatabase], T]) -> T:
        """Run `function(db)` on one unchanging view of the database and return what it returns."""
        return await self._connections.read(function)

    async def data_version(self) -> int:
        """Return a number that changes when another store or process has written, and not when this one has."""
        return await self._connections.foreign_version()
