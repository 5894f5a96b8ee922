import errno
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.faults import DiskFull, StoreError
from desktop.services.exchange.writing import WholeFile, safe_filename


def write(path: Path, *pieces: str) -> None:
    with WholeFile(path) as file:
        file.write(pieces)
        file.commit()


def breaking(error: BaseException) -> Iterator[str]:
    yield "half"
    raise error


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_pieces_are_written_in_utf_8_without_translation(tmp_path: Path) -> None:
    """Line ends and characters arrive as they are."""
    write(tmp_path / "a.md", "é\r\n", "🙂\n")
    assert (tmp_path / "a.md").read_bytes() == "é\r\n🙂\n".encode()
    assert names(tmp_path) == ["a.md"]


def test_nothing_is_at_the_place_before_the_file_is_whole(tmp_path: Path) -> None:
    """Whoever looks meanwhile sees the old file."""
    path = tmp_path / "a.md"
    path.write_text("old")
    with WholeFile(path) as file:
        file.write(["new"])
        assert path.read_text() == "old"
        file.commit()
    assert path.read_text() == "new"


def test_what_is_not_committed_leaves_no_trace(tmp_path: Path) -> None:
    """Leaving the block without a commit keeps the old file and removes the new one."""
    path = tmp_path / "a.md"
    path.write_text("old")
    with WholeFile(path) as file:
        file.write(["new"])
    assert (path.read_text(), names(tmp_path)) == ("old", ["a.md"])


def test_a_full_disk_leaves_the_old_file_alone(tmp_path: Path) -> None:
    """The failure is named, the old file is whole, and no half file is left."""
    path = tmp_path / "a.md"
    path.write_text("old")
    with pytest.raises(DiskFull, match=r"a\.md"), WholeFile(path) as file:
        file.write(breaking(OSError(errno.ENOSPC, "No space left on device")))
    assert (path.read_text(), names(tmp_path)) == ("old", ["a.md"])


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of a file")
def test_a_disk_that_is_full_at_the_end_is_noticed(tmp_path: Path) -> None:
    """Text that still waits in a buffer is not taken for written."""
    import resource

    path = tmp_path / "a.md"
    path.write_text("old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with WholeFile(path) as file:
        file.write(["a" * 100])
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
        try:
            with pytest.raises(DiskFull):
                file.commit()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (path.read_text(), names(tmp_path)) == ("old", ["a.md"])


def test_any_other_error_removes_the_half_file_too(tmp_path: Path) -> None:
    """A mistake of ours goes through, and leaves nothing behind."""
    with pytest.raises(KeyError), WholeFile(tmp_path / "a.md") as file:
        file.write(breaking(KeyError("x")))
    assert names(tmp_path) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A place that does not exist is a sentence with the path."""
    with pytest.raises(StoreError, match=r"nowhere.*a\.md"), WholeFile(tmp_path / "nowhere" / "a.md"):
        pass


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    """Choosing a folder says what to do instead."""
    with pytest.raises(StoreError, match="Choose a name"), WholeFile(tmp_path):
        pass


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no permission bits")
def test_a_replaced_file_keeps_its_permissions(tmp_path: Path) -> None:
    """Who could read the old file can read the new one, and nobody else."""
    path = tmp_path / "a.md"
    path.write_text("old")
    path.chmod(0o640)
    write(path, "new")
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """Writing through a link replaces what it points to."""
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "link.md").symlink_to("real.md")
    write(tmp_path / "link.md", "new")
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text() == "new"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Trip plan: Oaxaca, five days", "Trip plan Oaxaca, five days.md"),
        ("Recipe scaling, 4 → 11 people", "Recipe scaling, 4 → 11 people.md"),
        ("../../etc/passwd", "etc passwd.md"),
        ("C:\\Windows\\x", "C Windows x.md"),
        ("", "Session.md"),
        ("...", "Session.md"),
        ("CON", "Session CON.md"),
        ("lpt1.txt", "Session lpt1.txt.md"),
        (".hidden ", "hidden.md"),
        ("two\nlines\x00", "two lines.md"),
        ("txt\u202egnp.exe", "txt gnp.exe.md"),
    ],
)
def test_a_title_becomes_a_name_that_every_system_takes(title: str, name: str) -> None:
    """Signs that a system forbids become blanks, and what is left is a name."""
    assert safe_filename(title) == name


def test_the_extension_can_be_chosen() -> None:
    """Other formats use the same names."""
    assert safe_filename("Notes", "json") == "Notes.json"


@given(st.text(max_size=300))
def test_a_name_is_never_a_path(title: str) -> None:
    """Whatever the title, the result is one short file name on every system."""
    name = safe_filename(title)
    assert PurePosixPath(name).name == PureWindowsPath(name).name == name
    assert not PureWindowsPath(name).is_reserved()
    assert len(name.encode()) <= 140
    assert name == name.strip(" .")


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    """What is not a file is refused with a sentence, and is what it was."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(StoreError, match="not a file"), WholeFile(pipe):
        pass
    assert pipe.is_fifo()
