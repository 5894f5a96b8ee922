"""The text of blocks: offsets, places and marks, for whatever finds or takes text."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage

from desktop.domain.markdown_plain import shown_text
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.geometry import Place
from desktop.ui.transcript.parts import Kind, Section
from desktop.ui.transcript.spots import Spot, range_in
from tests.ui.transcript.reading import Reading, message

TEXTS = {
    Kind.TEXT: "some *words* and 👩 more, " * 12 + "  \nlast line",
    Kind.CODE: "```py\nfirst = '👩'\n\n\tsecond\n" + "x" * 9_000 + "\n```",
    Kind.TABLE: "| a | b |\n|--|--:|\n| one 👩 | two |\n|  | " + "words " * 40 + "|",
}


def block_of(reading: Reading, kind: Kind) -> BlockWidget:
    reading.show([message(1, TEXTS[kind])])
    return next(block for block in reading.view.blocks() if block.part is not None and block.part.kind is kind)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_block_knows_its_text(reading: Reading, kind: Kind) -> None:
    """What the widget counts in is what the pure function says of the block."""
    block = block_of(reading, kind)
    assert block.part is not None
    assert block.part.block is not None
    assert block.shown_text() == shown_text(block.part.block) != ""


@pytest.mark.parametrize("kind", TEXTS)
def test_offsets_and_places_belong_together(reading: Reading, kind: Kind) -> None:
    """The place of each offset leads back to it."""
    block = block_of(reading, kind)
    count = len(block.shown_text())
    offsets = [*range(min(count, 400)), count]
    back = []
    for offset in offsets:
        rect = block.rect_of(offset)
        back.append(block.offset_at(QPointF(rect.left() + 0.1, rect.center().y())))
    assert back == offsets


@pytest.mark.parametrize("kind", TEXTS)
def test_a_point_outside_is_the_nearest_offset(reading: Reading, kind: Kind) -> None:
    """Far above and left is the beginning, far below and right the end."""
    block = block_of(reading, kind)
    ends = block.offset_at(QPointF(-500, -500)), block.offset_at(QPointF(90_000, 90_000))
    assert ends == (0, len(block.shown_text()))


def test_what_has_no_text_has_no_offset(reading: Reading) -> None:
    """A rule answers with its beginning."""
    reading.show([message(1, "---")])
    rule = next(block for block in reading.view.blocks() if block.part is not None and block.part.kind is Kind.RULE)
    assert (rule.shown_text(), rule.offset_at(QPointF(40, 4)), rule.link_at(QPointF(40, 4))) == ("", 0, "")
    assert rule.rect_of(3).height() > 0


def _picture(block: BlockWidget) -> QImage:
    return block.grab().toImage()


@pytest.mark.parametrize("kind", TEXTS)
def test_marks_are_seen(reading: Reading, kind: Kind) -> None:
    """Nothing marked, hits, the current hit and a selection are four different pictures, and the first comes back."""
    block = block_of(reading, kind)
    plain = _picture(block)
    block.set_hits(((1, 3), (5, 9)))
    hits = _picture(block)
    block.set_hits(((1, 3), (5, 9)), 1)
    current = _picture(block)
    block.set_hits(())
    block.set_selection(0, 9)
    selected = _picture(block)
    seen = (plain, hits, current, selected)
    assert all(one != other for number, one in enumerate(seen) for other in seen[:number])
    block.set_selection(4, 4)
    assert _picture(block) == plain


def test_marks_are_cut_to_what_is_asked_for(reading: Reading) -> None:
    """Only what lies in the range comes back, hits before the selection."""
    block = block_of(reading, Kind.TEXT)
    block.set_hits(((0, 4), (6, 8), (20, 30)))
    block.set_selection(7, 25)
    assert [(start, length) for start, length, _look in block.marks(2, 24)] == [(2, 2), (6, 2), (20, 4), (7, 17)]
    assert (block.hits, block.selection) == (((0, 4), (6, 8), (20, 30)), (7, 25))


def test_a_widget_for_another_part_has_no_marks(reading: Reading) -> None:
    """What is used again begins unmarked."""
    block = block_of(reading, Kind.CODE)
    block.set_hits(((0, 4),), 0)
    block.set_selection(0, 3)
    block.forget()
    assert (block.hits, block.selection, block.marks()) == ((), (0, 0), [])


def test_spots_stand_in_the_order_of_the_text(reading: Reading) -> None:
    """Messages first, then sections, parts and characters."""
    spots = [
        Spot(9, 0, Section.BLOCKS, 4, 7),
        Spot(2, 1, Section.THOUGHTS, 3, 9),
        Spot(2, 1, Section.BLOCKS, 0, 1),
        Spot(2, 1, Section.BLOCKS, 0, 2),
        Spot(2, 1, Section.BLOCKS, 1, 0),
    ]
    assert sorted([spots[3], spots[1], spots[4], spots[0], spots[2]]) == spots
    reading.show([message(1, "text")])
    assert Spot.of(Place(reading.model.item(0), Section.BLOCKS, 0), 3) == Spot(1, 0, Section.BLOCKS, 0, 3)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((0, 2), (0, 5), (2, 5)),
        ((0, 2), (1, 3), (2, 10)),
        ((0, 12), (1, 3), (0, 0)),
        ((0, 0), (0, 99), (0, 10)),
        ((1, 0), (1, 3), (0, 0)),
    ],
)
def test_a_part_knows_what_of_it_lies_between_spots(
    reading: Reading, start: tuple[int, int], end: tuple[int, int], expected: tuple[int, int]
) -> None:
    """Beginning and end count where they stand; what lies between is taken whole."""
    reading.show([message(1, "0123456789\n\nnext")])
    place = Place(reading.model.item(0), Section.BLOCKS, 0)
    first, last = (Spot(1, 0, Section.BLOCKS, index, offset) for index, offset in (start, end))
    assert range_in(place, first, last, 10) == expected
