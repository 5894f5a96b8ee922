from pathlib import Path

import pytest

from desktop.domain.faults import ReadOnly
from desktop.storage.instance import WindowLock
from tests.storage.children import Child
from tests.storage.places import freeze, without_rights

HOLDER = """
    lock = WindowLock(folder=folder)
    print(lock.take(), flush=True)
    sys.stdin.read()
"""


def test_there_is_one_window(folder: Path) -> None:
    """The second to ask does not get the lock, until the first lets go."""
    one, two = WindowLock(folder=folder), WindowLock(folder=folder)
    assert one.take()
    assert not two.take()
    one.release()
    assert two.take()
    two.release()


def test_another_process_is_another_window(folder: Path) -> None:
    """A second start finds the first, and kill -9 leaves no stale lock behind."""
    with Child(HOLDER, folder) as child:
        assert child.line() == "True"
        lock = WindowLock(folder=folder)
        assert not lock.take()
        child.kill()
        assert lock.take()
    lock.release()


def test_a_lock_file_alone_does_not_block(folder: Path) -> None:
    """A file that a crash or a copy left is no lock."""
    folder.mkdir()
    (folder / "window.lock").write_text("4711")
    lock = WindowLock(folder=folder)
    assert lock.take()
    lock.release()


def test_releasing_what_was_not_taken_is_harmless(folder: Path) -> None:
    """Shutting down may always release."""
    WindowLock(folder=folder).release()


def test_two_folders_have_two_windows(tmp_path: Path) -> None:
    """Each data folder has a window of its own."""
    one, two = WindowLock(folder=tmp_path / "a"), WindowLock(folder=tmp_path / "b")
    assert one.take()
    assert two.take()
    one.release()
    two.release()


def test_a_read_only_folder_says_so(public_folder: Path) -> None:
    """Where no lock can be made, the caller decides; nothing is written there anyway."""
    public_folder.mkdir()
    freeze(public_folder)
    with without_rights(), pytest.raises(ReadOnly, match=r"window\.lock"):
        WindowLock(folder=public_folder).take()
