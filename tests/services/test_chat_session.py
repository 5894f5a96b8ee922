"""`ChatSession`, the conversation for programs."""

import asyncio
import gc
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import desktop
from desktop import ChatSession
from desktop.domain.events import Finished, TextDelta, ThinkingDelta
from desktop.domain.faults import DiskFull, Fault, FaultKind, ProviderError, WrongUse
from desktop.domain.messages import NewMessage, Role, Status, Usage
from desktop.domain.runs import RunWaiting
from desktop.providers.gateway import Gateway
from desktop.providers.scripted import Hold, Say, Script, ScriptedProvider, Think
from desktop.services.limits import Limits
from desktop.storage.store import Store
from tests.domain.making import contents
from tests.services.talking import LIMIT_S, FaultyStore, OddGateway, failing, rows, until
from tests.wire.openai import OpenAIWire
from tests.wire.server import WireServer

ROOT = Path(__file__).resolve().parents[2]


def chat(*scripts: Script, **more: Any) -> tuple[ChatSession, ScriptedProvider]:
    provider = ScriptedProvider(scripts=scripts)
    return ChatSession(model="scripted/demo", gateway=Gateway(scripted=provider), **more), provider


async def test_the_defaults_are_those_of_the_builder() -> None:
    """System prompt, temperature, budget and tokenizer are those of row M1; there are no tools."""
    session, provider = chat()
    async with session:
        await session.send("Hi")
        made = await session._begun()
    assert made.system_prompt == "You are a helpful assistant."
    assert (made.params["temperature"], made.params["max_context"]) == (1.0, 32768)
    assert (made.params["tokenizer"], made.params["max_turns"]) == ("cl100k_base", None)
    request = provider.requests[0]
    assert contents(request.messages) == ["You are a helpful assistant.", "Hi"]
    assert (request.temperature, request.tools, request.api_key) == (1.0, (), None)


async def test_a_conversation_remembers() -> None:
    """Each turn carries those before it, and the messages read as they were said."""
    session, provider = chat()
    async with session:
        first = await session.send("one")
        second = await session.send("two")
        messages = await session.messages()
    assert (first.content, second.content, second.status) == ("one", "two", Status.COMPLETE)
    assert [(one.role, one.content) for one in messages] == [
        (Role.USER, "one"),
        (Role.ASSISTANT, "one"),
        (Role.USER, "two"),
        (Role.ASSISTANT, "two"),
    ]
    assert contents(provider.requests[1].messages)[1:] == ["one", "one", "two"]


async def test_a_stream_yields_the_answer_and_its_end() -> None:
    """Thinking and text join to the whole; usage, cost and the model as answered come last."""
    usage = Usage(input_tokens=1, output_tokens=2)
    ending = Finished(usage=usage, cost=0.5, model="demo-2026")
    session, _provider = chat(Script(steps=(Think("Hm, hm."), Say("Good evening.")), ending=ending))
    async with session:
        events = [event async for event in session.stream("Hi")]
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == "Good evening."
    assert "".join(event.text for event in events if isinstance(event, ThinkingDelta)) == "Hm, hm."
    assert events[-1] == Finished(finish_reason="stop", usage=usage, cost=0.5, model="demo-2026")


async def test_the_history_is_complete_after_a_stream() -> None:
    """The answer that was streamed is a message like any other."""
    session, _provider = chat()
    async with session:
        async for _event in session.stream("Hi"):
            pass
        assert contents(await session.messages()) == ["Hi", "Hi"]


async def test_leaving_the_loop_early_stops_the_answer() -> None:
    """The provider's stream closes, and the text so far is kept."""
    session, provider = chat(Script(steps=(Say("So far", 0), Hold(threading.Event()))))
    async with session:
        async for event in session.stream("Hi"):
            assert event == TextDelta("So far")
            break
        gc.collect()
        await until(lambda: provider.open_streams == 0)
        await session._chat.wait_idle()
        answer = (await session.messages())[-1]
    assert (answer.content, answer.status) == ("So far", Status.STOPPED)


async def test_the_next_message_may_follow_a_loop_that_was_left() -> None:
    """It waits for the answer that is being stopped, and carries its words."""
    session, provider = chat(Script(steps=(Say("So far", 0), Hold(threading.Event())), times=1))
    async with session:
        async for _event in session.stream("Hi"):
            break
        assert (await session.send("And now?")).content == "And now?"
    assert contents(provider.requests[1].messages)[1:] == ["Hi", "So far", "And now?"]


async def test_a_stream_that_is_closed_by_hand_is_stopped_when_that_returns() -> None:
    """`aclose` leaves nothing behind."""
    session, provider = chat(Script(steps=(Say("So far", 0), Hold(threading.Event()))))
    async with session:
        events = session.stream("Hi")
        await anext(events)
        await events.aclose()
        assert provider.open_streams == 0
        assert (await session.messages())[-1].status is Status.STOPPED


async def test_a_send_that_is_cancelled_stops_the_answer() -> None:
    """A timeout around `send` closes the connection."""
    session, provider = chat(Script(steps=(Hold(threading.Event()),)))
    async with session:
        sending = asyncio.create_task(session.send("Hi"))
        await until(lambda: provider.open_streams == 1)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        assert provider.open_streams == 0


async def test_two_messages_at_once_are_one_too_many() -> None:
    """A conversation has one turn at a time; the one that is under way is left alone."""
    session, _provider = chat()
    async with session:
        found = await asyncio.gather(session.send("one"), session.send("two"), return_exceptions=True)
        assert [type(one).__name__ for one in found] == ["Message", "WrongUse"]
        assert contents(await session.messages()) == ["one", "one"]


async def test_a_failure_is_raised_with_its_fault() -> None:
    """There is no answer to return; the conversation goes on."""
    session, provider = chat(failing(FaultKind.AUTHENTICATION, times=1, status=401, words="No."))
    async with session:
        with pytest.raises(ProviderError) as caught:
            await session.send("Hi")
        assert caught.value.fault == Fault(kind=FaultKind.AUTHENTICATION, status=401, words="No.")
        assert (await session.send("Again")).content == "Again"
    assert contents(provider.requests[1].messages)[1:] == ["Hi", "Again"]


async def test_text_before_a_failure_is_yielded_and_kept() -> None:
    """An interrupted answer raises after its words, which stay in the history."""
    session, _provider = chat(failing(FaultKind.RESET, Say("Half", 0)))
    async with session:
        events = session.stream("Hi")
        assert await anext(events) == TextDelta("Half")
        with pytest.raises(ProviderError, match="reset"):
            await anext(events)
        assert (await session.messages())[-1].content == "Half"


async def test_a_wait_before_a_retry_is_told() -> None:
    """A program can show the countdown."""
    session, _provider = chat(failing(FaultKind.RATE_LIMIT, times=1, retry_after_s=0.01))
    async with session:
        events = [event async for event in session.stream("Hi")]
    assert isinstance(events[0], RunWaiting)
    assert events[0].seconds == 0.01
    assert isinstance(events[-1], Finished)


async def test_limits_can_be_given() -> None:
    """A program may want no retries."""
    session, provider = chat(failing(FaultKind.SERVER), limits=Limits(retries=0))
    async with session:
        with pytest.raises(ProviderError):
            await session.send("Hi")
    assert len(provider.requests) == 1


async def test_a_history_comes_first() -> None:
    """Mappings and messages are both taken; a system message that leads is the system prompt."""
    history = (
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "one"},
        NewMessage(role=Role.ASSISTANT, content="1"),
    )
    session, provider = chat(history=history)
    async with session:
        assert contents(await session.messages()) == ["one", "1"]
        await session.send("two")
    assert contents(provider.requests[0].messages) == ["Be brief.", "one", "1", "two"]


@pytest.mark.parametrize(
    "message",
    [{"role": "wizard", "content": "x"}, {"content": "x"}, {"role": "user"}],
)
def test_a_history_that_is_none_is_refused(message: dict[str, str]) -> None:
    """The sentence says what a message has."""
    with pytest.raises(WrongUse, match="role"):
        chat(history=[message])


def test_a_system_message_in_the_middle_is_refused() -> None:
    """It would not be sent, and nothing is left out in silence."""
    history = [{"role": "user", "content": "x"}, {"role": "system", "content": "y"}]
    with pytest.raises(WrongUse, match="first"):
        chat(history=history)


async def test_turns_can_be_bounded() -> None:
    """The last two turns are sent; the whole conversation is kept."""
    session, provider = chat(max_turns=2)
    async with session:
        for text in ("one", "two", "three"):
            await session.send(text)
        assert len(await session.messages()) == 6
    assert contents(provider.requests[-1].messages)[1:] == ["two", "two", "three"]


async def test_the_budget_leaves_out_the_oldest() -> None:
    """The system prompt always stays."""
    session, provider = chat(Script(steps=(Say("ok"),)), max_context=60, system_prompt="Be.")
    async with session:
        for number in range(4):
            await session.send(f"{number} " + "word " * 15)
    sent = contents(provider.requests[-1].messages)
    assert sent[0] == "Be."
    assert sent[-1].startswith("3")
    assert not any(text.startswith("0") for text in sent)


async def test_tokens_are_counted_with_the_system_prompt() -> None:
    """`total_tokens` counts everything that was said in the chosen encoding."""
    session, _provider = chat(Script(steps=(Say("hello world"),)), system_prompt="hello world")
    async with session:
        assert await session.total_tokens() == 2
        await session.send("hello world")
        assert await session.total_tokens() == 6


async def test_without_a_store_nothing_reaches_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversation of a program leaves no trace."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOBREMESA_DATA_DIR", str(tmp_path / "data"))
    session, _provider = chat()
    async with session:
        await session.send("Hi")
    assert list(tmp_path.iterdir()) == []


async def test_with_a_store_the_conversation_goes_on_under_its_id(store: Store, folder: Path) -> None:
    """A second object takes up what the first has left, system prompt included."""
    first, _provider = chat(store=store, session_id="mine", system_prompt="Be brief.")
    async with first:
        await first.send("one")
    second, provider = chat(store=store, session_id="mine", history=[{"role": "user", "content": "ignored"}])
    async with second:
        await second.send("two")
        assert await second.total_tokens() == 3 + 4
    assert contents(provider.requests[0].messages) == ["Be brief.", "one", "one", "two"]
    assert [content for _role, _status, content in rows(folder)] == ["one", "one", "two", "two"]
    assert (await store.session("mine")).title == "one"


async def test_a_chosen_id_that_is_new_begins_a_session(store: Store) -> None:
    """Without an id there is one all the same."""
    for session_id in ("mine", None):
        session, _provider = chat(store=store, session_id=session_id)
        async with session:
            answer = await session.send("Hi")
        assert (await store.session(answer.session_id)).model == "scripted/demo"


async def test_a_long_history_is_read_whole(store: Store) -> None:
    """More messages than one page of the store."""
    history = [{"role": ("user", "assistant")[number % 2], "content": str(number)} for number in range(501)]
    session, _provider = chat(store=store, history=history)
    async with session:
        assert contents(await session.messages()) == [str(number) for number in range(501)]


async def test_a_server_of_ones_own_is_asked_over_litellm(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a base URL, the name is the server's own, slashes included, and no key of the environment is sent."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    with WireServer(OpenAIWire()) as server:
        async with ChatSession(model="meta-llama/Llama-4", api_base=server.base) as session:
            answer = await session.send("Hi")
        sent = server.answers[0]
    assert answer.content == "The capital of France is Paris."
    assert answer.model == "direct/meta-llama/Llama-4"
    assert sent.body["model"] == "meta-llama/Llama-4"
    assert "somebody" not in sent.key


class Keys:
    """Takes down what a request carries."""

    def __init__(self) -> None:
        self.requests: list[Any] = []
        self.gateway = OddGateway(self.stream)

    async def stream(self, request: Any) -> Any:
        self.requests.append(request)
        yield Finished()


@pytest.mark.parametrize(
    ("wishes", "name", "key"),
    [
        ({"model": "openai/gpt-4o"}, "openai/gpt-4o", "sk-environment"),
        ({"model": "openai/gpt-4o", "api_key": "sk-given"}, "openai/gpt-4o", "sk-given"),
        ({"model": "openai/gpt-4o", "api_key": ""}, "openai/gpt-4o", None),
        ({"model": "gpt-4o"}, "openai/gpt-4o", "sk-environment"),
        ({"model": "anthropic/claude", "api_base": "http://127.0.0.1:1"}, "anthropic/claude", None),
    ],
)
async def test_a_key_goes_where_it_belongs(
    wishes: dict[str, Any], name: str, key: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider's own variable serves that provider; a key that was given goes before it; a base URL gets none."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-environment")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-anthropic")
    keys = Keys()
    async with ChatSession(gateway=keys.gateway, **wishes) as session:
        await session.send("Hi")
    request = keys.requests[0]
    assert request.model.litellm_name == name
    assert (request.api_key.reveal() if request.api_key else None) == key


async def test_closing_ends_what_is_being_written() -> None:
    """Also when somebody is still reading: the loop ends as after a stop."""
    session, _provider = chat(Script(steps=(Say("So far", 0), Hold(threading.Event()))))
    events = session.stream("Hi")
    await anext(events)
    async with asyncio.timeout(LIMIT_S):
        await session.aclose()
        rest = [event async for event in events]
    assert [type(event) for event in rest] == [Finished]


def test_the_package_offers_nothing_else_by_accident() -> None:
    """A name that is not there is an error, not None."""
    with pytest.raises(AttributeError, match="ChatBot"):
        _ = desktop.ChatBot


def test_it_needs_no_qt() -> None:
    """A program on a server can import it where PySide6 is not installed."""
    code = (
        "import sys; sys.modules['PySide6'] = None; sys.modules['qasync'] = None\n"
        "import desktop; desktop.ChatSession(model='guide/manual'); print('fine')"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.stdout.strip() == "fine", found.stderr


def test_its_example_is_true() -> None:
    """The docstring's conversation with the guide runs as written."""
    code = "import doctest, desktop.services.chat_session as it; print(doctest.testmod(it))"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "failed=0, attempted=3" in found.stdout, found.stdout + found.stderr


async def test_an_answer_that_the_disk_does_not_take_is_returned_all_the_same(folder: Path) -> None:
    """A program does not wait for ever: it gets the words, and why they are not kept."""
    store = await FaultyStore.open(folder=folder)
    store.trouble = DiskFull("The disk is full.")
    session, _provider = chat(Script(steps=(Say("Yes"),)), store=store, limits=Limits(saving_s=0))
    try:
        async with asyncio.timeout(LIMIT_S), session:
            answer = await session.send("Hi")
    finally:
        await store.close()
    assert (answer.content, answer.metadata["not_saved"]) == ("Yes", "The disk is full.")
