"""Text laid out line by line with QTextLayout: no document, no HTML, no resources, nothing that could load anything.

A text that grows at its end is laid out from near the change on: complete lines are cut off into segments of their own
and stay, so the cost of a token does not grow with the paragraph. Positions are UTF-16 units, as Qt counts.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTextCharFormat, QTextFormat, QTextLayout, QTextLine, QTextOption

from desktop.ui.transcript.formula_drawing import Drawing
from desktop.ui.transcript.style import Face

_KEEP_LINES = 2
_CUT_LINES = 4
_SAFE_UNITS = 80
_SEPARATOR = "\u2028"
_INLAY_AIR_PX = 2.0

Format = tuple[int, int, QTextCharFormat]
"""Where it begins, how long it is, what it looks like."""


def units(text: str) -> int:
    """Return the length of a text as Qt counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def units_of(text: str, offsets: Sequence[int]) -> list[int]:
    """Return Qt's positions for offsets in code points, which are in order."""
    if text.isascii():
        return [min(offset, len(text)) for offset in offsets]
    result: list[int] = []
    at = position = 0
    for offset in offsets:
        position += units(text[at:offset])
        at = max(at, offset)
        result.append(position)
    return result


def offset_of(text: str, position: int) -> int:
    """Return the offset in code points for a position of Qt's; within a pair it is the character's."""
    if text.isascii():
        return min(position, len(text))
    return len(text.encode("utf-16-le")[: 2 * position].decode("utf-16-le", "ignore"))


def marked_units(text: str, marks: Sequence[Format]) -> list[Format]:
    """Return marks over a text, given in code points and in order, in Qt's positions."""
    offsets = sorted({at for start, length, _look in marks for at in (start, start + length)})
    known = dict(zip(offsets, units_of(text, offsets), strict=True))
    return [(known[start], known[start + length] - known[start], look) for start, length, look in marks]


def cut_units(text: str, start: int, end: int) -> str:
    """Return a part of a text by Qt's positions."""
    if text.isascii():
        return text[start:end]
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le", "replace")


def direction_of(text: str) -> Qt.LayoutDirection:
    """Return the direction of a paragraph: that of its first strong character."""
    for character in text[:400]:
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return Qt.LayoutDirection.RightToLeft
        if kind == "L":
            break
    return Qt.LayoutDirection.LeftToRight


@dataclass(frozen=True, slots=True)
class Inlay:
    """A formula in a line: where it stands, how many positions it takes, and how many pixels an em is."""

    start: int
    length: int
    drawing: Drawing
    em: float


@dataclass(slots=True)
class _Segment:
    start: int
    length: int
    layout: QTextLayout
    y: float
    height: float


class TextFlow:
    """One paragraph, wrapped to a width."""

    def __init__(self, face: Face, *, alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeading) -> None:
        self.text = ""
        self.height = 0.0
        self.lines = 0
        self.changed_from = 0.0
        """Below where the last layout changed anything."""
        self._face = face
        self._alignment = alignment
        self._formats: Sequence[Format] = ()
        self._inlays: Sequence[Inlay] = ()
        self._width = 0.0
        self._segments: list[_Segment] = []
        self._direction = Qt.LayoutDirection.LeftToRight

    @property
    def direction(self) -> Qt.LayoutDirection:
        """The direction of the paragraph."""
        return self._direction

    def lay_out(
        self, text: str, formats: Sequence[Format], width: float, same: int = 0, inlays: Sequence[Inlay] = ()
    ) -> None:
        """Lay a text out; the first `same` units and their formats are as they were the last time."""
        text = text.replace("\n", _SEPARATOR)
        if width != self._width or not self._segments:
            same = 0
            self._direction = direction_of(text)
        kept = [segment for segment in self._segments[:-1] if segment.start + segment.length + _SAFE_UNITS <= same]
        start = kept[-1].start + kept[-1].length if kept else 0
        self.text, self._formats, self._width, self._inlays = text, formats, width, inlays
        self._segments = kept
        self._lay_out_from(start, growing=same > 0)
        self.changed_from = self._line_top(same - _SAFE_UNITS // 2) if same > _SAFE_UNITS else 0.0

    def _lay_out_from(self, start: int, *, growing: bool) -> None:
        rest = cut_units(self.text, start, units(self.text)) if start else self.text
        segment = self._make(start, rest)
        layout = segment.layout
        while growing and layout.lineCount() > _CUT_LINES:
            line = layout.lineAt(_KEEP_LINES)
            at = line.textStart()
            head, rest = cut_units(rest, 0, at), cut_units(rest, at, units(rest))
            self._segments.append(self._make(start, head, complete=True))
            start += at
            segment = self._make(start, rest)
            layout = segment.layout
        self._segments.append(segment)
        self.height = segment.y + segment.height
        self.lines = sum(each.layout.lineCount() for each in self._segments)

    def _line_top(self, position: int) -> float:
        """Return where the line with a position begins, a little above it."""
        for segment in reversed(self._segments):
            if segment.start <= position:
                line = segment.layout.lineForTextPosition(position - segment.start)
                return segment.y + line.y() - 4 if line.isValid() else segment.y
        return 0.0

    def _make(self, start: int, text: str, *, complete: bool = False) -> _Segment:
        # A separator at the end opens an empty line, which belongs to the segment after this one.
        shown = text.removesuffix(_SEPARATOR) if complete else text
        layout = QTextLayout(shown, self._face.font)
        leading = self._alignment == Qt.AlignmentFlag.AlignLeading
        turned = leading and self._direction == Qt.LayoutDirection.RightToLeft
        option = QTextOption(Qt.AlignmentFlag.AlignRight if turned else self._alignment)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(self._direction)
        option.setTabStopDistance(self._face.metrics.horizontalAdvance("0") * 8)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        layout.setFormats(_ranges(self._formats, start, units(text)))
        y = self._segments[-1].y + self._segments[-1].height if self._segments else 0.0
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(self._width)
            step = max(float(self._face.line_height), line.height())
            lead = (step - line.height()) / 2
            above, below = self._beyond(start, line, lead + line.ascent(), step) if self._inlays else (0.0, 0.0)
            line.setPosition(QPointF(0, height + above + lead))
            height += above + step + below
        layout.endLayout()
        return _Segment(start, units(text), layout, y, max(height, float(self._face.line_height)))

    def _beyond(self, start: int, line: QTextLine, base: float, step: float) -> tuple[float, float]:
        """Return how far the formulas in a line reach beyond it, above and below."""
        first = start + line.textStart()
        above = below = 0.0
        for inlay in self._inlays:
            if first <= inlay.start < first + line.textLength():
                above = max(above, inlay.drawing.ascent * inlay.em + _INLAY_AIR_PX - base)
                below = max(below, inlay.drawing.descent * inlay.em + _INLAY_AIR_PX - (step - base))
        return round(above), round(below)

    def paint(self, painter: QPainter, origin: QPointF, clip: QRectF, marks: Sequence[Format] = ()) -> None:
        """Paint the lines within a clip given in the painter's coordinates, with marks over them."""
        for segment in self._segments:
            top = origin.y() + segment.y
            if top > clip.bottom() or top + segment.height < clip.top():
                continue
            chosen = _ranges(marks, segment.start, segment.length) if marks else []
            segment.layout.draw(painter, QPointF(origin.x(), top), chosen, clip)
            if self._inlays:
                self._paint_inlays(painter, segment, QPointF(origin.x(), top), marks)

    def _paint_inlays(self, painter: QPainter, segment: _Segment, origin: QPointF, marks: Sequence[Format]) -> None:
        for inlay in self._inlays:
            at = inlay.start - segment.start
            if not 0 <= at < segment.length:
                continue
            line = segment.layout.lineForTextPosition(at)
            if not line.isValid():
                continue
            ink = painter.pen().color()
            for start, length, look in marks:
                if start <= inlay.start < start + length and look.hasProperty(QTextFormat.Property.ForegroundBrush):
                    ink = look.foreground().color()
            x = min(_x_of(line, at), _x_of(line, at + inlay.length))
            base = origin + QPointF(x, line.y() + line.ascent())
            inlay.drawing.paint(painter, base, inlay.em, ink)

    def _whole(self, position: int) -> int:
        """Return a position that is not within a formula."""
        for inlay in self._inlays:
            if inlay.start < position < inlay.start + inlay.length:
                return inlay.start + inlay.length
        return position

    def position_at(self, point: QPointF) -> int:
        """Return the position in the text nearest to a point."""
        for segment in self._segments:
            if point.y() < segment.y + segment.height or segment is self._segments[-1]:
                y = point.y() - segment.y
                count = segment.layout.lineCount()
                for index in range(count):
                    line = segment.layout.lineAt(index)
                    if y < line.y() + line.height() or index == count - 1:
                        return self._whole(segment.start + int(line.xToCursor(point.x())))
        return 0

    def caret_rect(self, position: int) -> QRectF:
        """Return where a caret before a position stands, as high as its line."""
        for segment in self._segments:
            if position < segment.start + segment.length or segment is self._segments[-1]:
                line = segment.layout.lineForTextPosition(min(position - segment.start, segment.length))
                if not line.isValid():
                    break
                return QRectF(_x_of(line, position - segment.start), segment.y + line.y(), 1, line.height())
        return QRectF(0, 0, 1, self._face.line_height)

    def end_point(self) -> QPointF:
        """Return where the next character would be: its left edge and the top of its line."""
        if not self._segments:
            return QPointF(0, 0)
        segment = self._segments[-1]
        line = segment.layout.lineAt(segment.layout.lineCount() - 1)
        if not line.isValid():
            return QPointF(0, segment.y)
        return QPointF(
            _x_of(line, segment.length), segment.y + line.y() + (line.height() - self._face.metrics.height()) / 2
        )

    def width_used(self) -> float:
        """Return the width of the longest line."""
        return max(
            (
                segment.layout.lineAt(index).naturalTextWidth()
                for segment in self._segments
                for index in range(segment.layout.lineCount())
            ),
            default=0.0,
        )

    def rect_of(self, start: int, end: int) -> QRectF:
        """Return the rectangle around a range, as wide as its lines where it spans several."""
        result = QRectF()
        for segment in self._segments:
            for index in range(segment.layout.lineCount()):
                line = segment.layout.lineAt(index)
                first = segment.start + line.textStart()
                if first < end and first + line.textLength() > start:
                    x1 = _x_of(line, max(start - segment.start, line.textStart()))
                    x2 = _x_of(line, min(end - segment.start, line.textStart() + line.textLength()))
                    top = segment.y + line.y()
                    result = result.united(QRectF(min(x1, x2), top, abs(x2 - x1), line.height()))
        return result


def _x_of(line: QTextLine, position: int) -> float:
    found = cast("tuple[float, int]", line.cursorToX(position))  # a pair, whatever PySide's stubs say
    return found[0]


def _ranges(formats: Sequence[Format], start: int, length: int) -> list[QTextLayout.FormatRange]:
    """Return the formats that touch a segment, in its own positions."""
    result = []
    for first, count, look in formats:
        begin, end = max(first, start), min(first + count, start + length)
        if begin < end:
            made = QTextLayout.FormatRange()
            made.start, made.length, made.format = begin - start, end - begin, look
            result.append(made)
    return result
