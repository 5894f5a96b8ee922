import pytest

from desktop.domain.events import Finished, StreamEvent, TextDelta, ThinkingDelta
from desktop.domain.faults import FaultKind, ProviderError
from desktop.domain.messages import Role
from desktop.domain.models import SCRIPTED, ModelSpec
from desktop.domain.requests import ChatRequest, ContextMessage
from desktop.providers import demo
from desktop.providers.scripted import ScriptedProvider

MODEL = ModelSpec(provider_id=SCRIPTED, kind=SCRIPTED, name="demo")


async def ask(provider: ScriptedProvider, question: str) -> list[StreamEvent]:
    messages = (ContextMessage(role=Role.USER, content=question),)
    return [event async for event in provider.stream(ChatRequest(model=MODEL, messages=messages))]


def text(events: list[StreamEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (demo.TRIM_QUESTION, demo.TRIM_ANSWER),
        (demo.WRONG_QUESTION, demo.WRONG_ANSWER),
        ("Hello!", demo.TOUR),
        ("Show me code", demo.CODE_ANSWER),
        ("Show me a table", demo.TABLE_ANSWER),
        ("What is that?", "What is that?"),
    ],
)
async def test_the_demo_answers_what_its_tour_names(question: str, answer: str) -> None:
    """Every line of the tour leads to its answer, anything else is said back."""
    assert text(await ask(demo.demo_provider(pace=0), question)) == answer


async def test_the_demo_thinks_aloud_and_tells_its_usage() -> None:
    """The answer of the picture comes with thinking, tokens and a price."""
    events = await ask(demo.demo_provider(pace=0), demo.TRIM_QUESTION)
    end = events[-1]
    assert any(isinstance(event, ThinkingDelta) for event in events)
    assert isinstance(end, Finished)
    assert end.usage is not None
    assert end.cost is not None
    assert end.cost > 0


async def test_the_demo_s_rate_limit_passes() -> None:
    """The first try is asked to wait, the second is answered."""
    provider = demo.demo_provider(pace=0)
    with pytest.raises(ProviderError) as caught:
        await ask(provider, "Hit the rate limit")
    assert (caught.value.fault.kind, caught.value.fault.retry_after_s) == (FaultKind.RATE_LIMIT, 7.0)
    assert "after the pause" in text(await ask(provider, "Hit the rate limit"))


async def test_the_demo_can_break_off_and_go_on() -> None:
    """The first answer has no end; going on with it says the rest."""
    provider = demo.demo_provider(pace=0)
    half = await ask(provider, "Break off")
    assert not isinstance(half[-1], Finished)
    messages = (
        ContextMessage(role=Role.USER, content="Break off"),
        ContextMessage(role=Role.ASSISTANT, content=text(half)),
    )
    rest = [event async for event in provider.stream(ChatRequest(model=MODEL, messages=messages))]
    assert text(rest).startswith(" sentence, and then goes on")


async def test_the_demo_s_wrong_key_is_refused() -> None:
    """The error card has something to show."""
    with pytest.raises(ProviderError) as caught:
        await ask(demo.demo_provider(pace=0), "Use a wrong key")
    assert caught.value.fault.kind is FaultKind.AUTHENTICATION
