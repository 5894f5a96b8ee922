"""`settings.json` in the data folder: what the user changed, and nothing else.

A file that cannot be understood is kept aside as `settings.json.broken` and never overwritten by defaults in silence;
names that this version does not know are kept for the one that does.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop.domain.faults import WrongUse
from desktop.domain.settings import BY_NAME, SettingValue
from desktop.i18n import _
from desktop.storage.files import make_private_folder, store_error, write_private

FILE = "settings.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedSettings:
    """The values that differ from the defaults, and sentences about what could not be used."""

    values: Mapping[str, SettingValue] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


class SettingsFile:
    """Reads and writes the settings of one data folder."""

    def __init__(self, *, folder: Path) -> None:
        self.path = folder / FILE
        self._foreign: dict[str, Any] = {}

    def load(self) -> LoadedSettings:
        """Return what is set; never raises for the file's content. A value that does not fit is left out and named."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return LoadedSettings()
        except OSError as error:
            return LoadedSettings(notices=(str(store_error(error, self.path)),))
        try:
            found = json.loads(content)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            return LoadedSettings(notices=(self._set_aside(),))
        self._foreign = {name: value for name, value in found.items() if name not in BY_NAME}
        values: dict[str, SettingValue] = {}
        notices: list[str] = []
        for name, value in found.items():
            if name in self._foreign:
                continue
            try:
                values[name] = BY_NAME[name].validated(value)
            except WrongUse as error:
                notices.append(_("{error} The default is used.").format(error=error))
        return LoadedSettings(values=values, notices=tuple(notices))

    def save(self, values: Mapping[str, SettingValue]) -> None:
        """Write the values that differ from their defaults.

        Raises `WrongUse` for a value that does not fit, `ReadOnly`, `DiskFull` or `StoreError`; then the old file
        stands as it was.
        """
        checked = {name: _declared(name, value) for name, value in values.items()}
        changed = {name: value for name, value in checked.items() if value != BY_NAME[name].default}
        make_private_folder(self.path.parent)
        content = json.dumps({**self._foreign, **changed}, ensure_ascii=True, indent=1, sort_keys=True)
        write_private(self.path, content.encode() + b"\n")

    def _set_aside(self) -> str:
        """Keep the broken file under another name, and return the sentence that says so."""
        broken = self.path.with_name(self.path.name + ".broken")
        try:
            self.path.replace(broken)
        except OSError as error:
            return str(store_error(error, self.path))
        return _("The settings could not be understood. The defaults are used; the old file is kept as {path}.").format(
            path=broken
        )


def _declared(name: str, value: SettingValue) -> SettingValue:
    if name not in BY_NAME:
        raise WrongUse(_("There is no setting {name}.").format(name=name))
    return BY_NAME[name].validated(value)
