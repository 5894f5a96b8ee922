"""The words that are read stay where they are when everything around them gets another size."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF

from desktop.ui.transcript.blocks.base import BlockWidget
from tests.ui.transcript.reading import Reading, asked, message

PROSE = " ".join(f"word{n}" for n in range(3_000))
CODE = "```text\n" + "\n".join(f"line {n} " + "of text " * 5 for n in range(390)) + "\n```"


def _at_top(reading: Reading) -> tuple[BlockWidget, int]:
    """Return the block that goes through the top of the viewport, and where in its text that is."""
    block = next(each for each in reading.view.blocks() if each.y() + each.height() > 0)
    return block, block.offset_at(QPointF(0, 1 - block.y()))


def _stands_at(reading: Reading, block: BlockWidget, offset: int) -> float:
    """Return where a place of the text stands in the viewport; the block is still the one at its top."""
    found, _offset = _at_top(reading)
    assert found.part == block.part
    return found.y() + found.rect_of(offset).top()


def _zoom_in(reading: Reading) -> None:
    reading.view.set_zoom(200)


def _zoom_out(reading: Reading) -> None:
    reading.view.set_zoom(60)


def _narrow(reading: Reading) -> None:
    reading.view.resize(400, 600)


def _drag_narrow(reading: Reading) -> None:
    for width in range(790, 390, -10):
        reading.view.resize(width, 600)
        reading.settle()


@pytest.mark.parametrize("change", [_zoom_in, _zoom_out, _narrow, _drag_narrow])
@pytest.mark.parametrize("text", [PROSE, CODE], ids=["prose", "code"])
def test_the_line_at_the_top_stays_there(reading: Reading, text: str, change: Callable[[Reading], None]) -> None:
    """Within a part that is much taller than the window its words are held, not its pixels."""
    reading.show([asked(1), message(2, text), asked(3), message(4, text)])
    reading.view.show_message(2)
    reading.settle()
    reading.scroll(900)
    reading.scroll(900)
    block, offset = _at_top(reading)
    before = _stands_at(reading, block, offset)
    assert offset > 1_000
    change(reading)
    reading.settle()
    assert abs(_stands_at(reading, block, offset) - before) <= 1


def test_a_place_that_is_left_is_not_gone_back_to(reading: Reading) -> None:
    """Once the reader scrolls, the words that were held are let go of."""
    reading.show([asked(1), message(2, PROSE), asked(3), message(4, PROSE)])
    reading.view.show_message(2)
    reading.settle()
    reading.scroll(900)
    reading.view.set_zoom(150)
    reading.settle()
    block, offset = _at_top(reading)
    reading.scroll(300)
    assert abs(_stands_at(reading, block, offset) + 300) <= block.rect_of(offset).height()
