import asyncio

import pytest

from desktop.domain.models import FoundKey, FoundServer
from desktop.providers.discovery import PROBES, Probe, find_keys, find_servers
from tests.wire.ollama import OllamaWire
from tests.wire.openai import OpenAIWire
from tests.wire.script import Fault, Mode, Script
from tests.wire.server import WireServer


async def test_servers_that_answer_are_found_with_their_models() -> None:
    """Ollama and a server of OpenAI's form are found at once, each by its own list."""
    with WireServer(OllamaWire(), Script(models=("llama3:8b",))) as ollama, WireServer(OpenAIWire()) as other:
        found = await find_servers(
            [
                Probe(name="Ollama", port=ollama.port, path="/api/tags"),
                Probe(name="vLLM", port=other.port),
            ]
        )
    assert found == (
        FoundServer(name="Ollama", api_base=f"http://127.0.0.1:{ollama.port}/v1", models=("llama3:8b",)),
        FoundServer(name="vLLM", api_base=f"http://127.0.0.1:{other.port}/v1", models=("wire-1", "wire-2")),
    )


async def test_nobody_there_is_nobody_found() -> None:
    """A closed port is passed over."""
    with WireServer(OpenAIWire()) as server:
        port = server.port
    assert await find_servers([Probe(name="vLLM", port=port)]) == ()


async def test_something_else_on_the_port_is_not_offered() -> None:
    """A server that answers in another way is no model server."""
    with WireServer(OpenAIWire(), Script(fault=Fault(mode=Mode.STATUS, status=404))) as server:
        assert await find_servers([Probe(name="vLLM", port=server.port)]) == ()
        assert await find_servers([Probe(name="vLLM", port=server.port, path="/")]) == ()


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\n\r\n<html></html>",
        b"HTTP/1.1 200 OK\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
        b"",
        None,
    ],
)
async def test_whatever_answers_does_no_harm(reply: bytes | None) -> None:
    """A web page, an SSH server, a short body or silence: nothing is found, in time."""
    leave = asyncio.Event()

    async def accept(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if reply is None:
            await leave.wait()
        else:
            writer.write(reply)
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert await find_servers([Probe(name="?", port=port)], timeout_s=0.1) == ()
    assert loop.time() - began < 0.5
    leave.set()
    server.close()
    await server.wait_closed()


def test_the_usual_ports_are_asked() -> None:
    """The five servers that people run, where they listen by default."""
    assert {probe.name: probe.port for probe in PROBES} == {
        "Ollama": 11434,
        "LM Studio": 1234,
        "llama.cpp": 8080,
        "vLLM": 8000,
        "Jan": 1337,
    }


def test_keys_are_found_by_name_only() -> None:
    """What is in the environment is named; the value is not part of what is returned."""
    environment = {"ANTHROPIC_API_KEY": "sk-ant-canary", "OPENAI_API_KEY": " ", "PATH": "/bin", "HF_TOKEN": "hf_canary"}
    found = find_keys(environment)
    assert found == (
        FoundKey(variable="ANTHROPIC_API_KEY", kind="anthropic", provider_name="Anthropic"),
        FoundKey(variable="HF_TOKEN", kind="huggingface", provider_name="Hugging Face"),
    )
    assert "canary" not in repr(found)
