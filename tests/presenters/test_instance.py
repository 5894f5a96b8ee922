"""A later start asks the first window to come forward."""

import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.presenters.instance import LONGEST_PATH, FirstWindow, _name, raise_first_window

LATER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from desktop.presenters.instance import raise_first_window
app = QCoreApplication([])
sys.exit(0 if raise_first_window(Path(sys.argv[1]), session_id=sys.argv[2]) else 1)
"""


def asked(qtbot: QtBot, folder: Path, session_id: str = "") -> tuple[list[str], bool]:
    """Start another process that wants to be the window; return what the first one heard, and if it was answered."""
    first = FirstWindow(folder=folder)
    wishes: list[str] = []
    first.raise_requested.connect(wishes.append)
    assert first.listen()
    later = subprocess.Popen([sys.executable, "-c", LATER, str(folder), session_id])
    qtbot.waitUntil(lambda: later.poll() is not None, timeout=30_000)
    first.close()
    return wishes, later.returncode == 0


def test_the_first_window_hears_and_answers(qtbot: QtBot, tmp_path: Path) -> None:
    """The later start learns that somebody is there."""
    assert asked(qtbot, tmp_path) == ([""], True)


def test_the_session_that_was_asked_for_comes_along(qtbot: QtBot, tmp_path: Path) -> None:
    """`--session` of a later start reaches the window."""
    assert asked(qtbot, tmp_path, "ñandú 7") == (["ñandú 7"], True)


def test_nobody_answers_in_an_empty_folder(tmp_path: Path) -> None:
    """Without a window there is no answer."""
    assert not raise_first_window(tmp_path)


def test_a_socket_left_behind_is_replaced(qtbot: QtBot, tmp_path: Path) -> None:
    """After kill -9 the name is there and nobody behind it."""
    (tmp_path / "window.sock").touch()
    assert asked(qtbot, tmp_path) == ([""], True)


def test_the_name_fits_every_system(tmp_path: Path) -> None:
    """The socket lies in the data folder where its name is short enough, and never has one that is too long."""
    assert _name(tmp_path / "d") == str(tmp_path / "d" / "window.sock")
    deep = _name(tmp_path / ("long" * 40))
    assert len(deep) < LONGEST_PATH
    assert deep != _name(tmp_path / ("long" * 41))
