import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.storage.words import clean, digest

ANYTHING = st.text(st.characters(exclude_categories=()))


@given(ANYTHING)
def test_any_text_can_be_written(text: str) -> None:
    """Whatever a model or a clipboard produced has a form in UTF-8 afterwards."""
    clean(text).encode()


@given(st.text())
def test_sound_text_is_left_alone(text: str) -> None:
    """Text without lone surrogates is not changed."""
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [("a\ud800b", "a\ufffdb"), ("\udfff", "\ufffd"), ("\ud83d\ude00", "\U0001f600"), ("nul\x00", "nul\x00")],
)
def test_lone_surrogates_become_the_replacement_character(text: str, written: str) -> None:
    """A lone surrogate becomes U+FFFD, a pair its character, and NUL stays."""
    assert clean(text) == written


def test_the_digest_knows_where_the_content_ends() -> None:
    """Words that move from the content to the thinking change the digest."""
    assert digest("ab", "c") != digest("a", "bc")


@given(ANYTHING, ANYTHING)
def test_the_digest_is_that_of_the_words_as_written(content: str, thinking: str) -> None:
    """A digest taken before writing fits the text read back."""
    assert digest(content, thinking) == digest(clean(content), clean(thinking))
