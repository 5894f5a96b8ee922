"""The box that is written in."""

import itertools
import time

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent, QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.composer.text_input import FEWEST_LINES, MOST_LINES, TextInput
from desktop.ui.theme import scaled_font


@pytest.fixture
def box(qtbot: QtBot) -> TextInput:
    made = TextInput()
    qtbot.addWidget(made)
    made.resize(500, made.height())
    made.show()
    qtbot.waitExposed(made)
    return made


def _paste(box: TextInput, text: str, html: str = "") -> None:
    data = QMimeData()
    data.setText(text)
    if html:
        data.setHtml(html)
    box.insertFromMimeData(data)


def _compose(box: TextInput, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(box, event)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_sends(qtbot: QtBot, box: TextInput, key: Qt.Key) -> None:
    """Enter, on either block of the keyboard, asks to send and writes no line."""
    qtbot.keyClicks(box, "hello")
    with qtbot.waitSignal(box.submit_requested):
        qtbot.keyClick(box, key)
    assert box.text() == "hello"


def test_shift_enter_breaks_the_line(qtbot: QtBot, box: TextInput) -> None:
    """Shift+Enter is a real line break and sends nothing."""
    qtbot.keyClicks(box, "a")
    with qtbot.assertNotEmitted(box.submit_requested):
        qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(box, "b")
    assert box.text() == "a\nb"


def test_enter_belongs_to_the_input_method_while_it_composes(qtbot: QtBot, box: TextInput) -> None:
    """Enter accepts a candidate and sends nothing; the next one sends."""
    _compose(box, "にほん")
    with qtbot.assertNotEmitted(box.submit_requested):
        qtbot.keyClick(box, Qt.Key.Key_Return)
    _compose(box, "", commit="日本")
    assert box.text().startswith("日本")
    with qtbot.waitSignal(box.submit_requested):
        qtbot.keyClick(box, Qt.Key.Key_Return)


def test_a_cancelled_composition_gives_enter_back(qtbot: QtBot, box: TextInput) -> None:
    """An input method that ends without text leaves Enter as it was."""
    _compose(box, "かな")
    _compose(box, "")
    with qtbot.waitSignal(box.submit_requested):
        qtbot.keyClick(box, Qt.Key.Key_Return)


def test_up_in_an_empty_box_does_nothing(qtbot: QtBot, box: TextInput) -> None:
    """Nothing is brought back or edited by surprise."""
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.text() == ""


def test_it_grows_with_the_text_up_to_ten_lines(qtbot: QtBot, box: TextInput) -> None:
    """Each line makes it higher until there are ten; then it scrolls."""
    heights = []
    for _line in range(MOST_LINES + 3):
        heights.append(box.height())
        qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    steps = [after - before for before, after in itertools.pairwise(heights)]
    assert steps[: MOST_LINES - 1] == [box.fontMetrics().lineSpacing()] * (MOST_LINES - 1)
    assert steps[MOST_LINES - 1 :] == [0, 0, 0]


def test_wrapped_lines_count_too(qtbot: QtBot, box: TextInput) -> None:
    """A long paragraph needs as much room as several short ones."""
    before = box.height()
    box.set_text("words and more words " * 20)
    assert box.height() > before


def test_it_shrinks_again(qtbot: QtBot, box: TextInput) -> None:
    """An emptied box is one line high."""
    before = box.height()
    box.set_text("1\n2\n3")
    box.set_text("")
    assert box.height() == before


def test_only_plain_text_is_pasted(qtbot: QtBot, box: TextInput) -> None:
    """What is formatted elsewhere is text here."""
    _paste(box, "plain", html="<b>bold</b><img src='file:///etc/passwd'>")
    assert box.text() == "plain"


def test_pasted_line_ends_and_nulls_are_made_plain(qtbot: QtBot, box: TextInput) -> None:
    """Windows line ends are one break; a NUL is nobody's text."""
    _paste(box, "a\r\nb\x00c")
    assert box.text() == "a\nbc"


@pytest.mark.parametrize("text", ["5\u00a0km", "a\u2028b", "a\u2029b", "a\ufdd0b\ufdd1c", "a\u2060\u2060b"])
def test_what_is_sent_is_what_was_written(box: TextInput, text: str) -> None:
    """Characters that look like a blank, a break or nothing at all are the user's, pasted or shown again."""
    _paste(box, text)
    assert box.text() == text
    box.set_text(text)
    assert box.text() == text
    box.selectAll()
    assert box.createMimeDataFromSelection().text() == text


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_removing_the_beginning_of_a_long_line_keeps_the_break_before_it(
    qtbot: QtBot, box: TextInput, key: Qt.Key
) -> None:
    """The line stays a line when its first thousand characters go."""
    box.set_text("a\n" + "x" * 1500)
    cursor = box.textCursor()
    cursor.setPosition(2)
    cursor.setPosition(2 + 1001 + 100, QTextCursor.MoveMode.KeepAnchor)
    box.setTextCursor(cursor)
    qtbot.keyClick(box, key)
    assert box.text() == "a\n" + "x" * 400


def test_the_draft_of_a_session_is_no_step_to_undo(box: TextInput) -> None:
    """Ctrl+Z after opening a session never empties its draft."""
    _paste(box, "of another session")
    box.set_text("a draft")
    box.undo()
    assert box.text() == "a draft"


@pytest.mark.parametrize(
    "text", ["x" * 2_000_000, "word " * 400_000, "line of text\n" * 150_000], ids=["one word", "one line", "many lines"]
)
def test_two_megabytes_are_pasted_without_a_stall_and_unchanged(qtbot: QtBot, box: TextInput, text: str) -> None:
    """A giant paste is there at once, layout and painting included, and is sent letter by letter as it was."""
    began = time.perf_counter()
    _paste(box, text)
    box.grab()
    elapsed_s = time.perf_counter() - began
    assert box.text() == text
    assert elapsed_s < 5, "one unbroken line takes Qt more than 12 s"


def test_a_copied_giant_has_no_breaks_of_ours(qtbot: QtBot, box: TextInput) -> None:
    """What is copied out is what was pasted in."""
    _paste(box, "y" * 5000)
    box.selectAll()
    assert box.createMimeDataFromSelection().text() == "y" * 5000


def test_undo_takes_a_paste_back_and_redo_brings_it_whole(qtbot: QtBot, box: TextInput) -> None:
    """The breaks of the layout go and come with the text."""
    _paste(box, "z" * 5000)
    box.undo()
    assert box.text() == ""
    box.redo()
    assert box.text() == "z" * 5000


@pytest.mark.parametrize(("text", "blank"), [("", True), (" \n\t\n", True), ("\n\n a", False)])
def test_white_space_is_nothing_to_send(qtbot: QtBot, box: TextInput, text: str, blank: bool) -> None:
    """Blank means no visible character in any line."""
    box.set_text(text)
    assert box.is_blank() is blank


def test_tab_goes_on_to_the_next_control(qtbot: QtBot, box: TextInput) -> None:
    """The keyboard is never caught in the box."""
    assert box.tabChangesFocus()


@pytest.mark.parametrize(("key", "by"), [(Qt.Key.Key_PageUp, -1), (Qt.Key.Key_PageDown, 1)])
def test_page_keys_in_an_empty_box_mean_the_transcript(qtbot: QtBot, box: TextInput, key: Qt.Key, by: int) -> None:
    """There is nothing to page through in the box itself."""
    with qtbot.waitSignal(box.page_wanted) as blocker:
        qtbot.keyClick(box, key)
    assert blocker.args == [by]


def test_page_keys_in_a_text_move_in_it(qtbot: QtBot, box: TextInput) -> None:
    """What is being written keeps its own keys."""
    box.set_text("a\n" * 30)
    with qtbot.assertNotEmitted(box.page_wanted):
        qtbot.keyClick(box, Qt.Key.Key_PageUp)


def test_it_keeps_to_the_room_it_is_given(box: TextInput) -> None:
    """In a low window it scrolls earlier, but never shows fewer than three lines of a long text."""
    box.set_text("a\n" * 30)
    spacing = box.fontMetrics().lineSpacing()
    box.set_room(5 * spacing)
    five = box.height()
    box.set_room(spacing)
    assert five - box.height() == (5 - FEWEST_LINES) * spacing


@pytest.mark.parametrize("key", [QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo])
def test_a_key_with_nothing_to_undo_is_the_windows(qtbot: QtBot, key: QKeySequence.StandardKey) -> None:
    """The field takes it only while it has steps of its own."""
    host = QWidget()
    qtbot.addWidget(host)
    box = TextInput(parent=host)
    pressed: list[str] = []
    QShortcut(QKeySequence(key), host, lambda: pressed.append("window"))
    host.show()
    qtbot.waitExposed(host)
    host.activateWindow()
    qtbot.waitUntil(host.isActiveWindow)
    box.setFocus()
    combination = QKeySequence(key)[0]  # type: ignore[index]  # PySide's stubs do not know that it can be
    qtbot.keyClick(box, combination.key(), combination.keyboardModifiers())
    assert pressed == ["window"]
    qtbot.keyClicks(box, "a")
    if key is QKeySequence.StandardKey.Redo:
        box.undo()
    qtbot.keyClick(box, combination.key(), combination.keyboardModifiers())
    assert pressed == ["window"]
    assert box.text() == ("a" if key is QKeySequence.StandardKey.Redo else "")


def _ink_height(box: TextInput) -> int:
    """Return how high what is painted in the box is."""
    image = box.grab().toImage()
    ground = image.pixelColor(image.width() - 2, image.height() - 1)
    rows = [
        y for y in range(image.height()) if any(image.pixelColor(x, y) != ground for x in range(8, image.width() - 8))
    ]
    return rows[-1] - rows[0] + 1


@pytest.mark.parametrize("percent", [50, 300])
def test_the_invitation_is_as_large_as_the_text_will_be(qtbot: QtBot, box: TextInput, percent: int) -> None:
    """A zoom that the invitation did not follow left it cut or lost in a box that fits the text."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    former = app.styleSheet()
    app.setStyleSheet("QLabel { color: red }")  # as in the program: from then on a viewport inherits no font
    try:
        box.clearFocus()
        box.setFont(scaled_font(box.font(), percent / 100))
        assert box.viewport().font() == box.font()
        assert box.height() >= box.fontMetrics().lineSpacing()
        assert _ink_height(box) <= box.fontMetrics().lineSpacing()
        qtbot.waitUntil(lambda: box.fontMetrics().horizontalAdvance(box.placeholderText()) <= box.viewport().width())
    finally:
        app.setStyleSheet(former)
