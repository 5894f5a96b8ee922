from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.events import Finished, ToolCallDelta
from desktop.domain.faults import FaultKind
from desktop.domain.messages import Role, Status, ToolCall
from desktop.services.answer import Answer, GrowingText
from tests.domain.making import message


def answer(content: str = "", **more: Any) -> Answer:
    return Answer(message(1, Role.ASSISTANT, content, status=Status.STREAMING, **more))


@given(st.lists(st.text() | st.none()))
def test_a_growing_text_is_what_was_put_into_it(pieces: list[str | None]) -> None:
    """Whenever it is asked for (None here), the whole is there, and its length is right."""
    text = GrowingText("at first ")
    said = "at first "
    for piece in pieces:
        if piece is None:
            assert text.whole() == said
        else:
            text.add(piece)
            said += piece
        assert len(text) == len(said)
    assert text.whole() == said


def test_an_empty_growing_text_is_empty() -> None:
    """It has no pieces to join."""
    assert GrowingText().whole() == ""


def test_nothing_has_arrived_at_the_beginning() -> None:
    """An answer that goes on begins with text it did not receive."""
    going_on = answer("Once", thinking="Hm")
    assert not going_on.arrived
    assert len(going_on) == 6


@pytest.mark.parametrize(("text", "thinking"), [("a", ""), ("", "b")])
def test_text_and_thinking_both_arrive(text: str, thinking: str) -> None:
    """Either is a sign of life."""
    one = answer()
    one.sent(1.0)
    assert one.last == 1.0
    one.add(text, thinking, 2.0)
    assert one.arrived
    assert one.last == 2.0


def test_times_are_measured_from_the_request() -> None:
    """First word, thinking and response time are milliseconds since the request went out."""
    one = answer()
    one.sent(10.0)
    one.add("", "hm", 10.5)
    one.add("", "hm", 11.0)
    one.add("Yes", "", 12.0)
    one.add(".", "and more", 13.0)
    outcome = one.outcome(Status.COMPLETE, now=14.0)
    assert dict(outcome.metadata) == {"first_token_ms": 500, "thinking_ms": 2000}
    assert outcome.response_time_ms == 4000


def test_thinking_that_leads_to_nothing_has_a_time_too() -> None:
    """It lasted until its last piece."""
    one = answer()
    one.sent(0.0)
    one.add("", "hm", 1.0)
    assert one.outcome(Status.STOPPED, now=9.0).metadata["thinking_ms"] == 1000


def test_a_second_attempt_starts_the_clock_anew() -> None:
    """The first attempt's wait is not the answer's."""
    one = answer()
    one.sent(0.0)
    one.sent(100.0)
    one.add("Yes", "", 100.5)
    assert one.outcome(Status.COMPLETE, now=101.0).metadata["first_token_ms"] == 500


def test_an_answer_that_was_never_sent_has_no_times() -> None:
    """Stopped before the request went out."""
    outcome = answer().outcome(Status.STOPPED, now=5.0)
    assert (outcome.response_time_ms, dict(outcome.metadata), outcome.usage) == (None, {}, None)


def test_what_was_known_of_the_row_stays() -> None:
    """Metadata written at the beginning is not lost at the end."""
    outcome = answer(metadata={"continues": "uid"}).outcome(Status.COMPLETE, now=0.0, finished=Finished())
    assert outcome.metadata["continues"] == "uid"


def test_pieces_of_tool_calls_may_interleave() -> None:
    """Id and name come once, arguments in pieces, calls in the order of their index."""
    one = answer()
    one.sent(0.0)
    for delta in (
        ToolCallDelta(1, id="b", name="two"),
        ToolCallDelta(0, id="a", name="one", arguments='{"x":'),
        ToolCallDelta(1, arguments="{}"),
        ToolCallDelta(0, arguments="1}"),
    ):
        one.add_call(delta, 1.0)
    assert one.arrived
    assert one.broken_call() is None
    assert len(one) == len('{"x":1}') + len("{}")
    assert one.outcome(Status.COMPLETE, now=1.0).tool_calls == (
        ToolCall(id="a", name="one", arguments='{"x":1}'),
        ToolCall(id="b", name="two", arguments="{}"),
    )


def test_arguments_that_are_no_json_are_broken() -> None:
    """The fault names the tool; no arguments at all are none."""
    one = answer()
    one.sent(0.0)
    one.add_call(ToolCallDelta(0, name="idle"), 0.0)
    assert one.broken_call() is None
    one.add_call(ToolCallDelta(1, name="look", arguments="{"), 0.0)
    fault = one.broken_call()
    assert fault is not None
    assert (fault.kind, fault.words) == (FaultKind.BROKEN_TOOL_CALL, "look")
