"""Text laid out piece by piece stands exactly as if it had been laid out at once."""

import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from desktop.domain.markdown_blocks import Span
from desktop.ui.theme import Theme
from desktop.ui.transcript.blocks.compose import common, compose
from desktop.ui.transcript.blocks.flow import TextFlow, cut_units, direction_of, units
from desktop.ui.transcript.style import Style

WORDS = "some words of text, and a-very-long-one-without-blanks, "


@pytest.fixture
def style(qtbot: QtBot, theme: Theme) -> Style:
    from PySide6.QtWidgets import QApplication

    return Style(theme=theme, font=QApplication.font(), zoom=1.0)


def breaks(flow: TextFlow) -> list[int]:
    """Return where the lines begin."""
    return [
        segment.start + segment.layout.lineAt(index).textStart()
        for segment in flow._segments
        for index in range(segment.layout.lineCount())
    ]


@pytest.mark.parametrize(
    "text", [WORDS * 40, "כמה מילים של טקסט " * 60, "短い文" * 300, "one\ntwo\n\n" * 40, "👩\u200d👩\u200d👧 and " * 80]
)
@pytest.mark.parametrize("step", [1, 7, 200])
def test_growing_gives_the_same_lines(style: Style, text: str, step: int) -> None:
    """However text grows, lines break where they would have, and the height is the same."""
    grown, fresh = TextFlow(style.text), TextFlow(style.text)
    text = text[:1_200]
    for end in range(0, len(text) + step, step):
        grown.lay_out(text[:end], (), 300.0, units(text[: max(0, end - step)]))
    fresh.lay_out(text, (), 300.0)
    assert breaks(grown) == breaks(fresh)
    assert grown.height == pytest.approx(fresh.height)


def test_a_long_growing_text_keeps_its_beginning(style: Style) -> None:
    """Only the end of a growing paragraph is laid out again."""
    flow = TextFlow(style.text)
    text = WORDS * 40
    flow.lay_out(text[:1_800], (), 300.0)
    flow.lay_out(text[:1_900], (), 300.0, 1_800)
    first = flow._segments[0].layout
    flow.lay_out(text[:1_950], (), 300.0, 1_900)
    assert flow._segments[0].layout is first
    assert flow.changed_from > 0


def test_another_width_lays_everything_out(style: Style) -> None:
    """Nothing is kept from another width."""
    flow = TextFlow(style.text)
    flow.lay_out(WORDS * 20, (), 300.0)
    narrow = flow.lines
    flow.lay_out(WORDS * 20, (), 600.0, units(WORDS * 20))
    assert flow.lines < narrow
    assert flow.changed_from == 0


def test_positions_and_points_belong_together(style: Style) -> None:
    """A point on a character finds its position."""
    flow = TextFlow(style.text)
    flow.lay_out(WORDS * 20, (), 300.0)
    for position in (0, 10, 200, 500):
        rect = flow.rect_of(position, position + 1)
        assert flow.position_at(QPointF(rect.left() + 1, rect.center().y())) == position


def test_a_point_below_the_text_is_at_its_end(style: Style) -> None:
    """Beyond the last line is the last line."""
    flow = TextFlow(style.text)
    flow.lay_out("abc", (), 300.0)
    assert flow.position_at(QPointF(250, 900)) == 3
    assert flow.end_point().x() > 0
    assert 0 < flow.width_used() < 60


def test_nothing_laid_out_has_no_place(style: Style) -> None:
    """An empty flow answers with the beginning."""
    flow = TextFlow(style.text)
    assert (flow.position_at(QPointF(5, 5)), flow.end_point(), flow.width_used()) == (0, QPointF(0, 0), 0.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", Qt.LayoutDirection.LeftToRight),
        ("שלום abc", Qt.LayoutDirection.RightToLeft),
        ("123 مرحبا", Qt.LayoutDirection.RightToLeft),
        ("", Qt.LayoutDirection.LeftToRight),
    ],
)
def test_the_first_strong_character_gives_the_direction(text: str, expected: Qt.LayoutDirection) -> None:
    """A paragraph runs the way its first word does."""
    assert direction_of(text) == expected


def test_text_from_right_to_left_stands_right(style: Style) -> None:
    """A right-to-left paragraph begins at the right edge."""
    flow = TextFlow(style.text)
    flow.lay_out("שלום", (), 300.0)
    assert flow.rect_of(0, 1).right() == pytest.approx(300.0, abs=1.5)
    assert flow.direction == Qt.LayoutDirection.RightToLeft


def test_qt_counts_in_units() -> None:
    """Positions beyond the basic plane count double, and cut where Qt would."""
    assert units("a👩b") == 4
    assert cut_units("a👩b", 1, 3) == "👩"
    assert cut_units("abc", 1, 2) == "b"


def test_spans_become_formats_and_links(style: Style) -> None:
    """Neighbouring spans with one target are one link; an image is its address."""
    spans = (
        Span("a👩"),
        Span("b", bold=True, link="https://x.org"),
        Span("c", link="https://x.org"),
        Span("d", image="https://i.org"),
    )
    composed = compose(spans, style)
    assert composed.text == "a👩bc[image: d] https://i.org"
    assert [(link.start, link.end, link.target) for link in composed.links] == [
        (3, 5, "https://x.org"),
        (5, 5 + len("[image: d] https://i.org"), "https://i.org"),
    ]
    assert [start for start, _length, _look in composed.formats] == [3, 4, 5]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ((Span("ab"),), (Span("abc"),), 2),
        ((Span("ab"), Span("c", bold=True)), (Span("ab"), Span("cd", bold=True)), 3),
        ((Span("**c"),), (Span("c", bold=True),), 0),
        ((Span("👩"), Span("x")), (Span("👩"), Span("y")), 2),
        ((Span("a", image="u"),), (Span("ab", image="u"),), 0),
    ],
)
def test_what_stays_the_same_is_found(old: tuple[Span, ...], new: tuple[Span, ...], expected: int) -> None:
    """Only what is the same in text and style counts as kept."""
    assert common(old, new) == expected
