import pytest

from desktop.domain.faults import NotFound
from desktop.domain.messages import Outcome, Status, Usage
from desktop.domain.sessions import ModelUse, NewSession, Statistics
from desktop.storage.store import Store
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
        ModelUse(model="big", messages=2, input_tokens=20, output_tokens=40, cost=0.5),
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
    assert found.models == (ModelUse(model="small", messages=1, input_tokens=1, output_tokens=2, cost=None),)


async def test_the_trash_is_not_counted(store: Store) -> None:
    """Deleted sessions and deleted messages leave the figures."""
    gone = await finished(store, "big", 10, 0.5)
    _session, messages = await talk(store, "one", "two")
    await store.trash_session(gone)
    await store.trash_message(messages[1].id)
    found = await store.statistics()
    assert (found.sessions, found.messages, found.cost, found.models) == (1, 1, 0.0, ())


async def test_what_streams_is_not_yet_an_answer(store: Store) -> None:
    """A running answer is a message, but neither priced nor unpriced."""
    await begin(store, await store.create_session(NewSession()), "question")
    found = await store.statistics()
    assert (found.messages, found.unpriced, found.models) == (2, 0, ())


async def test_an_unknown_session_has_no_statistics(store: Store) -> None:
    """Asking for one that is not there says so."""
    with pytest.raises(NotFound):
        await store.statistics("nowhere")
