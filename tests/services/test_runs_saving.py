"""The way of the words to the disk, also when the disk takes none."""

import asyncio
import threading

import pytest

from desktop.domain.faults import (
    Busy,
    DiskFull,
    FaultKind,
    KeychainLocked,
    KeyFileUnsafe,
    NoKeychain,
    NotFound,
    WrongUse,
)
from desktop.domain.messages import Message, Status
from desktop.domain.models import ModelSpec, Secret
from desktop.domain.runs import RunEnded, RunSaving
from desktop.domain.sessions import Session
from desktop.providers.scripted import Hold, Say, Script
from desktop.providers.tokens import TokenCounter
from desktop.services.chat import ChatService
from desktop.services.context import ContextBuilder
from desktop.services.limits import Limits
from tests.services.conftest import BeginTalk
from tests.services.talking import LIMIT_S, Talk, rows, until

FULL = DiskFull("The disk is full.")


async def full_while_streaming(begin: BeginTalk) -> tuple[Talk, Message, threading.Event]:
    """Let a disk become full in the middle of an answer."""
    free = threading.Event()
    talk = await begin(Script(steps=(Say("First"), Hold(free), Say(", second"))))
    turn = await talk.chat.send("Hi")
    await talk.heard(turn.assistant.id, "First")
    talk.store.trouble = FULL
    return talk, turn.assistant, free


async def test_a_full_disk_is_told_once_with_its_reason(begin: BeginTalk) -> None:
    """A banner says that nothing is saved, and goes away by itself when there is space."""
    talk, assistant, free = await full_while_streaming(begin)
    trouble = await talk.updates.until(RunSaving)
    assert (trouble.saved, trouble.reason, trouble.message_id) == (False, "The disk is full.", assistant.id)
    tried = talk.store.checkpoints
    await until(lambda: talk.store.checkpoints > tried)
    assert len(talk.updates.of(RunSaving)) == 1
    talk.store.trouble = None
    await talk.updates.until(RunSaving, lambda update: update.saved)
    assert rows(talk.folder)[1] == ("assistant", "streaming", "First")
    free.set()
    await talk.final(assistant.id)


async def test_an_answer_that_ends_on_a_full_disk_is_saved_later(begin: BeginTalk) -> None:
    """The text stays in memory until the disk takes it; then the row is complete."""
    talk, assistant, free = await full_while_streaming(begin)
    await talk.updates.until(RunSaving)
    free.set()
    await talk.heard(assistant.id, "First, second")
    live = await talk.chat.live(assistant.id)
    assert live is not None
    assert live.text == "First, second"
    assert not talk.updates.of(RunEnded)
    talk.store.trouble = None
    answer = await talk.final(assistant.id)
    assert (answer.content, answer.status) == ("First, second", Status.COMPLETE)
    assert rows(talk.folder)[1] == ("assistant", "complete", "First, second")
    assert [update.saved for update in talk.updates.of(RunSaving)] == [False, True]


async def test_closing_does_not_wait_for_a_full_disk(begin: BeginTalk) -> None:
    """The program ends; the words that had reached the disk are there at the next start."""
    talk, assistant, free = await full_while_streaming(begin)
    await until(lambda: rows(talk.folder)[1][2] == "First" or talk.store.checkpoints > 0)
    free.set()
    await talk.heard(assistant.id, "First, second")
    async with asyncio.timeout(LIMIT_S):
        await talk.chat.close()
    ended = talk.updates.of(RunEnded)
    assert [update.message.content for update in ended] == ["First, second"]
    assert rows(talk.folder)[1][1] == "streaming"


async def test_stopping_does_not_wait_for_a_full_disk_and_loses_nothing(begin: BeginTalk) -> None:
    """Stop returns; the text stays live until the disk takes it."""
    talk, assistant, _free = await full_while_streaming(begin)
    talk.given.given = Limits(stopping_s=0.05)
    async with asyncio.timeout(LIMIT_S):
        await talk.chat.stop(assistant.id)
        await talk.chat.stop_session(assistant.session_id)
    live = await talk.chat.live(assistant.id)
    assert live is not None
    assert live.text == "First"
    assert (await talk.store.trash_session(assistant.session_id)).deleted_at is not None
    talk.store.trouble = None
    answer = await talk.final(assistant.id)
    assert (answer.content, answer.status) == ("First", Status.STOPPED)
    assert rows(talk.folder)[1] == ("assistant", "stopped", "First")


async def test_a_run_with_a_limit_gives_up_and_says_why(begin: BeginTalk) -> None:
    """A program gets the answer that was paid for, and learns that it is in no database."""
    talk = await begin(Script(steps=(Say("Yes"),)), limits=Limits(saving_s=0.0))
    talk.store.trouble = FULL
    answer = await talk.answer()
    assert (answer.content, answer.metadata["not_saved"]) == ("Yes", "The disk is full.")


async def test_one_answer_can_be_given_up(begin: BeginTalk) -> None:
    """Whoever waits decides that it is enough; an answer that is not running is no trouble."""
    talk, assistant, free = await full_while_streaming(begin)
    free.set()
    await talk.heard(assistant.id, "First, second")
    talk.chat.give_up_saving(assistant.id)
    assert (await talk.final(assistant.id)).metadata["not_saved"] == "The disk is full."
    talk.chat.give_up_saving(assistant.id)


async def test_a_busy_database_only_delays(begin: BeginTalk) -> None:
    """Another process that holds the database for long costs no word."""
    talk = await begin(Script(steps=(Say("Yes"),)))
    talk.store.trouble = Busy("Another program holds it.")
    turn = await talk.chat.send("Hi")
    await talk.updates.until(RunSaving)
    talk.store.trouble = None
    assert (await talk.final(turn.assistant.id)).status is Status.COMPLETE


@pytest.mark.parametrize("error", [NotFound("gone"), WrongUse("final")])
async def test_a_row_that_takes_nothing_any_more_ends_the_run(begin: BeginTalk, error: Exception) -> None:
    """The listener gets the text all the same; the session is free for the next message."""
    talk = await begin(Script(steps=(Say("Where to?"),)))
    talk.store.trouble = error
    answer = await talk.answer()
    assert (answer.content, answer.status) == ("Where to?", Status.COMPLETE)
    assert answer.metadata["answered_model"] == "demo"
    assert not talk.chat.running()


class Closed:
    """Models whose keys or rows cannot be had."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def resolve(self, _address: str, _session: Session) -> tuple[ModelSpec, Secret | None]:
        raise self.error

    async def default_model(self) -> str:
        return "scripted/demo"

    async def note_use(self, _address: str) -> None:
        """Nothing is remembered."""


def with_models(talk: Talk, models: Closed) -> ChatService:
    return ChatService(
        store=talk.store,
        gateway=talk.gateway,
        models=models,
        settings=talk.given,
        context=ContextBuilder(counter=TokenCounter()),
        notify=talk.updates,
    )


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (KeychainLocked("The keychain is locked."), FaultKind.NO_KEY),
        (NoKeychain("There is no keychain."), FaultKind.NO_KEY),
        (KeyFileUnsafe("Others can read it."), FaultKind.NO_KEY),
        (Busy("Another program holds it."), FaultKind.UNKNOWN),
        (NotFound("There is no such row."), FaultKind.UNKNOWN),
    ],
)
async def test_a_request_that_cannot_be_made_fails_with_a_sentence(
    begin: BeginTalk, error: Exception, kind: FaultKind
) -> None:
    """A locked keychain or a database in use ends the answer; it does not stream for ever."""
    talk = await begin()
    chat = with_models(talk, Closed(error))
    turn = await chat.send("Hi")
    answer = await chat.result(turn.assistant.id)
    assert answer.fault is not None
    assert (answer.status, answer.fault.kind, answer.fault.words) == (Status.FAILED, kind, str(error))
    assert rows(talk.folder)[1][1] == "failed"


async def test_a_mistake_of_ours_ends_the_row_and_is_not_swallowed(begin: BeginTalk) -> None:
    """The answer is final for everyone who looks, and the mistake reaches whoever waits for the result."""
    talk = await begin()
    chat = with_models(talk, Closed(ZeroDivisionError()))
    turn = await chat.send("Hi")
    with pytest.raises(ZeroDivisionError):
        await chat.result(turn.assistant.id)
    assert rows(talk.folder)[1][1] == "interrupted"
    assert talk.updates.of(RunEnded)[0].message.status is Status.INTERRUPTED
    assert not chat.running()


async def test_settings_that_cannot_be_saved_keep_no_message_back(begin: BeginTalk) -> None:
    """Which model was used last is a comfort: without it the answer comes all the same."""
    talk = await begin(Script(steps=(Say("Yes"),)))
    (talk.folder / "settings.json").mkdir()
    assert (await talk.answer()).content == "Yes"
