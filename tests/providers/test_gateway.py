from collections.abc import AsyncGenerator

from desktop.domain.events import Finished, StreamEvent, TextDelta, ThinkingDelta
from desktop.domain.faults import FaultKind
from desktop.domain.models import GUIDE, SCRIPTED
from desktop.domain.requests import ChatRequest
from desktop.providers.gateway import Gateway
from desktop.providers.litellm_provider import LiteLLMProvider
from tests.providers.asking import ask, collect
from tests.wire.openai import OpenAIWire
from tests.wire.server import WireServer


class Parrot:
    """A provider that says its own name."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        yield TextDelta(self.name)
        yield Finished(model=request.model.name)


async def test_each_kind_goes_to_its_provider(provider: LiteLLMProvider) -> None:
    """The guide, the scripted provider and LiteLLM each get what is theirs."""
    gateway = Gateway(litellm=provider, guide=Parrot("guide"), scripted=Parrot("scripted"))
    assert (await collect(gateway.stream(ask(GUIDE, "")))).text == "guide"
    assert (await collect(gateway.stream(ask(SCRIPTED, "")))).text == "scripted"
    with WireServer(OpenAIWire()) as server:
        answer = await collect(gateway.stream(ask("openai", server.base)))
    assert answer.text == "The capital of France is Paris."


async def test_built_in_providers_need_no_loading() -> None:
    """The guide answers while LiteLLM is not there; others wait for it."""
    gateway = Gateway(guide=Parrot("guide"))
    assert not gateway.ready
    assert gateway.is_ready(ask(GUIDE, ""))
    assert not gateway.is_ready(ask("openai", ""))
    await gateway.wait_ready(ask(GUIDE, ""))
    assert not gateway.ready
    await gateway.wait_ready(ask("openai", ""))
    assert gateway.is_ready(ask("openai", ""))
    await gateway.aclose()


async def test_without_demo_there_is_no_scripted_provider() -> None:
    """The fake answers only where it was asked for."""
    answer = await collect(Gateway().stream(ask(SCRIPTED, "")))
    assert answer.fault is not None
    assert answer.fault.kind is FaultKind.NO_PROVIDER


async def test_the_demo_brings_the_scripted_provider() -> None:
    """With the demo on it is there."""
    gateway = Gateway(demo=True)
    assert gateway.is_ready(ask(SCRIPTED, ""))
    stream = gateway.stream(ask(SCRIPTED, ""))
    assert isinstance(await anext(stream), TextDelta | ThinkingDelta)
    await stream.aclose()


async def test_closing_what_was_never_loaded_is_no_fault() -> None:
    """A start that asked nobody has nothing to close."""
    await Gateway().aclose()
