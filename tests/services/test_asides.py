"""Titles and follow-up questions: only when wished for, never in the way, on the bill, harmless when they fail."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.events import Finished
from desktop.domain.faults import FaultKind, NotFound
from desktop.domain.messages import Message, Usage
from desktop.domain.runs import SessionsChanged
from desktop.providers.scripted import Fail, Hold, Say, Script
from desktop.services.asides import AsideService, follow_ups_from, title_from
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk, fault

PAID = Finished(usage=Usage(input_tokens=7, output_tokens=2), cost=0.25)
TITLE = Script(when="write a title", steps=(Say("**Harbours of the north.**"),), ending=PAID)
QUESTIONS = Script(when="short questions", steps=(Say("1. Which is the oldest?\n2. And the largest?\n"),), ending=PAID)
ANSWER = Script(steps=(Say("There are many."),))


async def asking(talk: Talk, **settings: bool | str) -> AsideService:
    for name, value in {"small_questions": True, **settings}.items():
        await talk.settings.set(name, value)
    asides = AsideService(
        store=talk.store, gateway=talk.gateway, models=talk.models, settings=talk.settings, notify=talk.updates
    )
    talk.chat.when_answered(asides.answered)
    return asides


async def two_turns(talk: Talk, asides: AsideService) -> Message:
    first = await talk.answer("Tell me of harbours")
    await talk.chat.wait_idle()
    await asides.wait_idle()
    second = await talk.answer("In the north?", session_id=first.session_id)
    await talk.chat.wait_idle()
    await asides.wait_idle()
    return second


async def test_nothing_is_asked_that_was_not_switched_on(begin: BeginTalk) -> None:
    """By default a conversation sends what the user sent, and nothing else."""
    talk = await begin(TITLE, QUESTIONS, ANSWER)
    asides = await asking(talk, small_questions=False)
    answer = await two_turns(talk, asides)
    assert len(talk.scripted.requests) == 2
    assert (await talk.store.session(answer.session_id)).title == "Tell me of harbours"


async def test_the_second_answer_brings_a_better_title(begin: BeginTalk) -> None:
    """It is the program's still, so that it may be typed over; what it cost is on the bill."""
    talk = await begin(TITLE, QUESTIONS, ANSWER)
    asides = await asking(talk, follow_ups=False)
    answer = await two_turns(talk, asides)
    session = await talk.store.session(answer.session_id)
    assert (session.title, session.title_is_auto) == ("Harbours of the north", True)
    assert talk.updates.of(SessionsChanged)[-1].session_ids == (session.id,)
    found = await talk.store.statistics(session.id)
    assert (found.aside_cost, found.cost) == (0.25, 0.25)
    await talk.answer("More?", session_id=session.id)
    await asides.wait_idle()
    assert len(talk.scripted.requests) == 4, "a title is asked for once"


async def test_a_title_typed_by_the_user_is_never_touched(begin: BeginTalk) -> None:
    """Neither before the question goes out nor while it is on its way."""
    held = threading.Event()
    talk = await begin(Script(when="write a title", steps=(Hold(held), Say("Another"))), ANSWER)
    asides = await asking(talk, follow_ups=False)
    first = await talk.answer("Tell me of harbours")
    await talk.answer("In the north?", session_id=first.session_id)
    await talk.store.update_session(first.session_id, title="Mine")
    held.set()
    await asides.wait_idle()
    assert (await talk.store.session(first.session_id)).title == "Mine"
    other = await talk.answer("Tell me of bridges")
    await talk.store.update_session(other.session_id, title="Mine too")
    asked = len(talk.scripted.requests)
    await talk.answer("In the south?", session_id=other.session_id)
    await asides.wait_idle()
    assert len(talk.scripted.requests) == asked + 1


async def test_follow_ups_stay_with_their_answer(begin: BeginTalk) -> None:
    """They come without numbers, by the model that was chosen for them."""
    talk = await begin(TITLE, QUESTIONS, ANSWER)
    asides = await asking(talk, better_titles=False, small_model="scripted/small")
    answer = await talk.answer("Tell me of harbours")
    await asides.wait_idle()
    found = await talk.store.message(answer.id)
    assert found.metadata["follow_ups"] == ["Which is the oldest?", "And the largest?"]
    assert found.content == answer.content
    assert talk.scripted.requests[-1].model.name == "small"


async def test_what_fails_leaves_everything_as_it_was(begin: BeginTalk) -> None:
    """No error reaches anybody."""
    talk = await begin(
        Script(when="write a title", steps=(Fail(fault(FaultKind.RESET)),)),
        Script(when="short questions", steps=(Say(" \n"),)),
        ANSWER,
    )
    asides = await asking(talk)
    answer = await two_turns(talk, asides)
    assert (await talk.store.session(answer.session_id)).title == "Tell me of harbours"
    assert "follow_ups" not in (await talk.store.message(answer.id)).metadata


async def test_the_guide_is_asked_nothing_beside(begin: BeginTalk) -> None:
    """It is no language model."""
    talk = await begin()
    asides = await asking(talk, small_model="guide/guide")
    await two_turns(talk, asides)
    assert len(talk.scripted.requests) == 2


async def test_an_answer_that_was_stopped_asks_nothing(begin: BeginTalk) -> None:
    """Only what came whole is worth a title."""
    talk = await begin(Script(steps=(Say("Half"),), ending=None))
    asides = await asking(talk)
    await two_turns(talk, asides)
    assert len(talk.scripted.requests) == 2


async def test_closing_waits_for_nothing(begin: BeginTalk) -> None:
    """A question that hangs ends with the program."""
    held = threading.Event()
    talk = await begin(Script(when="short questions", steps=(Hold(held),)), ANSWER)
    asides = await asking(talk)
    await talk.answer("Hi")
    await talk.chat.wait_idle()
    await asides.close()
    await asides.wait_idle()
    held.set()


async def test_facts_are_added_to_what_is_there_only(begin: BeginTalk) -> None:
    """A message that is gone has none."""
    talk = await begin()
    with pytest.raises(NotFound):
        await talk.store.add_metadata(99, {"a": 1})


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", ""),
        ("Harbours", "Harbours"),
        ('\n "Title: Harbours of the north." \nand more', "Harbours of the north"),
        ("<think>Hm\n</think>\nBridges", "Bridges"),
        ("<think>never ends", ""),
        ("x" * 80, "x" * 49 + "…"),
    ],
)
def test_a_title_is_taken_from_what_a_model_wrote(text: str, title: str) -> None:
    """Models quote, number, think aloud and go on and on."""
    assert title_from(text) == title


@given(st.text(max_size=400))
def test_whatever_a_model_writes_is_bounded(text: str) -> None:
    """A title is one short line, and there are three short questions at most, none twice."""
    assert len(title_from(text)) <= 50
    assert "\n" not in title_from(text)
    found = follow_ups_from(text)
    assert len(found) == len(set(found)) <= 3
    assert all(1 < len(question) <= 140 for question in found)
