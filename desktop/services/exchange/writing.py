"""Writing an exported file whole or not at all, and naming it.

The file is written beside its place and moved there when it is on the disk, so that a full disk, a crash or an error
in the middle leaves an older file alone.
"""

import contextlib
import os
import re
import secrets
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Self

from desktop.domain.faults import StoreError
from desktop.i18n import _
from desktop.storage.files import store_error

NAME_BYTES = 120
"""Room for a folder, an extension and a browser's " (2)" within the 255 bytes that file systems give a name."""

_FORBIDDEN = re.compile(
    r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+'
)
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])\s*(\..*)?", re.IGNORECASE)


def safe_filename(title: str, extension: str = "md") -> str:
    """Return a file name made from a title: one name, never a path, that Linux, macOS and Windows all take."""
    name = " ".join(_FORBIDDEN.sub(" ", title).split())
    name = name.encode("utf-8")[:NAME_BYTES].decode("utf-8", "ignore").strip(" .")
    if not name or _DEVICE.fullmatch(name):
        name = f"{_('Session')} {name}".strip()
    return f"{name}.{extension}"


def free_path(folder: Path, title: str, extension: str = "md") -> Path:
    """Return a path in `folder` named after a title at which nothing stands: "Title.md", else "Title (2).md"."""
    first = folder / safe_filename(title, extension)
    path, number = first, 1
    while path.exists():
        number += 1
        path = first.with_name(f"{first.stem} ({number}).{extension}")
    return path


class WholeFile:
    """A file that appears at `path` when it is committed, or not at all.

    Used in a `with` block; what was not committed at its end is removed. Everything raises `ReadOnly`, `DiskFull` or
    `StoreError` where the system refuses, and an older file is then as it was.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._target = path.resolve()
        self._temporary = self._target.with_name(f".sobremesa-{secrets.token_hex(6)}.part")
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        if self._target.is_dir():
            raise StoreError(_("{path} is a folder. Choose a name for the file.").format(path=self._path))
        if self._target.exists() and not self._target.is_file():  # a device or a pipe must not become a file
            raise StoreError(_("{path} is not a file. Write to standard output instead.").format(path=self._path))
        with self._named_errors():
            self._file = self._temporary.open("xb")
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
        with contextlib.suppress(OSError):
            self._temporary.unlink()

    def write(self, pieces: Iterable[str]) -> None:
        """Add text in UTF-8."""
        assert self._file is not None
        with self._named_errors():
            for piece in pieces:
                self._file.write(piece.encode("utf-8"))

    def commit(self) -> None:
        """Put the file in its place, once it is on the disk as a whole."""
        assert self._file is not None
        with self._named_errors():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            with contextlib.suppress(FileNotFoundError):
                self._temporary.chmod(stat.S_IMODE(self._target.stat().st_mode))
            self._temporary.replace(self._target)

    @contextlib.contextmanager
    def _named_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise store_error(error, self._path) from error
