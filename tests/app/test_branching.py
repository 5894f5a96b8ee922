"""Messages changed at the real window: edited, deleted, branched, answered by another model, and all of it undone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolButton, QWidget

from desktop.domain.messages import Status
from desktop.domain.summaries import StoredSummary, SummaryState
from desktop.ui.branches.dialog import BranchesDialog
from desktop.ui.dialogs.edit import EditDialog
from desktop.ui.picker.popup import PickerPopup
from desktop.ui.transcript.blocks.button import TextButton
from desktop.ui.transcript.blocks.follow_ups import Chip
from desktop.ui.transcript.blocks.footer import FooterBlock
from desktop.ui.transcript.blocks.summary import SummaryBlock
from desktop.ui.transcript.view import TranscriptView
from tests.app.conftest import Come, Serve
from tests.app.person import Person
from tests.wire.script import Script

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NO_GRAB = pytest.mark.qt_log_ignore("This plugin does not support grabbing", extend=True)
SLOW = Script(text=tuple(f"w{number} " for number in range(400)), rate=40)


def buttons(person: Person, row: int, name: str) -> list[TextButton]:
    """Return the buttons of a name below a message, by its row, as far as it is in sight."""
    return [
        button
        for block in person.widget(TranscriptView).blocks()
        if isinstance(block, FooterBlock) and block.item is person.items()[row]
        for button in block.findChildren(TextButton)
        if button.objectName() == name and button.isVisible()
    ]


def press(person: Person, row: int, name: str) -> None:
    """Press a button below a message."""
    person.until(lambda: buttons(person, row, name), f"the button {name!r}")
    person.click(buttons(person, row, name)[-1])


def choose_more(person: Person, row: int, label: str) -> None:
    """Choose an entry of the menu behind "More" below a message."""
    press(person, row, "more")
    menu = person.widget(TranscriptView).findChildren(QMenu, "moreMenu")[-1]
    next(entry for entry in menu.actions() if entry.text() == label).trigger()
    menu.close()


def edit(person: Person, row: int, text: str) -> EditDialog:
    """Open the editor of a question and write something else."""
    press(person, row, "edit")
    dialog = person.dialog(EditDialog)
    dialog.field.selectAll()
    QTest.keyClicks(dialog.field, text)
    return dialog


def keep(person: Person, dialog: EditDialog) -> None:
    """Press Ctrl+Enter and wait for the answer."""
    QTest.keyClick(dialog.field, Qt.Key.Key_Return, CTRL)
    person.until(lambda: person.no_dialog(EditDialog), "the end of the dialog")
    person.rest()


def at_the_box(person: Person) -> None:
    """Sit before the window again, which no window manager brings back behind a dialog here, with the empty box."""
    person.window.activateWindow()
    person.window.focus_composer()
    person.until(lambda: QApplication.focusWidget() is person.window.composer.input, "the keyboard in the message box")


def shows(person: Person, *texts: str) -> None:
    """Wait until the path is this one."""
    person.until(lambda: tuple(person.texts()) == texts, f"the messages {texts}")


def test_an_edited_question_is_asked_anew_and_undone(come: Come, serve: Serve) -> None:
    """Ctrl+Enter sends it as a version; Ctrl+Z and Ctrl+Shift+Z in the empty message box walk through what was done."""
    server = serve(Script(text=("Yes.",)))
    person = come(server)
    person.say("Frist?")
    keep(person, edit(person, 0, "First?"))

    shows(person, "First?", "Yes.")
    assert (person.items()[0].message.version, person.items()[0].message.versions) == (2, 2)
    assert server.answers[-1].body["messages"][-1]["content"] == "First?"
    at_the_box(person)
    person.press(Qt.Key.Key_Z, CTRL)
    shows(person, "Frist?", "Yes.")
    person.press(Qt.Key.Key_Z, CTRL | SHIFT)
    shows(person, "First?", "Yes.")
    assert len(server.answers) == 2


def test_what_is_being_written_is_undone_first(come: Come, serve: Serve) -> None:
    """The session's steps come when the message box has none of its own."""
    person = come(serve(Script(text=("Yes.",))))
    person.say("One?")
    keep(person, edit(person, 0, "Two?"))
    at_the_box(person)
    person.type("draft")

    presses = 0
    while person.window.composer.text():
        person.press(Qt.Key.Key_Z, CTRL)
        presses += 1
        assert person.texts() == ["Two?", "Yes."]
        assert presses <= 5, "one step for each letter at most"
    person.press(Qt.Key.Key_Z, CTRL)
    shows(person, "One?", "Yes.")
    person.press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert person.window.composer.text() == "draft"
    assert person.texts() == ["One?", "Yes."]


def test_a_refused_edit_keeps_its_words(come: Come, serve: Serve) -> None:
    """While an answer is being written a question cannot be asked anew; the dialog says so and stays."""
    server = serve(Script(text=("Yes.",)))
    person = come(server)
    person.say("One?")
    server.script = SLOW
    person.send("Two?")
    person.until(lambda: len(person.items()) == 4 and person.answer().has_text, "the second answer")
    dialog = edit(person, 0, "Other words")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return, CTRL)
    label = dialog.findChild(QLabel, "editRefusal")
    assert isinstance(label, QLabel)
    person.until(label.isVisible, "the refusal")
    assert "still being written" in label.text()
    assert dialog.field.text() == "Other words"
    person.desktop.chat.stop()
    person.wait_status(Status.STOPPED)
    server.script = Script(text=("Yes.",))
    keep(person, dialog)
    shows(person, "Other words", "Yes.")


def test_what_was_typed_is_there_again(come: Come, serve: Serve) -> None:
    """Escape leaves the message alone and loses nothing; after a cancelled edit the next one begins where it ended."""
    person = come(serve(Script(text=("Yes.",))))
    person.say("One?")
    dialog = edit(person, 0, "Half a thought")
    QTest.keyClick(dialog.field, Qt.Key.Key_Escape)
    person.until(lambda: person.no_dialog(EditDialog), "the end of the dialog")
    assert person.texts() == ["One?", "Yes."]
    press(person, 0, "edit")
    assert person.dialog(EditDialog).field.text() == "Half a thought"


@NO_GRAB
def test_an_answer_is_edited_without_asking_anybody(come: Come, serve: Serve) -> None:
    """It is a version beside the other, and says that it was edited."""
    server = serve(Script(text=("Paris.",)))
    person = come(server)
    person.say("Capital?")
    choose_more(person, 1, "Edit")
    dialog = person.dialog(EditDialog)
    assert dialog.field.text() == "Paris."
    dialog.field.selectAll()
    QTest.keyClicks(dialog.field, "Lyon.")
    keep(person, dialog)
    shows(person, "Capital?", "Lyon.")
    person.until(lambda: "edited" in person.shown(), "the word above it")
    assert len(server.answers) == 1


@NO_GRAB
def test_a_deleted_message_comes_back(come: Come, serve: Serve) -> None:
    """With what followed it, by the banner as by the key."""
    person = come(serve(Script(text=("Yes.",))))
    person.say("One?")
    person.say("Two?")
    choose_more(person, 1, "Delete")
    shows(person, "One?")
    person.until(lambda: "trash" in person.window.banner.text(), "the banner")
    person.click(person.window.banner.action)
    shows(person, "One?", "Yes.", "Two?", "Yes.")


def test_a_branch_is_a_session_of_its_own(come: Come, serve: Serve) -> None:
    """It holds the path down to that message, and the one it was made of stays as it was."""
    person = come(serve(Script(text=("Yes.",))))
    person.say("One?")
    person.say("Two?")
    first = person.desktop.chat.session_id
    press(person, 1, "branch")
    person.until(lambda: person.desktop.chat.session_id not in ("", first), "the copy")
    shows(person, "One?", "Yes.")
    assert "copy" in person.window.banner.text()
    person.until(lambda: len(person.titles()) == 2, "both sessions")
    kept = person.ask(lambda backend: backend.library.whole(first))[1]
    assert [message.content for message in kept] == ["One?", "Yes.", "Two?", "Yes."]


@NO_GRAB
def test_another_model_answers_once(come: Come, serve: Serve) -> None:
    """The question is the same; the session keeps its model."""
    server = serve(Script(text=("Yes.",)))
    person = come(server)
    person.say("One?")
    before = person.desktop.picker.current()
    choose_more(person, 1, "Retry with another model…")
    popup = person.dialog(PickerPopup)
    QTest.keyClicks(popup.field, "direct/wire-2")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    person.until(lambda: len(server.answers) == 2, "the second answer")
    person.rest()
    person.until(lambda: person.answer().message.versions == 2, "both versions")
    assert server.answers[1].body["model"] == "wire-2"
    assert server.answers[1].body["messages"][-1]["content"] == "One?"
    assert person.desktop.picker.current() == before


def test_the_pill_counts_branches_and_shows_them(come: Come, serve: Serve) -> None:
    """It is there where there are several."""
    person = come(serve(Script(text=("Yes.",))))
    person.say("One?")
    person.rest()
    pill = person.widget(QToolButton, "branchesPill")
    assert not pill.isVisible()
    keep(person, edit(person, 0, "Two?"))
    person.until(pill.isVisible, "the pill")
    assert pill.text() == "2 branches"
    person.click(pill)
    person.dialog(BranchesDialog).close()
    person.new_session()
    person.until(lambda: not pill.isVisible(), "no pill")


def summaries(person: Person) -> tuple[StoredSummary, ...]:
    """Return the stored summaries of the open session's path."""
    session_id = person.desktop.chat.session_id
    return person.ask(lambda backend: backend.summaries.shown(session_id))


def fold(person: Person, said: str) -> SummaryBlock:
    """Wait until the fold of a summary says something."""

    def found() -> list[SummaryBlock]:
        blocks = person.widget(TranscriptView).blocks()
        return [each for each in blocks if isinstance(each, SummaryBlock) and said in each.accessibleName()]

    person.until(found, f"a summary that says {said!r}")
    return found()[0]


def press_in(person: Person, block: QWidget, name: str) -> None:
    """Press a button within a block."""
    button = block.findChild(TextButton, name)
    assert isinstance(button, TextButton)
    person.click(button)


def test_a_summary_is_read_edited_and_switched(come: Come, serve: Serve) -> None:
    """It appears where it ends as soon as it is made, and what is decided about it is stored and said in words."""
    person = come(serve(Script(text=("Yes.",))))
    person.say("One?")
    first, last = (item.key for item in person.items())

    async def make(backend: object) -> None:
        store, service = backend.store, backend.summaries  # type: ignore[attr-defined]
        made = await store.add_summary(first_id=first, last_id=last, text="Short.", model="direct/wire-1")
        await service.set_state(made.id, SummaryState.NONE)

    person.ask(make)
    block = fold(person, "Summary of messages 1–2")
    block.setFocus()
    QTest.keyClick(block, Qt.Key.Key_Return)
    fold(person, "Short.")
    press_in(person, block, "switch summary")
    fold(person, "switched off")
    press_in(person, block, "pin summary")
    fold(person, "pinned")
    press_in(person, block, "edit summary")
    dialog = person.dialog(EditDialog)
    dialog.field.selectAll()
    QTest.keyClicks(dialog.field, "Shorter.")
    keep(person, dialog)
    fold(person, "edited by hand")
    (kept,) = summaries(person)
    assert (kept.text, kept.is_edited, kept.state) == ("Shorter.", True, SummaryState.PINNED)


def chips(person: Person) -> list[Chip]:
    """Return the suggested questions in sight."""
    found = person.widget(TranscriptView).findChildren(Chip)
    return [chip for chip in found if chip.isVisible()]


def suggest(person: Person, *questions: str) -> None:
    """Let a model have suggested questions below the last answer."""
    answer = person.answer().message

    async def note(backend: object) -> None:
        await backend.store.add_metadata(answer.id, {"follow_ups": list(questions)})  # type: ignore[attr-defined]
        await backend.library.rename(answer.session_id, "Renamed")  # type: ignore[attr-defined]

    person.ask(note)
    person.until(lambda: len(chips(person)) == len(questions), "the suggestions")


def test_a_suggested_question_is_sent_by_a_click(come: Come, serve: Serve) -> None:
    """And all of them are gone with it."""
    server = serve(Script(text=("Yes.",)))
    person = come(server)
    person.say("One?")
    suggest(person, "Why?", "How?")
    person.click(chips(person)[1])
    shows(person, "One?", "Yes.", "How?", "Yes.")
    assert server.answers[1].body["messages"][-1]["content"] == "How?"
    person.until(lambda: not chips(person), "no suggestions")


def test_a_suggestion_beside_a_draft_is_only_put_there(come: Come, serve: Serve) -> None:
    """What is being written is neither sent nor lost; with Shift nothing is ever sent."""
    server = serve(Script(text=("Yes.",)))
    person = come(server)
    person.say("One?")
    suggest(person, "Why?")
    QTest.mouseClick(chips(person)[0], Qt.MouseButton.LeftButton, SHIFT)
    assert person.window.composer.text() == "Why?"
    person.click(chips(person)[0])
    assert person.window.composer.text() == "Why?\nWhy?"
    person.rest()
    assert len(server.answers) == 1
