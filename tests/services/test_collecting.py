"""What is asked beside a conversation: on the bill even where it breaks off, and not asked over a spent budget."""

import pytest

from desktop.domain.context import Mark
from desktop.domain.events import Finished
from desktop.domain.faults import BudgetSpent, FaultKind, ProviderError
from desktop.domain.messages import NewMessage, Role, Usage
from desktop.domain.models import ModelSpec
from desktop.domain.requests import ChatRequest, ContextMessage
from desktop.domain.spending import Budget, Purpose
from desktop.domain.summaries import SummaryState
from desktop.providers.scripted import Fail, Say, Script
from desktop.services.asides import AsideService
from desktop.services.collecting import Collector
from desktop.services.summaries import SummaryService
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk, fault

ANSWER = Script(steps=(Say("There are many."),))
REQUEST = ChatRequest(
    model=ModelSpec(name="demo", provider_id="scripted", kind="scripted"),
    messages=(ContextMessage(role=Role.USER, content="aside"),),
)


class Spent:
    """A budget that is used up."""

    async def asks(self, _session_id: str, _address: str = "") -> Budget | None:
        return Budget(limit=1.0, spent=2.0)


async def test_what_breaks_off_is_on_the_bill_as_unknown(begin: BeginTalk) -> None:
    """Words came, so something was paid; where none came, nothing was."""
    broken = Script(when="aside", steps=(Say("Half"), Fail(fault(FaultKind.RESET))), times=1)
    talk = await begin(broken, Script(when="aside", steps=(Fail(fault(FaultKind.REFUSED)),)), ANSWER)
    session_id = (await talk.answer("Hi")).session_id
    before = await talk.store.statistics(session_id)
    collector = Collector(gateway=talk.gateway, store=talk.store)
    for _time in range(2):
        with pytest.raises(ProviderError):
            await collector.collect(REQUEST, Purpose.TITLE, session_id, "scripted/demo")
    assert (await talk.store.statistics(session_id)).unpriced == before.unpriced + 1


async def test_the_answer_is_kept_where_its_bill_cannot_be(begin: BeginTalk) -> None:
    """A session that was removed for good meanwhile has none."""
    talk = await begin(Script(when="aside", steps=(Say("Whole"),), ending=Finished(usage=Usage(input_tokens=1))))
    collector = Collector(gateway=talk.gateway, store=talk.store)
    assert await collector.collect(REQUEST, Purpose.TITLE, "gone", "scripted/demo") == "Whole"


async def test_nothing_is_asked_over_a_spent_budget(begin: BeginTalk) -> None:
    """Nobody is there to say that it may be."""
    talk = await begin(ANSWER)
    session_id = (await talk.answer("Hi")).session_id
    asked = len(talk.scripted.requests)
    collector = Collector(gateway=talk.gateway, store=talk.store, limit=Spent())
    with pytest.raises(BudgetSpent):
        await collector.collect(REQUEST, Purpose.SUMMARY, session_id, "scripted/demo")
    assert len(talk.scripted.requests) == asked


async def test_what_is_kept_out_of_the_context_is_in_no_small_question(begin: BeginTalk) -> None:
    """Neither a title nor a follow-up shows it to a model."""
    talk = await begin(ANSWER)
    await talk.settings.set("small_questions", True)
    await talk.settings.set("follow_ups", True)
    asides = AsideService(
        store=talk.store, gateway=talk.gateway, models=talk.models, settings=talk.settings, notify=talk.updates
    )
    first = await talk.answer("The secret is 4711")
    assert first.parent_id is not None
    await talk.store.mark_message(first.parent_id, Mark.EXCLUDED)
    second = await talk.answer("And now?", session_id=first.session_id)
    asked = len(talk.scripted.requests)
    asides.answered(second)
    await asides.wait_idle()
    new = list(talk.scripted.requests)[asked:]
    assert new
    assert not any("4711" in message.content for request in new for message in request.messages)


async def _summaries(talk: Talk) -> SummaryService:
    return SummaryService(
        store=talk.store,
        requests=talk.chat.requests,
        models=talk.models,
        settings=talk.settings,
        gateway=talk.gateway,
        notify=talk.updates,
    )


async def test_what_is_kept_out_of_the_context_is_in_no_summary(begin: BeginTalk) -> None:
    """It is not read again for one; where nothing is left, none is made."""
    talk = await begin(Script(when="Write the summary", steps=(Say("Short."),)), ANSWER)
    service = await _summaries(talk)
    first = await talk.answer("The secret is 4711")
    new = (NewMessage(role=Role.USER, content="And?"), NewMessage(role=Role.ASSISTANT, content="Well."))
    messages = await talk.store.add_messages(first.session_id, first.id, new)
    assert first.parent_id is not None
    await talk.store.mark_message(first.parent_id, Mark.EXCLUDED)
    old = await talk.store.add_summary(first_id=first.parent_id, last_id=messages[-1].id, text="old", model="m")
    await service.set_state(old.id, SummaryState.PINNED)
    made = await service.redo(old.id)
    assert (made.text, made.state) == ("Short.", SummaryState.PINNED)
    assert not any("4711" in message.content for message in talk.scripted.requests[-1].messages)


async def test_a_summary_that_is_off_is_not_told_to_the_next(begin: BeginTalk) -> None:
    """What the user has switched off is not sent by a way around."""
    talk = await begin(Script(when="Write the summary", steps=(Say("Short."),)), ANSWER)
    service = await _summaries(talk)
    answer = await talk.answer("Hi")
    new = (NewMessage(role=Role.USER, content="And?"), NewMessage(role=Role.ASSISTANT, content="Well."))
    messages = await talk.store.add_messages(answer.session_id, answer.id, new)
    assert answer.parent_id is not None
    first = await talk.store.add_summary(first_id=answer.parent_id, last_id=answer.id, text="wrong words", model="m")
    later = await talk.store.add_summary(first_id=messages[0].id, last_id=messages[1].id, text="later", model="m")
    await service.set_state(first.id, SummaryState.OFF)
    await service.redo(later.id)
    assert "wrong words" not in talk.scripted.requests[-1].messages[-1].content
