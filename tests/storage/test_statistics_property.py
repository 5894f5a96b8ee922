"""Random answers, failures, copies and deletions over days: every figure equals a plain sum."""

import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.domain.messages import Outcome, Status, Usage
from desktop.domain.sessions import NewSession
from desktop.domain.spending import Charge, Purpose, Statistics
from desktop.storage.store import Store
from tests.storage.making import begin

START = datetime(2026, 3, 28, 20).astimezone()
"""The night in which many countries set their clocks, three days before a month ends."""


@dataclass(frozen=True)
class Paid:
    """One request as a person would write it down."""

    session: int
    day: str
    model: str
    purpose: Purpose
    usage: Usage | None
    cost: float | None


CENTS = st.one_of(st.none(), st.integers(0, 400).map(lambda quarter: quarter / 4))
USAGES = st.one_of(
    st.none(),
    st.builds(
        Usage,
        input_tokens=st.integers(0, 9999),
        output_tokens=st.integers(0, 9999),
        cached_tokens=st.integers(0, 99),
        reasoning_tokens=st.integers(0, 99),
        estimated=st.booleans(),
    ),
)
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(("answer", "answer", "aside", "copy", "trash message", "trash session", "empty")),
        st.integers(0, 2),
        st.sampled_from(("a/one", "a/two", "")),
        st.sampled_from((Status.COMPLETE, Status.STOPPED, Status.FAILED, Status.INTERRUPTED)),
        USAGES,
        CENTS,
        st.one_of(st.none(), st.integers(0, 5000)),
        st.integers(-30, 40),
    ),
    max_size=25,
)


class Clock:
    """Local time that jumps, also backwards."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> int:
        return int(self.at.timestamp() * 1000)


@settings(max_examples=12, deadline=None)
@given(DEEDS)
def test_figures_are_plain_sums(deeds: list[tuple]) -> None:  # type: ignore[type-arg]
    """Of all that was asked for, by model, day and month, whatever has been deleted since."""
    asyncio.run(_check(deeds))


async def _check(deeds: list[tuple]) -> None:  # type: ignore[type-arg]
    clock = Clock()
    with tempfile.TemporaryDirectory(prefix="sobremesa-test-") as folder:
        store = await Store.open(folder=Path(folder), clock=clock)
        try:
            await _live(store, clock, deeds)
        finally:
            await store.close()


async def _live(store: Store, clock: Clock, deeds: list[tuple]) -> None:  # type: ignore[type-arg]
    sessions = [(await store.create_session(NewSession())).id for _number in range(3)]
    gone: set[int] = set()
    book: list[Paid] = []
    for deed, number, model, status, usage, cost, took, hours in deeds:
        clock.at += timedelta(hours=hours)
        day = datetime.fromtimestamp(clock() / 1000).astimezone().strftime("%Y-%m-%d")
        if number in gone:
            continue
        if deed == "answer":
            turn = await begin(store, sessions[number], "question")
            outcome = Outcome(
                status=status, content="answer", model=model, usage=usage, cost=cost, response_time_ms=took
            )
            for _twice in range(2):
                await store.finish(turn.assistant.id, outcome)
            if (usage, cost, took) != (None, None, None):
                book.append(Paid(number, day, model or "a/b", Purpose.ANSWER, usage, cost))
        elif deed == "aside":
            spent = Charge(model=model, purpose=Purpose.SUMMARY, usage=usage, cost=cost)
            await store.charge(sessions[number], spent)
            book.append(Paid(number, day, model, Purpose.SUMMARY, usage, cost))
        elif deed == "copy":
            await store.copy_session(sessions[number], leaf=None, whole=True)
        elif deed == "trash message" and (path := await store.path(sessions[number])):
            await store.trash_message(path[-1].id)
        elif deed == "trash session":
            await store.trash_session(sessions[number])
            gone.add(number)
    found = await store.statistics()
    _compare(found, book)
    half = START.strftime("%Y-%m-%d")
    _compare(await store.statistics(since=half), [paid for paid in book if paid.day >= half])
    for number, session_id in enumerate(sessions):
        mine = [paid for paid in book if paid.session == number]
        alone = await store.statistics(session_id)
        assert alone.cost == sum(paid.cost or 0.0 for paid in mine)
        assert alone.unpriced == sum(paid.cost is None for paid in mine)
        assert sum(use.messages for use in alone.models) == len(mine)
    await store.empty_trash()
    _compare(await store.statistics(), book)
    month = datetime.fromtimestamp(clock() / 1000).astimezone().strftime("%Y-%m")
    assert await store.spent_this_month() == sum(paid.cost or 0.0 for paid in book if paid.day[:7] >= month)
    living = await store.sessions(limit=100)
    left = [(await store.outline(one.id)).messages for one in living]
    after = await store.statistics()
    assert (after.sessions, after.messages) == (len(living), sum(left))


def _compare(found: Statistics, book: list[Paid]) -> None:
    assert found.cost == sum(paid.cost or 0.0 for paid in book)
    assert found.aside_cost == sum(paid.cost or 0.0 for paid in book if paid.purpose is not Purpose.ANSWER)
    assert found.unpriced == sum(paid.cost is None for paid in book)
    for name in ("input_tokens", "output_tokens", "cached_tokens", "reasoning_tokens", "estimated"):
        assert getattr(found, name) == sum(getattr(paid.usage or Usage(), name) for paid in book), name
    assert {use.model: use.messages for use in found.models} == Counter(paid.model for paid in book)
    for use in found.models:
        known = [paid.cost for paid in book if paid.model == use.model and paid.cost is not None]
        assert use.cost == (sum(known) if known else None)
    assert {use.day: use.messages for use in found.days} == Counter(paid.day for paid in book)
    assert {use.day: use.messages for use in found.months} == Counter(paid.day[:7] for paid in book)
    for month in found.months:
        assert month.cost == sum((paid.cost or 0.0 for paid in book if paid.day[:7] == month.day), 0.0)
