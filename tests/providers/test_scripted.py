import asyncio
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.events import Finished, StreamEvent, TextDelta, ThinkingDelta, ToolCallDelta
from desktop.domain.faults import Fault, FaultKind, ProviderError
from desktop.domain.messages import Role, Usage
from desktop.domain.models import SCRIPTED, ModelSpec
from desktop.domain.requests import ChatRequest, ContextMessage
from desktop.providers.scripted import Call, Fail, Hold, Say, Script, ScriptedProvider, Think, Wait

MODEL = ModelSpec(provider_id=SCRIPTED, kind=SCRIPTED, name="demo")
FAULT = Fault(kind=FaultKind.OVERLOADED, status=529)


def request(question: str, begun: str = "") -> ChatRequest:
    messages = [ContextMessage(role=Role.USER, content=question)]
    if begun:
        messages.append(ContextMessage(role=Role.ASSISTANT, content=begun))
    return ChatRequest(model=MODEL, messages=tuple(messages))


async def play(provider: ScriptedProvider, asked: ChatRequest) -> list[StreamEvent]:
    return [event async for event in provider.stream(asked)]


def text(events: list[StreamEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


async def test_without_a_script_the_question_comes_back() -> None:
    """The default is an echo that ends well and costs nothing."""
    *pieces, end = await play(ScriptedProvider(), request("Is anybody there?"))
    assert text(pieces) == "Is anybody there?"
    assert end == Finished(finish_reason="stop", cost=0.0, model="demo")


async def test_a_request_without_a_question_is_answered_too() -> None:
    """No message, no text, but an end."""
    assert await play(ScriptedProvider(), ChatRequest(model=MODEL, messages=())) == [Finished(cost=0.0, model="demo")]


async def test_the_first_script_that_fits_the_question_answers() -> None:
    """Scripts are tried in order, whatever the case of the words."""
    scripts = [Script(when="Egg", steps=(Say("six minutes"),)), Script(when="egg", steps=(Say("never"),))]
    provider = ScriptedProvider(scripts=scripts)
    assert text(await play(provider, request("How do I boil an EGG?"))) == "six minutes"
    assert text(await play(provider, request("rice"))) == "rice"


async def test_a_script_can_run_out() -> None:
    """A fault that happens once, and then it goes well: what a retry needs."""
    provider = ScriptedProvider(scripts=[Script(times=1, steps=(Fail(FAULT),)), Script(steps=(Say("fine"),))])
    with pytest.raises(ProviderError) as caught:
        await play(provider, request("x"))
    assert caught.value.fault == FAULT
    assert text(await play(provider, request("x"))) == "fine"


@given(said=st.text(), size=st.integers(min_value=0, max_value=9))
def test_the_pieces_add_up_to_the_text(said: str, size: int) -> None:
    """However a text is cut, nothing is lost or changed, and no piece is empty."""
    provider = ScriptedProvider(scripts=[Script(steps=(Say(said, size=size),))])
    events = asyncio.run(play(provider, request("x")))
    assert text(events) == said
    assert all(event.text for event in events if isinstance(event, TextDelta))


async def test_a_script_can_think_call_a_tool_and_name_its_ending() -> None:
    """Every kind of event can be played, in the order of the steps."""
    ending = Finished(finish_reason="tool_calls", usage=Usage(input_tokens=1, output_tokens=2), model="other")
    steps = (Think("hm", size=0), Say("ok", size=0), Call("add", '{"a":1}', index=1, id="c1", size=4))
    events = await play(ScriptedProvider(scripts=[Script(steps=steps, ending=ending)]), request("x"))
    assert events == [
        ThinkingDelta("hm"),
        TextDelta("ok"),
        ToolCallDelta(1, id="c1", name="add"),
        ToolCallDelta(1, arguments='{"a"'),
        ToolCallDelta(1, arguments=":1}"),
        ending,
    ]


async def test_a_stream_can_break_off() -> None:
    """Without an ending the stream just stops, as a truncated one does."""
    events = await play(ScriptedProvider(scripts=[Script(steps=(Say("half", size=0),), ending=None)]), request("x"))
    assert events == [TextDelta("half")]


async def test_text_before_a_fault_has_arrived() -> None:
    """A fault in the middle comes after the text before it."""
    stream = ScriptedProvider(scripts=[Script(steps=(Say("half", size=0), Fail(FAULT)))]).stream(request("x"))
    assert await anext(stream) == TextDelta("half")
    with pytest.raises(ProviderError):
        await anext(stream)


async def test_pauses_and_paces_take_their_time() -> None:
    """A wait and a pace are as long as they say, no shorter."""
    steps = (Wait(0.01), Say("abcd", size=1, pace=400.0))
    started = asyncio.get_running_loop().time()
    await play(ScriptedProvider(scripts=[Script(steps=steps)]), request("x"))
    assert asyncio.get_running_loop().time() - started >= 0.0199


async def test_a_held_stream_goes_on_when_it_is_released() -> None:
    """A test decides from any thread when the text goes on."""
    released = threading.Event()
    stream = ScriptedProvider(scripts=[Script(steps=(Hold(released), Say("on", size=0)))]).stream(request("x"))
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.wait({waiting}, timeout=0.01)
    assert not waiting.done()
    released.set()
    assert await waiting == TextDelta("on")


async def test_closing_a_stream_is_seen() -> None:
    """A stop closes the stream, and the provider knows that nothing is open any more."""
    provider = ScriptedProvider()
    stream = provider.stream(request("a long question"))
    await anext(stream)
    assert provider.open_streams == 1
    await stream.aclose()
    assert provider.open_streams == 0


async def test_what_was_asked_is_kept() -> None:
    """A test can see exactly what was sent."""
    provider, asked = ScriptedProvider(), request("x")
    await play(provider, asked)
    assert list(provider.requests) == [asked]


@pytest.mark.parametrize(("begun", "rest"), [("one t", "wo three"), ("one two ", "three"), ("else", "one two three")])
async def test_a_begun_answer_goes_on(begun: str, rest: str) -> None:
    """What has been said is not said again; what is of another model is not continued."""
    steps = (Say("one "), Say("two "), Say("three"))
    events = await play(ScriptedProvider(scripts=[Script(steps=steps)]), request("count", begun=begun))
    assert text(events) == rest


async def test_a_begun_answer_is_not_thought_about_again() -> None:
    """The thinking before the text that is there already is left out."""
    steps = (Think("hm"), Say("one two"))
    events = await play(ScriptedProvider(scripts=[Script(steps=steps)]), request("count", begun="one"))
    assert not any(isinstance(event, ThinkingDelta) for event in events)
