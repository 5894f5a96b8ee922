"""Which part of a path is due to be summarised, and how it is read out."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.context import PathItem, fit
from desktop.domain.messages import Message, Role
from desktop.domain.summaries import StoredSummary, SummaryState, as_text, chosen, cover_until, summary_text


def item(depth: int, tokens: int = 10) -> PathItem:
    return PathItem(depth + 1, depth, Role.USER if depth % 2 == 0 else Role.ASSISTANT, tokens)


def summary(first: int, last: int, *, id_: int = 1, state: SummaryState = SummaryState.NONE) -> StoredSummary:
    return StoredSummary(
        id=id_,
        session_id="s",
        first_depth=first,
        last_depth=last,
        last_id=last + 1,
        text="It was said.",
        model="m",
        is_edited=False,
        state=state,
        created_at=0,
    )


def message(depth: int, text: str) -> Message:
    return Message(
        id=depth + 1,
        uid=str(depth),
        session_id="s",
        parent_id=depth or None,
        depth=depth,
        role=Role.USER if depth % 2 == 0 else Role.ASSISTANT,
        content=text,
        created_at=0,
    )


@given(st.integers(1, 30), st.integers(50, 400), st.booleans(), st.integers(-1, 20))
def test_what_is_due_ends_before_a_question(turns: int, budget: int, often: bool, covered: int) -> None:
    """It goes beyond what is covered, and leaves the two newest turns that are sent as they are."""
    plan = fit([item(depth) for depth in range(2 * turns)], budget=budget)
    until = cover_until(plan, budget=budget, covered=covered, often=often)
    if until is not None:
        assert covered < until < 2 * turns - 4 + 1
        assert until % 2 == 1, "an answer is the last that is covered"


def test_nothing_is_due_while_all_of_it_is_sent() -> None:
    """Unless summaries are wished for often."""
    plan = fit([item(depth) for depth in range(20)], budget=10_000)
    assert cover_until(plan, budget=10_000, covered=-1, often=False) is None
    assert cover_until(plan, budget=10_000, covered=-1, often=True) == 15
    assert cover_until(plan, budget=10_000, covered=15, often=True) is None


def test_a_path_that_was_not_read_to_its_beginning_is_due() -> None:
    """What lies above what was looked at stays out too."""
    plan = fit([item(depth) for depth in range(100, 120)], budget=10_000, older=100)
    assert cover_until(plan, budget=10_000, covered=-1, often=False) == 99
    assert cover_until(plan, budget=200, covered=-1, often=False) == 109, "half of the budget stays word for word"
    assert cover_until(plan, budget=10_000, covered=99, often=False) is None


def test_a_script_says_who_said_what() -> None:
    """From the beginning, as far as there is room for from the end."""
    messages = [message(0, "Hello"), message(1, " Hi! "), message(2, "Why?")]
    assert as_text(messages, limit=1000) == ("User: Hello\n\nAssistant: Hi!\n\nUser: Why?", 3)
    assert as_text(messages, limit=30) == ("Assistant: Hi!\n\nUser: Why?", 2)


def test_a_giant_is_cut_in_its_middle() -> None:
    """It is not passed over, and does not take all of the room."""
    text, count = as_text([message(0, "short"), message(1, "a" * 5000 + "z" * 5000)], limit=1000)
    assert count == 2
    assert len(text) < 1000
    assert " […] " in text
    assert text.endswith("z")


def test_the_pinned_summary_is_chosen_else_the_furthest() -> None:
    """One that is switched off is passed over."""
    far, near = summary(0, 20, id_=2), summary(0, 10)
    assert chosen([far, near]) is far
    assert chosen([summary(0, 20, state=SummaryState.OFF), near]) is near
    pinned = summary(0, 10, state=SummaryState.PINNED)
    assert chosen([far, pinned]) is pinned
    assert chosen([]) is None
    assert far.count == 21
    assert summary_text(near) == "Summary of messages 1 to 11 of this conversation:\nIt was said."
