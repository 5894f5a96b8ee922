"""Scripts that run from right to left, mixed lines, marks and pictures among the letters."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from desktop.ui.theme import contrast_theme, palette_of
from tests.ui.transcript.hands import text_block
from tests.ui.transcript.reading import Reading, asked, message

ARABIC = "مرحبا بالعالم"
MIXED = [
    f"{ARABIC} with English words and 123",
    "日本語と한국어 mixed with 👩‍👩‍👧‍👦 and 🏳️‍🌈",
    "combining e\u0301 a\u0308 o\u0302\u0323",
    "שלום 42 world שלום",
]
MEETINGS = 4
"""Where two directions meet, an offset has a place on either side; no line above has more of them."""


def ink(image: QImage, x: int) -> bool:
    """Return whether anything is painted in a column of a picture."""
    ground = image.pixelColor(image.width() - 1, 0)
    return any(image.pixelColor(x, y) != ground for y in range(image.height()))


def sides(reading: Reading, number: int = 0) -> tuple[bool, bool]:
    """Return whether there is anything in the left and the right margin of a block, beside its text."""
    block = text_block(reading, number)
    image, rect = block.grab().toImage(), block.content_rect()
    left = any(ink(image, x) for x in range(2, int(rect.left()) - 1))
    right = any(ink(image, x) for x in range(int(rect.right()) + 1, image.width() - 2))
    return left, right


@pytest.mark.parametrize("mark", ["- ", "1. ", "> ", "- [x] "])
def test_lists_and_quotes_stand_on_the_side_where_reading_begins(reading: Reading, mark: str) -> None:
    """The marker is on the right of text that runs from right to left."""
    reading.show([message(1, f"{mark}{ARABIC}", model="a/b")])
    turned = sides(reading)
    reading.show([message(2, f"{mark}words", model="a/b")])
    assert (turned, sides(reading)) == ((False, True), (True, False))


@pytest.mark.parametrize("text", MIXED)
def test_every_place_in_a_text_is_found_again(reading: Reading, text: str) -> None:
    """The caret before each offset stands within the text, and leads back but where two directions meet."""
    reading.show([asked(1, text)])
    block = text_block(reading)
    rect = block.content_rect().adjusted(-1, -1, 2, 2)
    elsewhere = 0
    for offset in range(len(text) + 1):
        caret = block.rect_of(offset)
        assert rect.contains(caret.center())
        again = block.rect_of(block.offset_at(caret.center()))
        elsewhere += abs(again.center().x() - caret.center().x()) >= 2
    assert elsewhere <= MEETINGS


@pytest.mark.parametrize("text", MIXED)
def test_a_selection_is_never_half_a_character(reading: Reading, text: str) -> None:
    """What is selected with the pointer can be encoded: no half of a pair is taken."""
    reading.show([asked(1, text)])
    block = text_block(reading)
    rect = block.content_rect()
    for x in range(int(rect.left()), int(rect.right()), 5):
        offset = block.offset_at(QPointF(x, rect.center().y()))
        assert text[:offset].encode() + text[offset:].encode() == text.encode()


@pytest.mark.parametrize("zoom", [200, 300])
def test_nothing_is_clipped_when_it_is_big(reading: Reading, zoom: int) -> None:
    """Every part stays within the column, and every button within its part."""
    text = "# A long title of several words\n\nwords\n\n```python\nprint()\n```\n\n- item"
    reading.show([asked(1), message(2, text, model="a/b", version=2, versions=3)])
    reading.view.set_zoom(zoom)
    reading.settle()
    reading.view.verticalScrollBar().setValue(0)
    reading.settle()
    while not reading.at_end():
        for block in reading.view.blocks():
            assert block.geometry().left() >= 0
            assert block.geometry().right() <= reading.view.viewport().width()
            for child in block.findChildren(QWidget):
                if child.isVisible():
                    assert block.rect().contains(child.geometry())
        reading.scroll(200)


def test_a_question_has_an_outline_in_high_contrast(reading: Reading) -> None:
    """Where grounds tell nothing apart, lines do."""
    reading.show([asked(1, "question")])
    block = text_block(reading)
    contrast = contrast_theme(palette_of(reading.view._theme))
    reading.view.set_theme(contrast)
    reading.settle()
    image = block.grab().toImage()
    # The question is short: in the middle there is nothing but its outline.
    assert any(image.pixelColor(block.width() // 2, y).lightness() < 128 for y in range(image.height()))
