"""What is asked of messages that changes the session: buttons, the menu behind "More", the keyboard's menu."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from desktop.domain.messages import Role, Status
from desktop.presenters.transcript import TranscriptItem
from desktop.ui.transcript.blocks.footer import FooterBlock
from desktop.ui.transcript.blocks.header import HeaderBlock
from desktop.ui.transcript.cards import Action, actions_of, menu_of, more_of
from tests.ui.transcript.reading import Reading, asked, message, writing

NO_GRAB = pytest.mark.qt_log_ignore("This plugin does not support grabbing", extend=True)


def test_the_line_below_an_answer(reading: Reading) -> None:
    """Copy, Quote, Retry, Branch, and the rest behind More."""
    item = TranscriptItem(message(2, "text"))
    assert actions_of(item) == (Action.COPY, Action.QUOTE, Action.RETRY, Action.BRANCH, Action.MORE)
    assert more_of(item) == (Action.EDIT, Action.RETRY_WITH, Action.DELETE)


def test_the_line_below_a_question(reading: Reading) -> None:
    """A question is edited more often than branched from."""
    item = TranscriptItem(asked(1))
    assert actions_of(item) == (Action.COPY, Action.QUOTE, Action.EDIT, Action.MORE)
    assert more_of(item) == (Action.BRANCH, Action.DELETE)


def test_the_keyboards_menu_has_all_of_it_once() -> None:
    """What stands on a card, too, and nothing that only opens another menu."""
    item = TranscriptItem(message(2, "text", status=Status.STOPPED))
    found = menu_of(item)
    assert len(found) == len(set(found))
    assert {Action.RETRY, Action.CONTINUE, Action.EDIT, Action.BRANCH, Action.RETRY_WITH, Action.DELETE} <= set(found)
    assert Action.MORE not in found


@pytest.mark.parametrize("shown", [writing(2, "so far"), message(-1, "waits to be stored"), asked(-2)])
def test_what_is_not_final_is_left_alone(shown: object) -> None:
    """A message that is being written, or not stored yet, has no versions."""
    item = TranscriptItem(shown)  # type: ignore[arg-type]
    assert not set(menu_of(item)) & {Action.EDIT, Action.BRANCH, Action.RETRY_WITH, Action.DELETE}


def test_what_a_tool_said_is_not_edited() -> None:
    """It can be thrown away, though."""
    found = menu_of(TranscriptItem(message(2, "42", role=Role.TOOL)))
    assert Action.DELETE in found
    assert not {Action.EDIT, Action.RETRY, Action.RETRY_WITH} & set(found)


@pytest.mark.parametrize(("name", "action"), [("branch", Action.BRANCH), ("retry", None)])
def test_a_button_asks(reading: Reading, qtbot: QtBot, name: str, action: Action | None) -> None:
    """What is not done within the transcript goes up with the message; Retry has its own way."""
    reading.show([asked(1), message(2, "text")])
    if action is None:
        with qtbot.assertNotEmitted(reading.view.asked):
            reading.click(reading.button(name))
        return
    with qtbot.waitSignal(reading.view.asked) as wish:
        reading.click(reading.button(name))
    assert wish.args is not None
    assert (wish.args[0], wish.args[1].key) == (action, 2)


@NO_GRAB
def test_more_opens_the_rest(reading: Reading, qtbot: QtBot) -> None:
    """Each entry asks what it says."""
    reading.show([asked(1), message(2, "text")])
    reading.click(reading.button("more"))
    (menu,) = reading.view.findChildren(QMenu, "moreMenu")
    assert [entry.text() for entry in menu.actions()] == ["Edit", "Retry with another model…", "Delete"]
    with qtbot.waitSignal(reading.view.asked) as wish:
        menu.actions()[2].trigger()
    assert wish.args is not None
    assert (wish.args[0], wish.args[1].key) == (Action.DELETE, 2)
    menu.close()


@NO_GRAB
def test_the_keyboard_deletes(reading: Reading, qtbot: QtBot) -> None:
    """Alt+Up, Enter, and the entry's letter."""
    reading.show([asked(1), message(2, "text")])
    qtbot.keyClick(reading.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    reading.settle()
    qtbot.keyClick(reading.view, Qt.Key.Key_Return)
    (menu,) = reading.view.findChildren(QMenu, "messageMenu")
    entry = next(entry for entry in menu.actions() if entry.text().replace("&", "") == "Delete")
    assert "&" in entry.text()
    with qtbot.waitSignal(reading.view.asked) as wish:
        entry.trigger()
    assert wish.args is not None
    assert wish.args[0] is Action.DELETE
    menu.close()


def test_an_edited_answer_says_so(reading: Reading) -> None:
    """In the line above it, for eye and ear."""
    reading.show([asked(1), message(2, "text", model="a/b", metadata={"edited_from": "u"})])
    assert "edited" in reading.find(HeaderBlock).accessibleName()


def test_an_edited_question_says_so(reading: Reading) -> None:
    """It has no line above it, so the one below says it."""
    reading.show([message(1, "q", role=Role.USER, metadata={"edited_from": "u"})])
    footer = reading.find(FooterBlock)
    assert isinstance(footer, FooterBlock)
    assert "edited" in footer.numbers()
    assert footer.accessibleName().startswith("edited")


def test_a_merged_ending_says_where_it_comes_from(reading: Reading) -> None:
    """A copy of a whole session needs no such word."""
    merged = {"merged_from": "u", "edited_from": "u"}
    reading.show([message(1, "a", model="a/b", metadata=merged), message(2, "b", metadata={"copied_from": "u"})])
    names = [block.accessibleName() for block in reading.view.blocks() if isinstance(block, HeaderBlock)]
    assert "from another branch" in names[0]
    assert "edited" not in names[0]
    assert "from" not in names[1]


def test_the_providers_own_name_is_shown(reading: Reading) -> None:
    """Not the id under which it is stored."""
    reading.show([message(2, "text", model="my-box-2/qwen")])
    reading.model.set_provider_names({"my-box-2": "My <b>box"})
    reading.settle()
    assert reading.find(HeaderBlock).accessibleName() == "qwen, My <b>box"
