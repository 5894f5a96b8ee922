"""Keys that are changed in the settings of the real window, and used."""

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QKeySequenceEdit

from desktop.presenters.shortcuts import COMMAND_ROLE, Column
from desktop.ui.dialogs.manual import ManualDialog
from desktop.ui.settings.dialog import KEYBOARD, SettingsDialog
from desktop.ui.settings.keyboard import KeyboardPage
from tests.app.conftest import Come
from tests.app.person import Person

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier


def keyboard(person: Person) -> KeyboardPage:
    """Open the settings at the keyboard."""
    person.trigger("settings")
    dialog = person.dialog(SettingsDialog)
    dialog.show_section(KEYBOARD)
    page = dialog.page(KEYBOARD)
    assert isinstance(page, KeyboardPage)
    return page


def press(person: Person, page: KeyboardPage, name: str, key: Qt.Key) -> None:
    """Click the main key of a command and press another one with Ctrl."""
    model, table = page.table.model(), page.table
    rows = [model.index(row, Column.KEY) for row in range(model.rowCount())]
    cell = next(index for index in rows if index.data(COMMAND_ROLE) and index.data(COMMAND_ROLE).name == name)
    table.scrollTo(cell)
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(cell).center())
    field = table.findChild(QKeySequenceEdit)
    assert isinstance(field, QKeySequenceEdit)
    QTest.keyClick(field, key, Ctrl)


def stored(person: Person) -> object:
    """Return what the settings file holds of keys."""
    file = person.folder / "settings.json"
    return json.loads(file.read_text()).get("shortcuts") if file.exists() else None


def test_a_changed_key_works_now_and_after_the_next_start(come: Come) -> None:
    """The old key does nothing any more; button and manual tell the new one."""
    person = come()
    page = keyboard(person)
    press(person, page, "newSession", Key.Key_J)
    person.until(lambda: stored(person) == ["newSession=Ctrl+J"], "the key on disk")
    page.window().close()
    new = person.action("newSession")
    assert new.shortcuts() == [QKeySequence("Ctrl+J")]
    assert person.window.sidebar.new_session._hint == "Ctrl J"
    person.trigger("keyboardShortcuts")
    manual = person.dialog(ManualDialog)
    assert "Ctrl+N" not in manual.page.toPlainText()
    assert "Ctrl+J" in manual.page.toPlainText()
    person.leave()

    person = come()
    person.until(lambda: person.action("newSession").shortcuts() == [QKeySequence("Ctrl+J")], "the key at the start")
    used: list[str] = []
    person.action("newSession").triggered.connect(lambda: used.append("used"))
    person.press(Key.Key_N, Ctrl)
    assert used == []
    person.press(Key.Key_J, Ctrl)
    assert used == ["used"]


def test_a_key_is_taken_from_another_command(come: Come) -> None:
    """It calls the one it was given to, and the other has none."""
    person = come()
    page = keyboard(person)
    press(person, page, "statistics", Key.Key_N)
    assert "New session" in page.said.text()
    QTest.mouseClick(page.take, Qt.MouseButton.LeftButton)
    assert person.action("statistics").shortcuts() == [QKeySequence("Ctrl+N")]
    assert person.action("newSession").shortcuts() == []
    person.until(lambda: stored(person) is not None, "the keys on disk")


def test_a_settings_file_that_means_nothing_is_told_and_does_no_harm(come: Come, tmp_path: Path) -> None:
    """An unknown command and a broken key: the window opens, the rest counts."""
    folder = tmp_path / "data"
    folder.mkdir()
    entries = ["nope=Ctrl+J", "newSession=Ctrl+Blah", "statistics=Ctrl+J"]
    (folder / "settings.json").write_text(json.dumps({"shortcuts": entries}))
    person = come()
    person.until(lambda: "nope" in person.window.banner.text(), "the notice")
    assert "Blah" in person.window.banner.text()
    assert person.action("newSession").shortcuts() == [QKeySequence("Ctrl+N")]
    assert person.action("statistics").shortcuts() == [QKeySequence("Ctrl+J")]
