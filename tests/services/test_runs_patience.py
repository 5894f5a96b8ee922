"""When a run tries again by itself, how it waits, and when it waits no longer."""

import asyncio
import threading

import pytest

from desktop.domain.events import Finished
from desktop.domain.faults import RETRYABLE, Fault, FaultKind
from desktop.domain.messages import Status
from desktop.domain.runs import RunEnded, RunSent, RunWaiting
from desktop.providers.scripted import Call, Fail, Hold, Say, Script, Think
from desktop.services.limits import Limits
from tests.services.conftest import BeginTalk
from tests.services.talking import failing, fault

SOON = 0.01
FINE = Script(steps=(Say("Fine."),))


@pytest.mark.parametrize("kind", sorted(RETRYABLE))
async def test_a_passing_fault_gets_a_quiet_retry_and_one_answer(begin: BeginTalk, kind: FaultKind) -> None:
    """The provider fails once; the user sees one answer, in the row that was there all along."""
    talk = await begin(failing(kind, times=1, retry_after_s=SOON), FINE)
    answer = await talk.answer()
    assert (answer.content, answer.status, answer.fault) == ("Fine.", Status.COMPLETE, None)
    assert len(talk.scripted.requests) == 2
    assert len(await talk.store.path(answer.session_id)) == 2
    assert [update.attempt for update in talk.updates.of(RunSent)] == [1, 2]


async def test_a_lasting_fault_is_told_at_once(begin: BeginTalk) -> None:
    """A refused key, a used-up quota or a broken request is not sent again."""
    kinds = sorted(set(FaultKind) - RETRYABLE - {FaultKind.ANSWER_TOO_LONG})
    steps = {kind: Fail(fault(kind, retry_after_s=SOON)) for kind in kinds}
    talk = await begin(*(Script(when=f"<{kind}>", steps=(step,)) for kind, step in steps.items()))
    answers = await asyncio.gather(*(talk.answer(f"<{kind}>") for kind in kinds))
    assert [answer.fault for answer in answers] == [step.fault for step in steps.values()]
    assert {answer.status for answer in answers} == {Status.FAILED}
    assert len(talk.scripted.requests) == len(kinds)
    assert not talk.updates.of(RunWaiting)


async def test_every_wait_is_told_with_its_reason_and_length(begin: BeginTalk) -> None:
    """A view can count down, say why, and how many attempts are left."""
    talk = await begin(failing(FaultKind.RATE_LIMIT, times=2, retry_after_s=SOON, words="Slow."), FINE)
    answer = await talk.answer()
    waits = talk.updates.of(RunWaiting, answer.id)
    assert [(wait.seconds, wait.attempt, wait.attempts) for wait in waits] == [(SOON, 2, 4), (SOON, 3, 4)]
    assert waits[0].fault.words == "Slow."


async def test_the_number_of_retries_is_bounded(begin: BeginTalk) -> None:
    """After three retries the fault is shown."""
    talk = await begin(failing(FaultKind.OVERLOADED, retry_after_s=SOON, status=529))
    answer = await talk.answer()
    assert (answer.status, len(talk.scripted.requests)) == (Status.FAILED, 4)
    assert answer.fault == fault(FaultKind.OVERLOADED, retry_after_s=SOON, status=529)


async def test_no_retries_means_none(begin: BeginTalk) -> None:
    """The setting may be zero."""
    talk = await begin(failing(FaultKind.SERVER), limits=Limits(retries=0))
    assert (await talk.answer()).status is Status.FAILED
    assert len(talk.scripted.requests) == 1


async def test_a_long_pause_is_left_to_the_user(begin: BeginTalk) -> None:
    """A provider that wants an hour is not waited for in silence: the card says how long it is."""
    talk = await begin(failing(FaultKind.RATE_LIMIT, retry_after_s=3600))
    answer = await talk.answer()
    assert answer.fault == fault(FaultKind.RATE_LIMIT, retry_after_s=3600)
    assert not talk.updates.of(RunWaiting)


async def test_a_wait_ends_when_the_user_is_impatient(begin: BeginTalk) -> None:
    """`try_now` sends the next attempt at once."""
    talk = await begin(failing(FaultKind.RATE_LIMIT, times=1, retry_after_s=50), FINE)
    turn = await talk.chat.send("Hi")
    await talk.updates.until(RunWaiting)
    await talk.chat.try_now(turn.assistant.id)
    assert (await talk.final(turn.assistant.id)).content == "Fine."


async def test_impatience_counts_for_one_wait(begin: BeginTalk) -> None:
    """The next wait is a wait again."""
    talk = await begin(failing(FaultKind.RATE_LIMIT, times=2, retry_after_s=50), FINE)
    turn = await talk.chat.send("Hi")
    for attempt in (2, 3):
        await talk.updates.until(RunWaiting, lambda it, attempt=attempt: it.attempt == attempt)  # type: ignore[misc]
        assert not talk.updates.of(RunEnded)
        await talk.chat.try_now(turn.assistant.id)
    assert (await talk.final(turn.assistant.id)).content == "Fine."


async def test_impatience_without_a_wait_changes_nothing(begin: BeginTalk) -> None:
    """Neither for an answer that is being written, nor for one that is not there."""
    free = threading.Event()
    talk = await begin(Script(steps=(Say("a"), Hold(free), Say("b"))))
    turn = await talk.chat.send("Hi")
    await talk.heard(turn.assistant.id, "a")
    await talk.chat.try_now(turn.assistant.id)
    await talk.chat.try_now(4711)
    free.set()
    assert (await talk.final(turn.assistant.id)).content == "ab"


async def test_a_wait_can_be_cancelled(begin: BeginTalk) -> None:
    """Stop during a countdown leaves a stopped, empty answer and sends nothing more."""
    talk = await begin(failing(FaultKind.RATE_LIMIT, retry_after_s=50))
    turn = await talk.chat.send("Hi")
    await talk.updates.until(RunWaiting)
    await talk.chat.stop(turn.assistant.id)
    answer = await talk.store.message(turn.assistant.id)
    assert (answer.status, answer.content, answer.fault) == (Status.STOPPED, "", None)
    assert len(talk.scripted.requests) == 1


@pytest.mark.parametrize("begun", [Say("Some"), Think("Some"), Call("look", "{}")])
async def test_nothing_is_retried_once_something_has_arrived(begin: BeginTalk, begun: Say | Think | Call) -> None:
    """Text, thinking and tool calls are all something that a second request would repeat."""
    talk = await begin(failing(FaultKind.OVERLOADED, begun, retry_after_s=SOON))
    assert (await talk.answer()).status is Status.INTERRUPTED
    assert len(talk.scripted.requests) == 1


async def test_a_continuation_may_be_retried_before_its_first_word(begin: BeginTalk) -> None:
    """The text it begins with did not arrive with this run."""
    talk = await begin(
        failing(FaultKind.RESET, Say("One two"), times=1),
        failing(FaultKind.SERVER, times=1, retry_after_s=SOON),
        Script(steps=(Say("One two three."),)),
    )
    first = await talk.answer()
    turn = await talk.chat.resume(first.id)
    answer = await talk.final(turn.assistant.id)
    assert (answer.content, answer.status) == ("One two three.", Status.COMPLETE)


async def test_the_time_of_an_answer_counts_from_the_attempt_that_gave_it(begin: BeginTalk) -> None:
    """A wait that the provider asked for is not its response time."""
    talk = await begin(failing(FaultKind.RATE_LIMIT, times=1, retry_after_s=0.2), FINE)
    loop = asyncio.get_running_loop()
    began = loop.time()
    answer = await talk.answer()
    whole_ms = (loop.time() - began) * 1000
    assert answer.response_time_ms is not None
    assert answer.metadata["first_token_ms"] <= answer.response_time_ms <= whole_ms - 199


async def test_the_first_word_has_a_limit(begin: BeginTalk) -> None:
    """Silence from the beginning fails the answer; it is not sent again blindly."""
    talk = await begin(Script(steps=(Hold(threading.Event()),)), limits=Limits(local_first_token_s=0.1))
    answer = await talk.answer()
    assert (answer.status, answer.fault) == (Status.FAILED, fault(FaultKind.FIRST_TIMEOUT))
    assert len(talk.scripted.requests) == 1


async def test_silence_within_an_answer_has_a_limit(begin: BeginTalk) -> None:
    """The text so far is kept, and the answer is interrupted."""
    limits = Limits(local_first_token_s=50, silence_s=0.1)
    talk = await begin(Script(steps=(Say("Well"), Hold(threading.Event()))), limits=limits)
    answer = await talk.answer()
    assert (answer.status, answer.content) == (Status.INTERRUPTED, "Well")
    assert answer.fault == fault(FaultKind.SILENCE_TIMEOUT)


async def test_a_slow_answer_that_keeps_talking_is_no_silence(begin: BeginTalk) -> None:
    """Each piece of content gives the next one its full time."""
    talk = await begin(Script(steps=(Say("abcdefgh", 1, pace=6),)), limits=Limits(silence_s=1.0))
    answer = await talk.answer()
    assert (answer.content, answer.status) == ("abcdefgh", Status.COMPLETE)


async def test_thinking_is_content(begin: BeginTalk) -> None:
    """A model that thinks for long is not taken for dead."""
    limits = Limits(local_first_token_s=1.0, silence_s=1.0)
    talk = await begin(Script(steps=(Think("abcdefgh", 1, pace=6), Say("Yes"))), limits=limits)
    assert (await talk.answer()).content == "Yes"


async def test_a_timeout_closes_the_stream(begin: BeginTalk) -> None:
    """The provider's connection does not outlive the answer."""
    talk = await begin(Script(steps=(Say("a"), Hold(threading.Event()))), limits=Limits(silence_s=0.05))
    await talk.answer()
    assert talk.scripted.open_streams == 0


async def test_only_whole_answers_are_complete(begin: BeginTalk) -> None:
    """Of all scripts, those that end are complete and no others."""
    talk = await begin(
        Script(when="ends", steps=(Say("a"),), ending=Finished()),
        Script(when="breaks", steps=(Say("a"),), ending=None),
        Script(when="fails", steps=(Say("a"), Fail(Fault(kind=FaultKind.MALFORMED)))),
    )
    answers = await asyncio.gather(*(talk.answer(word) for word in ("ends", "breaks", "fails")))
    assert [answer.status for answer in answers] == [Status.COMPLETE, Status.INTERRUPTED, Status.INTERRUPTED]
