"""The context as a list to look at."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.context import REPLY_TOKENS, Context, Mark, PathItem, Reason, Summary, fit
from desktop.domain.inspection import Item, Kind, beginning, items_of
from desktop.domain.messages import Role
from desktop.domain.prices import Price, PriceTag
from desktop.domain.requests import ContextMessage
from desktop.domain.summaries import StoredSummary, SummaryState

SYSTEM = 6
DRAFT = 0
TAG = PriceTag(price=Price(input=0.5, output=1.0))


def stored(covers: int, state: SummaryState = SummaryState.NONE) -> StoredSummary:
    return StoredSummary(
        id=1,
        session_id="s",
        first_depth=0,
        last_depth=covers,
        last_id=covers + 1,
        text="So far.",
        model="",
        is_edited=False,
        state=state,
        created_at=0,
    )


def context_of(path: list[PathItem], *, budget: int, summary: StoredSummary | None = None) -> Context:
    """Return the context of a path whose messages say their own number."""
    told = Summary("So far.", 5, summary.last_depth) if summary and summary.state is not SummaryState.OFF else None
    plan = fit(path, budget=budget, system_tokens=SYSTEM, summary=told)
    said = [ContextMessage(role=Role.SYSTEM, content="Be brief.")]
    said += [ContextMessage(role=Role.SYSTEM, content="So far.")] if plan.summary else []
    said += [ContextMessage(role=entry.item.role, content=f"number {entry.item.id}") for entry in plan.sent]
    return Context(messages=tuple(said), plan=plan, budget=budget, system_tokens=SYSTEM)


def path_of(*tokens: int, **more: Any) -> list[PathItem]:
    roles = (Role.USER, Role.ASSISTANT)
    return [PathItem(at + 1, at, roles[at % 2], size, **more) for at, size in enumerate(tokens)]


@given(
    st.lists(st.tuples(st.integers(4, 60), st.sampled_from(Mark)), max_size=12),
    st.integers(10, 400),
    st.integers(-1, 11),
    st.sampled_from(SummaryState),
)
def test_the_list_tells_the_whole_context(
    pieces: list[tuple[int, Mark]], budget: int, covers: int, state: SummaryState
) -> None:
    """What is sent stands there in the order of the request, and tokens and prices add up to those of the whole."""
    path = [
        one._replace(mark=mark) for one, (_size, mark) in zip(path_of(*(p[0] for p in pieces)), pieces, strict=True)
    ]
    path.append(PathItem(DRAFT, len(path), Role.USER, 7))
    summary = stored(covers, state) if covers >= 0 else None
    context = context_of(path, budget=budget, summary=summary)
    texts = {one.id: f"number {one.id}" for one in path}
    found = items_of(context, texts=texts, draft=DRAFT, summary=summary, tag=TAG)
    sent = [item for item in found if item.is_sent]
    assert [(item.role, item.text) for item in sent] == [(one.role, one.content) for one in context.messages]
    assert sum(item.tokens for item in sent) + REPLY_TOKENS == context.tokens
    assert sum(item.price or 0.0 for item in sent) == pytest.approx(0.5 * (context.tokens - REPLY_TOKENS))
    assert {item.message for item in found if item.kind is Kind.MESSAGE} == {one.id for one in path if one.id}
    assert all(item.price is None for item in found if not item.is_sent)
    assert [item.kind for item in found].count(Kind.SUMMARY) == (summary is not None)


def item(**more: Any) -> Item:
    values = {
        "kind": Kind.MESSAGE,
        "role": Role.USER,
        "text": "",
        "tokens": 1,
        "reason": Reason.BUDGET,
        "is_sent": False,
    }
    return Item(**{**values, **more})


@pytest.mark.parametrize(
    ("found", "mark"),
    [
        (item(is_sent=True, reason=Reason.RECENT), Mark.EXCLUDED),
        (item(is_sent=True, reason=Reason.PINNED, mark=Mark.PINNED), Mark.EXCLUDED),
        (item(reason=Reason.EXCLUDED, mark=Mark.EXCLUDED), Mark.NONE),
        (item(reason=Reason.BUDGET), Mark.PINNED),
        (item(reason=Reason.SUMMARISED), Mark.PINNED),
        (item(reason=Reason.BUDGET, mark=Mark.PINNED), None),
        (item(reason=Reason.UNPAIRED), None),
        (item(kind=Kind.SYSTEM, is_sent=True), None),
        (item(kind=Kind.DRAFT, is_sent=True), None),
    ],
)
def test_a_tick_means_what_a_person_means(found: Item, mark: Mark | None) -> None:
    """What is sent is left out, what was left out comes back, what is too old is pinned; the rest has no say."""
    assert found.wished_mark is mark


def test_what_the_summary_tells_is_not_simply_old() -> None:
    """The reason names the summary."""
    context = context_of(path_of(50, 50, 10, 10), budget=40, summary=stored(1))
    found = items_of(context, texts={}, draft=DRAFT, summary=stored(1))
    assert [one.reason for one in found if not one.is_sent] == [Reason.SUMMARISED] * 2


def test_a_summary_that_is_off_can_be_switched_on_again() -> None:
    """It stands there, and is not sent."""
    off = stored(1, SummaryState.OFF)
    found = items_of(context_of(path_of(5, 5, 5), budget=400, summary=off), texts={}, draft=DRAFT, summary=off)
    (one,) = [item for item in found if item.kind is Kind.SUMMARY]
    assert (one.is_sent, one.reason, one.price) == (False, Reason.EXCLUDED, None)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\n b", "a b"), ("", ""), ("x" * 240, "x" * 240), ("x" * 241, "x" * 240 + "…"), (" " * 999 + "y", "…")],
)
def test_the_beginning_is_one_short_line(text: str, shown: str) -> None:
    """Blanks become one, and what is cut is said to be."""
    assert beginning(text) == shown
