"""The life of one answer, from the request to the final row."""

import asyncio
import threading
from collections.abc import AsyncGenerator

import pytest

from desktop.domain.events import Finished, StreamEvent, TextDelta, ThinkingDelta, ToolCallDelta
from desktop.domain.faults import Fault, FaultKind, ProviderError
from desktop.domain.messages import Status, ToolCall, Usage
from desktop.domain.requests import ChatRequest
from desktop.domain.runs import PlacesChanged, RunEnded, RunLoading, RunSent, RunStarted, RunText, SessionsChanged
from desktop.providers.scripted import Call, Hold, Say, Script, Think
from desktop.services.limits import Limits
from tests.services.conftest import BeginTalk
from tests.services.talking import OddGateway, failing, rows, until


async def test_an_answer_becomes_complete_with_all_that_is_known_of_it(begin: BeginTalk) -> None:
    """Text, usage, cost, finish reason and times stand in the final row."""
    usage = Usage(input_tokens=3, output_tokens=2, cached_tokens=1)
    ending = Finished(usage=usage, cost=0.25, model="demo-2026", thinking_signature="sig")
    talk = await begin(Script(steps=(Think("Hm."), Say("Good evening.")), ending=ending))
    answer = await talk.answer()
    assert (answer.content, answer.thinking, answer.status) == ("Good evening.", "Hm.", Status.COMPLETE)
    assert (answer.usage, answer.cost, answer.finish_reason) == (usage, 0.25, "stop")
    assert answer.response_time_ms is not None
    assert answer.metadata["answered_model"] == "demo-2026"
    assert answer.metadata["thinking_signature"] == "sig"
    assert 0 <= answer.metadata["first_token_ms"] <= answer.metadata["thinking_ms"] <= answer.response_time_ms
    assert await talk.store.message(answer.id) == answer


async def test_a_run_is_told_in_order(begin: BeginTalk) -> None:
    """Started, sent, text, ended; the list hears of the beginning and the end, the counts of the new session."""
    talk = await begin(Script(steps=(Say("Yes"),)))
    answer = await talk.answer()
    told = [type(update) for update in talk.updates.all]
    assert told.count(PlacesChanged) == 1
    kinds = [kind for kind in told if kind is not PlacesChanged]
    assert kinds[:3] == [RunStarted, SessionsChanged, RunSent]
    assert kinds[-2:] == [RunEnded, SessionsChanged]
    assert set(kinds[3:-2]) == {RunText}
    assert talk.updates.of(RunSent)[0].attempt == 1
    assert all(update.session_id == answer.session_id for update in talk.updates.all if hasattr(update, "session_id"))


async def test_pieces_join_without_gap_or_overlap(begin: BeginTalk) -> None:
    """The offsets of text and of thinking count exactly what came before."""
    talk = await begin(Script(steps=(Think("α" * 40, 3), Say("one two three " * 9, 4), Think("β" * 9, 2))))
    answer = await talk.answer()
    text = thinking = ""
    for update in talk.updates.of(RunText, answer.id):
        assert (update.offset, update.thinking_offset) == (len(text), len(thinking))
        assert update.text or update.thinking
        text, thinking = text + update.text, thinking + update.thinking
    assert (text, thinking) == (answer.content, answer.thinking)


async def test_what_has_arrived_is_known_before_it_is_saved(begin: BeginTalk) -> None:
    """A view that is opened in mid-stream gets all so far; afterwards the row has it."""
    free = threading.Event()
    talk = await begin(Script(steps=(Think("Hm."), Say("So far"), Hold(free), Say(", so good"))))
    turn = await talk.chat.send("Hi")
    await talk.heard(turn.assistant.id, "So far")
    live = await talk.chat.live(turn.assistant.id)
    assert live is not None
    assert (live.text, live.thinking, live.message_id) == ("So far", "Hm.", turn.assistant.id)
    free.set()
    assert (await talk.final(turn.assistant.id)).content == "So far, so good"
    assert await talk.chat.live(turn.assistant.id) is None


async def test_a_checkpoint_follows_while_the_provider_pauses(begin: BeginTalk) -> None:
    """Another connection reads the text although nothing more arrives, and the row still streams."""
    free = threading.Event()
    talk = await begin(Script(steps=(Say("Half a sentence"), Hold(free))))
    turn = await talk.chat.send("Hi")
    await until(lambda: rows(talk.folder)[1] == ("assistant", "streaming", "Half a sentence"))
    free.set()
    await talk.final(turn.assistant.id)


async def test_nothing_is_checkpointed_twice(begin: BeginTalk) -> None:
    """A pause costs no writing."""
    free = threading.Event()
    talk = await begin(Script(steps=(Say("Once"), Hold(free), Say(" more"), Hold(free))))
    turn = await talk.chat.send("Hi")
    await until(lambda: rows(talk.folder)[1][2] == "Once")
    assert talk.store.checkpoints == 1
    free.set()
    await talk.final(turn.assistant.id)


@pytest.mark.parametrize("reason", ["length", "content_filter", "tool_calls"])
async def test_the_reason_of_the_end_is_kept(begin: BeginTalk, reason: str) -> None:
    """A view can put a badge beside an answer that was cut by its provider."""
    talk = await begin(Script(steps=(Say("Cut"),), ending=Finished(finish_reason=reason)))
    answer = await talk.answer()
    assert (answer.finish_reason, answer.status) == (reason, Status.COMPLETE)


async def test_an_unknown_price_stays_unknown(begin: BeginTalk) -> None:
    """Nothing is guessed where the provider said nothing."""
    talk = await begin(Script(steps=(Say("Free?"),), ending=Finished()))
    answer = await talk.answer()
    assert (answer.cost, answer.usage) == (None, None)


async def test_tool_calls_are_joined_by_their_index(begin: BeginTalk) -> None:
    """Pieces of several calls become whole calls, in order."""
    steps = (Call("look", '{"at": "moon"}', index=1, id="b"), Call("wait", "", index=0, id="a"))
    talk = await begin(Script(steps=steps, ending=Finished(finish_reason="tool_calls")))
    answer = await talk.answer()
    assert answer.tool_calls == (
        ToolCall(id="a", name="wait", arguments=""),
        ToolCall(id="b", name="look", arguments='{"at": "moon"}'),
    )
    assert answer.status is Status.COMPLETE


@pytest.mark.parametrize("arguments", ['{"at": ', "[" * 100_000])
async def test_a_broken_tool_call_is_no_complete_answer(begin: BeginTalk, arguments: str) -> None:
    """Arguments that are no JSON, however deep, interrupt the answer and name the tool."""
    talk = await begin(Script(steps=(Say("I look."), Call("look", arguments, size=0))))
    answer = await talk.answer()
    assert (answer.status, answer.content) == (Status.INTERRUPTED, "I look.")
    assert answer.fault == Fault(kind=FaultKind.BROKEN_TOOL_CALL, words="look")


async def test_a_session_goes_on_after_a_tool_call_that_nobody_ran(begin: BeginTalk) -> None:
    """The next request holds no call without a result, which providers refuse."""
    call = Script(steps=(Say("I look."), Call("look", "{")), times=1)
    talk = await begin(call, Script(steps=(Say("Fine."),)))
    first = await talk.answer()
    await talk.answer("And now?", session_id=first.session_id)
    sent = talk.scripted.requests[-1].messages
    assert [one.content for one in sent][1:] == ["Hi", "I look.", "And now?"]
    assert not any(one.tool_calls for one in sent)


async def test_a_failure_before_the_first_word_is_a_failed_answer(begin: BeginTalk) -> None:
    """The row keeps the fault with the provider's words, and no text."""
    talk = await begin(failing(FaultKind.AUTHENTICATION, status=401, words="Bad key."))
    answer = await talk.answer()
    assert (answer.status, answer.content) == (Status.FAILED, "")
    assert answer.fault == Fault(kind=FaultKind.AUTHENTICATION, status=401, words="Bad key.")
    assert (await talk.store.message(answer.id)).fault == answer.fault


async def test_a_failure_in_mid_answer_keeps_the_text_and_is_not_retried(begin: BeginTalk) -> None:
    """Nothing is sent twice once text has arrived."""
    talk = await begin(failing(FaultKind.RESET, Say("Three words here")))
    answer = await talk.answer()
    assert (answer.status, answer.content) == (Status.INTERRUPTED, "Three words here")
    assert len(talk.scripted.requests) == 1


async def test_a_stream_without_an_end_is_interrupted(begin: BeginTalk) -> None:
    """An answer counts as complete only where the provider said so."""
    talk = await begin(Script(steps=(Say("And then"),), ending=None))
    answer = await talk.answer()
    assert (answer.status, answer.content) == (Status.INTERRUPTED, "And then")
    assert answer.fault == Fault(kind=FaultKind.TRUNCATED)


async def test_text_beyond_the_cap_is_cut(begin: BeginTalk) -> None:
    """The kept text, and what listeners were told, end exactly at the cap, with a note."""
    limits = Limits(characters=10)
    talk = await begin(Script(steps=(Think("1234"), Say("abcdefghijkl", 0))), limits=limits)
    answer = await talk.answer()
    assert (answer.thinking, answer.content, answer.status) == ("1234", "abcdef", Status.STOPPED)
    assert answer.fault == Fault(kind=FaultKind.ANSWER_TOO_LONG)
    assert talk.updates.text(answer.id) == "abcdef"


async def test_an_answer_as_long_as_the_cap_is_whole(begin: BeginTalk) -> None:
    """The cap belongs to what may be kept."""
    talk = await begin(Script(steps=(Say("1234567890", 0),)), limits=Limits(characters=10))
    assert (await talk.answer()).status is Status.COMPLETE


async def test_endless_arguments_of_a_tool_are_cut_off_too(begin: BeginTalk) -> None:
    """Memory is bounded whatever the provider fills it with."""
    talk = await begin(Script(steps=(Call("look", "x" * 500, size=100),)), limits=Limits(characters=50))
    assert (await talk.answer()).fault == Fault(kind=FaultKind.ANSWER_TOO_LONG)


async def test_a_message_waits_for_the_library_and_goes_out_by_itself(begin: BeginTalk) -> None:
    """What is sent before the providers are loaded is stored, shown as waiting, and sent later."""

    async def stream(_request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        yield TextDelta("There you are.")
        yield Finished()

    gateway = OddGateway(stream)
    gateway.loaded.clear()
    talk = await begin(gateway=gateway)
    turn = await talk.chat.send("Early bird")
    await talk.updates.until(RunLoading)
    assert rows(talk.folder) == [("user", "complete", "Early bird"), ("assistant", "streaming", "")]
    assert not talk.updates.of(RunSent)
    gateway.loaded.set()
    assert (await talk.final(turn.assistant.id)).content == "There you are."


async def test_a_library_that_cannot_be_loaded_fails_the_answer(begin: BeginTalk) -> None:
    """The card says so; nothing waits for ever."""

    async def stream(_request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        yield Finished()

    gateway = OddGateway(stream)
    gateway.loaded.clear()
    gateway.refusal = ProviderError(Fault(kind=FaultKind.UNAVAILABLE, words="no litellm"))
    talk = await begin(gateway=gateway)
    turn = await talk.chat.send("Hi")
    await talk.updates.until(RunLoading)
    gateway.loaded.set()
    answer = await talk.final(turn.assistant.id)
    assert answer.fault == Fault(kind=FaultKind.UNAVAILABLE, words="no litellm")


async def test_a_surprise_of_a_provider_ends_one_answer_and_no_more(
    begin: BeginTalk, caplog: pytest.LogCaptureFixture
) -> None:
    """An exception of a library becomes a fault; its text, which may hold anything, is not logged."""

    async def stream(_request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        yield TextDelta("Before")
        raise ZeroDivisionError("sk-canary")

    talk = await begin(gateway=OddGateway(stream))
    answer = await talk.answer()
    assert (answer.status, answer.content) == (Status.INTERRUPTED, "Before")
    assert answer.fault == Fault(kind=FaultKind.UNKNOWN, words="ZeroDivisionError")
    assert "ZeroDivisionError" in caplog.text
    assert "canary" not in caplog.text


async def test_a_cancellation_from_within_a_library_is_no_silence(begin: BeginTalk) -> None:
    """A library that cancels itself ends the answer at once instead of at the watchdog's limit."""

    async def stream(_request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        yield TextDelta("Before")
        raise asyncio.CancelledError

    talk = await begin(gateway=OddGateway(stream))
    answer = await talk.answer()
    assert (answer.status, answer.content) == (Status.INTERRUPTED, "Before")
    assert answer.fault == Fault(kind=FaultKind.RESET)


async def test_pieces_without_words_are_no_sign_of_life(begin: BeginTalk) -> None:
    """Empty deltas neither reach a listener nor keep a dead connection alive."""

    async def stream(_request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        while True:
            yield TextDelta("")
            yield ThinkingDelta("")
            await asyncio.sleep(0.01)

    talk = await begin(gateway=OddGateway(stream), limits=Limits(local_first_token_s=0.2))
    answer = await talk.answer()
    assert (answer.status, answer.fault) == (Status.FAILED, Fault(kind=FaultKind.FIRST_TIMEOUT))
    assert not talk.updates.of(RunText)


async def test_a_flood_waits_for_whoever_reads_it(begin: BeginTalk) -> None:
    """Between provider and run lies a bounded queue: ten thousand pieces arrive whole and in order."""
    whole = "".join(f"{number} " for number in range(10_000))

    async def stream(_request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        for number in range(10_000):
            yield TextDelta(f"{number} ")
        yield Finished()

    talk = await begin(gateway=OddGateway(stream))
    answer = await talk.answer()
    assert (answer.content, answer.status) == (whole, Status.COMPLETE)
    assert talk.updates.text(answer.id) == whole
    assert len(talk.updates.of(RunText)) < 1000


async def test_tool_calls_alone_keep_an_answer_alive(begin: BeginTalk) -> None:
    """A model that only calls tools has answered: what failed afterwards is an interruption."""

    async def stream(_request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        yield ToolCallDelta(0, id="a", name="look")
        yield ToolCallDelta(0, arguments="{}")
        raise ProviderError(Fault(kind=FaultKind.SERVER))

    talk = await begin(gateway=OddGateway(stream))
    answer = await talk.answer()
    assert (answer.status, len(answer.tool_calls)) == (Status.INTERRUPTED, 1)
    assert len(talk.updates.of(RunSent)) == 1
