"""Running text under the hands of a reader: links, selections, the caret."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.transcript.blocks.text import TextBlock
from tests.ui.transcript.hands import NO_GRAB, menu_at, place_of, taken, text_block
from tests.ui.transcript.reading import Reading, message, writing


def test_a_link_is_told_not_opened(reading: Reading, qtbot: QtBot) -> None:
    """A click on a link goes up as a wish."""
    reading.show([message(1, "see [this](https://x.org/a) now")])
    with qtbot.waitSignal(reading.view.link_activated) as wished:
        reading.click(text_block(reading), place_of(text_block(reading), 4, 8))
    assert wished.args == ["https://x.org/a"]


def test_a_click_beside_a_link_is_nothing(reading: Reading, qtbot: QtBot) -> None:
    """Text is not a link."""
    reading.show([message(1, "see [this](https://x.org/a) now")])
    with qtbot.assertNotEmitted(reading.view.link_activated):
        reading.click(text_block(reading), place_of(text_block(reading), 9, 12))


def test_links_are_reached_by_key(reading: Reading, qtbot: QtBot) -> None:
    """Tab goes from link to link, Enter follows."""
    reading.show([message(1, "[a](https://a.org) and [b](https://b.org)")])
    reading.view.setFocus()
    reading.press(Qt.Key.Key_Tab)
    reading.press(Qt.Key.Key_Tab)
    with qtbot.waitSignal(reading.view.link_activated) as wished:
        reading.press(Qt.Key.Key_Return)
    assert wished.args == ["https://b.org"]


def test_an_image_is_a_link_to_its_address(reading: Reading, qtbot: QtBot) -> None:
    """What is not fetched can be opened by whoever wants it."""
    reading.show([message(1, "see ![cat](https://x.org/c.png)")])
    assert reading.texts() == ["see [image: cat] https://x.org/c.png"]
    with qtbot.waitSignal(reading.view.link_activated) as wished:
        reading.click(text_block(reading), place_of(text_block(reading), 6, 10))
    assert wished.args == ["https://x.org/c.png"]


def test_the_pointer_shows_a_link(reading: Reading) -> None:
    """Over a link the pointer is a hand."""
    reading.show([message(1, "see [this](https://x.org/a) now")])
    block = text_block(reading)
    shapes = []
    for place in (place_of(block, 4, 8), place_of(block, 9, 12)):
        none = Qt.MouseButton.NoButton
        where = QPointF(place)
        QApplication.sendEvent(
            block, QMouseEvent(QEvent.Type.MouseMove, where, where, none, none, Qt.KeyboardModifier.NoModifier)
        )
        shapes.append(block.cursor().shape())
    assert tuple(shapes) == (Qt.CursorShape.PointingHandCursor, Qt.CursorShape.IBeamCursor)


def test_the_stream_has_a_caret_at_its_end(reading: Reading) -> None:
    """Only the last block of a living answer has the caret."""
    reading.show([writing(1)])
    reading.say(1, "one\n\ntwo")
    assert [block.part.caret for block in reading.view.blocks() if isinstance(block, TextBlock) and block.part] == [
        False,
        True,
    ]
    reading.model.replace(message(1, "one\n\ntwo"))
    reading.settle()
    assert not any(block.part.caret for block in reading.view.blocks() if block.part)


@NO_GRAB
def test_the_menu_of_a_link_takes_its_address(reading: Reading) -> None:
    """An address can be taken without being followed."""
    reading.show([message(1, "see [this](https://x.org/a) now")])
    block = text_block(reading)
    assert taken(menu_at(block, place_of(block, 4, 8)), "Copy link address") == "https://x.org/a"


def test_code_in_a_heading_is_as_large_as_the_heading(reading: Reading) -> None:
    """Code is a little smaller than the text around it, whatever size that has."""
    reading.show([message(1, "# `x`\n\n`x`")])
    heading, text = (block for block in reading.view.blocks() if isinstance(block, TextBlock))
    widths = [block.rect_of(1).left() - block.rect_of(0).left() for block in (heading, text)]
    assert 1.3 * widths[1] < widths[0] < 1.8 * widths[1]
