from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.sessions import (
    DEFAULT_MAX_CONTEXT,
    DEFAULT_SYSTEM_PROMPT,
    DEFAULT_TEMPERATURE,
    DEFAULT_TOKENIZER,
    NewSession,
    instant_title,
)


def test_a_short_message_is_its_own_title() -> None:
    """Fifty characters fit."""
    assert instant_title("x" * 50) == "x" * 50


def test_a_longer_message_gives_fifty_characters_and_dots() -> None:
    """The fifty-first character becomes three dots."""
    assert instant_title("y" * 51) == "y" * 50 + "..."


def test_a_title_is_one_line() -> None:
    """Line breaks and runs of blanks are folded before counting."""
    assert instant_title("  first\n\n\tsecond  ") == "first second"


@given(st.text())
def test_a_title_is_never_longer_than_the_list_can_bear(text: str) -> None:
    """Whatever is written, the title is one line of at most 53 characters, and begins as the text does."""
    title = instant_title(text)
    assert len(title) <= 53
    assert title.split() == title.split(" ") or not title
    assert " ".join(text.split()).startswith(title.removesuffix("..."))


def test_a_new_session_has_the_documented_defaults() -> None:
    """The defaults are those of the builder that row M1 of the product names."""
    assert DEFAULT_SYSTEM_PROMPT == "You are a helpful assistant."
    assert (DEFAULT_TEMPERATURE, DEFAULT_MAX_CONTEXT, DEFAULT_TOKENIZER) == (1.0, 32768, "cl100k_base")
    assert NewSession().system_prompt == DEFAULT_SYSTEM_PROMPT
