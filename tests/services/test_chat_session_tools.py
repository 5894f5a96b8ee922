"""Tools and summaries in the Python API: called as soon as the model asks, and the model goes on with what came."""

import asyncio
from typing import Any

import pytest

from desktop.domain.events import Finished, TextDelta, ToolResult
from desktop.domain.faults import WrongUse
from desktop.domain.messages import Role
from desktop.providers.gateway import Gateway
from desktop.providers.scripted import Call, Say, Script, ScriptedProvider
from desktop.services.chat_session import ChatSession
from desktop.services.tool_calls import MOST_ROUNDS
from desktop.storage.store import Store


def chat(*scripts: Script, **more: Any) -> tuple[ChatSession, ScriptedProvider]:
    provider = ScriptedProvider(scripts=scripts)
    return ChatSession(model="scripted/demo", gateway=Gateway(scripted=provider), **more), provider


def asking(*calls: Call, times: int | None = 1) -> Script:
    return Script(steps=calls, times=times, ending=Finished(finish_reason="tool_calls"))


def weather(city: str) -> dict[str, Any]:
    """Tell the weather of a city."""
    return {"city": city, "sun": True}


async def slow_sum(a: int, b: int) -> int:
    """Add two numbers."""
    await asyncio.sleep(0)
    return a + b


ROME = Call("weather", '{"city": "Rome"}')
SUNNY = Script(steps=(Say("It is sunny."),))


async def test_a_tool_is_called_and_the_answer_goes_on() -> None:
    """The model gets call and result in the form of the protocol, and its last word is returned."""
    session, provider = chat(asking(ROME), SUNNY, tools=[weather])
    async with session:
        answer = await session.send("How is the weather in Rome?")
        messages = await session.messages()
    assert answer.content == "It is sunny."
    assert [message.role for message in messages] == [Role.USER, Role.ASSISTANT, Role.TOOL, Role.ASSISTANT]
    assert (messages[2].content, messages[2].tool_call_id) == ('{"city": "Rome", "sun": true}', "call_0")
    first, second = provider.requests
    assert first.tools[0]["function"]["name"] == "weather"
    sent = [message.to_wire() for message in second.messages]
    assert sent[-2]["tool_calls"][0]["function"] == {"name": "weather", "arguments": '{"city": "Rome"}'}
    assert sent[-1] == {"role": "tool", "content": '{"city": "Rome", "sun": true}', "tool_call_id": "call_0"}


async def test_several_tools_at_once() -> None:
    """Plain and asynchronous functions, each with its own result."""
    both = asking(ROME, Call("slow_sum", '{"a": 2, "b": 3}', index=1, id="call_1"))
    session, _provider = chat(both, SUNNY, tools=[weather, slow_sum])
    async with session:
        await session.send("Both, please")
        results = [message for message in await session.messages() if message.role is Role.TOOL]
    assert [(one.author, one.content, one.tool_call_id) for one in results] == [
        ("weather", '{"city": "Rome", "sun": true}', "call_0"),
        ("slow_sum", "5", "call_1"),
    ]


async def test_a_stream_tells_of_tools() -> None:
    """Each result comes between the words, and there is one end."""
    session, _provider = chat(asking(ROME), SUNNY, tools=[weather])
    async with session:
        events = [event async for event in session.stream("How is it?")]
    assert isinstance(events[0], ToolResult)
    assert events[0].call.name == "weather"
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == "It is sunny."
    assert [type(event) for event in events].count(Finished) == 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (Call("broken", "{}"), "ValueError: no such place"),
        (Call("weather", '{"town": "Rome"}'), "TypeError"),
        (Call("weather", "[1]"), "must be a JSON object"),
        (Call("nothing", "{}"), "There is no tool called nothing. There are: weather, broken."),
    ],
)
async def test_what_goes_wrong_is_told_to_the_model(call: Call, said: str) -> None:
    """It may try another way; the conversation goes on."""

    def broken() -> None:
        """Fail."""
        raise ValueError("no such place")

    session, provider = chat(asking(call), SUNNY, tools=[weather, broken])
    async with session:
        answer = await session.send("How is it?")
    assert answer.content == "It is sunny."
    assert said in provider.requests[-1].messages[-1].content


async def test_a_model_that_calls_for_ever_is_stopped() -> None:
    """After so many rounds, with a sentence; the session can go on."""
    session, provider = chat(Script(steps=(ROME,), when="loop", ending=Finished(finish_reason="tool_calls")), SUNNY,
                             tools=[weather])  # fmt: skip
    async with session:
        with pytest.raises(WrongUse, match="in a row"):
            await session.send("loop")
        assert len(provider.requests) == MOST_ROUNDS
        assert (await session.send("And now?")).content == "It is sunny."


async def test_without_tools_of_ones_own_calls_are_left_to_the_caller() -> None:
    """They stand in the answer."""
    session, _provider = chat(asking(ROME))
    async with session:
        answer = await session.send("How is it?")
    assert answer.tool_calls[0].name == "weather"


async def test_calls_and_results_are_kept_in_a_store(store: Store) -> None:
    """The conversation can be read, and gone on with, as it was."""
    session, _provider = chat(asking(ROME), SUNNY, tools=[weather], store=store, session_id="kept")
    async with session:
        await session.send("How is it?")
    path = await store.path("kept")
    assert [message.role for message in path] == [Role.USER, Role.ASSISTANT, Role.TOOL, Role.ASSISTANT]
    again, provider = chat(SUNNY, store=store, session_id="kept")
    async with again:
        await again.send("And tomorrow?")
    assert [message.role for message in provider.requests[0].messages] == [
        Role.SYSTEM,
        *(message.role for message in path),
        Role.USER,
    ]


@pytest.mark.parametrize("kept", [False, True])
async def test_what_a_conversation_outgrows_is_summarised(store: Store, kept: bool) -> None:
    """With `summary`, in memory or in a store; without, the oldest turns are left out."""
    when = "Write the summary now"
    history = [
        {"role": "user" if place % 2 == 0 else "assistant", "content": f"message {place} " + "word " * 30}
        for place in range(60)
    ]
    more: dict[str, Any] = {"store": store} if kept else {}
    session, provider = chat(
        Script(when=when, steps=(Say("They talked of words."),)), SUNNY, summary=True, history=history, max_context=900,
        **more,
    )  # fmt: skip
    async with session:
        await session.send("One")
        await session._summaries.wait_idle()
        await session.send("Two")
    sent = [one for one in provider.requests if when not in one.messages[-1].content][-1]
    assert "They talked of words." in sent.messages[1].content
    plain, other = chat(SUNNY, history=history, max_context=900)
    async with plain:
        await plain.send("One")
        await plain.send("Two")
    assert len(other.requests) == 2
