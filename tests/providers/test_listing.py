import json

import httpx
import pytest

from desktop.domain.explanations import explain
from desktop.domain.faults import FaultKind, ProviderError
from desktop.domain.models import Secret
from desktop.providers.listing import list_models, parse_models
from tests.wire.anthropic import AnthropicWire
from tests.wire.gemini import GeminiWire
from tests.wire.openai import OpenAIWire
from tests.wire.script import Fault, Mode, Script
from tests.wire.server import Wire, WireServer

KEY = Secret("sk-canary-1234")


@pytest.mark.parametrize(
    ("kind", "wire", "path"),
    [
        ("openai", OpenAIWire, "/v1/models"),
        ("anthropic", AnthropicWire, "/v1/models?limit=1000"),
        ("gemini", GeminiWire, "/models?pageSize=1000"),
    ],
)
async def test_each_provider_is_asked_in_its_way(kind: str, wire: type[Wire], path: str) -> None:
    """Path, key and spelling follow the provider."""
    with WireServer(wire()) as server:
        assert await list_models(kind=kind, base=server.base, key=KEY) == ("wire-1", "wire-2")
        assert (server.requests[0].path, server.requests[0].key) == (path, "sk-canary-1234")


async def test_a_refused_key_is_told() -> None:
    """An error of the list is a fault like any other, without the key."""
    fault = Fault(mode=Mode.STATUS, status=401, words="bad sk-canary-1234")
    with WireServer(OpenAIWire(), Script(fault=fault)) as server, pytest.raises(ProviderError) as caught:
        await list_models(kind="openai", base=server.base, key=KEY)
    assert (caught.value.fault.kind, caught.value.fault.words) == (FaultKind.AUTHENTICATION, "bad [redacted]")


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("http://no-such-host.invalid/v1", FaultKind.DNS),
        ("http://127.0.0.1:9/v1", FaultKind.REFUSED),
        ("ftp://127.0.0.1/v1", FaultKind.NOT_A_MODEL),
    ],
)
async def test_an_address_without_an_answer_is_told(base: str, expected: FaultKind) -> None:
    """Each way of not being there has its own name."""
    with pytest.raises(ProviderError) as caught:
        await list_models(kind="openai", base=base)
    assert caught.value.fault.kind is expected


async def test_a_port_that_does_not_speak_tls_is_told() -> None:
    """Https to a plain port fails at the encryption."""
    with WireServer(OpenAIWire()) as server, pytest.raises(ProviderError) as caught:
        await list_models(kind="openai", base=server.base.replace("http:", "https:"))
    assert caught.value.fault.kind is FaultKind.TLS


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"data": [{"id": "b"}, {"id": "a"}, {"id": "a"}]}, ("a", "b")),
        ([{"id": "a"}, "b", 3, {}], ("a", "b")),
        ({"models": [{"name": "a"}]}, ("a",)),
        ({"data": [{"id": "gpt-5"}, {"id": "text-embedding-3"}, {"id": "whisper-1"}, {"id": "tts-1"}]}, ("gpt-5",)),
        ({"data": []}, ()),
    ],
)
def test_lists_of_each_shape_are_read(body: object, expected: tuple[str, ...]) -> None:
    """The names come out sorted, once each, without what cannot talk."""
    response = httpx.Response(200, content=json.dumps(body))
    assert parse_models(response, kind="openai", base="https://api.example/v1") == expected


@pytest.mark.parametrize("body", ["<html>", "{}", '"text"', '{"data": {}}'])
def test_what_is_no_list_is_told(body: str) -> None:
    """A page or another JSON is not taken for an empty list."""
    with pytest.raises(ProviderError) as caught:
        parse_models(httpx.Response(200, content=body), kind="openai", base="https://api.example/v1")
    assert caught.value.fault.kind is FaultKind.NOT_A_MODEL


def test_gemini_lists_what_can_write() -> None:
    """Google's list holds models that only embed; they are left out."""
    body = {
        "models": [
            {"name": "models/gemini-x", "supportedGenerationMethods": ["generateContent"]},
            {"name": "models/other", "supportedGenerationMethods": ["predict"]},
        ]
    }
    response = httpx.Response(200, content=json.dumps(body))
    assert parse_models(response, kind="gemini", base="https://g.example") == ("gemini-x",)


@pytest.mark.parametrize("end", ["", "/"])
async def test_a_base_without_its_version_is_told_with_what_to_write(end: str) -> None:
    """Where the models are below `/v1`, the fault names the whole address to write."""
    with WireServer(OpenAIWire()) as server, pytest.raises(ProviderError) as caught:
        await list_models(kind="openai", base=server.base.removesuffix("/v1") + end, key=KEY)
    assert (caught.value.fault.kind, caught.value.fault.where) == (FaultKind.WRONG_BASE, server.base)
    assert f"Write {server.base} as the base URL" in explain(caught.value.fault).advice


@pytest.mark.parametrize("path", ["", "/v1", "/api/v3"])
async def test_a_server_without_a_list_is_not_sent_elsewhere(path: str) -> None:
    """What is no better below `/v1` stays what it is."""
    fault = Fault(mode=Mode.STATUS, status=404, words="nothing here")
    with WireServer(OpenAIWire(), Script(fault=fault)) as server, pytest.raises(ProviderError) as caught:
        await list_models(kind="openai", base=f"http://127.0.0.1:{server.port}{path}")
    assert caught.value.fault.kind is FaultKind.NO_MODEL
