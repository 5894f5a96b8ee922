"""The lines of a piece of code: measured without being laid out, painted only where they are seen.

Lines all have one height, so code of any length has its height at once; a line longer than a piece is broken softly,
and a piece is as long as the room is wide where lines are to be wrapped.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QTextLayout, QTextOption

from desktop.domain.markdown_blocks import MAX_PIECE_CHARS
from desktop.ui.transcript.blocks.flow import Format, marked_units, offset_of, units, units_of
from desktop.ui.transcript.highlight import Colours
from desktop.ui.transcript.style import Style

_MAX_KEPT = 200
_TAB = 4
_NEAR_END = 24
Marks = Callable[[int, int], list[Format]]
"""What is marked in a range of the text, in code points."""


class CodeLines:
    """Code as lines of one `style`; `set_text` takes text that grew at its end without looking at the rest.

    `columns` is how many characters fit where lines are wrapped, 0 where they are not; `limit` how many lines are
    shown.
    """

    def __init__(self, style: Style, *, columns: int = 0) -> None:
        self.style = style
        self.columns = columns
        self.limit: int | None = None
        self.text = ""
        self.lines: list[str] = []
        self.colours: Colours = ()
        self.continued: set[int] = set()
        """The numbers of lines that go on with the one before, which was too long."""
        self._starts: list[int] = []
        self._numbers: list[int] = []
        self._longest = 0
        self._layouts: dict[int, QTextLayout] = {}

    def set_text(self, text: str) -> None:
        """Take the text; lines that are there already stay as they are."""
        if self.lines and len(text) > len(self.text) and text.startswith(self.text):
            at, number = self._take_last()
        else:
            self.lines, self._starts, self._numbers, self.continued = [], [], [], set()
            self._longest = at = number = 0
            self._layouts.clear()
            self.colours = ()
        most = min(self.columns or MAX_PIECE_CHARS, MAX_PIECE_CHARS)
        for line in text[at:].split("\n"):
            self._longest = max(self._longest, len(line))
            start = at
            for piece in self._pieces(line, most):
                if start != at:
                    self.continued.add(len(self.lines))
                self.lines.append(piece)
                self._starts.append(start)
                self._numbers.append(number)
                start += len(piece)
            at += len(line) + 1
            number += 1
        self.text = text

    def _take_last(self) -> tuple[int, int]:
        """Take the last line away with all its pieces; return where it begins, and its number."""
        while True:
            last = len(self.lines) - 1
            self.lines.pop()
            self._layouts.pop(last, None)
            at, number = self._starts.pop(), self._numbers.pop()
            if last not in self.continued:
                return at, number
            self.continued.discard(last)

    def _pieces(self, line: str, most: int) -> list[str]:
        if len(line) <= most and (not self.columns or (line.isascii() and "\t" not in line)):
            return [line]
        if not self.columns or (line.isascii() and "\t" not in line):
            return _cut_at_blanks(line, most) if self.columns else _cut(line, most)
        pieces: list[str] = []
        start = used = 0
        for index, character in enumerate(line):
            cells = _TAB - used % _TAB if character == "\t" else _cells(character)
            if used + cells > most and index > start:
                pieces.append(line[start:index])
                start, used = index, 0
            used += cells
        return [*pieces, line[start:]]

    @property
    def count(self) -> int:
        """How many lines the text has."""
        return self._numbers[-1] + 1 if self._numbers else 0

    @property
    def shown(self) -> int:
        """How many lines are shown, each piece of a long one being a line."""
        return len(self.lines) if self.limit is None else bisect_left(self._numbers, self.limit)

    def set_colours(self, colours: Colours) -> None:
        """Take the colours of the lines, from the first on; lines without stay plain."""
        if colours != self.colours:
            self.colours = colours
            self._layouts.clear()

    @property
    def line_height(self) -> int:
        """The height of every line."""
        return self.style.code.line_height

    @property
    def height(self) -> int:
        """The height of all lines."""
        return self.shown * self.line_height

    @property
    def width(self) -> float:
        """About the width of the longest line; exact where characters are as wide as digits."""
        longest = min(self._longest, self.columns or MAX_PIECE_CHARS, MAX_PIECE_CHARS)
        widest = self.style.code.metrics.horizontalAdvance("0") * longest
        if self.text.isascii() and "\t" not in self.text:
            return widest
        seen = (layout.lineAt(0).naturalTextWidth() for layout in self._layouts.values())
        return max(widest, max(seen, default=0.0))

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Marks) -> None:
        """Paint the lines that a clip touches, with marks over them."""
        step = self.line_height
        first = max(0, int((clip.top() - origin.y()) // step))
        last = min(self.shown, int((clip.bottom() - origin.y()) // step) + 1)
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
        number = min(max(0, int(point.y() // self.line_height)), self.shown - 1)
        position = int(self._layout(number).lineAt(0).xToCursor(point.x()))
        return self._starts[number] + offset_of(self.lines[number], position)

    def caret_rect(self, offset: int) -> QRectF:
        """Return where a caret before an offset stands."""
        if not self.lines:
            return QRectF(0, 0, 1, self.line_height)
        number = max(0, min(bisect_right(self._starts, offset), self.shown) - 1)
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
        option.setTabStopDistance(self.style.code.metrics.horizontalAdvance("0") * _TAB)
        made.setTextOption(option)
        made.setCacheEnabled(True)
        if self._numbers[number] < len(self.colours) and self.colours[self._numbers[number]]:
            made.setFormats([_range(each) for each in self._formats(line, number)])
        made.beginLayout()
        text_line = made.createLine()
        if text_line.isValid():
            text_line.setNumColumns(MAX_PIECE_CHARS * 4)
        made.endLayout()
        self._layouts[number] = made
        return made

    def _formats(self, line: str, number: int) -> list[Format]:
        before = 0
        while number in self.continued:
            number -= 1
            before += len(self.lines[number])
        result: list[Format] = []
        for start, length, colour in self.colours[self._numbers[number]]:
            begin, end = max(0, start - before), min(len(line), start + length - before)
            if begin < end:
                result.append((units(line[:begin]), units(line[begin:end]), self.style.ink(colour)))
        return result


def _cut(line: str, most: int) -> list[str]:
    return [line[i : i + most] for i in range(0, len(line), most)]


def _cut_at_blanks(line: str, most: int) -> list[str]:
    pieces = []
    start = 0
    while len(line) - start > most:
        end = line.rfind(" ", start + most - _NEAR_END, start + most) + 1 or start + most
        pieces.append(line[start:end])
        start = end
    return [*pieces, line[start:]]


def _cells(character: str) -> int:
    """Return how many columns a character takes."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _range(each: Format) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = each
    return made
