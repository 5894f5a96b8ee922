"""Small words for the provider tests: a request, and what came of it."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

from desktop.domain.events import Finished, StreamEvent, TextDelta, ThinkingDelta, ToolCallDelta
from desktop.domain.faults import Fault, ProviderError
from desktop.domain.messages import Role
from desktop.domain.models import ModelSpec, Secret
from desktop.domain.requests import ChatRequest, ContextMessage
from desktop.providers.litellm_provider import LiteLLMProvider
from tests.wire.anthropic import AnthropicWire
from tests.wire.gemini import GeminiWire
from tests.wire.ollama import OllamaWire
from tests.wire.openai import OpenAIWire
from tests.wire.server import Wire

CANARY = "sk-canary-5f3a9c1e7b2d"


@dataclass(frozen=True)
class Kind:
    """A protocol: the name LiteLLM routes by, and the server that speaks it."""

    name: str
    wire: type[Wire]


KINDS = (
    Kind("openai", OpenAIWire),
    Kind("anthropic", AnthropicWire),
    Kind("gemini", GeminiWire),
    Kind("ollama", OllamaWire),
)


@dataclass
class Answer:
    """What a stream said, and how it ended."""

    events: list[StreamEvent] = field(default_factory=list)
    fault: Fault | None = None
    error: ProviderError | None = None

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, TextDelta))

    @property
    def thinking(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, ThinkingDelta))

    @property
    def calls(self) -> list[ToolCallDelta]:
        return [event for event in self.events if isinstance(event, ToolCallDelta)]

    @property
    def end(self) -> Finished:
        assert self.fault is None, self.fault
        last = self.events[-1]
        assert isinstance(last, Finished)
        return last


def ask(kind: str, base: str, *, key: str = CANARY, **wishes: Any) -> ChatRequest:
    messages = (
        ContextMessage(role=Role.SYSTEM, content="You are a helpful assistant."),
        ContextMessage(role=Role.USER, content="What is the capital of France?"),
    )
    model = ModelSpec(provider_id="p", kind=kind, name="asked-for", api_base=base)
    return ChatRequest(model=model, messages=messages, api_key=Secret(key) if key else None, **wishes)


async def collect(stream: AsyncGenerator[StreamEvent, None]) -> Answer:
    answer = Answer()
    try:
        async for event in stream:
            answer.events.append(event)
    except ProviderError as error:
        answer.fault, answer.error = error.fault, error
    return answer


async def answer_of(provider: LiteLLMProvider, kind: str, base: str, **wishes: Any) -> Answer:
    return await collect(provider.stream(ask(kind, base, **wishes)))
