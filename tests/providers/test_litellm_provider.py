import asyncio
import json

import pytest

from desktop.domain.events import TextDelta
from desktop.domain.faults import FaultKind
from desktop.domain.messages import Usage
from desktop.providers.litellm_provider import LiteLLMProvider
from tests.providers.asking import Kind, answer_of, ask
from tests.wire.anthropic import AnthropicWire
from tests.wire.openai import OpenAIWire
from tests.wire.script import Call, Fault, Mode, Script, Tokens
from tests.wire.server import WireServer


async def test_an_answer_arrives_whole(provider: LiteLLMProvider, kind: Kind) -> None:
    """Text, usage, finish reason and the model as answered come over each protocol."""
    script = Script(model="wire-1-2026-01", tokens=Tokens(input=20, output=9, cached=5))
    with WireServer(kind.wire(), script) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.text == script.whole
    assert answer.end.finish_reason == "stop"
    assert answer.end.usage == Usage(input_tokens=20, output_tokens=9, cached_tokens=5)
    assert answer.end.model == "wire-1-2026-01"


async def test_pieces_arrive_one_by_one(provider: LiteLLMProvider, kind: Kind) -> None:
    """What the server sends in pieces is not held back until the end."""
    with WireServer(kind.wire(), Script(fault=Fault(mode=Mode.SILENCE, after=6))) as server:
        stream = provider.stream(ask(kind.name, server.base))
        async with asyncio.timeout(10):
            first = await anext(stream)
        await stream.aclose()
    assert isinstance(first, TextDelta)


async def test_the_context_goes_out_as_it_is(provider: LiteLLMProvider) -> None:
    """The request carries the messages, the model's own name, the key and nothing invented."""
    with WireServer(OpenAIWire()) as server:
        await answer_of(provider, "openai", server.base, temperature=0.5, max_tokens=99)
        sent = server.answers[0]
    assert sent.body == {
        "model": "asked-for",
        "messages": [
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": "What is the capital of France?"},
        ],
        "temperature": 0.5,
        "max_tokens": 99,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert sent.key == "sk-canary-5f3a9c1e7b2d"


async def test_a_local_server_is_not_sent_a_key_from_elsewhere(
    provider: LiteLLMProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a key of its own a base URL gets none of those that lie in the environment."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    with WireServer(OpenAIWire()) as server:
        await answer_of(provider, "openai", server.base, key="")
        assert b"somebody" not in repr(server.requests[0].headers).encode()


async def test_this_computer_is_not_reached_by_a_proxy(
    provider: LiteLLMProvider, kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question to a local server does not leave the computer, whatever proxy is set."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with WireServer(kind.wire()) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.end.finish_reason == "stop"


async def test_thinking_comes_apart_from_the_text(provider: LiteLLMProvider, kind: Kind) -> None:
    """What the model thinks is told from what it says."""
    with WireServer(kind.wire(), Script(thinking=("Let me ", "see."))) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert (answer.thinking, answer.text) == ("Let me see.", "The capital of France is Paris.")


async def test_the_signature_of_the_thinking_is_kept(provider: LiteLLMProvider) -> None:
    """Anthropic wants its signature back with the thinking."""
    with WireServer(AnthropicWire(), Script(thinking=("Hm.",), signature="c2lnbmVk")) as server:
        answer = await answer_of(provider, "anthropic", server.base)
    assert answer.end.thinking_signature == "c2lnbmVk"


@pytest.mark.parametrize("reason", ["length", "content_filter"])
async def test_the_reason_of_the_end_is_told(provider: LiteLLMProvider, kind: Kind, reason: str) -> None:
    """A cut at the limit and a filter are told from a normal end."""
    with WireServer(kind.wire(), Script(finish=reason)) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.end.finish_reason == reason


async def test_a_tool_call_arrives(provider: LiteLLMProvider, kind: Kind) -> None:
    """Name and arguments of a tool call come over each protocol."""
    script = Script(text=(), calls=(Call(name="look", arguments=('{"at":', ' "Paris"}')),), finish="tool_calls")
    with WireServer(kind.wire(), script) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.calls[0].name == "look"
    assert answer.calls[0].id
    assert "".join(call.arguments for call in answer.calls) == '{"at": "Paris"}'
    assert answer.end.finish_reason == "tool_calls"


async def test_tools_go_out_over_each_protocol(provider: LiteLLMProvider, kind: Kind) -> None:
    """The description of a function reaches the provider, and no package that is not there is asked for."""
    parameters = {"type": "object", "properties": {"at": {"type": "string"}}, "required": ["at"]}
    tool = {"type": "function", "function": {"name": "look", "description": "Look there.", "parameters": parameters}}
    with WireServer(kind.wire(), Script()) as server:
        await answer_of(provider, kind.name, server.base, tools=(tool,))
    assert "Look there." in json.dumps(server.answers[0].body)


async def test_usage_that_was_not_sent_is_marked(provider: LiteLLMProvider, kind: Kind) -> None:
    """Where the provider counts nothing, we count, and say that it is an estimate."""
    with WireServer(kind.wire(), Script(tokens=None)) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.end.usage == Usage(input_tokens=13, output_tokens=7, estimated=True)
    assert answer.end.cost is None


async def test_reasoning_tokens_are_counted(provider: LiteLLMProvider) -> None:
    """The part of the output that was thinking is told apart."""
    with WireServer(OpenAIWire(), Script(tokens=Tokens(input=20, output=9, reasoning=4))) as server:
        answer = await answer_of(provider, "openai", server.base)
    assert answer.end.usage == Usage(input_tokens=20, output_tokens=9, reasoning_tokens=4)


async def test_another_server_has_no_list_price(provider: LiteLLMProvider) -> None:
    """A server of one's own with a famous model's name does not cost what the famous one costs."""
    with WireServer(OpenAIWire(), Script(model="gpt-4o")) as server:
        answer = await answer_of(provider, "openai", server.base)
    assert answer.end.cost is None


async def test_the_provider_itself_has_its_list_price(
    provider: LiteLLMProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without another base the published price of the model that answered holds, cached tokens cheaper."""
    costs = []
    for cached in (0, 800):
        tokens = Tokens(input=1000, output=1000, cached=cached)
        with WireServer(OpenAIWire(), Script(model="gpt-4o-2024-08-06", tokens=tokens)) as server:
            monkeypatch.setenv("OPENAI_BASE_URL", server.base)
            answer = await answer_of(provider, "openai", "")
        costs.append(answer.end.cost)
    assert costs == [pytest.approx(0.0125), pytest.approx(0.0115)]


@pytest.mark.parametrize("way", ["cancel", "close"])
async def test_stop_closes_the_socket(provider: LiteLLMProvider, kind: Kind, way: str) -> None:
    """The server sees the connection end within a second, whichever way the answer is given up."""
    with WireServer(kind.wire(), Script(repeat=1000, rate=50)) as server:
        stream = provider.stream(ask(kind.name, server.base))
        await anext(stream)
        if way == "cancel":
            waiting = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        await stream.aclose()
        assert await asyncio.to_thread(server.answers[0].closed.wait, 1.0)


@pytest.mark.parametrize("mode", [Mode.SILENCE, Mode.NO_HEADERS, Mode.COMMENTS, Mode.TRICKLE])
async def test_a_silent_server_can_be_left(provider: LiteLLMProvider, kind: Kind, mode: Mode) -> None:
    """However a server keeps one waiting, cancelling returns at once and closes the socket."""
    loop = asyncio.get_running_loop()
    with WireServer(kind.wire(), Script(fault=Fault(mode=mode, after=2))) as server:
        asking = asyncio.create_task(answer_of(provider, kind.name, server.base))
        assert await asyncio.to_thread(server.asked.wait, 10)
        asking.cancel()
        began = loop.time()
        await asyncio.wait({asking})
        assert loop.time() - began < 0.2
        assert await asyncio.to_thread(server.answers[0].closed.wait, 1.0)


async def test_text_of_every_kind_survives(provider: LiteLLMProvider, kind: Kind) -> None:
    """Accents, CJK, emoji, NUL and line separators that parsers like to split at arrive as they were sent."""
    script = Script(text=("Hé ", "\N{GRINNING FACE}", "日本", "a\0b", "x\u2028y\x85z\u2029"))
    with WireServer(kind.wire(), script) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.text == script.whole


async def test_halves_of_a_pair_are_joined_or_replaced(provider: LiteLLMProvider, kind: Kind) -> None:
    """Surrogates that were split between chunks make their character; a lone one becomes U+FFFD."""
    with WireServer(kind.wire(), Script(text=("a", "\ud83d", "\ude00", "b", "\ud83d", "c"))) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.text == "a\N{GRINNING FACE}b\N{REPLACEMENT CHARACTER}c"


async def test_utf8_may_be_split_anywhere(provider: LiteLLMProvider, kind: Kind) -> None:
    """A stream that arrives byte by byte reads the same."""
    script = Script(text=("Hé ", "\N{GRINNING FACE}", "日本"), fault=Fault(mode=Mode.SPLIT_BYTES))
    with WireServer(kind.wire(), script) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.text == script.whole
    assert answer.end.finish_reason == "stop"


async def test_bytes_that_are_no_text_are_replaced(provider: LiteLLMProvider, kind: Kind) -> None:
    """Invalid UTF-8 in an answer becomes U+FFFD, and the rest arrives."""
    with WireServer(kind.wire(), Script(fault=Fault(mode=Mode.INVALID_UTF8))) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.text.replace("\N{REPLACEMENT CHARACTER}", "") == "The capital of France is Paris."
    assert "\N{REPLACEMENT CHARACTER}" in answer.text


async def test_fields_of_a_later_version_are_passed_over(provider: LiteLLMProvider, kind: Kind) -> None:
    """What a provider adds to its chunks one day does no harm."""
    with WireServer(kind.wire(), Script(fault=Fault(mode=Mode.UNKNOWN_FIELDS))) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.text == "The capital of France is Paris."


async def test_the_same_chunk_a_thousand_times_is_an_answer(provider: LiteLLMProvider, kind: Kind) -> None:
    """A long rule drawn with one word is not mistaken for a fault."""
    with WireServer(kind.wire(), Script(text=("====",), repeat=1000)) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert len(answer.text) == 4000


async def test_a_giant_line_is_cut(provider: LiteLLMProvider) -> None:
    """A chunk of 20 MB ends the answer instead of filling the memory."""
    with WireServer(OpenAIWire(), Script(text=("Hello ", "x" * 20_000_000))) as server:
        answer = await answer_of(provider, "openai", server.base)
    assert answer.fault is not None
    assert answer.fault.kind is FaultKind.ANSWER_TOO_LONG


async def test_several_answers_at_once_do_not_mix(provider: LiteLLMProvider) -> None:
    """Four protocols streaming at the same time each keep their own words."""
    from tests.providers.asking import KINDS

    servers = [WireServer(kind.wire(), Script(text=(kind.name, " "), repeat=200)).start() for kind in KINDS]
    try:
        answers = await asyncio.gather(
            *(answer_of(provider, kind.name, server.base) for kind, server in zip(KINDS, servers, strict=True))
        )
    finally:
        for server in servers:
            server.stop()
    assert [answer.text for answer in answers] == [f"{kind.name} " * 200 for kind in KINDS]


async def test_a_request_may_be_sent_before_the_library_is_there() -> None:
    """Streaming loads LiteLLM by itself where nobody has yet."""
    provider = LiteLLMProvider()
    with WireServer(OpenAIWire()) as server:
        answer = await answer_of(provider, "openai", server.base)
    assert provider.ready
    assert answer.end.finish_reason == "stop"
    await provider.aclose()


async def test_leaving_while_the_library_loads_does_not_stop_the_loading() -> None:
    """A run that is stopped while it waits leaves the library to the others."""
    provider = LiteLLMProvider()
    impatient = asyncio.create_task(provider.load())
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.wait({impatient})
    await provider.load()
    assert provider.ready
    await provider.aclose()


async def test_a_stopped_stream_leaves_the_next_one_alone(provider: LiteLLMProvider, kind: Kind) -> None:
    """After ten stops the next answer comes whole."""
    with WireServer(kind.wire(), Script(repeat=50, rate=500)) as server:
        for _ in range(10):
            stream = provider.stream(ask(kind.name, server.base))
            await anext(stream)
            await stream.aclose()
        server.script = Script()
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.text == "The capital of France is Paris."
