"""How full the context is."""

from dataclasses import replace

import pytest

from desktop.domain.messages import Message, Role, Usage
from desktop.domain.sessions import Session
from desktop.presenters.meter import meter_text, short_count

ANSWER = Message(
    id=1,
    uid="u",
    session_id="s",
    parent_id=None,
    depth=0,
    role=Role.ASSISTANT,
    content="",
    created_at=0,
    usage=Usage(input_tokens=11_000, output_tokens=84),
)


@pytest.mark.parametrize(
    ("tokens", "text"),
    [(0, "0"), (999, "999"), (1000, "1k"), (11_084, "11.1k"), (32_000, "32k"), (999_499, "999k"), (1_234_567, "1.2M")],
)
def test_counts_are_short(tokens: int, text: str) -> None:
    """A count takes a few characters, whatever its size."""
    assert short_count(tokens) == text


def test_an_empty_session_has_used_nothing() -> None:
    """0 of the default."""
    assert meter_text((), None) == "0 / 32k"


def test_the_last_answer_tells_what_is_used() -> None:
    """What its request and itself held, of what the session allows."""
    session = Session(id="s", title="", created_at=0, updated_at=0, params={"max_context": 128_000})
    assert meter_text((ANSWER,), session) == "11.1k / 125k"


def test_an_estimate_is_marked() -> None:
    """Figures that the provider did not send are never shown as its own."""
    assert ANSWER.usage is not None
    guessed = replace(ANSWER, usage=replace(ANSWER.usage, estimated=True))
    assert meter_text((guessed,), None) == "≈ 11.1k / 32k"


def test_without_figures_there_is_no_meter() -> None:
    """Nothing is guessed."""
    assert meter_text((replace(ANSWER, usage=None),), None) == ""
