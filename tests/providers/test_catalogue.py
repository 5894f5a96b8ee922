import asyncio
import importlib
import subprocess
import sys

import pytest

from desktop.domain.faults import FaultKind, ProviderError
from desktop.domain.models import ProviderSpec
from desktop.providers.catalogue import Catalogue, listing_base
from desktop.providers.litellm_provider import LiteLLMProvider
from tests.wire.ollama import OllamaWire
from tests.wire.script import Script
from tests.wire.server import WireServer

CATALOGUE = Catalogue()


def spec(kind: str, base: str = "") -> ProviderSpec:
    return ProviderSpec(id="p", kind=kind, name="P", api_base=base)


def test_famous_providers_stand_first() -> None:
    """The list begins with those that people look for, and then goes on by name."""
    kinds = [offer.kind for offer in CATALOGUE.offers()]
    assert kinds[:3] == ["openai", "anthropic", "gemini"]
    assert len(kinds) == len(set(kinds)) > 100
    names = [offer.name.casefold() for offer in CATALOGUE.offers()[30:]]
    assert names == sorted(names)


def test_an_offer_says_where_keys_come_from() -> None:
    """A well-known provider is named, with its variable and the page that makes keys."""
    offer = next(offer for offer in CATALOGUE.offers() if offer.kind == "anthropic")
    assert (offer.name, offer.key_variables) == ("Anthropic", ("ANTHROPIC_API_KEY",))
    assert offer.console_url.startswith("https://")


async def test_every_offer_can_be_routed(provider: LiteLLMProvider) -> None:
    """LiteLLM knows each name that is offered."""
    assert provider.ready
    litellm = importlib.import_module("litellm")
    listed = {str(getattr(name, "value", name)) for name in litellm.provider_list}
    for kind in CATALOGUE.kinds() - listed:
        assert litellm.get_llm_provider(f"{kind}/some-model", api_key="none")[1], kind


def test_nothing_slow_is_imported_for_it() -> None:
    """The list of providers needs neither LiteLLM nor an HTTP client."""
    code = (
        "import sys; from desktop.providers.gateway import Gateway; from desktop.providers.catalogue import Catalogue;"
        "Gateway(); Catalogue().offers(); Catalogue().window_of('openai', 'gpt-4o');"
        "print([m for m in ('litellm', 'httpx', 'openai', 'tiktoken', 'pydantic') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_windows_are_known_by_provider_and_name() -> None:
    """A context window is told where the table has it, and only for that provider."""
    assert CATALOGUE.window_of("openai", "gpt-4o") == 128_000
    assert CATALOGUE.window_of("openai", "my-own-model") is None
    assert CATALOGUE.window_of("ollama", "gpt-4o") is None


def test_an_unknown_kind_keeps_its_name() -> None:
    """What is not listed is shown as it is written."""
    assert (CATALOGUE.name_of("mine"), CATALOGUE.key_variables("mine")) == ("mine", ())
    assert CATALOGUE.name_of("openai") == "OpenAI"
    assert CATALOGUE.key_variables("vertex_ai") == ()
    assert CATALOGUE.key_variables("novita") == ("NOVITA_API_KEY",)


@pytest.mark.parametrize(
    ("kind", "base", "expected"),
    [
        ("openai", "", "https://api.openai.com/v1"),
        ("openai", "http://127.0.0.1:9/v1", "http://127.0.0.1:9/v1"),
        ("ollama", "", "http://127.0.0.1:11434/v1"),
        ("ollama_chat", "http://10.0.0.2:11434", "http://10.0.0.2:11434/v1"),
        ("lm_studio", "", "http://127.0.0.1:1234/v1"),
        ("bedrock", "", ""),
    ],
)
def test_models_are_asked_for_where_they_are(kind: str, base: str, expected: str) -> None:
    """Each provider is asked at its own base, or at the one that was given."""
    assert listing_base(spec(kind, base)) == expected


async def test_a_provider_is_asked_for_its_models() -> None:
    """A server with a list answers for itself."""
    with WireServer(OllamaWire(), Script(models=("llama3:8b", "nomic-embed-text"))) as server:
        assert await CATALOGUE.models_of(spec("ollama", server.base)) == ("llama3:8b", "nomic-embed-text")


async def test_one_that_cannot_be_asked_is_listed_from_the_table() -> None:
    """Where there is no list to ask for, LiteLLM's own is used."""
    models = await CATALOGUE.models_of(spec("bedrock"))
    assert any("claude" in model for model in models)
    assert not any("*" in model for model in models)


async def test_without_a_key_nobody_is_asked() -> None:
    """A provider that wants a key is not called without one."""
    with pytest.raises(ProviderError) as caught:
        await CATALOGUE.models_of(spec("openai"))
    assert caught.value.fault.kind is FaultKind.NO_KEY


async def test_a_loaded_library_is_asked_for_its_table(provider: LiteLLMProvider) -> None:
    """Once LiteLLM is there its table is used, not read a second time."""
    assert provider.ready
    assert await asyncio.to_thread(Catalogue().window_of, "openai", "gpt-4o") == 128_000


def test_published_prices_hold_for_the_provider_itself() -> None:
    """A server of one's own asks what it likes, whatever its models are called."""
    price = CATALOGUE.price_of("openai", "gpt-4o")
    assert price is not None
    assert (price.input, price.output, price.cached) == (2.5e-6, 1e-5, 1.25e-6)
    assert CATALOGUE.price_of("openai", "gpt-4o", "http://elsewhere.example/v1") is None
    assert CATALOGUE.price_of("openai", "my-own") is None


@pytest.mark.parametrize(
    ("kind", "base", "here"),
    [
        ("ollama", "", True),
        ("openai", "http://localhost:1234/v1", True),
        ("openai", "", False),
        ("ollama", "https://ollama.example", False),
    ],
)
def test_models_on_this_computer_are_known(kind: str, base: str, here: bool) -> None:
    """By their base URL, or by the usual one of their kind."""
    assert CATALOGUE.is_here(kind, base) is here
