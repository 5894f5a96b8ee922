"""A copy of the database through SQLite's own backup, made before anything changes its shape."""

import contextlib
import os
import time
from pathlib import Path

import apsw
from playhouse.apsw_ext import APSWDatabase

from desktop.storage.files import PRIVATE_FILE, make_private_folder, store_error

FOLDER = "backups"


def back_up(db: APSWDatabase, path: Path, *, version: int, now_ms: int) -> Path:
    """Copy the database `path`, open as `db`, into the folder `backups` beside it and return the copy's path.

    The copy is whole (what still stands in the WAL is in it) or absent. Raises `StoreError` or apsw's errors.
    """
    folder = path.parent / FOLDER
    make_private_folder(folder)
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now_ms / 1000))
    target = folder / f"{path.stem}-v{version}-{stamp}.db"
    # Two programs may migrate in the same second: the process number keeps their copies apart.
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, PRIVATE_FILE))
        copy = apsw.Connection(str(unfinished), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            with copy.backup("main", db.connection(), "main") as backup:
                while not backup.done:
                    backup.step(1000)
            # One file is easier to move about than a file with a WAL beside it.
            copy.pragma("journal_mode", "delete")
        finally:
            copy.close()
        unfinished.replace(target)
    except OSError as error:
        raise store_error(error, target) from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()
    return target
