"""One line of foreign text with marks in it: as plain text, kept to itself in its direction, cut around its match."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption

from desktop.domain.finding import Range

_ISOLATE, _END = "\u2068", "\u2069"
_DOTS = "…"
_MARK_AT = 0.75
"""A match that would begin further to the right than this share of the line brings the line along."""
_BEFORE = 0.3
"""How much of the line then stands before it."""


def fitted(text: str, marks: Sequence[Range], metrics: QFontMetrics, width: int) -> tuple[str, tuple[Range, ...]]:
    """Return the part of a text that fits into a width with its first mark in it, and the marks in that part."""
    if metrics.horizontalAdvance(text) <= width:
        return text, tuple(marks)
    start = _start(text, marks[0], metrics, width) if marks else 0
    shown = (_DOTS if start else "") + text[start:]
    cut = metrics.elidedText(shown, Qt.TextElideMode.ElideRight, max(0, width))
    shift = len(_DOTS) - start if start else 0
    end = len(cut) - (1 if cut.endswith(_DOTS) and cut != shown else 0)
    moved = ((max(0, first + shift), min(end, last + shift)) for first, last in marks)
    return cut, tuple(each for each in moved if each[0] < each[1])


def _start(text: str, mark: Range, metrics: QFontMetrics, width: int) -> int:
    """Return where a line begins in which a mark is to be seen: at its beginning if it can, else at a word."""
    if metrics.horizontalAdvance(text[: mark[1]]) <= _MARK_AT * width:
        return 0
    start = mark[0]
    while start > 0 and metrics.horizontalAdvance(text[start - 1 : mark[0]]) <= _BEFORE * width:
        start -= 1
    blank = text.find(" ", start, mark[0])
    return blank + 1 if blank >= 0 else start


def paint_line(
    painter: QPainter,
    rect: QRect,
    text: str,
    *,
    font: QFont,
    colour: QColor,
    marks: Sequence[Range] = (),
    mark_font: QFont | None = None,
    mark_colour: QColor | None = None,
    direction: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight,
) -> None:
    """Paint a line into the middle of a rectangle; it begins where the interface's text does, whatever it holds."""
    mark_font = mark_font or font
    shown, ranges = fitted(text, marks, QFontMetrics(mark_font if marks else font), rect.width())
    layout = QTextLayout(f"{_ISOLATE}{shown}{_END}", font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    option.setTextDirection(direction)
    mirrored = direction == Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
    layout.setTextOption(option)
    style = QTextCharFormat()
    style.setFont(mark_font)
    style.setForeground(mark_colour or colour)
    formats = []
    for first, last in ranges:
        each = QTextLayout.FormatRange()
        each.start = _units(shown, first) + 1
        each.length = _units(shown, last) + 1 - each.start
        each.format = style
        formats.append(each)
    layout.setFormats(formats)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(max(1, rect.width()))
    layout.endLayout()
    painter.setPen(colour)
    layout.draw(painter, QPointF(rect.left(), rect.top() + (rect.height() - line.height()) / 2))


def _units(text: str, place: int) -> int:
    """Return how many of Qt's characters stand before a code point; beyond the first plane one is two of them."""
    return place if text.isascii() else len(text[:place].encode("utf-16-le", "replace")) // 2
