"""Random sequences of what a person can do, several sessions at once: the tree stays valid and no word is lost."""

import asyncio
import random

import apsw
import pytest

from desktop.domain.faults import FaultKind, NotFound, WrongUse
from desktop.domain.messages import Role, Status
from desktop.domain.runs import RunEnded, RunText
from desktop.providers.scripted import Fail, Say, Script, Think, Wait
from desktop.services.library import LibraryService
from desktop.services.limits import Limits
from desktop.storage.store import DATABASE
from tests.services.conftest import BeginTalk
from tests.services.talking import LIMIT_S, Talk, fault

SCRIPTS = (
    Script(when="plain", steps=(Say("A plain answer of some words. " * 4, 9),)),
    Script(when="slow", steps=(Think("Hm. " * 5), Say("Slowly, slowly. " * 5, 5, pace=2000), Wait(0.01), Say("Done."))),
    Script(when="fail", steps=(Say("Half of an ans"), Fail(fault(FaultKind.RESET)))),
    Script(when="cut", steps=(Say("Cut off"),), ending=None),
)


class Person:
    """Does things in one session, and remembers what was acknowledged."""

    def __init__(self, talk: Talk, library: LibraryService, dice: random.Random, name: str) -> None:
        self._talk = talk
        self._library = library
        self._dice = dice
        self._name = name
        self._answers: list[int] = []
        self.said: list[str] = []

    async def live(self) -> None:
        for step in range(30):
            deed = self._dice.choice([self.send, self.send, self.stop, self.retry, self.resume, self.look, self.trash])
            try:
                async with asyncio.timeout(LIMIT_S):
                    await deed(step)
            except WrongUse:
                continue  # the last answer is still being written: a person is told, and goes on
            if self._dice.random() < 0.5:
                await asyncio.sleep(self._dice.random() / 200)

    async def send(self, step: int) -> None:
        kind = self._dice.choice(["plain", "slow", "fail", "cut"])
        text = f"{self._name} {step}: {kind}"
        sending = asyncio.create_task(self._talk.chat.send(text, session_id=self._name))
        if self._dice.random() < 0.2:
            await asyncio.sleep(0)
            sending.cancel()
        await asyncio.wait({sending})
        if not sending.cancelled():
            turn = sending.result()
            self._answers.append(turn.assistant.id)
            self.said.append(text)

    async def stop(self, _step: int) -> None:
        await self._talk.chat.stop_session(self._name)

    async def retry(self, _step: int) -> None:
        if self._answers:
            self._answers.append((await self._talk.chat.retry(self._dice.choice(self._answers))).assistant.id)

    async def resume(self, _step: int) -> None:
        if self._answers:
            self._answers.append((await self._talk.chat.resume(self._dice.choice(self._answers))).assistant.id)

    async def look(self, _step: int) -> None:
        if self._answers:
            await self._library.choose_version(self._dice.choice(self._answers), self._dice.choice([-1, 1]))

    async def trash(self, _step: int) -> None:
        await self._library.trash(self._name)
        await self._library.restore(self._name)


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_is_done_no_word_is_lost(begin: BeginTalk, seed: int) -> None:
    """Each acknowledged message is stored once, each answer is final and reads as it was told, each parent exists."""
    dice = random.Random(seed)
    talk = await begin(*SCRIPTS, limits=Limits(retries=0))
    library = LibraryService(store=talk.store, settings=talk.settings, notify=talk.updates)
    people = [Person(talk, library, dice, name) for name in ("ann", "ben", "eva")]
    for name in ("ann", "ben", "eva"):
        await library.create(model="scripted/demo", session_id=name)
    lives = asyncio.gather(*(person.live() for person in people))
    if seed % 2:
        await asyncio.sleep(dice.random() / 5)
        await talk.chat.close()
    await lives
    await talk.chat.wait_idle()

    db = apsw.Connection(str(talk.folder / DATABASE), flags=apsw.SQLITE_OPEN_READONLY)
    found = list(db.execute("SELECT id, session_id, parent_id, depth, role, status, content FROM message"))
    db.close()
    by_id = {row[0]: row for row in found}
    for _id, session, parent, depth, _role, status, _content in found:
        assert status != "streaming"
        assert (parent is None) == (depth == 0)
        if parent is not None:
            assert (by_id[parent][1], by_id[parent][3]) == (session, depth - 1)
    questions = [row[6] for row in found if row[4] == "user"]
    assert len(questions) == len(set(questions))
    assert {text for person in people for text in person.said} <= set(questions)
    for row in found:
        if row[4] == "assistant":
            await check_answer(talk, row[0])


async def check_answer(talk: Talk, message_id: int) -> None:
    """What listeners were told of an answer, piece by piece, is what is stored."""
    stored = await talk.store.message(message_id)
    pieces = talk.updates.of(RunText, message_id)
    ends = talk.updates.of(RunEnded, message_id)
    assert [end.message.content for end in ends] == [stored.content]
    assert talk.updates.all.index(ends[0]) > max((talk.updates.all.index(piece) for piece in pieces), default=-1)
    text = stored.content[: pieces[0].offset] if pieces else stored.content
    thinking = stored.thinking[: pieces[0].thinking_offset] if pieces else stored.thinking
    for piece in pieces:
        assert (piece.offset, piece.thinking_offset) == (len(text), len(thinking))
        text, thinking = text + piece.text, thinking + piece.thinking
    assert (text, thinking) == (stored.content, stored.thinking)
    assert stored.role is Role.ASSISTANT


async def test_a_session_thrown_away_in_mid_stream_keeps_its_answer(begin: BeginTalk) -> None:
    """The run ends as it would have ended, and the undo brings everything back."""
    talk = await begin(Script(steps=(Say("So far"), Wait(0.05), Say(", so good"))))
    turn = await talk.chat.send("Hi")
    await talk.heard(turn.assistant.id, "So far")
    await talk.store.trash_session(turn.assistant.session_id)
    assert (await talk.final(turn.assistant.id)).status is Status.COMPLETE
    await talk.store.restore_session(turn.assistant.session_id)
    assert (await talk.store.path(turn.assistant.session_id))[-1].content == "So far, so good"


async def test_a_session_removed_for_good_in_mid_stream_ends_its_run(begin: BeginTalk) -> None:
    """There is no row any more; whoever listens gets the text, and nothing hangs."""
    talk = await begin(Script(steps=(Say("So far"), Wait(0.05))))
    turn = await talk.chat.send("Hi")
    await talk.heard(turn.assistant.id, "So far")
    await talk.store.trash_session(turn.assistant.session_id)
    await talk.store.empty_trash()
    assert (await talk.updates.until(RunEnded)).message.content == "So far"
    await talk.chat.wait_idle()
    with pytest.raises(NotFound):
        await talk.store.message(turn.assistant.id)
    assert talk.chat.running() == ()
