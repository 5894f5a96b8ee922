from pathlib import Path
from typing import Any

import pytest

from desktop.domain.faults import StoreError, WrongUse
from desktop.domain.settings import SETTINGS
from desktop.services.limits import Limits
from desktop.services.settings import SettingsService
from desktop.storage.settings_file import SettingsFile


def service(folder: Path, changes: list[str] | None = None, **more: Any) -> SettingsService:
    told = [] if changes is None else changes
    return SettingsService(file=SettingsFile(folder=folder), changed=told.append, **more)


def test_without_a_file_everything_has_its_default(folder: Path) -> None:
    """A first start has nothing to complain about."""
    settings = service(folder)
    assert settings.all() == {setting.name: setting.default for setting in SETTINGS}
    assert settings.notices == ()


async def test_a_change_is_on_the_disk_when_it_returns(folder: Path) -> None:
    """The next start has it, and the listener is told once."""
    changes: list[str] = []
    settings = service(folder, changes)
    await settings.set("theme", "dark")
    await settings.set("theme", "dark")
    assert changes == ["theme"]
    assert service(folder).get("theme") == "dark"


async def test_what_belongs_together_is_changed_together(folder: Path) -> None:
    """All of it or nothing; the listener hears of what is other now."""
    changes: list[str] = []
    settings = service(folder, changes)
    with pytest.raises(WrongUse):
        await settings.set_all({"theme": "dark", "zoom": 1000})
    assert (settings.get("theme"), changes) == ("system", [])
    await settings.set_all({"theme": "dark", "zoom": 100})
    assert (settings.get("theme"), changes) == ("dark", ["theme"])


async def test_a_value_that_does_not_fit_changes_nothing(folder: Path) -> None:
    """Neither in memory nor on the disk."""
    changes: list[str] = []
    settings = service(folder, changes)
    with pytest.raises(WrongUse):
        await settings.set("zoom", 1000)
    assert (settings.get("zoom"), changes, folder.exists()) == (100, [], False)


async def test_a_name_that_is_not_declared_is_named(folder: Path) -> None:
    """Asking for it and setting it both say so."""
    settings = service(folder)
    with pytest.raises(WrongUse, match="colour"):
        settings.get("colour")
    with pytest.raises(WrongUse, match="colour"):
        await settings.set("colour", "red")


async def test_what_cannot_be_saved_is_not_pretended(folder: Path) -> None:
    """The old value stands, and nobody is told of a change."""
    changes: list[str] = []
    settings = service(folder, changes)
    folder.mkdir()
    (folder / "settings.json").mkdir()
    with pytest.raises(StoreError):
        await settings.set("theme", "dark")
    assert (settings.get("theme"), changes) == ("system", [])


def test_values_are_read_in_their_types(folder: Path) -> None:
    """Text, numbers and lists of names; a number is not read from words."""
    settings = service(folder)
    assert settings.text("theme") == "system"
    assert settings.number("zoom") == 100
    assert settings.names("favourite_models") == ()
    assert settings.names("theme") == ("system",)
    with pytest.raises(WrongUse, match="theme is not a number"):
        settings.number("theme")


async def test_limits_are_those_that_are_set(folder: Path) -> None:
    """The defaults are the documented ones: 10, 120, 600 and 60 seconds, three retries."""
    settings = service(folder)
    assert settings.limits() == Limits(first_token_s=120, local_first_token_s=600, silence_s=60, retries=3)
    assert settings.connect_timeout_s() == 10
    await settings.set("retries", 0)
    await settings.set("silence_timeout_s", 5)
    assert (settings.limits().retries, settings.limits().silence_s) == (0, 5)


def test_a_new_session_is_made_of_settings(folder: Path) -> None:
    """Prompt, temperature and budget; a base only for a model that was named with one."""
    settings = service(folder, direct_base="http://localhost/v1")
    new = settings.new_session("openai/m")
    assert new.system_prompt == "You are a helpful assistant."
    assert dict(new.params) == {"temperature": 1.0, "max_context": 32768}
    assert settings.new_session("direct/m").params["api_base"] == "http://localhost/v1"
    assert settings.model_params("openai/m") == {}
    assert service(folder).model_params("direct/m") == {}


async def test_two_processes_do_not_take_back_each_others_changes(folder: Path) -> None:
    """Each changes one name in the file as it finds it, and learns what the other has changed."""
    window, command = service(folder), service(folder)
    await window.set("theme", "dark")
    await command.set("zoom", 120)
    assert (service(folder).get("theme"), service(folder).get("zoom")) == ("dark", 120)
    assert command.get("theme") == "dark"
    await window.set("theme", "system")
    assert service(folder).get("zoom") == 120


async def test_a_file_that_broke_meanwhile_costs_no_setting(folder: Path) -> None:
    """What this process knows is written again; the broken file is kept aside."""
    settings = service(folder)
    await settings.set("theme", "dark")
    (folder / "settings.json").write_text("{", encoding="utf-8")
    await settings.set("zoom", 120)
    assert (service(folder).get("theme"), service(folder).get("zoom")) == ("dark", 120)
    assert (folder / "settings.json.broken").exists()
