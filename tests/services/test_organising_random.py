"""Whatever is done to folders, tags and sessions: undo leads back, redo forth, and folders stay a forest."""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.organising import COLOURS, GUEST
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

    def __init__(self, talk: Talk, chance: random.Random) -> None:
        self.service = OrganisingService(
            store=talk.store,
            chat=talk.chat,
            notify=talk.updates,
            profile=lambda: GUEST,
            clock=lambda: chance.randrange(1, 10**9),
        )
        self.chance = chance

    def some(self) -> list[str]:
        return self.chance.sample(SESSIONS, self.chance.randrange(1, 6))

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
