"""The settings of this installation, validated by their declarations and kept in one small file."""

import asyncio
import math
from collections.abc import Callable, Mapping

from desktop.domain.faults import WrongUse
from desktop.domain.models import DIRECT, split_address
from desktop.domain.sessions import NewSession
from desktop.domain.settings import BY_NAME, SettingValue
from desktop.i18n import _
from desktop.services.limits import Limits
from desktop.storage.settings_file import SettingsFile


class SettingsService:
    """Reads are immediate; a change is on disk when `set` returns. `notices` tell what of the file was not usable.

    `direct_base` is the base URL that was named together with a model when this run was started, `saving_s` how long an
    answer waits for a disk that takes nothing.
    """

    def __init__(
        self,
        *,
        file: SettingsFile,
        direct_base: str = "",
        saving_s: float = math.inf,
        changed: Callable[[str], None] = lambda _name: None,
    ) -> None:
        self._file = file
        self._saving_s = saving_s
        self._direct_base = direct_base
        self._changed = changed
        loaded = file.load()
        self._values: Mapping[str, SettingValue] = loaded.values
        self._changing = asyncio.Lock()
        self._begin: Callable[[NewSession], NewSession] = lambda new: new
        self.notices = loaded.notices

    def get(self, name: str) -> SettingValue:
        """Return a setting's value; raises `WrongUse` for an unknown name."""
        if name not in BY_NAME:
            raise WrongUse(_("There is no setting called {name}.").format(name=name))
        return self._values.get(name, BY_NAME[name].default)

    def text(self, name: str) -> str:
        """Return a setting as text."""
        return str(self.get(name))

    def number(self, name: str) -> float:
        """Return a setting as a number; raises `WrongUse` where it is none."""
        value = self.get(name)
        if not isinstance(value, int | float):
            raise WrongUse(_("{name} is not a number.").format(name=name))
        return value

    def names(self, name: str) -> tuple[str, ...]:
        """Return a setting that lists names."""
        value = self.get(name)
        return value if isinstance(value, tuple) else (str(value),)

    def all(self) -> Mapping[str, SettingValue]:
        """Return every setting with its value."""
        return {name: self.get(name) for name in BY_NAME}

    async def set(self, name: str, value: object) -> None:
        """Change a setting; raises `WrongUse` where the value does not fit, `StoreError` where it cannot be kept."""
        await self.set_all({name: value})

    async def set_all(self, wished: Mapping[str, object]) -> None:
        """Change settings that belong together, in one write: all of them or none. Raises like `set`."""
        for name in wished:
            if name not in BY_NAME:
                raise WrongUse(_("There is no setting called {name}.").format(name=name))
        found = {name: BY_NAME[name].validated(value) for name, value in wished.items()}
        async with self._changing:
            others = {name: value for name, value in found.items() if value != self.get(name)}
            if not others:
                return
            self._values = await asyncio.to_thread(self._kept, found)
        for name in others:
            self._changed(name)

    def _kept(self, changes: Mapping[str, SettingValue]) -> Mapping[str, SettingValue]:
        """Change settings in the file as it is now: another process may have changed others since it was read."""
        loaded = self._file.load()
        known = {**self._values, **loaded.values} if loaded.notices else loaded.values
        values = {**known, **changes}
        self._file.save(values)
        return values

    def limits(self) -> Limits:
        """Return the limits of runs."""
        return Limits(
            first_token_s=self.number("first_token_timeout_s"),
            local_first_token_s=self.number("local_first_token_timeout_s"),
            silence_s=self.number("silence_timeout_s"),
            retries=int(self.number("retries")),
            saving_s=self._saving_s,
        )

    def connect_timeout_s(self) -> float:
        """Return how long a connection may take, in seconds."""
        return self.number("connect_timeout_s")

    def begin_with(self, begin: Callable[[NewSession], NewSession]) -> None:
        """Let `begin` add to each new session what is not a setting: whose it is."""
        self._begin = begin

    def new_session(self, model: str) -> NewSession:
        """Return a session as the settings, and the current profile, want new ones."""
        params: dict[str, SettingValue] = {
            "temperature": self.number("temperature"),
            "max_context": int(self.number("max_context")),
        }
        if turns := int(self.number("max_turns")):
            params["max_turns"] = turns
        params |= self.model_params(model)
        return self._begin(NewSession(model=model, system_prompt=self.text("system_prompt"), params=params))

    def model_params(self, address: str) -> Mapping[str, str]:
        """Return what a session has to remember of a model that no provider row knows: where it answers."""
        direct = split_address(address)[0] == DIRECT and self._direct_base
        return {"api_base": self._direct_base} if direct else {}
