"""Provider keys: in the keychain, for this run only, or in a file readable by the owner alone; never anywhere else.

Nothing here logs, and a key travels as a `Secret`, which does not print.
"""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from desktop.domain.faults import KeychainLocked, NoKeychain
from desktop.domain.models import Secret
from desktop.storage.key_file import KeyFile
from desktop.storage.keychain import TIMEOUT_S, Backend, Keychain, system_backend


class KeyPlace(StrEnum):
    """Where a key is kept; the first and the last are values of the setting `key_place`."""

    KEYCHAIN = "keychain"
    THIS_RUN = "this_run"
    FILE = "file"


class KeychainState(StrEnum):
    """What can be expected of the keychain."""

    AVAILABLE = "available"
    MISSING = "missing"
    LOCKED = "locked"


class Secrets:
    """The keys of one data folder by name (a provider's id); `close` forgets those of this run."""

    def __init__(
        self, *, folder: Path, find_backend: Callable[[], Backend] = system_backend, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._keychain = Keychain(find=find_backend, timeout_s=timeout_s)
        self._file = KeyFile(folder=folder)
        self._this_run: dict[str, Secret] = {}

    async def state(self) -> KeychainState:
        """Return what can be expected of the keychain; no dialog is opened for it."""
        try:
            await self._keychain.check()
        except NoKeychain:
            return KeychainState.MISSING
        except KeychainLocked:
            return KeychainState.LOCKED
        return KeychainState.AVAILABLE

    async def get(self, name: str) -> Secret | None:
        """Return a key from wherever it is kept, or None where there is none.

        Raises `KeychainLocked` where only the keychain could know, and `KeyFileUnsafe`.
        """
        found = self._this_run.get(name) or self._file.get(name)
        if found is not None:
            return found
        try:
            value = await self._keychain.get(name)
        except NoKeychain:
            return None
        return None if value is None else Secret(value)

    async def set(self, name: str, secret: Secret, *, place: KeyPlace = KeyPlace.KEYCHAIN) -> None:
        """Keep a key in `place`; what is kept there counts from now on.

        Raises `KeychainLocked`, `NoKeychain`, `KeyFileUnsafe`, `ReadOnly` or `DiskFull`; another place can be offered.
        """
        match place:
            case KeyPlace.KEYCHAIN:
                await self._keychain.set(name, secret.reveal())
                self._file.delete(name)
                self._this_run.pop(name, None)
            case KeyPlace.FILE:
                self._file.set(name, secret)
                self._this_run.pop(name, None)
            case KeyPlace.THIS_RUN:
                self._this_run[name] = secret

    async def delete(self, name: str) -> None:
        """Forget a key wherever it is kept. Raises `KeychainLocked` where the keychain may still hold it."""
        self._this_run.pop(name, None)
        self._file.delete(name)
        try:
            await self._keychain.delete(name)
        except NoKeychain:
            return

    def close(self) -> None:
        """Forget the keys of this run."""
        self._this_run.clear()
