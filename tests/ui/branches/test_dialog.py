"""The branches of a session as real widgets: walk the tree by keys and mouse, compare, delete, undo, go there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from desktop.domain.messages import Message, Role
from desktop.presenters.branches import BranchesPresenter
from desktop.providers.scripted import Say, Script
from desktop.ui.branches.dialog import BranchesDialog
from desktop.ui.theme import Theme, load_theme
from tests.presenters.stage import Stage, playing

SCRIPTS = (Script(steps=(Say("The first answer."),)),)


@contextmanager
def opened(app: QApplication, folder: Path, theme: Theme) -> Iterator[tuple[Stage, BranchesDialog, int]]:
    """Open the branches of a session with one question and two answers; the first answer's id comes along."""
    with playing(app, folder, SCRIPTS) as stage:
        stage.send("A question")
        stage.until(lambda: bool(stage.chat.session_id))
        stage.rest()
        last = stage.transcript.last()
        assert last is not None
        stage.ask(lambda backend: backend.branches.edit(last.id, "The second answer."))
        stage.rest()
        presenter = BranchesPresenter(bridge=stage.bridge)
        host = QWidget()
        dialog = BranchesDialog(presenter=presenter, theme=theme, session_id=stage.chat.session_id, parent=host)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        dialog.open()
        stage.until(lambda: bool(dialog.tree.current))
        try:
            yield stage, dialog, last.id
        finally:
            dialog.close()
            host.deleteLater()


def test_the_keys_walk_the_tree_and_enter_goes_there(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """It begins at the end of the shown path; what has the keyboard is said in words."""
    with opened(qapp, tmp_path, theme) as (_stage, dialog, first):
        second = dialog.tree.current
        assert second != first
        assert "The second answer." in dialog.tree.accessibleDescription()
        QTest.keyClick(dialog.tree, Qt.Key.Key_Right)
        assert dialog.tree.current == first
        assert "another branch" in dialog.tree.accessibleDescription()
        QTest.keyClick(dialog.tree, Qt.Key.Key_Right)
        assert dialog.tree.current == first
        QTest.keyClick(dialog.tree, Qt.Key.Key_Up)
        assert "You: A question" in dialog.tree.accessibleDescription()
        QTest.keyClick(dialog.tree, Qt.Key.Key_Down)
        assert dialog.tree.current == second
        QTest.keyClick(dialog.tree, Qt.Key.Key_Left)
        QTest.keyClick(dialog.tree, Qt.Key.Key_Home)
        assert "You: A question" in dialog.tree.accessibleDescription()
        chosen: list[int] = []
        dialog.chosen.connect(chosen.append)
        QTest.keyClick(dialog.tree, Qt.Key.Key_Return)
        assert chosen == [dialog.tree.current]
        assert dialog.isHidden()


def test_a_double_click_goes_there(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """One click only looks."""
    with opened(qapp, tmp_path, theme) as (_stage, dialog, first):
        chosen: list[int] = []
        dialog.chosen.connect(chosen.append)
        place = dialog.tree.box(first).center()
        QTest.mouseClick(dialog.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert (dialog.tree.current, chosen) == (first, [])
        QTest.mouseDClick(dialog.tree.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert chosen == [first]


def test_two_messages_stand_side_by_side(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """The nearest version is compared where none was marked; the words that are other are marked."""
    with opened(qapp, tmp_path, theme) as (stage, dialog, _first):
        QTest.keyClick(dialog, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        stage.until(lambda: dialog.pages.currentWidget() is dialog.comparison)
        assert dialog.comparison.old.toPlainText() == "The first answer."
        assert dialog.comparison.new.toPlainText() == "The second answer."
        (mark,) = dialog.comparison.new.extraSelections()
        assert mark.cursor.selectedText() == "second"
        dialog.set_theme(load_theme("dark"))
        assert not dialog.grab().isNull()


def test_any_two_messages_can_be_marked(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """Ctrl and a click marks the other one; without any there is a sentence that says so."""
    with opened(qapp, tmp_path, theme) as (stage, dialog, first):
        QTest.keyClick(dialog.tree, Qt.Key.Key_Up)
        QTest.keyClick(dialog, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        assert dialog.pages.currentWidget() is dialog.tree
        place = dialog.tree.box(first).center()
        ctrl = Qt.KeyboardModifier.ControlModifier
        QTest.mouseClick(dialog.tree.viewport(), Qt.MouseButton.LeftButton, ctrl, place)
        assert dialog.tree.other == first
        QTest.keyClick(dialog, Qt.Key.Key_D, ctrl)
        stage.until(lambda: dialog.pages.currentWidget() is dialog.comparison)
        assert dialog.comparison.new.toPlainText() == "A question"


def test_what_is_thrown_away_comes_back(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """Delete removes a message from the tree, Ctrl+Z brings it back."""
    with opened(qapp, tmp_path, theme) as (stage, dialog, first):
        QTest.keyClick(dialog.tree, Qt.Key.Key_Right)
        QTest.keyClick(dialog, Qt.Key.Key_Delete)
        stage.until(lambda: dialog.tree.current != first)
        assert not dialog.tree.sibling(dialog.tree.current)
        QTest.keyClick(dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        stage.until(lambda: dialog.tree.sibling(dialog.tree.current) == first)


@pytest.mark.qt_log_ignore("does not support")
def test_the_menu_writes_an_ending_below_the_path(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """The other answer becomes the next message of the shown path."""
    with opened(qapp, tmp_path, theme) as (stage, dialog, first):
        dialog.tree.menu_wanted.emit(first, QPoint(0, 0))
        (menu,) = dialog.findChildren(QMenu)
        next(action for action in menu.actions() if "below" in action.text()).trigger()
        menu.close()
        stage.until(lambda: stage.transcript.rowCount() == 3)
        last = stage.transcript.last()
        assert isinstance(last, Message)
        assert (last.role, last.content) == (Role.ASSISTANT, "The first answer.")


def test_a_fork_closes_the_dialog_and_names_the_copy(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """The copy holds the path down to the message that has the keyboard."""
    with opened(qapp, tmp_path, theme) as (stage, dialog, _first):
        forked: list[str] = []
        dialog._presenter.forked.connect(forked.append)
        QTest.keyClick(dialog.tree, Qt.Key.Key_Up)
        QTest.keyClick(dialog, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
        stage.until(lambda: bool(forked))
        assert dialog.isHidden()
        found = stage.ask(lambda backend: backend.library.open(forked[0]))
        assert [message.content for message in found.messages] == ["A question"]
