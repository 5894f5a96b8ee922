"""Selections of text and code: what belongs to them, and what keeps them."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.markdown_blocks import MAX_PIECE_CHARS
from tests.ui.transcript.hands import code_block, text_block
from tests.ui.transcript.reading import Reading, message


def test_a_line_that_was_broken_is_copied_whole(reading: Reading) -> None:
    """Breaks that only the layout needed are not in what is taken."""
    line = "x" * (2 * MAX_PIECE_CHARS + 7)
    reading.show([message(1, f"```\nä\n{line}\nend\n```")])
    block = code_block(reading)
    block.selectAll()
    assert block.selected_text() == f"ä\n{line}\nend"


def test_code_without_lines_has_nothing_to_take(reading: Reading, qtbot: QtBot) -> None:
    """An empty fence selects nothing, so nothing replaces what the clipboard has."""
    reading.show([message(1, "```\n```")])
    block = code_block(reading)
    block.selectAll()
    with qtbot.assertNotEmitted(block.copied):
        block.copy()


def test_lines_of_a_paragraph_are_copied_as_lines(reading: Reading) -> None:
    """A break within a paragraph is an ordinary one for whoever gets the text."""
    reading.show([message(1, "one  \ntwo")])
    block = text_block(reading)
    block.selectAll()
    block.copy()
    assert QGuiApplication.clipboard().text() == "one\ntwo"


@pytest.mark.parametrize("reason", [Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason])
def test_a_menu_leaves_the_selection(reading: Reading, reason: Qt.FocusReason) -> None:
    """The menu that has Copy takes the keyboard first; what is selected stays until it is chosen."""
    reading.show([message(1, "words\n\n```\ncode\n```")])
    blocks = text_block(reading), code_block(reading)
    for block in blocks:
        block.selectAll()
        QApplication.sendEvent(block, QFocusEvent(QEvent.Type.FocusOut, reason))
    assert [block.selected_text() for block in blocks] == ["words", "code"]


def test_the_selection_ends_where_the_reader_goes_elsewhere(reading: Reading) -> None:
    """A click elsewhere or Tab takes the mark away."""
    reading.show([message(1, "words\n\n```\ncode\n```")])
    blocks = text_block(reading), code_block(reading)
    for block in blocks:
        block.selectAll()
        QApplication.sendEvent(block, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.MouseFocusReason))
    assert [block.selected_text() for block in blocks] == ["", ""]
