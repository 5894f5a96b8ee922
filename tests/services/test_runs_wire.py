"""A run over real LiteLLM, against servers that speak the protocols and misbehave on demand."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.domain.faults import FaultKind
from desktop.domain.messages import Status, Usage
from desktop.domain.models import Secret
from desktop.domain.requests import CONTINUE_PROMPT
from desktop.domain.runs import RunSent, RunWaiting
from desktop.services.limits import Limits
from tests.services.conftest import BeginTalk
from tests.services.talking import LIMIT_S, Talk, rows, until
from tests.storage.backends import Kept
from tests.wire.openai import OpenAIWire
from tests.wire.script import Fault, Mode, Script, Tokens
from tests.wire.server import Recorded, WireServer

HALF = ("The ", "capital ", "of ")


@pytest.fixture
async def talk(begin: BeginTalk) -> Talk:
    """A conversation with LiteLLM loaded and little patience for silence."""
    talk = await begin(demo=False, limits=Limits(local_first_token_s=10, silence_s=10))
    await talk.gateway.load()
    return talk


async def ask(talk: Talk, server: WireServer, text: str = "What is the capital of France?") -> int:
    """Send a message to a server in a new session; return the answer's id."""
    turn = await talk.chat.send(text, session_id=await talk.direct(server.base))
    return turn.assistant.id


class Witness(OpenAIWire):
    """A server that looks at the database in the moment a request arrives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.found: list[list[tuple[Any, ...]]] = []

    def frames(self, script: Script, request: Recorded) -> Iterator[bytes]:
        self.found.append(rows(self._folder))
        yield from super().frames(script, request)


async def test_both_rows_are_on_disk_before_the_first_byte_goes_out(talk: Talk) -> None:
    """The server itself finds question and answer in the database when the request arrives."""
    witness = Witness(talk.folder)
    with WireServer(witness) as server:
        await talk.final(await ask(talk, server))
    assert witness.found == [[("user", "complete", "What is the capital of France?"), ("assistant", "streaming", "")]]


async def test_an_answer_arrives_with_usage_and_the_model_as_answered(talk: Talk) -> None:
    """The row says what the provider said; the price of a server of one's own is unknown."""
    script = Script(model="wire-1-2026-11", tokens=Tokens(input=20, output=9), thinking=("Let ", "me see."))
    with WireServer(OpenAIWire(), script) as server:
        answer = await talk.final(await ask(talk, server))
    assert (answer.content, answer.status) == (script.whole, Status.COMPLETE)
    assert answer.thinking == "Let me see."
    assert answer.usage == Usage(input_tokens=20, output_tokens=9)
    assert (answer.metadata["answered_model"], answer.cost, answer.finish_reason) == ("wire-1-2026-11", None, "stop")


async def test_stop_closes_the_socket(talk: Talk) -> None:
    """The server sees the connection close, and sends nothing more."""
    with WireServer(OpenAIWire(), Script(fault=Fault(mode=Mode.SILENCE, after=4))) as server:
        message_id = await ask(talk, server)
        await talk.heard(message_id, "".join(HALF))
        await talk.chat.stop(message_id)
        assert await asyncio.to_thread(server.answers[0].closed.wait, LIMIT_S)
    stopped = await talk.store.message(message_id)
    assert (stopped.status, stopped.content) == (Status.STOPPED, "".join(HALF))


@pytest.mark.parametrize("mode", [Mode.NO_HEADERS, Mode.COMMENTS, Mode.TRICKLE])
async def test_stop_ends_a_wait_for_the_first_word(talk: Talk, mode: Mode) -> None:
    """Whatever a server does instead of answering, Stop closes its connection."""
    with WireServer(OpenAIWire(), Script(fault=Fault(mode=mode))) as server:
        message_id = await ask(talk, server)
        await until(lambda: len(server.answers) == 1)
        await talk.chat.stop(message_id)
        assert await asyncio.to_thread(server.answers[0].closed.wait, LIMIT_S)
    assert (await talk.store.message(message_id)).status is Status.STOPPED


@pytest.mark.parametrize("mode", [Mode.NO_HEADERS, Mode.COMMENTS, Mode.TRICKLE])
async def test_no_trick_of_a_server_outlasts_the_watchdog(talk: Talk, mode: Mode) -> None:
    """Neither keep-alive comments nor a byte now and then count as the first word; the socket is closed."""
    talk.given.given = Limits(local_first_token_s=0.5)
    with WireServer(OpenAIWire(), Script(fault=Fault(mode=mode))) as server:
        answer = await talk.final(await ask(talk, server))
        assert await asyncio.to_thread(server.answers[0].closed.wait, LIMIT_S)
        assert len(server.answers) == 1
    assert answer.fault is not None
    assert (answer.status, answer.fault.kind) == (Status.FAILED, FaultKind.FIRST_TIMEOUT)


async def test_silence_in_mid_answer_interrupts_it(talk: Talk) -> None:
    """The text is kept, nothing is sent again, and the socket is closed."""
    talk.given.given = Limits(silence_s=0.3)
    with WireServer(OpenAIWire(), Script(fault=Fault(mode=Mode.SILENCE, after=4))) as server:
        answer = await talk.final(await ask(talk, server))
        assert await asyncio.to_thread(server.answers[0].closed.wait, LIMIT_S)
        assert len(server.answers) == 1
    assert answer.fault is not None
    assert (answer.status, answer.content) == (Status.INTERRUPTED, "".join(HALF))
    assert answer.fault.kind is FaultKind.SILENCE_TIMEOUT


@pytest.mark.parametrize("mode", [Mode.RESET, Mode.CUT, Mode.END_EARLY, Mode.GARBAGE, Mode.ERROR_EVENT])
async def test_a_broken_answer_is_never_shown_as_complete(talk: Talk, mode: Mode) -> None:
    """Reset, cut, ended without an end marker, garbage, an error event: the text stays, and nothing is sent again."""
    fault = Fault(mode=mode, after=4, words="The server says so.")
    with WireServer(OpenAIWire(), Script(text=(*HALF, "France"), fault=fault)) as server:
        answer = await talk.final(await ask(talk, server))
        assert len(server.answers) == 1
    assert answer.fault is not None
    assert answer.status is Status.INTERRUPTED
    assert answer.content.startswith("".join(HALF))
    if mode is Mode.ERROR_EVENT:
        assert "The server says so." in answer.fault.words


@pytest.mark.parametrize("mode", [Mode.HTML, Mode.ERROR_JSON, Mode.EMPTY])
async def test_what_is_no_model_is_said_to_be_none(talk: Talk, mode: Mode) -> None:
    """HTML, an error or nothing with status 200 fail the answer; no empty bubble counts as one."""
    with WireServer(OpenAIWire(), Script(fault=Fault(mode=mode))) as server:
        answer = await talk.final(await ask(talk, server))
    assert answer.fault is not None
    assert (answer.status, answer.fault.kind) == (Status.FAILED, FaultKind.NOT_A_MODEL)


@pytest.mark.parametrize("status", [500, 503, 529])
async def test_a_server_that_fails_once_gives_one_answer(talk: Talk, status: int) -> None:
    """One quiet retry, and the user sees a single answer."""
    fault = Fault(mode=Mode.STATUS, status=status, first=1)
    with WireServer(OpenAIWire(), Script(fault=fault)) as server:
        message_id = await ask(talk, server)
        await talk.updates.until(RunWaiting)
        await talk.chat.try_now(message_id)
        answer = await talk.final(message_id)
        assert len(server.answers) == 2
        assert server.answers[0].body == server.answers[1].body
    assert (answer.status, answer.content) == (Status.COMPLETE, Script().whole)
    assert len(rows(talk.folder)) == 2


async def test_the_wait_is_what_retry_after_asks_for(talk: Talk) -> None:
    """Three seconds in the header are three seconds in the countdown, which can be ended."""
    fault = Fault(mode=Mode.STATUS, status=429, headers={"Retry-After": "3"}, first=1)
    with WireServer(OpenAIWire(), Script(fault=fault)) as server:
        message_id = await ask(talk, server)
        wait = await talk.updates.until(RunWaiting)
        assert (wait.seconds, wait.fault.kind, wait.fault.status) == (3.0, FaultKind.RATE_LIMIT, 429)
        await talk.chat.try_now(message_id)
        assert (await talk.final(message_id)).status is Status.COMPLETE


@pytest.mark.parametrize(("code", "kind"), [("", FaultKind.RATE_LIMIT), ("insufficient_quota", FaultKind.QUOTA)])
async def test_an_hour_or_a_used_up_quota_is_not_waited_for(talk: Talk, code: str, kind: FaultKind) -> None:
    """The card says which of both it is, and one request was sent."""
    fault = Fault(mode=Mode.STATUS, status=429, code=code, headers={"Retry-After": "3600"})
    with WireServer(OpenAIWire(), Script(fault=fault)) as server:
        answer = await talk.final(await ask(talk, server))
        assert len(server.answers) == 1
    assert answer.fault is not None
    assert (answer.status, answer.fault.kind) == (Status.FAILED, kind)


async def test_a_server_that_is_not_there_is_tried_again(talk: Talk) -> None:
    """Refused connections are retried as often as the setting says, then told."""
    with WireServer(OpenAIWire()) as server:
        gone = server.base
    talk.given.given = Limits(retries=1)
    turn = await talk.chat.send("Hi", session_id=await talk.direct(gone))
    await talk.updates.until(RunWaiting)
    await talk.chat.try_now(turn.assistant.id)
    answer = await talk.final(turn.assistant.id)
    assert answer.fault is not None
    assert (answer.fault.kind, len(talk.updates.of(RunSent))) == (FaultKind.REFUSED, 2)


@pytest.mark.parametrize("finish", ["length", "content_filter"])
async def test_an_answer_cut_by_its_provider_says_so(talk: Talk, finish: str) -> None:
    """The finish reason is kept for the badge."""
    with WireServer(OpenAIWire(), Script(finish=finish)) as server:
        answer = await talk.final(await ask(talk, server))
    assert answer.finish_reason == finish


async def test_five_sessions_stream_at_once_without_mixing(talk: Talk) -> None:
    """Each server's words arrive in its own session, on screen and on disk."""
    servers = [
        WireServer(OpenAIWire(), Script(text=(f"<{number}> ",), repeat=50, rate=400)).start() for number in range(5)
    ]
    try:
        ids = await asyncio.gather(*(ask(talk, server) for server in servers))
        assert len(talk.chat.running()) == 5
        await talk.chat.wait_idle()
    finally:
        for server in servers:
            server.stop()
    for number, message_id in enumerate(ids):
        stored = await talk.store.message(message_id)
        assert stored.content == f"<{number}> " * 50 == talk.updates.text(message_id)


async def test_a_continuation_shows_the_model_its_own_words(talk: Talk) -> None:
    """A model is told to go on; what it is told is sent, and never stored."""
    broken = Script(text=HALF, fault=Fault(mode=Mode.CUT, after=4))
    with WireServer(OpenAIWire(), broken) as server:
        first = await talk.final(await ask(talk, server))
        server.script = Script(text=("France ", "is Paris."))
        turn = await talk.chat.resume(first.id)
        second = await talk.final(turn.assistant.id)
        sent = server.answers[-1].body["messages"]
    assert (second.content, second.status) == ("The capital of France is Paris.", Status.COMPLETE)
    assert [one["content"] for one in sent[-2:]] == ["".join(HALF), CONTINUE_PROMPT]
    assert not any(CONTINUE_PROMPT in content for _role, _status, content in rows(talk.folder))


async def test_a_checkpoint_is_on_disk_while_the_server_pauses(talk: Talk) -> None:
    """Another connection sees the text although not one byte more arrives."""
    with WireServer(OpenAIWire(), Script(fault=Fault(mode=Mode.SILENCE, after=4))) as server:
        message_id = await ask(talk, server)
        await until(lambda: rows(talk.folder)[1] == ("assistant", "streaming", "".join(HALF)))
        await talk.chat.stop(message_id)


async def test_closing_in_mid_stream_closes_the_sockets(talk: Talk) -> None:
    """Quitting leaves no connection and keeps the text."""
    with WireServer(OpenAIWire(), Script(fault=Fault(mode=Mode.SILENCE, after=4))) as server:
        message_id = await ask(talk, server)
        await talk.heard(message_id, "".join(HALF))
        await talk.chat.close()
        assert await asyncio.to_thread(server.answers[0].closed.wait, LIMIT_S)
    assert rows(talk.folder)[1] == ("assistant", "stopped", "".join(HALF))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("wire")]


async def test_a_key_that_a_server_echoes_reaches_neither_row_nor_listener(begin: BeginTalk) -> None:
    """Providers repeat keys in their errors: it is cut out before anything is kept or told."""
    canary = "sk-canary-5f3a9c1e7b2d"
    talk = await begin(demo=False, keychain=Kept())
    await talk.gateway.load()
    words = "Incorrect key: {key}."
    for mode in (Mode.STATUS, Mode.ERROR_EVENT):
        with WireServer(OpenAIWire(), Script(fault=Fault(mode=mode, status=401, words=words))) as server:
            spec = await talk.models.add(kind="openai", name="Mine", api_base=server.base, key=Secret(canary))
            answer = await talk.answer("Hi", model=f"{spec.id}/wire-1")
            assert server.answers[0].key == canary
        assert answer.fault is not None
        assert "Incorrect key" in answer.fault.words
    assert canary not in repr(talk.updates.all)
    await talk.chat.close()
    for path in talk.folder.rglob("*"):
        if path.is_file():
            assert canary.encode() not in path.read_bytes()
