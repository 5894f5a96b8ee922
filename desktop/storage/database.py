"""Connections to SQLite through Peewee and apsw, and the transactions that run on them.

Design note. Peewee's `atomic()` hides a full disk behind "cannot rollback" (SQLite has already rolled back), so
`writing` and `reading` speak BEGIN, COMMIT and ROLLBACK themselves. Consequence: no function that runs inside may use
`db.atomic()`. SQLite before 3.51.3 can corrupt a database in WAL mode, so an older library is refused.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import apsw
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import StoreError
from desktop.domain.folding import fold
from desktop.i18n import _

T = TypeVar("T")

OLDEST_SQLITE = (3, 51, 3)
BUSY_TIMEOUT_MS = 5000
PAGE_BYTES = 8192
"""A message takes about 900 bytes: pages of 4,096 leave 14 % of themselves empty, these 8 %."""

_SAFE = (("trusted_schema", 0), ("cell_size_check", 1), ("foreign_keys", 1), ("temp_store", "memory"))
# FULL: what the user was shown as saved survives a power cut; fullfsync is macOS's way to mean it.
_DURABLE = (("synchronous", "full"), ("fullfsync", 1), ("checkpoint_fullfsync", 1), ("journal_size_limit", 4 << 20))


def check_library(version: str) -> None:
    """Refuse an SQLite `version` that can damage a database in WAL mode."""
    if tuple(int(part) for part in version.split(".")) < OLDEST_SQLITE:
        raise StoreError(
            _("SQLite {version} can damage a database; {needed} or newer is needed.").format(
                version=version, needed=".".join(map(str, OLDEST_SQLITE))
            )
        )


def connect(
    path: Path | str,
    *,
    flags: int = apsw.SQLITE_OPEN_READWRITE,
    busy_timeout_ms: int = BUSY_TIMEOUT_MS,
) -> APSWDatabase:
    """Return an open connection that belongs to the calling thread; nothing has been read or written yet."""
    check_library(apsw.sqlitelibversion())
    db = APSWDatabase(
        str(path),
        flags=flags | apsw.SQLITE_OPEN_URI,
        timeout=busy_timeout_ms / 1000,
        autoconnect=False,
    )
    db.connect()
    connection: apsw.Connection = db.connection()
    connection.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, 1)
    for name, value in _SAFE:
        connection.pragma(name, value)
    # Innocuous: triggers and views may call them although the schema is not trusted.
    for name, function, arguments in _FUNCTIONS:
        connection.create_scalar_function(name, function, arguments, deterministic=True, flags=apsw.SQLITE_INNOCUOUS)
    return db


def _fold(*values: Any) -> str:
    """Return a title as it is compared; SQLite hands over its arguments by place."""
    return fold(str(values[0]))


def _of_index(name: str) -> Callable[..., Any]:
    """Return a function of `search_index`, which is read when something is written or searched: not at the start."""

    def call(*values: Any) -> Any:
        from desktop.storage import search_index

        return getattr(search_index, name)(*values)

    return call


_FUNCTIONS = (
    ("sobremesa_fold", _fold, 1),
    ("sobremesa_has_code", _of_index("has_code_in"), 1),
    ("sobremesa_title_tokens", _of_index("title_tokens"), 1),
    ("sobremesa_message_tokens", _of_index("message_tokens"), 8),
)


def prepare_writer(db: APSWDatabase) -> None:
    """Switch the writing connection to WAL and to full durability; a new file gets pages that suit its rows."""
    connection = db.connection()
    connection.pragma("page_size", PAGE_BYTES)  # without effect on a file that is not empty
    connection.pragma("journal_mode", "wal")
    for name, value in _DURABLE:
        connection.pragma(name, value)


def connect_reader(path: Path | str, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> APSWDatabase:
    """Return a connection that can only read and never does the writer's housekeeping."""
    db = connect(path, flags=apsw.SQLITE_OPEN_READONLY, busy_timeout_ms=busy_timeout_ms)
    db.connection().pragma("wal_autocheckpoint", 0)
    db.connection().pragma("query_only", 1)
    return db


def writing(db: APSWDatabase, function: Callable[[APSWDatabase], T]) -> T:
    """Run `function(db)` in one transaction that takes the write lock at once; all of it is kept, or nothing."""
    return _transact(db, "BEGIN IMMEDIATE", function)


def reading(db: APSWDatabase, function: Callable[[APSWDatabase], T]) -> T:
    """Run `function(db)` on one unchanging view of the database."""
    return _transact(db, "BEGIN", function)


def _transact(db: APSWDatabase, begin: str, function: Callable[[APSWDatabase], T]) -> T:
    connection: apsw.Connection = db.connection()
    connection.execute(begin)
    try:
        result = function(db)
        connection.execute("COMMIT")
    finally:
        # After a full disk SQLite has rolled back by itself; asking again would hide the real error.
        if not connection.getautocommit():
            connection.execute("ROLLBACK")
    return result


def pragma(db: APSWDatabase, name: str) -> Any:
    """Return the value of a PRAGMA."""
    return db.connection().pragma(name)
