from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.actions import Actions
from desktop.ui.palette.commands import _helps, commands


def test_commands_are_those_of_the_menus(qtbot: QtBot) -> None:
    """Each has its menus, its text without the marks of letters, what it does, and its keys."""
    bar = QMenuBar()
    qtbot.addWidget(bar)
    below = bar.addMenu("&View").addMenu("&Theme")
    action = QAction("&Dark && deep", bar)
    action.setObjectName("themeDark")
    action.setShortcut(QKeySequence("Ctrl+D"))
    below.addAction(action)
    below.addSeparator()
    below.addAction("has no name")
    (found,) = commands(bar)
    assert (found.path, found.text, found.shortcut) == (("View", "Theme"), "Dark & deep", "Ctrl+D")
    assert found.help == "Light letters on a dark ground"


def test_what_cannot_be_done_is_left_out(qtbot: QtBot) -> None:
    """A row that does nothing helps nobody."""
    bar = QMenuBar()
    qtbot.addWidget(bar)
    action = bar.addMenu("Edit").addAction("Stop")
    action.setObjectName("stop")
    assert [each.name for each in commands(bar)] == ["stop"]
    action.setEnabled(False)
    assert commands(bar) == ()


def test_every_command_of_the_window_says_what_it_does(qtbot: QtBot) -> None:
    """No row of the palette lacks its second line, and no sentence lacks its command."""
    host = QWidget()
    qtbot.addWidget(host)
    made = Actions(parent=host)
    bar = QMenuBar(host)
    made.build_menus(bar)
    for action in host.findChildren(QAction):
        action.setEnabled(True)
    found = commands(bar)
    assert [each.name for each in found if not each.help] == []
    assert "palette" not in {each.name for each in found}
    assert set(_helps()) - {each.name for each in found} == set()
