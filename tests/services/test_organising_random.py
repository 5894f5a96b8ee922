"""Whatever is done to folders, tags and sessions: undo leads back, redo forth, and folders stay a forest.

Also where another profile does the same in turn, where a disk fails now and then, and where sessions go for good.
"""

import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import peewee
import pytest
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.organising import COLOURS, GUEST, Profile
from desktop.domain.sessions import NewSession
from desktop.services import deeds
from desktop.services.organising import OrganisingService
from desktop.storage.store import Store
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk

SESSIONS = tuple(f"s{number}" for number in range(12))
TABLES = (
    "SELECT id, parent_id, name, position, colour, system_prompt, model FROM folder ORDER BY id",
    "SELECT id, name, colour FROM tag ORDER BY id",
    "SELECT id, name, query, position FROM saved_search ORDER BY id",
    "SELECT id, folder_id, pinned, is_active, is_resolved, deleted_at FROM session ORDER BY id",
    "SELECT session_id, tag_id FROM session_tag ORDER BY 1, 2",
)


async def state(store: Store) -> list[Any]:
    def read(db: APSWDatabase) -> list[Any]:
        return [db.execute_sql(sql).fetchall() for sql in TABLES]

    return await store.read(read)


class Hand:
    """Does what comes to its mind."""

    def __init__(self, talk: Talk, chance: random.Random, *, chunk: int = deeds.CHUNK) -> None:
        self.profile = GUEST
        self.store = talk.store
        self.service = OrganisingService(
            store=talk.store,
            chat=talk.chat,
            notify=talk.updates,
            profile=lambda: self.profile,
            clock=lambda: chance.randrange(1, 10**9),
            chunk=chunk,
        )
        self.chance = chance

    def some(self) -> list[str]:
        return self.chance.sample(SESSIONS, self.chance.randrange(1, 6))

    async def break_disk(self) -> None:
        """Let the next changes of a session, and of a table, fail."""
        table = self.chance.choice(["folder", "tag", "session"])
        what = self.chance.choice(["INSERT", "UPDATE", "DELETE"])
        marked = self.chance.choice(["INSERT", "DELETE"])

        def work(db: APSWDatabase) -> None:
            body = "BEGIN SELECT raise(ABORT, 'the disk is broken'); END"
            db.execute_sql(f"CREATE TRIGGER broken BEFORE {what} ON {table} {body}")
            name = self.chance.choice(SESSIONS)
            db.execute_sql(f"CREATE TRIGGER torn BEFORE {marked} ON session_tag {body}")
            db.execute_sql(f"CREATE TRIGGER lame BEFORE UPDATE ON session WHEN new.id = '{name}' {body}")

        await self.store.call(work)

    async def mend_disk(self) -> None:
        def work(db: APSWDatabase) -> None:
            for name in ("broken", "torn", "lame"):
                db.execute_sql(f"DROP TRIGGER IF EXISTS {name}")

        await self.store.call(work)

    async def bravely(self, deed: Callable[[], Awaitable[object]]) -> object:
        """Do something on a disk that fails now and then: the second time it is well again."""
        if self.chance.random() < 0.3:
            await self.break_disk()
            try:
                return await deed()
            except peewee.IntegrityError:
                pass
            finally:
                await self.mend_disk()
        return await deed()

    async def one(self) -> None:
        """Do something; what is refused changes nothing."""
        places = await self.service.places()
        folders: list[int | None] = [None, *(folder.id for folder in places.folders)]
        chance, service, on = self.chance, self.service, self.chance.random() < 0.5
        folder = chance.choice(folders)
        tag = chance.choice([99, *(tag.id for tag in places.tags)])
        search = chance.choice([99, *(search.id for search in places.searches)])
        wishes: list[Callable[[], Any]] = [
            lambda: service.create_folder(f"F{chance.randrange(9)}", parent_id=folder),
            lambda: service.move_folder(folder or 99, parent_id=chance.choice(folders), before=chance.choice(folders)),
            lambda: service.change_folder(folder or 99, name=f"G{chance.randrange(9)}", colour=chance.choice(COLOURS)),
            lambda: service.remove_folder(folder or 99),
            lambda: service.move(self.some(), folder),
            lambda: service.tag(self.some(), chance.choice(["a", "b", "É", "e"])),
            lambda: service.untag(self.some(), tag),
            lambda: service.change_tag(tag, name=chance.choice("abcd")),
            lambda: service.remove_tag(tag),
            lambda: service.pin(self.some(), on),
            lambda: service.resolve(self.some(), on),
            lambda: service.archive(self.some(), on),
            lambda: service.trash(self.some()),
            lambda: service.restore(self.some()),
            lambda: service.save_search("S", "words"),
            lambda: service.change_search(search, query=f"q{chance.randrange(9)}"),
            lambda: service.remove_search(search),
        ]
        with suppress(NotFound, WrongUse):
            await chance.choice(wishes)()


async def count(again: Callable[[], Any]) -> int:
    steps = 0
    while await again() is not None:
        steps += 1
    return steps


@pytest.mark.parametrize("seed", range(12))
async def test_undo_leads_back_and_redo_forth(begin: BeginTalk, seed: int) -> None:
    """To the very same rows, numbers included, from wherever one stands."""
    talk = await begin()
    for name in SESSIONS:
        await talk.store.create_session(NewSession(id=name))
    hand = Hand(talk, random.Random(seed))
    first = await state(talk.store)
    for _number in range(40):
        await hand.one()
    last = await state(talk.store)
    steps = await count(hand.service.undo)
    assert await state(talk.store) == first
    assert await count(hand.service.redo) == steps
    assert await state(talk.store) == last
    for _number in range(steps // 2):
        await hand.service.undo()
    middle = await state(talk.store)
    await count(hand.service.redo)
    for _number in range(steps // 2):
        await hand.service.undo()
    assert await state(talk.store) == middle
    await hand.one()
    await count(hand.service.undo)
    assert await state(talk.store) == first


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("chunk", [1_000, 2])
async def test_a_disk_that_fails_now_and_then_loses_no_step(begin: BeginTalk, seed: int, chunk: int) -> None:
    """What was half done, half undone or half done again is whole in the end, there and back."""
    talk = await begin()
    for name in SESSIONS:
        await talk.store.create_session(NewSession(id=name))
    hand = Hand(talk, random.Random(seed), chunk=chunk)
    first = await state(talk.store)
    for _number in range(30):
        await hand.bravely(hand.one)
    last = await state(talk.store)
    steps = await count(lambda: hand.bravely(hand.service.undo))
    assert await state(talk.store) == first
    assert await count(lambda: hand.bravely(hand.service.redo)) == steps
    assert await state(talk.store) == last


@pytest.mark.parametrize("seed", range(12))
async def test_two_profiles_lead_back_each_for_itself(begin: BeginTalk, seed: int) -> None:
    """By turns, in whatever order: none takes a number that the other one's steps count on."""
    talk = await begin()
    other = (await talk.store.create_profile(Profile(id=0, name="Ana"))).id
    for place, name in enumerate(SESSIONS):
        await talk.store.create_session(NewSession(id=name, profile_id=GUEST if place % 2 else other))
    hand = Hand(talk, random.Random(seed))
    first = await state(talk.store)
    for _number in range(60):
        hand.profile = hand.chance.choice([GUEST, other])
        await hand.one()
    last = await state(talk.store)
    steps = {}
    for again in (hand.service.undo, hand.service.redo):
        for profile in (other, GUEST):
            hand.profile = profile
            steps[again.__name__, profile] = await count(again)
        assert await state(talk.store) == (first if again.__name__ == "undo" else last)
    assert steps["undo", GUEST] == steps["redo", GUEST]


@pytest.mark.parametrize("seed", range(12))
async def test_sessions_that_go_for_good_hold_up_no_other(begin: BeginTalk, seed: int) -> None:
    """Those that are left, the folders and the tags are as if the others had never been."""
    talk = await begin()
    for name in SESSIONS:
        await talk.store.create_session(NewSession(id=name))
    hand = Hand(talk, random.Random(seed))
    first = await state(talk.store)
    for _number in range(40):
        await hand.one()
        if hand.chance.random() < 0.1:
            await talk.store.empty_trash()
    left = {line[0] for line in (await state(talk.store))[3]}
    while True:
        try:
            if await hand.service.undo() is None:
                break
        except WrongUse:  # a step of which nothing is left
            continue
    first[3] = [line for line in first[3] if line[0] in left]
    assert await state(talk.store) == first


@pytest.mark.parametrize("seed", range(6))
async def test_folders_stay_a_forest(begin: BeginTalk, seed: int) -> None:
    """However they are moved, every folder leads up to the top, and each stands behind the one it lies in."""
    talk = await begin()
    hand = Hand(talk, random.Random(seed))
    for _number in range(12):
        await hand.service.create_folder("F", parent_id=None)
    for _number in range(60):
        numbers = [folder.id for folder in (await hand.service.places()).folders]
        with suppress(WrongUse):
            await hand.service.move_folder(hand.chance.choice(numbers), parent_id=hand.chance.choice([None, *numbers]))
        seen: set[int | None] = {None}
        for folder in (await hand.service.places()).folders:
            assert folder.parent_id in seen
            seen.add(folder.id)
        assert len(seen) == 13


async def test_thousands_go_in_small_transactions_and_come_back_as_one_step(begin: BeginTalk) -> None:
    """One update, one step, and no transaction that touches more than a thousand sessions."""
    talk = await begin()
    ids = [f"s{number}" for number in range(3 * deeds.CHUNK - 7)]

    def fill(db: APSWDatabase) -> None:
        rows = ((name, name) for name in ids)
        db.connection().executemany("INSERT INTO session(id, title, created_at, updated_at) VALUES (?, ?, 1, 1)", rows)

    await talk.store.call(fill)
    service = Hand(talk, random.Random(0)).service
    before = await state(talk.store)
    folder = (await service.create_folder("All")).number
    done = await service.move(ids, folder)
    assert (done.count, done.words) == (len(ids), f"{len(ids)} sessions moved to “All”")
    await service.remove_folder(folder)
    assert (await service.places()).folders == ()
    await service.undo()
    assert (await service.places()).folders[0].count == len(ids)
    await service.undo()
    await service.undo()
    assert await state(talk.store) == before
