"""Running summaries: due when a path outgrows its budget, extended and not begun anew, sent for what they cover."""

import threading

import pytest

from desktop.domain.faults import FaultKind, NotFound, ProviderError, WrongUse
from desktop.domain.messages import Message, NewMessage, Role
from desktop.domain.requests import ChatRequest
from desktop.domain.summaries import SummaryState
from desktop.providers.scripted import Fail, Hold, Say, Script
from desktop.services.summaries import PAUSE_S, SummaryService
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk, fault

WHEN = "Write the summary now"
ANSWER = Script(steps=(Say("word " * 30),))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def summing(talk: Talk, *, clock: Clock | None = None, **settings: str) -> SummaryService:
    for name, value in settings.items():
        await talk.settings.set(name, value)
    service = SummaryService(
        store=talk.store,
        requests=talk.chat.requests,
        models=talk.models,
        settings=talk.settings,
        gateway=talk.gateway,
        notify=talk.updates,
        now_s=clock or Clock(),
    )
    talk.chat.when_answered(service.answered)
    return service


async def long_session(talk: Talk, *, turns: int, max_context: int = 1000) -> tuple[str, int]:
    """Make a session with more words than it may send; return its id and its leaf."""
    session = await talk.store.create_session(
        talk.settings.new_session("scripted/demo"),
    )
    await talk.store.update_session(session.id, params={**session.params, "max_context": max_context})
    new = [
        NewMessage(role=Role.USER if place % 2 == 0 else Role.ASSISTANT, content=f"message {place} " + "word " * 30)
        for place in range(2 * turns)
    ]
    messages = await talk.store.add_messages(session.id, None, new)
    return session.id, messages[-1].id


async def ask(talk: Talk, service: SummaryService, session_id: str) -> Message:
    answer = await talk.answer("And now?", session_id=session_id)
    await talk.chat.wait_idle()
    await service.wait_idle()
    return answer


def last_sent(talk: Talk) -> ChatRequest:
    """Return the newest request that was not for a summary."""
    return next(one for one in reversed(talk.scripted.requests) if WHEN not in one.messages[-1].content)


async def test_what_fits_needs_no_summary(begin: BeginTalk) -> None:
    """A short conversation asks for nothing."""
    talk = await begin(Script(when=WHEN, steps=(Say("Short."),)), ANSWER)
    service = await summing(talk)
    session_id, _leaf = await long_session(talk, turns=3, max_context=100_000)
    await ask(talk, service, session_id)
    assert await service.of_path(session_id, (await talk.store.session(session_id)).active_leaf) == ()
    assert len(talk.scripted.requests) == 1


async def test_a_path_that_outgrows_its_budget_is_summarised(begin: BeginTalk) -> None:
    """The next request sends the summary in place of what it covers, and the newest turns word for word."""
    talk = await begin(Script(when=WHEN, steps=(Say("They talked of words."),)), ANSWER)
    service = await summing(talk)
    session_id, _leaf = await long_session(talk, turns=40)
    answer = await ask(talk, service, session_id)
    (summary,) = await service.of_path(session_id, answer.id)
    assert summary.text == "They talked of words."
    assert (summary.model, summary.is_edited) == ("scripted/demo", False)
    assert summary.last_depth < answer.depth - 2
    assert (await talk.store.session(session_id)).summary == summary.text
    await ask(talk, service, session_id)
    sent = last_sent(talk).messages
    assert sent[1].content.endswith("They talked of words.")
    assert f"to {summary.last_depth + 1} of this conversation" in sent[1].content
    assert f"message {summary.last_depth} " not in "".join(one.content for one in sent)
    assert sent[-1].content == "And now?"


async def test_the_next_summary_extends_the_one_before(begin: BeginTalk) -> None:
    """Only what came since is read again."""
    talk = await begin(
        Script(when=WHEN, steps=(Say("First."),), times=1), Script(when=WHEN, steps=(Say("Second."),)), ANSWER
    )
    service = await summing(talk)
    session_id, leaf = await long_session(talk, turns=40)
    first_answer = await ask(talk, service, session_id)
    (first,) = await service.of_path(session_id, first_answer.id)
    more = [
        NewMessage(role=Role.USER if place % 2 == 0 else Role.ASSISTANT, content=f"later {place} " + "word " * 30)
        for place in range(60)
    ]
    await talk.store.add_messages(session_id, first_answer.id, more)
    answer = await ask(talk, service, session_id)
    second, *rest = await service.of_path(session_id, answer.id)
    assert (second.text, rest) == ("Second.", [first])
    assert second.first_depth == first.first_depth == 0, "it stands for all of it"
    (asked,) = [one for one in talk.scripted.requests if "Summary so far:\nFirst." in one.messages[-1].content]
    assert "message 0 " not in asked.messages[-1].content
    assert leaf


async def test_often_means_after_every_ten_messages(begin: BeginTalk) -> None:
    """Also where all of it still fits; the two newest turns are sent word for word."""
    talk = await begin(Script(when=WHEN, steps=(Say("Ten."),)), ANSWER)
    service = await summing(talk, summaries="often")
    session_id, _leaf = await long_session(talk, turns=3, max_context=100_000)
    answer = await ask(talk, service, session_id)
    assert await service.of_path(session_id, answer.id) == ()
    answer = await ask(talk, service, session_id)
    (summary,) = await service.of_path(session_id, answer.id)
    assert (summary.first_depth, summary.last_depth) == (0, answer.depth - 4)
    asked = len(talk.scripted.requests)
    await ask(talk, service, session_id)
    assert len(talk.scripted.requests) == asked + 1


async def test_off_asks_for_nothing(begin: BeginTalk) -> None:
    """The oldest turns are left out, as they always were."""
    talk = await begin(ANSWER)
    service = await summing(talk, summaries="off")
    session_id, _leaf = await long_session(talk, turns=40)
    answer = await ask(talk, service, session_id)
    assert await service.of_path(session_id, answer.id) == ()
    assert len(talk.scripted.requests) == 1


@pytest.mark.parametrize("steps", [(Fail(fault(FaultKind.RESET)),), (Say(" "),)])
async def test_a_summary_that_fails_or_is_empty_harms_nothing(begin: BeginTalk, steps: tuple[object, ...]) -> None:
    """Sending goes on without it, and it is tried again only after a pause."""
    clock = Clock()
    talk = await begin(Script(when=WHEN, steps=steps), ANSWER)  # type: ignore[arg-type]
    service = await summing(talk, clock=clock)
    session_id, _leaf = await long_session(talk, turns=40)
    await ask(talk, service, session_id)
    asked = len(talk.scripted.requests)
    answer = await ask(talk, service, session_id)
    assert await service.of_path(session_id, answer.id) == ()
    assert len(talk.scripted.requests) == asked + 1
    clock.now += PAUSE_S + 1
    await ask(talk, service, session_id)
    assert len(talk.scripted.requests) == asked + 3


async def test_sending_does_not_wait_for_a_summary(begin: BeginTalk) -> None:
    """One that stalls holds nothing up, and ends with the program."""
    held = threading.Event()
    talk = await begin(Script(when=WHEN, steps=(Hold(held),)), ANSWER)
    service = await summing(talk)
    session_id, _leaf = await long_session(talk, turns=40)
    await talk.answer("And now?", session_id=session_id)
    await talk.answer("And then?", session_id=session_id)
    await service.close()
    await service.wait_idle()
    held.set()


async def test_a_summary_belongs_to_its_branch(begin: BeginTalk) -> None:
    """Another branch that begins before its end does not have it."""
    talk = await begin(Script(when=WHEN, steps=(Say("Summed up."),)), ANSWER)
    service = await summing(talk)
    session_id, _leaf = await long_session(talk, turns=40)
    answer = await ask(talk, service, session_id)
    (summary,) = await service.of_path(session_id, answer.id)
    early = (await talk.store.path(session_id, leaf=answer.id, limit=1, before_depth=11))[0]
    other = await talk.store.add_messages(session_id, early.id, [NewMessage(role=Role.USER, content="Elsewhere")])
    assert await service.of_path(session_id, other[0].id) == ()
    assert await service.of_path(session_id, None) == ()
    assert (await service.of_path(session_id, answer.id)) == (summary,)


async def test_it_can_be_edited_redone_pinned_and_switched_off(begin: BeginTalk) -> None:
    """What it said before stays in the database; what is switched off is not sent."""
    talk = await begin(Script(when=WHEN, steps=(Say("Summed up."),)), ANSWER)
    service = await summing(talk)
    session_id, _leaf = await long_session(talk, turns=40)
    answer = await ask(talk, service, session_id)
    (summary,) = await service.of_path(session_id, answer.id)
    with pytest.raises(WrongUse, match="needs words"):
        await service.edit(summary.id, " ")
    edited = await service.edit(summary.id, "By hand.")
    assert (edited.text, edited.is_edited, edited.last_id) == ("By hand.", True, summary.last_id)
    assert await service.of_path(session_id, answer.id) == (edited,)
    assert (await talk.store.summary(summary.id)).text == "Summed up."
    await service.set_state(edited.id, SummaryState.OFF)
    await ask(talk, service, session_id)
    assert "By hand." not in "".join(one.content for one in last_sent(talk).messages)
    pinned = await service.set_state(edited.id, SummaryState.PINNED)
    assert pinned.state is SummaryState.PINNED
    await ask(talk, service, session_id)
    assert last_sent(talk).messages[1].content.endswith("By hand.")
    await service.set_state(edited.id, SummaryState.NONE)
    redone = await service.redo(edited.id)
    assert (redone.text, redone.is_edited, redone.last_id) == ("Summed up.", False, summary.last_id)
    with pytest.raises(NotFound):
        await service.edit(99, "text")


async def test_redoing_says_what_went_wrong(begin: BeginTalk) -> None:
    """The user asked for it, so the user is told; the old one stays."""
    talk = await begin(
        Script(when=WHEN, steps=(Say("Summed up."),), times=1),
        Script(when=WHEN, steps=(Say(""),), times=1),
        Script(when=WHEN, steps=(Fail(fault(FaultKind.RESET)),)),
        ANSWER,
    )
    service = await summing(talk)
    session_id, _leaf = await long_session(talk, turns=40)
    answer = await ask(talk, service, session_id)
    (summary,) = await service.of_path(session_id, answer.id)
    with pytest.raises(WrongUse, match="no summary"):
        await service.redo(summary.id)
    with pytest.raises(ProviderError):
        await service.redo(summary.id)
    assert await service.of_path(session_id, answer.id) == (summary,)


async def test_the_guide_writes_no_summary(begin: BeginTalk) -> None:
    """It is no language model."""
    talk = await begin(Script(when=WHEN, steps=(Say("Summed up."),)), ANSWER)
    service = await summing(talk, summary_model="guide/guide")
    session_id, _leaf = await long_session(talk, turns=40)
    answer = await ask(talk, service, session_id)
    assert await service.of_path(session_id, answer.id) == ()
