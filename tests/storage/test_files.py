import errno
import stat
from pathlib import Path

import pytest

from desktop.domain.faults import DiskFull, ReadOnly, StoreError
from desktop.storage.files import make_private_folder, store_error, write_private
from tests.storage.places import fill, freeze, without_rights


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    """The new content stands there, and no temporary file beside it."""
    path = tmp_path / "some.json"
    path.write_bytes(b"old and longer")
    write_private(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    """Others can neither read nor write it, whatever the old one allowed."""
    path = tmp_path / "some.json"
    path.write_bytes(b"old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_folder_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    """A folder that is made is private; the one that exists keeps its permissions."""
    make_private_folder(tmp_path / "a")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700
    (tmp_path / "a").chmod(0o755)
    make_private_folder(tmp_path / "a")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o755


def test_a_failed_write_leaves_the_old_file(small_disk: Path) -> None:
    """On a full disk the old content stands and nothing is left beside it."""
    path = small_disk / "some.json"
    path.write_bytes(b"old")
    filler = fill(small_disk)
    with pytest.raises(DiskFull):
        write_private(path, bytes(10_000))
    assert path.read_bytes() == b"old"
    assert set(small_disk.iterdir()) == {path, filler}


def test_a_read_only_folder_is_named(public_folder: Path) -> None:
    """The error says which file may not be written."""
    public_folder.mkdir()
    freeze(public_folder)
    with without_rights(), pytest.raises(ReadOnly, match=r"some\.json"):
        write_private(public_folder / "some.json", b"new")


def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path) -> None:
    """A folder that cannot be made is an error of the store, with its path."""
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(StoreError, match="a"):
        make_private_folder(tmp_path / "a")


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.ENOSPC, DiskFull), (errno.EDQUOT, DiskFull), (errno.EROFS, ReadOnly), (errno.EIO, StoreError)],
)
def test_each_failure_has_its_kind(number: int, kind: type[StoreError]) -> None:
    """Full, read-only and broken are three different errors."""
    assert type(store_error(OSError(number, "x"), Path("/y"))) is kind
