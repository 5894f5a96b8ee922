"""Where code goes is asked as where an export goes: without a nested event loop."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.dialogs.export import REPLACE, SaveCodeDialog
from desktop.ui.dialogs.question import CANCEL, Question


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    """A window to ask in."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def saving(host: QWidget, path: Path) -> SaveCodeDialog:
    """Open the dialog and choose a path in it."""
    dialog = SaveCodeDialog(file_name="code.py", parent=host)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.open()
    dialog.setDirectory(str(path.parent))
    dialog.selectFile(path.name)
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


@pytest.mark.parametrize(("answer", "times"), [(REPLACE, 1), (CANCEL, 0)])
def test_a_file_is_replaced_only_after_a_yes(
    qtbot: QtBot, host: QWidget, tmp_path: Path, answer: str, times: int
) -> None:
    """A file that stands there is asked about, with the answer still open when `accept` returns."""
    (tmp_path / "code.py").write_text("mine", encoding="utf-8")
    dialog = saving(host, tmp_path / "code.py")
    chosen: list[str] = []
    dialog.chosen.connect(chosen.append)
    dialog.accept()
    question = host.findChild(Question, "replaceQuestion")
    assert isinstance(question, Question)
    assert chosen == []
    question.answer_button(answer).click()
    assert len(chosen) == times
    qtbot.waitUntil(lambda: host.findChild(SaveCodeDialog) is None)
