"""How each provider is asked not to think first."""

import pytest

from desktop.domain.models import ModelSpec
from desktop.providers.quiet import without_thinking


@pytest.mark.parametrize(
    ("kind", "name", "base", "wish"),
    [
        ("gemini", "gemini-2.5-flash", "", "disable"),
        ("vertex_ai", "gemini-2.5-pro", "", "low"),
        ("openai", "gpt-5-mini", "", "minimal"),
        ("openai", "o3-mini", "", "low"),
        ("openai", "gpt-4o-mini", "", None),
        ("openai", "gpt-5-mini", "http://127.0.0.1:1/v1", None),
        ("anthropic", "claude-haiku-4-5", "", None),
    ],
)
def test_a_model_is_asked_in_its_own_way(kind: str, name: str, base: str, wish: str | None) -> None:
    """What does not think unless it is told to, and servers of one's own, are sent nothing."""
    found = without_thinking(ModelSpec(provider_id="p", kind=kind, name=name, api_base=base))
    assert found.get("reasoning_effort") == wish
