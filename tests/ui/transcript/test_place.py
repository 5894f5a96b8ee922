"""A bar that comes above the transcript takes its room from what is read, and moves none of it."""

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from desktop.ui.transcript.place import TranscriptPlace
from tests.ui.transcript.reading import Reading, talk

BAR_PX = 44


class Desk:
    """A place of 800 by 600 with a transcript in it, and a bar that can be shown above."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.place = TranscriptPlace()
        reading.bot.addWidget(self.place)
        self.place.fill(reading.view)
        self.bar = QWidget()
        self.bar.setFixedHeight(BAR_PX)
        self.bar.hide()
        self.place.add_above(self.bar)
        self.place.resize(800, 600)
        self.place.show()
        reading.show(talk(60))

    def show_bar(self, *, shown: bool) -> None:
        self.place.show_above(self.bar, shown=shown)
        self.reading.settle()
        assert self.reading.view.y() == (BAR_PX if shown else 0)

    def tops(self) -> dict[tuple[int, str, int], int]:
        """Return where the parts in sight stand in the place, whatever lies above the transcript."""
        top = self.reading.view.viewport().mapTo(self.place, QPoint(0, 0)).y()
        return {part: y + top for part, y in self.reading.tops().items()}


@pytest.fixture
def desk(reading: Reading) -> Desk:
    return Desk(reading)


def common(first: dict[tuple[int, str, int], int], then: dict[tuple[int, str, int], int]) -> set[int]:
    """Return by how much the parts moved that were in sight both times."""
    both = first.keys() & then.keys()
    assert len(both) > 2
    return {then[part] - first[part] for part in both}


@pytest.mark.parametrize("where", [0, 1_500], ids=["at the top", "in the middle"])
def test_what_is_read_stays_where_it_is(desk: Desk, where: int) -> None:
    """The bar covers the lines at the top, and gives them back when it goes."""
    desk.reading.scroll_to(where)
    before = desk.tops()
    desk.show_bar(shown=True)
    assert common(before, desk.tops()) == {0}
    desk.show_bar(shown=False)
    assert common(before, desk.tops()) == {0}


def test_what_the_bar_covers_can_be_scrolled_to(desk: Desk) -> None:
    """The first message is not out of reach while the bar is there."""
    desk.reading.scroll_to(0)
    before = desk.tops()
    desk.show_bar(shown=True)
    desk.reading.scroll_to(0)
    assert common(before, desk.tops()) == {BAR_PX}


def test_the_end_is_still_followed(desk: Desk) -> None:
    """Who reads what is being written goes on reading it."""
    before = desk.tops()
    desk.show_bar(shown=True)
    assert common(before, desk.tops()) == {0}
    assert desk.reading.view.following
    desk.show_bar(shown=False)
    assert common(before, desk.tops()) == {0}


def test_a_bar_that_is_there_already_moves_nothing(desk: Desk) -> None:
    """Asked for twice, it comes once."""
    desk.reading.scroll_to(1_500)
    desk.show_bar(shown=True)
    before = desk.tops()
    desk.show_bar(shown=True)
    assert common(before, desk.tops()) == {0}
