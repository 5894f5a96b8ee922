"""Walking through the transcript by keyboard: messages, blocks, actions, and out again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from desktop.domain.messages import Status
from desktop.ui.transcript.walk import with_mnemonics
from tests.ui.transcript.hands import NO_GRAB
from tests.ui.transcript.reading import Reading, asked, message, talk, writing

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier
UP, DOWN = Qt.Key.Key_Up, Qt.Key.Key_Down


def step(reading: Reading, key: Qt.Key, held: Qt.KeyboardModifier = ALT) -> int:
    """Press a key; return the message that the keyboard is on then, 0 for none."""
    reading.bot.keyClick(reading.view, key, held)
    reading.settle()
    item = reading.view._walk.item
    return item.key if item is not None else 0


def on_screen(reading: Reading) -> bool:
    """Return whether the frame is in sight."""
    frame = reading.view._walk.frame
    return frame.isVisible() and frame.geometry().intersects(reading.view.viewport().rect())


def test_the_first_step_up_is_to_the_last_message(reading: Reading) -> None:
    """From the message box one comes to what was said last."""
    reading.show(talk(40))
    assert (step(reading, UP), reading.view.hasFocus(), on_screen(reading)) == (40, True, True)


def test_steps_go_from_message_to_message(reading: Reading) -> None:
    """Up and Down with Alt visit every message in order, each with its frame in sight."""
    reading.show(talk(40))
    visited = []
    for _ in range(40):
        visited.append(step(reading, UP))
        assert on_screen(reading)
    assert visited == list(range(40, 0, -1))
    assert [step(reading, DOWN) for _ in range(3)] == [2, 3, 4]


def test_the_walk_ends_at_the_ends(reading: Reading) -> None:
    """Beyond the first and the last message there is nothing."""
    reading.show(talk(2))
    assert [step(reading, UP) for _ in range(3)] == [2, 1, 1]
    assert [step(reading, DOWN) for _ in range(2)] == [2, 2]


def test_a_step_in_an_empty_session_does_nothing(reading: Reading) -> None:
    """Without messages there is nowhere to stand."""
    reading.show([])
    assert step(reading, UP) == 0
    assert step(reading, DOWN, CTRL) == 0


def test_a_message_that_is_not_loaded_is_waited_for(reading: Reading) -> None:
    """The page above is asked for, and the step is taken when it is there."""
    asked_for: list[int] = []
    reading.view.older_wanted.connect(lambda: asked_for.append(1))
    reading.show(talk(3, first=201), has_older=True)
    assert [step(reading, UP) for _ in range(4)] == [203, 202, 201, 201]
    assert asked_for
    reading.model.prepend(talk(100, first=101), has_older=False)
    reading.settle()
    item = reading.view._walk.item
    assert item is not None
    assert (item.key, on_screen(reading)) == (200, True)


def test_nothing_is_waited_for_where_nothing_is(reading: Reading) -> None:
    """A page that turns out to be empty ends the wait."""
    reading.show(talk(3, first=201), has_older=True)
    for _ in range(4):
        step(reading, UP)
    reading.model.prepend([], has_older=False)
    reading.settle()
    assert step(reading, DOWN) == 202


def test_blocks_are_visited_one_by_one(reading: Reading) -> None:
    """With Ctrl one stands on each block, through the ends of messages."""
    reading.show([asked(1, "question"), message(2, "one\n\n```\ncode\n```\n\ntwo", model="a/b")])
    kinds = []
    step(reading, UP)
    step(reading, UP)
    for _ in range(8):
        step(reading, DOWN, CTRL)
        place = reading.view._walk.place
        assert place is not None
        kinds.append((place.item.key, place.section.name, place.index))
    assert kinds == [
        *((1, "BLOCKS", 0), (1, "FOOT", 0), (2, "HEAD", 0)),
        *((2, "BLOCKS", 0), (2, "BLOCKS", 1), (2, "BLOCKS", 2), (2, "FOOT", 0), (2, "FOOT", 0)),
    ]


def test_home_and_end_go_to_the_ends(reading: Reading) -> None:
    """The frame goes along when one goes to the beginning or the end."""
    reading.show(talk(40))
    step(reading, UP)
    assert step(reading, Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier) == 1
    assert on_screen(reading)
    assert step(reading, Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier) == 40
    assert reading.at_end()


def test_the_frame_is_around_the_message(reading: Reading) -> None:
    """It encloses all blocks of the message and none of another."""
    reading.show([asked(1), message(2, "one\n\ntwo", model="a/b"), asked(3)])
    step(reading, UP)
    assert step(reading, UP) == 2
    frame = reading.view._walk.frame.geometry()
    tops = {key: top for key, top in reading.tops().items() if key[1] == "BLOCKS"}
    inside = {key[0] for key, top in tops.items() if frame.top() <= top + 20 <= frame.bottom()}
    assert inside == {2}


def test_the_frame_is_seen_while_the_keyboard_is_there(reading: Reading) -> None:
    """When the keyboard is elsewhere, nothing is framed."""
    reading.show(talk(4))
    step(reading, UP)
    before = reading.view._walk.frame.isVisible()
    reading.view.clearFocus()
    assert (before, reading.view._walk.frame.isVisible()) == (True, False)


def test_escape_leads_back(reading: Reading) -> None:
    """The keyboard is given away, and the next walk begins anew."""
    reading.show(talk(4))
    step(reading, UP)
    step(reading, UP)
    with reading.bot.waitSignal(reading.view.left):
        reading.bot.keyClick(reading.view, Qt.Key.Key_Escape)
    assert reading.view._walk.item is None


@pytest.mark.parametrize("typed", ["a", "ß", "?", "A"])
def test_letters_belong_into_the_message(reading: Reading, typed: str) -> None:
    """What is typed in the transcript is not lost."""
    reading.show(talk(4))
    reading.view.setFocus()
    with reading.bot.waitSignal(reading.view.typed) as blocker:
        reading.bot.keyClicks(reading.view, typed)
    assert blocker.args == [typed]


def test_keys_with_ctrl_are_no_letters(reading: Reading) -> None:
    """A shortcut does not write."""
    reading.show(talk(4))
    with reading.bot.assertNotEmitted(reading.view.typed):
        reading.bot.keyClick(reading.view, Qt.Key.Key_B, CTRL)


def open_menu(reading: Reading) -> QMenu:
    reading.bot.keyClick(reading.view, Qt.Key.Key_Return)
    (menu,) = reading.view.findChildren(QMenu, "messageMenu")
    return menu


def labels(menu: QMenu) -> list[str]:
    return [action.text().replace("&", "") for action in menu.actions()]


@NO_GRAB
def test_enter_opens_what_can_be_done(reading: Reading) -> None:
    """The menu has what the buttons below the message have."""
    reading.show([asked(1), message(2, "text", model="a/b", version=2, versions=3)])
    step(reading, UP)
    menu = open_menu(reading)
    assert {"Previous version", "Next version", "Copy", "Retry"} <= set(labels(menu))
    menu.close()


@NO_GRAB
def test_a_stopped_answer_can_go_on(reading: Reading) -> None:
    """What the card offers stands in the menu as well, once."""
    reading.show([asked(1), message(2, "text", model="a/b", status=Status.STOPPED)])
    step(reading, UP)
    menu = open_menu(reading)
    assert [labels(menu).count(each) for each in ("Copy", "Continue", "Retry")] == [1, 1, 1]
    menu.close()


@NO_GRAB
def test_a_letter_chooses_in_the_menu(reading: Reading) -> None:
    """C copies, as the mnemonic says."""
    reading.show([asked(1, "to be copied")])
    step(reading, UP)
    menu = open_menu(reading)
    reading.bot.keyClick(menu, Qt.Key.Key_C)
    assert QGuiApplication.clipboard().text() == "to be copied"


def test_each_label_has_a_letter_of_its_own() -> None:
    """The first free one; a label without any stays as it is."""
    assert with_mnemonics(["Copy", "Retry", "Continue", "CR"]) == ["&Copy", "&Retry", "C&ontinue", "CR"]


@NO_GRAB
def test_retry_by_keyboard_stays_and_by_pointer_goes_to_the_box(reading: Reading) -> None:
    """Who walks goes on walking; who clicks goes on writing."""
    reading.show([asked(1), message(2, "text", model="a/b")])
    left: list[int] = []
    reading.view.left.connect(lambda: left.append(1))
    step(reading, UP)
    menu = open_menu(reading)
    reading.bot.keyClick(menu, Qt.Key.Key_R)
    assert (left, reading.view.hasFocus()) == ([], True)
    reading.view.clearFocus()
    reading.click(reading.button("retry"))
    assert left == [1]


def test_the_walk_stays_in_its_place_when_versions_change(reading: Reading) -> None:
    """Another version of a message takes its place under the frame."""
    reading.show([asked(1), message(2, "one", model="a/b", versions=2)])
    step(reading, UP)
    other = message(3, "two", model="a/b", version=2, versions=2)
    reading.model.branch(1, [other])
    reading.settle()
    item = reading.view._walk.item
    assert item is not None
    assert (item.key, on_screen(reading)) == (3, True)


def test_the_footer_shows_all_where_the_keyboard_is(reading: Reading) -> None:
    """What the pointer shows by hovering, the keyboard shows by standing there."""
    reading.show([asked(1), message(2, "text", model="a/b")])
    step(reading, UP)
    assert not reading.button("retry").faded  # type: ignore[attr-defined]


def test_tab_goes_into_the_message_one_stands_on(reading: Reading) -> None:
    """From the frame Tab goes to the first thing in that message."""
    reading.show([asked(1), message(2, "text", model="a/b"), asked(3), message(4, "text", model="a/b")])
    step(reading, UP)
    step(reading, UP)
    assert step(reading, UP) == 2
    reading.press(Qt.Key.Key_Tab)
    focus = reading.view.window().focusWidget()
    assert focus is not reading.view
    item = reading.view._walk.item
    assert item is not None
    assert item.key == 2


def test_the_pill_gives_the_keyboard_away_when_it_is_clicked(reading: Reading) -> None:
    """After a click on it one goes on writing."""
    reading.show([*talk(20), writing(21)])
    reading.scroll(-300)
    reading.say(21, "more words\n\n" * 50)
    with reading.bot.waitSignal(reading.view.left):
        reading.click(reading.view._pill)
