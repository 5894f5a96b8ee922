import asyncio
import logging
import traceback

import pytest

from desktop.domain.faults import FaultKind, ProviderError
from desktop.providers.litellm_provider import LiteLLMProvider
from tests.providers.asking import CANARY, Answer, Kind, answer_of, ask
from tests.wire.openai import OpenAIWire
from tests.wire.script import Fault, Mode, Script
from tests.wire.server import WireServer

STATUSES = [
    (400, FaultKind.BAD_REQUEST),
    (401, FaultKind.AUTHENTICATION),
    (402, FaultKind.PAYMENT),
    (403, FaultKind.FORBIDDEN),
    (404, FaultKind.NO_MODEL),
    (413, FaultKind.TOO_LARGE),
    (422, FaultKind.BAD_REQUEST),
    (429, FaultKind.RATE_LIMIT),
    (500, FaultKind.SERVER),
    (503, FaultKind.OVERLOADED),
    (529, FaultKind.OVERLOADED),
]
WORDS = "This is what the provider says."


@pytest.mark.parametrize(("status", "expected"), STATUSES)
async def test_each_status_has_its_meaning(
    provider: LiteLLMProvider, kind: Kind, status: int, expected: FaultKind
) -> None:
    """An error's status, and the provider's own words, come over each protocol; nothing is sent twice."""
    with WireServer(kind.wire(), Script(fault=Fault(mode=Mode.STATUS, status=status, words=WORDS))) as server:
        answer = await answer_of(provider, kind.name, server.base)
        asked = len(server.answers)
    assert answer.fault is not None
    assert (answer.fault.kind, answer.fault.status, answer.fault.words) == (expected, status, WORDS)
    assert (asked, answer.events) == (1, [])


async def test_the_wait_that_is_asked_for_is_told(provider: LiteLLMProvider, kind: Kind) -> None:
    """Retry-After comes through each protocol."""
    fault = Fault(mode=Mode.STATUS, status=429, headers={"Retry-After": "3"})
    with WireServer(kind.wire(), Script(fault=fault)) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.fault is not None
    assert answer.fault.retry_after_s == 3.0


async def test_a_used_up_quota_is_no_rate_limit(provider: LiteLLMProvider) -> None:
    """The same status with another code is not tried again."""
    fault = Fault(mode=Mode.STATUS, status=429, code="insufficient_quota")
    with WireServer(OpenAIWire(), Script(fault=fault)) as server:
        answer = await answer_of(provider, "openai", server.base)
    assert answer.fault is not None
    assert answer.fault.kind is FaultKind.QUOTA
    assert not answer.fault.retryable


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (Mode.RESET, FaultKind.RESET),
        (Mode.CUT, FaultKind.RESET),
        (Mode.END_EARLY, FaultKind.TRUNCATED),
        (Mode.GARBAGE, FaultKind.MALFORMED),
    ],
)
async def test_an_answer_that_breaks_off_is_never_whole(
    provider: LiteLLMProvider, kind: Kind, mode: Mode, expected: FaultKind
) -> None:
    """What came before the break stands, and the end is told for what it is."""
    with WireServer(kind.wire(), Script(rate=200, fault=Fault(mode=mode, after=6))) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.fault is not None
    assert answer.fault.kind is expected
    assert answer.text
    assert "The capital of France is Paris.".startswith(answer.text)


@pytest.mark.parametrize("mode", [Mode.CUT, Mode.RESET, Mode.END_EARLY])
async def test_words_that_wait_when_the_break_comes_are_kept(provider: LiteLLMProvider, mode: Mode) -> None:
    """A reader that is slower than the server still gets every word that was sent before the break."""
    answer = Answer()
    with WireServer(OpenAIWire(), Script(text=("word ",) * 600, fault=Fault(mode=mode, after=600))) as server:

        async def read_slowly() -> None:
            async for event in provider.stream(ask("openai", server.base)):
                answer.events.append(event)
                while server.requests[-1].pieces_sent < 599:
                    await asyncio.sleep(0.001)
                if len(answer.events) == 1:  # the socket's end is seen in a later turn of the loop than its last byte
                    await asyncio.sleep(0.05)

        with pytest.raises(ProviderError):
            await read_slowly()
    assert answer.text.count("word ") >= 599


@pytest.mark.parametrize("content_type", ["text/plain", "application/octet-stream", "application/json"])
async def test_a_server_that_mislabels_its_stream_is_read_all_the_same(
    provider: LiteLLMProvider, content_type: str
) -> None:
    """Events are known by their looks: whole ones are whole, and a truncation is found out."""
    with WireServer(OpenAIWire(), Script(content_type=content_type)) as server:
        whole = await answer_of(provider, "openai", server.base)
        server.script = Script(content_type=content_type, fault=Fault(mode=Mode.END_EARLY, after=6))
        part = await answer_of(provider, "openai", server.base)
    assert whole.end.finish_reason == "stop"
    assert part.fault is not None
    assert part.fault.kind is FaultKind.TRUNCATED


async def test_what_was_held_back_is_not_lost_in_a_fault(provider: LiteLLMProvider, kind: Kind) -> None:
    """Half a character before the break comes out as U+FFFD."""
    fault = Fault(mode=Mode.RESET, after=7 if kind.name == "anthropic" else 4)
    with WireServer(kind.wire(), Script(text=("a", "b", "c", "\ud83d", "x"), fault=fault)) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.fault is not None
    assert answer.text in ("abc\N{REPLACEMENT CHARACTER}", "abc")


@pytest.mark.parametrize("after", [0, 1, 2, 3])
async def test_an_answer_that_breaks_off_at_once_is_not_whole(
    provider: LiteLLMProvider, kind: Kind, after: int
) -> None:
    """A stream that ends before its first word is no empty answer."""
    with WireServer(kind.wire(), Script(fault=Fault(mode=Mode.END_EARLY, after=after))) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.fault is not None
    assert answer.fault.kind is (FaultKind.TRUNCATED if after else FaultKind.NOT_A_MODEL)


async def test_an_error_in_mid_stream_is_told_in_its_words(provider: LiteLLMProvider, kind: Kind) -> None:
    """An error event ends the answer with what the provider said."""
    with WireServer(kind.wire(), Script(fault=Fault(mode=Mode.ERROR_EVENT, after=6, words=WORDS))) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.fault is not None
    assert answer.fault.kind in (FaultKind.SERVER, FaultKind.OVERLOADED)
    assert answer.fault.words == WORDS
    assert answer.text


@pytest.mark.parametrize("mode", [Mode.HTML, Mode.ERROR_JSON, Mode.EMPTY])
async def test_what_is_not_a_model_is_found_out(provider: LiteLLMProvider, kind: Kind, mode: Mode) -> None:
    """A web page, an error or nothing at all with status 200 is no answer."""
    with WireServer(kind.wire(), Script(fault=Fault(mode=mode, words=WORDS))) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.fault is not None
    assert answer.fault.kind is FaultKind.NOT_A_MODEL
    assert answer.fault.words == (WORDS if mode is Mode.ERROR_JSON else "")
    assert answer.events == []


async def test_nobody_there_is_told(provider: LiteLLMProvider, kind: Kind) -> None:
    """A refused connection is told as one, with the address."""
    with WireServer(kind.wire()) as server:
        base = server.base
    answer = await answer_of(provider, kind.name, base)
    assert answer.fault is not None
    assert answer.fault.kind is FaultKind.REFUSED
    assert answer.fault.where.startswith("127.0.0.1:")


async def test_an_unknown_name_is_told(provider: LiteLLMProvider, kind: Kind) -> None:
    """A host that does not exist is told from one that does not answer."""
    answer = await answer_of(provider, kind.name, "http://no-such-host.invalid/v1")
    assert answer.fault is not None
    assert (answer.fault.kind, answer.fault.where) == (FaultKind.DNS, "no-such-host.invalid")


async def test_a_broken_encryption_is_told(provider: LiteLLMProvider, kind: Kind) -> None:
    """A server that does not speak TLS where it should is told from one that is not there."""
    with WireServer(kind.wire()) as server:
        answer = await answer_of(provider, kind.name, server.base.replace("http:", "https:"))
    assert answer.fault is not None
    assert answer.fault.kind is FaultKind.TLS


async def test_a_proxy_that_wants_a_password_is_told(
    provider: LiteLLMProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy's 407 is not taken for the provider's."""
    with WireServer(OpenAIWire(), Script(fault=Fault(mode=Mode.STATUS, status=407))) as server:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.port}")
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.port}")
        answer = await answer_of(provider, "openai", "http://model.invalid/v1")
    assert answer.fault is not None
    assert answer.fault.kind is FaultKind.PROXY


async def test_a_connection_that_is_never_made_ends_in_time(provider: LiteLLMProvider) -> None:
    """The way to the server has a limit of its own; an address from the documentation never answers."""
    answer = await answer_of(provider, "openai", "http://192.0.2.1:81/v1", connect_timeout_s=0.2)
    assert answer.fault is not None
    assert answer.fault.kind in (FaultKind.CONNECT_TIMEOUT, FaultKind.REFUSED)


async def test_a_missing_key_is_told_before_anything_is_sent(
    provider: LiteLLMProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider without a key is not asked, not even with one that lies in the environment."""
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    answer = await answer_of(provider, "openai", "", key="")
    assert answer.fault is not None
    assert answer.fault.kind is FaultKind.NO_KEY


async def test_an_unknown_provider_is_told(provider: LiteLLMProvider) -> None:
    """A kind that LiteLLM does not route is no mystery."""
    answer = await answer_of(provider, "no_such_provider", "")
    assert answer.fault is not None
    assert answer.fault.kind is FaultKind.NO_PROVIDER


async def test_a_redirect_is_not_followed_with_the_key(provider: LiteLLMProvider, kind: Kind) -> None:
    """A server that sends one elsewhere is no model, and the other place never sees the key."""
    with WireServer(kind.wire()) as other:
        fault = Fault(mode=Mode.STATUS, status=307, headers={"Location": f"{other.base}/elsewhere"})
        with WireServer(kind.wire(), Script(fault=fault)) as server:
            answer = await answer_of(provider, kind.name, server.base)
        assert other.requests == []
    assert answer.fault is not None
    assert answer.fault.kind is FaultKind.NOT_A_MODEL


@pytest.mark.parametrize("mode", [Mode.STATUS, Mode.ERROR_EVENT, Mode.ERROR_JSON, Mode.GARBAGE, Mode.RESET])
@pytest.mark.parametrize("status", [401, 429, 500])
async def test_the_key_is_in_no_error(
    *,
    provider: LiteLLMProvider,
    kind: Kind,
    mode: Mode,
    status: int,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A provider that echoes the key does not get it into an exception, its chain, a log or the terminal."""
    caplog.set_level(logging.DEBUG)
    fault = Fault(mode=mode, status=status, words="Incorrect key {key}, Authorization: Bearer {key}")
    with WireServer(kind.wire(), Script(fault=fault)) as server:
        answer = await answer_of(provider, kind.name, server.base)
    assert answer.error is not None
    shown = "".join(traceback.format_exception(answer.error)) + repr(answer.fault) + caplog.text
    printed = capfd.readouterr()
    assert CANARY not in shown + printed.out + printed.err


async def test_the_prompt_is_in_no_log(
    provider: LiteLLMProvider, kind: Kind, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither question nor answer is written anywhere on the way, even with every log wide open."""
    caplog.set_level(logging.DEBUG)
    with WireServer(kind.wire()) as server:
        await answer_of(provider, kind.name, server.base)
    printed = capfd.readouterr()
    assert "capital" not in caplog.text + printed.out + printed.err
