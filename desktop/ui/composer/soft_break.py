"""Text in a Qt document, letter by letter: what is sent is exactly what was pasted.

One line of 2 MB takes Qt more than 12 s to lay out; the same text in lines of 1,000 characters takes 8 ms. So long
lines are broken for the layout alone. Qt also begins a block at three characters that are no line breaks. What the
beginning of a block stands for is written into its format: unlike a block's state it survives undo and redo, and unlike
a marking character it cannot be mistaken for one of the user's.
"""

import re
from collections.abc import Iterator

from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextFormat

LINE_LENGTH = 1000
_MEANING = QTextFormat.Property.UserProperty.value + 1
_MEANINGS = ("\n", "", "\u2029", "\ufdd0", "\ufdd1")
_OURS = ""
_SEPARATOR = "\u2029"
_BLOCK_MAKERS = re.compile("([\u2029\ufdd0\ufdd1])")


def insert(cursor: QTextCursor, text: str) -> None:
    """Put `text` in the place of the selection, as one step to undo."""
    cursor.beginEditBlock()
    remove(cursor)
    for piece, meaning in _pieces(text):
        if meaning is not None:
            begin_block(cursor, meaning)
        _insert_lines(cursor, piece)
    cursor.endEditBlock()


def remove(cursor: QTextCursor) -> None:
    """Remove the selected text; what the line it began in stands for stays, also when that line is empty then."""
    kept = cursor.document().findBlock(cursor.selectionStart()).blockFormat()
    cursor.beginEditBlock()
    cursor.removeSelectedText()
    if cursor.blockFormat() != kept:  # Qt lets an empty line take the format of the one that is joined to it
        cursor.setBlockFormat(kept)
    cursor.endEditBlock()


def begin_block(cursor: QTextCursor, meaning: str = "\n") -> None:
    """Begin a block that stands for `meaning`."""
    wanted = QTextBlockFormat()
    if meaning != "\n":
        wanted.setProperty(_MEANING, _MEANINGS.index(meaning))
    cursor.insertBlock(wanted)


def selected(cursor: QTextCursor) -> str:
    """Return the selected text without the breaks that only the layout needed."""
    raw = cursor.selectedText()  # unlike toPlainText(), this leaves every character as it is
    lines = raw.split(_SEPARATOR)
    document = cursor.document()
    block = document.findBlock(cursor.selectionStart())
    parts = [lines[0]]
    for line in lines[1:]:
        block = block.next()
        parts += (_MEANINGS[block.blockFormat().intProperty(_MEANING)], line)
    return "".join(parts)


def _insert_lines(cursor: QTextCursor, text: str) -> None:
    if cursor.blockFormat().hasProperty(_MEANING):  # which Qt would copy to every line that follows
        line, newline, text = text.partition("\n")
        cursor.insertText(line)
        if newline:
            begin_block(cursor)
    cursor.insertText(text)


def _pieces(text: str) -> Iterator[tuple[str, str | None]]:
    """Yield pieces that Qt takes as they are, each with what the block before it stands for; None for the first."""
    meaning: str | None = None
    for number, part in enumerate(_BLOCK_MAKERS.split(text)):
        if number % 2:
            meaning = part
            continue
        for piece in _softened(part):
            yield piece, meaning
            meaning = _OURS


def _softened(text: str) -> Iterator[str]:
    """Yield `text` in pieces without a line that is too long."""
    if len(text) <= LINE_LENGTH:
        yield text
        return
    held: list[str] = []
    for line in text.split("\n"):
        at = 0
        while len(line) - at > LINE_LENGTH:
            yield "\n".join((*held, line[at : at + LINE_LENGTH]))
            held.clear()
            at += LINE_LENGTH
        held.append(line[at:] if at else line)
    yield "\n".join(held)
