import json

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.messages import Role, Status, Usage
from desktop.domain.sessions import SearchHit, Session, SessionListing
from desktop.domain.spending import ModelUse, Statistics
from desktop.services.exchange.plain import (
    hit_values,
    listing_values,
    message_values,
    session_values,
    statistics_values,
)
from tests.domain.making import calls, message


def test_a_message_says_all_that_its_row_says() -> None:
    """Nested values are plain, and the whole is JSON."""
    answer = message(
        1,
        Role.ASSISTANT,
        "Yes 🍮",
        status=Status.INTERRUPTED,
        tool_calls=calls("a"),
        usage=Usage(input_tokens=3),
        cost=0.5,
        fault=Fault(kind=FaultKind.RESET),
        metadata={"deep": {"list": (1, {"x": None})}},
    )
    found = json.loads(json.dumps(message_values(answer)))
    assert (found["id"], found["parent"], found["role"], found["content"]) == (2, 1, "assistant", "Yes 🍮")
    assert (found["status"], found["cost"], found["created_at"]) == ("interrupted", 0.5, 1)
    assert found["tool_calls"] == [{"id": "a", "name": "look", "arguments": "{}"}]
    assert found["usage"]["input_tokens"] == 3
    assert found["fault"] == {"kind": "reset"}
    assert found["metadata"] == {"deep": {"list": [1, {"x": None}]}}


def test_what_is_not_known_is_null() -> None:
    """A machine can tell unknown from nothing."""
    found = message_values(message(0))
    assert (found["usage"], found["cost"], found["fault"], found["parent"]) == (None, None, None, None)


def test_a_session_says_all_that_its_row_says() -> None:
    """Parameters and context are plain objects."""
    session = Session(id="s", title="T", created_at=1, updated_at=2, params={"temperature": 0.5})
    found = json.loads(json.dumps(session_values(session)))
    assert (found["id"], found["title"], found["params"]) == ("s", "T", {"temperature": 0.5})
    assert (found["created_at"], found["updated_at"]) == (1, 2)


def test_lists_and_counts_are_plain() -> None:
    """One line of the list, and figures with the models below them."""
    listing = SessionListing(id="s", title="T", model="m", updated_at=2, pinned=False, message_count=3)
    assert json.loads(json.dumps(listing_values(listing)))["message_count"] == 3
    use = ModelUse(model="m", messages=1, input_tokens=2, output_tokens=3, cost=None)
    counts = Statistics(
        sessions=1,
        messages=2,
        first_at=None,
        last_at=None,
        input_tokens=2,
        output_tokens=3,
        cost=0.0,
        unpriced=1,
        models=(use,),
    )
    assert json.loads(json.dumps(statistics_values(counts)))["models"][0]["cost"] is None


def test_a_hit_marks_its_matches_readably() -> None:
    """The private marks of the store become asterisks."""
    hit = SearchHit(
        session_id="s", session_title="T", message_id=None, role="", created_at=1, snippet="a \ue000b\ue001 c"
    )
    found = hit_values(hit)
    assert (found["session"], found["message"], found["snippet"]) == ("s", None, "a **b** c")
