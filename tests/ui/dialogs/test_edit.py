"""The dialog in which something that was said gets another text."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.dialogs.edit import EditDialog

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def dialog(qtbot: QtBot) -> Iterator[EditDialog]:
    """A dialog that is open, with a text of two lines."""
    host = QWidget()
    qtbot.addWidget(host)
    host.show()
    made = EditDialog(title="Edit", note="A note.", keep="Keep", text="one\n**two**", parent=host)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    made.open()
    yield made
    made.deleteLater()


def keep(dialog: EditDialog) -> QPushButton:
    found = dialog.findChild(QPushButton, "editKeep")
    assert isinstance(found, QPushButton)
    return found


def test_the_text_is_there_as_it_was_written(dialog: EditDialog) -> None:
    """Markdown is edited as Markdown."""
    assert dialog.field.text() == "one\n**two**"


def test_enter_breaks_the_line_and_ctrl_enter_keeps(qtbot: QtBot, dialog: EditDialog) -> None:
    """A text of several lines is no message that a slip sends."""
    with qtbot.assertNotEmitted(dialog.kept):
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.keyClicks(dialog.field, "three")
    with qtbot.waitSignal(dialog.kept) as kept:
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return, CTRL)
    assert kept.args == ["one\n**two**\nthree"]


def test_a_refusal_is_said_and_the_text_stays(qtbot: QtBot, dialog: EditDialog) -> None:
    """It can be tried again without typing it again."""
    qtbot.keyClick(dialog.field, Qt.Key.Key_Return, CTRL)
    assert not keep(dialog).isEnabled()
    dialog.refuse("Not now <b>.")
    label = dialog.findChild(QLabel, "editRefusal")
    assert isinstance(label, QLabel)
    assert label.isVisible()
    assert (label.text(), label.textFormat()) == ("Not now <b>.", Qt.TextFormat.PlainText)
    assert dialog.isVisible()
    assert dialog.field.text() == "one\n**two**"
    assert keep(dialog).isEnabled()


def test_escape_leaves_and_tells_what_was_typed(qtbot: QtBot, dialog: EditDialog) -> None:
    """Whoever opened the dialog can keep it."""
    qtbot.keyClicks(dialog.field, "!")
    with qtbot.waitSignal(dialog.left) as left:
        qtbot.keyClick(dialog.field, Qt.Key.Key_Escape)
    assert left.args == ["one\n**two**!"]
    assert not dialog.isVisible()


def test_an_empty_text_cannot_be_kept(qtbot: QtBot, dialog: EditDialog) -> None:
    """There is Delete for that."""
    dialog.field.set_text(" \n ")
    qtbot.keyClick(dialog.field, Qt.Key.Key_Backspace)
    assert not keep(dialog).isEnabled()
    with qtbot.assertNotEmitted(dialog.kept):
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return, CTRL)


def test_a_line_without_end_comes_back_as_it_was(qtbot: QtBot, dialog: EditDialog) -> None:
    """Lines that are broken for the layout alone are whole again in what is kept."""
    dialog.field.set_text("x" * 5_000)
    with qtbot.waitSignal(dialog.kept) as kept:
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return, CTRL)
    assert kept.args == ["x" * 5_000]
