"""Parts of a profile's sessions: each order in pages, what is old, whose trash it is, and all counts at once."""

import random

import pytest
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.folding import fold
from desktop.domain.messages import NewMessage, Role
from desktop.domain.organising import GUEST, Profile, Sort
from desktop.domain.sessions import NewSession, SessionListing
from desktop.storage import places
from desktop.storage.store import Store


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("limit", [1, 2, 7])
async def test_each_order_is_paged_without_gap_or_double(store: Store, sort: Sort, limit: int) -> None:
    """Pinned ones first, equal keys and titles of equal letters included, whatever the size of a page."""
    titles = ("b", "a", "B", "Á", "a", "", "zz", "Z", "ß", "ss")
    for number, title in enumerate(titles):
        await store.create_session(NewSession(id=f"s{number}", title=title, created_at=1000 + number % 3))
        await store.update_session(f"s{number}", pinned=number % 4 == 0)
    whole = await store.sessions(limit=100, sort=sort)
    found: list[SessionListing] = []
    while page := await store.sessions(limit=limit, after=found[-1].cursor if found else None, sort=sort):
        found += page
    assert tuple(found) == whole
    assert len(whole) == len(titles)

    def key(line: SessionListing) -> tuple[object, ...]:
        own = {Sort.ACTIVITY: -line.updated_at, Sort.CREATION: -line.created_at, Sort.TITLE: fold(line.title)}
        return (not line.pinned, own[sort])

    assert [key(line) for line in whole] == sorted(key(line) for line in whole)


async def test_old_sessions_are_found_without_those_that_are_pinned(store: Store) -> None:
    """Nor those of the archive, of the trash or of another profile; the time itself is not before itself."""
    for name, at in {"old": 1, "edge": 5, "new": 9, "pinned": 1, "archived": 1, "gone": 1}.items():
        await store.create_session(NewSession(id=name, created_at=at))
    await store.update_session("pinned", pinned=True)
    await store.update_session("archived", is_active=False)
    await store.trash_session("gone")
    assert await store.untouched(GUEST, 5) == ("old",)
    assert await store.untouched(2, 5) == ()


async def test_each_profile_has_a_trash_of_its_own(store: Store) -> None:
    """Counting and emptying it leaves that of the others alone."""
    other = (await store.create_profile(Profile(id=0, name="Ana"))).id
    for name, profile in {"mine": GUEST, "theirs": other}.items():
        await store.create_session(NewSession(id=name, profile_id=profile))
        (message,) = await store.add_messages(name, None, (NewMessage(role=Role.USER, content=name),))
        await store.trash_message(message.id)
    (kept,) = await store.add_messages("theirs", None, (NewMessage(role=Role.USER, content="kept"),))
    await store.trash_session("mine")
    assert await store.count_sessions(trashed=True, profile=other) == 0
    assert await store.count_sessions(profile=other) == 1
    assert await store.empty_trash(profile=other) == 0
    assert await store.count_sessions(trashed=True, profile=GUEST) == 1
    assert await store.empty_trash(profile=GUEST) == 1
    assert (await store.message(kept.id)).content == "kept"


async def test_counts_stay_true_whoever_writes(store: Store) -> None:
    """Rows that come, change, go to another profile or vanish are counted as if counted anew."""
    other = (await store.create_profile(Profile(id=0, name="Ana"))).id
    chance = random.Random(7)

    def tally(db: APSWDatabase) -> dict[tuple[str, int], int]:
        rows = db.execute_sql("SELECT kind, number, count FROM tally")
        return {(kind, number): count for kind, number, count in rows if count}

    def fill(db: APSWDatabase) -> None:
        for number in range(1, 5):
            db.execute_sql("INSERT INTO folder(id, name, created_at) VALUES (?, 'f', 1)", (number,))
            db.execute_sql("INSERT INTO tag(id, name) VALUES (?, ?)", (number, f"t{number}"))
        for number in range(40):
            db.execute_sql(
                "INSERT INTO session(id, title, created_at, updated_at) VALUES (?, '', 1, 1)", (str(number),)
            )

    def one(db: APSWDatabase) -> None:
        session, number = str(chance.randrange(40)), chance.randrange(1, 5)
        tag = "INSERT OR IGNORE INTO session_tag(tag_id, session_id) SELECT ?, id FROM session WHERE id = ?"
        deeds: tuple[tuple[str, tuple[int, ...]], ...] = (
            ("UPDATE session SET is_active = 1 - is_active WHERE id = ?", ()),
            ("UPDATE session SET is_resolved = 1 - is_resolved WHERE id = ?", ()),
            ("UPDATE session SET deleted_at = iif(deleted_at IS NULL, 5, NULL) WHERE id = ?", ()),
            ("UPDATE session SET folder_id = nullif(?, 4) WHERE id = ?", (number,)),
            ("UPDATE session SET profile_id = ? WHERE id = ?", (chance.choice((GUEST, other)),)),
            (tag, (number,)),
            ("UPDATE OR IGNORE session_tag SET tag_id = ? WHERE session_id = ?", (number,)),
            ("DELETE FROM session_tag WHERE tag_id = ? AND session_id = ?", (number,)),
            ("DELETE FROM session WHERE id = ? AND number % 7 = 0", ()),
        )
        sql, values = chance.choice(deeds)
        db.execute_sql(sql, (*values, session))

    await store.call(fill)
    for _number in range(300):
        await store.call(one)
    kept = await store.read(tally)
    await store.call(places.count_all)
    assert await store.read(tally) == kept
    assert {kind for kind, _number in kept} == {"active", "archived", "trash", "resolved", "folder", "tag"}
