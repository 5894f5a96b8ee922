"""Long code: wrapped, counted, folded, and taken whole."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QScrollBar
from pytestqt.qtbot import QtBot

from desktop.ui.transcript.blocks.code import CodeBlock
from desktop.ui.transcript.blocks.code_lines import CodeLines
from desktop.ui.transcript.parts import FOLD_LINES
from desktop.ui.transcript.siblings import parts_around, whole_code, whole_table
from desktop.ui.transcript.style import Style
from tests.ui.transcript.hands import code_block
from tests.ui.transcript.reading import Reading, message, writing

LONG = "\n".join(f"line {n}" for n in range(FOLD_LINES + 34))
WIDE = "```py\n" + "value = 1  # " + "words " * 40 + "\n```"


def test_long_lines_are_wrapped_on_wish(reading: Reading) -> None:
    """A switch in the head wraps the lines of one block, and back; nothing has to be scrolled then."""
    reading.show([message(1, WIDE + "\n\n" + WIDE)])
    block = code_block(reading)
    height, beside = block.height(), reading.find(type(block), 1).height()
    reading.click(block.wrap_button)
    reading.settle()
    assert block.lines.shown > 1
    assert block.height() > height
    assert not any(bar.isVisible() for bar in block.findChildren(QScrollBar))
    assert reading.find(type(block), 1).height() == beside
    reading.click(block.wrap_button)
    reading.settle()
    assert block.height() == height


def test_wrapping_is_remembered_when_a_block_comes_back(reading: Reading) -> None:
    """Widgets are used again for other code; what was chosen belongs to the code."""
    reading.show([message(1, WIDE), *(message(n, "words " * 500) for n in range(2, 8))])
    reading.scroll_to(0)
    reading.click(code_block(reading).wrap_button)
    reading.settle()
    reading.scroll_to(reading.view.verticalScrollBar().maximum())
    reading.scroll_to(0)
    assert code_block(reading).lines.columns


def test_short_lines_offer_no_wrapping(reading: Reading) -> None:
    """Where nothing is too long there is no switch."""
    reading.show([message(1, "```\nx\n```")])
    assert not code_block(reading).wrap_button.isVisible()


def test_wrapped_code_is_taken_as_it_was(reading: Reading) -> None:
    """Breaks of the screen are not in the text."""
    reading.show([message(1, WIDE)])
    block = code_block(reading)
    reading.click(block.wrap_button)
    reading.settle()
    reading.click(block.copy_button)
    assert "\n" not in QGuiApplication.clipboard().text()
    assert block.shown_text().startswith("value = 1")


@pytest.mark.parametrize("text", ["x" * 100, "a b " * 30, "\t\tx" * 20, "日本語" * 30, "e\u0301" * 60, "", "a\n\nb"])
def test_wrapped_lines_are_the_whole_text(reading: Reading, text: str) -> None:
    """However lines are broken, together they are the text, and every offset is somewhere."""
    lines = CodeLines(reading.view._style, columns=12)
    for end in range(0, len(text) + 1, 7):
        lines.set_text(text[:end])
    lines.set_text(text)
    joined = "".join(
        piece if number in lines.continued else "\n" + piece for number, piece in enumerate(lines.lines)
    ).removeprefix("\n")
    assert joined == text
    assert lines.count == text.count("\n") + 1
    heights = [lines.caret_rect(offset).top() for offset in range(len(text) + 1)]
    assert heights == sorted(heights)


def test_wrapped_lines_keep_their_colours(reading: Reading) -> None:
    """A range that is broken is coloured on both lines."""
    style: Style = reading.view._style
    lines = CodeLines(style, columns=10)
    lines.set_text("'" + "s" * 30 + "'")
    lines.set_colours((((0, 32, "code_string"),),))
    assert [sum(length for _at, length, _look in lines._formats(line, n)) for n, line in enumerate(lines.lines)] == [
        len(line) for line in lines.lines
    ]
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    lines.paint(painter, QRectF(0, 0, 1, 1).topLeft(), QRectF(0, 0, 200, 100), lambda _start, _end: [])
    painter.end()


def test_long_code_is_folded(reading: Reading) -> None:
    """Only its beginning is shown, with the count, until all of it is asked for."""
    reading.show([message(1, f"```\n{LONG}\n```")])
    reading.scroll_to(0)
    block = code_block(reading)
    assert block.lines.shown == FOLD_LINES
    assert block.lines.count == FOLD_LINES + 34
    assert "434 lines" in block._label()
    assert block.fold_button.text() == "Show all 434 lines"
    block.fold_button.click()
    reading.settle()
    assert block.lines.shown == FOLD_LINES + 34
    assert block.fold_button.text() == f"Fold to {FOLD_LINES} lines"


def test_code_that_is_watched_growing_stays_open(reading: Reading) -> None:
    """What stood on the screen is not taken away because it has become long, or has ended."""
    reading.show([writing(1)])
    reading.say(1, "```\n" + LONG)
    assert code_block(reading).lines.shown == FOLD_LINES + 34
    reading.say(1, "\n```\n\nafter")
    assert code_block(reading).lines.shown == FOLD_LINES + 34


def test_folded_code_is_taken_whole(reading: Reading) -> None:
    """The button takes the lines that are not shown, too."""
    reading.show([message(1, f"```\n{LONG}\n```")])
    reading.scroll_to(0)
    reading.click(code_block(reading).copy_button)
    assert QGuiApplication.clipboard().text() == LONG


def test_code_in_parts_is_taken_whole(reading: Reading, qtbot: QtBot) -> None:
    """Endless code comes in parts; each of them gives all."""
    text = "\n".join("some code" for _n in range(30_000))
    reading.show([message(1, f"```\n{text}\n```\n\nafter")])
    qtbot.waitUntil(lambda: reading.model.item(0).is_parsed)
    item = reading.model.item(0)
    assert len(parts_around(item, 1)) > 2
    assert whole_code(item, 0) == whole_code(item, 1) == text


def test_what_has_no_parts_has_no_siblings(reading: Reading) -> None:
    """A paragraph is nobody's part."""
    reading.show([message(1, "text")])
    item = reading.model.item(0)
    assert parts_around(item, 0) == parts_around(item, 5) == ()
    assert whole_code(item, 0) == ""
    assert whole_table(item, 0) is None


def test_long_code_that_was_unfolded_can_be_folded_again(reading: Reading) -> None:
    """The button below all lines takes them away again, and the block is still in sight."""
    reading.show([message(1, f"```\n{LONG}\n```")])
    reading.scroll_to(reading.view.verticalScrollBar().maximum())
    block = code_block(reading)
    reading.click(block.fold_button)
    reading.settle()
    assert block.lines.limit is None
    reading.scroll_to(reading.view.verticalScrollBar().maximum())
    block = code_block(reading)
    reading.click(block.fold_button)
    reading.settle()
    assert code_block(reading).lines.shown == FOLD_LINES


def test_code_that_goes_on_says_so(reading: Reading) -> None:
    """The head of a later part tells that it is no code of its own."""
    reading.show([message(1, "```py\n" + "x = 1\n" * 20_000 + "```")])
    reading.scroll_to(reading.view.verticalScrollBar().maximum())
    last = [block for block in reading.view.blocks() if isinstance(block, CodeBlock)][-1]
    assert "continued" in last._label()
