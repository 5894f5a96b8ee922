import os
import shutil
import stat
from pathlib import Path

import apsw
import pytest

from desktop.domain.faults import (
    DamagedDatabase,
    DiskFull,
    NewerDatabase,
    NotADatabase,
    ReadOnly,
    SobremesaError,
    StoreError,
)
from desktop.domain.messages import Status
from desktop.domain.sessions import NewSession
from desktop.storage.migrations import MIGRATIONS, Migration
from desktop.storage.store import DATABASE, Store
from tests.storage.conftest import OpenStore
from tests.storage.making import begin, search, talk, texts
from tests.storage.places import fill, fingerprint, freeze, without_rights

WORDS = ("the question", "the answer")


async def written(open_store: OpenStore, folder: Path) -> Path:
    """Leave a sound database with one session `s` in `folder`, and return its file."""
    store = await open_store(folder)
    await talk(store, *WORDS, id="s")
    await store.close()
    return folder / DATABASE


async def left_by_a_crash(open_store: OpenStore, folder: Path, tmp_path: Path) -> Path:
    """Leave what kill -9 leaves in `folder`: a database with its newest words only in the WAL."""
    store = await open_store(tmp_path / "living")
    _session, messages = await talk(store, *WORDS, id="s")
    await begin(store, "s", "the last words", messages[-1])
    folder.mkdir(parents=True, exist_ok=True)
    for path in (tmp_path / "living").glob(f"{DATABASE}*"):
        if not path.name.endswith("-shm"):
            shutil.copy(path, folder)
    assert (folder / f"{DATABASE}-wal").stat().st_size > 0
    return folder / DATABASE


async def read_all(store: Store) -> list[str]:
    return texts(await store.path("s"))


async def test_a_new_folder_and_database_are_private(open_store: OpenStore, folder: Path) -> None:
    """Others on the computer can read neither the folder nor the files in it."""
    store = await open_store(folder / "deep")
    await store.create_session(NewSession())
    assert stat.S_IMODE((folder / "deep").stat().st_mode) == 0o700
    for path in (folder / "deep").glob(f"{DATABASE}*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not store.read_only
    assert store.read_only_reason == ""
    assert store.file == folder / "deep" / DATABASE


async def test_what_was_written_is_there_at_the_next_start(open_store: OpenStore, folder: Path) -> None:
    """Closing leaves one file, and opening finds everything in it."""
    await written(open_store, folder)
    assert {path.name for path in folder.iterdir()} == {DATABASE, "locks"}
    assert await read_all(await open_store()) == list(WORDS)


async def test_an_empty_file_is_a_new_database(open_store: OpenStore, folder: Path) -> None:
    """A crash in the moment of creation leaves an empty file, which is no obstacle."""
    folder.mkdir()
    (folder / DATABASE).touch()
    assert await (await open_store()).count_sessions() == 0


@pytest.mark.parametrize("content", [bytes(8192), b"%PDF-1.7 something else", b"short"])
async def test_another_file_is_not_taken_for_a_database(open_store: OpenStore, folder: Path, content: bytes) -> None:
    """The refusal names the file and a way out, and nothing is touched."""
    folder.mkdir()
    (folder / DATABASE).write_bytes(content)
    with pytest.raises(NotADatabase, match=r"sobremesa\.db.*--data-dir"):
        await open_store()
    assert fingerprint(folder) == {DATABASE: content}


async def test_a_zeroed_header_is_refused_without_a_change(open_store: OpenStore, folder: Path) -> None:
    """A database whose beginning is gone is left as it is, for a repair."""
    path = await written(open_store, folder)
    path.write_bytes(bytes(100) + path.read_bytes()[100:])
    before = fingerprint(folder)
    with pytest.raises(NotADatabase):
        await open_store()
    assert fingerprint(folder) == before


async def test_the_database_of_another_program_is_refused(open_store: OpenStore, folder: Path) -> None:
    """An SQLite file that is not ours gets none of our tables."""
    folder.mkdir()
    connection = apsw.Connection(str(folder / DATABASE))
    connection.execute("CREATE TABLE theirs(x)")
    connection.close()
    before = fingerprint(folder)
    with pytest.raises(NotADatabase):
        await open_store()
    assert fingerprint(folder) == before


async def test_a_truncated_database_is_refused_without_a_change(open_store: OpenStore, folder: Path) -> None:
    """Half a file is damage, and both halves count for a repair."""
    path = await written(open_store, folder)
    os.truncate(path, path.stat().st_size // 2)
    before = fingerprint(folder)
    with pytest.raises(DamagedDatabase, match=r"sobremesa\.db.*a copy of your own"):
        await open_store()
    assert fingerprint(folder) == before


async def test_damaged_pages_are_refused_without_a_change(open_store: OpenStore, folder: Path) -> None:
    """Garbage in the pages of the schema is damage, found at the start."""
    path = await written(open_store, folder)
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = b"\xa5" * (len(content) - 4096 * 2)
    path.write_bytes(content)
    before = fingerprint(folder)
    with pytest.raises(DamagedDatabase):
        await open_store()
    assert fingerprint(folder) == before


async def test_damage_in_the_middle_is_named_when_it_is_met(open_store: OpenStore, folder: Path) -> None:
    """A page of messages that is garbage makes the reading of it fail with the right error."""
    store = await open_store()
    await talk(store, *["x" * 3000] * 40, id="s")
    root = await store.read(
        lambda db: db.execute_sql("SELECT rootpage FROM sqlite_schema WHERE name = 'message'").fetchone()[0]
    )
    await store.close()
    content = bytearray((folder / DATABASE).read_bytes())
    content[4096 * (root - 1) : 4096 * root] = b"\xa5" * 4096
    (folder / DATABASE).write_bytes(content)
    store = await open_store()
    with pytest.raises(DamagedDatabase):
        await store.path("s")


async def test_missing_tables_are_damage(open_store: OpenStore, folder: Path) -> None:
    """A version without the tables it promises is not written to."""
    path = await written(open_store, folder)
    connection = apsw.Connection(str(path))
    connection.execute("DROP TABLE message_words")
    connection.close()
    with pytest.raises(DamagedDatabase):
        await open_store()


async def newer(folder: Path) -> None:
    connection = apsw.Connection(str(folder / DATABASE))
    connection.pragma("user_version", 99)
    connection.close()


async def test_a_newer_database_is_not_changed(open_store: OpenStore, folder: Path) -> None:
    """A database of a later version is refused politely, byte for byte as it was."""
    await written(open_store, folder)
    await newer(folder)
    before = fingerprint(folder)
    with pytest.raises(NewerDatabase, match="newer version"):
        await open_store()
    assert fingerprint(folder) == before


async def test_a_newer_database_is_not_changed_though_only_its_wal_says_so(
    open_store: OpenStore, folder: Path, tmp_path: Path
) -> None:
    """The version counts that a crash left in the WAL, and the WAL is not carried into the file."""
    store = await open_store(tmp_path / "living")
    await store.call(lambda db: db.execute_sql("PRAGMA user_version = 99"))
    folder.mkdir()
    for name in (DATABASE, f"{DATABASE}-wal"):
        shutil.copy(tmp_path / "living" / name, folder)
    before = fingerprint(folder)
    with pytest.raises(NewerDatabase):
        await open_store()
    assert fingerprint(folder) == before


async def test_a_crash_leaves_nothing_unread(open_store: OpenStore, folder: Path, tmp_path: Path) -> None:
    """What was committed but only stood in the WAL is there."""
    await left_by_a_crash(open_store, folder, tmp_path)
    store = await open_store()
    assert (await read_all(store))[-2:] == ["the last words", ""]
    assert len(await store.recover()) == 1


async def test_a_folder_that_is_a_file_is_named(open_store: OpenStore, folder: Path) -> None:
    """A path that cannot be a folder is an error with its name."""
    folder.write_bytes(b"")
    with pytest.raises(StoreError, match="data"):
        await open_store()


async def check_reading_only(store: Store) -> None:
    """Reading, searching and counting work; whatever writes is refused with the reason."""
    assert store.read_only
    assert store.read_only_reason
    assert (await read_all(store))[: len(WORDS)] == list(WORDS)
    assert [hit.role for hit in await search(store, "question")] == ["user"]
    assert await store.count_sessions() == 1
    assert await store.recover() == ()
    assert len({await store.data_version() for _ in range(3)}) == 1
    for refused in (store.create_session(NewSession()), store.save_draft("s", "x"), begin(store, "s", "more")):
        with pytest.raises((ReadOnly, DiskFull), match=r"sobremesa\.db"):
            await refused


async def test_a_read_only_folder_opens_for_reading(open_store: OpenStore, public_folder: Path) -> None:
    """Where nothing may be written, everything can still be read, and the reason is a sentence."""
    await written(open_store, public_folder)
    freeze(public_folder)
    before = fingerprint(public_folder)
    with without_rights():
        store = await open_store(public_folder)
        await check_reading_only(store)
        await store.close()
    assert "may not be written" in store.read_only_reason or "could not be opened" in store.read_only_reason
    assert fingerprint(public_folder) == before


async def test_a_read_only_file_opens_for_reading(open_store: OpenStore, public_folder: Path) -> None:
    """The same when the folder could be written but the database could not."""
    path = await written(open_store, public_folder)
    public_folder.chmod(0o777)
    (public_folder / "locks").chmod(0o777)
    path.chmod(0o444)
    with without_rights():
        store = await open_store(public_folder)
        await check_reading_only(store)
        await store.close()


async def test_what_a_crash_left_is_read_in_a_read_only_folder(
    open_store: OpenStore, public_folder: Path, tmp_path: Path
) -> None:
    """The words in the WAL are seen though it cannot be worked in, and what streamed is shown as interrupted."""
    await left_by_a_crash(open_store, public_folder, tmp_path)
    freeze(public_folder)
    before = fingerprint(public_folder)
    with without_rights():
        store = await open_store(public_folder)
        await check_reading_only(store)
        path = await store.path("s")
        await store.close()
    assert texts(path)[-2:] == ["the last words", ""]
    assert path[-1].status is Status.INTERRUPTED
    assert fingerprint(public_folder) == before


async def test_an_old_database_in_a_read_only_folder_is_read_through_a_copy(
    open_store: OpenStore, public_folder: Path
) -> None:
    """A version that must be brought up to date first is, but in a copy that goes with the store."""
    await written(open_store, public_folder)
    freeze(public_folder)
    before = fingerprint(public_folder)
    later = (
        *MIGRATIONS,
        Migration(
            version=MIGRATIONS[-1].version + 1,
            name="more",
            apply=lambda db, _now: db.execute_sql("CREATE TABLE more(x)"),
        ),
    )
    with without_rights():
        store = await open_store(public_folder, migrations=later)
        await check_reading_only(store)
        assert await store.read(lambda db: db.execute_sql("SELECT count(*) FROM more").fetchone()[0]) == 0
        await store.close()
    assert fingerprint(public_folder) == before


async def test_a_read_only_folder_without_a_database_is_an_empty_store(
    open_store: OpenStore, public_folder: Path
) -> None:
    """The window can open, and says why nothing can be kept."""
    public_folder.mkdir()
    freeze(public_folder)
    with without_rights():
        store = await open_store(public_folder)
        assert store.read_only
        assert await store.sessions() == ()
        with pytest.raises(ReadOnly):
            await store.create_session(NewSession())
        await store.close()
    assert list(public_folder.iterdir()) == []


async def test_a_file_that_may_not_be_read_is_an_error(open_store: OpenStore, public_folder: Path) -> None:
    """Where not even reading is allowed there is no store."""
    path = await written(open_store, public_folder)
    path.chmod(0o000)
    with without_rights(), pytest.raises(SobremesaError, match=r"sobremesa\.db"):
        await open_store(public_folder)


async def test_a_full_disk_at_the_start_opens_for_reading(open_store: OpenStore, small_disk: Path) -> None:
    """With no byte left, everything can be read; with room again, everything works."""
    await written(open_store, small_disk)
    filler = fill(small_disk)
    store = await open_store(small_disk)
    assert "full" in store.read_only_reason
    await check_reading_only(store)
    await store.close()
    filler.unlink()
    store = await open_store(small_disk)
    assert not store.read_only
    assert await read_all(store) == list(WORDS)


async def test_what_a_crash_left_is_read_on_a_full_disk(
    open_store: OpenStore, small_disk: Path, tmp_path: Path
) -> None:
    """A crash on a full disk hides no word at the next start, and takes none away."""
    await left_by_a_crash(open_store, small_disk, tmp_path)
    before = fingerprint(small_disk)
    filler = fill(small_disk)
    store = await open_store(small_disk)
    await check_reading_only(store)
    assert (await read_all(store))[-2:] == ["the last words", ""]
    await store.close()
    filler.unlink()
    assert fingerprint(small_disk).items() >= before.items()


async def test_without_any_place_for_a_copy_the_file_itself_is_read(
    open_store: OpenStore, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When not even the temporary folder has room, what is in the database file is shown."""
    await written(open_store, small_disk)
    (small_disk / f"{DATABASE}-wal").write_bytes(b"something that SQLite will ignore")
    fill(small_disk)
    monkeypatch.setattr("tempfile.tempdir", str(small_disk))
    store = await open_store(small_disk)
    await check_reading_only(store)
    await store.close()


async def test_a_new_database_on_a_full_disk_is_an_empty_store(open_store: OpenStore, small_disk: Path) -> None:
    """A first start without room says so, and the next one begins properly."""
    filler = fill(small_disk)
    store = await open_store(small_disk)
    assert "full" in store.read_only_reason
    assert await store.sessions() == ()
    await store.close()
    filler.unlink()
    assert not (await open_store(small_disk)).read_only
