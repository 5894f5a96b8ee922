"""Copies of sessions: whole or not there at all, with what the user decided about their messages."""

import pytest

from desktop.domain.context import Mark
from desktop.domain.faults import DiskFull, NotFound
from desktop.domain.summaries import SummaryState
from desktop.storage import branches
from desktop.storage.store import Store
from tests.storage.making import answer, talk, texts, user


async def test_what_was_pinned_or_kept_out_is_so_in_the_copy(store: Store) -> None:
    """A message that must not be sent is not sent from a fork either."""
    session, messages = await talk(store, "one", "two", "three")
    await store.mark_message(messages[0].id, Mark.EXCLUDED)
    await store.mark_message(messages[1].id, Mark.PINNED)
    copy = await store.copy_session(session.id, leaf=None, whole=False)
    path = await store.path(copy.id)
    assert await store.excluded(copy.id) == {path[0].id}
    assert await store.excluded(session.id) == {messages[0].id}
    walk = await store.walk(copy.id, path[-1].id, encoding="e", enough=lambda _row: False)
    assert {row.id: row.mark for row in walk.newest}[path[1].id] is Mark.PINNED


async def test_summaries_go_with_what_they_stand_for(store: Store) -> None:
    """A copy that holds their messages holds them too, in the state they are in; a shorter one does not."""
    session, messages = await talk(store, "one", "two", "three", "four")
    made = await store.add_summary(first_id=messages[0].id, last_id=messages[1].id, text="short", model="m")
    await store.set_summary_state(made.id, SummaryState.PINNED)
    copy = await store.copy_session(session.id, leaf=None, whole=False)
    (summary,) = await store.summaries(copy.id, copy.active_leaf)
    assert (summary.text, summary.first_depth, summary.last_depth) == ("short", 0, 1)
    assert (summary.state, summary.model, summary.session_id) == (SummaryState.PINNED, "m", copy.id)
    short = await store.copy_session(session.id, leaf=messages[0].id, whole=False)
    assert await store.summaries(short.id, short.active_leaf) == ()


async def test_a_disk_that_is_full_leaves_no_half_copy(store: Store) -> None:
    """The session is as it was, and nothing new lies in the trash."""
    session, messages = await talk(store, "one")
    await store.add_messages(session.id, messages[-1].id, [answer("long " * 4000) for _number in range(200)])

    def limit(db: object, more: int) -> None:
        (pages,) = db.execute_sql("PRAGMA page_count").fetchone()  # type: ignore[attr-defined]
        db.execute_sql(f"PRAGMA max_page_count = {pages + more}")  # type: ignore[attr-defined]

    await store.call(lambda db: limit(db, 400))
    with pytest.raises(DiskFull):
        await store.copy_session(session.id, leaf=None, whole=True)
    await store.call(lambda db: limit(db, 1_000_000))
    assert await store.count_sessions(trashed=True) == 0
    assert await store.count_sessions() == 1
    copy = await store.copy_session(session.id, leaf=None, whole=True)
    assert copy.message_count == 201


async def test_a_copy_that_was_thrown_away_meanwhile_is_not_filled(store: Store) -> None:
    """Emptying the trash may come between two of its parts."""
    session, messages = await talk(store, "one")
    copy = await store.call(lambda db: branches.begin_copy(db, session.id, now_ms=1))
    await store.empty_trash()
    with pytest.raises(NotFound):
        await store.call(lambda db: branches.copy_messages(db, copy=copy, ids=[messages[0].id], copies={}))


async def test_a_message_that_went_meanwhile_is_left_out_with_what_hangs_on_it(store: Store) -> None:
    """The rest of the tree is copied."""
    session, messages = await talk(store, "one", "two")
    beside = await store.add_messages(session.id, messages[0].id, [answer("other"), user("more")])
    ids = [message.id for message in (*messages, *beside)]
    copy = await store.call(lambda db: branches.begin_copy(db, session.id, now_ms=1))
    await store.trash_message(beside[0].id)
    await store.empty_trash()
    assert await store.count_sessions(trashed=True) == 0
    copy = await store.call(lambda db: branches.begin_copy(db, session.id, now_ms=1))
    new, looked_at = await store.call(lambda db: branches.copy_messages(db, copy=copy, ids=ids, copies={}))
    assert (looked_at, set(new)) == (4, {messages[0].id, messages[1].id})
    done = await store.call(lambda db: branches.finish_copy(db, copy, leaf=new[messages[1].id], count=len(new)))
    assert texts(await store.path(done.id)) == ["one", "two"]
