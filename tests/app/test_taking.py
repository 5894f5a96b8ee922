"""Words are taken out of the conversation with the window's own keys and menus, and code is saved as a file."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.ui.dialogs.export import REPLACE, SaveCodeDialog
from desktop.ui.dialogs.question import Question
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.code import CodeBlock
from desktop.ui.transcript.blocks.text import TextBlock
from desktop.ui.transcript.view import TranscriptView
from tests.app.conftest import Come, Serve
from tests.app.person import Person
from tests.wire.script import Script

CTRL = Qt.KeyboardModifier.ControlModifier
ANSWER = "Use this:\n\n```python\nfirst = 1\nsecond = 2\n```\n"


@pytest.fixture
def person(come: Come, serve: Serve) -> Person:
    """Someone with an answer that has a paragraph and code."""
    made = come(serve(Script(text=(ANSWER,))))
    made.window.activateWindow()
    made.say("How?")
    made.wait_shown("second = 2")
    QGuiApplication.clipboard().setText("nothing yet")
    return made


def block(person: Person, kind: type[BlockWidget]) -> BlockWidget:
    """Return the last block of a kind."""
    return [each for each in person.widget(TranscriptView).blocks() if isinstance(each, kind)][-1]


def click_into(person: Person, widget: QWidget) -> None:
    """Click into a block and wait until it has the keyboard."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(24, widget.height() - 16))
    person.until(widget.hasFocus, "the keyboard in the block")


def clipboard() -> str:
    """Return the text in the clipboard."""
    return QGuiApplication.clipboard().text()


@pytest.mark.parametrize(("kind", "text"), [(TextBlock, "Use this:"), (CodeBlock, "first = 1\nsecond = 2")])
def test_what_is_selected_is_copied_by_key(person: Person, kind: type[BlockWidget], text: str) -> None:
    """Ctrl+A and Ctrl+C mean the block that was clicked, though the window has commands on the same keys."""
    widget = block(person, kind)
    click_into(person, widget)
    QTest.keyClick(widget, Qt.Key.Key_A, CTRL)
    QTest.keyClick(widget, Qt.Key.Key_C, CTRL)

    assert clipboard() == text


@pytest.mark.parametrize(("kind", "text"), [(TextBlock, "Use this:"), (CodeBlock, "first = 1\nsecond = 2")])
def test_what_is_selected_is_copied_by_menu(person: Person, kind: type[BlockWidget], text: str) -> None:
    """Edit ▸ Select all and Edit ▸ Copy do the same."""
    click_into(person, block(person, kind))
    person.trigger("selectAll")
    person.trigger("copy")

    assert clipboard() == text


@pytest.mark.parametrize("kind", [TextBlock, CodeBlock])
def test_nothing_selected_leaves_the_clipboard(person: Person, kind: type[BlockWidget]) -> None:
    """A copy of nothing does not take away what the clipboard has."""
    click_into(person, block(person, kind))
    person.trigger("copy")

    assert clipboard() == "nothing yet"


def save(person: Person, path: Path) -> None:
    """Press Save on the code and choose a path."""
    code = block(person, CodeBlock)
    assert isinstance(code, CodeBlock)
    person.click(code.save_button)
    name = person.dialog(SaveCodeDialog).findChild(QLineEdit, "fileNameEdit")
    assert isinstance(name, QLineEdit)
    name.setText(str(path))
    QTest.keyClick(name, Qt.Key.Key_Return)


def test_code_is_saved_as_a_file(person: Person, tmp_path: Path) -> None:
    """Save asks for a place, writes there and says so."""
    path = tmp_path / "mine.py"
    save(person, path)
    person.until(lambda: str(path) in person.window.banner.text(), "the sentence that it is saved")

    assert path.read_text(encoding="utf-8") == "first = 1\nsecond = 2"


def test_code_replaces_a_file_only_after_a_yes(person: Person, tmp_path: Path) -> None:
    """A file of this name is asked about in the window's own way, while the window goes on."""
    path = tmp_path / "mine.py"
    path.write_text("older", encoding="utf-8")
    save(person, path)
    question = person.dialog(Question, "replaceQuestion")
    before = path.read_text(encoding="utf-8")
    person.click(question.answer_button(REPLACE))
    person.until(lambda: str(path) in person.window.banner.text(), "the sentence that it is saved")

    assert before == "older"
    assert path.read_text(encoding="utf-8") == "first = 1\nsecond = 2"


def test_code_that_cannot_be_saved_is_said(person: Person, tmp_path: Path) -> None:
    """A folder that takes no file is a sentence in the window, not an exception."""
    path = tmp_path / "mine.py"
    path.write_text("older", encoding="utf-8")
    save(person, path)
    path.unlink()
    path.mkdir()  # between the question and its answer
    person.click(person.dialog(Question, "replaceQuestion").answer_button(REPLACE))
    person.until(person.window.banner.text, "why it was not saved")

    assert list(path.iterdir()) == []
