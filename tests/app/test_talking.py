"""One conversation at the real window: written by keys, answered by LiteLLM, stopped, left and taken up again."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop.domain.messages import Role, Status
from desktop.ui.dialogs.export import ExportDialog
from desktop.ui.dialogs.question import Question
from tests.app.conftest import Come, Serve
from tests.app.person import Person
from tests.wire.script import Script

SLOW = tuple(f"word{number} " for number in range(400))
"""An answer that takes eight seconds at 50 pieces a second, so it is always there to be stopped."""


def export(person: Person, path: Path) -> None:
    """Choose File, Export, Markdown… and write to `path`."""
    person.trigger("exportMarkdown")
    dialog = person.dialog(ExportDialog)
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(name, QLineEdit)
    name.setText(str(path))
    QTest.keyClick(name, Qt.Key.Key_Return)


def test_a_typed_message_is_answered_by_the_model(come: Come, serve: Serve) -> None:
    """What is typed and sent with Enter goes to the model, and its answer stands in model and widgets."""
    server = serve(Script())
    person = come(server)

    person.type("What is the capital of France?")
    assert person.window.composer.text() == "What is the capital of France?"
    answer = person.say("")

    assert [item.message.role for item in person.items()] == [Role.USER, Role.ASSISTANT]
    assert answer.status is Status.COMPLETE
    assert answer.content == "The capital of France is Paris."
    person.wait_shown("The capital of France is Paris.")
    assert "What is the capital of France?" in person.shown()
    assert person.window.composer.text() == ""
    assert server.answers[0].body["messages"][-1] == {"role": "user", "content": "What is the capital of France?"}


def test_the_second_message_carries_the_first(come: Come, serve: Serve) -> None:
    """The model is sent the system prompt and the whole path, in order."""
    server = serve(Script(text=("Paris.",)))
    person = come(server)
    person.say("Capital of France?")
    person.say("And its river?")

    assert [(sent["role"], sent["content"]) for sent in server.answers[1].body["messages"]] == [
        ("system", "You are a helpful assistant."),
        ("user", "Capital of France?"),
        ("assistant", "Paris."),
        ("user", "And its river?"),
    ]


def test_text_is_seen_while_it_is_written(come: Come, serve: Serve) -> None:
    """The answer grows in the model and in the widgets before it is finished, and the title is there at once."""
    person = come(serve(Script(text=SLOW, rate=50)))
    person.send("Count for me, slowly")

    person.wait_shown("word3")
    assert person.answer().is_live
    assert person.titles() == ["Count for me, slowly"]
    assert person.writing() == {"Count for me, slowly"}
    seen = person.answer().text
    person.wait_longer(seen)
    assert person.answer().text.startswith(seen)


def test_stop_closes_the_connection_and_keeps_the_text(come: Come, serve: Serve) -> None:
    """The Stop button ends the request on the wire; what had arrived stays, marked as stopped."""
    server = serve(Script(text=SLOW, rate=50))
    person = come(server)
    person.send("Count")
    person.wait_shown("word3")
    person.stop()
    message = person.wait_status(Status.STOPPED)

    person.until(server.answers[0].closed.is_set, "the server to see the socket closed")
    assert "".join(SLOW).startswith(message.content)
    assert "word3" in message.content
    person.card(title="Stopped.")
    person.until(person.window.composer.send.isVisible, "Send in the place of Stop")
    assert person.writing() == set()


def test_escape_in_the_composer_stops_too(come: Come, serve: Serve) -> None:
    """Escape while the caret is in the composer does what the button does."""
    person = come(serve(Script(text=SLOW, rate=50)))
    person.send("Count")
    person.wait_shown("word1")
    person.press(Qt.Key.Key_Escape)

    assert person.wait_status(Status.STOPPED).content


def test_a_stopped_answer_is_continued_beside_the_old_version(come: Come, serve: Serve) -> None:
    """Continue asks the model to go on; the new version begins with the text so far and nothing is overwritten."""
    server = serve(Script(text=SLOW, rate=50))
    person = come(server)
    person.send("Count")
    person.wait_shown("word3")
    person.stop()
    before = person.wait_status(Status.STOPPED)
    server.script = Script(text=("and that was all.",))

    person.press_card("Stopped.", "Continue")
    after = person.wait_status(Status.COMPLETE)

    assert after.content.startswith(before.content)
    assert after.content.endswith("and that was all.")
    assert (after.version, after.versions) == (2, 2)


def test_after_a_restart_everything_is_there(come: Come, serve: Serve, tmp_path: Path) -> None:
    """Sessions, texts, states and titles are the same after quitting and starting again on the same folder."""
    server = serve(Script(text=SLOW, rate=50))
    person = come(server)
    person.send("First question")
    person.wait_shown("word3")
    person.stop()
    stopped = person.wait_status(Status.STOPPED)
    server.script = Script()
    person.new_session()
    person.say("Second question")
    person.leave()

    again = come(server)
    again.until(lambda: len(again.titles()) == 2, "both sessions")
    assert again.titles() == ["Second question", "First question"]
    again.open("First question")
    assert again.texts() == ["First question", stopped.content]
    assert again.answer().message == stopped
    again.card(title="Stopped.")
    again.open("Second question")
    assert again.texts() == ["Second question", "The capital of France is Paris."]
    again.say("Third question")
    assert len(again.items()) == 4


def test_a_session_named_at_the_start_is_open(come: Come, serve: Serve) -> None:
    """`--session ID` shows that session as soon as the services are open."""
    person = come(serve(Script()))
    session_id = person.say("Where?").session_id
    person.leave()

    again = come(None, "--session", session_id)
    again.until(lambda: again.texts() == ["Where?", "The capital of France is Paris."], "the session")


def test_the_menu_exports_markdown(come: Come, serve: Serve, tmp_path: Path) -> None:
    """File, Export, Markdown… asks for a place and writes title, roles, model and texts there."""
    person = come(serve(Script(text=("A **bold** `word`.\n\n```python\nprint('hi')\n```\n",))))
    person.say("Write something")
    path = tmp_path / "export.md"
    export(person, path)
    person.until(lambda: "Exported to" in person.window.banner.text(), "the banner")

    written = path.read_text(encoding="utf-8")
    assert "# Write something" in written
    assert "A **bold** `word`.\n\n```python\nprint('hi')\n```\n" in written
    assert "wire-1" in written
    assert not list(tmp_path.glob("*.tmp"))


def test_a_file_that_is_there_is_replaced_only_after_a_question(come: Come, serve: Serve, tmp_path: Path) -> None:
    """Exporting over a file asks; Cancel leaves the file alone, Replace writes it."""
    person = come(serve(Script()))
    person.say("Keep or replace?")
    path = tmp_path / "old.md"
    path.write_text("old", encoding="utf-8")

    export(person, path)
    person.click(person.dialog(Question, "replaceQuestion").answer_button("cancel"))
    person.until(lambda: person.window.findChild(Question) is None, "the end of the question")
    assert path.read_text(encoding="utf-8") == "old"

    export(person, path)
    person.click(person.dialog(Question, "replaceQuestion").answer_button("replace"))
    person.until(lambda: "Exported to" in person.window.banner.text(), "the banner")
    assert "# Keep or replace?" in path.read_text(encoding="utf-8")


def test_an_export_that_cannot_be_written_says_why(come: Come, serve: Serve, tmp_path: Path) -> None:
    """A folder in the place of the file is a sentence in the banner, and the window goes on."""
    person = come(serve(Script()))
    session_id = person.say("Where to?").session_id
    blocked = tmp_path / "blocked"
    (blocked / "export.md").mkdir(parents=True)
    person.desktop.on_demand._export_presenter().export_markdown(session_id, str(blocked / "export.md"))
    person.until(lambda: "export.md" in person.window.banner.text(), "the sentence")

    assert "Exported" not in person.window.banner.text()
    assert person.say("Still there?").status is Status.COMPLETE


def test_copying_an_answer_gives_its_markdown(come: Come, serve: Serve) -> None:
    """The Copy command under an answer puts the text as the model wrote it on the clipboard."""
    person = come(serve(Script(text=("A **bold** word.",))))
    person.say("Bold?")
    person.press_footer("Copy")

    person.until(lambda: QGuiApplication.clipboard().text() == "A **bold** word.", "the clipboard")


def test_retry_asks_the_same_again(come: Come, serve: Serve) -> None:
    """Retry under an answer makes a second version, and the arrows lead back to the first."""
    server = serve(Script(text=("One.",)))
    person = come(server)
    person.say("Which?")
    server.script = Script(text=("Two.",))
    person.press_footer("Retry")
    person.until(lambda: person.texts() == ["Which?", "Two."] and not person.answer().is_live, "the second version")
    assert server.answers[0].body["messages"] == server.answers[1].body["messages"]

    person.press_footer("Previous version")
    person.until(lambda: person.texts() == ["Which?", "One."], "the first version")
