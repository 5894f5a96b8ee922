"""Small files that are replaced as a whole, so that a crash or a full disk leaves the old content alone."""

import contextlib
import errno
import os
import tempfile
from pathlib import Path

from desktop.domain.faults import DiskFull, ReadOnly, StoreError
from desktop.i18n import _

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_ONLY = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def store_error(error: OSError, path: Path) -> StoreError:
    """Return what the failure of an operation on `path` means to the user."""
    if error.errno in _FULL:
        return DiskFull(_("The disk is full: {path} could not be written.").format(path=path))
    if error.errno in _READ_ONLY:
        return ReadOnly(_("{path} may not be written.").format(path=path))
    return StoreError(_("{path} could not be used: {reason}.").format(path=path, reason=os.strerror(error.errno or 0)))


def make_private_folder(folder: Path) -> None:
    """Create `folder` for its owner alone; one that exists keeps the permissions it has.

    Raises `ReadOnly`, `DiskFull` or `StoreError`.
    """
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise store_error(error, folder) from error


def write_private(path: Path, content: bytes) -> None:
    """Replace `path` by `content`, readable by its owner alone; either the old or the new file is there, never a half.

    Raises `ReadOnly`, `DiskFull` or `StoreError`, and leaves the old file as it was.
    """
    temporary = ""
    try:
        # mkstemp gives 0600 from the first moment, so the content is never readable by others.
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise store_error(error, path) from error
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
