"""From the first paint to the services: what can be done before they are open is done, and goes out by itself."""

from pathlib import Path

import apsw
from PySide6.QtCore import Qt

from desktop.domain.messages import Status
from tests.app.conftest import Come, Serve
from tests.wire.script import Script


class Busy:
    """Another program that holds the database's write lock, so that nothing can be stored."""

    def __init__(self, folder: Path) -> None:
        self._connection = apsw.Connection(str(folder / "sobremesa.db"))
        self._connection.execute("BEGIN IMMEDIATE")

    def let_go(self) -> None:
        """Give the lock back."""
        self._connection.execute("ROLLBACK")
        self._connection.close()


def test_the_window_takes_letters_before_anything_else_runs(come: Come) -> None:
    """With the window built and no turn of the loop taken, the caret is in the composer and typing works."""
    person = come(wait=False)
    assert person.window.isVisible()
    person.type("early")

    assert person.window.composer.text() == "early"
    assert person.window.composer.send.isEnabled()


def test_a_message_sent_before_the_services_are_open_waits_and_goes_out_by_itself(
    come: Come, serve: Serve, tmp_path: Path
) -> None:
    """It is shown at once with its answer waiting, goes out when the database can be written, and is there once."""
    server = serve(Script())
    come(server).leave()
    busy = Busy(tmp_path / "data")
    person = come(server, wait=False)
    person.send("Too early?")
    assert person.window.composer.text() == ""
    person.wait_shown("Too early?")
    person.wait_shown("wait")
    assert server.answers == []
    person.type("written meanwhile")

    busy.let_go()
    assert person.wait_status(Status.COMPLETE).content == "The capital of France is Paris."
    assert person.texts() == ["Too early?", "The capital of France is Paris."]
    assert person.window.composer.text() == "written meanwhile"
    assert person.titles() == ["Too early?"]
    assert len(server.answers) == 1


def test_a_message_sent_at_once_is_stored_once(come: Come, serve: Serve) -> None:
    """Enter right after the first paint makes one session with one question."""
    person = come(serve(Script()), wait=False)
    person.send("First thing")
    person.press(Qt.Key.Key_Return)
    person.until(lambda: person.items() and not person.answer().is_live and person.titles(), "the answer")

    stored = person.ask(lambda backend: backend.library.open(person.desktop.chat.session_id)).messages
    assert [message.content for message in stored] == ["First thing", "The capital of France is Paris."]


def test_quitting_right_after_sending_keeps_the_message(come: Come, serve: Serve) -> None:
    """A message that was sent in the first moment is there once at the next start, whatever became of its answer."""
    server = serve(Script(rate=5))
    person = come(server, wait=False)
    person.send("Gone at once")
    person.leave()

    again = come(server)
    again.open("Gone at once")
    assert again.texts() == ["Gone at once", ""]


def test_quitting_right_after_typing_keeps_the_draft(come: Come) -> None:
    """What was typed in the first moment stands in the composer at the next start."""
    person = come(wait=False)
    person.type("Gone at once")
    person.leave()

    again = come()
    again.until(lambda: again.window.composer.text() == "Gone at once", "the draft")


def test_the_demo_has_sessions_and_answers_without_a_network(come: Come) -> None:
    """`--demo` shows sample sessions and its scripted model answers."""
    person = come(None, "--demo")
    person.until(lambda: len(person.titles()) > 1, "the sample sessions")
    person.new_session()

    assert person.say("Hello?").status is Status.COMPLETE
