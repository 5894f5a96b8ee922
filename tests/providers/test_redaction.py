import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.providers.redaction import MAX_WORDS, REMOVED, redact

KEY = "my/own+key=4711"


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-abc123DEF456",
        "Incorrect API key provided: sk-proj-****3DEF456. See the console",
        "Authorization: Bearer abc123DEF456",
        "headers: {'Authorization': 'Basic abc123DEF456'}",
        "got bearer abc123DEF456",
        "x-api-key: abc123DEF456",
        '{"api_key": "abc123DEF456"}',
        "https://example.com/v1?key=abc123DEF456&alt=sse",
        "http://user:abc123DEF456@proxy.example:8080/",
        "gsk_abc123DEF456abc123DEF456",
        "AIzaSyabc123DEF456",
        "AKIAABC123DEF456ABCD",
        "eyJhbGciOiJI.abc123DEF456.abc123DEF456",
        "hf_abc123DEF456abc123",
    ],
)
def test_what_looks_like_a_key_is_taken_out(text: str) -> None:
    """Keys of the usual shapes vanish wherever they stand, even when they are not the request's own."""
    found = redact(text)
    assert REMOVED in found
    assert "123DEF456" not in found
    assert "3DEF456" not in found


def test_the_key_of_the_request_is_taken_out_in_each_form() -> None:
    """The known key vanishes, plain and as a URL spells it."""
    assert redact(f"bad {KEY} here", (KEY,)) == f"bad {REMOVED} here"
    assert redact("bad my%2Fown%2Bkey%3D4711 here", (KEY,)) == f"bad {REMOVED} here"


def test_common_words_are_left_alone() -> None:
    """A sentence about keys and tokens stays readable."""
    text = "The key was refused: too many tokens in the ask-me-anything request, see https://example.com/docs?page=2"
    assert redact(text) == text


def test_a_tiny_secret_is_not_searched() -> None:
    """An empty or two-letter key would take the sentence apart."""
    assert redact("an answer", ("", "an")) == "an answer"


def test_the_words_fit_on_a_card() -> None:
    """Line breaks and control characters go, and a giant is cut."""
    found = redact("a\x00b\n\n  c\u2028d\ud800 " + "word " * 100_000)
    assert found.startswith("a b c d word")
    assert len(found) <= MAX_WORDS
    assert found.endswith("…")


@given(st.text(), st.text(alphabet="abcdefgh0123456789-_", min_size=8, max_size=40))
def test_a_known_key_never_comes_through(text: str, key: str) -> None:
    """Whatever stands around it, the key of the request is not in the result."""
    assert key not in redact(f"{text} {key} {text}", (key,)).replace(REMOVED, "")
