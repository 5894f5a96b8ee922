"""The card at the bottom of the window."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from desktop.ui.composer.composer import TURN_S, WIDTH, Composer
from desktop.ui.theme import Theme, load_theme


@pytest.fixture
def composer(qtbot: QtBot, theme: Theme) -> Composer:
    made = Composer(theme=theme, model_picker=QToolButton())
    qtbot.addWidget(made)
    made.resize(WIDTH, 120)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_send_is_possible_when_there_is_something_to_send(qtbot: QtBot, composer: Composer) -> None:
    """The button waits for the first visible character."""
    assert not composer.send.isEnabled()
    qtbot.keyClicks(composer.input, " a")
    assert composer.send.isEnabled()


@pytest.mark.parametrize("how", ["enter", "button"])
def test_the_text_is_sent_and_stays_until_it_is_taken(qtbot: QtBot, composer: Composer, how: str) -> None:
    """A message that is refused is not lost: only `clear` empties the box."""
    qtbot.keyClicks(composer.input, "hello")
    with qtbot.waitSignal(composer.submitted) as blocker:
        if how == "enter":
            qtbot.keyClick(composer.input, Qt.Key.Key_Return)
        else:
            qtbot.mouseClick(composer.send, Qt.MouseButton.LeftButton)
    assert (blocker.args, composer.text()) == (["hello"], "hello")
    composer.clear()
    assert composer.text() == ""


def test_nothing_is_sent_from_an_empty_box(qtbot: QtBot, composer: Composer) -> None:
    """Enter on white space asks for nothing."""
    composer.set_text("  \n ")
    with qtbot.assertNotEmitted(composer.submitted):
        qtbot.keyClick(composer.input, Qt.Key.Key_Return)


def test_stop_takes_the_place_of_send(qtbot: QtBot, composer: Composer) -> None:
    """Where Send was is Stop, in the same place and size, and nothing moves."""
    before = composer.send.geometry()
    composer.set_running(True)
    assert (composer.stop.isVisible(), composer.send.isVisible()) == (True, False)
    assert composer.stop.geometry() == before
    with qtbot.waitSignal(composer.stop_requested):
        qtbot.mouseClick(composer.stop, Qt.MouseButton.LeftButton)


def test_what_is_written_during_an_answer_waits(qtbot: QtBot, composer: Composer) -> None:
    """Enter does not send into a running answer, and the text stays."""
    composer.set_running(True)
    qtbot.keyClicks(composer.input, "next")
    with qtbot.assertNotEmitted(composer.submitted):
        qtbot.keyClick(composer.input, Qt.Key.Key_Return)
    assert composer.text() == "next"


def test_escape_stops_a_run_and_nothing_else(qtbot: QtBot, composer: Composer) -> None:
    """Escape means Stop while an answer is written, and nothing at other times."""
    with qtbot.assertNotEmitted(composer.stop_requested):
        qtbot.keyClick(composer.input, Qt.Key.Key_Escape)
    composer.set_running(True)
    with qtbot.waitSignal(composer.stop_requested):
        qtbot.keyClick(composer.input, Qt.Key.Key_Escape)


def test_the_keyboard_stays_in_the_composer_when_stop_goes(qtbot: QtBot, composer: Composer) -> None:
    """The focus on a button that disappears goes to the box."""
    composer.set_running(True)
    composer.stop.setFocus()
    composer.set_running(False)
    assert composer.input.hasFocus()


def test_showing_a_draft_is_not_an_edit(qtbot: QtBot, composer: Composer) -> None:
    """Opening a session does not save its draft again."""
    with qtbot.assertNotEmitted(composer.edited):
        composer.set_text("a draft")
    assert composer.send.isEnabled()
    with qtbot.waitSignal(composer.edited):
        qtbot.keyClicks(composer.input, "!")


def test_nothing_can_be_sent_where_nothing_can_be_stored(qtbot: QtBot, composer: Composer) -> None:
    """A read-only database takes no message; what is written stays."""
    composer.set_text("hello")
    composer.set_send_allowed(False)
    assert not composer.send.isEnabled()
    with qtbot.assertNotEmitted(composer.submitted):
        qtbot.keyClick(composer.input, Qt.Key.Key_Return)


def test_the_meter_shows_only_what_is_known(qtbot: QtBot, composer: Composer) -> None:
    """Without figures there is no meter."""
    composer.set_meter("11.1k / 32k")
    assert composer.meter.isVisible()
    composer.set_meter("")
    assert not composer.meter.isVisible()


def test_every_control_has_a_spoken_name(composer: Composer) -> None:
    """A screen reader can tell the box from the buttons."""
    assert all(widget.accessibleName() for widget in (composer, composer.input, composer.send, composer.stop))


def test_another_theme_paints_another_card(composer: Composer) -> None:
    """The card's ground is the theme's."""
    composer.set_theme(load_theme("dark"))
    ground = composer.grab().toImage().pixelColor(composer.width() // 2, 6)
    assert ground.name().upper() == load_theme("dark").card


def test_an_enter_that_came_too_early_counts_when_it_can(qtbot: QtBot, composer: Composer) -> None:
    """While nothing can be sent the button says so; the message goes out by itself, once."""
    composer.set_ready(False)
    qtbot.keyClicks(composer.input, "hello")
    assert not composer.send.isEnabled()
    with qtbot.assertNotEmitted(composer.submitted):
        qtbot.keyClick(composer.input, Qt.Key.Key_Return)
    with qtbot.waitSignal(composer.submitted) as blocker:
        composer.set_ready(True)
    assert blocker.args == ["hello"]
    composer.set_ready(False)
    with qtbot.assertNotEmitted(composer.submitted):
        composer.set_ready(True)


@pytest.mark.parametrize("how", ["another key", "another session"])
def test_an_early_enter_is_forgotten_with_its_text(qtbot: QtBot, composer: Composer, how: str) -> None:
    """What was changed since, or belongs to another session, never goes out by itself."""
    composer.set_ready(False)
    qtbot.keyClicks(composer.input, "hello")
    qtbot.keyClick(composer.input, Qt.Key.Key_Return)
    if how == "another key":
        qtbot.keyClicks(composer.input, "!")
    else:
        composer.set_text("a draft")
    with qtbot.assertNotEmitted(composer.submitted):
        composer.set_ready(True)


def test_the_box_is_zoomed_with_the_transcript(composer: Composer) -> None:
    """What is being written is as big as what was written."""
    before = composer.input.fontMetrics().height()
    composer.set_zoom(200)
    assert composer.input.fontMetrics().height() > 1.8 * before
    composer.set_zoom(100)
    assert composer.input.fontMetrics().height() == before


def test_stop_gives_the_keyboard_to_the_box(qtbot: QtBot, composer: Composer) -> None:
    """After a click on Stop one goes on writing."""
    composer.set_running(True)
    composer.model_picker.setFocus()
    qtbot.mouseClick(composer.stop, Qt.MouseButton.LeftButton)
    assert composer.input.hasFocus()


def test_enter_while_an_answer_is_written_says_why_nothing_goes_out(qtbot: QtBot, composer: Composer) -> None:
    """The text stays, nothing is sent, and a sentence says what to do."""
    composer.set_running(True)
    composer.input.insertPlainText("And now?")
    with qtbot.assertNotEmitted(composer.submitted), qtbot.waitSignal(composer.hint) as hint:
        qtbot.keyClick(composer.input, Qt.Key.Key_Return)
    assert (hint.args, composer.text()) == (["Still writing. Stop it first, or wait."], "And now?")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("", "> said\n\n"),
        ("Look:", "Look:\n\n> said\n\n"),
        ("Look:\n", "Look:\n\n> said\n\n"),
        ("Look:\n\n", "Look:\n\n> said\n\n"),
    ],
)
def test_a_quote_stands_on_lines_of_its_own(composer: Composer, written: str, expected: str) -> None:
    """Whatever was written before it, an empty line is between, and one goes on writing below."""
    composer.input.insert_text(written)
    composer.quote("> said")
    assert composer.text() == expected
    assert composer.input.hasFocus()


def test_a_quote_goes_where_the_caret_is(composer: Composer) -> None:
    """What was written after the caret comes after the quote, and one undo takes the quote back."""
    composer.input.insert_text("before after")
    cursor = composer.input.textCursor()
    cursor.setPosition(7)
    composer.input.setTextCursor(cursor)
    composer.quote("> said")
    quoted = composer.text()
    composer.input.undo()
    assert (quoted, composer.text()) == ("before \n\n> said\n\nafter", "before after")


@pytest.mark.parametrize("where", ["beside the model", "the left edge", "the lower edge", "a dead Send"])
def test_a_click_in_the_card_beside_its_controls_is_one_into_the_text(
    qtbot: QtBot, composer: Composer, where: str
) -> None:
    """Who clicks anywhere into the box means to write there."""
    between = (composer.model_picker.geometry().right() + composer.send.geometry().left()) // 2
    row = composer.send.geometry().center()
    points = {
        "beside the model": QPoint(between, row.y()),
        "the left edge": QPoint(3, 40),
        "the lower edge": QPoint(between, composer.height() - 3),
        "a dead Send": row,
    }
    composer.model_picker.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    composer.model_picker.setFocus()
    window = composer.window().windowHandle()
    qtbot.mouseClick(window, Qt.MouseButton.LeftButton, pos=points[where])
    assert composer.input.hasFocus()


def test_a_click_meant_for_stop_sends_nothing(qtbot: QtBot, theme: Theme) -> None:
    """Just after the answer ends by itself a click on the button is late; a moment later it sends."""
    clock = [100.0]
    composer = Composer(theme=theme, model_picker=QToolButton(), now=lambda: clock[0])
    qtbot.addWidget(composer)
    composer.show()
    composer.set_running(True)
    composer.set_text("half a draft")
    composer.set_running(False)
    clock[0] += TURN_S - 0.01
    with qtbot.assertNotEmitted(composer.submitted):
        qtbot.mousePress(composer.send, Qt.MouseButton.LeftButton)
        clock[0] += 1
        qtbot.mouseRelease(composer.send, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(composer.submitted):
        qtbot.mouseClick(composer.send, Qt.MouseButton.LeftButton)


def test_enter_right_after_an_answer_sends(qtbot: QtBot, theme: Theme) -> None:
    """The pause is for the hand on the mouse: the keyboard never meant Stop."""
    composer = Composer(theme=theme, model_picker=QToolButton(), now=lambda: 100.0)
    qtbot.addWidget(composer)
    composer.show()
    composer.set_running(True)
    composer.set_text("the next question")
    composer.set_running(False)
    with qtbot.waitSignal(composer.submitted):
        qtbot.keyClick(composer.input, Qt.Key.Key_Return)


def test_a_prompt_goes_where_the_caret_is(qtbot: QtBot, composer: Composer) -> None:
    """Between the words that stand there, as one step to undo, with the keyboard behind it."""
    qtbot.keyClicks(composer.input, "ab")
    qtbot.keyClick(composer.input, Qt.Key.Key_Left)
    composer.insert_prompt("one\ntwo")
    assert composer.text() == "aone\ntwob"
    qtbot.keyClicks(composer.input, "!")
    assert composer.text() == "aone\ntwo!b"
    composer.input.undo()
    composer.input.undo()
    assert composer.text() == "ab"


def test_text_that_is_only_shown_is_told_apart(qtbot: QtBot, composer: Composer) -> None:
    """A draft of another session is no edit."""
    with qtbot.waitSignal(composer.replaced), qtbot.assertNotEmitted(composer.edited):
        composer.set_text("a draft")
