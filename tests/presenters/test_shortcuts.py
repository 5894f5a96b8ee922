"""The table of commands and their keys, and what may become of them."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.domain.shortcuts import Command, Keys
from desktop.presenters.bridge import Bridge
from desktop.presenters.settings import SettingsPresenter
from desktop.presenters.shortcuts import (
    CHANGED_ROLE,
    COMMAND_ROLE,
    SETTING,
    Column,
    ShortcutsModel,
    ShortcutsPresenter,
    native,
    portable,
    refusal,
    usable,
)

PATIENCE_MS = 20_000
COMMANDS = (
    Command(name="new", title="New session", group="File", defaults=("Ctrl+N",), keys=("Ctrl+N",)),
    Command(name="trash", title="Trash", group="File"),
    Command(name="next", title="Find next", group="Edit", defaults=("F3", "Ctrl+G"), keys=("F3", "Ctrl+G")),
)


def watched() -> ShortcutsModel:
    model = ShortcutsModel(commands=COMMANDS)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    return model


def lines(model: ShortcutsModel) -> list[tuple[str, str, str]]:
    return [
        (
            str(model.index(row, Column.COMMAND).data()),
            str(model.index(row, Column.KEY).data() or ""),
            str(model.index(row, Column.ALTERNATIVE).data() or ""),
        )
        for row in range(model.rowCount())
    ]


WHOLE = [
    ("File", "", ""),
    ("New session", "Ctrl+N", ""),
    ("Trash", "", ""),
    ("Edit", "", ""),
    ("Find next", "F3", "Ctrl+G"),
]


def test_commands_stand_below_their_menus(qtbot: QtBot) -> None:
    """A row each, with the main and the alternative key."""
    assert lines(watched()) == WHOLE


def test_only_keys_are_edited(qtbot: QtBot) -> None:
    """Neither the names of menus nor those of commands."""
    model = watched()
    editable = {
        (row, column)
        for row in range(model.rowCount())
        for column in Column
        if model.index(row, column).flags() & Qt.ItemFlag.ItemIsEditable
    }
    assert editable == {(row, column) for row in (1, 2, 4) for column in (1, 2)}
    assert not model.setData(model.index(0, 1), QKeySequence("F7"))
    assert not model.setData(model.index(1, 0), QKeySequence("F7"))
    assert model.flags(QModelIndex()) == Qt.ItemFlag.NoItemFlags


def test_what_is_typed_is_told_and_not_yet_so(qtbot: QtBot) -> None:
    """Somebody else decides whether the key can be had."""
    model = watched()
    with qtbot.waitSignal(model.typed) as typed:
        assert model.setData(model.index(4, Column.ALTERNATIVE), QKeySequence("F7"))
    assert typed.args == ["next", 1, "F7"]
    assert lines(model) == WHOLE


def test_other_keys_are_shown_where_they_are_others(qtbot: QtBot) -> None:
    """One row changes, and it says that it is not as it was made."""
    model = watched()
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.show({"trash": ("F7",), "new": ("Ctrl+N",)})
    assert changed.args[0].row() == 2
    assert lines(model)[2] == ("Trash", "F7", "")
    assert [model.index(row, 0).data(CHANGED_ROLE) for row in (1, 2)] == [False, True]
    assert model.index(2, 0).data(COMMAND_ROLE).keys == ("F7",)


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("next", ["Edit", "Find next"]),
        ("FILE", ["File", "New session", "Trash"]),
        ("ctrl+", ["File", "New session", "Edit", "Find next"]),
        ("zebra", []),
        ("", [line[0] for line in WHOLE]),
    ],
)
def test_words_and_keys_narrow_the_table(qtbot: QtBot, typed: str, titles: list[str]) -> None:
    """A menu is named only where one of its commands is shown; the way back is the whole table."""
    model = watched()
    model.narrow(typed)
    assert [line[0] for line in lines(model)] == titles
    model.narrow("")
    assert lines(model) == WHOLE


def test_a_change_reaches_rows_that_are_not_shown(qtbot: QtBot) -> None:
    """They show it when they are back."""
    model = watched()
    model.narrow("trash")
    model.show({"new": ("F7",)})
    model.narrow("")
    assert lines(model)[1] == ("New session", "F7", "")


@pytest.mark.parametrize("key", ["", "Ctrl+Blah", "blah", "Ctrl+K, Ctrl+P", "Ctrl"])
def test_what_is_no_single_key_is_none(key: str) -> None:
    """A file may hold anything."""
    assert portable(key) == ""


def test_a_key_is_written_in_one_way() -> None:
    """Whatever the case in the file."""
    assert portable("ctrl+shift+k") == "Ctrl+Shift+K"


def test_entries_that_mean_nothing_are_named_and_left_out() -> None:
    """An unknown command, a broken key; a third key is one too many."""
    entries = ("new=F7", "nope=F8", "trash=Blah", "next=", "find=F1", "find=F2", "find=F3")
    changes, notices = usable(entries, ("new", "trash", "next", "find"))
    assert changes == {"new": ("F7",), "next": (), "find": ("F1", "F2")}
    assert len(notices) == 2
    assert "nope" in notices[0]
    assert "Blah" in notices[1]


@pytest.mark.parametrize(
    "key", ["Ctrl+C", "Ctrl+V", "Ctrl+Z", "Return", "Shift+Return", "Ctrl+Right", "A", "Shift+A", "Tab", "Del", "Up"]
)
def test_keys_of_writing_are_refused(key: str) -> None:
    """With a sentence that names the key."""
    assert refusal(key).startswith(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText))


@pytest.mark.parametrize("key", ["F10", "Shift+F10", "Alt+F4", "Ctrl+Tab", "Ctrl+Shift+Tab", "Alt+Space"])
def test_keys_of_the_desktop_are_refused(key: str) -> None:
    """The window would never see them, or menus could not be opened by the keyboard."""
    assert refusal(portable(key)).startswith(native(key))


@pytest.mark.skipif(sys.platform == "darwin", reason="there it is the Control key")
def test_the_key_of_the_desktop_is_refused_with_any_other() -> None:
    """Desktops take what is pressed together with it."""
    assert refusal("Meta+K") != ""


@pytest.mark.parametrize("key", ["Ctrl+K", "F7", "Shift+F7", "Alt+Down"])
def test_other_keys_can_be_had(key: str) -> None:
    """Function keys alone, anything else with Ctrl or Alt."""
    assert refusal(key) == ""


class Desk:
    """Keys that are changed, and everything that was told."""

    def __init__(self, bridge: Bridge, folder: Path) -> None:
        self.settings = SettingsPresenter(bridge=bridge, data_dir=folder)
        self.presenter = ShortcutsPresenter(settings=self.settings, commands=COMMANDS, menus={"Alt+F": "File"})
        self.changed: dict[str, Keys] = {}
        self.told: list[str] = []
        self.presenter.changed.connect(self.changed.update)
        self.presenter.refused.connect(self.told.append)
        self.presenter.asked.connect(self.told.append)

    def keys(self) -> dict[str, Keys]:
        return {command.name: command.keys for command in self.presenter.model.commands}

    def stored(self) -> object:
        return self.settings.wished(SETTING)


OWN = {"new": ("Ctrl+N",), "trash": (), "next": ("F3", "Ctrl+G")}


@pytest.fixture
def desk(idle_bridge: Bridge, tmp_path: Path) -> Desk:
    return Desk(idle_bridge, tmp_path)


def test_a_free_key_is_had_at_once(desk: Desk) -> None:
    """It is told, shown, and kept as the one thing that was changed."""
    desk.presenter.put("trash", 0, "F7")
    assert (desk.changed, desk.keys()) == ({"trash": ("F7",)}, {**OWN, "trash": ("F7",)})
    assert desk.stored() == ("trash=F7",)
    assert desk.told == []


def test_an_alternative_key_stands_beside_the_main_one(desk: Desk) -> None:
    """Each place has its own; a place that is emptied leaves the other."""
    desk.presenter.put("new", 1, "F7")
    assert desk.keys()["new"] == ("Ctrl+N", "F7")
    desk.presenter.put("new", 0, "F8")
    assert desk.keys()["new"] == ("F8", "F7")
    desk.presenter.put("new", 0, "")
    assert desk.keys()["new"] == ("F7",)
    desk.presenter.put("new", 0, "")
    assert (desk.keys()["new"], desk.stored()) == ((), ("new=",))


def test_a_key_that_is_taken_is_asked_about(desk: Desk) -> None:
    """Nothing changes before the answer; the sentence names the other command."""
    desk.presenter.put("trash", 0, "Ctrl+G")
    assert desk.told == ["Ctrl+G is “Find next”."]
    assert desk.keys() == OWN


def test_a_key_can_be_taken_away(desk: Desk) -> None:
    """Both commands change, and both changes are kept."""
    desk.presenter.put("trash", 0, "Ctrl+G")
    desk.presenter.take()
    assert desk.keys() == {**OWN, "trash": ("Ctrl+G",), "next": ("F3",)}
    assert desk.changed == {"trash": ("Ctrl+G",), "next": ("F3",)}
    assert set(desk.stored()) == {"trash=Ctrl+G", "next=F3"}  # type: ignore[call-overload]


def test_a_key_can_be_left_where_it_is(qtbot: QtBot, desk: Desk) -> None:
    """And nothing is taken later."""
    desk.presenter.put("trash", 0, "Ctrl+G")
    with qtbot.waitSignal(desk.presenter.settled):
        desk.presenter.leave()
    desk.presenter.take()
    assert (desk.keys(), desk.stored()) == (OWN, ())


def test_a_key_that_is_needed_is_refused(desk: Desk) -> None:
    """Nothing changes."""
    desk.presenter.put("trash", 0, "Ctrl+C")
    assert "Ctrl+C" in desk.told[0]
    assert desk.keys() == OWN


def test_a_key_that_opens_a_menu_is_refused(desk: Desk) -> None:
    """The sentence names the menu."""
    desk.presenter.put("trash", 0, "Alt+F")
    assert desk.told == ["Alt+F opens the menu “File”."]
    assert desk.keys() == OWN


def test_the_key_that_is_there_already_changes_nothing(qtbot: QtBot, desk: Desk) -> None:
    """It is neither a conflict with itself nor a change."""
    with qtbot.assertNotEmitted(desk.presenter.changed), qtbot.waitSignal(desk.presenter.settled):
        desk.presenter.put("next", 1, "Ctrl+G")


def test_a_command_is_reset_alone(desk: Desk) -> None:
    """Its own keys are back, and nothing is kept of it."""
    desk.presenter.put("trash", 0, "F7")
    desk.presenter.put("new", 0, "F8")
    desk.presenter.reset("new")
    assert desk.keys() == {**OWN, "trash": ("F7",)}
    assert desk.stored() == ("trash=F7",)


def test_a_reset_asks_for_a_key_that_another_one_has_meanwhile(desk: Desk) -> None:
    """It is not stolen in silence."""
    desk.presenter.put("trash", 0, "Ctrl+G")
    desk.presenter.take()
    desk.presenter.reset("next")
    assert desk.told[-1] == "Ctrl+G is “Trash”."
    assert desk.keys()["next"] == ("F3",)
    desk.presenter.take()
    assert desk.keys() == OWN
    assert desk.stored() == ()


def test_all_are_reset_at_once(desk: Desk) -> None:
    """Whatever was taken from whom."""
    desk.presenter.put("trash", 0, "Ctrl+G")
    desk.presenter.take()
    desk.presenter.put("new", 0, "")
    desk.presenter.reset_all()
    assert (desk.keys(), desk.stored()) == (OWN, ())


def test_keys_of_unknown_commands_stay_in_the_settings(qtbot: QtBot, bridge: Bridge, tmp_path: Path) -> None:
    """Another version may know them."""
    desk = Desk(bridge, tmp_path)
    with qtbot.waitSignal(desk.settings.changed, timeout=PATIENCE_MS):
        desk.settings.set(SETTING, ("future=F9",))
    with qtbot.waitSignal(desk.settings.changed, timeout=PATIENCE_MS) as changed:
        desk.presenter.put("trash", 0, "F7")
    assert changed.args == [SETTING, ("future=F9", "trash=F7")]
