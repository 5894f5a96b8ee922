"""Footnotes: from the reference to the note."""

import pytest
from PySide6.QtCore import Qt

from desktop.ui.transcript.notes import note_index, note_text
from tests.ui.transcript.hands import place_of, text_block
from tests.ui.transcript.reading import Reading, message

_LONG = "word " * 400
_TEXT = f"Told[^a] here.\n\n{_LONG}\n\n{_LONG}\n\n[^a]: The note itself."


def test_a_reference_leads_to_its_note(reading: Reading) -> None:
    """A click on the reference brings the note into sight, and asks nobody to open anything."""
    asked: list[str] = []
    reading.view.link_activated.connect(asked.append)
    reading.show([message(1, _TEXT), message(2, _LONG * 3)])
    reading.scroll_to(0)
    block = text_block(reading)
    assert "The note itself." not in reading.texts()
    (link,) = block.links
    reading.click(block, place_of(block, link.start, link.end))
    reading.settle()
    assert "The note itself." in reading.texts()
    assert not asked


def test_a_reference_is_followed_by_keyboard(reading: Reading) -> None:
    """Enter on the reference does the same."""
    reading.show([message(1, _TEXT), message(2, _LONG * 3)])
    reading.scroll_to(0)
    block = text_block(reading)
    block.step_link(forward=True)
    block.setFocus(Qt.FocusReason.TabFocusReason)
    reading.press(Qt.Key.Key_Return)
    assert "The note itself." in reading.texts()


@pytest.mark.parametrize("target", ["#1:nothing", "#99:a", "#x:a", "#"])
def test_a_note_that_is_not_there_leads_nowhere(reading: Reading, target: str) -> None:
    """A dead reference does nothing at all."""
    reading.show([message(1, _TEXT)])
    before = reading.tops()
    reading.view._notes.follow(target)
    reading.settle()
    assert reading.tops() == before


def test_the_text_of_a_note_is_known(reading: Reading) -> None:
    """What a note says can be told where it is referred to."""
    reading.show([message(1, _TEXT)])
    item = reading.model.item(0)
    assert note_text(item, "a") == "The note itself."
    assert note_index(item, "b") == -1
    assert note_text(item, "b") == ""
