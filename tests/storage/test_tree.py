import pytest

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.messages import Message, Status
from desktop.domain.sessions import NewSession
from desktop.storage import branches as outlines
from desktop.storage import messages as stored
from desktop.storage import tree
from desktop.storage.store import Store
from tests.storage.making import answer, begin, talk, texts, user
from tests.storage.plans import plans, steps

LONG = """
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
    INSERT INTO message(session_id, parent_id, depth, role, status, created_at, uid, content)
    SELECT ?, CASE i WHEN 0 THEN NULL ELSE ? + i - 1 END, i, CASE i % 2 WHEN 0 THEN 'user' ELSE 'assistant' END,
           'complete', i, ? || i, 'message ' || i FROM n
"""


async def long_session(store: Store, length: int) -> str:
    """Write a session of one long path, quickly."""
    session = await store.create_session(NewSession())

    def write(db: object) -> None:
        first = 1 + (db.execute_sql("SELECT coalesce(max(id), 0) FROM message").fetchone()[0])  # type: ignore[attr-defined]
        db.execute_sql(LONG, (length, session.id, first, session.id))  # type: ignore[attr-defined]
        db.execute_sql(  # type: ignore[attr-defined]
            "UPDATE session SET active_leaf = ?, message_count = ? WHERE id = ?",
            (first + length - 1, length, session.id),
        )

    await store.call(write)
    return session.id


async def test_the_newest_page_of_a_path_comes_first(store: Store) -> None:
    """A page holds the last messages, root first; the depth of its first pages further up, to the root."""
    session, _messages = await talk(store, *[str(n) for n in range(7)])
    page = await store.path(session.id, limit=3)
    assert texts(page) == ["4", "5", "6"]
    page = await store.path(session.id, limit=3, before_depth=page[0].depth)
    assert texts(page) == ["1", "2", "3"]
    page = await store.path(session.id, limit=3, before_depth=page[0].depth)
    assert texts(page) == ["0"]
    assert await store.path(session.id, limit=3, before_depth=0) == ()


async def test_an_empty_session_has_an_empty_path(store: Store) -> None:
    """No message, no page."""
    session = await store.create_session(NewSession())
    assert await store.path(session.id) == ()
    assert [page async for page in store.whole_path(session.id)] == []


async def test_a_path_ends_in_the_leaf_that_is_asked_for(store: Store) -> None:
    """Another leaf shows another branch, and one of another session is not found."""
    session, messages = await talk(store, "one", "two", "three")
    other, _others = await talk(store, "elsewhere")
    assert texts(await store.path(session.id, leaf=messages[1].id)) == ["one", "two"]
    with pytest.raises(NotFound):
        await store.path(other.id, leaf=messages[1].id)


async def test_a_whole_path_comes_in_pages_from_the_root(store: Store) -> None:
    """Exporting reads everything once, in order."""
    session, _messages = await talk(store, *[str(n) for n in range(7)])
    pages = [texts(page) async for page in store.whole_path(session.id, page=3)]
    assert pages == [["0", "1", "2"], ["3", "4", "5"], ["6"]]


async def branches(store: Store) -> tuple[str, dict[str, Message]]:
    """Make q1 with the answers a1 (below it q2, a2) and b1, and the other first question r1."""
    session, (q1, a1, q2, a2) = await talk(store, "q1", "a1", "q2", "a2")
    (b1,) = await store.add_messages(session.id, q1.id, [answer("b1")])
    (r1,) = await store.add_messages(session.id, None, [user("r1")])
    return session.id, {message.content: message for message in (q1, a1, q2, a2, b1, r1)}


async def test_versions_are_counted_among_siblings(store: Store) -> None:
    """Each message knows its place among its versions; first messages are versions of each other."""
    session, found = await branches(store)
    path = await store.path(session, leaf=found["a2"].id)
    assert [(m.content, m.version, m.versions) for m in path] == [
        ("q1", 1, 2),
        ("a1", 1, 2),
        ("q2", 1, 1),
        ("a2", 1, 1),
    ]
    assert [(m.content, m.version, m.versions) for m in await store.path(session, leaf=found["b1"].id)][1] == (
        "b1",
        2,
        2,
    )
    assert await store.siblings(found["q1"].id) == (found["q1"].id, found["r1"].id)


async def test_choosing_a_version_shows_its_newest_leaf(store: Store) -> None:
    """The branch below the chosen message is shown to its end."""
    session, found = await branches(store)
    assert (await store.choose_version(found["a1"].id)).active_leaf == found["a2"].id
    assert texts(await store.path(session)) == ["q1", "a1", "q2", "a2"]
    assert (await store.choose_version(found["q1"].id)).active_leaf == found["b1"].id


async def test_choosing_does_not_change_the_place_in_the_list(store: Store) -> None:
    """Looking at another version is not writing."""
    session, found = await branches(store)
    before = await store.session(session)
    assert (await store.choose_version(found["a1"].id)).updated_at == before.updated_at


async def test_a_deleted_branch_gives_way_to_its_neighbour(store: Store) -> None:
    """The next older version is shown, else a newer one, else the parent; nothing is left but what is counted."""
    session, found = await branches(store)
    await store.choose_version(found["b1"].id)
    after = await store.trash_message(found["b1"].id)
    assert (after.active_leaf, after.message_count) == (found["a2"].id, 5)
    after = await store.trash_message(found["a1"].id)
    assert (after.active_leaf, after.message_count) == (found["q1"].id, 2)
    after = await store.trash_message(found["q1"].id)
    assert (after.active_leaf, after.message_count) == (found["r1"].id, 1)
    after = await store.trash_message(found["r1"].id)
    assert (after.active_leaf, after.message_count) == (None, 0)
    assert await store.path(session) == ()


async def test_deleting_elsewhere_leaves_the_view_alone(store: Store) -> None:
    """What is shown stays when another branch goes; the count of versions follows."""
    session, found = await branches(store)
    await store.choose_version(found["a1"].id)
    assert (await store.trash_message(found["b1"].id)).active_leaf == found["a2"].id
    assert (await store.path(session))[1].versions == 1


async def test_deleting_twice_is_harmless(store: Store) -> None:
    """What is in the trash is not deleted again, and what is not is not restored."""
    _session, found = await branches(store)
    once = await store.trash_message(found["b1"].id)
    assert await store.trash_message(found["b1"].id) == once
    assert await store.restore_message(found["a1"].id) == once


async def test_a_restored_branch_comes_back_with_what_went_with_it(store: Store) -> None:
    """Messages that had been deleted before on their own stay in the trash."""
    session, found = await branches(store)
    await store.trash_message(found["a2"].id)
    await store.trash_message(found["a1"].id)
    after = await store.restore_message(found["a1"].id)
    assert (after.active_leaf, after.message_count) == (found["q2"].id, 5)
    assert texts(await store.path(session)) == ["q1", "a1", "q2"]
    assert (await store.restore_message(found["a2"].id)).active_leaf == found["a2"].id


async def test_a_restored_message_brings_back_what_it_hangs_on(store: Store) -> None:
    """No message is shown without the messages above it."""
    session, found = await branches(store)
    await store.trash_message(found["a2"].id)
    await store.trash_message(found["q1"].id)
    await store.restore_message(found["a2"].id)
    assert texts(await store.path(session)) == ["q1", "a1", "q2", "a2"]


async def test_two_deletions_in_one_moment_are_told_apart(store: Store) -> None:
    """A restore brings back what one deletion took, though the clock stood still between two."""
    session, found = await branches(store)
    for name in ("a2", "a1"):
        await store.call(lambda db, name=name: stored.trash(db, found[name].id, now_ms=5))  # type: ignore[misc]
    await store.restore_message(found["a1"].id)
    assert texts(await store.path(session)) == ["q1", "a1", "q2"]


async def test_nothing_is_written_or_chosen_in_the_trash(store: Store) -> None:
    """A message in the trash takes no answer and is not shown."""
    session, found = await branches(store)
    await store.trash_message(found["a1"].id)
    with pytest.raises(WrongUse, match="trash"):
        await begin(store, session, "more", found["a2"])
    with pytest.raises(WrongUse, match="trash"):
        await store.choose_version(found["a2"].id)


async def test_a_circle_in_a_damaged_tree_ends(store: Store) -> None:
    """A path through damaged parents stops instead of turning for ever."""
    session, messages = await talk(store, "one", "two", "three")
    await store.call(
        lambda db: db.execute_sql("UPDATE message SET parent_id = ? WHERE id = ?", (messages[2].id, messages[0].id))
    )
    assert texts(await store.path(session.id)) == ["one", "two", "three"]


async def test_a_streaming_message_can_be_the_leaf(store: Store) -> None:
    """The path shows an answer while it is written."""
    session = await store.create_session(NewSession())
    await begin(store, session, "hello")
    assert [message.status for message in await store.path(session.id)] == [Status.COMPLETE, Status.STREAMING]


@pytest.mark.parametrize("before", [None, 15_000, 51])
async def test_a_long_session_opens_like_a_short_one(store: Store, before: int | None) -> None:
    """A page of 20,000 messages, at the end, in the middle or at the beginning, costs what a page of 100 costs."""
    short, long = await long_session(store, 100), await long_session(store, 20_000)
    few = await steps(store, lambda db: stored.path(db, short, leaf=None, limit=50, before_depth=None))
    many = await steps(store, lambda db: stored.path(db, long, leaf=None, limit=50, before_depth=before))
    assert many <= few * 1.5
    page = await store.path(long, before_depth=before)
    assert texts(page) == [f"message {n}" for n in range((before or 20_000) - 50, before or 20_000)]


async def test_a_jump_past_versions_still_finds_the_path(store: Store) -> None:
    """Where there are several messages at a depth, the page is that of the leaf's own path."""
    session = await store.create_session(NewSession())
    parent: Message | None = None
    for n in range(6):
        _other, mine = [
            (await store.add_messages(session.id, parent.id if parent else None, [user(f"{side} {n}")]))[0]
            for side in ("other", "mine")
        ]
        parent = mine
    assert texts(await store.path(session.id, limit=2, before_depth=3)) == ["mine 1", "mine 2"]


async def test_paths_and_versions_are_read_from_indexes(store: Store) -> None:
    """No query of a page scans a table or sorts one."""
    session = await long_session(store, 200)
    found = await plans(store, lambda db: stored.path(db, session, leaf=None, limit=50, before_depth=100))
    assert not [line for line in found if line.startswith(("SCAN message", "USE TEMP B-TREE FOR GROUP"))]
    assert len([line for line in found if "message_tree" in line]) == 2


async def test_siblings_and_descendants_are_read_from_indexes(store: Store) -> None:
    """Choosing a version looks at the branch alone."""
    _session, messages = await talk(store, "one", "two")
    found = await plans(store, lambda db: tree.siblings(db, tree.get_row(db, messages[0].id)))
    found += await plans(store, lambda db: tree.newest_below(db, messages[0].id))
    assert not [line for line in found if line.startswith("SCAN message")]


async def test_dead_runs_are_found_by_an_index(store: Store) -> None:
    """The start looks only at what streams, not at every message ever written."""
    found = await plans(store, stored.streaming_owners)
    assert [line for line in found if "message_streaming" in line]


async def test_a_message_deeper_than_a_statement_has_variables_comes_back(store: Store) -> None:
    """The way to the root is walked in SQL, however long it is."""
    length = 40_000
    session_id = await long_session(store, length)
    leaf = (await store.session(session_id)).active_leaf
    assert leaf is not None
    await store.trash_message(leaf)
    restored = await store.restore_message(leaf)
    assert (restored.active_leaf, restored.message_count) == (leaf, length)


async def test_endings_are_counted_as_the_tree_has_them(store: Store) -> None:
    """Each version makes one more, one in the trash makes none; an empty session has none."""
    empty = await store.create_session(NewSession())
    assert await store.count_endings(empty.id) == 0
    session, messages = await talk(store, "one", "two", "three", "four")
    assert await store.count_endings(session.id) == 1
    (second,) = await store.add_messages(session.id, messages[0].id, [answer("zwei")])
    await store.add_messages(session.id, None, [user("eins")])
    assert await store.count_endings(session.id) == 3 == (await store.outline(session.id)).endings
    await store.trash_message(second.id)
    assert await store.count_endings(session.id) == 2


async def test_counting_endings_walks_along_an_index(store: Store) -> None:
    """It is done behind each page, also of a session of 100,000 messages."""
    session = await long_session(store, 50)
    found = await plans(store, lambda db: outlines.count_endings(db, session))
    assert [line for line in found if "USING COVERING INDEX message_tree" in line]
    assert not [line for line in found if "TEMP B-TREE" in line]
