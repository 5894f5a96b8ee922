"""The map beside the scroll bar: what it marks, where, and what a click means."""

from array import array
from collections.abc import Set as AbstractSet

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from desktop.domain.path_map import PathMap
from desktop.ui.theme import Theme, load_theme
from desktop.ui.transcript.map import PAD_PX, ROW_PX, WIDTH_PX, TranscriptMap, equal_shares, nearest, rows
from tests.ui.transcript.reading import Reading, asked, message, talk


def path(
    length: int, *, questions: AbstractSet[int] | None = None, branches: AbstractSet[int] = frozenset()
) -> PathMap:
    """Return a path in which every other message is a question."""
    asked = set(range(0, length, 2)) if questions is None else questions
    return PathMap(
        array("q", range(1, length + 1)),
        bytes(depth in asked for depth in range(length)),
        bytes(2 * (depth in branches) for depth in range(length)),
    )


@pytest.fixture
def strip(reading: Reading, theme: Theme) -> TranscriptMap:
    made = TranscriptMap(theme=theme, view=reading.view)
    reading.view.laid_out.connect(made.look)
    return made


@given(st.integers(1, 400), st.integers(1, 120), st.data())
def test_every_mark_stands_in_exactly_one_row(length: int, count: int, data: st.DataObject) -> None:
    """However many messages share a row, or rows a message, none is lost and none is marked twice."""
    depth = data.draw(st.integers(0, length - 1))
    hits = bytes(at == depth for at in range(length))
    made = rows(path(length, questions={depth}, branches={depth}), hits, depth, equal_shares(length, count))
    marked = [at for at, row in enumerate(made) if row.hit]
    assert len(marked) == 1
    assert marked == [depth * count // length]
    row = made[marked[0]]
    assert (row.question, row.branch, row.current) == (True, True, True)


def test_a_click_means_what_is_marked_nearby() -> None:
    """A hit before all, then a branch or a question, else the place itself."""
    made = path(1_000, questions={500}, branches={520})
    assert nearest(made, [490, 900], 495, 20) == 490
    assert nearest(made, [], 505, 20) == 500
    assert nearest(made, [], 515, 20) == 520
    assert nearest(made, [], 700, 20) == 700


def test_it_is_there_while_there_is_something_to_scroll(reading: Reading, strip: TranscriptMap) -> None:
    """A path that fits needs no map."""
    reading.show(talk(1))
    strip.set_path(path(1))
    assert strip.isHidden()
    reading.show(talk(40))
    strip.set_path(path(40))
    assert strip.isVisible()
    reading.show(talk(2))
    assert strip.isHidden()


def test_it_stands_at_the_edge_of_the_page(reading: Reading, strip: TranscriptMap) -> None:
    """Beside the scroll bar, as high as the page, whatever the window's size."""
    reading.show(talk(40))
    strip.set_path(path(40))
    reading.view.resize(700, 500)
    page = reading.view.viewport().geometry()
    assert strip.geometry().right() == page.right()
    assert (strip.width(), strip.height()) == (WIDTH_PX, page.height())


def test_a_click_goes_there(reading: Reading, strip: TranscriptMap) -> None:
    """To the message that is marked at that height."""
    reading.show(talk(40))
    strip.set_path(path(40))
    strip.set_hits([20], 20)
    with reading.bot.waitSignal(strip.go_wanted) as gone:
        reading.bot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(5, strip.y_of(20) + 1))
    assert gone.args == [20]
    assert strip.depth_at(0) == 0
    assert strip.depth_at(strip.height()) >= 38


def test_what_it_says_of_a_message_is_plain_text(reading: Reading, strip: TranscriptMap) -> None:
    """Foreign words never become rich text, and come only while they are asked for."""
    reading.show(talk(40))
    strip.set_path(path(40))
    place = QPoint(5, strip.y_of(10) + 1)
    with reading.bot.waitSignal(strip.words_wanted) as asked:
        QApplication.sendEvent(strip, QHelpEvent(QHelpEvent.Type.ToolTip, place, strip.mapToGlobal(place)))
    depth = asked.args[0]
    strip.show_words(depth + 1, "of another")
    assert "of another" not in QToolTip.text()
    strip.show_words(depth, "<img src=x> & more")
    assert QToolTip.text() == "<span>Question: &lt;img src=x&gt; &amp; more</span>"
    QToolTip.hideText()


def test_it_says_what_a_mark_means(reading: Reading, strip: TranscriptMap) -> None:
    """A question, versions, a match: in words, for the shapes alone tell nobody."""
    reading.show(talk(40))
    strip.set_path(path(40, questions={20}, branches={20}))
    strip.set_hits([20], -1)
    place = QPoint(5, strip.y_of(20) + 1)
    QApplication.sendEvent(strip, QHelpEvent(QHelpEvent.Type.ToolTip, place, strip.mapToGlobal(place)))
    strip.show_words(20, "how much")
    assert QToolTip.text() == "<span>Question · 2 versions · Match: how much</span>"
    QToolTip.hideText()


def test_a_mark_stands_where_the_bar_stands(reading: Reading, theme: Theme) -> None:
    """A question below one that fills ten pages is marked at the end of the map, and the answer is long on it."""
    strip = TranscriptMap(theme=theme, view=reading.view, shares=reading.view.shares)
    reading.view.laid_out.connect(strip.look)
    reading.show([asked(1), message(2, "words of text " * 4_000), asked(3), message(4, "short")])
    strip.set_path(path(4))
    reading.view.show_message(3)
    reading.settle()
    bar = reading.view.verticalScrollBar()
    share = bar.value() / (bar.maximum() + bar.pageStep())
    assert share > 0.8
    assert abs((strip.y_of(2) - PAD_PX) / (strip.height() - 2 * PAD_PX) - share) < 0.05
    assert strip.depth_at(strip.height() - PAD_PX - 1) == 2


@pytest.mark.parametrize("name", ["light", "dark"])
def test_marks_are_painted_where_they_belong(reading: Reading, strip: TranscriptMap, name: str) -> None:
    """A hit in the accent, a branch in the ink, a question quietly."""
    theme = load_theme(name)
    strip.set_theme(theme)
    reading.show(talk(40))
    strip.set_path(path(40, questions={10}, branches={20}))
    strip.set_hits([30], -1)
    picture = strip.grab().toImage()

    def colours(depth: int) -> set[str]:
        y = PAD_PX + (strip.y_of(depth) - PAD_PX) // ROW_PX * ROW_PX
        return {picture.pixelColor(x, y + dy).name().upper() for x in range(WIDTH_PX) for dy in range(ROW_PX)}

    assert theme.accent in colours(30)
    assert theme.ink in colours(20)
    assert theme.muted in colours(10)
    assert not {theme.accent, theme.ink, theme.muted} & colours(15)
