"""The page on which keys are changed."""

from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QKeySequenceEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.shortcuts import Command
from desktop.presenters.bridge import Bridge
from desktop.presenters.settings import SettingsPresenter
from desktop.presenters.shortcuts import Column, ShortcutsPresenter
from desktop.ui.settings.keyboard import KeyboardPage

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
COMMANDS = (
    Command(name="new", title="New session", group="File", defaults=("Ctrl+N",), keys=("Ctrl+N",)),
    Command(name="trash", title="Trash", group="File"),
    Command(name="model", title="Choose the model", group="Session", defaults=("Ctrl+M",), keys=("Ctrl+M",)),
)
NEW, TRASH, MODEL = 1, 2, 4


class Desk:
    """The page in a window."""

    def __init__(self, qtbot: QtBot, bridge: Bridge, folder: Path) -> None:
        self.qtbot = qtbot
        self.host = QWidget()
        qtbot.addWidget(self.host)
        settings = SettingsPresenter(bridge=bridge, data_dir=folder, parent=self.host)
        self.presenter = ShortcutsPresenter(settings=settings, commands=COMMANDS, parent=self.host)
        self.page = KeyboardPage(presenter=self.presenter, parent=self.host)
        self.page.resize(640, 520)
        self.host.resize(640, 520)
        self.host.show()
        qtbot.waitExposed(self.host)
        self.table = self.page.table

    def at(self, row: int, column: int = Column.KEY) -> QModelIndex:
        return self.presenter.model.index(row, column)

    def edit(self, row: int, column: int = Column.KEY) -> QKeySequenceEdit:
        """Click a key's cell and return the field that opens there."""
        place = self.table.visualRect(self.at(row, column)).center()
        self.qtbot.mouseClick(self.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        found = self.table.findChild(QKeySequenceEdit)
        assert isinstance(found, QKeySequenceEdit)
        return found

    def press(self, row: int, key: Qt.Key, modifiers: Qt.KeyboardModifier = Ctrl, column: int = Column.KEY) -> None:
        field = self.edit(row, column)
        self.qtbot.keyClick(field, key, modifiers)
        self.qtbot.waitUntil(lambda: self.table.findChild(QKeySequenceEdit) is None)

    def keys(self, row: int) -> list[str]:
        return [str(self.at(row, column).data() or "") for column in (Column.KEY, Column.ALTERNATIVE)]


@pytest.fixture
def desk(qtbot: QtBot, idle_bridge: Bridge, tmp_path: Path) -> Desk:
    return Desk(qtbot, idle_bridge, tmp_path)


def test_a_key_is_pressed_in_its_place(desk: Desk) -> None:
    """One press is enough, and no notice is needed."""
    desk.press(TRASH, Key.Key_T)
    assert desk.keys(TRASH) == ["Ctrl+T", ""]
    assert not desk.page.said.isVisible()


def test_escape_leaves_the_key_as_it_is(desk: Desk) -> None:
    """It is not taken for the new key."""
    desk.press(NEW, Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    assert desk.keys(NEW) == ["Ctrl+N", ""]


def test_going_elsewhere_leaves_the_key_as_it_is(desk: Desk) -> None:
    """A field without a key changes nothing."""
    desk.edit(NEW)
    desk.page.filter.setFocus()
    desk.qtbot.waitUntil(lambda: desk.table.findChild(QKeySequenceEdit) is None)
    assert desk.keys(NEW) == ["Ctrl+N", ""]


def test_a_second_key_stands_beside_the_first(desk: Desk) -> None:
    """In the column of alternatives."""
    desk.press(NEW, Key.Key_T, column=Column.ALTERNATIVE)
    assert desk.keys(NEW) == ["Ctrl+N", "Ctrl+T"]


def test_delete_takes_a_key_away(desk: Desk) -> None:
    """Without opening the field."""
    desk.table.setCurrentIndex(desk.at(NEW))
    desk.qtbot.keyClick(desk.table, Key.Key_Delete)
    assert desk.keys(NEW) == ["", ""]


def test_enter_opens_the_field(desk: Desk) -> None:
    """Everything here is done without a mouse, too."""
    desk.table.setFocus()
    desk.table.setCurrentIndex(desk.at(NEW))
    desk.qtbot.keyClick(desk.table, Key.Key_Return)
    field = desk.table.findChild(QKeySequenceEdit)
    assert isinstance(field, QKeySequenceEdit)
    desk.qtbot.keyClick(field, Key.Key_T, Ctrl)
    assert desk.keys(NEW) == ["Ctrl+T", ""]


def test_a_conflict_names_the_other_command(desk: Desk) -> None:
    """And offers to take the key or to leave it."""
    desk.press(TRASH, Key.Key_M)
    assert desk.page.said.text() == "Ctrl+M is “Choose the model”."
    assert desk.keys(TRASH) == ["", ""]
    desk.qtbot.mouseClick(desk.page.take, Qt.MouseButton.LeftButton)
    assert (desk.keys(TRASH), desk.keys(MODEL)) == (["Ctrl+M", ""], ["", ""])
    assert not desk.page.said.isVisible()


def test_a_conflict_may_stay_as_it_was(desk: Desk) -> None:
    """The keyboard goes back to the table."""
    desk.press(TRASH, Key.Key_M)
    desk.qtbot.keyClick(desk.page.leave, Key.Key_Space)
    assert (desk.keys(TRASH), desk.keys(MODEL)) == (["", ""], ["Ctrl+M", ""])
    assert not desk.page.said.isVisible()


def test_a_key_of_writing_is_refused_with_a_sentence(desk: Desk) -> None:
    """There is nothing to decide then."""
    desk.qtbot.keyClick(desk.edit(TRASH), Key.Key_C, Ctrl)
    assert "Ctrl+C" in desk.page.said.text()
    assert desk.page.said.isVisible()
    assert not desk.page.take.isVisible()
    assert desk.keys(TRASH) == ["", ""]


def test_escape_answers_the_question_alone(desk: Desk) -> None:
    """The key stays where it is; what is around the page does not hear of it, and so stays open."""
    desk.press(TRASH, Key.Key_M)
    event = QKeyEvent(QKeyEvent.Type.KeyPress, Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(desk.page.take, event)
    assert event.isAccepted()
    assert (desk.keys(TRASH), desk.keys(MODEL)) == (["", ""], ["Ctrl+M", ""])
    assert not desk.page.said.isVisible()


def test_a_refused_key_leaves_the_field_open_for_another(desk: Desk) -> None:
    """The next press is taken without another click."""
    field = desk.edit(TRASH)
    desk.qtbot.keyClick(field, Key.Key_J)
    assert "J" in desk.page.said.text()
    assert field.keySequence().isEmpty()
    desk.qtbot.keyClick(field, Key.Key_J, Ctrl)
    desk.qtbot.waitUntil(lambda: desk.table.findChild(QKeySequenceEdit) is None)
    assert desk.keys(TRASH) == ["Ctrl+J", ""]
    assert not desk.page.said.isVisible()


@pytest.mark.parametrize("way", ["filter", "row"])
def test_what_was_said_goes_with_the_command_it_was_about(desk: Desk, way: str) -> None:
    """It would be read as being about another one."""
    desk.qtbot.keyClick(desk.edit(TRASH), Key.Key_J)
    assert desk.page.said.isVisible()
    if way == "filter":
        desk.page.filter.setText("new")
    else:
        desk.table.setCurrentIndex(desk.at(NEW))
    assert not desk.page.said.isVisible()


def test_one_or_all_are_reset(desk: Desk) -> None:
    """Only what was changed can be."""
    assert not desk.page.reset_all.isEnabled()
    desk.press(NEW, Key.Key_T)
    desk.press(TRASH, Key.Key_Y, Qt.KeyboardModifier.AltModifier)
    desk.table.setCurrentIndex(desk.at(MODEL))
    assert not desk.page.reset.isEnabled()
    desk.table.setCurrentIndex(desk.at(NEW))
    desk.qtbot.mouseClick(desk.page.reset, Qt.MouseButton.LeftButton)
    assert (desk.keys(NEW), desk.keys(TRASH)) == (["Ctrl+N", ""], ["Alt+Y", ""])
    desk.qtbot.mouseClick(desk.page.reset_all, Qt.MouseButton.LeftButton)
    assert desk.keys(TRASH) == ["", ""]
    assert not desk.page.reset_all.isEnabled()


def test_the_field_narrows_the_table(desk: Desk) -> None:
    """By words or keys."""
    desk.qtbot.keyClicks(desk.page.filter, "ctrl+m")
    assert desk.presenter.model.rowCount() == 2
    assert desk.at(1, Column.COMMAND).data() == "Choose the model"


def test_the_window_may_go_while_a_key_is_waited_for(desk: Desk) -> None:
    """Nothing is changed by it."""
    desk.edit(NEW)
    desk.host.hide()
    desk.host.show()
    assert desk.keys(NEW) == ["Ctrl+N", ""]
