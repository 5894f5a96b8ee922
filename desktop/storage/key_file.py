"""Keys in a file that its owner alone can read: for computers without a keychain, when the user chooses it."""

import contextlib
import json
import os
import stat
from pathlib import Path

from desktop.domain.faults import KeyFileUnsafe, StoreError
from desktop.domain.models import Secret
from desktop.i18n import _
from desktop.storage.files import make_private_folder, store_error, write_private

FILE = "keys.json"


class KeyFile:
    """`keys.json` in the data folder: a JSON object of names and keys, mode 0600."""

    def __init__(self, *, folder: Path) -> None:
        self.path = folder / FILE

    def get(self, name: str) -> Secret | None:
        """Return a key. Raises `KeyFileUnsafe` where others could have read or written it."""
        value = self._read().get(name)
        return None if value is None else Secret(value)

    def set(self, name: str, secret: Secret) -> None:
        """Keep a key. Raises `KeyFileUnsafe`, `ReadOnly`, `DiskFull`."""
        self._write({**self._read(), name: secret.reveal()})

    def delete(self, name: str) -> bool:
        """Remove a key, and with the last one the file; return whether it was there."""
        keys = self._read()
        if name not in keys:
            return False
        del keys[name]
        self._write(keys)
        return True

    def _read(self) -> dict[str, str]:
        try:
            # Asked and read through one descriptor: the file cannot be exchanged in between.
            with self.path.open("rb") as file:
                self._check(os.fstat(file.fileno()))
                content = file.read()
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise store_error(error, self.path) from error
        try:
            found = json.loads(content)
        except ValueError:
            # Without the cause: it would carry the file's content into a traceback.
            raise self._broken() from None
        if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
            raise self._broken()
        return found

    def _check(self, status: os.stat_result) -> None:
        """Refuse a file that others may read or write, or that is someone else's; Windows has no such bits."""
        if os.name != "posix":
            return
        if stat.S_IMODE(status.st_mode) & 0o077 or status.st_uid != os.geteuid():
            raise KeyFileUnsafe(
                _(
                    "Others can read the keys in {path}, so they are not used. Make the file yours alone (chmod 600) "
                    "and replace the keys that stood in it."
                ).format(path=self.path)
            )

    def _broken(self) -> StoreError:
        return KeyFileUnsafe(_("{path} cannot be understood. Correct it, or move it away.").format(path=self.path))

    def _write(self, keys: dict[str, str]) -> None:
        if not keys:
            with contextlib.suppress(FileNotFoundError):
                self.path.unlink()
            return
        make_private_folder(self.path.parent)
        write_private(self.path, json.dumps(keys, ensure_ascii=True, indent=1, sort_keys=True).encode())
