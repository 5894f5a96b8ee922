"""Where the keyboard goes at the real window: out of the list, into the transcript, and back to what is written."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.ui.transcript.view import TranscriptView
from tests.app.conftest import Come, Serve
from tests.app.person import Person
from tests.wire.script import Script

NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier


def writes(person: Person) -> bool:
    """Return whether the message box has the keyboard."""
    return person.window.composer.input.hasFocus()


def test_a_session_that_is_opened_by_pointer_is_written_in(come: Come, serve: Serve) -> None:
    """What one types after a click in the list is the next message."""
    person = come(serve(Script()))
    person.say("First")
    person.new_session()
    person.say("Second")
    view = person.window.sidebar.view
    person.until(lambda: len(person.titles()) == 2, "both sessions")
    rect = view.visualRect(view.model().index(1, 0))
    place = rect.bottomLeft()
    place.setX(rect.center().x())
    place.setY(place.y() - 12)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, NONE, place)
    person.until(lambda: [item.text for item in person.items()][:1] == ["First"], "the other session")
    person.until(lambda: writes(person), "the keyboard in the message box")


def test_one_walks_into_the_transcript_and_back(come: Come, serve: Serve) -> None:
    """Alt+Up leads from the message box to the last message, Escape back, and letters as well."""
    person = come(serve(Script()))
    person.say("Hello")
    view = person.widget(TranscriptView)
    person.window.focus_composer()
    person.trigger("previousMessage")
    person.until(view.hasFocus, "the keyboard in the transcript")
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert writes(person)
    person.trigger("previousMessage")
    QTest.keyClicks(view, "x")
    assert (writes(person), person.window.composer.text()) == (True, "x")


def test_page_keys_in_the_empty_box_turn_the_transcript(come: Come, serve: Serve) -> None:
    """The box keeps the keyboard while one looks back."""
    person = come(serve(Script(text=tuple(f"line {number}\n\n" for number in range(200)))))
    person.say("Much, please")
    view = person.widget(TranscriptView)
    bar = view.verticalScrollBar()
    person.until(lambda: bar.maximum() > 0 and bar.value() == bar.maximum(), "the end of a long answer")
    person.press(Qt.Key.Key_PageUp)
    person.until(lambda: bar.value() < bar.maximum(), "a page further up")
    assert writes(person)


def test_zoom_reaches_what_is_written(come: Come, serve: Serve) -> None:
    """Bigger text is bigger in the message box too."""
    person = come(serve(Script()))
    before = person.window.composer.input.fontMetrics().height()
    for _ in range(5):
        person.trigger("zoomIn")
    person.until(lambda: person.window.composer.input.fontMetrics().height() > before, "bigger letters")
