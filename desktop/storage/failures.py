"""SQLite's failures in the words of the domain, with a sentence that says what happened and what to do.

Peewee wraps apsw's exceptions, so the code is looked for along the chain of causes.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
from peewee import PeeweeException

from desktop.domain.faults import Busy, DamagedDatabase, DiskFull, NotADatabase, ReadOnly, StoreError
from desktop.i18n import _

NEARLY_NOTHING_BYTES = 128 * 1024
"""Below this much free space SQLite's general I/O errors (it could not grow a file) mean that the disk is full."""


def sqlite_error(error: BaseException | None) -> apsw.Error | None:
    """Return apsw's exception behind `error`, or None where SQLite was not the cause."""
    while error is not None:
        if isinstance(error, apsw.Error):
            return error
        error = error.__cause__ or error.__context__
    return None


def as_store_error(error: BaseException, path: Path) -> StoreError | None:
    """Return what `error` means for the database `path`, or None where it is a mistake of ours."""
    cause = sqlite_error(error)
    match cause:
        case apsw.FullError():
            return disk_full(path)
        case apsw.ReadOnlyError() | apsw.PermissionsError():
            return read_only(path)
        case apsw.BusyError() | apsw.LockedError():
            return Busy(_("Another program holds {path}. Try again in a moment.").format(path=path))
        case apsw.NotADBError():
            return not_a_database(path)
        case apsw.CorruptError():
            return damaged(path)
        case apsw.CantOpenError():
            if space_left(path) < NEARLY_NOTHING_BYTES:
                return disk_full(path)
            return ReadOnly(_("{path} could not be opened for writing.").format(path=path))
        case apsw.IOError():
            if space_left(path) < NEARLY_NOTHING_BYTES:
                return disk_full(path)
            return StoreError(_("The disk failed while using {path}: {reason}.").format(path=path, reason=str(cause)))
        case _:
            return None


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Raise the world's failures around the database `path` as `StoreError`; let mistakes of ours pass."""
    try:
        yield
    except (apsw.Error, PeeweeException) as error:
        found = as_store_error(error, path)
        if found is None:
            raise
        raise found from error


def space_left(path: Path) -> int:
    """Return the free bytes of the disk that holds `path`."""
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return 0


def disk_full(path: Path) -> DiskFull:
    """Return the error for a disk without space."""
    return DiskFull(_("The disk is full: {path} could not be written.").format(path=path))


def read_only(path: Path) -> ReadOnly:
    """Return the error for a database that may not be written."""
    return ReadOnly(_("{path} may not be written.").format(path=path))


def not_a_database(path: Path) -> NotADatabase:
    """Return the error for a file that is something else; it names the way out, and nothing is deleted."""
    return NotADatabase(
        _(
            "{path} is not a Sobremesa database, or its beginning is gone. It was left as it is. Move it elsewhere to "
            "begin anew, put {copy} in its place, or choose another folder with --data-dir."
        ).format(path=path, copy=_copy_for(path))
    )


def damaged(path: Path) -> DamagedDatabase:
    """Return the error for a database with damaged pages; it names the way out, and nothing is deleted."""
    return DamagedDatabase(
        _(
            "{path} is damaged. It was left as it is. Put {copy} in its place, or move it elsewhere to begin anew."
        ).format(path=path, copy=_copy_for(path))
    )


def _copy_for(path: Path) -> str:
    """Name the copies there are: the folder of backups begins with the first change of the database's form."""
    backups = path.parent / "backups"
    return _("a copy from {backups}").format(backups=backups) if backups.exists() else _("a copy of your own")
