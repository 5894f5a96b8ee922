"""Two versions side by side, scrolled together, with what is other in each marked."""

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Slot
from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QTextEdit, QWidget

from desktop.domain.authors import author_of
from desktop.i18n import _
from desktop.presenters.branches import Comparison
from desktop.ui.parts import label
from desktop.ui.theme import Theme

MOST_MARKS = 500
"""Beyond so many marks a text is another one as a whole."""
SLICE = 200
"""Lines of both texts that are shown at once."""


class ComparisonView(QWidget):
    """`ComparisonView(theme=…)`; `show_comparison(comparison)`. A line that one text lacks is an empty one there."""

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._comparison: Comparison | None = None
        self._shown = 0
        self._marks: tuple[list[QTextEdit.ExtraSelection], list[QTextEdit.ExtraSelection]] = ([], [])
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._show_more)
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
        for head, message in zip(self._heads, (comparison.old, comparison.new), strict=True):
            head.setText(author_of(message))
        self.old.clear()
        self.new.clear()
        self._shown, self._marks = 0, ([], [])
        self._show_more()

    @Slot()
    def _show_more(self) -> None:
        """Show the next lines, and mark them when they are all there: a line costs 25 µs, and a window waits 33 ms."""
        assert self._comparison is not None
        first, last = self._shown, self._shown + SLICE
        rows = self._comparison.rows[first:last]
        sides = (
            (self.old, [(row.old, row.old_marks) for row in rows]),
            (self.new, [(row.new, row.new_marks) for row in rows]),
        )
        for (text, lines), marks in zip(sides, self._marks, strict=True):
            _append(text, [line for line, _ranges in lines], begins=not first)
            self._mark(text, marks, first, [() if line is None else ranges for line, ranges in lines])
        self._shown = last
        if last < len(self._comparison.rows):
            self._timer.start()
        else:
            for (text, _lines), marks in zip(sides, self._marks, strict=True):
                text.setExtraSelections(marks)

    def _make(self, name: str) -> QPlainTextEdit:
        text = QPlainTextEdit()
        text.setReadOnly(True)
        text.setUndoRedoEnabled(False)
        text.setAccessibleName(name)
        text.setTabChangesFocus(True)
        text.setWordWrapMode(QTextOption.WrapMode.NoWrap)  # so that the same line stands at the same height
        text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return text

    def _mark(
        self,
        text: QPlainTextEdit,
        found: list[QTextEdit.ExtraSelection],
        first: int,
        marks: list[tuple[tuple[int, int], ...]],
    ) -> None:
        """Add the marks of the lines from `first` on to those that were found."""
        look = QTextCharFormat()
        ground = self._theme.colour("accent")
        ground.setAlphaF(0.22)
        look.setBackground(ground)
        document = text.document()
        for line, ranges in enumerate(marks, first):
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

    def _follow(self, other: QPlainTextEdit, value: int) -> None:
        blocker = QSignalBlocker(other.verticalScrollBar())
        other.verticalScrollBar().setValue(value)
        blocker.unblock()
        other.viewport().update()


def _append(text: QPlainTextEdit, lines: list[str | None], *, begins: bool) -> None:
    # What Qt takes for an end of line is none to us, else the lines of both texts part.
    words = "\n".join("" if line is None else _one_line(line) for line in lines)
    cursor = QTextCursor(text.document())
    cursor.movePosition(QTextCursor.MoveOperation.End)
    cursor.insertText(words if begins else f"\n{words}")


def _one_line(line: str) -> str:
    return line.translate({0x2028: " ", 0x2029: " ", 0x0D: " ", 0xFDD0: " ", 0xFDD1: " "})


def _units(text: str, points: int) -> int:
    """Return a position in UTF-16 units, as Qt counts, from one in code points; `text` came from Qt."""
    return len(text[:points].encode("utf-16-le", "surrogatepass")) // 2
