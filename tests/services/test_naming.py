"""How a model that is named together with a base URL is asked."""

import pytest

from desktop.services.naming import kind_and_name

HERE = "http://127.0.0.1:8080/v1"


@pytest.mark.parametrize(
    ("model", "api_base", "found"),
    [
        ("wire-1", HERE, ("openai", "wire-1")),
        ("openai/gpt-oss", HERE, ("openai", "gpt-oss")),
        ("meta-llama/Llama-4", HERE, ("openai", "meta-llama/Llama-4")),
        ("mistral/mistral-7b", HERE, ("openai", "mistral/mistral-7b")),
        ("mistral/mistral-7b", "https://api.mistral.ai/v1", ("mistral", "mistral-7b")),
        ("anthropic/claude", HERE, ("anthropic", "claude")),
        ("lm_studio/qwen/qwen3", HERE, ("lm_studio", "qwen/qwen3")),
        ("mistral/mistral-7b", "http://[broken", ("openai", "mistral/mistral-7b")),
        ("/odd", HERE, ("openai", "/odd")),
    ],
)
def test_a_servers_own_name_is_never_cut(model: str, api_base: str, found: tuple[str, str]) -> None:
    """Only what says how the server is spoken to is taken off."""
    assert kind_and_name(model, api_base) == found
