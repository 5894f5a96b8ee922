from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop import __version__
from desktop.ui.dialogs.about import AboutDialog
from desktop.ui.dialogs.export import REPLACE, ExportDialog
from desktop.ui.dialogs.question import CANCEL, Question
from desktop.ui.dialogs.rename import RenameDialog
from desktop.ui.dialogs.trouble import StoreTroublePage


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    """A window to ask in."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def test_rename_gives_the_new_title(qtbot: QtBot, host: QWidget) -> None:
    """Enter takes the title, with white space folded."""
    dialog = RenameDialog(title="Old", parent=host)
    dialog.open()
    dialog.field.setText("  A new \t title ")
    with qtbot.waitSignal(dialog.renamed) as renamed:
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert renamed.args == ["A new title"]


def test_rename_to_the_same_is_nothing(qtbot: QtBot, host: QWidget) -> None:
    """A title that stays as it is writes nothing."""
    dialog = RenameDialog(title="Old", parent=host)
    dialog.open()
    with qtbot.assertNotEmitted(dialog.renamed):
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)


def test_rename_to_nothing_is_not_possible(qtbot: QtBot, host: QWidget) -> None:
    """A session always has a title."""
    dialog = RenameDialog(title="Old", parent=host)
    dialog.open()
    dialog.field.clear()
    with qtbot.assertNotEmitted(dialog.renamed):
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.close()


def exporting(host: QWidget, path: Path) -> ExportDialog:
    dialog = ExportDialog(suggested=path, parent=host)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.open()
    return dialog


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


@pytest.mark.parametrize(("answer", "times"), [(REPLACE, 1), (CANCEL, 0)])
def test_a_file_is_replaced_only_after_a_yes(
    qtbot: QtBot, host: QWidget, tmp_path: Path, answer: str, times: int
) -> None:
    """A file that stands there is asked about, without a nested event loop."""
    (tmp_path / "talk.md").write_text("mine", encoding="utf-8")
    dialog = exporting(host, tmp_path / "talk.md")
    chosen: list[str] = []
    dialog.chosen.connect(chosen.append)
    dialog.accept()
    question = host.findChild(Question, "replaceQuestion")
    assert isinstance(question, Question)
    assert chosen == []
    question.answer_button(answer).click()
    assert len(chosen) == times
    qtbot.waitUntil(lambda: host.findChild(ExportDialog) is None)


def test_trouble_names_the_reason_and_the_folder(qtbot: QtBot, tmp_path: Path) -> None:
    """Whoever cannot open the database reads why, and where it is."""
    page = StoreTroublePage(sentence="Not a database.", data_dir=tmp_path)
    qtbot.addWidget(page)
    folder = page.findChild(QPlainTextEdit)
    assert isinstance(folder, QPlainTextEdit)
    assert folder.toPlainText() == str(tmp_path)
    page.copy.click()
    assert QGuiApplication.clipboard().text() == f"Not a database.\n{tmp_path}"


def test_trouble_can_be_left(qtbot: QtBot, tmp_path: Path) -> None:
    """The way out of a program without its database is a button."""
    page = StoreTroublePage(sentence="Not a database.", data_dir=tmp_path)
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.quit_requested):
        page.quit.click()


def test_about_names_the_version(host: QWidget) -> None:
    """A person who reports a fault can say which version it was."""
    dialog = AboutDialog(parent=host)
    dialog.open()
    assert any(__version__ in label.text() for label in dialog.findChildren(QLabel))
    dialog.close()
