"""The fold of a summary in the transcript."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.domain.summaries import StoredSummary, SummaryState
from desktop.ui.transcript.blocks.button import TextButton
from desktop.ui.transcript.blocks.summary import SummaryBlock
from desktop.ui.transcript.blocks.text import TextBlock
from desktop.ui.transcript.cards import Action
from tests.ui.transcript.reading import Reading, asked, message

SUMMARY = StoredSummary(
    id=7,
    session_id="s",
    first_depth=0,
    last_depth=1,
    last_id=2,
    text="**Facts**\n\n- one\n- two",
    model="maker/small-1",
    is_edited=False,
    state=SummaryState.NONE,
    created_at=0,
)


def show(reading: Reading, summary: StoredSummary = SUMMARY) -> SummaryBlock:
    """Show a conversation with a summary of its first two messages."""
    reading.show([asked(1), message(2, "answer"), asked(3), message(4, "answer")])
    reading.model.set_summaries([summary])
    reading.settle()
    return fold(reading)


def fold(reading: Reading) -> SummaryBlock:
    found = reading.find(SummaryBlock)
    assert isinstance(found, SummaryBlock)
    return found


def unfold(reading: Reading, block: SummaryBlock) -> None:
    reading.click(block, QPoint(40, 24))
    reading.settle()


def words(block: SummaryBlock) -> list[str]:
    """Return what the unfolded text shows."""
    return [each.flow.text for each in block.findChildren(TextBlock) if each.isVisible() and each.flow]


def test_it_says_what_it_stands_for(reading: Reading) -> None:
    """Messages, state and model, in words."""
    block = show(reading)
    assert block.accessibleName() == "Summary of messages 1–2, sent in their place · small-1, folded"
    assert words(block) == []


def test_a_click_unfolds_it_as_markdown(reading: Reading) -> None:
    """And another one folds it again."""
    block = show(reading)
    unfold(reading, block)
    assert words(block) == ["Facts", "one", "two"]
    assert "unfolded" in block.accessibleName()
    unfold(reading, block)
    assert words(block) == []


def test_the_keyboard_unfolds_it(reading: Reading, qtbot: QtBot) -> None:
    """Enter, as with the thinking."""
    block = show(reading)
    block.setFocus()
    qtbot.keyClick(block, Qt.Key.Key_Return)
    reading.settle()
    assert words(block) == ["Facts", "one", "two"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": SummaryState.PINNED}, "pinned · small-1"),
        ({"state": SummaryState.OFF}, "switched off · small-1"),
        ({"is_edited": True, "model": ""}, "sent in their place · edited by hand"),
    ],
)
def test_its_state_is_said_in_words(reading: Reading, change: dict[str, object], said: str) -> None:
    """Nobody has to know an icon."""
    assert said in show(reading, replace(SUMMARY, **change)).accessibleName()  # type: ignore[arg-type]


def test_an_older_one_says_that_it_is_not_sent(reading: Reading) -> None:
    """The furthest takes its place."""
    reading.show([asked(1), message(2, "answer"), asked(3), message(4, "answer")])
    reading.model.set_summaries([replace(SUMMARY, id=8, last_id=4, last_depth=3), SUMMARY])
    reading.settle()
    assert "not sent: another one is" in fold(reading).accessibleName()


@pytest.mark.parametrize(
    "action", [Action.EDIT_SUMMARY, Action.REDO_SUMMARY, Action.PIN_SUMMARY, Action.SWITCH_SUMMARY]
)
def test_its_buttons_ask(reading: Reading, qtbot: QtBot, action: Action) -> None:
    """Each with the message that it stands below."""
    block = show(reading)
    unfold(reading, block)
    with qtbot.waitSignal(reading.view.asked) as wish:
        reading.click(reading.button(action.value))
    assert wish.args is not None
    assert (wish.args[0], wish.args[1].key) == (action, 2)


def test_the_buttons_take_back_what_was_decided(reading: Reading) -> None:
    """What is pinned can be unpinned, what is off can be switched on."""
    block = show(reading, replace(SUMMARY, state=SummaryState.PINNED))
    unfold(reading, block)
    labels = [button.text() for button in block.findChildren(TextButton) if button.isVisible()]
    assert labels == ["Edit", "Redo", "Unpin", "Switch off"]
    reading.model.set_summaries([replace(SUMMARY, state=SummaryState.OFF)])
    reading.settle()
    labels = [button.text() for button in block.findChildren(TextButton) if button.isVisible()]
    assert labels == ["Edit", "Redo", "Pin", "Switch on"]


def test_another_text_is_shown_where_it_is_unfolded(reading: Reading) -> None:
    """After an edit the same fold says something else."""
    block = show(reading)
    unfold(reading, block)
    reading.model.set_summaries([replace(SUMMARY, id=9, text="Other words.")])
    reading.settle()
    assert words(fold(reading)) == ["Other words."]


def test_it_is_no_part_of_the_conversation(reading: Reading) -> None:
    """Copying everything copies what was said and nothing else."""
    block = show(reading)
    unfold(reading, block)
    reading.view.selectAll()
    reading.view.copy()
    text = QGuiApplication.clipboard().text()
    assert "Facts" not in text
    assert "answer" in text
