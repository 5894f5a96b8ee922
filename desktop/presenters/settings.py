"""The settings dialog's facts and intents: each page's fields from their declarations, and where the data is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.faults import WrongUse
from desktop.domain.settings import BY_NAME, SECTIONS, SETTINGS, Setting, SettingValue
from desktop.i18n import _

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend

DATABASE = "sobremesa.db"


class SettingsPresenter(QObject):
    """Values of settings as the dialog shows them. `SettingsPresenter(bridge=…, data_dir=Path, parent=None)`.

    Until `loaded`, `value` answers with the defaults; `changed` follows every value that was stored.
    """

    loaded = Signal()
    changed = Signal(str, object)
    refused = Signal(str, str)
    """Name of the setting, and the sentence that says why a value was not taken."""

    def __init__(self, *, bridge: Bridge, data_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._values: dict[str, SettingValue] = {setting.name: setting.default for setting in SETTINGS}
        self._wished: dict[str, SettingValue] = {}
        self._known = False
        self.data_dir = data_dir

    @property
    def database(self) -> Path:
        """The one file that holds everything that is written."""
        return self.data_dir / DATABASE

    def sections(self) -> tuple[tuple[str, str], ...]:
        """Return the sections made from declarations: id and title in the reader's language."""
        return tuple((name, _(title)) for name, title in SECTIONS)

    def settings(self, section: str) -> tuple[Setting, ...]:
        """Return the declarations of a section in their order."""
        return tuple(setting for setting in SETTINGS if setting.section == section)

    def value(self, name: str) -> SettingValue:
        """Return what a setting is."""
        return self._values[name]

    def wished(self, name: str) -> SettingValue:
        """Return what a setting will be once everything that is on its way is stored."""
        return self._wished.get(name, self._values[name])

    @Slot()
    def load(self) -> None:
        """Ask for the stored values."""
        self._bridge.start_task(self._load())

    @Slot(str, object)
    def set(self, name: str, value: object) -> None:
        """Store a value; one that does not fit is refused with a sentence."""
        try:
            fitting = BY_NAME[name].validated(value)
        except WrongUse as error:
            self.refused.emit(name, str(error))
            return
        if fitting != self.wished(name) or not self._known:  # before loading, what is stored may be anything
            self._wished[name] = fitting
            self._bridge.start_task(self._set(name, fitting))

    @Slot(str)
    def reset(self, name: str) -> None:
        """Store the default again."""
        self.set(name, BY_NAME[name].default)

    async def _load(self) -> None:
        async def ask(backend: Backend) -> Mapping[str, SettingValue]:
            return backend.settings.all()

        values = await self._bridge.call(ask)
        for name, value in values.items():
            if name in BY_NAME:
                self._values[name] = BY_NAME[name].validated(value)
        self._known = True
        self.loaded.emit()

    async def _set(self, name: str, value: SettingValue) -> None:
        try:
            await self._bridge.call(lambda backend: backend.settings.set(name, value))
            self._values[name] = value
        finally:
            if self._wished.get(name) == value:
                del self._wished[name]
        self.changed.emit(name, value)
