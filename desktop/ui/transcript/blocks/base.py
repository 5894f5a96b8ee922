"""What all blocks share: a part to show, the shell behind it, quote bars and list markers, and intents as signals.

A block that shows text knows the text as it is seen and can find places in it; offsets are code points. What is marked
in it (a selection, hits of a search) it is told by whoever keeps that.
"""

from bisect import bisect_right

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.domain.markdown_blocks import Container, Heading, Item, Paragraph, Quote
from desktop.domain.markdown_plain import shown_text
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.flow import Format, direction_of
from desktop.ui.transcript.blocks.menu import Entry
from desktop.ui.transcript.parts import BUBBLE_INDENT_PX, Part, Shell
from desktop.ui.transcript.style import Style

BLEED_PX = 8
"""How far a widget reaches beyond the column on either side: room for focus rings."""
_ITEM_PX = 24
_QUOTE_PX = 16
_MAX_INDENT_SHARE = 0.5


class BlockWidget(QWidget):
    """Shows one part of a message at a given width; recycled for other parts of its kind.

    `acted(action, item)`, `copied(text)`, `link_activated(target)` and `hovered(item)` go up to the view; `stale()`
    says that the block is another size by itself.
    """

    acted = Signal(object, object)
    copied = Signal(str)
    link_activated = Signal(str)
    hovered = Signal(object)
    stale = Signal()

    def __init__(self, *, style: Style, parent: QWidget) -> None:
        super().__init__(parent)
        self.style_ = style
        self.part: Part | None = None
        self.item: TranscriptItem | None = None
        self._width = -1
        self._full = 0
        self._height = 0
        self._inset = (0, 0, 0, 0)
        self._selection = (0, 0)
        self._hits: tuple[tuple[int, int], ...] = ()
        self._hit = -1
        self._is_stale = False
        self.dirty_from = 0
        """From where in the content the last change is seen; 0 for everywhere."""
        # What grows at its end keeps what was painted.
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.setMouseTracking(True)

    def show_part(self, part: Part, item: TranscriptItem, style: Style, width: int, *, fresh: bool) -> int:
        """Show a part; return the height it takes. `fresh` says that facts outside the part may have changed."""
        known = width == self._width and style is self.style_ and item is self.item
        if known and not fresh and not self._is_stale and part == self.part:
            return self._height
        if not known:
            self.forget()
        self._is_stale = False
        self.part, self.item, self.style_, self._width = part, item, style, width
        self._full = width + 2 * BLEED_PX
        self._inset = self._insets(part)
        left, top, right, bottom = self._inset
        self.dirty_from = 0
        self._height = top + self.lay_out(part, item, max(40, self._full - left - right)) + bottom
        if self.dirty_from and part.shell is Shell.NONE:
            self.update(0, top + self.dirty_from, self._full, self._height)
        else:
            self.update()
        return self._height

    def lay_out_again(self) -> None:
        """Ask to be laid out once more: the same part takes another size now."""
        self._is_stale = True
        self.stale.emit()

    def forget(self) -> None:
        """Drop what was kept from the last part: the next one is another."""
        self._selection, self._hits, self._hit = (0, 0), (), -1

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:
        """Lay the part out at a width; return the height of the content."""
        raise NotImplementedError

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:
        """Paint the content into a rectangle."""

    # The text

    def shown_text(self) -> str:
        """Return the text as it is seen."""
        return shown_text(self.part.block) if self.part is not None and self.part.block is not None else ""

    def offset_at(self, point: QPointF) -> int:  # noqa: ARG002
        """Return the offset in the text nearest to a point of the widget."""
        return 0

    def rect_of(self, offset: int) -> QRectF:  # noqa: ARG002
        """Return where a caret before an offset stands in the widget, as high as its line."""
        rect = self.content_rect()
        return QRectF(rect.left(), rect.top(), 1, min(rect.height(), float(self.style_.text.line_height)))

    def reveal(self, start: int, end: int) -> bool:  # noqa: ARG002
        """Bring a range of the text into sight within the widget; return whether it is to be laid out again first."""
        return False

    def link_at(self, point: QPointF) -> str:  # noqa: ARG002
        """Return where the link under a point of the widget leads, or ""."""
        return ""

    def entries(self, point: QPointF) -> list[Entry]:  # noqa: ARG002
        """Return what the menu at a point offers beside what every message has."""
        return []

    @property
    def selection(self) -> tuple[int, int]:
        """What is shown as selected; (0, 0) for nothing."""
        return self._selection

    @property
    def hits(self) -> tuple[tuple[int, int], ...]:
        """The ranges that are shown as hits."""
        return self._hits

    def set_selection(self, start: int, end: int) -> None:
        """Show a range of the text as selected; an empty one for nothing."""
        wanted = (start, end) if start < end else (0, 0)
        if wanted != self._selection:
            self._selection = wanted
            self.marks_changed()

    def set_hits(self, hits: tuple[tuple[int, int], ...], current: int = -1) -> None:
        """Show ranges of the text as hits of a search; they are in order and apart. `current` is the number of one."""
        if hits != self._hits or current != self._hit:
            self._hits, self._hit = hits, current
            self.marks_changed()

    def marks_changed(self) -> None:
        """Paint what is marked anew."""
        self.update()

    def marks(self, start: int = 0, end: int | None = None) -> list[Format]:
        """Return what is marked in a range of the text, in code points of the text, in the order of painting."""
        ranges = []
        first = bisect_right(self._hits, (start, start)) - 1
        for number in range(max(0, first), len(self._hits)):
            if end is not None and self._hits[number][0] >= end:
                break
            ranges.append((*self._hits[number], number != self._hit))
        if self._selection[0] < self._selection[1]:
            ranges.append((*self._selection, False))
        result = []
        for first_at, last_at, soft in ranges:
            begin, stop = max(first_at, start), last_at if end is None else min(last_at, end)
            if begin < stop:
                result.append((begin, stop - begin, self.style_.mark(soft=soft)))
        return result

    def content_rect(self) -> QRectF:
        """Return where the content is, within shell, gap and containers."""
        left, top, right, bottom = self._inset
        return QRectF(left, top, max(40, self._full - left - right), self._height - top - bottom)

    @property
    def nest(self) -> tuple[Container, ...]:
        """The containers around the part's block."""
        return self.part.block.nest if self.part is not None and self.part.block is not None else ()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.part is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_shell(painter, self.part)
        if self.nest:
            self._paint_nest(painter)
        self.paint_content(painter, self.content_rect(), QRectF(event.rect()))
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered.emit(self.item)
        super().enterEvent(event)

    def _insets(self, part: Part) -> tuple[int, int, int, int]:
        px = self.style_.px
        left = right = BLEED_PX
        bottom = 0
        top = px(part.gap)
        if part.shell is Shell.BUBBLE:
            left, right = left + px(BUBBLE_INDENT_PX + 14), right + px(14)
            top += px(10) if part.first else 0
            bottom = px(9) if part.last else 0
        elif part.shell is Shell.CARD:
            left, right = left + px(13), right + px(13)
            top += px(8) if part.first else 0
            bottom = px(8) if part.last else 0
        nest = part.block.nest if part.block is not None else ()
        indent = sum(px(_ITEM_PX if isinstance(container, Item) else _QUOTE_PX) for container in nest)
        most = int(self._full * _MAX_INDENT_SHARE)
        if _is_turned(part):
            return left, top, min(right + indent, most), bottom
        return min(left + indent, most), top, right, bottom

    def _paint_shell(self, painter: QPainter, part: Part) -> None:
        if part.shell is Shell.NONE:
            return
        px = self.style_.px
        radius = px(14 if part.shell is Shell.BUBBLE else 10)
        # Where the shell goes on, its rounded end lies outside the widget.
        top = float(px(part.gap)) if part.first else -2.0 * radius
        bottom = float(self._height) if part.last else self._height + 2.0 * radius
        bubble = part.shell is Shell.BUBBLE
        # In high contrast the ground of a bubble tells nothing.
        inset = 0.5 if not bubble or self.style_.colour("user") == self.style_.colour("bg") else 0.0
        left = BLEED_PX + (px(BUBBLE_INDENT_PX) if bubble else 0) + inset
        right = self._full - BLEED_PX - inset
        path = QPainterPath()
        path.addRoundedRect(QRectF(QPointF(left, top + inset), QPointF(right, bottom - inset)), radius, radius)
        if bubble:
            painter.fillPath(path, self.style_.colour("user"))
        if inset:
            painter.setPen(QPen(self.style_.colour("line"), 1))
            painter.drawPath(path)

    def _paint_nest(self, painter: QPainter) -> None:
        assert self.part is not None
        style, content = self.style_, self.content_rect()
        turned, bubble = _is_turned(self.part), self.part.shell is Shell.BUBBLE
        # Counted from the side on which reading begins.
        x = float(BLEED_PX + (style.px(14 if turned else BUBBLE_INDENT_PX + 14) if bubble else 0))
        inner = self._full - content.right() if turned else content.left()
        for depth, container in enumerate(self.nest):
            if isinstance(container, Quote):
                top = 0.0 if depth < self.part.joined else content.top()
                left = self._full - x - style.px(3) if turned else x
                painter.fillRect(QRectF(left, top, style.px(3), self._height - top), style.colour("line"))
                x += style.px(_QUOTE_PX)
                continue
            x += style.px(_ITEM_PX)
            if container.first and x <= inner + 1:
                self._paint_marker(painter, container, self._full - x if turned else x, content.top(), turned=turned)

    def _paint_marker(self, painter: QPainter, item: Item, edge: float, top: float, *, turned: bool) -> None:
        """Paint a marker on the left of an edge, or on its right where the text runs from right to left."""
        style = self.style_
        if item.checked is None:
            painter.setFont(style.text.font)
            painter.setPen(style.colour("muted"))
            left = edge + style.px(8) if turned else edge - style.px(80)
            box = QRectF(left, top, style.px(80 - 8), style.text.line_height)
            edge_side = Qt.AlignmentFlag.AlignLeft if turned else Qt.AlignmentFlag.AlignRight
            painter.drawText(box, edge_side | Qt.AlignmentFlag.AlignVCenter, item.marker)
            return
        side = style.px(13)
        left = edge + style.px(7) if turned else edge - side - style.px(7)
        box = QRectF(left + 0.5, top + (style.text.line_height - side) / 2 + 0.5, side, side)
        painter.setPen(QPen(style.colour("accent" if item.checked else "muted"), 1.2))
        painter.setBrush(style.colour("accent") if item.checked else Qt.BrushStyle.NoBrush)
        radius = side * 0.23  # in proportion, or a small box becomes a circle
        painter.drawRoundedRect(box, radius, radius)
        if item.checked:
            painter.setPen(QPen(style.colour("on_accent"), 1.6))
            painter.drawPolyline(
                [
                    QPointF(box.left() + side * 0.22, box.center().y()),
                    QPointF(box.left() + side * 0.43, box.bottom() - side * 0.27),
                    QPointF(box.right() - side * 0.2, box.top() + side * 0.27),
                ]
            )
        painter.setBrush(Qt.BrushStyle.NoBrush)


def _is_turned(part: Part) -> bool:
    """Return whether lists and quotes around a part stand on its right: its text runs from right to left."""
    block = part.block
    if not isinstance(block, (Paragraph, Heading)) or not block.nest:
        return False
    return direction_of(shown_text(block)) == Qt.LayoutDirection.RightToLeft
