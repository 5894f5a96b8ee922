"""What is filled in where a system prompt asks for it."""

from datetime import UTC, datetime

import pytest

from desktop.domain.prompts import filled

NOW = datetime(2026, 11, 21, 9, 5, tzinfo=UTC)


def fill(prompt: str, language: str = "es", **context: object) -> str:
    return filled(prompt, now=NOW, context=context, language=language)


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("Today is {{date}}.", "Today is Saturday, 2026-11-21."),
        ("It is {{ time }}.", "It is 09:05 UTC."),
        ("They are in {{location}}.", "They are in Newton, MA."),
        ("Answer in {{language}}.", "Answer in Spanish."),
        ("They like: {{preferences}}", "They like: drink: tea; food: vegan, spicy"),
    ],
)
def test_a_placeholder_is_filled(prompt: str, expected: str) -> None:
    """Each in words a model reads without a key."""
    preferences = {"drink": "tea", "food": ["vegan", "spicy"]}
    assert fill(prompt, location="Newton, MA", preferences=preferences) == expected


@pytest.mark.parametrize("name", ["location", "preferences", "language"])
def test_what_is_not_known_is_said_to_be_unknown(name: str) -> None:
    """Never a hole in the sentence, nor a guess."""
    assert fill(f"<{{{{{name}}}}}>", language="") == "<unknown>"


@pytest.mark.parametrize("prompt", ["", "Be kind.", "f'{date}'", "{{name}}", "{{{date}", '{"date": 1}'])
def test_other_braces_stay(prompt: str) -> None:
    """A prompt may hold code."""
    assert fill(prompt) == prompt


def test_what_is_filled_in_is_not_filled_again() -> None:
    """A location is text, whatever it looks like."""
    assert fill("{{location}}", location="{{time}}") == "{{time}}"


def test_an_unknown_language_is_named_as_it_is() -> None:
    """A code of another language says enough, and empty lists say nothing."""
    assert fill("{{language}} {{preferences}}", language="pt", preferences=[]) == "pt unknown"
    assert fill("{{preferences}}", preferences={}) == "unknown"
