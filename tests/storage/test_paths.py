"""Parts of a path by depth, with and without versions on the way."""

from functools import partial

from desktop.domain.sessions import NewSession
from desktop.storage import messages as stored
from desktop.storage import paths
from desktop.storage.store import Store
from tests.storage.making import talk, texts, user


async def forked(store: Store, length: int) -> tuple[str, list[int]]:
    """Write a path with two messages at each depth but the first, and return the session and the path's ids."""
    session, written = await talk(store, "root")
    path = [written[0].id]
    for depth in range(1, length):
        wanted = (await store.add_messages(session.id, path[-1], [user(f"{depth}")]))[-1]
        await store.add_messages(session.id, path[-1], [user(f"other {depth}")])
        path.append(wanted.id)
    await store.choose_version(path[-1])
    return session.id, path


async def test_the_end_of_a_path_is_told_with_its_depth(store: Store) -> None:
    """An empty session has no leaf, and no depth."""
    empty = await store.create_session(NewSession())
    session, written = await talk(store, "one", "two", "three")
    end = await store.read(partial(paths.end, session_id=session.id))
    assert (end.leaf, end.depth) == (written[-1].id, 2)
    assert (await store.read(partial(paths.end, session_id=empty.id))).leaf is None


async def test_ids_above_a_message_follow_its_parents(store: Store) -> None:
    """Where a depth has versions, the one that is hung on counts."""
    session_id, path = await forked(store, 9)
    found = await store.read(partial(paths.ids_above, session_id=session_id, message_id=path[8], depth=8, first=2))
    assert found == path[2:8][::-1]


async def test_a_missing_depth_ends_the_walk(store: Store) -> None:
    """What hangs in the air, as after a salvage, is not taken for the path."""
    session, written = await talk(store, "0", "1", "2", "3", "4")
    await store.call(lambda db: db.execute_sql("UPDATE message SET depth = 100 WHERE id = ?", (written[1].id,)))
    found = await store.read(
        partial(paths.ids_above, session_id=session.id, message_id=written[4].id, depth=4, first=0)
    )
    assert found == [written[3].id, written[2].id]


async def test_a_version_without_parent_ends_the_walk(store: Store) -> None:
    """A broken link among versions leads nowhere."""
    session_id, path = await forked(store, 4)
    await store.call(lambda db: db.execute_sql("UPDATE message SET parent_id = NULL WHERE id = ?", (path[3],)))
    found = await store.read(partial(paths.ids_above, session_id=session_id, message_id=path[3], depth=3, first=0))
    assert found == []


async def test_ids_between_depths_need_no_walk_where_there_are_no_versions(store: Store) -> None:
    """A single message at a depth is on every path that is so deep."""
    session, written = await talk(store, *[str(n) for n in range(12)])
    ids = [message.id for message in written]
    found = await store.read(partial(paths.ids_between, session_id=session.id, depth=11, first=3, last=6))
    assert found == ids[3:7]


async def test_ids_between_depths_are_not_guessed_among_versions(store: Store) -> None:
    """With versions all the way below, only the walk from the leaf can tell."""
    session_id, _path = await forked(store, 6)
    assert await store.read(partial(paths.ids_between, session_id=session_id, depth=5, first=1, last=3)) == []


async def test_messages_come_with_the_end_of_the_path(store: Store) -> None:
    """Both are of the same moment."""
    session, written = await talk(store, "one", "two", "three")
    ids = [written[0].id, written[1].id]
    end, found = await store.read(partial(paths.some, session_id=session.id, ids=ids))
    assert (end.depth, texts(found)) == (2, ["one", "two"])
    assert found == await store.read(partial(stored.get_many, ids=ids))
