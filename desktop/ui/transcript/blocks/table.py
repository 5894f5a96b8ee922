"""A table with hairlines: columns as wide as their text where there is room, wrapped where there is not.

Cells are measured with font metrics alone; only those that wrap, and those that are painted, are laid out.
"""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from desktop.domain.markdown_blocks import Alignment, Cell, Table, block_text
from desktop.domain.markdown_plain import shown_cell, shown_span, table_rows
from desktop.i18n import _
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.button import Dress, TextButton
from desktop.ui.transcript.blocks.compose import Composed, compose
from desktop.ui.transcript.blocks.flow import TextFlow, marked_units, offset_of, units_of
from desktop.ui.transcript.blocks.menu import Entry, open_menu
from desktop.ui.transcript.blocks.sideways import BAR_PX, SidewaysBlock
from desktop.ui.transcript.blocks.table_taking import table_entries
from desktop.ui.transcript.formulas import Formulas
from desktop.ui.transcript.parts import Part
from desktop.ui.transcript.siblings import whole_table
from desktop.ui.transcript.style import Face, Style

_GAP_PX = 16
_PAD_PX = 4
_MIN_COLUMN_PX = 72
_NAME_CHARS = 300
_ALIGNMENTS = {
    Alignment.NONE: Qt.AlignmentFlag.AlignLeading,
    Alignment.LEFT: Qt.AlignmentFlag.AlignLeft,
    Alignment.CENTER: Qt.AlignmentFlag.AlignHCenter,
    Alignment.RIGHT: Qt.AlignmentFlag.AlignRight,
}


@dataclass(slots=True)
class _Row:
    cells: tuple[Cell, ...]
    naturals: tuple[float, ...]
    starts: tuple[int, ...]
    """Where the text of each cell begins in that of the row; the last one is beyond its end."""
    height: float = 0.0
    flows: dict[int, tuple[TextFlow, Composed]] | None = None


def natural_width(cell: Cell, face: Face, code: QFontMetricsF, formulas: Formulas | None = None) -> float:
    """Return how wide a cell's text is in one line."""
    width = 0.0
    for span in cell:
        drawing = formulas.ask(span.text, display=False) if span.math and formulas is not None else None
        if drawing is not None:
            width += drawing.width * face.math_em
            continue
        text = shown_span(span)
        metrics = code if span.code or span.math else face.metrics
        longest = max(text.split("\n"), key=len) if "\n" in text else text
        width += metrics.horizontalAdvance(longest) * (1.08 if span.bold else 1.0)
    return width


def share_out(naturals: list[float], room: float, least: float) -> list[float]:
    """Return column widths: the natural ones if they fit, else the wide columns give way to `least` at most."""
    if sum(naturals) <= room:
        return naturals
    widths = list(naturals)
    for _round in range(len(widths)):
        beyond = sum(widths) - room
        wide = [index for index, width in enumerate(widths) if width > max(least, room / len(widths))]
        if beyond <= 0.5 or not wide:
            break
        total = sum(widths[index] - least for index in wide)
        for index in wide:
            widths[index] = max(least, widths[index] - beyond * (widths[index] - least) / total)
    return widths


class TableBlock(SidewaysBlock):
    """Shows one part of a table; later parts take the columns of the first."""

    def __init__(self, *, style: Style, parent: QWidget, formulas: Formulas) -> None:
        super().__init__(style=style, parent=parent, says=_("Scroll the table sideways"))
        self._formulas = formulas
        formulas.drawn.connect(self._on_drawn)
        self._rows: list[_Row] = []
        self._row_starts: list[int] = []
        self._widths: list[float] = []
        self._has_header = True
        self._table: Table | None = None
        self._above: Table | None = None
        self._above_naturals: list[tuple[float, ...]] = []
        self.take_button = TextButton("", style=style, parent=self, dress=Dress.OUTLINED, icon="copy")
        self.take_button.setAccessibleName(_("Copy table…"))
        self.take_button.clicked.connect(self._on_take)
        self.take_button.set_faded(True)

    def forget(self) -> None:
        super().forget()
        self._rows = []
        self._widths = []
        self._above = None

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:  # noqa: ARG002
        table = part.block
        assert isinstance(table, Table)
        self._table = table
        self._has_header = not table.part
        cells = table_rows(table)
        kept = 0
        while kept < min(len(cells), len(self._rows)) and self._rows[kept].cells == cells[kept]:
            kept += 1
        self._rows[kept:] = [
            self._measure(row, head=self._is_head(index)) for index, row in enumerate(cells[kept:], kept)
        ]
        self._row_starts = [0, *accumulate(max(1, row.starts[-1]) for row in self._rows)]
        widths = self._columns(part.above or table, float(width))
        stale = widths != self._widths
        self._widths = widths
        for row in self._rows if stale else self._rows[kept:]:
            row.flows = {}
            row.height = self._height_of(row)
        height = round(sum(row.height for row in self._rows))
        if kept and not stale:
            self.dirty_from = int(sum(row.height for row in self._rows[:kept])) - 2
        self.bar.setGeometry(self._inset[0], self._inset[1] + height, width, self.style_.px(BAR_PX))
        height += self.set_beyond(round(sum(widths) - width), page=width)
        self.take_button.set_style(self.style_)
        side = self.style_.px(24)
        right = self._inset[0] + min(width, round(sum(widths)) + side + self.style_.px(4))
        self.take_button.setGeometry(right - side, self._inset[1] + self.style_.px(2), side, side)
        self.setAccessibleName(_("Table: {text}").format(text=block_text(table)[:_NAME_CHARS]))
        return height

    @Slot(str)
    def _on_drawn(self, source: str) -> None:
        if not self.isHidden() and any(
            span.math and span.text == source for row in self._rows for cell in row.cells for span in cell
        ):
            self._rows = []
            self.lay_out_again()

    def _is_head(self, index: int) -> bool:
        return self._has_header and index == 0

    def _face(self, *, head: bool) -> Face:
        return self.style_.table_head if head else self.style_.table

    def _measure(self, cells: tuple[Cell, ...], *, head: bool) -> _Row:
        face, code = self._face(head=head), self.style_.code.metrics
        starts = (0, *accumulate(len(shown_cell(cell)) + 1 for cell in cells))
        return _Row(cells, tuple(natural_width(cell, face, code, self._formulas) for cell in cells), starts)

    def _columns(self, table: Table, room: float) -> list[float]:
        if table is self._table:
            measured = [row.naturals for row in self._rows]
        else:
            if table is not self._above:
                rows = (table.header, *table.rows)
                self._above = table
                self._above_naturals = [self._measure(row, head=not n).naturals for n, row in enumerate(rows)]
            measured = self._above_naturals
        gap = self.style_.px(_GAP_PX)
        columns = len(table.header)
        naturals = [
            max((row[index] for row in measured if index < len(row)), default=0.0) + gap for index in range(columns)
        ]
        return share_out(naturals, room, float(self.style_.px(_MIN_COLUMN_PX)))

    def _height_of(self, row: _Row) -> float:
        face, gap = self.style_.table, self.style_.px(_GAP_PX)
        lines = 1.0
        for index, natural in enumerate(row.naturals[: len(self._widths)]):
            if natural > self._widths[index] - gap + 0.5 or any(
                "\n" in span.text or span.math for span in row.cells[index]
            ):
                lines = max(lines, self._flow(row, index)[0].height / face.line_height)
        return round(lines * face.line_height) + 2 * self.style_.px(_PAD_PX) + 1

    def _flow(self, row: _Row, index: int) -> tuple[TextFlow, Composed]:
        assert self._table is not None
        if row.flows is None:
            row.flows = {}
        found = row.flows.get(index)
        if found is None:
            head = bool(self._rows) and row is self._rows[0] and self._has_header
            face = self._face(head=head)
            width = max(1.0, self._widths[index] - self.style_.px(_GAP_PX) + 1)
            composed = compose(row.cells[index], self.style_, face=face, formulas=self._formulas, room=width)
            flow = TextFlow(face, alignment=_ALIGNMENTS[self._table.alignments[index]])
            flow.lay_out(composed.laid, composed.formats, width, 0, composed.inlays)
            found = row.flows[index] = (flow, composed)
        return found

    # The text: cells stand between tabs, rows between line feeds

    def _left(self) -> float:
        return self.content_rect().left() - self.shift

    def offset_at(self, point: QPointF) -> int:
        y = self.content_rect().top()
        for number, row in enumerate(self._rows):
            if point.y() < y + row.height or number == len(self._rows) - 1:
                break
            y += row.height
        else:
            return 0
        x, last = self._left(), min(len(row.cells), len(self._widths)) - 1
        if last < 0:
            return self._row_starts[number]
        index = 0
        while index < last and point.x() >= x + self._widths[index]:
            x += self._widths[index]
            index += 1
        flow, composed = self._flow(row, index)
        position = flow.position_at(point - QPointF(x, y + self.style_.px(_PAD_PX)))
        return self._row_starts[number] + row.starts[index] + offset_of(composed.text, position)

    def rect_of(self, offset: int) -> QRectF:
        number = min(bisect_right(self._row_starts, offset), len(self._rows)) - 1
        if number < 0 or not self._widths or not self._rows[number].cells:
            return super().rect_of(offset)
        row = self._rows[number]
        inner = offset - self._row_starts[number]
        index = max(0, min(bisect_right(row.starts, inner) - 1, len(row.cells) - 1, len(self._widths) - 1))
        flow, composed = self._flow(row, index)
        at = min(inner - row.starts[index], len(composed.text))
        x = self._left() + sum(self._widths[:index])
        y = self.content_rect().top() + sum(each.height for each in self._rows[:number])
        return flow.caret_rect(units_of(composed.text, (at,))[0]).translated(x, y + self.style_.px(_PAD_PX))

    def reveal(self, start: int, end: int) -> bool:
        self.reveal_sideways(self.content_rect(), start, end)
        return False

    def entries(self, point: QPointF) -> list[Entry]:  # noqa: ARG002
        table = whole_table(self.item, self.part.index) if self.item is not None and self.part is not None else None
        return table_entries(table) if table is not None else []

    def _on_take(self) -> None:
        place = self.take_button.mapToGlobal(self.take_button.rect().bottomLeft())
        open_menu(self.take_button, place, self.entries(QPointF()))

    def enterEvent(self, event: QEnterEvent) -> None:
        self.take_button.set_faded(False)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.take_button.set_faded(True)
        super().leaveEvent(event)

    def link_at(self, point: QPointF) -> str:
        return self.target_at(point)

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:
        style = self.style_
        pad = style.px(_PAD_PX)
        left = self._left()
        painter.setClipRect(rect)
        y = rect.top()
        for number, row in enumerate(self._rows):
            if y <= clip.bottom() and y + row.height >= clip.top():
                painter.setPen(style.colour("muted" if self._is_head(number) else "ink"))
                x = left
                for index in range(min(len(row.cells), len(self._widths))):
                    if row.cells[index] and x < clip.right() and x + self._widths[index] > clip.left():
                        flow, composed = self._flow(row, index)
                        start = self._row_starts[number] + row.starts[index]
                        marks = self.marks(start, start + len(composed.text))
                        inner = [(begin - start, length, look) for begin, length, look in marks]
                        flow.paint(painter, QPointF(x, y + pad), clip, marked_units(composed.text, inner))
                    x += self._widths[index]
                line = QRectF(left, y + row.height - 1, min(sum(self._widths), 16_000.0), 1)
                painter.fillRect(line, style.colour("line"))
            y += row.height
        painter.setClipping(False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons():
            over = self.target_at(event.position())
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor)
        event.ignore()  # the area around selects

    def target_at(self, point: QPointF) -> str:
        """Return where the link under a point leads, or ""."""
        rect = self.content_rect()
        y = rect.top()
        for row in self._rows:
            if y <= point.y() < y + row.height:
                x = self._left()
                for index in range(min(len(row.cells), len(self._widths))):
                    if x <= point.x() < x + self._widths[index] and row.cells[index]:
                        flow, composed = self._flow(row, index)
                        inner = point - QPointF(x, y + self.style_.px(_PAD_PX))
                        for link in composed.links:
                            if flow.rect_of(link.start, link.end).contains(inner):
                                return link.target
                    x += self._widths[index]
            y += row.height
        return ""
