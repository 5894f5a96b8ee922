"""Two versions side by side, scrolled together, with what is other in each marked."""

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QTextEdit, QWidget

from desktop.domain.authors import author_of
from desktop.i18n import _
from desktop.presenters.branches import Comparison
from desktop.ui.parts import label
from desktop.ui.theme import Theme

MOST_MARKS = 2_000
"""Beyond so many marks a text is another one as a whole."""


class ComparisonView(QWidget):
    """`ComparisonView(theme=…)`; `show_comparison(comparison)`. A line that one text lacks is an empty one there."""

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._comparison: Comparison | None = None
        self._heads = label(mark="muted"), label(mark="muted")
        self.old, self.new = self._make(_("The first version")), self._make(_("The second version"))
        layout = QGridLayout(self)
        layout.setContentsMargins(22, 14, 22, 14)
        layout.setSpacing(10)
        for column, (head, text) in enumerate(zip(self._heads, (self.old, self.new), strict=True)):
            layout.addWidget(head, 0, column)
            layout.addWidget(text, 1, column)
        for mine, theirs in ((self.old, self.new), (self.new, self.old)):
            mine.verticalScrollBar().valueChanged.connect(lambda value, other=theirs: self._follow(other, value))

    def set_theme(self, theme: Theme) -> None:
        """Mark in the colours of another theme."""
        self._theme = theme
        if self._comparison is not None:
            self.show_comparison(self._comparison)

    @Slot(object)
    def show_comparison(self, comparison: Comparison) -> None:
        """Show two messages."""
        self._comparison = comparison
        rows = comparison.rows
        for head, message in zip(self._heads, (comparison.old, comparison.new), strict=True):
            head.setText(author_of(message))
        _show(self.old, [row.old for row in rows])
        _show(self.new, [row.new for row in rows])
        self._mark(self.old, [() if row.old is None else row.old_marks for row in rows])
        self._mark(self.new, [() if row.new is None else row.new_marks for row in rows])

    def _make(self, name: str) -> QPlainTextEdit:
        text = QPlainTextEdit()
        text.setReadOnly(True)
        text.setAccessibleName(name)
        text.setTabChangesFocus(True)
        text.setWordWrapMode(QTextOption.WrapMode.NoWrap)  # so that the same line stands at the same height
        text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return text

    def _mark(self, text: QPlainTextEdit, marks: list[tuple[tuple[int, int], ...]]) -> None:
        look = QTextCharFormat()
        ground = self._theme.colour("accent")
        ground.setAlphaF(0.22)
        look.setBackground(ground)
        found: list[QTextEdit.ExtraSelection] = []
        document = text.document()
        for line, ranges in enumerate(marks):
            block = document.findBlockByNumber(line)
            for start, end in ranges:
                if len(found) >= MOST_MARKS:
                    break
                words = block.text()
                each = QTextEdit.ExtraSelection()
                cursor = QTextCursor(block)
                cursor.setPosition(block.position() + _units(words, start))
                cursor.setPosition(block.position() + _units(words, end), QTextCursor.MoveMode.KeepAnchor)
                each.cursor, each.format = cursor, look
                found.append(each)
        text.setExtraSelections(found)

    def _follow(self, other: QPlainTextEdit, value: int) -> None:
        blocker = QSignalBlocker(other.verticalScrollBar())
        other.verticalScrollBar().setValue(value)
        blocker.unblock()
        other.viewport().update()


def _show(text: QPlainTextEdit, lines: list[str | None]) -> None:
    # What Qt takes for an end of line is none to us, else the lines of both texts part.
    text.setPlainText("\n".join("" if line is None else _one_line(line) for line in lines))


def _one_line(line: str) -> str:
    return line.translate({0x2028: " ", 0x2029: " ", 0x0D: " ", 0xFDD0: " ", 0xFDD1: " "})


def _units(text: str, points: int) -> int:
    """Return a position in UTF-16 units, as Qt counts, from one in code points; `text` came from Qt."""
    return len(text[:points].encode("utf-16-le", "surrogatepass")) // 2
