from datetime import datetime

import pytest

from desktop.domain.faults import NotFound
from desktop.domain.messages import Outcome, Status, Usage
from desktop.domain.sessions import NewSession
from desktop.domain.spending import Charge, ModelUse, Purpose, Statistics
from desktop.storage.store import Store
from tests.storage.conftest import Clock
from tests.storage.making import begin, talk

NOTHING = Statistics(
    sessions=0, messages=0, first_at=None, last_at=None, input_tokens=0, output_tokens=0, cost=0.0, unpriced=0
)


async def finished(store: Store, model: str, tokens: int, cost: float | None) -> str:
    session = await store.create_session(NewSession())
    turn = await begin(store, session, "question")
    outcome = Outcome(
        status=Status.COMPLETE,
        content="answer",
        model=model,
        usage=Usage(input_tokens=tokens, output_tokens=tokens * 2),
        cost=cost,
    )
    await store.finish(turn.assistant.id, outcome)
    return session.id


async def test_an_empty_store_has_no_figures(store: Store) -> None:
    """Nothing is zero, not an error."""
    assert await store.statistics() == NOTHING


async def test_all_sessions_add_up(store: Store) -> None:
    """Messages, tokens and known costs are summed, the unknown costs counted, the models listed by use."""
    await finished(store, "big", 10, 0.5)
    await finished(store, "big", 10, None)
    last = await finished(store, "small", 1, 0.25)
    found = await store.statistics()
    assert (found.sessions, found.messages, found.cost, found.unpriced) == (3, 6, 0.75, 1)
    assert (found.input_tokens, found.output_tokens) == (21, 42)
    assert found.models == (
        ModelUse(model="big", messages=2, input_tokens=20, output_tokens=40, cost=0.5, unpriced=1),
        ModelUse(model="small", messages=1, input_tokens=1, output_tokens=2, cost=0.25),
    )
    path = await store.path(last)
    assert found.last_at == path[-1].created_at
    assert found.first_at is not None
    assert found.first_at < path[0].created_at


async def test_one_session_is_counted_alone(store: Store) -> None:
    """The figures of a session do not hold those of others."""
    await finished(store, "big", 10, 0.5)
    mine = await finished(store, "small", 1, None)
    found = await store.statistics(mine)
    assert (found.sessions, found.messages, found.cost, found.unpriced) == (1, 2, 0.0, 1)
    assert found.models == (
        ModelUse(model="small", messages=1, input_tokens=1, output_tokens=2, cost=None, unpriced=1),
    )


async def test_the_trash_is_not_counted_but_was_paid(store: Store) -> None:
    """Deleted sessions and messages leave the counts; what they cost stays on the bill, for nothing is refunded."""
    gone = await finished(store, "big", 10, 0.5)
    _session, messages = await talk(store, "one", "two")
    await store.trash_session(gone)
    await store.trash_message(messages[1].id)
    for _again in range(2):
        found = await store.statistics()
        assert (found.sessions, found.messages, found.cost) == (1, 1, 0.5)
        assert found.first_at == found.last_at == messages[0].created_at
        await store.empty_trash()


async def test_what_streams_is_not_yet_an_answer(store: Store) -> None:
    """A running answer is a message, but neither priced nor unpriced."""
    await begin(store, await store.create_session(NewSession()), "question")
    found = await store.statistics()
    assert (found.messages, found.unpriced, found.models) == (2, 0, ())


async def test_an_outcome_that_is_written_twice_is_paid_once(store: Store) -> None:
    """A repeated write is harmless for the bill too."""
    session = await store.create_session(NewSession())
    turn = await begin(store, session, "question")
    outcome = Outcome(status=Status.COMPLETE, content="answer", usage=Usage(input_tokens=5), cost=0.5)
    await store.finish(turn.assistant.id, outcome)
    await store.finish(turn.assistant.id, outcome)
    found = await store.statistics()
    assert (found.cost, found.input_tokens) == (0.5, 5)


async def test_what_never_went_out_is_not_on_the_bill(store: Store) -> None:
    """An answer without a key took no time and no tokens."""
    session = await store.create_session(NewSession())
    turn = await begin(store, session, "question")
    await store.finish(turn.assistant.id, Outcome(status=Status.FAILED, content=""))
    assert (await store.statistics()).models == ()


async def test_times_and_paces_are_means_and_a_median(store: Store) -> None:
    """Tokens a second are counted from the first word on."""
    session = await store.create_session(NewSession())
    for total, first in ((2000, 1000), (4000, 3000), (9000, 8000)):
        turn = await begin(store, session, "question")
        outcome = Outcome(
            status=Status.COMPLETE,
            content="answer",
            model="m",
            usage=Usage(input_tokens=1, output_tokens=50, cached_tokens=1, reasoning_tokens=20, estimated=True),
            cost=0.0,
            response_time_ms=total,
            metadata={"first_token_ms": first},
        )
        await store.finish(turn.assistant.id, outcome)
    for found in (await store.statistics(), await store.statistics(session.id)):
        (use,) = found.models
        assert (use.tokens_per_s, use.response_time_ms, found.first_token_ms) == (50.0, 5000, 3000)
        assert (use.estimated, use.cached_tokens, use.reasoning_tokens, use.cost) == (3, 3, 60, 0.0)


async def test_what_is_asked_beside_the_answers_is_on_the_bill(store: Store) -> None:
    """Titles and summaries cost too, in the session's bill and in the whole one."""
    session_id = await finished(store, "big", 10, 0.5)
    usage = Usage(input_tokens=3, output_tokens=1)
    await store.charge(session_id, Charge(model="small", purpose=Purpose.TITLE, usage=usage, cost=0.25))
    await store.charge(session_id, Charge(model="small", purpose=Purpose.SUMMARY))
    for found in (await store.statistics(), await store.statistics(session_id)):
        assert (found.cost, found.aside_cost, found.unpriced, found.input_tokens) == (0.75, 0.25, 1, 13)
        assert [use.model for use in found.models] == ["small", "big"]
    assert await store.spent_this_month() == 0.75
    with pytest.raises(NotFound):
        await store.charge("nowhere", Charge(model="small", purpose=Purpose.TITLE))


async def test_days_and_months_add_up(store: Store, clock: Clock) -> None:
    """Each answer counts for the local day it ended on; a month begins anew."""
    clock.now = int(datetime(2026, 10, 31, 12).astimezone().timestamp() * 1000)
    await finished(store, "m", 10, 1.0)
    clock.now += 24 * 3600 * 1000
    last = await finished(store, "m", 1, 2.0)
    await finished(store, "m", 1, 4.0)
    found = await store.statistics()
    assert [(use.day, use.messages, use.cost) for use in found.days] == [("2026-10-31", 1, 1.0), ("2026-11-01", 2, 6.0)]
    assert [(use.day, use.input_tokens, use.cost) for use in found.months] == [
        ("2026-10", 10, 1.0),
        ("2026-11", 2, 6.0),
    ]
    assert await store.spent_this_month() == 6.0
    assert (await store.statistics(since="2026-11-01")).cost == 6.0
    assert [(use.day, use.cost) for use in (await store.statistics(last)).months] == [("2026-11", 2.0)]


async def test_a_copy_is_not_paid_again(store: Store) -> None:
    """A forked session has the words, but not the bill."""
    session_id = await finished(store, "m", 10, 1.0)
    copy = await store.copy_session(session_id, leaf=None, whole=False)
    assert (await store.statistics()).cost == 1.0
    assert (await store.statistics(copy.id)).models == ()


async def test_an_unknown_session_has_no_statistics(store: Store) -> None:
    """Asking for one that is not there says so."""
    with pytest.raises(NotFound):
        await store.statistics("nowhere")


async def test_the_wait_for_a_first_word_is_of_this_profile_and_time(store: Store, clock: Clock) -> None:
    """Answers before the month asked for and copies of answers are not in the median."""
    clock.now = int(datetime(2026, 10, 31, 12).astimezone().timestamp() * 1000)
    for first in (9000, 1000):
        session = await store.create_session(NewSession())
        turn = await begin(store, session, "question")
        outcome = Outcome(
            status=Status.COMPLETE, content="answer", response_time_ms=10_000, metadata={"first_token_ms": first}
        )
        await store.finish(turn.assistant.id, outcome)
        clock.now += 24 * 3600 * 1000
    copy = await store.copy_session(session.id, leaf=None, whole=False)
    assert (await store.statistics()).first_token_ms == 5000
    assert (await store.statistics(since="2026-11-01")).first_token_ms == 1000
    assert (await store.statistics(copy.id)).first_token_ms is None


async def test_an_answer_over_midnight_counts_for_the_day_it_ended_on(store: Store, clock: Clock) -> None:
    """In the bill of its session as in the whole one, and so it is in the right month."""
    clock.now = int(datetime(2026, 10, 31, 23, 59, 50).astimezone().timestamp() * 1000)
    session = await store.create_session(NewSession())
    turn = await begin(store, session, "question")
    clock.now += 20_000
    await store.finish(
        turn.assistant.id, Outcome(status=Status.COMPLETE, content="answer", cost=1.0, response_time_ms=20_000)
    )
    for where in (None, session.id):
        assert [use.day for use in (await store.statistics(where)).days] == ["2026-11-01"]
        assert (await store.statistics(where, since="2026-11-01")).cost == 1.0
        assert (await store.statistics(where, since="2026-11-02")).cost == 0.0
