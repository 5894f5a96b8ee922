"""Who is writing: each process that writes holds a lock file, so that others can tell the living from the dead.

A row that streams carries the owner's id. When the process ends, even by kill -9, the system frees its lock, and the
next one to look may mark the row as interrupted. A command line beside an open window is thus left alone.
"""

import contextlib
import os
import uuid
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from desktop.domain.faults import StoreError
from desktop.i18n import _
from desktop.storage.files import PRIVATE_FILE, make_private_folder, store_error

FOLDER = "locks"
_TRIES = 5


class Owner:
    """This store's place among the living; `release` ends it. Raises `StoreError` where no lock can be made."""

    def __init__(self, *, folder: Path, new_name: Callable[[], str] = lambda: uuid.uuid4().hex) -> None:
        self._folder = folder / FOLDER
        make_private_folder(self._folder)
        self.id, self._lock = self._take(new_name)

    def _take(self, new_name: Callable[[], str]) -> tuple[str, FileLock]:
        for _try in range(_TRIES):
            name = new_name()
            lock = _lock(self._folder, name)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue  # a sweeper looked at the new file in the moment before it was locked
            except OSError as error:
                raise store_error(error, self._folder) from error
            if Path(lock.lock_file).exists():
                return name, lock
            lock.release()  # swept away in that moment: nobody would find this lock
        raise StoreError(_("{path} could not be locked.").format(path=self._folder))

    def dead(self, names: set[str]) -> set[str]:
        """Return those of `names` whose process has ended, and clear away what they left."""
        left = {path.stem for path in self._folder.glob("*.lock")}
        gone = {name for name in left - {self.id} if self._sweep(name)}
        return {name for name in names if name != self.id and (name in gone or name not in left)}

    def _sweep(self, name: str) -> bool:
        """Remove the lock file `name` if nobody holds it; return whether its owner is dead."""
        lock = _lock(self._folder, name)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            return False  # alive, or impossible to tell: then its text is not touched
        # Windows cannot remove an open file, so there it goes after the release.
        if os.name == "posix":
            Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()
        with contextlib.suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)
        return True

    def release(self) -> None:
        """Let go, and leave no file behind."""
        self._lock.release()
        with contextlib.suppress(OSError):
            Path(self._lock.lock_file).unlink(missing_ok=True)


def _lock(folder: Path, name: str) -> FileLock:
    return FileLock(folder / f"{name}.lock", mode=PRIVATE_FILE, thread_local=False)
