"""Keys that extend the selection from where the reader clicked."""

import pytest
from PySide6.QtCore import Qt

from tests.ui.transcript.hands import CTRL, at, press_key, selected, text_block
from tests.ui.transcript.reading import Reading, message, talk

SHIFT = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def click_at(reading: Reading, offset: int, number: int = 0) -> None:
    """Click at an offset in a text block."""
    block = text_block(reading, number)
    reading.click(block, at(block, offset).toPoint())


@pytest.mark.parametrize(
    ("start", "key", "held", "text"),
    [
        (4, Key.Key_Right, SHIFT, "t"),
        (4, Key.Key_Left, SHIFT, " "),
        (4, Key.Key_Right, SHIFT | CTRL, "two"),
        (7, Key.Key_Left, SHIFT | CTRL, "two"),
        (4, Key.Key_End, SHIFT, "two three"),
        (4, Key.Key_Home, SHIFT, "one "),
    ],
)
def test_a_key_extends_within_a_line(
    reading: Reading, start: int, key: Qt.Key, held: Qt.KeyboardModifier, text: str
) -> None:
    """By characters, by words, to the ends."""
    reading.show([message(1, "one two three")])
    click_at(reading, start)
    press_key(reading, key, held)
    assert selected(reading) == [text]


def test_what_is_seen_as_one_character_is_one(reading: Reading) -> None:
    """A letter with its accent, and a family of people, are not taken apart."""
    reading.show([message(1, "e\u0301👩\u200d👧x")])
    click_at(reading, 0)
    press_key(reading, Key.Key_Right, SHIFT)
    first = selected(reading)
    press_key(reading, Key.Key_Right, SHIFT)
    assert (first, selected(reading)) == (["e\u0301"], ["e\u0301👩\u200d👧"])


def test_lines_extend_into_the_next_block_and_back(reading: Reading) -> None:
    """Down and up go on beyond the end of a paragraph."""
    reading.show([message(1, "one\n\ntwo\n\nthree")])
    click_at(reading, 0)
    press_key(reading, Key.Key_Down, SHIFT)
    press_key(reading, Key.Key_Down, SHIFT)
    down = selected(reading)
    press_key(reading, Key.Key_Up, SHIFT)
    assert (down, selected(reading)) == (["one", "two"], ["one"])


def test_steps_go_on_in_the_next_block(reading: Reading) -> None:
    """Beyond the last character is the next block, before the first the one before."""
    reading.show([message(1, "one\n\ntwo")])
    click_at(reading, 2)
    for _ in range(3):
        press_key(reading, Key.Key_Right, SHIFT)
    forward = selected(reading)
    click_at(reading, 1, 1)
    for _ in range(3):
        press_key(reading, Key.Key_Left, SHIFT)
    assert (forward, selected(reading)) == (["e", "t"], ["e", "t"])


def test_lines_scroll_into_sight(reading: Reading) -> None:
    """A selection goes on beyond the edge of the view."""
    reading.show(talk(30))
    last = reading.view.verticalScrollBar().value()
    block = [each for each in reading.view.blocks() if each.shown_text()][-1]
    reading.click(block, at(block, 0).toPoint())
    for _ in range(60):
        press_key(reading, Key.Key_Up, SHIFT)
    ends = reading.view.selection.ends
    assert ends is not None
    assert reading.view.verticalScrollBar().value() < last
    assert (ends[0].message_id < 30, ends[1].message_id) == (True, 30)


def test_at_the_ends_nothing_is_left_to_take(reading: Reading) -> None:
    """The key is used up, and nothing is selected by it."""
    reading.show([message(1, "one")])
    click_at(reading, 3)
    press_key(reading, Key.Key_Right, SHIFT)
    click_at(reading, 0)
    press_key(reading, Key.Key_Left, SHIFT)
    assert selected(reading) == []


def test_without_a_place_to_begin_keys_scroll(reading: Reading) -> None:
    """Whoever has clicked nowhere moves the view."""
    reading.show(talk(30))
    press_key(reading, Key.Key_Up, SHIFT)
    assert reading.view.selection.ends is None
