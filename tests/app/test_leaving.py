"""Quitting the real window: at once when nothing is written, after one question when something is."""

import threading

import pytest

from desktop.domain.messages import Status
from desktop.ui.dialogs.quit import QuitQuestion
from tests.app.conftest import Come, Serve
from tests.app.test_talking import SLOW
from tests.wire.script import Fault, Mode, Script


def test_quit_ends_at_once_when_nothing_is_written(come: Come, serve: Serve) -> None:
    """The Quit command closes window, services and threads without a question."""
    person = come(serve(Script()))
    person.say("Bye?")
    person.trigger("quit")
    person.wait_gone()

    assert not person.desktop.bridge._engine.alive
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith(("engine", "database"))]


def test_quit_asks_once_while_an_answer_is_written(come: Come, serve: Serve) -> None:
    """Closing twice still shows one question; Do not quit leaves the answer running."""
    person = come(serve(Script(text=SLOW[:100], rate=50)))
    person.send("Count")
    person.wait_shown("word2")
    person.trigger("quit")
    person.window.close()
    question = person.dialog(QuitQuestion)
    assert len(person.window.findChildren(QuitQuestion)) == 1

    person.click(question.answer_button("cancel"))
    assert person.wait_status(Status.COMPLETE).content == "".join(SLOW[:100])
    assert person.window.isVisible()


def test_stop_and_keep_the_text_ends_the_program(come: Come, serve: Serve) -> None:
    """That answer closes the connection, keeps the text as stopped, and the program is gone."""
    server = serve(Script(text=SLOW, rate=50))
    person = come(server)
    person.send("Count")
    person.wait_shown("word3")
    person.trigger("quit")
    person.click(person.dialog(QuitQuestion).answer_button("stop"))
    person.wait_gone()
    assert server.answers[0].closed.wait(10)

    again = come(server)
    again.open("Count")
    message = again.wait_status(Status.STOPPED)
    assert "word3" in message.content
    assert "".join(SLOW).startswith(message.content)


def test_finish_in_the_background_ends_with_the_last_word(come: Come, serve: Serve) -> None:
    """The window goes, the answer is written to its end, and then the program is gone by itself."""
    server = serve(Script(text=SLOW[:60], rate=50))
    person = come(server)
    person.send("Count")
    person.wait_shown("word2")
    person.trigger("quit")
    person.click(person.dialog(QuitQuestion).answer_button("finish"))
    person.until(lambda: not person.window.isVisible(), "the window to go")
    assert not person.desktop.finished.done()
    person.wait_gone()

    again = come(server)
    again.open("Count")
    assert again.wait_status(Status.COMPLETE).content == "".join(SLOW[:60])


def test_quitting_while_waiting_for_a_provider_asks_too(come: Come, serve: Serve) -> None:
    """A countdown counts as writing; stopping ends it without another request."""
    busy = Fault(mode=Mode.STATUS, status=429, headers={"Retry-After": "50"})
    server = serve(Script(fault=busy))
    person = come(server)
    person.send("Now?")
    person.card(title="too many requests (429)")
    person.trigger("quit")
    person.click(person.dialog(QuitQuestion).answer_button("stop"))
    person.wait_gone()

    assert len(server.answers) == 1


def test_a_silent_server_does_not_keep_the_program(come: Come, serve: Serve) -> None:
    """With a request that never gets a byte, closing at once still ends in order."""
    server = serve(Script(fault=Fault(mode=Mode.NO_HEADERS)))
    person = come(server)
    person.send("Hello?")
    person.until(lambda: server.answers, "the request")
    person.leave()

    assert server.answers[0].closed.wait(10)
    assert not person.desktop.bridge._engine.alive


def test_closing_at_once_after_the_start_is_harmless(come: Come, serve: Serve) -> None:
    """A window that is closed before its services are open ends like any other."""
    person = come(None, wait=False)
    person.leave()

    assert not person.desktop.bridge._engine.alive


def test_what_is_typed_while_closing_is_asked_is_kept(come: Come, serve: Serve) -> None:
    """A draft survives even a stop at quitting."""
    server = serve(Script(text=SLOW, rate=50))
    person = come(server)
    person.send("Count")
    person.wait_shown("word2")
    person.type("and then")
    person.trigger("quit")
    person.click(person.dialog(QuitQuestion).answer_button("stop"))
    person.wait_gone()

    again = come(server)
    again.open("Count")
    assert again.window.composer.text() == "and then"


def test_coming_back_keeps_a_program_that_was_about_to_leave(come: Come, serve: Serve) -> None:
    """A second start while the last answer is finished in the background shows the window again, and it stays."""
    person = come(serve(Script(text=SLOW[:60], rate=50)))
    person.send("Count")
    person.wait_shown("word2")
    person.trigger("quit")
    person.click(person.dialog(QuitQuestion).answer_button("finish"))
    person.until(lambda: not person.window.isVisible(), "the window to go")
    person.desktop.come_back("")
    assert person.window.isVisible()

    assert person.wait_status(Status.COMPLETE).content == "".join(SLOW[:60])
    person.rest()
    assert not person.desktop.finished.done()
    assert person.say("Still here?").status is Status.COMPLETE


@pytest.mark.qt_log_ignore("This plugin does not support grabbing", extend=True)
@pytest.mark.parametrize("name", ["settings", "trash", "about", "exportMarkdown", "chooseModel", "renameSession"])
def test_an_open_dialog_does_not_keep_the_program(come: Come, serve: Serve, name: str) -> None:
    """Whatever is open when the program is told to end, it ends in order."""
    person = come(serve(Script()))
    person.say("Bye?")
    person.trigger(name)
    person.until(lambda: True)
    person.desktop.close()
    person.wait_gone()

    assert not person.desktop.bridge._engine.alive


def test_the_question_about_quitting_does_not_keep_the_program(come: Come, serve: Serve) -> None:
    """A signal ends the program also while it asks."""
    person = come(serve(Script(text=SLOW, rate=50)))
    person.send("Count")
    person.wait_shown("word2")
    person.trigger("quit")
    person.dialog(QuitQuestion)
    person.leave()

    assert not person.desktop.bridge._engine.alive


def test_a_question_whose_answer_ended_meanwhile_quits(come: Come, serve: Serve) -> None:
    """When all is written and saved there is nothing left to ask: the program ends, as was wished."""
    person = come(serve(Script(text=SLOW[:150], rate=50)))
    person.send("Count")
    person.wait_shown("word2")
    person.trigger("quit")
    assert person.window.findChild(QuitQuestion) is not None
    person.wait_gone()
