import pytest

from desktop.providers.offers import first_choice


@pytest.mark.parametrize(
    ("kind", "models", "expected"),
    [
        ("openai", ("chatgpt-4o-latest", "gpt-3.5-turbo", "gpt-5", "gpt-5-2026-01-01", "o3"), "gpt-5"),
        ("anthropic", ("claude-haiku-4-5", "claude-sonnet-4-0", "claude-sonnet-4-5"), "claude-sonnet-4-5"),
        ("gemini", ("aqa", "gemini-2.5-flash", "gemini-2.5-flash-lite"), "gemini-2.5-flash"),
        ("openai", ("my-own",), "my-own"),
        ("nobody", ("b", "a"), "b"),
        ("openai", (), ""),
    ],
)
def test_a_new_session_begins_with_a_model_for_everyday_talk(kind: str, models: tuple[str, ...], expected: str) -> None:
    """Not with whatever stands first in the alphabet, where something better is known."""
    assert first_choice(kind, models) == expected
