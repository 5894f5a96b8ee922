"""Finding in the session at the real window: from the menu to the match and back to where one was."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from desktop.ui.transcript.find_bar import FindBar
from desktop.ui.transcript.map import TranscriptMap
from desktop.ui.transcript.view import TranscriptView
from tests.app.conftest import Come, Serve
from tests.app.person import Person
from tests.wire.script import Script

LONG = tuple(f"a paragraph about nothing, number {number}\n\n" for number in range(60))


@pytest.fixture
def person(come: Come, serve: Serve) -> Person:
    """Someone with a long answer that has the word twice."""
    made = come(serve(Script(text=("The **nee**dle.\n\n", *LONG, "Another needle."))))
    made.window.activateWindow()
    made.say("Where?")
    made.wait_shown("Another needle.")
    return made


def looks_for(person: Person, text: str) -> QLineEdit:
    """Open the bar and type."""
    person.trigger("findInSession")
    field = person.widget(QLineEdit, "findInput")
    person.until(field.hasFocus, "the keyboard in the bar")
    QTest.keyClicks(field, text)
    return field


def counted(person: Person, text: str) -> None:
    """Wait until the bar says so."""
    person.until(lambda: person.widget(QLabel, "findCount").text() == text, text)


def marked(person: Person) -> int:
    """Return how many matches are marked in sight."""
    return sum(len(block.hits) for block in person.widget(TranscriptView).blocks())


def test_one_finds_a_word_and_comes_back(person: Person) -> None:
    """The match is shown, Escape takes the marks away and gives the keyboard back."""
    box = person.window.composer.input
    box.setFocus()
    field = looks_for(person, "needle")
    counted(person, "2 of 2")
    QTest.keyClick(field, Qt.Key.Key_Return)
    counted(person, "1 of 2")
    person.until(lambda: person.shown().startswith("The needle.") or "The needle." in person.shown(), "the first one")
    person.until(lambda: marked(person) == 1, "its mark")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    person.until(box.hasFocus, "the keyboard in the message box")
    assert person.widget(FindBar).isHidden()
    assert marked(person) == 0


def test_the_bar_moves_no_text(person: Person) -> None:
    """It covers the first lines, and gives them back."""
    view = person.widget(TranscriptView)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    person.until(lambda: view.is_settled, "the middle")
    before = _tops(person)
    person.trigger("findInSession")
    field = person.widget(QLineEdit, "findInput")
    person.until(field.hasFocus, "the keyboard in the bar")
    shown = _tops(person)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    after = _tops(person)
    assert len(before.keys() & shown.keys()) > 5
    assert all(shown[text] == before[text] for text in before.keys() & shown.keys())
    assert all(after[text] == before[text] for text in before.keys() & after.keys())


def _tops(person: Person) -> dict[str, int]:
    """Return where each paragraph in sight stands in the window."""
    blocks = person.widget(TranscriptView).blocks()
    return {block.shown_text(): block.mapTo(person.window, QPoint(0, 0)).y() for block in blocks if block.shown_text()}


def test_the_menu_steps_and_opens(person: Person) -> None:
    """Find next opens the bar where it is closed, and steps where it is open; the word is still there."""
    person.trigger("findNext")
    field = person.widget(QLineEdit, "findInput")
    person.until(field.isVisible, "the bar")
    QTest.keyClicks(field, "needle")
    counted(person, "2 of 2")
    person.trigger("findNext")
    counted(person, "1 of 2")
    person.trigger("findPrevious")
    counted(person, "2 of 2")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    person.trigger("findInSession")
    counted(person, "2 of 2")
    assert field.selectedText() == "needle"


def test_the_keys_are_those_one_expects(person: Person) -> None:
    """As everywhere."""
    keys = {
        name: {key.toString() for key in person.action(name).shortcuts()}
        for name in ("findInSession", "findNext", "findPrevious")
    }
    assert "Ctrl+F" in keys["findInSession"]
    assert keys["findNext"] == {"F3", "Ctrl+G"}
    assert keys["findPrevious"] == {"Shift+F3", "Ctrl+Shift+G"}


def test_the_map_leads_to_a_question(person: Person) -> None:
    """It is there as soon as there is something to scroll; a click on its top shows the beginning."""
    strip = person.widget(TranscriptMap)
    person.until(strip.isVisible, "the map")
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.rect().topLeft())
    person.until(lambda: "Where?" in person.shown(), "the question")
