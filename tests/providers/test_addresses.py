import pytest

from desktop.domain.faults import FaultKind, ProviderError
from desktop.providers.addresses import NO_KEY, route, with_v1
from tests.providers.asking import CANARY, ask


@pytest.mark.parametrize(
    ("kind", "base", "model", "sent_base"),
    [
        ("openai", "http://127.0.0.1:8000/v1", "openai/asked-for", "http://127.0.0.1:8000/v1"),
        ("anthropic", "", "anthropic/asked-for", None),
        ("ollama", "", "openai/asked-for", "http://127.0.0.1:11434/v1"),
        ("ollama", "http://10.0.0.2:11434", "openai/asked-for", "http://10.0.0.2:11434/v1"),
        ("ollama_chat", "http://10.0.0.2:11434/v1/", "openai/asked-for", "http://10.0.0.2:11434/v1"),
        ("lm_studio", "", "openai/asked-for", "http://127.0.0.1:1234/v1"),
        ("hosted_vllm", "http://10.0.0.2:8000/v1", "openai/asked-for", "http://10.0.0.2:8000/v1"),
    ],
)
def test_local_servers_are_asked_in_openais_form(kind: str, base: str, model: str, sent_base: str | None) -> None:
    """LiteLLM's own ways to local servers block its loop, so they are not taken."""
    wishes = route(ask(kind, base)).wishes
    assert (wishes["model"], wishes.get("api_base")) == (model, sent_base)


def test_a_base_without_a_key_gets_a_word_that_is_none() -> None:
    """With no key at all LiteLLM would look for one in the environment."""
    assert route(ask("openai", "http://127.0.0.1:1/v1", key="")).wishes["api_key"] == NO_KEY
    assert route(ask("ollama", "", key="")).wishes["api_key"] == NO_KEY
    assert route(ask("openai", "", key=CANARY)).wishes["api_key"] == CANARY


def test_a_key_is_asked_for_where_one_is_needed() -> None:
    """A provider in the world is not called without a key, unless it signs in by other means."""
    with pytest.raises(ProviderError) as caught:
        route(ask("groq", "", key=""))
    assert caught.value.fault.kind is FaultKind.NO_KEY
    assert "api_key" not in route(ask("bedrock", "", key="")).wishes


def test_only_the_provider_itself_has_list_prices() -> None:
    """A base of one's own has prices that nobody published."""
    assert route(ask("openai", "")).has_list_prices
    assert not route(ask("openai", "https://gateway.example/v1")).has_list_prices


def test_extras_do_not_overrule_the_request() -> None:
    """What a session adds comes along; address, key and messages stay what they are."""
    wishes = route(ask("openai", "", extra={"top_p": 0.5, "api_key": "other", "model": "other"})).wishes
    assert (wishes["top_p"], wishes["api_key"], wishes["model"]) == (0.5, CANARY, "openai/asked-for")


@pytest.mark.parametrize(
    "base", ["http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/api", "http://h:1/api/chat"]
)
def test_a_base_ends_in_v1(base: str) -> None:
    """However Ollama's address was written down, the same place is asked."""
    assert with_v1(base) == "http://h:1/v1"
