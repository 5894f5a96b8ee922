"""Several sessions at the real window: written at once, switched, renamed, deleted, found again with their drafts."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop.domain.messages import Status
from desktop.presenters.session_list import SessionRole
from tests.app.conftest import Come, Serve
from tests.app.person import Person
from tests.app.test_talking import SLOW
from tests.wire.script import Script


def words(name: str) -> tuple[str, ...]:
    """Return an answer of three seconds at 100 pieces a second, in which every piece is another."""
    return tuple(f"{name}{number} " for number in range(300))


def test_switching_while_three_sessions_are_written_mixes_nothing(come: Come, serve: Serve) -> None:
    """Each session shows its own text, with no piece twice and none missing, however often one looks at another."""
    server = serve(Script(rate=100))
    person = come(server)
    for name in ("ash", "birch", "cedar"):
        server.script = Script(text=words(name), rate=100)
        person.new_session()
        person.send(f"Tell me of {name}")
        person.wait_shown(f"{name}2")

    assert person.writing() == {"Tell me of ash", "Tell me of birch", "Tell me of cedar"}
    for name in ("ash", "cedar", "birch", "ash", "birch", "cedar", "ash"):
        person.open(f"Tell me of {name}")
        text = person.answer().text
        assert "".join(words(name)).startswith(text)
        person.wait_longer(text)
        assert "".join(words(name)).startswith(person.answer().text)

    person.until(lambda: not person.writing(), "the end of all three")
    for name in ("ash", "birch", "cedar"):
        person.open(f"Tell me of {name}")
        message = person.wait_status(Status.COMPLETE)
        assert message.content == person.answer().text == "".join(words(name))


def test_stop_stops_only_the_session_that_is_open(come: Come, serve: Serve) -> None:
    """Stop in one session leaves the answer of another alone."""
    server = serve(Script(text=words("ash"), rate=100))
    person = come(server)
    person.send("First")
    person.wait_shown("ash2")
    server.script = Script(text=SLOW, rate=50)
    person.new_session()
    person.send("Second")
    person.wait_shown("word2")
    person.stop()
    person.wait_status(Status.STOPPED)

    person.open("First")
    assert person.wait_status(Status.COMPLETE).content == "".join(words("ash"))


def test_a_session_is_renamed_in_the_header(come: Come, serve: Serve) -> None:
    """Rename edits the title above the conversation; the sidebar, the window and the database follow."""
    person = come(serve(Script()))
    session_id = person.say("A dull title").session_id
    person.window.focus_composer()
    person.trigger("renameSession")
    editor = person.widget(QLineEdit, "sessionTitleEdit")
    person.until(editor.isVisible, "the field")
    QTest.keyClicks(editor, "A better one")
    QTest.keyClick(editor, Qt.Key.Key_Return)

    person.until(lambda: person.titles() == ["A better one"], "the new title")
    person.until(lambda: person.window.windowTitle().startswith("A better one"), "the window's title")
    assert person.ask(lambda backend: backend.library.open(session_id)).session.title == "A better one"


def test_a_deleted_session_comes_back_by_undo(come: Come, serve: Serve) -> None:
    """Delete puts the open session into the trash and offers Undo, which brings it back whole."""
    person = come(serve(Script()))
    person.say("Keep me")
    person.trigger("deleteSession")
    person.until(lambda: person.titles() == [], "the empty list")
    assert "Keep me" in person.window.banner.text()
    assert person.desktop.chat.session_id == ""

    person.click(person.window.banner.action)
    person.until(lambda: person.titles() == ["Keep me"], "the session")
    person.until(lambda: person.window.banner.text().startswith("Undone"), "what was undone")
    person.open("Keep me")
    assert person.texts() == ["Keep me", "The capital of France is Paris."]


def test_undo_brings_a_deleted_session_back_past_a_draft(come: Come, serve: Serve) -> None:
    """While the banner offers it, Ctrl+Z restores the session, whatever is open; then it undoes the text."""
    person = come(serve(Script()))
    person.say("Keep me")
    person.new_session()
    person.say("Another one")
    person.type("a draft")
    person.window.delete_requested.emit((person.desktop.sidebar.model.index(1).data(SessionRole.ID),))
    person.until(lambda: person.titles() == ["Another one"], "the shorter list")
    person.until(lambda: "Keep me" in person.window.banner.text(), "the offer")

    person.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: set(person.titles()) == {"Another one", "Keep me"}, "the session")
    person.until(lambda: person.window.banner.text().startswith("Undone"), "what was undone")
    assert person.window.composer.text() == "a draft"
    person.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert person.window.composer.text() != "a draft"


def test_nothing_is_said_of_the_trash_about_a_session_that_is_back(come: Come, serve: Serve) -> None:
    """The offer to undo goes away when the session comes back by another way."""
    person = come(serve(Script()))
    person.say("Keep me")
    person.trigger("deleteSession")
    person.until(lambda: "Keep me" in person.window.banner.text(), "the offer")
    person.desktop.dialogs.undo_elsewhere.emit()
    person.until(lambda: person.titles() == ["Keep me"], "the session")
    person.until(lambda: "Keep me" not in person.window.banner.text(), "the end of the offer")


def test_deleting_what_is_being_written_stops_it_and_keeps_the_text(come: Come, serve: Serve) -> None:
    """The answer of a session that goes into the trash is stopped, and its text is there after Undo."""
    server = serve(Script(text=SLOW, rate=50))
    person = come(server)
    person.send("Count")
    person.wait_shown("word2")
    person.trigger("deleteSession")
    person.until(server.answers[0].closed.is_set, "the closed socket")
    person.until(lambda: person.titles() == [], "the empty list")
    person.trigger("newSession")
    person.click(person.window.banner.action)
    person.open("Count")

    message = person.wait_status(Status.STOPPED)
    assert "word2" in message.content


def test_drafts_are_kept_per_session_over_a_restart(come: Come, serve: Serve) -> None:
    """What is typed and not sent stays with its session, also that of the new one, and after quitting at once."""
    server = serve(Script())
    person = come(server)
    person.say("First")
    person.type("half a thought")
    person.new_session()
    assert person.window.composer.text() == ""
    person.type("for a new one")
    person.open("First")
    assert person.window.composer.text() == "half a thought"
    person.type(" more")
    person.leave()

    again = come(server)
    again.until(lambda: again.window.composer.text() == "for a new one", "the draft of the new session")
    again.open("First")
    again.until(lambda: again.window.composer.text() == "half a thought more", "the draft of the first")


def test_switching_back_and_forth_quickly_ends_where_the_last_click_was(come: Come, serve: Serve) -> None:
    """Of several clicks without a pause only the last decides what is shown."""
    server = serve(Script(text=("one",)))
    person = come(server)
    person.say("First")
    server.script = Script(text=("two",))
    person.new_session()
    person.say("Second")
    ids = dict(zip(person.titles(), _ids(person), strict=True))
    for title in ("First", "Second", "First", "Second", "First"):
        person.desktop.chat.open(ids[title])

    person.until(lambda: person.desktop.chat.session_id == ids["First"], "the session")
    person.rest()
    assert person.texts() == ["First", "one"]
    assert person.window.windowTitle().startswith("First")


def test_a_search_narrows_the_list_by_title(come: Come, serve: Serve) -> None:
    """Letters typed into the field above the list leave the sessions whose title holds them."""
    person = come(serve(Script()))
    for title in ("Bread", "Butter", "Breadth"):
        person.new_session()
        person.say(title)
    QTest.keyClicks(person.widget(QLineEdit, "sidebarSearch"), "bread")

    person.until(lambda: person.titles() == ["Breadth", "Bread"], "the narrowed list")


def _ids(person: Person) -> tuple[str, ...]:
    return person.desktop.sidebar.model.ids()
