"""Stopping answers, callers that go away, and closing."""

import asyncio
import threading
from collections.abc import AsyncGenerator

import pytest

from desktop.domain.events import StreamEvent, TextDelta
from desktop.domain.faults import WrongUse
from desktop.domain.messages import Status, Turn
from desktop.domain.requests import ChatRequest
from desktop.domain.runs import RunEnded
from desktop.providers.scripted import Hold, Say, Script
from desktop.services.chat import CANCEL_LIMIT_S, CLOSE_LIMIT_S, ChatService
from tests.services.conftest import BeginTalk
from tests.services.talking import LIMIT_S, OddGateway, Talk, rows, until

NEVER = threading.Event()


async def streaming(begin: BeginTalk, text: str = "So far") -> tuple[Talk, Turn]:
    """Return a conversation in the middle of an answer that never ends by itself."""
    talk = await begin(Script(steps=(Say(text), Hold(NEVER))))
    turn = await talk.chat.send("Hi")
    await talk.heard(turn.assistant.id, text)
    return talk, turn


async def test_stop_keeps_the_text_and_closes_the_stream(begin: BeginTalk) -> None:
    """When `stop` returns the row is final and the provider's stream is closed."""
    talk, turn = await streaming(begin)
    await talk.chat.stop(turn.assistant.id)
    assert talk.scripted.open_streams == 0
    stopped = await talk.store.message(turn.assistant.id)
    assert (stopped.status, stopped.content, stopped.fault) == (Status.STOPPED, "So far", None)
    assert stopped.response_time_ms is not None
    assert talk.updates.of(RunEnded)[0].message == stopped
    assert talk.chat.running() == ()


async def test_stop_before_the_first_word_leaves_an_empty_stopped_answer(begin: BeginTalk) -> None:
    """Also in the moment after `send`, when nothing has gone out yet."""
    talk = await begin(Script(steps=(Hold(NEVER),)))
    turn = await talk.chat.send("Hi")
    await talk.chat.stop(turn.assistant.id)
    stopped = await talk.store.message(turn.assistant.id)
    assert (stopped.status, stopped.content) == (Status.STOPPED, "")


async def test_stop_while_the_library_loads(begin: BeginTalk) -> None:
    """Nobody has to wait for a library to take a message back."""

    async def stream(_request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        yield TextDelta("never")

    gateway = OddGateway(stream)
    gateway.loaded.clear()
    talk = await begin(gateway=gateway)
    turn = await talk.chat.send("Hi")
    await talk.chat.stop(turn.assistant.id)
    assert (await talk.store.message(turn.assistant.id)).status is Status.STOPPED


async def test_stopping_what_does_not_run_changes_nothing(begin: BeginTalk) -> None:
    """A late click on Stop is harmless."""
    talk = await begin(Script(steps=(Say("Done."),)))
    answer = await talk.answer()
    await talk.chat.stop(answer.id)
    await talk.chat.stop(4711)
    await talk.chat.stop_all()
    assert (await talk.store.message(answer.id)).status is Status.COMPLETE


async def test_stopping_a_session_leaves_the_others_alone(begin: BeginTalk) -> None:
    """Only its own answer ends."""
    talk, first = await streaming(begin)
    second = await talk.chat.send("Hi again")
    await talk.chat.stop_session(first.assistant.session_id)
    assert [run.message_id for run in talk.chat.running()] == [second.assistant.id]
    await talk.chat.stop_all()
    assert talk.chat.running() == ()


async def test_stop_twice_is_stop_once(begin: BeginTalk) -> None:
    """Two impatient clicks give one end."""
    talk, turn = await streaming(begin)
    await asyncio.gather(talk.chat.stop(turn.assistant.id), talk.chat.stop(turn.assistant.id))
    assert len(talk.updates.of(RunEnded)) == 1


async def test_a_session_goes_on_after_a_stop(begin: BeginTalk) -> None:
    """The half answer is part of the next request."""
    talk, turn = await streaming(begin)
    await talk.chat.stop(turn.assistant.id)
    again = await talk.chat.send("Go on", session_id=turn.assistant.session_id)
    await until(lambda: len(talk.scripted.requests) == 2)
    assert [one.content for one in talk.scripted.requests[-1].messages][1:] == ["Hi", "So far", "Go on"]
    await talk.chat.stop(again.assistant.id)


async def test_a_stream_that_does_not_close_delays_nobody_for_ever(begin: BeginTalk) -> None:
    """A provider that hangs in its own clean-up is left behind after two seconds."""
    free = asyncio.Event()

    async def stream(_request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        try:
            yield TextDelta("So far")
            await asyncio.Event().wait()
        finally:
            await free.wait()

    talk = await begin(gateway=OddGateway(stream))
    turn = await talk.chat.send("Hi")
    await talk.heard(turn.assistant.id, "So far")
    async with asyncio.timeout(LIMIT_S):
        await talk.chat.stop(turn.assistant.id)
    assert (await talk.store.message(turn.assistant.id)).status is Status.STOPPED
    free.set()


async def test_a_caller_that_gives_up_leaves_an_answer_with_an_owner(begin: BeginTalk) -> None:
    """Cancelled in any moment of `send`: either nothing is written, or the message is answered; once."""
    talk = await begin(Script(steps=(Say("Yes"),)))
    for steps in range(12):
        sending = asyncio.create_task(talk.chat.send(f"Message {steps}"))
        for _ in range(steps):
            await asyncio.sleep(0)
        sending.cancel()
        await asyncio.wait({sending})
    await talk.chat.wait_idle()
    found = rows(talk.folder)
    questions = [content for role, _status, content in found if role == "user"]
    assert len(questions) == len(set(questions))
    assert [(role, status) for role, status, _content in found] == [
        ("user", "complete"),
        ("assistant", "complete"),
    ] * len(questions)


async def test_a_caller_that_stops_waiting_for_the_result_stops_nothing(begin: BeginTalk) -> None:
    """A run belongs to the service, not to whoever looks on."""
    free = threading.Event()
    talk = await begin(Script(steps=(Hold(free), Say("Yes"))))
    turn = await talk.chat.send("Hi")
    waiting = asyncio.create_task(talk.chat.result(turn.assistant.id))
    await talk.sent(turn.assistant.id)
    waiting.cancel()
    await asyncio.wait({waiting})
    free.set()
    assert (await talk.final(turn.assistant.id)).content == "Yes"


async def test_closing_stops_every_answer_and_keeps_its_text(begin: BeginTalk) -> None:
    """Quitting in mid-stream loses no word."""
    talk, _turn = await streaming(begin)
    other = await talk.chat.send("Hi again")
    await talk.heard(other.assistant.id, "So far")
    await talk.chat.close()
    answers = [(status, content) for role, status, content in rows(talk.folder) if role == "assistant"]
    assert answers == [("stopped", "So far")] * 2
    assert len(talk.updates.of(RunEnded)) == 2


async def test_nothing_begins_once_it_closes(begin: BeginTalk) -> None:
    """A message that comes too late is refused, and nothing is written."""
    talk = await begin()
    await talk.chat.close()
    with pytest.raises(WrongUse, match="closing"):
        await talk.chat.send("Too late")
    assert rows(talk.folder) == []
    assert await talk.store.sessions() == ()


async def test_a_message_under_way_while_closing_is_kept(begin: BeginTalk) -> None:
    """What is being written in that moment gets both rows, and its answer ends as stopped."""
    talk = await begin(Script(steps=(Hold(NEVER),)))
    sending = asyncio.create_task(talk.chat.send("Just in time"))
    await asyncio.sleep(0)
    await talk.chat.close()
    await sending
    assert rows(talk.folder) == [("user", "complete", "Just in time"), ("assistant", "stopped", "")]


async def test_closing_twice_is_closing_once(begin: BeginTalk) -> None:
    """There is nothing left to stop."""
    talk, _turn = await streaming(begin)
    await talk.chat.close()
    await talk.chat.close()
    assert len(talk.updates.of(RunEnded)) == 1


class Stuck:
    """A store of which no write ever returns."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def __getattr__(self, name: str) -> object:
        return getattr(self._talk.store, name)

    async def finish(self, *_arguments: object) -> None:
        await asyncio.Event().wait()


async def test_closing_has_a_limit_whatever_hangs(begin: BeginTalk) -> None:
    """A disk that hangs is left behind within three seconds; what had reached it is marked at the next start."""
    assert CLOSE_LIMIT_S + CANCEL_LIMIT_S <= 3.0
    talk = await begin(Script(steps=(Say("So far"), Hold(NEVER))))
    chat = ChatService(
        store=Stuck(talk),  # type: ignore[arg-type]
        gateway=talk.gateway,
        models=talk.models,
        settings=talk.given,
        context=talk.context,
        notify=talk.updates,
    )
    turn = await chat.send("Hi")
    await talk.heard(turn.assistant.id, "So far")
    async with asyncio.timeout(LIMIT_S):
        await chat.close()
    await until(lambda: not any("run" in task.get_name() for task in asyncio.all_tasks()))
