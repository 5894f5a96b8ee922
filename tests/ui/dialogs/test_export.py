"""Where code and exports go is asked without a nested event loop."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.dialogs.export import REPLACE, ExportDialog, SaveCodeDialog, SaveDialog
from desktop.ui.dialogs.question import CANCEL, Question


def saving(host: QWidget, path: Path) -> SaveCodeDialog:
    """Open the dialog and choose a path in it."""
    dialog = SaveCodeDialog(file_name="code.py", parent=host)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.open()
    dialog.setDirectory(str(path.parent))
    dialog.selectFile(path.name)
    return dialog


def exporting(host: QWidget, path: Path) -> ExportDialog:
    dialog = ExportDialog(suggested=path, parent=host)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.open()
    return dialog


def test_the_suggested_name_is_there(qtbot: QtBot, host: QWidget) -> None:
    """The dialog begins with the name that fits the language."""
    dialog = SaveCodeDialog(file_name="code.py", parent=host)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.open()
    assert Path(dialog.selectedFiles()[0]).name == "code.py"
    dialog.close()


@pytest.mark.parametrize(("name", "written"), [("mine.txt", "mine.txt"), ("mine", "mine.py")])
def test_a_name_gets_the_languages_ending(qtbot: QtBot, host: QWidget, tmp_path: Path, name: str, written: str) -> None:
    """A name without an ending gets the suggested one; one that has an ending keeps it."""
    dialog = saving(host, tmp_path / name)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.accept()
    assert chosen.args == [str(tmp_path / written)]


def test_a_new_file_is_chosen_at_once(qtbot: QtBot, host: QWidget, tmp_path: Path) -> None:
    """Where nothing stands in the way, nothing is asked."""
    dialog = exporting(host, tmp_path / "talk.md")
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.accept()
    assert chosen.args == [str(tmp_path / "talk.md")]


def test_the_name_gets_its_ending(qtbot: QtBot, host: QWidget, tmp_path: Path) -> None:
    """A name without an ending becomes a Markdown file."""
    dialog = exporting(host, tmp_path / "talk")
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.accept()
    assert chosen.args == [str(tmp_path / "talk.md")]


@pytest.mark.parametrize("ask", [saving, exporting])
@pytest.mark.parametrize(("answer", "times"), [(REPLACE, 1), (CANCEL, 0)])
def test_a_file_is_replaced_only_after_a_yes(
    qtbot: QtBot, host: QWidget, tmp_path: Path, *, ask: Callable[[QWidget, Path], SaveDialog], answer: str, times: int
) -> None:
    """A file that stands there is asked about, with the answer still open when `accept` returns."""
    path = tmp_path / "mine.md"
    path.write_text("mine", encoding="utf-8")
    dialog = ask(host, path)
    chosen: list[str] = []
    dialog.chosen.connect(chosen.append)
    dialog.accept()
    question = host.findChild(Question, "replaceQuestion")
    assert isinstance(question, Question)
    assert chosen == []
    question.answer_button(answer).click()
    assert len(chosen) == times
    qtbot.waitUntil(lambda: host.findChild(SaveDialog) is None)
