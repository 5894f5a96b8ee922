from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import StoreError
from desktop.storage.database import check_library, connect, connect_reader, pragma, prepare_writer, reading, writing


@pytest.fixture
def db(tmp_path: Path) -> Iterator[APSWDatabase]:
    db = connect(tmp_path / "some.db", flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
    prepare_writer(db)
    db.execute_sql("CREATE TABLE some(thing)")
    yield db
    db.close()


def count(db: APSWDatabase) -> int:
    return int(db.execute_sql("SELECT count(*) FROM some").fetchone()[0])


def add(db: APSWDatabase) -> None:
    db.execute_sql("INSERT INTO some VALUES (zeroblob(1000))")


@pytest.mark.parametrize("version", ["3.40.1", "3.51.2"])
def test_an_sqlite_that_damages_databases_is_refused(version: str) -> None:
    """A library from before 3.51.3 is not used at all."""
    with pytest.raises(StoreError, match=r"3\.51\.3"):
        check_library(version)


@pytest.mark.parametrize("version", ["3.51.3", "3.52", "4.0.0"])
def test_a_sound_sqlite_is_taken(version: str) -> None:
    """The fixed version and those after it are fine."""
    check_library(version)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("fullfsync", 1),
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("busy_timeout", 5000),
    ],
)
def test_the_writer_is_durable_and_strict(db: APSWDatabase, name: str, value: object) -> None:
    """What was shown as saved survives a power cut, and the file cannot trick the program."""
    assert pragma(db, name) == value


def test_the_reader_cannot_write(db: APSWDatabase, tmp_path: Path) -> None:
    """The second connection only reads, and leaves the WAL to the first."""
    reader = connect_reader(tmp_path / "some.db")
    try:
        assert pragma(reader, "wal_autocheckpoint") == 0
        with pytest.raises(Exception, match="readonly"):
            add(reader)
    finally:
        reader.close()


def test_a_transaction_that_raises_leaves_nothing(db: APSWDatabase) -> None:
    """All of it is kept, or nothing."""

    def half(db: APSWDatabase) -> None:
        add(db)
        raise KeyError

    with pytest.raises(KeyError):
        writing(db, half)
    assert count(db) == 0
    assert db.connection().getautocommit()


def test_a_full_disk_is_not_hidden_behind_the_rollback(db: APSWDatabase) -> None:
    """SQLite rolls back by itself when the disk is full; the error that arrives is still that one."""
    db.execute_sql("PRAGMA max_page_count = 5")

    def much(db: APSWDatabase) -> None:
        for _ in range(100):
            add(db)

    with pytest.raises(Exception, match="full") as caught:
        writing(db, much)
    assert isinstance(caught.value.__cause__ or caught.value.__context__, apsw.FullError)
    assert count(db) == 0


def test_a_view_does_not_change_while_it_is_read(db: APSWDatabase, tmp_path: Path) -> None:
    """What another connection writes meanwhile is seen by the next reading."""
    reader = connect_reader(tmp_path / "some.db")

    def twice(reader: APSWDatabase) -> tuple[int, int]:
        before = count(reader)
        writing(db, add)
        return before, count(reader)

    try:
        assert reading(reader, twice) == (0, 0)
        assert reading(reader, count) == 1
    finally:
        reader.close()
