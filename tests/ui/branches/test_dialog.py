"""The branches of a session as real widgets: walk the tree by keys and mouse, compare, delete, undo, go there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from desktop.domain.branches import Branch, Outline
from desktop.domain.messages import Message, Role, Status
from desktop.presenters.branches import BranchesPresenter, picture
from desktop.presenters.figures import clock_text
from desktop.providers.scripted import Say, Script
from desktop.ui.branches.dialog import BranchesDialog
from desktop.ui.branches.tree import BranchTree
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


def test_a_session_that_is_gone_is_said(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """The dialog stays as it was, whatever is pressed, and closes on Esc."""
    with opened(qapp, tmp_path, theme) as (stage, dialog, _first):
        stage.ask(lambda backend: backend.library.trash(stage.chat.session_id))
        stage.ask(lambda backend: backend.store.empty_trash())
        QTest.keyClick(dialog, Qt.Key.Key_Delete)
        stage.until(lambda: "no message" in dialog._refusal.text())
        dialog._refuse("")
        QTest.keyClick(dialog, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        stage.until(lambda: "no message" in dialog._refusal.text())
        dialog.set_theme(load_theme("dark"))
        assert not dialog.grab().isNull()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isHidden()


def test_long_texts_are_compared_by_their_beginning(qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """They come in slices, a sentence says that there is more, and the picture of another session changes nothing."""
    with opened(qapp, tmp_path, theme) as (stage, dialog, first):
        long = "\n".join(f"line {number} \u202e\0" for number in range(30_000))
        edited = stage.ask(lambda backend: backend.branches.edit(first, long))
        assert isinstance(edited, Message)
        dialog._presenter.draw(stage.chat.session_id)
        stage.until(lambda: len(dialog.tree._branches) == 4)
        dialog.tree.set_current(edited.id)
        QTest.keyClick(dialog, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        stage.until(lambda: dialog.comparison.new.blockCount() == 2001 or dialog.comparison.old.blockCount() == 2001)
        assert "only the beginning" in dialog._hint.text()
        assert dialog.comparison.new.blockCount() == dialog.comparison.old.blockCount()
        other = picture("elsewhere", Outline(branches=(), messages=0, endings=0))
        dialog._presenter.drawn.emit(other)
        assert dialog.tree.current


def test_ten_thousand_versions_are_walked_and_painted(qapp: QApplication, theme: Theme) -> None:
    """Only what is seen is looked at; each can be reached by mouse and by keys."""
    tree = BranchTree(theme=theme)
    tree.resize(900, 600)
    tree.show_picture(picture("s", Outline(branches=_versions(10_000), messages=10_000, endings=9_999)))
    lines, boxes = tree._seen(QRectF(0, 0, 900, 600))
    assert len(boxes) < 20
    assert len(lines) < 100
    assert not tree.grab().isNull()
    tree.set_current(7_000)
    assert tree._at(QPointF(tree.box(7_000).center())) == 7_000
    QTest.keyClick(tree, Qt.Key.Key_Right)
    assert (tree.current, tree.sibling(7_001)) == (7_001, 7_000)
    QTest.mousePress(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.box(7_000).center())
    assert tree.current == 7_000
    between = tree.box(7_000).bottomRight() + QPoint(8, 8)
    QTest.mousePress(tree.viewport(), Qt.MouseButton.LeftButton, pos=between)
    assert tree.current == 7_000


def test_versions_differ_by_their_time_and_their_state() -> None:
    """Their words may well begin alike, and the marks of Markdown are no words."""
    written = (
        replace(_versions(1)[0], text="# One\n**Two**"),
        *(replace(one, created_at=1_700_000_000_000) for one in _versions(3)[1:]),
    )
    found = picture(
        "s", Outline(branches=(*written[:2], replace(written[2], status=Status.STOPPED)), messages=3, endings=2)
    )
    assert found.branches[0].text == "One Two"
    assert found.notes == {2: clock_text(1_700_000_000_000), 3: f"{clock_text(1_700_000_000_000)} · stopped"}


def _versions(count: int) -> tuple[Branch, ...]:
    return tuple(
        Branch(
            id=id_,
            parent_id=1 if id_ > 1 else None,
            hidden=0,
            role=Role.ASSISTANT,
            status=Status.COMPLETE,
            model="m",
            author="",
            created_at=0,
            text="text",
            on_path=id_ < 3,
            is_leaf=id_ > 1,
        )
        for id_ in range(1, count + 1)
    )


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
