"""Code as a file: whole, or not at all."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.presenters.bridge import Bridge
from desktop.presenters.export import ExportPresenter


@pytest.mark.parametrize(
    ("text", "written"),
    [("a = 'ä'\n\tb", "a = 'ä'\n\tb".encode()), ("one\r\ntwo\n", b"one\r\ntwo\n"), ("\ud800x", b"?x")],
)
def test_code_is_written_as_it_is(qtbot: QtBot, bridge: Bridge, tmp_path: Path, text: str, written: bytes) -> None:
    """The file has the code in UTF-8, and a half character does not keep it from being written."""
    presenter = ExportPresenter(bridge=bridge)
    path = tmp_path / "code.py"
    with qtbot.waitSignal(presenter.code_saved) as saved:
        presenter.save_code(text, str(path))
    assert saved.args == [str(path)]
    assert path.read_bytes() == written


def test_code_replaces_what_was_there(qtbot: QtBot, bridge: Bridge, tmp_path: Path) -> None:
    """Whether it may was asked before; nothing but the new file is left."""
    presenter = ExportPresenter(bridge=bridge)
    path = tmp_path / "there" / "code.py"
    path.parent.mkdir()
    path.write_text("older and longer", encoding="utf-8")
    with qtbot.waitSignal(presenter.code_saved):
        presenter.save_code("new", str(path))
    assert path.read_text(encoding="utf-8") == "new"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("name", ["nowhere/code.py", "folder"])
def test_code_that_cannot_be_written_is_a_sentence(qtbot: QtBot, bridge: Bridge, tmp_path: Path, name: str) -> None:
    """A place that takes no file is explained, and nothing is left behind."""
    (tmp_path / "folder").mkdir()
    presenter = ExportPresenter(bridge=bridge)
    with qtbot.assertNotEmitted(presenter.code_saved), qtbot.waitSignal(presenter.failed) as failed:
        presenter.save_code("text", str(tmp_path / name))
    assert failed.args[0]
    assert not list((tmp_path / "folder").iterdir())
    assert not (tmp_path / "nowhere").exists()
