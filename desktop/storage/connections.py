"""The two threads of a store and the connections that live on them.

Design note. One connection writes, on a thread of its own; a second one reads on another, so that a long read never
holds up a checkpoint and a write never holds up the transcript. Searches have a third, opened with the first of them: a
newer search interrupts the older one there, and the transcript waits for neither. Everyone awaits, from whatever loop:
nobody's thread waits for a disk. A write that was asked for is done even when its caller is cancelled meanwhile; a read
that has not begun is dropped. Closing ends the threads after all that was asked for has been done.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import apsw
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import DiskFull, ReadOnly, StoreError
from desktop.domain.searching import SearchInterrupted
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
        self._search_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database-search")
        self._writer: Writer | None = None
        self._reader: Reader | None = None
        self._searcher: Reader | None = None
        self._interruptible: apsw.Connection | None = None
        self._searches = 0
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

        self._interruptible_writer: apsw.Connection = self._writer.db.connection()

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

    async def search(self, function: Callable[[APSWDatabase, Callable[[], bool]], T]) -> T:
        """Run `function(db, is_stale)` on one unchanging view; a newer call ends it with `SearchInterrupted`.

        Without a writer there is one connection alone, and a search waits for its turn there.
        """
        self._searches += 1
        number = self._searches

        def is_stale() -> bool:
            return number != self._searches or self._closed

        def work() -> T:
            if is_stale():
                raise SearchInterrupted
            with translated(self.path):
                try:
                    return reading(self._open_searcher().db, lambda db: function(db, is_stale))
                except apsw.InterruptError as error:
                    raise SearchInterrupted from error

        if self._closed:
            raise RuntimeError("the store is closed")
        if self._writer is None:
            return await self.read(lambda db: function(db, is_stale))
        self._interrupt_search()
        return await asyncio.wrap_future(self._search_thread.submit(work))

    def _open_searcher(self) -> Reader:
        if self._searcher is None:
            self._searcher = open_reader(self.path, busy_timeout_ms=self._busy_timeout_ms)
            self._interruptible = self._searcher.db.connection()
        return self._searcher

    def _interrupt_search(self) -> None:
        """End the statement that the search thread is at; between two statements `is_stale` ends the search."""
        if self._interruptible is not None:
            self._interruptible.interrupt()

    def interrupt_write(self) -> None:
        """End the statement that the writing thread is at; its transaction is rolled back."""
        if self._writer is not None:
            self._interruptible_writer.interrupt()

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
        # The readers go first, so that the writer, as the last one, carries the WAL into the database.
        self._interrupt_search()
        await _done(self._search_thread, self._close_searcher)
        await _done(self._read_thread, self._close_reader)
        await _done(self._write_thread, self._close_writer)
        # The threads are idle now: this does not wait.
        self._search_thread.shutdown()
        self._read_thread.shutdown()
        self._write_thread.shutdown()

    def _close_searcher(self) -> None:
        searcher, self._searcher, self._interruptible = self._searcher, None, None
        if searcher is not None:
            searcher.db.close()

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
