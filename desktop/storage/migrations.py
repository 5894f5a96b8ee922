"""The numbered steps from an empty file to today's tables.

Each runs in a transaction of its own, after a backup copy when there is something to lose. `user_version` in the
file's header names the last one done, so a newer database is known before anything is touched. A database of every
earlier version stays in `tests/data/` and is opened by a test.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import apsw
from peewee import PeeweeException
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import Busy, MigrationFailed, NewerDatabase, StoreError
from desktop.i18n import _
from desktop.storage.backup import back_up
from desktop.storage.database import pragma, writing
from desktop.storage.failures import as_store_error, not_a_database
from desktop.storage.rows import MigrationRow
from desktop.storage.schema import APPLICATION_ID, VERSION_1, VERSION_2
from desktop.storage.schema_organising import VERSION_4
from desktop.storage.schema_search import VERSION_5
from desktop.storage.schema_spending import VERSION_3
from desktop.storage.schema_tallies import VERSION_6


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step; `apply(db, now_ms)` runs inside a transaction."""

    version: int
    name: str
    apply: Callable[[APSWDatabase, int], None]


def _first_tables(db: APSWDatabase, now_ms: int) -> None:
    """Make the tables of version 1 and the profile Guest."""
    for statement in VERSION_1:
        db.execute_sql(statement)
    db.execute_sql("INSERT INTO profile(id, name, created_at) VALUES (1, 'Guest', ?)", (now_ms,))
    db.execute_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def _context_tables(db: APSWDatabase, _now_ms: int) -> None:
    """Make the tables of what models taught and of marks on messages."""
    for statement in VERSION_2:
        db.execute_sql(statement)


def _spending_tables(db: APSWDatabase, _now_ms: int) -> None:
    """Make the tables of the bill, and fill them from the answers that are there."""
    for statement in VERSION_3:
        db.execute_sql(statement)


def _organising_tables(db: APSWDatabase, _now_ms: int) -> None:
    """Make the tables of folders, profiles and saved searches, and fold the titles that are there."""
    for statement in VERSION_4:
        db.execute_sql(statement)


def _search_tables(db: APSWDatabase, _now_ms: int) -> None:
    """Make the index of everything anew, from the messages and titles that are there."""
    for statement in VERSION_5:
        db.execute_sql(statement)


def _tally_tables(db: APSWDatabase, _now_ms: int) -> None:
    """Make the tables of counts and of what was taken out of the archive, and count what is there."""
    for statement in VERSION_6:
        db.execute_sql(statement)


MIGRATIONS: tuple[Migration, ...] = (
    Migration(version=1, name="the first tables", apply=_first_tables),
    Migration(version=2, name="what models taught, and marks on messages", apply=_context_tables),
    Migration(version=3, name="the bill", apply=_spending_tables),
    Migration(version=4, name="folders, profiles and saved searches", apply=_organising_tables),
    Migration(version=5, name="the index of everything", apply=_search_tables),
    Migration(version=6, name="counts of what each place has", apply=_tally_tables),
)


def check_version(db: APSWDatabase, path: Path, migrations: Sequence[Migration]) -> int:
    """Return the version of the database; nothing is changed.

    Raises `NewerDatabase`, and `NotADatabase` for a database of another program.
    """
    version = int(pragma(db, "user_version"))
    application = int(pragma(db, "application_id"))
    if application != APPLICATION_ID and (version or db.connection().execute("SELECT 1 FROM sqlite_schema").fetchone()):
        raise not_a_database(path)
    if version > migrations[-1].version:
        raise newer_database(path)
    return version


def newer_database(path: Path) -> NewerDatabase:
    """Return the polite refusal."""
    return NewerDatabase(
        _("{path} was written by a newer version of Sobremesa and was not changed. Install the newer version.").format(
            path=path
        )
    )


def migrate(db: APSWDatabase, path: Path, *, migrations: Sequence[Migration], now_ms: int, keep_copy: bool) -> None:
    """Bring the database to the newest version.

    `keep_copy` False is for a database that is itself a copy. Raises `MigrationFailed`, which names the backup, after
    the step that failed was rolled back; the steps before it stay, as they are whole.
    """
    version = check_version(db, path, migrations)
    pending = [migration for migration in migrations if migration.version > version]
    if not pending:
        return
    backup = back_up(db, path, version=version, now_ms=now_ms) if version and keep_copy else None
    for migration in pending:
        try:
            writing(db, partial(_apply, migration=migration, now_ms=now_ms))
        except (apsw.Error, PeeweeException, StoreError) as error:
            reason = error if isinstance(error, StoreError) else as_store_error(error, path)
            if backup is None and reason is not None:
                raise reason from error
            if isinstance(reason, Busy):
                raise reason from error
            raise _migration_failed(path, migration, backup, reason or error) from error


def _apply(db: APSWDatabase, migration: Migration, now_ms: int) -> None:
    """Do one step, unless another program has done it while this one waited for the lock."""
    if int(pragma(db, "user_version")) >= migration.version:
        return
    migration.apply(db, now_ms)
    MigrationRow.insert(version=migration.version, name=migration.name, applied_at=now_ms).execute(db)
    db.execute_sql(f"PRAGMA user_version = {migration.version}")


def _migration_failed(path: Path, migration: Migration, backup: Path | None, error: Exception) -> MigrationFailed:
    sentence = _("{path} could not be brought to version {version} ({name}): {reason} Nothing was changed.").format(
        path=path, version=migration.version, name=migration.name, reason=_sentence(error)
    )
    if backup is not None:
        sentence += " " + _("A copy made before is {backup}.").format(backup=backup)
    return MigrationFailed(sentence)


def _sentence(error: Exception) -> str:
    """Return what `error` says, closed by a full stop."""
    return str(error).rstrip(".") + "."
