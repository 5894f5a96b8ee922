"""The settings that the first paint needs, before any service is there."""

from collections.abc import Mapping
from pathlib import Path

from desktop.domain.faults import StoreError
from desktop.domain.settings import BY_NAME, SettingValue


def read_settings(folder: Path) -> Mapping[str, SettingValue]:
    """Return every setting; the file is a few lines, and its notices come with the services."""
    from desktop.storage.settings_file import SettingsFile

    try:
        values = SettingsFile(folder=folder).load().values
    except StoreError:
        values = {}
    return {name: values.get(name, setting.default) for name, setting in BY_NAME.items()}
