from pathlib import Path

import apsw
import pytest
from peewee import OperationalError, ProgrammingError

from desktop.domain.faults import Busy, DamagedDatabase, DiskFull, NotADatabase, ReadOnly, StoreError
from desktop.storage.failures import as_store_error, space_left, translated
from tests.storage.places import fill


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (apsw.FullError("x"), DiskFull),
        (apsw.ReadOnlyError("x"), ReadOnly),
        (apsw.PermissionsError("x"), ReadOnly),
        (apsw.BusyError("x"), Busy),
        (apsw.LockedError("x"), Busy),
        (apsw.NotADBError("x"), NotADatabase),
        (apsw.CorruptError("x"), DamagedDatabase),
        (apsw.CantOpenError("x"), ReadOnly),
        (apsw.IOError("x"), StoreError),
    ],
)
def test_each_of_the_worlds_failures_has_its_kind(tmp_path: Path, error: apsw.Error, kind: type[StoreError]) -> None:
    """What SQLite says about the world becomes an error with a sentence that names the file."""
    found = as_store_error(error, tmp_path / "some.db")
    assert type(found) is kind
    assert "some.db" in str(found)


def test_the_cause_is_found_behind_peewee(tmp_path: Path) -> None:
    """Peewee wraps apsw's errors; the kind is not lost by it."""
    error = OperationalError("cannot rollback")
    error.__context__ = apsw.FullError("x")
    with pytest.raises(DiskFull), translated(tmp_path / "some.db"):
        raise error


def test_our_mistakes_stay_what_they_are(tmp_path: Path) -> None:
    """A wrong statement is not the world's fault."""
    with pytest.raises(ProgrammingError), translated(tmp_path / "some.db"):
        raise ProgrammingError("no such table")


@pytest.mark.parametrize("error", [apsw.CantOpenError("x"), apsw.IOError("x")])
def test_failing_to_grow_a_file_on_a_full_disk_means_that_it_is_full(small_disk: Path, error: apsw.Error) -> None:
    """SQLite reports files it cannot create or grow in general words; the free space tells why."""
    fill(small_disk)
    assert type(as_store_error(error, small_disk / "some.db")) is DiskFull


def test_a_disk_that_is_gone_has_no_space(tmp_path: Path) -> None:
    """Asking for the space of a folder that is not there does not fail."""
    assert space_left(tmp_path / "nowhere" / "some.db") == 0


@pytest.mark.parametrize("error", [apsw.NotADBError("x"), apsw.CorruptError("x")])
def test_only_a_folder_of_copies_that_is_there_is_named(tmp_path: Path, error: apsw.Error) -> None:
    """Nobody is sent to a folder that does not exist."""
    assert "a copy of your own" in str(as_store_error(error, tmp_path / "some.db"))
    (tmp_path / "backups").mkdir()
    assert f"a copy from {tmp_path / 'backups'}" in str(as_store_error(error, tmp_path / "some.db"))
