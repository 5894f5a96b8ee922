"""The questions that a model suggested below the last answer."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.ui.transcript.blocks.follow_ups import Chip, FollowUpsBlock
from desktop.ui.transcript.cards import FollowUp
from tests.ui.transcript.reading import Reading, asked, message

SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def show(reading: Reading, *questions: str) -> list[Chip]:
    """Show an answer with suggestions; return their chips."""
    reading.show([asked(1), message(2, "text", metadata={"follow_ups": list(questions)})])
    block = reading.find(FollowUpsBlock)
    return [chip for chip in block.findChildren(Chip) if chip.isVisible()]


@pytest.mark.parametrize(("held", "only_put"), [(NONE, False), (SHIFT, True)])
def test_a_click_asks(reading: Reading, qtbot: QtBot, held: Qt.KeyboardModifier, only_put: bool) -> None:
    """With Shift it is only put where it can be changed."""
    chips = show(reading, "Why?", "How?")
    with qtbot.waitSignal(reading.view.asked) as wish:
        qtbot.mouseClick(chips[1], Qt.MouseButton.LeftButton, held)
    assert wish.args is not None
    assert wish.args[0] == FollowUp("How?", only_put)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_the_keyboard_asks(reading: Reading, qtbot: QtBot, key: Qt.Key) -> None:
    """Enter and the space bar press what Tab has reached."""
    chips = show(reading, "Why?")
    for _step in range(20):
        if chips[0].hasFocus():
            break
        reading.view.focusNextPrevChild(True)
    assert chips[0].hasFocus()
    with qtbot.waitSignal(reading.view.asked) as wish:
        qtbot.keyClick(chips[0], key)
    assert wish.args is not None
    assert wish.args[0] == FollowUp("Why?", only_put=False)


def test_foreign_words_are_only_words(reading: Reading) -> None:
    """Neither markup nor a shortcut; a long one is cut for the eye and whole for the ear and on request."""
    chips = show(reading, "Is <b>R&D</b> &fun?", "long " * 28 + "<i>")
    assert chips[0].accessibleName() == "Ask: Is <b>R&D</b> &fun?"
    assert chips[0].shortcut().isEmpty()
    assert chips[0].text() == "Is <b>R&D</b> &fun?"
    reading.view.resize(360, 600)
    reading.settle()
    assert chips[1].text().endswith("…")
    assert "&lt;" in chips[1].toolTip() or "<i>" not in chips[1].toolTip()
    assert chips[1].accessibleName().startswith("Ask: long long")


def test_what_has_no_room_goes_into_the_next_line(reading: Reading) -> None:
    """Nothing reaches out of the column."""
    chips = show(reading, "a " * 40, "b " * 40, "c " * 40)
    assert len({chip.y() for chip in chips}) > 1
    assert all(chip.geometry().right() <= chip.parentWidget().width() for chip in chips)  # type: ignore[union-attr]


def test_they_are_gone_when_something_is_said(reading: Reading) -> None:
    """They belong to the end of the path."""
    show(reading, "Why?")
    reading.model.branch(2, [asked(3)])
    reading.settle()
    assert not [block for block in reading.view.blocks() if isinstance(block, FollowUpsBlock)]


def test_they_come_when_they_are_there(reading: Reading) -> None:
    """A model is asked behind the answer, so they come later."""
    reading.show([asked(1), message(2, "text")])
    reading.model.replace(message(2, "text", metadata={"follow_ups": ["Why?"]}))
    reading.settle()
    assert isinstance(reading.find(FollowUpsBlock), FollowUpsBlock)
