"""The line above the transcript."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from desktop.ui.header import Header
from desktop.ui.theme import Theme


@pytest.fixture
def header(qtbot: QtBot, theme: Theme) -> Header:
    menu = QMenu()
    made = Header(theme=theme, menu=menu)
    menu.setParent(made)
    qtbot.addWidget(made)
    made.resize(600, made.height())
    made.show()
    qtbot.waitExposed(made)
    made.set_title("Trim history", session_id="s1")
    return made


def test_a_double_click_renames(qtbot: QtBot, header: Header) -> None:
    """The title becomes a field; Enter asks for the new one."""
    qtbot.mouseDClick(header.label, Qt.MouseButton.LeftButton)
    assert header.editor.text() == "Trim history"
    header.editor.setText("  Cut   history ")
    with qtbot.waitSignal(header.rename_requested) as blocker:
        qtbot.keyClick(header.editor, Qt.Key.Key_Return)
    assert blocker.args == ["s1", "Cut history"]
    assert header.label.isVisible()


@pytest.mark.parametrize("text", ["", "  ", "Trim history"])
def test_no_new_title_is_no_renaming(qtbot: QtBot, header: Header, text: str) -> None:
    """Empty or the same: nothing is asked."""
    header.edit_title()
    header.editor.setText(text)
    with qtbot.assertNotEmitted(header.rename_requested):
        qtbot.keyClick(header.editor, Qt.Key.Key_Return)


def test_a_title_is_one_line_that_turns_nothing_around(header: Header) -> None:
    """What steers the direction of text, or breaks the line, stands there without doing it."""
    header.set_title("One\n\u202etwo", session_id="s1")
    assert header.label.text() == "One \u200btwo"


def test_escape_leaves_the_title_as_it_was(qtbot: QtBot, header: Header) -> None:
    """Changing one's mind costs nothing."""
    header.edit_title()
    header.editor.setText("other")
    with qtbot.assertNotEmitted(header.rename_requested):
        qtbot.keyClick(header.editor, Qt.Key.Key_Escape)
    assert header.label.isVisible()


def test_a_title_goes_to_the_session_it_was_typed_for(qtbot: QtBot, header: Header) -> None:
    """When another session opens meanwhile, that one keeps its title, and Enter means nothing in it."""
    header.edit_title()
    header.editor.setText("Cut history")
    with qtbot.waitSignal(header.rename_requested) as blocker:
        header.set_title("Another one", session_id="s2")
    assert blocker.args == ["s1", "Cut history"]
    assert (header.label.text(), header.editor.isVisible()) == ("Another one", False)
    with qtbot.assertNotEmitted(header.rename_requested):
        qtbot.keyClick(header.editor, Qt.Key.Key_Return)


def test_news_of_the_same_session_leave_the_field_alone(header: Header) -> None:
    """What is being typed stays while the title is told again."""
    header.edit_title()
    header.editor.setText("Cut hi")
    header.set_title("Trim history, again", session_id="s1")
    assert (header.editor.text(), header.editor.isVisible()) == ("Cut hi", True)


def test_a_session_that_is_not_stored_has_no_menu(header: Header) -> None:
    """There is nothing to rename, export or delete yet."""
    header.set_title("", session_id="")
    header.edit_title()
    assert (header.label.text(), header.more.isVisible(), header.editor.isVisible()) == ("New session", False, False)


def test_a_long_title_is_cut_and_spoken_whole(header: Header) -> None:
    """What there is no room for ends in an ellipsis; a screen reader gets all of it."""
    title = "A title that is much longer than the line it stands in " * 4
    header.set_title(title, session_id="s1")
    assert header.label.text().endswith("…")
    assert header.label.accessibleName() == title


def test_a_title_is_never_read_as_markup(header: Header) -> None:
    """Foreign words stay words."""
    assert header.label.textFormat() == Qt.TextFormat.PlainText


def test_branches_are_counted_where_there_are_several(header: Header) -> None:
    """One ending is no branch."""
    header.set_endings(1)
    assert not header.branches.isVisible()
    header.set_endings(3)
    assert header.branches.isVisible()
    assert (header.branches.text(), header.branches.accessibleName()) == ("3 branches", "3 branches")
    header.set_endings(0)
    assert not header.branches.isVisible()
