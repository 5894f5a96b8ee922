import asyncio
import threading
from pathlib import Path

import apsw
import pytest

from desktop.domain.faults import Busy, DiskFull
from desktop.domain.messages import Status
from desktop.domain.sessions import NewSession
from desktop.storage.connections import file_version
from desktop.storage.store import DATABASE, Store
from tests.storage.conftest import OpenStore
from tests.storage.making import answer, begin, done, talk, texts, user
from tests.storage.places import fill


async def test_nobody_waits_for_the_disk_but_the_two_threads(store: Store) -> None:
    """Writes run on one thread, reads on another, and neither on the caller's."""
    write = {await store.call(lambda _db: threading.get_ident()) for _ in range(3)}
    read = {await store.read(lambda _db: threading.get_ident()) for _ in range(3)}
    assert len(write) == len(read) == 1
    assert len({*write, *read, threading.get_ident()}) == 3


async def test_a_long_reading_does_not_hold_up_a_write(store: Store) -> None:
    """While one reads for long, others write; the one who reads sees what was there when it began."""
    session, _messages = await talk(store, "one")
    begun, go_on = threading.Event(), threading.Event()

    def long_reading(db: object) -> int:
        count = db.execute_sql("SELECT count(*) FROM message").fetchone()[0]  # type: ignore[attr-defined]
        begun.set()
        assert go_on.wait(30)
        assert db.execute_sql("SELECT count(*) FROM message").fetchone()[0] == count  # type: ignore[attr-defined]
        return int(count)

    reading = asyncio.create_task(store.read(long_reading))
    await asyncio.to_thread(begun.wait, 30)
    await store.add_messages(session.id, None, [user("two")])
    go_on.set()
    assert await reading == 1
    assert (await store.session(session.id)).message_count == 2


async def test_writes_happen_in_the_order_they_were_asked_for(store: Store) -> None:
    """Many at once do not overtake each other."""
    session = await store.create_session(NewSession())
    await asyncio.gather(*[store.add_messages(session.id, None, [user(str(n))]) for n in range(30)])
    found = await store.read(lambda db: [row[0] for row in db.execute_sql("SELECT content FROM message ORDER BY id")])
    assert found == [str(n) for n in range(30)]


async def test_a_reading_that_nobody_waits_for_is_dropped(store: Store) -> None:
    """A page that was scrolled past is not read any more."""
    hold = threading.Event()
    read: list[int] = []
    first = asyncio.create_task(store.read(lambda _db: hold.wait(30)))
    second = asyncio.create_task(store.read(lambda _db: read.append(2)))
    third = asyncio.create_task(store.read(lambda _db: read.append(3)))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    hold.set()
    await asyncio.gather(first, third)
    assert read == [3]


async def test_closing_does_first_what_was_asked_for(open_store: OpenStore, folder: Path) -> None:
    """A write that still waits for its turn when the store closes is done."""
    store = await open_store()
    session = await store.create_session(NewSession(id="s"))
    task = asyncio.create_task(store.add_messages(session.id, None, [user("last"), answer("words")]))
    await asyncio.sleep(0)
    await store.close()
    await task
    await store.close()
    assert texts(await (await open_store()).path("s")) == ["last", "words"]
    assert not (folder / f"{DATABASE}-journal").exists()


async def test_closing_leaves_one_file_without_a_wal(open_store: OpenStore, folder: Path) -> None:
    """What stood in the WAL is carried into the database, so that the file can be copied."""
    store = await open_store()
    await talk(store, "one")
    await store.close()
    assert [path.name for path in folder.glob(f"{DATABASE}*")] == [DATABASE]


async def test_a_failed_opening_leaves_no_thread(open_store: OpenStore, folder: Path) -> None:
    """Whoever is refused has nothing to close."""
    folder.mkdir()
    (folder / DATABASE).write_bytes(b"something else")
    before = threading.active_count()
    with pytest.raises(Exception, match="not a Sobremesa database"):
        await open_store()
    assert threading.active_count() == before


def test_a_store_serves_any_loop(folder: Path) -> None:
    """Opened on one loop, it answers on another: nothing in it belongs to a loop."""
    with asyncio.Runner() as one, asyncio.Runner() as two:
        store = one.run(Store.open(folder=folder))
        session = two.run(store.create_session(NewSession()))
        assert one.run(store.session(session.id)) == session
        two.run(store.close())


async def test_several_stores_live_in_one_process(open_store: OpenStore, tmp_path: Path) -> None:
    """Queries name their database, so two folders are never mixed up."""
    one, two = await open_store(tmp_path / "a"), await open_store(tmp_path / "b")
    await talk(one, "in a")
    assert (await one.count_sessions(), await two.count_sessions()) == (1, 0)


async def test_a_database_held_for_too_long_is_busy(open_store: OpenStore, folder: Path) -> None:
    """After the limit the caller is told; when the other lets go, the same write works."""
    store = await open_store(busy_timeout_ms=1)
    other = apsw.Connection(str(folder / DATABASE))
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy, match=r"sobremesa\.db"):
        await store.create_session(NewSession(id="s"))
    other.execute("ROLLBACK")
    other.close()
    await store.create_session(NewSession(id="s"))


async def test_waiting_for_the_other_is_not_an_error(open_store: OpenStore, folder: Path) -> None:
    """Within the limit a write waits for its turn."""
    store = await open_store(busy_timeout_ms=30_000)
    other = apsw.Connection(str(folder / DATABASE))
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(store.create_session(NewSession(id="s")))
    assert await store.count_sessions() == 0  # reading goes on meanwhile
    other.execute("COMMIT")
    other.close()
    assert (await waiting).id == "s"


async def test_a_disk_that_fills_up_while_streaming_loses_nothing(open_store: OpenStore, small_disk: Path) -> None:
    """The error says so, what was saved stays and can be read, and with room again the same text is saved."""
    store = await open_store(small_disk)
    session = await store.create_session(NewSession())
    turn = await begin(store, session, "hello")
    await store.checkpoint(turn.assistant.id, content="so far")
    filler = fill(small_disk)
    text = "x" * 500_000
    with pytest.raises(DiskFull, match="full"):
        await store.checkpoint(turn.assistant.id, content=text)
    with pytest.raises(DiskFull):
        await store.finish(turn.assistant.id, done(text))
    assert texts(await store.path(session.id)) == ["hello", "so far"]
    filler.unlink()
    await store.checkpoint(turn.assistant.id, content=text)
    message = await store.finish(turn.assistant.id, done(text + " done"))
    assert (message.content, message.status) == (text + " done", Status.COMPLETE)


async def test_a_full_database_is_a_full_disk_wherever_it_happens(store: Store) -> None:
    """The error is that of the disk, not of the rollback behind it, and the store goes on working."""
    session = await store.create_session(NewSession())
    pages = await store.read(lambda db: db.execute_sql("PRAGMA page_count").fetchone()[0])
    await store.call(lambda db: db.execute_sql(f"PRAGMA max_page_count = {pages + 2}"))
    with pytest.raises(DiskFull):
        await begin(store, session, "x" * 100_000)
    assert await store.path(session.id) == ()
    await store.call(lambda db: db.execute_sql("PRAGMA max_page_count = 1000000"))
    await begin(store, session, "x" * 100_000)


def test_the_version_of_files_follows_them(tmp_path: Path) -> None:
    """A file that appears, grows or goes changes the number; looking does not."""
    path = tmp_path / "some.db"
    seen = [file_version(path), file_version(path)]
    path.write_bytes(b"x")
    seen.append(file_version(path))
    (tmp_path / "some.db-wal").write_bytes(b"x")
    seen.append(file_version(path))
    assert seen[0] == seen[1]
    assert len(set(seen)) == 3
