"""The lines of a piece of code: measured without being laid out, painted only where they are seen.

Lines all have one height, so code of any length has its height at once; a line longer than a piece is broken softly.
"""

from bisect import bisect_right
from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QTextLayout, QTextOption

from desktop.domain.markdown_blocks import MAX_PIECE_CHARS
from desktop.ui.transcript.blocks.flow import Format, marked_units, offset_of, units, units_of
from desktop.ui.transcript.highlight import Colours
from desktop.ui.transcript.style import Style

_MAX_KEPT = 200
Marks = Callable[[int, int], list[Format]]
"""What is marked in a range of the text, in code points."""


class CodeLines:
    """Code as lines of one `style`; `set_text` takes text that grew at its end without looking at the rest."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.text = ""
        self.lines: list[str] = []
        self.colours: Colours = ()
        self.continued: set[int] = set()
        """The numbers of lines that go on with the one before, which was too long."""
        self._starts: list[int] = []
        self._longest = 0
        self._layouts: dict[int, QTextLayout] = {}

    def set_text(self, text: str) -> None:
        """Take the text; lines that are there already stay as they are."""
        if self.lines and not self.continued and len(text) > len(self.text) and text.startswith(self.text):
            fresh = (self.lines.pop() + text[len(self.text) :]).split("\n")
            self._layouts.pop(len(self.lines), None)
            at = self._starts.pop()
        else:
            self.lines, self._starts, self.continued, self._longest, at = [], [], set(), 0, 0
            self._layouts.clear()
            self.colours = ()
            fresh = text.split("\n")
        for line in fresh:
            self._longest = max(self._longest, len(line))
            if len(line) <= MAX_PIECE_CHARS:
                self.lines.append(line)
                self._starts.append(at)
            else:
                pieces = [line[i : i + MAX_PIECE_CHARS] for i in range(0, len(line), MAX_PIECE_CHARS)]
                self.continued.update(range(len(self.lines) + 1, len(self.lines) + len(pieces)))
                self.lines += pieces
                self._starts += range(at, at + len(line), MAX_PIECE_CHARS)
            at += len(line) + 1
        self.text = text

    def set_colours(self, colours: Colours) -> None:
        """Take the colours of the lines, from the first on; lines without stay plain."""
        if not self.continued and colours != self.colours:
            self.colours = colours
            self._layouts.clear()

    @property
    def line_height(self) -> int:
        """The height of every line."""
        return self.style.code.line_height

    @property
    def height(self) -> int:
        """The height of all lines."""
        return len(self.lines) * self.line_height

    @property
    def width(self) -> float:
        """About the width of the longest line; exact where characters are as wide as digits."""
        longest = min(self._longest, MAX_PIECE_CHARS)
        widest = self.style.code.metrics.horizontalAdvance("0") * longest
        if self.text.isascii() and "\t" not in self.text:
            return widest
        seen = (layout.lineAt(0).naturalTextWidth() for layout in self._layouts.values())
        return max(widest, max(seen, default=0.0))

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Marks) -> None:
        """Paint the lines that a clip touches, with marks over them."""
        step = self.line_height
        first = max(0, int((clip.top() - origin.y()) // step))
        last = min(len(self.lines), int((clip.bottom() - origin.y()) // step) + 1)
        lead = (step - self.style.code.metrics.height()) / 2
        for number in range(first, last):
            line, start = self.lines[number], self._starts[number]
            chosen = [(begin - start, length, look) for begin, length, look in marks(start, start + len(line))]
            ranges = [_range(each) for each in marked_units(line, chosen)] if chosen else []
            self._layout(number).draw(painter, QPointF(origin.x(), origin.y() + number * step + lead), ranges)

    def offset_at(self, point: QPointF) -> int:
        """Return the offset in the text nearest to a point."""
        if not self.lines:
            return 0
        number = min(max(0, int(point.y() // self.line_height)), len(self.lines) - 1)
        position = int(self._layout(number).lineAt(0).xToCursor(point.x()))
        return self._starts[number] + offset_of(self.lines[number], position)

    def caret_rect(self, offset: int) -> QRectF:
        """Return where a caret before an offset stands."""
        if not self.lines:
            return QRectF(0, 0, 1, self.line_height)
        number = max(0, bisect_right(self._starts, offset) - 1)
        line = self.lines[number]
        position = units_of(line, (min(offset - self._starts[number], len(line)),))[0]
        found = cast("tuple[float, int]", self._layout(number).lineAt(0).cursorToX(position))  # a pair, see flow.py
        return QRectF(found[0], number * self.line_height, 1, self.line_height)

    def _layout(self, number: int) -> QTextLayout:
        found = self._layouts.get(number)
        if found is not None:
            return found
        if len(self._layouts) > _MAX_KEPT:
            self._layouts.clear()
        line = self.lines[number]
        made = QTextLayout(line, self.style.code.font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        option.setTabStopDistance(self.style.code.metrics.horizontalAdvance("0") * 4)
        made.setTextOption(option)
        made.setCacheEnabled(True)
        if number < len(self.colours) and self.colours[number]:
            made.setFormats([_range(each) for each in self._formats(line, number)])
        made.beginLayout()
        text_line = made.createLine()
        if text_line.isValid():
            text_line.setNumColumns(MAX_PIECE_CHARS * 4)
        made.endLayout()
        self._layouts[number] = made
        return made

    def _formats(self, line: str, number: int) -> list[Format]:
        return [
            (units(line[:start]), units(line[start : start + length]), self.style.ink(colour))
            for start, length, colour in self.colours[number]
        ]


def _range(each: Format) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = each
    return made
