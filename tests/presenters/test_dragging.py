"""Files for sessions that are dragged out of the window, on real services."""

import os
import tempfile
import time
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop.domain.sessions import NewSession
from desktop.presenters.dragging import MOST, OLD_S, PREFIX, DragFiles
from tests.presenters.stage import Stage, playing


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that files which are soon gone are written to."""
    made = tmp_path / "temporary"
    made.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(made))
    return made


def _dragging(stage: Stage) -> tuple[DragFiles, list[int]]:
    """Write a session, and return what makes its file, and how many files there were each time a drag began."""
    new = NewSession(id="one", title="One", created_at=1_795_000_000_000)
    stage.ask(lambda backend: backend.store.create_session(new))
    files = DragFiles(bridge=stage.bridge, model=stage.sidebar.model)
    files._patience.setInterval(60_000)  # a slow machine is not what is tested
    begun: list[int] = []
    files.ready.connect(lambda: begun.append(len(stage.sidebar.model.files)))
    return files, begun


def _written(place: Path) -> list[str]:
    return [path.name for path in place.rglob("*.md")]


def test_a_drag_begins_with_its_files(qapp: QApplication, tmp_path: Path, place: Path) -> None:
    """They stay while the program runs, for who takes them may still be reading, and go with it."""
    with playing(qapp, tmp_path) as stage:
        files, begun = _dragging(stage)
        files.want(("one",))
        stage.until(lambda: bool(begun))
        files.give_up()  # the button is up after the drop, too
        assert (begun, _written(place)) == ([1], ["One.md"])
        files.close()
        assert list(place.iterdir()) == []


def test_what_became_no_drag_leaves_no_file(qapp: QApplication, tmp_path: Path, place: Path) -> None:
    """The button is let go while the files are written, or when they are there."""
    with playing(qapp, tmp_path) as stage:
        files, begun = _dragging(stage)
        files.want(("one",))
        files.give_up()
        stage.rest()
        assert _written(place) == []
        files._soon.setInterval(60_000)  # the turn of the loop in which the drag would begin
        files.want(("one",))
        stage.until(files._soon.isActive)
        assert _written(place) == ["One.md"]
        files.give_up()
        assert (begun, _written(place)) == ([], [])
        files.close()


def test_a_drag_does_not_wait_for_ever(qapp: QApplication, tmp_path: Path, place: Path) -> None:
    """Without files it moves sessions inside the window, and what comes late is removed."""
    with playing(qapp, tmp_path) as stage:
        files, begun = _dragging(stage)
        files._patience.setInterval(0)
        files.want(("one",))
        stage.until(lambda: bool(begun))
        stage.rest()
        assert (begun, _written(place)) == ([0], [])
        files.close()


def test_very_many_are_moved_inside_the_window_alone(qapp: QApplication, tmp_path: Path, place: Path) -> None:
    """Nobody drags so many files."""
    with playing(qapp, tmp_path) as stage:
        files, begun = _dragging(stage)
        files.want(tuple(f"s{at}" for at in range(MOST + 1)))
        stage.until(lambda: bool(begun))
        assert (begun, list(place.iterdir())) == ([0], [])


def test_what_was_left_behind_is_removed(qapp: QApplication, tmp_path: Path, place: Path) -> None:
    """Folders of a program that was killed go with the first drag; what another one uses now stays."""
    old, new = place / f"{PREFIX}old", place / f"{PREFIX}new"
    for each in (old, new, place / "other"):
        each.mkdir()
    long_ago = time.time() - OLD_S - 60
    for each in (old, place / "other"):
        os.utime(each, (long_ago, long_ago))
    with playing(qapp, tmp_path) as stage:
        files, begun = _dragging(stage)
        files.want(("one",))
        stage.until(lambda: bool(begun))
        files.close()
    assert sorted(path.name for path in place.iterdir()) == ["other", f"{PREFIX}new"]
