"""Words are taken out of the conversation with the window's own keys and menus, and code is saved as a file."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.domain.messages import NewMessage, Role
from desktop.ui.dialogs.export import REPLACE, SaveCodeDialog
from desktop.ui.dialogs.question import Question
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.button import TextButton
from desktop.ui.transcript.blocks.code import CodeBlock
from desktop.ui.transcript.blocks.text import TextBlock
from desktop.ui.transcript.view import TranscriptView
from tests.app.conftest import Come, Serve
from tests.app.person import Person
from tests.wire.script import Script

if TYPE_CHECKING:
    from desktop.services.backend import Backend

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


WHOLE = "You:\nHow?\n\nwire-1:\nUse this:\n\nfirst = 1\nsecond = 2"


@pytest.mark.parametrize("kind", [TextBlock, CodeBlock])
def test_the_session_is_copied_by_key(person: Person, kind: type[BlockWidget]) -> None:
    """Ctrl+A and Ctrl+C mean the conversation whatever was clicked there, though the window has the same keys."""
    widget = block(person, kind)
    click_into(person, widget)
    QTest.keyClick(widget, Qt.Key.Key_A, CTRL)
    QTest.keyClick(widget, Qt.Key.Key_C, CTRL)

    assert clipboard() == WHOLE


@pytest.mark.parametrize("kind", [TextBlock, CodeBlock])
def test_the_session_is_copied_by_menu(person: Person, kind: type[BlockWidget]) -> None:
    """Edit ▸ Select all and Edit ▸ Copy do the same."""
    click_into(person, block(person, kind))
    person.trigger("selectAll")
    person.trigger("copy")

    assert clipboard() == WHOLE


def test_what_is_written_is_copied_from_the_message_box(person: Person) -> None:
    """The same commands mean the box while the keyboard is there, whatever was selected before."""
    click_into(person, block(person, TextBlock))
    person.trigger("selectAll")
    person.type("my draft")
    person.trigger("selectAll")
    person.trigger("copy")

    assert clipboard() == "my draft"
    person.rest()


def test_more_than_is_loaded_is_copied(come: Come) -> None:
    """A session of hundreds of messages opens with its last ones; Ctrl+A takes all of them, and it is said."""
    person = come()

    async def write(backend: "Backend") -> str:
        session = await backend.library.create()
        new = [NewMessage(role=Role.USER, content=f"message {number}") for number in range(300)]
        await backend.store.add_messages(session.id, None, new)
        return session.id

    person.desktop.chat.open(person.ask(write))
    person.wait_shown("message 299")
    person.window.activateWindow()
    click_into(person, block(person, TextBlock))
    QGuiApplication.clipboard().setText("nothing yet")
    person.trigger("selectAll")
    person.trigger("copy")
    person.until(lambda: clipboard() != "nothing yet", "the text in the clipboard")

    assert clipboard() == "\n\n".join(f"You:\nmessage {number}" for number in range(300))
    assert person.window.banner.text() == "Copied 300 messages"


def test_a_message_is_quoted_into_the_next_one(person: Person) -> None:
    """Quote puts the message where the caret is, on lines of its own, and the keyboard there."""
    person.type("Look:")
    buttons = [each for each in person.window.findChildren(TextButton, "quote") if each.isVisible()]
    person.click(min(buttons, key=lambda each: each.mapToGlobal(QPoint(0, 0)).y()))
    person.until(person.window.composer.input.hasFocus, "the keyboard in the message box")
    person.press(Qt.Key.Key_X)

    assert person.window.composer.text() == "Look:\n\n> How?\n\nx"
    person.rest()


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
