"""Taking words along: the clipboard's three forms, quotes, the menu, and what is more than is loaded."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.domain.taking import BEYOND, Mark, TakeRequest
from desktop.ui.transcript.cards import Action
from desktop.ui.transcript.taking import AT_ONCE_CHARS
from tests.ui.transcript.hands import NO_GRAB, copied, drag_over, menu_at, place_of, taken, text_block
from tests.ui.transcript.reading import Reading, asked, message, talk, writing

MIXED = "First **words** here.\n\n- one\n- two"


def test_the_clipboard_gets_three_forms(reading: Reading) -> None:
    """A text editor, an editor for Markdown and a word processor each find what they take."""
    reading.show([message(1, MIXED)])
    reading.view.selectAll()
    assert copied(reading) == "First words here.\n\n• one\n• two"
    data = QGuiApplication.clipboard().mimeData()
    assert bytes(data.data("text/markdown").data()).decode() == MIXED
    assert "<strong>words</strong>" in data.html()


def test_a_part_is_markdown_with_its_styles(reading: Reading) -> None:
    """What is cut out of bold words is bold."""
    reading.show([message(1, MIXED)])
    drag_over(reading, (text_block(reading), 8), (text_block(reading, 1), 3))
    copied(reading)
    data = QGuiApplication.clipboard().mimeData()
    assert bytes(data.data("text/markdown").data()).decode() == "**rds** here.\n\n- one"


def test_a_whole_message_is_copied_as_it_was_written(reading: Reading) -> None:
    """The button under a message gives its Markdown, as plain text too, and rich text beside it."""
    reading.show([message(1, MIXED)])
    reading.click(reading.button("copy"))
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == MIXED
    assert "<li>" in data.html()


def test_thinking_that_is_shown_is_taken_by_selecting_in_it(reading: Reading) -> None:
    """Whoever selects in the thinking gets it; who selects around it gets the answer."""
    reading.show([message(1, "answer", thinking="thought one\nthought two")])
    reading.view._reader.act(Action.FOLD, reading.model.item(0))
    reading.settle()
    drag_over(reading, (text_block(reading), 8), (text_block(reading, 1), 3))
    inside = copied(reading)
    reading.view.selectAll()
    assert (inside, copied(reading)) == ("one\nthought two\n\nans", "answer")


def test_more_than_is_loaded_is_asked_for(reading: Reading, qtbot: QtBot) -> None:
    """Ctrl+A means the session; what is not at hand is read elsewhere."""
    reading.show(talk(10, first=11), has_older=True)
    reading.view.selectAll()
    with qtbot.waitSignal(reading.view.take_requested) as wished:
        reading.view.copy()
    (request,) = wished.args
    assert isinstance(request, TakeRequest)
    assert (request.session_id, request.start, request.end.depth) == ("s", Mark(0, True, 0, 0), 19)


def test_much_that_is_loaded_is_asked_for_too(reading: Reading, qtbot: QtBot) -> None:
    """The window waits for no long text; what is still being written goes along."""
    reading.show([asked(1), message(2, "words " * AT_ONCE_CHARS), asked(3), writing(4)])
    reading.say(4, "so far")
    reading.view.selectAll()
    with qtbot.waitSignal(reading.view.take_requested) as wished:
        reading.view.copy()
    (request,) = wished.args
    assert request.texts == {4: "so far"}
    assert not request.as_written


def test_a_long_message_is_asked_for_as_it_was_written(reading: Reading, qtbot: QtBot) -> None:
    """The button means the same for a long message."""
    reading.show([message(1, "words " * AT_ONCE_CHARS)])
    with qtbot.waitSignal(reading.view.take_requested) as wished:
        reading.view.taking.copy_message(reading.model.item(0))
    (request,) = wished.args
    assert (request.as_written, request.start, request.end) == (
        True,
        Mark(0, True, 0, 0),
        Mark(0, True, BEYOND, BEYOND),
    )


def test_a_message_is_quoted(reading: Reading, qtbot: QtBot) -> None:
    """The button under a message answers to all of it."""
    reading.show([message(1, MIXED)])
    with qtbot.waitSignal(reading.view.quote_requested) as wished:
        reading.click(reading.button("quote"))
    assert wished.args == ["> First **words** here.\n>\n> - one\n> - two"]


def test_what_is_selected_is_quoted(reading: Reading, qtbot: QtBot) -> None:
    """Where something in a message is selected, the quote is that, whoever's button was pressed elsewhere."""
    reading.show([message(1, MIXED), message(2, "other")])
    drag_over(reading, (text_block(reading), 6), (text_block(reading), 11))
    quotes: list[str] = []
    reading.view.quote_requested.connect(quotes.append)
    for row in (0, 1):
        reading.view.taking.quote(reading.model.item(row))
    assert quotes == ["> **words**", "> other"]


@NO_GRAB
def test_the_menu_offers_what_can_be_taken(reading: Reading) -> None:
    """Copy is there where something is selected; the rest always."""
    reading.show([message(1, "see [this](https://x.org/a) now")])
    block = text_block(reading)
    drag_over(reading, (block, 0), (block, 3))
    menu = menu_at(block, place_of(block, 4, 8))
    labels = [action.text() for action in menu.actions()]
    deeds = ["Edit", "Retry", "Retry with another model…", "Branch", "Delete"]
    assert labels == ["Copy", "Copy link address", "Copy message", "Quote in reply", "Select all", *deeds]
    assert taken(menu, "Copy") == "see"


@NO_GRAB
def test_the_menu_quotes_the_message_under_the_pointer(reading: Reading, qtbot: QtBot) -> None:
    """Without a selection it is the whole message."""
    reading.show([message(1, "one"), message(2, "two")])
    block = text_block(reading, 1)
    menu = menu_at(block, place_of(block, 0, 3))
    with qtbot.waitSignal(reading.view.quote_requested) as wished:
        taken(menu, "Quote in reply")
    assert wished.args == ["> two"]


@NO_GRAB
def test_the_menu_selects_everything(reading: Reading) -> None:
    """The same as Ctrl+A."""
    reading.show([message(1, "one\n\ntwo")])
    block = text_block(reading)
    taken(menu_at(block, place_of(block, 0, 3)), "Select all")
    assert copied(reading) == "one\n\ntwo"


@pytest.mark.qt_log_ignore("not accepted by receiving", extend=True)
def test_the_other_button_keeps_the_selection(reading: Reading) -> None:
    """A press for the menu, or for the clipboard of the middle button, selects nothing."""
    reading.show([message(1, "one two")])
    block = text_block(reading)
    drag_over(reading, (block, 0), (block, 3))
    reading.bot.mousePress(block, Qt.MouseButton.MiddleButton, pos=QPoint(5, 5))
    reading.bot.mouseRelease(block, Qt.MouseButton.MiddleButton, pos=QPoint(5, 5))
    assert copied(reading) == "one"


def test_a_little_of_a_long_message_is_taken_at_once(reading: Reading, qtbot: QtBot) -> None:
    """What counts is what is selected, not how long the message around it is."""
    reading.show([message(1, "first words\n\n" + "more words\n\n" * AT_ONCE_CHARS)])
    reading.scroll_to(0)
    block = text_block(reading)
    drag_over(reading, (block, 0), (block, 5))
    qtbot.waitUntil(lambda: reading.model.item(0).is_parsed, timeout=30_000)
    assert copied(reading) == "first"
