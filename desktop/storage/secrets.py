"""Provider keys: in the keychain, for this run only, or in a file readable by the owner alone; never anywhere else.

Nothing here logs, and a key travels as a `Secret`, which does not print.
"""

from collections.abc import Callable
from pathlib import Path

from desktop.domain.keys import KeychainState, KeyPlace
from desktop.domain.models import Secret
from desktop.storage.key_file import KeyFile
from desktop.storage.keychain import TIMEOUT_S, Backend, Keychain, KeychainSilent, system_backend


class Secrets:
    """The keys of one data folder by name (a provider's id); `place` is where new ones are kept."""

    def __init__(
        self,
        *,
        folder: Path,
        place: KeyPlace = KeyPlace.KEYCHAIN,
        find_backend: Callable[[], Backend] = system_backend,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._place = place
        self._keychain = Keychain(find=find_backend, timeout_s=timeout_s)
        self._file = KeyFile(folder=folder)
        self._this_run: dict[str, Secret] = {}

    @property
    def place(self) -> KeyPlace:
        """Where a new key is kept."""
        return self._place

    def keep_in(self, place: KeyPlace) -> None:
        """Keep new keys in `place`; those that are kept stay where they are, and are found there."""
        self._place = place

    async def state(self) -> KeychainState:
        """Return what can be expected of the keychain; no dialog is opened for it."""
        return await self._keychain.state()

    async def get(self, name: str) -> Secret | None:
        """Return a key from wherever it is kept, or None where there is none or the keychain gives no answer.

        Raises `KeyFileUnsafe`.
        """
        found = self._this_run.get(name) or self._file.get(name)
        if found is not None:
            return found
        try:
            value = await self._keychain.get(name)
        except KeychainSilent:
            return None
        return None if value is None else Secret(value)

    async def set(self, name: str, secret: Secret) -> None:
        """Keep a key in `place`; it replaces what was kept elsewhere under the name.

        Raises `KeychainMissing` where the keychain does not take it, `KeyFileUnsafe`, `ReadOnly` or `DiskFull`.
        """
        match self._place:
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
        """Forget a key wherever it is kept. Raises `KeychainMissing` where the keychain may hold it and is silent."""
        self._this_run.pop(name, None)
        self._file.delete(name)
        try:
            await self._keychain.delete(name)
        except KeychainSilent as error:
            if error.state is not KeychainState.MISSING:
                raise
