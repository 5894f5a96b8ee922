"""Sending, trying again, continuing, and several sessions at once."""

import asyncio
import threading

import pytest

from desktop.domain.faults import FaultKind, NotFound, WrongUse
from desktop.domain.messages import Message, Role, Status
from desktop.domain.models import ModelSpec
from desktop.domain.runs import RunStarted
from desktop.domain.sessions import NewSession
from desktop.providers.scripted import Hold, Say, Script
from desktop.services.limits import Limits
from tests.domain.making import contents
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk, failing, rows


async def path(talk: Talk, session_id: str) -> tuple[Message, ...]:
    return await talk.store.path(session_id, limit=1000)


async def test_a_turn_is_on_disk_when_send_returns(begin: BeginTalk) -> None:
    """The question and the empty row of the answer are there for every other connection."""
    talk = await begin(Script(steps=(Hold(threading.Event()),)))
    turn = await talk.chat.send("Will this be kept?")
    assert rows(talk.folder) == [("user", "complete", "Will this be kept?"), ("assistant", "streaming", "")]
    assert turn.user is not None
    assert turn.assistant.parent_id == turn.user.id


async def test_the_listener_gets_both_rows_first(begin: BeginTalk) -> None:
    """A view can show question and answer before anything has arrived."""
    talk = await begin()
    turn = await talk.chat.send("Hi")
    started = talk.updates.all[0]
    assert isinstance(started, RunStarted)
    assert (started.user, started.assistant) == (turn.user, turn.assistant)
    await talk.chat.wait_idle()


async def test_a_message_without_a_session_begins_one(begin: BeginTalk) -> None:
    """The session has the title, the model and the settings of a new one."""
    talk = await begin()
    await talk.settings.set("system_prompt", "Be brief.")
    answer = await talk.answer("What is a sobremesa?")
    session = await talk.store.session(answer.session_id)
    assert (session.title, session.title_is_auto) == ("What is a sobremesa?", True)
    assert (session.model, answer.model) == ("scripted/demo", "scripted/demo")
    assert (session.system_prompt, session.params["temperature"]) == ("Be brief.", 1.0)
    assert talk.scripted.requests[0].messages[0].content == "Be brief."


async def test_only_the_first_message_gives_the_title(begin: BeginTalk) -> None:
    """Neither a second message nor a title given by hand is overwritten."""
    talk = await begin()
    first = await talk.answer("x" * 60)
    await talk.answer("Another thing", session_id=first.session_id)
    assert (await talk.store.session(first.session_id)).title == "x" * 50 + "..."
    named = await talk.store.create_session(NewSession(title="Mine", title_is_auto=False, model="scripted/demo"))
    await talk.answer("Something", session_id=named.id)
    assert (await talk.store.session(named.id)).title == "Mine"


async def test_the_context_carries_the_path(begin: BeginTalk) -> None:
    """The model sees the system prompt and all turns before, in order."""
    talk = await begin()
    first = await talk.answer("one")
    await talk.answer("two", session_id=first.session_id)
    await talk.answer("three", session_id=first.session_id)
    sent = talk.scripted.requests[-1].messages
    assert contents(sent) == ["You are a helpful assistant.", "one", "one", "two", "two", "three"]
    assert sent[0].role is Role.SYSTEM


async def test_the_sessions_own_settings_are_sent(begin: BeginTalk) -> None:
    """Temperature, turns and the longest answer are the session's."""
    talk = await begin()
    params = {"temperature": 0.25, "max_turns": 1, "max_tokens": 77, "max_context": None}
    session = await talk.store.create_session(NewSession(model="scripted/demo", system_prompt="", params=params))
    await talk.answer("one", session_id=session.id)
    await talk.answer("two", session_id=session.id)
    request = talk.scripted.requests[-1]
    assert (request.temperature, request.max_tokens) == (0.25, 77)
    assert contents(request.messages) == ["two"]


async def test_a_session_without_settings_sends_none(begin: BeginTalk) -> None:
    """The provider's own temperature is left alone."""
    talk = await begin()
    session = await talk.store.create_session(NewSession(model="scripted/demo"))
    await talk.answer("one", session_id=session.id)
    assert (talk.scripted.requests[0].temperature, talk.scripted.requests[0].max_tokens) == (None, None)


async def test_a_long_session_sends_what_fits(begin: BeginTalk) -> None:
    """The oldest messages are left out of the request, and none of the session."""
    talk = await begin()
    params = {"max_context": 256}
    session = await talk.store.create_session(NewSession(model="scripted/demo", params=params))
    for number in range(6):
        await talk.answer(f"{number} " + "word " * 30, session_id=session.id)
    sent = talk.scripted.requests[-1].messages
    assert sent[0].role is Role.SYSTEM
    assert sent[1].role is Role.USER
    assert sent[1].content.startswith(("3", "4"))
    assert sent[-1].content.startswith("5")
    assert len(await path(talk, session.id)) == 12


async def test_a_small_window_of_a_model_goes_before_the_sessions_budget(begin: BeginTalk) -> None:
    """What a model cannot read is not sent to it, however much the session allows."""
    talk = await begin()
    first = await talk.answer("word " * 200)
    await talk.answer("last", session_id=first.session_id)
    session = await talk.store.session(first.session_id)
    for window, sent in ((None, 4), (100_000, 4), (64, 2)):
        model = ModelSpec(provider_id="p", kind="openai", name="m", window=window)
        context = await talk.chat.requests.context(session, model, leaf=session.active_leaf and session.active_leaf - 1)
        assert len(context.messages) == sent


@pytest.mark.parametrize("text", ["", "  \n\t "])
async def test_nothing_is_not_sent(begin: BeginTalk, text: str) -> None:
    """Blanks begin no session and write no row."""
    talk = await begin()
    with pytest.raises(WrongUse, match="nothing to send"):
        await talk.chat.send(text)
    assert await talk.store.sessions() == ()


@pytest.mark.parametrize("text", ["nul\0byte", "lone \udc80 surrogate", "\ud83d", "\ufeffbom", "𝒳" * 3])
async def test_no_text_breaks_a_write(begin: BeginTalk, text: str) -> None:
    """Whatever is sent and answered is stored, replaced where it cannot be text."""
    talk = await begin(Script(steps=(Say(text, 1),)))
    answer = await talk.answer(text)
    assert answer.status is Status.COMPLETE
    assert len(rows(talk.folder)) == 2


async def test_an_unknown_session_is_said_to_be_unknown(begin: BeginTalk) -> None:
    """Nothing is written for it."""
    talk = await begin()
    with pytest.raises(NotFound, match="nowhere"):
        await talk.chat.send("Hi", session_id="nowhere")
    with pytest.raises(NotFound):
        await talk.chat.retry(99)
    assert rows(talk.folder) == []


async def test_one_answer_at_a_time_is_written_in_a_session(begin: BeginTalk) -> None:
    """A second message, a retry or a continuation has to wait."""
    free = threading.Event()
    talk = await begin(Script(steps=(Hold(free), Say("Yes"))))
    turn = await talk.chat.send("Hi")
    session_id = turn.assistant.session_id
    for again in (
        talk.chat.send("More", session_id=session_id),
        talk.chat.retry(turn.assistant.id),
        talk.chat.resume(turn.assistant.id),
    ):
        with pytest.raises(WrongUse, match="still being written"):
            await again
    free.set()
    await talk.chat.wait_idle()
    assert len(rows(talk.folder)) == 2
    assert (await talk.answer("More", session_id=session_id)).status is Status.COMPLETE


async def test_two_messages_in_the_same_moment_make_one_turn(begin: BeginTalk) -> None:
    """A double click sends once; the other is told."""
    talk = await begin()
    session = await talk.store.create_session(NewSession(model="scripted/demo"))
    both = await asyncio.gather(
        *(talk.chat.send(text, session_id=session.id) for text in ("one", "two")), return_exceptions=True
    )
    assert [type(one).__name__ for one in both] == ["Turn", "WrongUse"]
    await talk.chat.wait_idle()
    assert len(rows(talk.folder)) == 2


async def test_a_listener_may_send_as_soon_as_a_run_has_ended(begin: BeginTalk) -> None:
    """The end that is told is the end: the session is free."""
    talk = await begin()
    turn = await talk.chat.send("one")
    ended = await talk.final(turn.assistant.id)
    assert (await talk.answer("two", session_id=ended.session_id)).content == "two"


async def test_sessions_stream_side_by_side_without_mixing(begin: BeginTalk) -> None:
    """Ten answers are written at once; each gets its own words, on screen and on disk."""
    words = [f"<{number}>" for number in range(10)]
    begun = threading.Event()
    scripts = [Script(when=word, steps=(Say(f"{word} " * 200, 7), Hold(begun))) for word in words]
    talk = await begin(*scripts)
    turns = await asyncio.gather(*(talk.chat.send(word) for word in words))
    assert len(talk.chat.running()) == 10
    begun.set()
    await talk.chat.wait_idle()
    for word, turn in zip(words, turns, strict=True):
        stored = await talk.store.message(turn.assistant.id)
        assert stored.content == f"{word} " * 200 == talk.updates.text(turn.assistant.id)
    assert talk.chat.running() == ()


async def test_a_retry_is_a_version_beside_the_answer(begin: BeginTalk) -> None:
    """The first answer stays as it was; the same question is sent again."""
    talk = await begin(Script(steps=(Say("first"),), times=1), Script(steps=(Say("second"),)))
    first = await talk.answer("Hi")
    turn = await talk.chat.retry(first.id)
    second = await talk.final(turn.assistant.id)
    assert turn.user is None
    assert (second.parent_id, second.version, second.versions) == (first.parent_id, 2, 2)
    assert (await talk.store.message(first.id)).content == "first"
    assert contents(await path(talk, first.session_id)) == ["Hi", "second"]
    assert talk.scripted.requests[0].messages == talk.scripted.requests[1].messages


async def test_a_question_can_be_answered_again(begin: BeginTalk) -> None:
    """A retry of the user's message writes below it."""
    talk = await begin()
    first = await talk.answer("Hi")
    assert first.parent_id is not None
    turn = await talk.chat.retry(first.parent_id)
    assert (await talk.final(turn.assistant.id)).parent_id == first.parent_id


async def test_a_retry_may_ask_another_model(begin: BeginTalk) -> None:
    """The new version names the model that gave it; the session keeps its own."""
    talk = await begin()
    first = await talk.answer("Hi")
    turn = await talk.chat.retry(first.id, model="scripted/other")
    second = await talk.final(turn.assistant.id)
    assert (first.model, second.model) == ("scripted/demo", "scripted/other")
    assert (await talk.store.session(first.session_id)).model == "scripted/demo"


async def test_a_continuation_begins_with_the_text_so_far(begin: BeginTalk) -> None:
    """A new version starts with the old words, the old one stays, and the offsets go on from there."""
    talk = await begin(failing(FaultKind.RESET, Say("Once upon"), times=1), Script(steps=(Say("Once upon a time."),)))
    first = await talk.answer("Tell")
    turn = await talk.chat.resume(first.id)
    assert (turn.user, turn.assistant.content) == (None, "Once upon")
    second = await talk.final(turn.assistant.id)
    assert (second.content, second.status, second.version) == ("Once upon a time.", Status.COMPLETE, 2)
    assert second.metadata["continues"] == first.uid
    assert (await talk.store.message(first.id)).content == "Once upon"
    assert talk.updates.text(second.id) == " a time."
    sent = talk.scripted.requests[-1].messages[-1]
    assert (sent.role, sent.content) == (Role.ASSISTANT, "Once upon")


async def test_a_continuation_that_fails_keeps_the_words_it_began_with(begin: BeginTalk) -> None:
    """No version ever has less than the one before it."""
    talk = await begin(failing(FaultKind.RESET, Say("Once upon"), times=1), failing(FaultKind.AUTHENTICATION))
    first = await talk.answer("Tell")
    turn = await talk.chat.resume(first.id)
    second = await talk.final(turn.assistant.id)
    assert (second.content, second.status) == ("Once upon", Status.FAILED)


async def test_the_words_of_a_continuation_count_in_its_budget(begin: BeginTalk) -> None:
    """A long half answer leaves less room for what came before it."""
    begun = "word " * 150
    scripts = (Script(steps=(Say("Yes."),), times=1), failing(FaultKind.RESET, Say(begun, 0)))
    talk = await begin(*scripts, limits=Limits(retries=0))
    params = {"max_context": 256}
    session = await talk.store.create_session(NewSession(model="scripted/demo", params=params))
    await talk.answer("old " * 60, session_id=session.id)
    first = await talk.answer("new " * 20, session_id=session.id)
    assert len(talk.scripted.requests[-1].messages) == 4
    turn = await talk.chat.resume(first.id)
    await talk.final(turn.assistant.id)
    assert contents(talk.scripted.requests[-1].messages)[1:] == ["new " * 20, begun]


async def test_only_an_answer_is_continued(begin: BeginTalk) -> None:
    """A question has nothing to go on with."""
    talk = await begin()
    answer = await talk.answer("Hi")
    assert answer.parent_id is not None
    with pytest.raises(WrongUse, match="Only an answer"):
        await talk.chat.resume(answer.parent_id)


async def test_a_model_that_nobody_has_gives_a_card(begin: BeginTalk) -> None:
    """The question is kept, and the answer's row says that no provider has the model."""
    talk = await begin(demo=False)
    answer = await talk.answer("Hi", model="nobody/nothing")
    assert answer.fault is not None
    assert (answer.status, answer.fault.kind, answer.fault.where) == (
        Status.FAILED,
        FaultKind.NO_PROVIDER,
        "nobody/nothing",
    )
    assert rows(talk.folder)[0] == ("user", "complete", "Hi")


async def test_the_model_that_was_used_is_remembered(begin: BeginTalk) -> None:
    """It is recent from then on."""
    talk = await begin()
    await talk.answer("Hi", model="scripted/other")
    assert talk.settings.names("recent_models") == ("scripted/other",)


async def test_limits_are_read_for_each_answer(begin: BeginTalk) -> None:
    """A changed setting counts from the next message on."""
    talk = await begin(Script(steps=(Say("12345"),)))
    assert (await talk.answer()).content == "12345"
    talk.given.given = Limits(characters=3)
    assert (await talk.answer()).content == "123"


async def test_the_result_of_a_finished_answer_is_its_row(begin: BeginTalk) -> None:
    """Whoever asks late gets the same message."""
    talk = await begin()
    answer = await talk.answer()
    assert await talk.chat.result(answer.id) == answer
