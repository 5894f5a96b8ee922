"""The month's budget: nothing is written or sent beyond it unless a person has said so."""

import pytest

from desktop.domain.faults import BudgetSpent
from desktop.domain.messages import Status
from desktop.domain.spending import BudgetState, Charge
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk, rows

PAID = "openai/gpt-4o"


@pytest.fixture
async def talk(begin: BeginTalk) -> Talk:
    """A conversation in whose month five of five dollars are spent."""
    talk = await begin(demo=False, gated=True)
    talk.environment["OPENAI_API_KEY"] = "sk-nobody-0123456789"
    await talk.settings.set("monthly_budget", 5)
    session = await talk.store.create_session(talk.settings.new_session("guide/manual"))
    await talk.store.charge(session.id, Charge(model=PAID, cost=5.0))
    return talk


async def paid_session(talk: Talk) -> str:
    return (await talk.store.create_session(talk.settings.new_session(PAID))).id


async def test_a_new_session_is_not_even_begun(talk: Talk) -> None:
    """Neither rows nor a session are written."""
    before = await talk.store.count_sessions()
    with pytest.raises(BudgetSpent, match=r"\$5\.00 of \$5\.00"):
        await talk.chat.send("Hi", model=PAID)
    assert await talk.store.count_sessions() == before
    assert rows(talk.folder) == []


async def test_every_way_to_send_is_held(talk: Talk) -> None:
    """The next message, another version of a question, another answer, and a continuation."""
    session_id = await paid_session(talk)
    turn = await talk.chat.send("Hi", session_id=session_id, model="guide/manual")
    await talk.final(turn.assistant.id)
    assert turn.user is not None
    stored = rows(talk.folder)
    with pytest.raises(BudgetSpent):
        await talk.chat.send("More", session_id=session_id)
    with pytest.raises(BudgetSpent):
        await talk.chat.ask_again(turn.user.id, "Else")
    with pytest.raises(BudgetSpent):
        await talk.chat.retry(turn.assistant.id)
    with pytest.raises(BudgetSpent):
        await talk.chat.resume(turn.assistant.id)
    assert rows(talk.folder) == stored


async def test_what_is_free_is_never_asked_about(talk: Talk) -> None:
    """A model on this computer."""
    assert (await talk.answer("Hi", model="guide/manual")).status is Status.COMPLETE
    base = await talk.direct("http://127.0.0.1:9/v1")
    assert await talk.budget.asks(base) is None


async def test_a_persons_word_holds_once(talk: Talk) -> None:
    """For one message of one session."""
    session_id = await paid_session(talk)
    talk.budget.grant(session_id)
    other = await paid_session(talk)
    with pytest.raises(BudgetSpent):
        await talk.budget.check(PAID, session_id=other, params={})
    await talk.budget.check(PAID, session_id=session_id, params={})
    with pytest.raises(BudgetSpent):
        await talk.budget.check(PAID, session_id=session_id, params={})


async def test_it_is_asked_about_what_would_be_refused(talk: Talk) -> None:
    """With the figures; and where there is no budget, about nothing."""
    session_id = await paid_session(talk)
    budget = await talk.budget.asks(session_id)
    assert budget is not None
    assert (budget.limit, budget.spent) == (5.0, 5.0)
    assert await talk.budget.asks("", PAID) is not None
    await talk.settings.set("monthly_budget", 0)
    assert await talk.budget.asks(session_id) is None
    assert (await talk.budget.state()).state is BudgetState.NONE


async def test_below_the_limit_nothing_is_asked(talk: Talk) -> None:
    """Near is not spent."""
    await talk.settings.set("monthly_budget", 6)
    assert (await talk.budget.state()).state is BudgetState.NEAR
    await talk.budget.check(PAID, session_id="", params={})


async def test_without_a_gate_nothing_is_held(begin: BeginTalk) -> None:
    """As in the Python API, which has no budget."""
    talk = await begin()
    assert (await talk.answer("Hi")).status is Status.COMPLETE
