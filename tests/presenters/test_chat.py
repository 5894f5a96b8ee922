"""The open conversation, on real services."""

import threading
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.messages import Status
from desktop.presenters.transcript_item import RunPhase
from desktop.providers.scripted import Fail, Hold, Say, Script, Think
from tests.presenters.stage import Stage, playing


def _statuses(stage: Stage) -> list[Status]:
    return [stage.transcript.item(row).message.status for row in range(stage.transcript.rowCount())]


def _has_grown(stage: Stage, seen: str, whole: str) -> bool:
    shown = stage.texts()[-1]
    return len(shown) > len(seen) or shown == whole


def test_a_question_and_its_answer_are_shown(qapp: QApplication, tmp_path: Path) -> None:
    """Sending shows both messages, and the answer ends complete."""
    with playing(qapp, tmp_path, [Script(steps=(Say("An answer."),))]) as stage:
        stage.send("A question?")
        stage.until(lambda: _statuses(stage) == [Status.COMPLETE, Status.COMPLETE])
        assert stage.texts() == ["A question?", "An answer."]


def test_the_first_message_gives_the_session_its_title(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    """A new session gets an id and a title with its first message, and stands in the sidebar."""
    with playing(qapp, tmp_path) as stage:
        told: list[tuple[str, str]] = []
        stage.chat.session_changed.connect(lambda session_id, title: told.append((session_id, title)))
        stage.send("What is a sobremesa?")
        stage.rest()
        assert told[-1] == (stage.chat.session_id, "What is a sobremesa?")
        assert stage.titles() == ["What is a sobremesa?"]


def test_a_message_sent_before_the_services_are_open_is_shown_and_goes_out_by_itself(
    qapp: QApplication, tmp_path: Path
) -> None:
    """Ready before the database is: nothing is lost, nothing is sent twice."""
    with playing(qapp, tmp_path, [Script(steps=(Say("Here I am."),))], start=False) as stage:
        stage.may_open.clear()
        stage.start()
        stage.send("Anybody there?")
        assert stage.box.text == ""
        stage.until(lambda: stage.texts() == ["Anybody there?", ""])
        stage.may_open.set()
        stage.until(lambda: _statuses(stage) == [Status.COMPLETE, Status.COMPLETE])
        stage.rest()
        assert stage.texts() == ["Anybody there?", "Here I am."]


def test_running_is_told_for_the_open_session(qapp: QApplication, tmp_path: Path) -> None:
    """Stop is offered while the open session is being written in."""
    go = threading.Event()
    with playing(qapp, tmp_path, [Script(steps=(Say("a"), Hold(go), Say("b")))]) as stage:
        told: list[bool] = []
        stage.chat.running_changed.connect(told.append)
        stage.send("x")
        stage.until(lambda: told == [True])
        stage.chat.new_session()
        assert told == [True, False]
        go.set()
        stage.rest()
        assert told == [True, False]


def test_stop_keeps_the_text(qapp: QApplication, tmp_path: Path) -> None:
    """What has arrived stays and is marked stopped."""
    with playing(qapp, tmp_path, [Script(steps=(Say("half"), Hold(threading.Event())))]) as stage:
        stage.send("x")
        stage.until(lambda: stage.texts() == ["x", "half"])
        stage.chat.stop()
        stage.until(lambda: _statuses(stage)[-1] is Status.STOPPED)
        assert stage.texts() == ["x", "half"]


def test_coming_back_in_mid_stream_shows_every_letter_once(qapp: QApplication, tmp_path: Path) -> None:
    """Switching away and back, at many moments of a stream, neither loses nor repeats text."""
    answer = "".join(f"<{number}>" for number in range(1500))
    script = Script(when="long", steps=(Think("hm " * 50, pace=2000.0), Say(answer, size=3, pace=2500.0)))
    with playing(qapp, tmp_path, [script]) as stage:
        stage.send("other")
        stage.rest()
        other = stage.chat.session_id
        stage.chat.new_session()
        stage.send("long")
        stage.until(lambda: bool(stage.chat.session_id))
        long = stage.chat.session_id
        for _visit in range(12):
            stage.chat.open(other)
            stage.until(lambda: stage.chat.session_id == other)
            stage.chat.open(long)
            stage.until(lambda: stage.chat.session_id == long)
            seen = stage.texts()[-1]
            assert answer.startswith(seen)
            stage.until(partial(_has_grown, stage, seen, answer))
        stage.rest()
        assert stage.texts() == ["long", answer]
        assert _statuses(stage) == [Status.COMPLETE, Status.COMPLETE]


def test_two_sessions_stream_at_once_without_mixing(qapp: QApplication, tmp_path: Path) -> None:
    """Each answer stands in its own session."""
    go = threading.Event()
    scripts = [Script(when="one", steps=(Hold(go), Say("1" * 50))), Script(when="two", steps=(Hold(go), Say("2" * 50)))]
    with playing(qapp, tmp_path, scripts) as stage:
        stage.send("one")
        stage.until(lambda: bool(stage.chat.session_id))
        first = stage.chat.session_id
        stage.chat.new_session()
        stage.send("two")
        stage.until(lambda: stage.chat.running_count() == 2)
        go.set()
        stage.rest()
        assert stage.texts() == ["two", "2" * 50]
        stage.chat.open(first)
        stage.rest()
        assert stage.texts() == ["one", "1" * 50]


def test_retry_is_a_version_beside_the_old_answer(qapp: QApplication, tmp_path: Path) -> None:
    """The old answer stays one step away."""
    scripts = [Script(steps=(Say("first"),), times=1), Script(steps=(Say("second"),))]
    with playing(qapp, tmp_path, scripts) as stage:
        stage.send("x")
        stage.rest()
        stage.chat.retry(stage.transcript.item(1).message.id)
        stage.until(lambda: stage.texts() == ["x", "second"])
        stage.rest()
        shown = stage.transcript.item(1).message
        assert (shown.version, shown.versions) == (2, 2)
        stage.chat.choose_version(shown.id, -1)
        stage.until(lambda: stage.texts() == ["x", "first"])


def test_continue_goes_on_where_the_answer_stopped(qapp: QApplication, tmp_path: Path) -> None:
    """The new version starts with the text so far."""
    scripts = [
        Script(steps=(Say("one two"), Hold(threading.Event())), times=1),
        Script(steps=(Say("one two three"),)),
    ]
    with playing(qapp, tmp_path, scripts) as stage:
        stage.send("x")
        stage.until(lambda: stage.texts() == ["x", "one two"])
        stage.chat.stop()
        stage.until(lambda: _statuses(stage)[-1] is Status.STOPPED)
        stage.rest()
        stage.chat.resume(stage.transcript.item(1).message.id)
        stage.until(lambda: stage.texts() == ["x", "one two three"])


def test_a_countdown_is_seen_and_can_be_cut_short(qapp: QApplication, tmp_path: Path) -> None:
    """Waiting to try again has a face, also after coming back; "now" ends it."""
    fault = Fault(kind=FaultKind.RATE_LIMIT, retry_after_s=30.0)
    with playing(qapp, tmp_path, [Script(steps=(Fail(fault),), times=1), Script(steps=(Say("ok"),))]) as stage:
        stage.send("x")

        def waits() -> bool:
            state = stage.transcript.item(1).state if stage.transcript.rowCount() == 2 else None
            return state is not None and state.phase is RunPhase.WAITING and 0 < state.seconds <= 30

        stage.until(waits)
        session_id = stage.chat.session_id
        stage.chat.new_session()
        stage.chat.open(session_id)
        stage.until(waits)
        stage.chat.try_now(stage.transcript.item(1).message.id)
        stage.until(lambda: stage.texts() == ["x", "ok"])


def test_a_message_that_cannot_be_stored_comes_back(qapp: QApplication, tmp_path: Path) -> None:
    """The text returns to the composer and the reason is told."""
    with playing(qapp, tmp_path) as stage:
        stage.send("first")
        stage.rest()
        session_id = stage.chat.session_id
        stage.ask(lambda backend: backend.store.trash_session(session_id))
        stage.ask(lambda backend: backend.store.empty_trash())
        stage.send("second")
        stage.until(lambda: bool(stage.troubles))
        assert stage.box.text == "second"
        assert stage.texts()[:2] == ["first", "first"]


def test_a_session_that_is_gone_is_said_to_be(qapp: QApplication, tmp_path: Path) -> None:
    """A dead link says so, and what was open stays open."""
    with playing(qapp, tmp_path) as stage:
        stage.send("x")
        stage.rest()
        before = stage.chat.session_id
        stage.chat.open("no such session")
        stage.until(lambda: bool(stage.troubles))
        assert stage.chat.session_id == before


def test_older_messages_come_by_pages(qapp: QApplication, tmp_path: Path) -> None:
    """The newest 50 are shown first, the rest on demand, in order."""
    with playing(qapp, tmp_path) as stage:
        for number in range(30):
            stage.send(f"q{number}")
            stage.rest()
        session_id = stage.chat.session_id
        stage.chat.new_session()
        stage.chat.open(session_id)
        stage.until(lambda: stage.chat.session_id == session_id)
        assert (stage.transcript.rowCount(), stage.transcript.has_older) == (50, True)
        stage.chat.pages.load_older()
        stage.until(lambda: stage.transcript.rowCount() == 60)
        assert stage.texts()[::2] == [f"q{number}" for number in range(30)]
        assert not stage.transcript.has_older


def test_another_process_is_seen(qapp: QApplication, tmp_path: Path) -> None:
    """What the command line adds to the open session is shown, and nothing else is touched."""
    with playing(qapp, tmp_path) as stage:
        stage.send("mine")
        stage.rest()
        resets: list[bool] = []
        stage.transcript.modelReset.connect(lambda: resets.append(True))
        session_id = stage.chat.session_id
        with playing(qapp, tmp_path) as elsewhere:
            elsewhere.chat.open(session_id)
            elsewhere.until(lambda: elsewhere.chat.session_id == session_id)
            elsewhere.send("theirs")
            elsewhere.rest()
        stage.until(lambda: stage.texts() == ["mine", "mine", "theirs", "theirs"])
        assert resets == []


def test_a_new_title_is_shown(qapp: QApplication, tmp_path: Path) -> None:
    """Renaming reaches the header by way of the store."""
    with playing(qapp, tmp_path) as stage:
        stage.send("x")
        stage.rest()
        titles: list[str] = []
        stage.chat.session_changed.connect(lambda _id, title: titles.append(title))
        stage.chat.rename(stage.chat.session_id, "Another title")
        stage.until(lambda: titles[-1:] == ["Another title"])
        stage.until(lambda: stage.titles() == ["Another title"])


def test_a_session_remembers_its_model(qapp: QApplication, tmp_path: Path) -> None:
    """Choosing a model is about the open session; a new one starts with the first choice."""
    with playing(qapp, tmp_path) as stage:
        told: list[str] = []
        stage.chat.model_changed.connect(told.append)
        stage.send("x")
        stage.rest()
        session_id = stage.chat.session_id
        stage.chat.choose_model("guide/manual")
        stage.rest()
        stage.chat.new_session()
        assert told[-1] == "scripted/demo"
        stage.chat.open(session_id)
        stage.until(lambda: told[-1] == "guide/manual")


def test_new_session_while_one_is_being_stored_stays_on_the_new_one(qapp: QApplication, tmp_path: Path) -> None:
    """A message on its way does not pull the view back to its session."""
    with playing(qapp, tmp_path, start=False) as stage:
        stage.send("on its way")
        stage.chat.new_session()
        stage.start()
        stage.until(lambda: stage.titles() == ["on its way"])
        stage.rest()
        assert (stage.chat.session_id, stage.texts()) == ("", [])


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_not_sent(qapp: QApplication, tmp_path: Path, text: str) -> None:
    """White space makes no session."""
    with playing(qapp, tmp_path) as stage:
        stage.chat.send(text)
        stage.rest()
        assert stage.titles() == []


def test_a_session_that_cannot_be_opened_does_not_stop_another(qapp: QApplication, tmp_path: Path) -> None:
    """The one that was asked for last opens, although the one before is found missing meanwhile."""
    with playing(qapp, tmp_path) as stage:
        stage.send("x")
        stage.rest()
        session_id = stage.chat.session_id
        stage.chat.new_session()
        stage.rest()
        stage.chat.open("no such session")
        stage.chat.open(session_id)
        stage.until(lambda: stage.chat.session_id == session_id)
        stage.until(lambda: len(stage.troubles) == 1)


def test_nothing_can_be_sent_while_another_session_opens(qapp: QApplication, tmp_path: Path) -> None:
    """It is told, and taken back when the other one's draft is there to be sent."""
    with playing(qapp, tmp_path) as stage:
        stage.send("x")
        stage.rest()
        session_id = stage.chat.session_id
        stage.chat.new_session()
        stage.rest()
        told: list[object] = []
        stage.chat.ready_changed.connect(told.append)
        stage.chat.opened.connect(lambda _id, draft: told.append(draft))
        stage.chat.open(session_id)
        stage.until(lambda: told == [False, "", True])


def test_nothing_can_be_sent_while_the_message_of_another_session_is_stored(qapp: QApplication, tmp_path: Path) -> None:
    """Who goes on to a new session is told when the next message can go out."""
    with playing(qapp, tmp_path, start=False) as stage:
        told: list[bool] = []
        stage.chat.ready_changed.connect(told.append)
        stage.send("first")
        assert told == []
        stage.chat.new_session()
        assert told == [False]
        stage.start()
        stage.until(lambda: told == [False, True])
        stage.send("second")
        stage.rest()
        assert stage.texts()[0] == "second"
