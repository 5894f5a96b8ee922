import asyncio
import importlib
import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.domain.faults import FaultKind, ProviderError
from desktop.providers.library import Library
from desktop.providers.litellm_provider import LiteLLMProvider
from tests.providers.asking import Kind, answer_of
from tests.wire.openai import OpenAIWire
from tests.wire.server import WireServer

ROOT = Path(__file__).resolve().parents[2]

_SPY = """
import asyncio, json, os, sys
opened = []
def spy(event, arguments):
    if event == "socket.connect":
        opened.append(str(arguments[1]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        opened.append(f"name {arguments[0]}")
    elif event == "open" and str(arguments[0]).endswith(".env"):
        opened.append(f"file {arguments[0]}")
sys.addaudithook(spy)
from desktop.providers.litellm_provider import LiteLLMProvider
from tests.providers.asking import answer_of
async def main():
    provider = LiteLLMProvider()
    await provider.load()
    before = list(opened)
    for kind, base in json.loads(sys.argv[1]).items():
        assert (await answer_of(provider, kind, base)).end
    await provider.aclose()
    print(json.dumps([before, opened[len(before):]]))
asyncio.run(main())
"""

_LOADED = """
import asyncio, json, sys
from desktop.providers.litellm_provider import LiteLLMProvider
from tests.providers.asking import answer_of
async def main():
    provider = LiteLLMProvider()
    await provider.load()
    for kind, base in json.loads(sys.argv[1]).items():
        assert (await answer_of(provider, kind, base)).end
    await provider.aclose()
    print("litellm.litellm_core_utils.default_encoding" in sys.modules)
asyncio.run(main())
"""

_WITHOUT = """
import asyncio, sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "litellm":
            raise ImportError("litellm is not there")
sys.meta_path.insert(0, Nothing())
from desktop.domain.faults import ProviderError
from desktop.providers.gateway import Gateway
async def main():
    for _ in range(2):
        try:
            await Gateway().load()
        except ProviderError as error:
            print(error.fault.kind.value)
asyncio.run(main())
"""


def python(code: str, *arguments: str, cwd: Path = ROOT) -> str:
    command = [sys.executable, "-c", code, *arguments]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(cwd), "NO_PROXY": "127.0.0.1"}
    found = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert found.returncode == 0, found.stderr
    assert found.stderr == ""
    return found.stdout


def test_nobody_but_the_model_is_called(tmp_path: Path) -> None:
    """Loading opens nothing but a closed loopback port, and asking opens the model's address alone."""
    (tmp_path / ".env").write_text("OPENAI_API_BASE=http://planted.invalid\n")
    from tests.providers.asking import KINDS

    servers = {kind.name: WireServer(kind.wire()).start() for kind in KINDS}
    try:
        bases = {name: server.base for name, server in servers.items()}
        loading, asking = json.loads(python(_SPY, json.dumps(bases), cwd=tmp_path))
        ports = {server.port for server in servers.values()}
    finally:
        for server in servers.values():
            server.stop()
    assert {each for each in loading if "'127.0.0.1', 9)" not in each and each != "name 127.0.0.1"} == set()
    assert {each for each in asking if each != "name 127.0.0.1"} == {f"('127.0.0.1', {port})" for port in ports}


def test_the_library_builds_no_table_of_tokens() -> None:
    """Loading and asking never hold the interpreter for a tokenizer that nobody reads."""
    from tests.providers.asking import KINDS

    servers = {kind.name: WireServer(kind.wire()).start() for kind in KINDS}
    try:
        bases = {name: server.base for name, server in servers.items()}
        assert python(_LOADED, json.dumps(bases)).strip() == "False"
    finally:
        for server in servers.values():
            server.stop()


def test_without_the_library_the_rest_lives() -> None:
    """A broken installation is told as one, each time it is asked."""
    assert python(_WITHOUT).split() == ["unavailable", "unavailable"]


async def test_every_client_is_observed(provider: LiteLLMProvider) -> None:
    """LiteLLM takes our transport when it makes a client; an upgrade that does not would hide broken answers."""
    handler = importlib.import_module("litellm.llms.custom_httpx.http_handler").AsyncHTTPHandler
    transport = handler.create_async_transport()
    assert transport.is_observed
    await transport.aclose()


async def test_nothing_of_it_speaks(provider: LiteLLMProvider) -> None:
    """Its loggers are shut, its callbacks empty, its reports off."""
    litellm = importlib.import_module("litellm")
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy", "httpx", "openai"):
        logger = logging.getLogger(name)
        assert not logger.isEnabledFor(logging.CRITICAL)
        assert not logger.propagate
    assert litellm.suppress_debug_info
    assert not litellm.telemetry
    assert litellm.callbacks == litellm.success_callback == litellm.failure_callback == []


async def test_prices_are_known_or_unknown(provider: LiteLLMProvider) -> None:
    """The bundled table gives a price for what it lists, cached tokens cheaper, and None for all else."""
    litellm = importlib.import_module("litellm")
    library = Library(litellm)
    full = litellm.Usage(prompt_tokens=1000, completion_tokens=1000, total_tokens=2000)
    cached = litellm.Usage(
        prompt_tokens=1000, completion_tokens=1000, total_tokens=2000, prompt_tokens_details={"cached_tokens": 800}
    )
    price = library.cost(kind="openai", model="gpt-4o", usage=full)
    reduced = library.cost(kind="openai", model="gpt-4o", usage=cached)
    assert price is not None
    assert reduced is not None
    assert price == pytest.approx(0.0125)
    assert 0 < reduced < price
    assert library.cost(kind="openai", model="my-own", usage=full) is None


async def test_nothing_is_left_on_the_loop(kind: Kind) -> None:
    """After closing, no task runs and no connection is open."""
    provider = LiteLLMProvider()
    with WireServer(kind.wire()) as server:
        await answer_of(provider, kind.name, server.base)
        await provider.aclose()
        async with asyncio.timeout(5):
            while others := asyncio.all_tasks() - {asyncio.current_task()}:
                await asyncio.wait(others)
        assert await asyncio.to_thread(server.left.wait, 5)


async def test_it_can_be_closed_and_used_again() -> None:
    """A closed provider opens new connections when it is asked again."""
    provider = LiteLLMProvider()
    with WireServer(OpenAIWire()) as server:
        for _ in range(2):
            assert (await answer_of(provider, "openai", server.base)).end.finish_reason == "stop"
            await provider.aclose()


async def test_a_failed_loading_reaches_everyone_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runs that wait for a library that cannot be loaded both hear of it."""
    monkeypatch.setitem(sys.modules, "litellm", None)
    provider = LiteLLMProvider()
    outcomes = await asyncio.gather(provider.load(), provider.load(), return_exceptions=True)
    assert [type(each) for each in outcomes] == [ProviderError, ProviderError]
    assert [each.fault.kind for each in outcomes if isinstance(each, ProviderError)] == [FaultKind.UNAVAILABLE] * 2
    assert not provider.ready


async def test_what_failed_to_load_is_tried_again_when_it_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that could not be loaded once answers as soon as it can be."""
    provider = LiteLLMProvider()
    with monkeypatch.context() as broken:
        broken.setitem(sys.modules, "litellm", None)
        with pytest.raises(ProviderError):
            await provider.load()
    await provider.load()
    assert provider.ready
