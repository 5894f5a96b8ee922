"""Cards within a message: images that are not fetched, tables to take, tools, and plain text with its reason."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.markdown_blocks import PlainReason
from desktop.domain.messages import Role, ToolCall
from desktop.ui.transcript.blocks.image import ImageBlock
from desktop.ui.transcript.blocks.plain import PlainBlock, note_of
from desktop.ui.transcript.blocks.table import TableBlock
from desktop.ui.transcript.blocks.tool import ToolBlock
from tests.ui.transcript.hands import NO_GRAB, table_block
from tests.ui.transcript.reading import Reading, asked, message

TABLE = "| a | b |\n|---|--:|\n" + "".join(f"| {n} | **x** |\n" for n in range(60))


def image_block(reading: Reading) -> ImageBlock:
    block = reading.find(ImageBlock)
    assert isinstance(block, ImageBlock)
    return block


def tool_block(reading: Reading, number: int = 0) -> ToolBlock:
    block = reading.find(ToolBlock, number)
    assert isinstance(block, ToolBlock)
    return block


def test_an_image_is_a_card_until_it_is_clicked(reading: Reading, qtbot: QtBot) -> None:
    """It tells what it is and where; a click asks to open the address."""
    reading.show([message(1, "![a cat](https://x.org/c.png)")])
    block = image_block(reading)
    assert "a cat" in block.accessibleName()
    assert "https://x.org/c.png" in block.accessibleName()
    with qtbot.waitSignal(reading.view.link_activated) as wished:
        reading.click(block)
    assert wished.args == ["https://x.org/c.png"]


def test_an_image_is_opened_by_keyboard(reading: Reading, qtbot: QtBot) -> None:
    """Enter does what a click does, and its address can be copied."""
    reading.show([message(1, "![a cat](https://x.org/c.png)")])
    block = image_block(reading)
    block.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(reading.view.link_activated):
        qtbot.keyClick(block, Qt.Key.Key_Return)
    block.entries(QPointF())[0][1]()
    assert QGuiApplication.clipboard().text() == "https://x.org/c.png"


@pytest.mark.parametrize(("number", "lines"), [(0, 61), (1, 61), (2, 61)])
def test_a_part_of_a_table_is_taken_as_the_whole(reading: Reading, number: int, lines: int) -> None:
    """A long table comes in parts, and each of them gives all its rows, in three forms."""
    reading.view.resize(800, 2_400)
    reading.show([message(1, TABLE)])
    rich, markdown, cells = (do for _text, do in table_block(reading, number).entries(QPointF()))
    cells()
    assert QGuiApplication.clipboard().text().split("\n")[:2] == ["a\tb", "0\tx"]
    assert len(QGuiApplication.clipboard().text().split("\n")) == lines
    markdown()
    assert QGuiApplication.clipboard().text().split("\n")[2] == "| 0 | **x** |"
    rich()
    data = QGuiApplication.clipboard().mimeData()
    assert data.html().count("<tr>") == lines
    assert data.text().startswith("a\tb\n")


@NO_GRAB
def test_the_button_of_a_table_opens_its_menu(reading: Reading) -> None:
    """It is seen while the pointer is on the table, and is there for the keyboard."""
    reading.show([message(1, "| a |\n|---|\n| 1 |")])
    block = table_block(reading)
    assert block.take_button.faded
    assert block.take_button.focusPolicy() & Qt.FocusPolicy.TabFocus
    QApplication.sendEvent(block, QEnterEvent(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1)))
    shown = not block.take_button.faded
    assert shown
    QApplication.sendEvent(block, QEvent(QEvent.Type.Leave))
    hidden = block.take_button.faded
    assert hidden
    block.take_button.click()
    menu = QApplication.activePopupWidget()
    assert menu is not None
    assert [action.text() for action in menu.actions()] == [text for text, _do in block.entries(QPointF())]
    menu.close()


def test_a_call_of_a_tool_is_a_folded_card(reading: Reading) -> None:
    """Its name is seen at once, its arguments when it is unfolded, by pointer or keyboard."""
    call = ToolCall(id="1", name="get_weather", arguments='{"city": "Oaxaca"}')
    reading.show([asked(1), message(2, "Let me look.", tool_calls=(call,))])
    block = tool_block(reading)
    assert "get_weather" in block.accessibleName()
    folded = block.height()
    reading.click(block)
    reading.settle()
    assert block.height() > folded
    assert "Oaxaca" in block.accessibleName()
    block.entries(QPointF())[0][1]()
    assert QGuiApplication.clipboard().text() == '{"city": "Oaxaca"}'
    block.setFocus()
    reading.bot.keyClick(block, Qt.Key.Key_Space)
    reading.settle()
    assert block.height() == folded


def test_the_result_of_a_tool_is_folded(reading: Reading) -> None:
    """What came back is text as it is, shown when it is wanted."""
    reading.show(
        [asked(1), message(2, "x"), message(3, "# not a heading\n23 °C", role=Role.TOOL, author="get_weather")]
    )
    block = tool_block(reading)
    assert "get_weather" in block.accessibleName()
    assert not any("heading" in text for text in reading.texts())
    reading.click(block)
    reading.settle()
    assert any("# not a heading" in text for text in reading.texts())
    tool_block(reading).entries(QPointF())[0][1]()
    assert QGuiApplication.clipboard().text() == "# not a heading\n23 °C"


def test_giant_arguments_are_cut(reading: Reading) -> None:
    """What nobody reads is not laid out; it can still be copied whole."""
    call = ToolCall(id="1", name="x" * 10_000, arguments="y" * 1_000_000)
    reading.show([asked(1), message(2, "x", tool_calls=(call,))])
    block = tool_block(reading)
    reading.click(block)
    reading.settle()
    assert block._flow is not None
    assert len(block._flow.text) < 5_000


def test_plain_text_says_why(reading: Reading) -> None:
    """The first of several pieces bears the reason, the others do not."""
    reading.view.resize(800, 3_000)
    reading.show([message(1, "|x" * 600 + "|\n" + "|-" * 600 + "|\n" + "|y" * 600 + "|\n")])
    pieces = [block for block in reading.view.blocks() if isinstance(block, PlainBlock)]
    assert len(pieces) > 1
    assert [block.part is not None and block.part.noted for block in pieces] == [True] + [False] * (len(pieces) - 1)
    reading.view.grab()


def test_every_reason_has_its_words() -> None:
    """No two reasons say the same."""
    assert len({note_of(reason) for reason in PlainReason}) == len(PlainReason)


def test_a_table_that_is_shown_is_named(reading: Reading) -> None:
    """The button has a name of its own beside the table's."""
    reading.show([message(1, TABLE)])
    block = table_block(reading)
    assert isinstance(block, TableBlock)
    assert block.take_button.accessibleName() == "Copy table…"
