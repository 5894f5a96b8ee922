"""From a path to open connections, whatever is found there: nothing, a database, damage, or a place not to be written.

What is tried, in order: to open for writing; to open for reading beside the file; to read it as a file that nobody
changes (SQLite wants to make files beside a WAL database even to read it); to read a private copy. A file is never
changed by an opening that fails.
"""

import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import apsw
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import DiskFull, ReadOnly
from desktop.storage.database import connect, connect_reader, pragma, prepare_writer, writing
from desktop.storage.failures import damaged, not_a_database, translated
from desktop.storage.files import PRIVATE_FILE, make_private_folder, store_error
from desktop.storage.migrations import Migration, check_version, migrate, newer_database
from desktop.storage.owners import Owner

MAGIC = b"SQLite format 3\x00"
_VERSION_AT = slice(60, 64)
_CANNOT_READ_SO = (apsw.CantOpenError, apsw.ReadOnlyError, apsw.IOError, apsw.FullError)
_NEEDED = frozenset({"message", "session", "message_words", "session_words"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """The connection that writes, and this process's place among the living."""

    db: APSWDatabase
    owner: Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A connection that reads, and the folder of a private copy where one had to be made."""

    db: APSWDatabase
    copy: "tempfile.TemporaryDirectory[str] | None" = None


def open_writer(path: Path, *, migrations: Sequence[Migration], now_ms: int, busy_timeout_ms: int) -> Writer:
    """Open `path` for writing, make it if it is not there, and bring it to the newest version.

    Raises `ReadOnly` or `DiskFull` where only reading is left, and the other `StoreError`s where nothing is.
    """
    make_private_folder(path.parent)
    check_header(path, migrations)
    _make_private_file(path)
    with translated(path), ExitStack() as undo:
        db = connect(path, busy_timeout_ms=busy_timeout_ms)
        undo.callback(db.close)
        # Until it is known to be ours, closing must not carry the WAL into the file.
        db.connection().config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        if check_version(db, path, migrations):
            _check_tables(db, path)
        prepare_writer(db)
        migrate(db, path, migrations=migrations, now_ms=now_ms, keep_copy=True)
        writing(db, _write_nothing_new)
        owner = Owner(folder=path.parent)
        db.connection().config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)
        undo.pop_all()
    return Writer(db=db, owner=owner)


def _make_private_file(path: Path) -> None:
    """Make an empty `path` for its owner alone before SQLite would; its companions take over the permissions."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
    except FileExistsError:
        return
    except OSError as error:
        raise store_error(error, path) from error


def check_header(path: Path, migrations: Sequence[Migration]) -> bool:
    """Look at the first bytes of `path` before SQLite does; return whether it is absent or empty: a new database.

    Raises `NotADatabase` and `NewerDatabase`, and `StoreError` where the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        return True
    except OSError as error:
        raise store_error(error, path) from error
    if not header:
        return True
    if not header.startswith(MAGIC):
        raise not_a_database(path)
    if int.from_bytes(header[_VERSION_AT]) > migrations[-1].version:
        raise newer_database(path)
    return False


def _check_tables(db: APSWDatabase, path: Path) -> None:
    """Raise `DamagedDatabase` where the version promises tables that are not there."""
    found = {name for (name,) in db.connection().execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not found >= _NEEDED:
        raise damaged(path)


def _write_nothing_new(db: APSWDatabase) -> None:
    """Prove that a commit reaches the disk, by writing the version that already stands there."""
    db.execute_sql(f"PRAGMA user_version = {int(pragma(db, 'user_version'))}")


def open_reader(path: Path, *, busy_timeout_ms: int) -> Reader:
    """Open the reading companion of a writer that has `path` open."""
    with translated(path):
        return Reader(db=connect_reader(path, busy_timeout_ms=busy_timeout_ms))


def open_for_reading_only(path: Path, *, migrations: Sequence[Migration], now_ms: int) -> Reader:
    """Open `path` where it cannot be written; where there is none yet, return an empty database in memory.

    Raises `StoreError` where it cannot be read either.
    """
    if check_header(path, migrations):
        return _in_memory(path, migrations, now_ms)
    wal = path.with_name(path.name + "-wal")
    attempts = ["mode=ro"]
    if not wal.exists() or wal.stat().st_size == 0:
        attempts.append("mode=ro&immutable=1")
    for options in attempts:
        db = _try_reading(path, options, migrations)
        if db is not None:
            return Reader(db=db)
    try:
        return _private_copy(path, wal, migrations, now_ms)
    except (OSError, DiskFull, ReadOnly):
        # No place for a copy either: what had not yet been carried from the WAL into the file is not seen.
        db = _try_reading(path, "mode=ro&immutable=1", migrations)
        if db is None:
            raise
        return Reader(db=db)


def _try_reading(path: Path, options: str, migrations: Sequence[Migration]) -> APSWDatabase | None:
    """Return a connection that can read today's tables, or None where these options do not lead there."""
    with translated(path), ExitStack() as undo:
        db = connect_reader(f"{path.absolute().as_uri()}?{options}")
        undo.callback(db.close)
        try:
            if check_version(db, path, migrations) != migrations[-1].version:
                return None
            _check_tables(db, path)
        except _CANNOT_READ_SO:
            return None
        undo.pop_all()
        return db


def _private_copy(path: Path, wal: Path, migrations: Sequence[Migration], now_ms: int) -> Reader:
    """Copy the database with its WAL to the temporary folder, and bring the copy up to date."""
    with ExitStack() as undo:
        folder = tempfile.TemporaryDirectory(prefix="sobremesa-")
        undo.callback(folder.cleanup)
        copy = Path(folder.name) / path.name
        shutil.copyfile(path, copy)
        if wal.exists():
            shutil.copyfile(wal, copy.with_name(wal.name))
        with translated(copy):
            db = connect(copy)
            undo.callback(db.close)
            migrate(db, copy, migrations=migrations, now_ms=now_ms, keep_copy=False)
            db.connection().pragma("query_only", 1)
        undo.pop_all()
    return Reader(db=db, copy=folder)


def _in_memory(path: Path, migrations: Sequence[Migration], now_ms: int) -> Reader:
    """Return an empty database that never reaches a disk."""
    db = connect(":memory:")
    migrate(db, path, migrations=migrations, now_ms=now_ms, keep_copy=False)
    db.connection().pragma("query_only", 1)
    return Reader(db=db)
