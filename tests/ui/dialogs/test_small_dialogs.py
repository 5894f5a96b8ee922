from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop import __version__
from desktop.ui.dialogs.about import AboutDialog
from desktop.ui.dialogs.rename import RenameDialog
from desktop.ui.dialogs.trouble import StoreTroublePage


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
