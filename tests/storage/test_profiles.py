"""Profiles in the database: apart, with names of their own, and what moves between them."""

from dataclasses import replace

import pytest

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.organising import GUEST, Profile
from desktop.domain.sessions import NewSession
from desktop.domain.spending import Charge
from desktop.storage import moving
from desktop.storage.drafts import new_key
from desktop.storage.moving import Moved
from desktop.storage.store import Store

MODEL = "a/b"


async def make(store: Store, name: str) -> int:
    return (await store.create_profile(Profile(id=0, name=name))).id


async def session_in(store: Store, profile: int, name: str, *, folder: int | None = None, tags: str = "") -> str:
    session = await store.create_session(NewSession(id=name, title=name, profile_id=profile))
    if folder is not None:
        await store.update_session(session.id, folder_id=folder)
    for tag in tags.split():
        named = (profile, tag)
        await run(store, "INSERT OR IGNORE INTO tag (profile_id, name) VALUES (?, ?)", *named)
        of_it = "INSERT INTO session_tag SELECT ?, id FROM tag WHERE profile_id = ? AND name = ?"
        await run(store, of_it, session.id, *named)
    return session.id


async def run(store: Store, sql: str, *values: object) -> None:
    await store.call(lambda db: db.execute_sql(sql, values))


async def folder_in(store: Store, profile: int, name: str, parent: int | None = None) -> int:
    sql = "INSERT INTO folder (profile_id, parent_id, name, colour, created_at) VALUES (?, ?, ?, 'red', 0) RETURNING id"
    return int(await store.call(lambda db: db.execute_sql(sql, (profile, parent, name)).fetchone()[0]))


async def rows(store: Store, sql: str, *values: object) -> list[tuple[object, ...]]:
    return await store.read(lambda db: db.execute_sql(sql, values).fetchall())


async def tags_of(store: Store, session_id: str) -> list[tuple[object, ...]]:
    sql = "SELECT profile_id, name FROM tag JOIN session_tag ON tag.id = tag_id WHERE session_id = ? ORDER BY name"
    return await rows(store, sql, session_id)


async def path_of(store: Store, session_id: str) -> list[tuple[object, ...]]:
    sql = """
        WITH RECURSIVE up(id, parent_id, profile_id, name, colour) AS (
            SELECT folder.id, parent_id, folder.profile_id, name, colour FROM folder
                JOIN session ON folder_id = folder.id WHERE session.id = ?
            UNION ALL SELECT folder.id, folder.parent_id, folder.profile_id, folder.name, folder.colour
                FROM folder JOIN up ON folder.id = up.parent_id)
        SELECT profile_id, name, colour FROM up
    """
    return await rows(store, sql, session_id)


async def test_guest_is_there_from_the_start(store: Store) -> None:
    """With the number 1, without a lock."""
    (guest,) = await store.profiles()
    assert (guest.id, guest.is_locked) == (GUEST, False)


async def test_what_a_profile_is_like_is_kept(store: Store) -> None:
    """Every field, and a change of one leaves the others."""
    wished = Profile(
        id=0, name="Ana", colour="red", language="es", location="Cádiz", preferences="Short.\nMetric.", budget=2.5
    )
    made = await store.create_profile(wished)
    assert replace(made, id=0, created_at=0) == wished
    changed = await store.change_profile(made.id, location="Sevilla")
    assert changed == replace(made, location="Sevilla") == await store.profile(made.id)


@pytest.mark.parametrize("name", ["ana", "ÁNA", "guest", "GUEST"])
async def test_a_name_is_one_profiles_alone(store: Store, name: str) -> None:
    """Whatever its case and accents; Guest's is taken too."""
    await make(store, "Ana")
    other = await make(store, "Work")
    with pytest.raises(WrongUse):
        await make(store, name)
    with pytest.raises(WrongUse):
        await store.change_profile(other, name=name)


async def test_a_profile_may_write_its_own_name_otherwise(store: Store) -> None:
    """That is no other profile's name."""
    ana = await make(store, "ana")
    assert (await store.change_profile(ana, name="Ána")).name == "Ána"


async def test_guest_keeps_its_name(store: Store) -> None:
    """And can be told all else."""
    with pytest.raises(WrongUse):
        await store.change_profile(GUEST, name="Ana")
    assert (await store.change_profile(GUEST, location="Cádiz")).location == "Cádiz"


async def test_what_is_not_there_is_not_found(store: Store) -> None:
    """Whoever asks for it."""
    with pytest.raises(NotFound):
        await store.profile(7)
    with pytest.raises(NotFound):
        await store.change_profile(7, location="")
    with pytest.raises(NotFound):
        await store.set_passphrase(7, "x")
    with pytest.raises(NotFound):
        await store.move_sessions(GUEST, 7, ["a"])
    with pytest.raises(NotFound):
        await store.remove_profile(7, GUEST)


async def test_an_unknown_column_is_a_mistake(store: Store) -> None:
    """The lock is not changed by the way."""
    with pytest.raises(TypeError):
        await store.change_profile(GUEST, passphrase="x")


async def test_a_passphrase_is_kept_and_taken_away(store: Store) -> None:
    """What it is checked against is never part of the profile."""
    ana = await make(store, "Ana")
    assert (await store.set_passphrase(ana, "hash")).is_locked
    assert await store.passphrase(ana) == "hash"
    assert not (await store.set_passphrase(ana, "")).is_locked


async def test_sessions_are_listed_for_their_profile_alone(store: Store) -> None:
    """In use, in the trash, and counted."""
    ana = await make(store, "Ana")
    await session_in(store, GUEST, "mine")
    await session_in(store, ana, "hers")
    assert [one.id for one in await store.sessions(profile=ana)] == ["hers"]
    assert [one.id for one in await store.sessions(profile=GUEST)] == ["mine"]
    assert await store.profile_sessions(ana) == ("hers",)


async def test_a_session_moves_with_its_tags(store: Store) -> None:
    """By their names: one that is there is used, one that is not is made, and the first profile keeps its own."""
    ana = await make(store, "Ana")
    await session_in(store, ana, "old", tags="Work")
    moved = await session_in(store, GUEST, "moved", tags="work home")
    stays = await session_in(store, GUEST, "stays", tags="work")
    assert (await store.move_sessions(GUEST, ana, [moved])).session_ids == (moved,)
    assert await tags_of(store, moved) == [(ana, "Work"), (ana, "home")]
    assert await tags_of(store, stays) == [(GUEST, "work")]
    assert await rows(store, "SELECT count(*) FROM tag WHERE profile_id = ?", ana) == [(2,)]


async def test_a_session_moves_with_its_folders(store: Store) -> None:
    """By their path, with their colour; a second one finds them made."""
    ana = await make(store, "Ana")
    outer = await folder_in(store, GUEST, "Outer")
    inner = await folder_in(store, GUEST, "Inner", outer)
    await folder_in(store, ana, "Inner")  # of that name, but elsewhere
    first = await session_in(store, GUEST, "first", folder=inner)
    second = await session_in(store, GUEST, "second", folder=inner)
    loose = await session_in(store, GUEST, "loose")
    await store.move_sessions(GUEST, ana, [first, loose])
    await store.move_sessions(GUEST, ana, [second])
    assert await path_of(store, first) == [(ana, "Inner", "red"), (ana, "Outer", "red")]
    assert await path_of(store, second) == await path_of(store, first)
    assert await path_of(store, loose) == []
    assert await rows(store, "SELECT count(*) FROM folder WHERE profile_id = ?", ana) == [(3,)]
    assert await rows(store, "SELECT count(*) FROM folder WHERE profile_id = ?", GUEST) == [(2,)]


async def test_a_folder_of_the_same_name_with_another_prompt_stays_another(store: Store) -> None:
    """Colour, prompt and model of neither are lost; those that are alike in all become one."""
    ana = await make(store, "Ana")
    folders = [await folder_in(store, GUEST, name) for name in ("Work", "work", "WORK")]
    await run(store, "UPDATE folder SET system_prompt = 'Be terse.', model = 'a/b' WHERE id = ?", folders[1])
    ids = [await session_in(store, GUEST, f"s{at}", folder=folder) for at, folder in enumerate(folders)]
    await store.move_sessions(GUEST, ana, ids)
    there = "SELECT name, system_prompt, model FROM folder WHERE profile_id = ? ORDER BY id"
    assert await rows(store, there, ana) == [("Work", "", ""), ("work", "Be terse.", "a/b")]
    assert [await path_of(store, one) for one in ids] == [[(ana, name, "red")] for name in ("Work", "work", "Work")]


async def test_a_way_back_leads_to_the_very_folders(store: Store) -> None:
    """Also where two are called alike; what was made for the sessions goes when it is empty."""
    ana = await make(store, "Ana")
    first, second = await folder_in(store, GUEST, "Work"), await folder_in(store, GUEST, "work")
    inner = await folder_in(store, GUEST, "Inner", second)
    ids = [
        await session_in(store, GUEST, f"s{at}", folder=folder)
        for at, folder in enumerate((first, second, inner, None))
    ]
    done = await store.move_sessions(GUEST, ana, ids)
    await store.move_sessions(ana, GUEST, ids, back=done)
    assert [(await store.session(one)).folder_id for one in ids] == [first, second, inner, None]
    assert await rows(store, "SELECT DISTINCT profile_id FROM folder") == [(GUEST,)]


async def test_a_way_back_leaves_what_is_in_use(store: Store) -> None:
    """A folder that another session lies in stays; a session whose folder is gone follows its path."""
    ana = await make(store, "Ana")
    old = await folder_in(store, GUEST, "Work")
    moved = await session_in(store, GUEST, "moved", folder=old)
    done = await store.move_sessions(GUEST, ana, [moved])
    await session_in(store, ana, "hers", folder=done.made[0])
    await run(store, "DELETE FROM folder WHERE id = ?", old)
    await store.move_sessions(ana, GUEST, [moved], back=done)
    assert await path_of(store, "hers") == [(ana, "Work", "red")]
    assert await path_of(store, moved) == [(GUEST, "Work", "red")]


async def test_a_way_back_takes_the_tags_that_were_made(store: Store) -> None:
    """But for those that the adopter had, or has given to another session since."""
    ana = await make(store, "Ana")
    tags = ((1, GUEST, "new"), (2, GUEST, "hers"), (3, GUEST, "used"), (9, ana, "Hers"))
    for tag in tags:
        await run(store, "INSERT INTO tag (id, profile_id, name) VALUES (?, ?, ?)", *tag)
    moved, other = await session_in(store, GUEST, "moved"), await session_in(store, ana, "other")
    await run(store, "INSERT INTO session_tag (session_id, tag_id) SELECT ?, id FROM tag WHERE id < 9", moved)
    done = await store.move_sessions(GUEST, ana, [moved])
    await run(
        store,
        "INSERT INTO session_tag (session_id, tag_id) SELECT ?, id FROM tag WHERE profile_id = ? AND name = 'used'",
        *(other, ana),
    )
    await store.move_sessions(ana, GUEST, [moved], back=done)
    of = "SELECT name FROM tag WHERE profile_id = ? ORDER BY name"
    assert await rows(store, of, ana) == [("Hers",), ("used",)]
    borne = "SELECT tag_id FROM session_tag WHERE session_id = ? ORDER BY tag_id"
    assert await rows(store, borne, moved) == [(1,), (2,), (3,)]


async def test_folders_of_any_depth_move(store: Store) -> None:
    """Far more of them in each other than a function may call itself."""
    ana = await make(store, "Ana")
    depth = 3_000
    await run(
        store,
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ?) "
        "INSERT INTO folder (id, profile_id, parent_id, name, created_at) "
        "SELECT 100 + x, 1, nullif(99 + x, 100), 'f' || x, 0 FROM n",
        depth,
    )
    moved = await session_in(store, GUEST, "moved", folder=100 + depth)
    done = await store.move_sessions(GUEST, ana, [moved])
    assert len(done.made) == depth == len(await path_of(store, moved))
    await store.move_sessions(ana, GUEST, [moved], back=done)
    assert await rows(store, "SELECT count(*) FROM folder") == [(depth,)]


async def test_tags_that_nothing_bears_are_inherited(store: Store) -> None:
    """But for those whose names the heir has."""
    ana = await make(store, "Ana")
    for profile, name in ((GUEST, "Work"), (ana, "work"), (ana, "Later")):
        await run(store, "INSERT INTO tag (profile_id, name) VALUES (?, ?)", profile, name)
    await store.remove_profile(ana, GUEST)
    assert await rows(store, "SELECT profile_id, name FROM tag ORDER BY name") == [(GUEST, "Later"), (GUEST, "Work")]


async def test_only_sessions_of_the_named_profile_move(store: Store) -> None:
    """A third one's, one that is not there, and a move to oneself change nothing."""
    ana, work = await make(store, "Ana"), await make(store, "Work")
    hers = await session_in(store, ana, "hers")
    assert await store.move_sessions(GUEST, work, [hers, "nothing"]) == Moved()
    assert await store.move_sessions(ana, ana, [hers]) == Moved()
    assert (await store.session(hers)).profile_id == ana


async def test_the_bill_stays_where_it_was_spent(store: Store) -> None:
    """Also when its session has gone to another profile."""
    ana = await make(store, "Ana")
    moved = await session_in(store, GUEST, "moved")
    await store.charge(moved, Charge(model=MODEL, cost=2.0))
    await store.move_sessions(GUEST, ana, [moved])
    await store.charge(moved, Charge(model=MODEL, cost=0.5))
    assert await store.spent_this_month(profile=GUEST) == 2.0
    assert await store.spent_this_month(profile=ana) == 0.5


async def test_statistics_are_a_profiles_own(store: Store) -> None:
    """Sessions, and what they cost."""
    ana = await make(store, "Ana")
    await session_in(store, GUEST, "mine")
    hers = await session_in(store, ana, "hers")
    await store.charge(hers, Charge(model=MODEL, cost=2.0))
    assert [(await store.statistics(profile=one)).cost for one in (GUEST, ana)] == [0.0, 2.0]
    assert [(await store.statistics(profile=one)).sessions for one in (GUEST, ana)] == [1, 1]


async def test_a_profile_with_sessions_stays(store: Store) -> None:
    """Nothing of it has moved either, and Guest stays whatever it has."""
    ana = await make(store, "Ana")
    await session_in(store, ana, "hers")
    await folder_in(store, ana, "Hers")
    with pytest.raises(WrongUse):
        await store.remove_profile(ana, GUEST)
    assert await rows(store, "SELECT profile_id FROM folder") == [(ana,)]
    with pytest.raises(WrongUse):
        await store.remove_profile(GUEST, ana)


async def test_what_a_removed_profile_had_is_inherited(store: Store) -> None:
    """Its bill is added up, its prompts are numbered where a name is taken, its draft stands below the other."""
    ana = await make(store, "Ana")
    for profile, cost in ((GUEST, 1.0), (ana, 2.0)):
        session_id = await session_in(store, profile, f"of {profile}", tags="t")
        await store.charge(session_id, Charge(model=MODEL, cost=cost))
        await store.add_prompt(profile, name="Hello", text=f"from {profile}")
        await store.save_draft(new_key(profile), f"draft {profile}")
    outer = await folder_in(store, ana, "Outer")
    await folder_in(store, ana, "Inner", outer)
    await store.move_sessions(ana, GUEST, [f"of {ana}"])
    await store.remove_profile(ana, GUEST)
    assert [profile.id for profile in await store.profiles()] == [GUEST]
    assert await store.spent_this_month(profile=GUEST) == 3.0
    assert [(one.name, one.text) for one in await store.prompts(GUEST)] == [
        ("Hello", "from 1"),
        ("Hello (2)", f"from {ana}"),
    ]
    assert await store.draft("") == f"draft 1\n\ndraft {ana}"
    names = "SELECT name FROM folder WHERE profile_id = ? ORDER BY name"
    assert await rows(store, names, GUEST) == [("Inner",), ("Outer",)]
    assert await rows(store, "SELECT count(*) FROM tag") == [(1,)]


async def test_a_new_profile_begins_with_nothing_of_a_removed_one(store: Store) -> None:
    """Whatever number it gets."""
    ana = await make(store, "Ana")
    await store.charge(await session_in(store, ana, "hers"), Charge(model=MODEL, cost=2.0))
    await store.save_draft(new_key(ana), "hers")
    await store.move_sessions(ana, GUEST, ["hers"])
    await store.remove_profile(ana, GUEST)
    other = await make(store, "Other")
    assert await store.spent_this_month(profile=other) == 0.0
    assert await store.draft(new_key(other)) == ""


async def test_a_profile_gets_no_lower_number_than_it_brings(store: Store) -> None:
    """So that one of a removed profile is not given again; one that is in use neither."""
    high = await store.create_profile(Profile(id=9, name="High"))
    assert (high.id, (await store.create_profile(Profile(id=9, name="Next"))).id) == (9, 10)


async def test_the_ids_of_a_profile_hold_the_archive_and_the_trash(store: Store) -> None:
    """All of it is adopted, or lost with its profile."""
    for name in ("used", "archived", "trashed"):
        await session_in(store, GUEST, name)
    await store.update_session("archived", is_active=False)
    await store.trash_session("trashed")
    assert set(await store.read(lambda db: moving.session_ids(db, GUEST))) == {"used", "archived", "trashed"}


async def test_tags_of_one_name_become_one(store: Store) -> None:
    """Two that differ in case alone are the same to whoever looks for them; the counts are those of the sessions."""
    ana = await make(store, "Ana")
    moved = await session_in(store, GUEST, "moved", tags="work Work")
    await store.move_sessions(GUEST, ana, [moved])
    assert await tags_of(store, moved) == [(ana, "work")]
    assert [(tag.name, tag.count) for tag in (await store.places(ana)).tags] == [("work", 1)]
    assert {tag.count for tag in (await store.places(GUEST)).tags} == {0}
