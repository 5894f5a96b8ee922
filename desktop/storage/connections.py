"""The two threads of a store and the connections that live on them.

Design note. One connection writes, on a thread of its own; a second one reads on another, so that a long search never
holds up a checkpoint and a write never holds up the transcript. Everyone awaits, from whatever loop: nobody's thread
waits for a disk. A write that was asked for is done even when its caller is cancelled meanwhile; a read that has not
begun is dropped. Closing ends both threads after all that was asked for has been done.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import DiskFull, ReadOnly, StoreError
from desktop.i18n import _
from desktop.storage.database import pragma, reading, writing
from desktop.storage.failures import translated
from desktop.storage.migrations import Migration
from desktop.storage.opening import Reader, Writer, open_for_reading_only, open_reader, open_writer

T = TypeVar("T")


class Connections:
    """One database, open for writing and reading or for reading alone. `open` begins it, `close` ends it."""

    def __init__(self, *, path: Path, migrations: Sequence[Migration], busy_timeout_ms: int) -> None:
        self.path = path
        self.read_only_reason: StoreError | None = None
        self._migrations = migrations
        self._busy_timeout_ms = busy_timeout_ms
        self._write_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self._read_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database-reader")
        self._writer: Writer | None = None
        self._reader: Reader | None = None
        self._closed = False

    async def open(self, now_ms: int) -> None:
        """Open both connections, or the reading one alone where the disk is full or may not be written."""
        try:
            await _done(self._write_thread, lambda: self._open_writer(now_ms))
        except (ReadOnly, DiskFull) as error:
            self.read_only_reason = error
        await _done(self._read_thread, lambda: self._open_reader(now_ms))

    def _open_writer(self, now_ms: int) -> None:
        self._writer = open_writer(
            self.path, migrations=self._migrations, now_ms=now_ms, busy_timeout_ms=self._busy_timeout_ms
        )

    def _open_reader(self, now_ms: int) -> None:
        if self._writer is None:
            self._reader = open_for_reading_only(self.path, migrations=self._migrations, now_ms=now_ms)
        else:
            self._reader = open_reader(self.path, busy_timeout_ms=self._busy_timeout_ms)

    @property
    def writer(self) -> Writer:
        """The writing side; raises the reason where there is none."""
        if self._writer is not None:
            return self._writer
        if self.read_only_reason is not None:
            # A new one each time: an exception that is raised twice gathers both tracebacks.
            raise type(self.read_only_reason)(str(self.read_only_reason))
        raise RuntimeError("the store is closed")

    async def call(self, function: Callable[[APSWDatabase], T]) -> T:
        """Run `function(db)` in one transaction on the writing connection and return what it returns.

        Raises `DiskFull`, `ReadOnly`, `Busy`, `DamagedDatabase` or another `StoreError`; then nothing was written.
        """

        def work() -> T:
            db = self.writer.db
            with translated(self.path):
                return writing(db, function)

        return await self._submit(work)

    async def read(self, function: Callable[[APSWDatabase], T]) -> T:
        """Run `function(db)` on one unchanging view of the database and return what it returns."""

        def work() -> T:
            if self._reader is None:
                raise RuntimeError("the store is closed")
            with translated(self.path):
                return reading(self._reader.db, function)

        if self._closed:
            raise RuntimeError("the store is closed")
        return await asyncio.wrap_future(self._read_thread.submit(work))

    async def foreign_version(self) -> int:
        """Return a number that changes whenever another connection, in another store or process, has written."""
        if self.read_only_reason is not None:
            # A reader without a WAL index of its own counts a change at each look, so the files are looked at instead.
            return await self.read(lambda _db: file_version(self.path))
        # Outside a transaction, on the connection that writes: its own writes do not count.
        return await self._submit(lambda: int(pragma(self.writer.db, "data_version")))

    async def _submit(self, work: Callable[[], T]) -> T:
        if self._closed:
            raise RuntimeError("the store is closed")
        return await _done(self._write_thread, work)

    async def close(self) -> None:
        """Do what was asked for, close the files and end the threads; harmless when done twice."""
        if self._closed:
            return
        self._closed = True
        # The reader goes first, so that the writer, as the last one, carries the WAL into the database.
        await _done(self._read_thread, self._close_reader)
        await _done(self._write_thread, self._close_writer)
        # Both threads are idle now: this does not wait.
        self._read_thread.shutdown()
        self._write_thread.shutdown()

    def _close_reader(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.db.close()
            if reader.copy is not None:
                reader.copy.cleanup()

    def _close_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.db.close()
            writer.owner.release()


async def _done(thread: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    """Run `work` on `thread` to its end, whatever becomes of the caller, and return what it returns."""
    return await asyncio.shield(asyncio.wrap_future(thread.submit(work)))


def file_version(path: Path) -> int:
    """Return a number that changes when the database file or its WAL does."""
    seen: list[int] = []
    for part in (path, path.with_name(path.name + "-wal")):
        with contextlib.suppress(OSError):
            status = part.stat()
            seen += (status.st_mtime_ns, status.st_size)
    return hash(tuple(seen))


def read_only_sentence(error: StoreError) -> str:
    """Return what a window shows while nothing can be saved."""
    return _("{reason} It is open for reading: searching and exporting work, nothing new can be saved.").format(
        reason=str(error)
    )
