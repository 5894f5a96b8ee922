from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.domain.settings import BY_NAME, SECTIONS
from desktop.presenters.bridge import Bridge
from desktop.presenters.settings import SettingsPresenter


def test_before_loading_the_defaults_are_shown(idle_bridge: Bridge, tmp_path: Path) -> None:
    """A dialog that opens early shows defaults, not nothing."""
    presenter = SettingsPresenter(bridge=idle_bridge, data_dir=tmp_path)
    assert presenter.value("zoom") == BY_NAME["zoom"].default


def test_sections_hold_their_declarations(idle_bridge: Bridge, tmp_path: Path) -> None:
    """Every section has settings, and every one of them belongs to it."""
    presenter = SettingsPresenter(bridge=idle_bridge, data_dir=tmp_path)
    assert [name for name, _title in presenter.sections()] == [name for name, _title in SECTIONS]
    for name, _title in SECTIONS:
        assert {setting.section for setting in presenter.settings(name)} == {name}


def test_the_database_is_one_file(idle_bridge: Bridge, tmp_path: Path) -> None:
    """The path that is shown is the file in the data folder."""
    assert SettingsPresenter(bridge=idle_bridge, data_dir=tmp_path).database == tmp_path / "sobremesa.db"


def test_a_value_is_stored_and_told(qtbot: QtBot, bridge: Bridge, tmp_path: Path) -> None:
    """A change reaches the disk and whoever shows it."""
    presenter = SettingsPresenter(bridge=bridge, data_dir=tmp_path)
    with qtbot.waitSignal(presenter.changed) as changed:
        presenter.set("zoom", 150)
    assert changed.args == ["zoom", 150]
    other = SettingsPresenter(bridge=bridge, data_dir=tmp_path)
    with qtbot.waitSignal(other.loaded):
        other.load()
    assert other.value("zoom") == 150


def test_a_bad_value_is_refused_with_a_sentence(qtbot: QtBot, bridge: Bridge, tmp_path: Path) -> None:
    """What does not fit is not stored, and the reason is told."""
    presenter = SettingsPresenter(bridge=bridge, data_dir=tmp_path)
    with qtbot.waitSignal(presenter.refused) as refused, qtbot.assertNotEmitted(presenter.changed):
        presenter.set("zoom", 1000)
    assert refused.args == ["zoom", "zoom must lie between 50 and 300."]
    assert presenter.value("zoom") == 100


def test_reset_brings_the_default_back(qtbot: QtBot, bridge: Bridge, tmp_path: Path) -> None:
    """A setting can always be what it was at first."""
    presenter = SettingsPresenter(bridge=bridge, data_dir=tmp_path)
    with qtbot.waitSignal(presenter.changed):
        presenter.set("zoom", 150)
    with qtbot.waitSignal(presenter.changed) as changed:
        presenter.reset("zoom")
    assert changed.args == ["zoom", 100]


def test_of_two_quick_changes_the_last_one_stays(qtbot: QtBot, bridge: Bridge, tmp_path: Path) -> None:
    """A value that is asked for while another is on its way to the disk is stored, also when it was there before."""
    presenter = SettingsPresenter(bridge=bridge, data_dir=tmp_path)
    with qtbot.waitSignal(presenter.loaded):
        presenter.load()
    with qtbot.waitSignals([presenter.changed, presenter.changed]):
        presenter.set("zoom", 150)
        presenter.set("zoom", 100)
    assert presenter.value("zoom") == 100


def test_the_default_can_be_chosen_before_anything_is_loaded(qtbot: QtBot, bridge: Bridge, tmp_path: Path) -> None:
    """What is stored is not known yet then, so even the default is written down."""
    with qtbot.waitSignal((earlier := SettingsPresenter(bridge=bridge, data_dir=tmp_path)).changed):
        earlier.set("zoom", 150)
    presenter = SettingsPresenter(bridge=bridge, data_dir=tmp_path)
    with qtbot.waitSignal(presenter.changed) as changed:
        presenter.set("zoom", 100)
    assert changed.args == ["zoom", 100]
