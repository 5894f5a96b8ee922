"""What is one button in the transcript: a click is meant for it only if it began and ended on it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop.domain.messages import ToolCall
from desktop.ui.transcript.blocks.citations import CitationsBlock
from desktop.ui.transcript.blocks.pressing import PressedBlock
from desktop.ui.transcript.blocks.text import TextBlock
from desktop.ui.transcript.blocks.tool import ToolBlock
from tests.ui.transcript.reading import Reading, asked, message

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(params=[ToolBlock, CitationsBlock])
def block(request: pytest.FixtureRequest, reading: Reading) -> PressedBlock:
    """A folded call of a tool, or folded sources."""
    sources = {"citations": [{"title": "A title", "quote": "A quote"}]}
    calls = (ToolCall(id="1", name="look", arguments='{"a": 1}'),)
    reading.show([asked(1), message(2, "text", tool_calls=calls, metadata=sources)])
    found = reading.find(request.param)
    assert isinstance(found, PressedBlock)
    return found


def is_unfolded(block: PressedBlock) -> bool:
    return "unfolded" in block.accessibleName()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_each_key_of_a_button_presses_it(reading: Reading, block: PressedBlock, key: Qt.Key) -> None:
    """As everywhere."""
    block.setFocus()
    QTest.keyClick(block, key)
    reading.settle()
    assert is_unfolded(block)


def test_a_click_that_ends_elsewhere_presses_nothing(reading: Reading, block: PressedBlock) -> None:
    """Whoever moves away before letting go has thought better of it; the next click counts."""
    head = block.head_rect().center().toPoint()
    QTest.mousePress(block, LEFT, pos=head)
    QTest.mouseRelease(block, LEFT, pos=QPoint(head.x(), block.height() + 40))
    reading.settle()
    assert not is_unfolded(block)
    reading.click(block, head)
    reading.settle()
    assert is_unfolded(block)


def test_a_selection_that_ends_on_the_head_presses_nothing(reading: Reading, block: PressedBlock) -> None:
    """It began in the text, and lets go over whatever is there."""
    QTest.mousePress(reading.find(TextBlock), LEFT, pos=QPoint(60, 30))
    QTest.mouseRelease(block, LEFT, pos=block.head_rect().center().toPoint())
    reading.settle()
    assert not is_unfolded(block)
