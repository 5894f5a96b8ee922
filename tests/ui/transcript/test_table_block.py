"""Tables: columns, parts, links, growth."""

import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtWidgets import QScrollBar
from pytestqt.qtbot import QtBot

from desktop.ui.transcript.blocks.table import TableBlock, share_out
from tests.ui.transcript.hands import table_block, wheel
from tests.ui.transcript.reading import Reading, message, writing


def test_columns_are_as_wide_as_their_text(reading: Reading) -> None:
    """A small table does not fill the column."""
    reading.show([message(1, "| a | long header |\n|---|---|\n| 1 | 2 |")])
    narrow, wide = table_block(reading)._widths
    assert narrow < wide < 200


def test_a_wide_table_wraps_its_cells(reading: Reading) -> None:
    """Where there is too little room, the wide columns give way and rows grow."""
    reading.show([message(1, "| a | b |\n|---|---|\n| 1 | " + "word " * 100 + "|")])
    block = table_block(reading)
    assert sum(block._widths) <= block.content_rect().width() + 1
    assert block._rows[1].height > 2 * block._rows[0].height


def test_many_columns_scroll_sideways(reading: Reading) -> None:
    """Columns have a least width; a table beyond the room scrolls."""
    reading.show([message(1, "| head " * 40 + "|\n" + "|---" * 40 + "|\n" + "| cell " * 40 + "|")])
    block = table_block(reading)
    (bar,) = block.findChildren(QScrollBar)
    assert bar.isVisible()
    wheel(block, sideways=-80)
    assert bar.value() > 0


def test_the_parts_of_a_table_have_the_same_columns(reading: Reading) -> None:
    """A long table looks like one."""
    reading.view.resize(800, 1_600)
    rows = "".join(f"| {'x' * (n % 7)} | {n} |\n" for n in range(45))
    reading.show([message(1, "| a | b |\n|---|---|\n" + rows)])
    widths = [block._widths for block in reading.view.blocks() if isinstance(block, TableBlock)]
    assert len(widths) == 3
    assert widths[0] == widths[1] == widths[2]


def test_a_link_in_a_cell_is_told(reading: Reading, qtbot: QtBot) -> None:
    """Cells have links too."""
    reading.show([message(1, "| a |\n|---|\n| [x](https://x.org) |")])
    block = table_block(reading)
    point = block.content_rect().topLeft().toPoint() + QPoint(3, round(block._rows[0].height * 1.5))
    with qtbot.waitSignal(reading.view.link_activated) as wished:
        reading.click(block, point)
    assert wished.args == ["https://x.org"]
    assert block.target_at(QPointF(400, 5)) == ""


def test_a_growing_table_keeps_its_rows(reading: Reading) -> None:
    """Rows that are there are not measured again."""
    reading.show([writing(1)])
    reading.say(1, "| a | b |\n|---|---|\n| 1 | 2 |\n")
    row = table_block(reading)._rows[1]
    reading.say(1, "| 3 | 4 |\n| 5")
    assert table_block(reading)._rows[1] is row
    assert len(table_block(reading)._rows) == 4


@pytest.mark.parametrize(
    ("naturals", "room", "expected"),
    [
        ([100.0, 200.0], 400.0, [100.0, 200.0]),
        ([100.0, 900.0], 400.0, [100.0, 300.0]),
        ([500.0, 500.0], 400.0, [200.0, 200.0]),
        ([500.0] * 10, 400.0, [72.0] * 10),
    ],
)
def test_room_is_shared_out(naturals: list[float], room: float, expected: list[float]) -> None:
    """Narrow columns keep their width, wide ones give way, none below the least."""
    assert share_out(naturals, room, 72.0) == pytest.approx(expected, abs=1.0)
