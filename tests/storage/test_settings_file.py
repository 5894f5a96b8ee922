import json
from pathlib import Path

import pytest

from desktop.domain.faults import DiskFull, WrongUse
from desktop.domain.settings import SETTINGS, SettingValue
from desktop.storage.settings_file import SettingsFile
from tests.storage.places import fill, freeze, without_rights


@pytest.fixture
def file(folder: Path) -> SettingsFile:
    return SettingsFile(folder=folder)


def write(file: SettingsFile, content: str) -> None:
    file.path.parent.mkdir(exist_ok=True)
    file.path.write_text(content, encoding="utf-8")


def test_without_a_file_there_are_the_defaults(file: SettingsFile) -> None:
    """A first start is nothing to be told about."""
    loaded = file.load()
    assert (dict(loaded.values), loaded.notices) == ({}, ())


def test_values_come_back_in_their_types(file: SettingsFile, folder: Path) -> None:
    """Text, numbers and lists are what they were."""
    values: dict[str, SettingValue] = {
        "theme": "dark",
        "zoom": 150,
        "temperature": 0.5,
        "favourite_models": ("a/b", "c/d"),
    }
    file.save(values)
    assert SettingsFile(folder=folder).load().values == values


def test_defaults_are_not_written(file: SettingsFile) -> None:
    """The file holds what the user changed, so that a better default reaches everyone else."""
    file.save({setting.name: setting.default for setting in SETTINGS} | {"zoom": 120})
    assert json.loads(file.path.read_bytes()) == {"zoom": 120}


def test_the_file_is_private(file: SettingsFile) -> None:
    """Settings are nobody else's business."""
    file.save({"zoom": 120})
    assert file.path.stat().st_mode & 0o077 == 0
    assert file.path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", ["", "{", "[1]", "[" * 100_000, "null"])
def test_a_broken_file_is_kept_aside(file: SettingsFile, content: str) -> None:
    """The defaults are used, a notice says so, and the old file is still there for a look."""
    write(file, content)
    loaded = file.load()
    assert not loaded.values
    assert "settings.json.broken" in loaded.notices[0]
    assert (file.path.parent / "settings.json.broken").read_text(encoding="utf-8") == content
    assert file.load().notices == ()


def test_a_broken_file_that_cannot_be_moved_is_said(public_folder: Path) -> None:
    """In a read-only folder the notice names the file, and nothing is raised."""
    file = SettingsFile(folder=public_folder)
    write(file, "{")
    freeze(public_folder)
    with without_rights():
        loaded = file.load()
    assert "settings.json" in loaded.notices[0]
    assert file.path.read_text(encoding="utf-8") == "{"


def test_a_file_that_may_not_be_read_is_said(public_folder: Path) -> None:
    """The defaults are used, and the notice names the file."""
    file = SettingsFile(folder=public_folder)
    write(file, "{}")
    public_folder.chmod(0o755)
    file.path.chmod(0o000)
    with without_rights():
        loaded = file.load()
    assert "settings.json" in loaded.notices[0]


def test_a_value_that_does_not_fit_is_left_out(file: SettingsFile) -> None:
    """One wrong value costs the others nothing, and is named."""
    write(file, '{"zoom": 9000, "theme": "dark", "temperature": "hot"}')
    loaded = file.load()
    assert loaded.values == {"theme": "dark"}
    assert [notice.split()[0] for notice in loaded.notices] == ["zoom", "temperature"]


def test_what_a_newer_version_wrote_is_kept(file: SettingsFile, folder: Path) -> None:
    """An unknown name is no mistake, and survives a change of a known one."""
    write(file, '{"from_the_future": [1], "zoom": 120}')
    again = SettingsFile(folder=folder)
    assert again.load().notices == ()
    again.save({"zoom": 130})
    assert json.loads(file.path.read_bytes()) == {"from_the_future": [1], "zoom": 130}


@pytest.mark.parametrize("values", [{"zoom": 9000}, {"no_such_setting": 1}])
def test_what_does_not_fit_is_not_saved(file: SettingsFile, values: dict[str, int]) -> None:
    """A wrong value or name is refused, and the file stands as it was."""
    file.save({"zoom": 120})
    with pytest.raises(WrongUse):
        file.save(values)
    assert file.load().values == {"zoom": 120}


def test_a_full_disk_leaves_the_old_settings(small_disk: Path) -> None:
    """A save that fails changes nothing."""
    file = SettingsFile(folder=small_disk)
    file.save({"zoom": 120})
    fill(small_disk)
    with pytest.raises(DiskFull):
        file.save({"system_prompt": "x" * 10_000})
    assert file.load().values == {"zoom": 120}
