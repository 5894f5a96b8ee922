"""What is filled in where a system prompt asks for it."""

from datetime import UTC, datetime

import pytest

from desktop.domain.prompts import completed, filled

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


def complete(prompt: str, **context: object) -> str:
    return completed(prompt, now=NOW, context=context, language="en")


def test_a_prompt_of_nobody_in_particular_is_sent_as_it_is() -> None:
    """The default stays what it is where nothing is known."""
    assert complete("Be helpful.") == "Be helpful."
    assert complete("Be helpful.", location="", preferences="", language="") == "Be helpful."


def test_what_is_known_of_the_user_follows_the_prompt() -> None:
    """With the date, each in a sentence."""
    assert complete("Be helpful.", location="Cádiz", preferences="Short answers.", language="es").split("\n") == [
        "Be helpful.",
        "",
        "The user is in: Cádiz.",
        "What the user prefers: Short answers.",
        "Answer in Spanish unless asked otherwise.",
        "Today is Saturday, 2026-11-21.",
    ]


def test_what_a_prompt_asks_for_is_not_said_twice() -> None:
    """Neither the place nor the date."""
    said = complete("In {{location}} on {{ date }}.", location="Cádiz", language="Català")
    assert said == "In Cádiz on Saturday, 2026-11-21.\n\nAnswer in Català unless asked otherwise."


def test_a_prompt_that_asks_for_all_that_is_known_is_followed_by_nothing() -> None:
    """Not even by the date, which it did not want."""
    assert complete("In {{location}}.", location="Cádiz") == "In Cádiz."


def test_without_a_prompt_the_sentences_are_the_prompt() -> None:
    """They do not begin with a blank line."""
    assert complete("", language="en") == "Answer in English unless asked otherwise.\nToday is Saturday, 2026-11-21."
