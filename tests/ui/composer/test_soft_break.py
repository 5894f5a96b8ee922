"""Text in a Qt document, letter by letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor, QTextDocument

from desktop.ui.composer.soft_break import LINE_LENGTH, begin_block, insert, selected

LETTERS = st.text(alphabet="ab \n\t\u00a0\u2028\u2029\u2060\ufdd0\ufdd1\ufffcé🙂", max_size=200)


def _whole(document: QTextDocument) -> str:
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    return selected(cursor)


@given(LETTERS, st.integers(min_value=1, max_value=40))
def test_what_was_pasted_comes_back(text: str, times: int) -> None:
    """Whatever its letters and lines are, the text that goes in is the text that comes out."""
    document = QTextDocument()
    insert(QTextCursor(document), text * times)
    assert _whole(document) == text * times


@given(LETTERS, LETTERS, st.integers(min_value=0, max_value=3000), st.integers(min_value=0, max_value=500))
def test_pasting_into_text_keeps_what_is_around(text: str, added: str, at: int, length: int) -> None:
    """A paste in the middle, over a selection or not, is there letter by letter, as is the rest."""
    around = text.replace("🙂", "x") * 10  # positions are counted as Qt counts them
    at = min(at, len(around))
    end = min(at + length, len(around))
    document = QTextDocument()
    insert(QTextCursor(document), around)
    cursor = QTextCursor(document)
    cursor.setPosition(at)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    insert(cursor, added)
    assert _whole(document) == around[:at] + added + around[end:]


@pytest.mark.parametrize("length", [LINE_LENGTH, LINE_LENGTH + 1, 50 * LINE_LENGTH])
def test_no_line_is_longer_than_the_layout_likes(qapp: object, length: int) -> None:
    """Long lines are broken, short ones are left alone."""
    document = QTextDocument()
    insert(QTextCursor(document), "x" * length)
    lines = document.toPlainText().split("\n")
    assert max(map(len, lines)) <= LINE_LENGTH
    assert len(lines) == -(-length // LINE_LENGTH)


def test_a_line_begun_within_a_long_one_is_a_line(qapp: object) -> None:
    """Enter in a part that our break began is the user's own break, and ours stays ours."""
    document = QTextDocument()
    insert(QTextCursor(document), "x" * 1500)
    cursor = QTextCursor(document)
    cursor.movePosition(QTextCursor.MoveOperation.End)
    begin_block(cursor)
    cursor.insertText("y")
    assert _whole(document) == "x" * 1500 + "\ny"


def test_a_part_of_a_long_line_is_copied_as_it_was(qapp: object) -> None:
    """A selection across our break holds none."""
    document = QTextDocument()
    insert(QTextCursor(document), "a\n" + "x" * 1500)
    cursor = QTextCursor(document)
    cursor.movePosition(QTextCursor.MoveOperation.End)
    cursor.setPosition(0, QTextCursor.MoveMode.KeepAnchor)
    assert selected(cursor) == "a\n" + "x" * 1500
