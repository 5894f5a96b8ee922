"""One window per data folder: the second start finds the lock taken and raises the first window instead."""

from pathlib import Path

from filelock import FileLock, Timeout

from desktop.storage.files import PRIVATE_FILE, make_private_folder, store_error

FILE = "window.lock"


class WindowLock:
    """The right to be the window of a data folder; the system frees it even after kill -9, so none goes stale."""

    def __init__(self, *, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder / FILE, mode=PRIVATE_FILE, thread_local=False)

    def take(self) -> bool:
        """Return whether this process is now the window; False means that another one is.

        Raises `ReadOnly`, `DiskFull` or `StoreError` where no lock can be made, as in a read-only folder: nothing is
        written there, so two windows do no harm.
        """
        make_private_folder(self._folder)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as error:
            raise store_error(error, self._folder / FILE) from error
        return True

    def release(self) -> None:
        """Let another process be the window; harmless when the lock was never taken."""
        self._lock.release()
