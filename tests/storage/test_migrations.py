import asyncio
import shutil
from pathlib import Path

import apsw
import pytest
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import Busy, MigrationFailed
from desktop.domain.messages import Status
from desktop.domain.sessions import NewSession
from desktop.storage.migrations import MIGRATIONS, Migration
from desktop.storage.rows import (
    DraftRow,
    MessageRow,
    MigrationRow,
    ProfileRow,
    ProviderRow,
    Row,
    SessionRow,
)
from desktop.storage.store import DATABASE, Store
from tests.storage.conftest import OpenStore
from tests.storage.making import search, talk, texts

DATA = Path(__file__).parent.parent / "data"


def more(db: APSWDatabase, _now_ms: int) -> None:
    db.execute_sql("CREATE TABLE more(x)")


def broken(db: APSWDatabase, _now_ms: int) -> None:
    db.execute_sql("CREATE TABLE half(x)")
    db.execute_sql("UPDATE message SET content = 'lost'")
    db.execute_sql("INSERT INTO nowhere VALUES (1)")


TODAY = MIGRATIONS[-1].version
LATER = (*MIGRATIONS, Migration(version=TODAY + 1, name="more", apply=more))
BROKEN = (*LATER, Migration(version=TODAY + 2, name="broken", apply=broken))


async def tables(store: Store) -> set[str]:
    return await store.read(
        lambda db: {row[0] for row in db.execute_sql("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    )


def look(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return list(connection.execute(sql))
    finally:
        connection.close()


async def test_a_new_database_gets_every_table(store: Store) -> None:
    """The tables of the architecture are there from the first start, and Guest has a profile."""
    assert await tables(store) >= {
        *("session", "message", "attachment", "folder", "tag", "session_tag", "profile", "summary", "draft"),
        *("source", "citation", "preset", "provider", "migration", "message_words", "session_words"),
        *("model_fact", "context_mark"),
    }
    assert await store.read(lambda db: db.execute_sql("SELECT id, name FROM profile").fetchall()) == [(1, "Guest")]


async def test_a_new_database_makes_no_backup(open_store: OpenStore, folder: Path) -> None:
    """There is nothing to copy before the first table."""
    await open_store()
    assert not (folder / "backups").exists()


@pytest.mark.parametrize("row", [ProfileRow, SessionRow, MessageRow, DraftRow, ProviderRow, MigrationRow])
async def test_row_classes_and_tables_have_the_same_columns(store: Store, row: type[Row]) -> None:
    """What Peewee believes is what the migrations made."""
    name = row._meta.table_name
    columns = await store.read(lambda db: [found[1] for found in db.execute_sql(f"PRAGMA table_info({name})")])
    assert list(row._meta.columns) == columns


async def test_each_migration_is_noted(open_store: OpenStore) -> None:
    """The database knows what was done to it."""
    store = await open_store(migrations=LATER)
    found = await store.read(lambda db: db.execute_sql("SELECT version, name FROM migration").fetchall())
    assert found == [(step.version, step.name) for step in LATER]
    assert found[0] == (1, "the first tables")


async def test_a_migration_is_preceded_by_a_copy(open_store: OpenStore, folder: Path) -> None:
    """Before the shape changes, everything is copied, private and as one file."""
    store = await open_store()
    await talk(store, "one", "two", id="s")
    await store.close()
    store = await open_store(migrations=LATER)
    assert "more" in await tables(store)
    assert texts(await store.path("s")) == ["one", "two"]
    (copy,) = (folder / "backups").iterdir()
    assert copy.name.startswith(f"sobremesa-v{TODAY}-")
    assert copy.stat().st_mode & 0o077 == 0
    assert look(copy, "SELECT content FROM message ORDER BY id") == [("one",), ("two",)]
    assert look(copy, "PRAGMA user_version") == [(TODAY,)]
    assert look(copy, "PRAGMA integrity_check") == [("ok",)]


async def test_a_failed_migration_is_rolled_back_and_names_the_backup(open_store: OpenStore, folder: Path) -> None:
    """The step that failed leaves no trace, those before it stand, and the copy is named."""
    store = await open_store()
    await talk(store, "one", "two", id="s")
    await store.close()
    with pytest.raises(MigrationFailed) as caught:
        await open_store(migrations=BROKEN)
    (copy,) = (folder / "backups").iterdir()
    assert str(copy) in str(caught.value)
    assert f"version {TODAY + 2}" in str(caught.value)
    store = await open_store(migrations=LATER)
    assert "half" not in await tables(store)
    assert texts(await store.path("s")) == ["one", "two"]
    assert look(copy, "SELECT count(*) FROM message") == [(2,)]


async def test_a_failed_first_migration_leaves_no_table(open_store: OpenStore, folder: Path) -> None:
    """Without anything to lose there is no backup to name, and the next start begins anew."""
    first = Migration(version=1, name="broken", apply=broken)
    with pytest.raises(MigrationFailed) as caught:
        await open_store(migrations=[first])
    assert "copy" not in str(caught.value)
    assert not (await open_store()).read_only


async def test_a_backup_is_a_copy_that_can_be_put_in_place(open_store: OpenStore, folder: Path, tmp_path: Path) -> None:
    """The way out that the errors name works: the copy is a database like any other."""
    store = await open_store()
    await talk(store, "one", "two", id="s")
    await store.close()
    await (await open_store(migrations=LATER)).close()
    (copy,) = (folder / "backups").iterdir()
    (tmp_path / "other").mkdir()
    shutil.copy(copy, tmp_path / "other" / DATABASE)
    assert texts(await (await open_store(tmp_path / "other")).path("s")) == ["one", "two"]


async def test_a_migration_waits_for_its_turn(open_store: OpenStore, folder: Path) -> None:
    """While another process writes, the migration is not forced; nothing has failed but the moment."""
    await (await open_store()).close()
    other = apsw.Connection(str(folder / DATABASE))
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Busy):
            await open_store(migrations=LATER, busy_timeout_ms=1)
    finally:
        other.close()
    assert "more" in await tables(await open_store(migrations=LATER))


async def test_a_step_that_another_process_has_done_is_not_done_again(open_store: OpenStore, folder: Path) -> None:
    """Two programs that find the same old database migrate it once."""
    await (await open_store()).close()
    other = apsw.Connection(str(folder / DATABASE))
    try:
        other.execute("BEGIN IMMEDIATE; CREATE TABLE more(x); PRAGMA user_version = " + str(TODAY + 1))
        opening = asyncio.create_task(open_store(migrations=LATER))
        async with asyncio.timeout(10):
            while not list(folder.glob("backups/*.db")):  # made before the turn is waited for
                await asyncio.sleep(0.001)
        other.execute("COMMIT")
        store = await opening
    finally:
        other.close()
    assert await store.read(lambda db: db.execute_sql("SELECT max(version) FROM migration").fetchone()[0]) == TODAY


async def test_a_full_disk_stops_a_migration_before_it_begins(
    open_store: OpenStore, folder: Path, small_disk: Path
) -> None:
    """Without room for the copy nothing is changed, and the old words can be read."""
    store = await open_store()
    await talk(store, *["x" * 20_000] * 60, id="s")
    await store.close()
    shutil.copy(folder / DATABASE, small_disk)
    (small_disk / "filler").write_bytes(bytes(1 << 20))
    store = await open_store(small_disk, migrations=LATER)
    assert "full" in store.read_only_reason
    assert len(await store.path("s")) == 50
    await store.close()
    assert look(small_disk / DATABASE, "PRAGMA user_version") == [(TODAY,)]
    assert list((small_disk / "backups").iterdir()) == []


@pytest.mark.parametrize("version", range(1, TODAY + 1))
async def test_a_database_of_every_version_opens(open_store: OpenStore, folder: Path, version: int) -> None:
    """What an earlier version wrote is all there: branches, thinking, words, drafts, providers, a cut stream."""
    folder.mkdir()
    shutil.copy(DATA / f"version-{version}.db", folder / DATABASE)
    store = await open_store()
    (listing,) = await store.sessions()
    assert (listing.title, listing.pinned, listing.message_count) == ("Where is the harbour?", True, 5)
    session = await store.session(listing.id)
    assert dict(session.params) == {"temperature": 0.5}
    assert len(await store.recover()) == 1
    path = await store.path(listing.id)
    assert texts(path) == ["Where is the harbour? ⚓", "Down there.", "And the bridge?", "Behind"]
    assert [(message.version, message.versions) for message in path] == [(1, 1), (2, 2), (1, 1), (1, 1)]
    assert path[-1].status is Status.INTERRUPTED
    assert path[1].usage is not None
    assert (path[1].thinking, path[1].usage.output_tokens, path[1].cost) == ("hm", 3, 0.5)
    assert len(await search(store, "harbour")) == 2
    assert await store.draft(listing.id) == "unsent"
    assert [provider.id for provider in await store.providers()] == ["ollama"]
    assert (await store.places(1)).active == 1
    assert (await store.create_session(NewSession())).message_count == 0
