"""Selecting with the mouse: across blocks and messages, by words and paragraphs, and what keeps a selection."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.domain.markdown_blocks import MAX_PIECE_CHARS
from desktop.ui.theme import load_theme
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.code import CodeBlock
from desktop.ui.transcript.blocks.table import TableBlock
from desktop.ui.transcript.blocks.text import TextBlock
from tests.ui.transcript.hands import (
    CTRL,
    at,
    code_block,
    copied,
    drag_over,
    place_of,
    press_key,
    selected,
    table_block,
    text_block,
)
from tests.ui.transcript.reading import Reading, asked, message, talk, writing

MIXED = "First *words* here.\n\n```py\ncode = 1\nmore = 2\n```\n\n| a | b |\n|---|---|\n| one | two |\n\nLast words."
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_a_drag_goes_across_blocks(reading: Reading) -> None:
    """From a paragraph over code and a table to another paragraph everything between is selected."""
    reading.show([message(1, MIXED)])
    drag_over(reading, (text_block(reading), 6), (text_block(reading, 1), 4))
    assert selected(reading) == ["words here.", "code = 1\nmore = 2", "a\tb\none\ttwo", "Last"]
    assert copied(reading) == "words here.\n\ncode = 1\nmore = 2\n\na\tb\none\ttwo\n\nLast"


def test_a_drag_goes_across_messages(reading: Reading) -> None:
    """What two people said is copied below their names."""
    reading.show([asked(1, "A question"), message(2, "An answer", model="maker/model-1")])
    drag_over(reading, (text_block(reading), 2), (text_block(reading, 1), 2))
    assert copied(reading) == "You:\nquestion\n\nmodel-1:\nAn"


def test_a_drag_upward_selects_the_same(reading: Reading) -> None:
    """It does not matter which end came first."""
    reading.show([message(1, MIXED)])
    drag_over(reading, (table_block(reading), 5), (text_block(reading), 6))
    assert selected(reading) == ["words here.", "code = 1\nmore = 2", "a\tb\no"]


@pytest.mark.parametrize(
    ("find", "start", "end", "text"),
    [(text_block, 0, 5, "First"), (code_block, 0, 8, "code = 1"), (table_block, 4, 11, "one\ttwo")],
)
def test_a_part_of_one_block_is_selected(
    reading: Reading, find: Callable[[Reading], BlockWidget], start: int, end: int, text: str
) -> None:
    """Every kind of text can be taken in part."""
    reading.show([message(1, MIXED)])
    drag_over(reading, (find(reading), start), (find(reading), end))
    assert copied(reading) == text


def test_a_press_between_messages_begins_at_the_nearest_text(reading: Reading) -> None:
    """The line below a message has no text of its own; what is above or below it has."""
    reading.show([message(1, "one"), message(2, "two")])
    first, second = text_block(reading), text_block(reading, 1)
    view = reading.view.viewport()
    start = QPoint(first.x() + 60, first.y() + first.height() + 2)
    reading.bot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    reading.bot.mouseMove(view, second.pos() + at(second, 2).toPoint())
    reading.bot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=second.pos() + at(second, 2).toPoint())
    assert selected(reading) == ["tw"]


def test_a_double_click_takes_a_word(reading: Reading) -> None:
    """Words are found by their letters."""
    reading.show([message(1, "one two_2, three")])
    block = text_block(reading)
    reading.bot.mouseDClick(block, Qt.MouseButton.LeftButton, pos=place_of(block, 5, 7))
    assert copied(reading) == "two_2"


def test_after_a_double_click_a_drag_goes_by_words(reading: Reading) -> None:
    """The word that was clicked stays, and whole words come along."""
    reading.show([message(1, "one two three four")])
    block = text_block(reading)
    reading.bot.mouseDClick(block, Qt.MouseButton.LeftButton, pos=at(block, 9).toPoint())
    reading.bot.mouseMove(block, at(block, 15).toPoint())
    forward = selected(reading)
    reading.bot.mouseMove(block, at(block, 5).toPoint())
    reading.bot.mouseRelease(block, Qt.MouseButton.LeftButton, pos=at(block, 5).toPoint())
    assert (forward, selected(reading)) == (["three four"], ["two three"])


def press_third(block: BlockWidget, after_ms: int) -> None:
    """Press twice and once more, so many milliseconds later."""
    place = at(block, 2)
    for kind, when in ((QEvent.Type.MouseButtonDblClick, 1_000), (QEvent.Type.MouseButtonPress, 1_000 + after_ms)):
        event = QMouseEvent(
            kind,
            place,
            QPointF(block.mapToGlobal(place.toPoint())),
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        event.setTimestamp(when)
        QApplication.sendEvent(block, event)


def test_a_triple_click_takes_the_paragraph(reading: Reading) -> None:
    """A third press soon after a double click means all of it; later it is a click like any other."""
    reading.show([message(1, "one two\n\nthree")])
    press_third(text_block(reading), 50)
    soon = selected(reading)
    press_third(text_block(reading), QApplication.doubleClickInterval() + 1)
    assert (soon, selected(reading)) == (["one two"], [])


def test_shift_and_a_click_extend_the_selection(reading: Reading) -> None:
    """From where the first click was to where this one is, forward and backward."""
    reading.show([message(1, "one two three\n\nfour")])
    first, second = text_block(reading), text_block(reading, 1)
    reading.bot.mouseClick(first, Qt.MouseButton.LeftButton, pos=at(first, 4).toPoint())
    reading.bot.mouseClick(second, Qt.MouseButton.LeftButton, SHIFT, at(second, 2).toPoint())
    forward = selected(reading)
    reading.bot.mouseClick(first, Qt.MouseButton.LeftButton, SHIFT, at(first, 0).toPoint())
    assert (forward, selected(reading)) == (["two three", "fo"], ["one "])


def test_a_click_takes_the_selection_away(reading: Reading) -> None:
    """Wherever in the conversation it is."""
    reading.show([message(1, MIXED)])
    drag_over(reading, (text_block(reading), 0), (code_block(reading), 3))
    reading.click(text_block(reading, 1))
    assert selected(reading) == []


def test_escape_takes_the_selection_away(reading: Reading) -> None:
    """The first Escape is the selection's; the keyboard stays in the conversation."""
    reading.show([message(1, MIXED)])
    drag_over(reading, (text_block(reading), 0), (code_block(reading), 3))
    press_key(reading, Qt.Key.Key_Escape)
    assert selected(reading) == []
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus is reading.view or reading.view.isAncestorOf(focus)


def test_another_text_that_can_be_copied_takes_the_selection_away(reading: Reading, qtbot: QtBot) -> None:
    """There is one meaning of Copy at a time; a list or a button leaves the selection."""
    reading.show([message(1, "words")])
    field, button = QLineEdit(), reading.button("copy")
    qtbot.addWidget(field)
    drag_over(reading, (text_block(reading), 0), (text_block(reading), 5))
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.focusChanged.emit(reading.view, button)
    kept = selected(reading)
    app.focusChanged.emit(reading.view, field)
    assert (kept, selected(reading)) == (["words"], [])


def test_a_drag_over_a_link_does_not_follow_it(reading: Reading, qtbot: QtBot) -> None:
    """Only a press and a release in one place are a click."""
    reading.show([message(1, "see [this place](https://x.org/a) now")])
    with qtbot.assertNotEmitted(reading.view.link_activated):
        drag_over(reading, (text_block(reading), 5), (text_block(reading), 12))
    assert selected(reading) == ["his pla"]


def test_a_selection_scrolls_out_of_sight_and_back(reading: Reading) -> None:
    """Widgets are used again for other messages; the selection stays where it was."""
    reading.show(talk(60))
    block = text_block(reading)
    drag_over(reading, (block, 0), (block, 4))
    before = copied(reading)
    reading.scroll_to(0)
    away = selected(reading)
    reading.view.follow()
    reading.settle()
    assert (away, selected(reading)) == ([], [before])
    assert copied(reading) == before


def test_beyond_the_edge_the_view_scrolls_and_the_selection_goes_on(reading: Reading) -> None:
    """A drag above the viewport goes on to messages that were not laid out."""
    reading.show(talk(40))
    block = [each for each in reading.view.blocks() if isinstance(each, TextBlock)][-1]
    bot, start = reading.bot, at(block, 2).toPoint()
    bot.mousePress(block, Qt.MouseButton.LeftButton, pos=start)
    bot.mouseMove(block, block.mapFrom(reading.view.viewport(), QPoint(200, -400)))
    bot.waitUntil(lambda: reading.view.verticalScrollBar().value() == 0, timeout=30_000)
    bot.mouseRelease(block, Qt.MouseButton.LeftButton, pos=QPoint(0, 0))
    ends = reading.view.selection.ends
    assert ends is not None
    assert (ends[0].message_id, ends[1].message_id) == (1, 40)
    assert not reading.view.selection._edge.isActive()


def test_a_release_that_never_came_ends_the_drag(reading: Reading) -> None:
    """The pointer moves without a button: nothing more is selected, and nothing scrolls."""
    reading.show([message(1, "one two three")])
    block = text_block(reading)
    reading.bot.mousePress(block, Qt.MouseButton.LeftButton, pos=at(block, 0).toPoint())
    reading.bot.mouseMove(block, at(block, 3).toPoint())
    none = Qt.MouseButton.NoButton
    for buttons, offset in ((none, 9), (Qt.MouseButton.LeftButton, 12)):
        place = at(block, offset)
        event = QMouseEvent(QEvent.Type.MouseMove, place, place, none, buttons, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(block, event)
    assert selected(reading) == ["one"]


def test_a_selection_stays_while_text_arrives(reading: Reading) -> None:
    """The answer grows below and within; what was selected is selected."""
    reading.show([asked(1), writing(2)])
    reading.say(2, "one two")
    block = text_block(reading, 1)
    drag_over(reading, (block, 0), (block, 3))
    reading.say(2, " three\n\nfour")
    assert selected(reading) == ["one"]
    reading.model.replace(message(2, "one two three\n\nfour"))
    reading.settle()
    assert selected(reading) == ["one"]


def test_what_is_still_being_written_is_taken_as_far_as_it_is(reading: Reading) -> None:
    """Copy takes the text that is seen."""
    reading.show([asked(1), writing(2)])
    reading.say(2, "one **two**")
    reading.view.selectAll()
    assert copied(reading) == "You:\nquestion\n\nmodel:\none two"


def test_a_selection_stays_when_older_messages_come(reading: Reading) -> None:
    """Rows move, spots do not."""
    reading.show(talk(10, first=11), has_older=True)
    block = text_block(reading)
    drag_over(reading, (block, 0), (block, 4))
    before = copied(reading)
    reading.model.prepend(talk(10), has_older=False)
    reading.settle()
    reading.view.follow()
    reading.settle()
    assert copied(reading) == before


def test_a_selection_stays_in_another_theme_and_size(reading: Reading) -> None:
    """Everything is laid out anew, and marked anew."""
    reading.show([message(1, MIXED)])
    drag_over(reading, (text_block(reading), 6), (code_block(reading), 4))
    before = selected(reading)
    reading.view.set_theme(load_theme("dark"))
    reading.settle()
    themed = selected(reading)
    reading.view.set_zoom(200)
    reading.settle()
    assert before == themed == selected(reading) == ["words here.", "code"]


def test_another_version_ends_the_selection_in_what_is_gone(reading: Reading) -> None:
    """What was selected is not shown any more."""
    reading.show([asked(1), message(2, "answer")])
    drag_over(reading, (text_block(reading), 0), (text_block(reading, 1), 3))
    reading.model.branch(1, [replace(message(2, "another"), id=3)])
    reading.settle()
    assert selected(reading) == []


def test_all_of_the_session_is_selected_wherever_it_is_read(reading: Reading) -> None:
    """With pages above and below that are not loaded, and after going to the end."""
    reading.model.show(talk(10, first=11), has_older=True, after=10)
    reading.settle()
    reading.view.selectAll()
    ends = reading.view.selection.ends
    reading.model.show(talk(10, first=21), has_older=True, after=0)
    reading.settle()
    assert ends is not None
    assert (ends[0].depth, ends[1].depth) == (0, 29)
    assert reading.view.selection.ends == ends
    assert all(block.selection == (0, len(block.shown_text())) for block in reading.view.blocks())


def test_another_session_has_no_selection(reading: Reading) -> None:
    """What was selected belongs to the session before."""
    reading.show([message(1, "answer")])
    drag_over(reading, (text_block(reading), 0), (text_block(reading), 3))
    reading.show([replace(message(1, "other"), session_id="t")])
    assert selected(reading) == []


def test_a_line_that_was_broken_is_copied_whole(reading: Reading) -> None:
    """Breaks that only the layout needed are not in what is taken."""
    line = "x" * (MAX_PIECE_CHARS + 7)
    reading.show([message(1, f"```\nä\n{line}\nend\n```")])
    reading.view.selectAll()
    assert copied(reading) == f"ä\n{line}\nend"


def test_lines_of_a_paragraph_are_copied_as_lines(reading: Reading) -> None:
    """A break within a paragraph is an ordinary one for whoever gets the text."""
    reading.show([message(1, "one  \ntwo")])
    reading.view.selectAll()
    assert copied(reading) == "one\ntwo"


def test_nothing_selected_leaves_the_clipboard(reading: Reading) -> None:
    """A copy of nothing does not take away what the clipboard has."""
    reading.show([message(1, "words")])
    QGuiApplication.clipboard().setText("before")
    reading.view.copy()
    assert QGuiApplication.clipboard().text() == "before"


def test_an_empty_session_has_nothing_to_select(reading: Reading) -> None:
    """Neither the mouse nor Ctrl+A finds anything."""
    view = reading.view.viewport()
    reading.bot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    reading.bot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    reading.bot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    reading.view.selectAll()
    assert reading.view.selection.ends is None


@pytest.mark.parametrize("kind", [TextBlock, CodeBlock, TableBlock])
def test_ctrl_a_marks_every_block(reading: Reading, kind: type[BlockWidget]) -> None:
    """The whole session is selected, whatever is in sight of it."""
    reading.show([message(1, MIXED)])
    reading.view.setFocus()
    reading.bot.keyClick(reading.view, Qt.Key.Key_A, CTRL)
    assert all(
        block.selection == (0, len(block.shown_text())) for block in reading.view.blocks() if isinstance(block, kind)
    )


def test_a_formula_is_taken_as_one(reading: Reading) -> None:
    """A double click on what is drawn as one takes all of it."""
    reading.show([message(1, "$$\nx^2 + y\n$$")])
    block = next(each for each in reading.view.blocks() if each.shown_text())
    reading.bot.mouseDClick(block, Qt.MouseButton.LeftButton, pos=block.rect().center())
    assert selected(reading) == ["x^2 + y"]
