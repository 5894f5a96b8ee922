"""Marks for what a provider may keep at hand."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.messages import Role
from desktop.domain.models import ModelSpec, Secret
from desktop.domain.requests import ChatRequest, ContextMessage
from desktop.providers.caching import stable_places, wire_messages
from desktop.providers.litellm_provider import LiteLLMProvider
from tests.wire.anthropic import AnthropicWire
from tests.wire.openai import OpenAIWire
from tests.wire.server import WireServer

MARK = {"type": "ephemeral"}
TALK = (
    ContextMessage(role=Role.SYSTEM, content="You are brief."),
    ContextMessage(role=Role.USER, content="First?"),
    ContextMessage(role=Role.ASSISTANT, content="One."),
    ContextMessage(role=Role.USER, content="And now?"),
)


def request(kind: str, base: str = "", messages: tuple[ContextMessage, ...] = TALK) -> ChatRequest:
    model = ModelSpec(provider_id="p", kind=kind, name="asked-for", api_base=base)
    return ChatRequest(model=model, messages=messages, api_key=Secret("sk-canary-5f3a9c1e7b2d"))


async def sent(provider: LiteLLMProvider, server: WireServer, kind: str) -> Any:
    """Return the body that a server gets."""
    async for _event in provider.stream(request(kind, server.base)):
        pass
    return server.answers[-1].body


async def test_anthropic_is_told_what_stays_the_same(provider: LiteLLMProvider) -> None:
    """A mark behind the system prompt, one behind the last message before the newest question, and no other."""
    with WireServer(AnthropicWire()) as server:
        body = await sent(provider, server, "anthropic")
    assert body["system"] == [{"type": "text", "text": "You are brief.", "cache_control": MARK}]
    marked = [
        (one["role"], part["text"]) for one in body["messages"] for part in one["content"] if "cache_control" in part
    ]
    assert marked == [("assistant", "One.")]
    said = [part["text"] for one in body["messages"] for part in one["content"]]
    assert said == ["First?", "One.", "And now?"]


async def test_others_get_their_messages_plain(provider: LiteLLMProvider) -> None:
    """They remember by themselves, and some refuse what they do not know."""
    with WireServer(OpenAIWire()) as server:
        body = await sent(provider, server, "openai")
    assert body["messages"] == [one.to_wire() for one in TALK]


def test_a_first_question_marks_the_prompt_alone() -> None:
    """The newest question is not stable yet."""
    assert stable_places(request("anthropic", messages=(TALK[0], TALK[1]))) == (0,)
    assert stable_places(request("anthropic", messages=())) == ()


@given(st.lists(st.tuples(st.sampled_from(Role), st.sampled_from(["", " ", "words"])), max_size=8))
def test_only_what_says_something_is_marked(pieces: list[tuple[Role, str]]) -> None:
    """At most two marks, never on the newest question or an empty text, and the words stay what they were."""
    messages = tuple(ContextMessage(role=role, content=text) for role, text in pieces)
    made = wire_messages(request("anthropic", messages=messages))
    places = [at for at, one in enumerate(made) if isinstance(one["content"], list)]
    questions = [at for at, one in enumerate(messages) if one.role is Role.USER]
    assert len(places) <= 2
    assert all(messages[at].content.strip() for at in places)
    assert not questions or all(at < questions[-1] for at in places)
    plain = [one["content"][0]["text"] if isinstance(one["content"], list) else one["content"] for one in made]
    assert plain == [one.content for one in messages]
