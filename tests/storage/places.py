"""Places where nothing can be written, and a look at what a folder holds."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

NOBODY = 65534


@contextlib.contextmanager
def without_rights() -> Iterator[None]:
    """Give up root's right to write everywhere, where the tests run as root."""
    if os.name != "posix" or os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def freeze(folder: Path) -> None:
    """Let everyone read what is in `folder`, and nobody but root write it."""
    for path in folder.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    folder.chmod(0o555)


def fill(disk: Path) -> Path:
    """Use up what is free on `disk`, to the last byte; removing the returned file makes room again."""
    filler = disk / "filler"
    with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return filler


def fingerprint(folder: Path) -> dict[str, bytes]:
    """Return every file of `folder` with its content, but for locks, SQLite's shared memory and an empty WAL."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix != ".lock"
        and not path.name.endswith("-shm")
        and (path.stat().st_size or not path.name.endswith("-wal"))
    }
