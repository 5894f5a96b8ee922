"""A formula that stands alone: in the middle of the column, with a scroll bar of its own where it is wider.

What is not drawn yet, or never will be, is its source in the face of code.
"""

from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from desktop.domain.markdown_blocks import Formula
from desktop.i18n import _
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.flow import TextFlow, marked_units, offset_of, units_of
from desktop.ui.transcript.blocks.menu import Entry
from desktop.ui.transcript.blocks.sideways import BAR_PX, SidewaysBlock
from desktop.ui.transcript.formula_drawing import Drawing
from desktop.ui.transcript.formulas import Formulas
from desktop.ui.transcript.parts import Part
from desktop.ui.transcript.style import Style

_AIR_PX = 4
_NAME_CHARS = 300


class FormulaBlock(SidewaysBlock):
    """Shows a formula. Its text, for whatever counts offsets, is its LaTeX source."""

    def __init__(self, *, style: Style, parent: QWidget, formulas: Formulas) -> None:
        super().__init__(style=style, parent=parent, says=_("Scroll the formula sideways"))
        self._formulas = formulas
        self._source = ""
        self._drawing: Drawing | None = None
        self._flow: TextFlow | None = None
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        formulas.drawn.connect(self._on_drawn)

    @property
    def drawing(self) -> Drawing | None:
        """The formula as it is painted, or None where its source is."""
        return self._drawing

    def forget(self) -> None:
        super().forget()
        self._drawing = None
        self._flow = None

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:  # noqa: ARG002
        block = part.block
        assert isinstance(block, Formula)
        self._source = block.source
        self._drawing = self._formulas.ask(block.source, display=True) if block.closed else None
        self.setAccessibleName(_("Formula: {text}").format(text=block.source[:_NAME_CHARS]))
        beyond = 0
        if self._drawing is None:
            self._flow = self._flow or TextFlow(self.style_.code)
            self._flow.lay_out(block.source, (), float(width))
            height = self._flow.height
        else:
            self._flow = None
            em = self.style_.text.math_em
            height = (self._drawing.ascent + self._drawing.descent) * em + 2 * self.style_.px(_AIR_PX)
            beyond = round(self._drawing.width * em - width)
        left, top, _right, _bottom = self._inset
        self.bar.setGeometry(left, top + round(height), width, self.style_.px(BAR_PX))
        return round(height + self.set_beyond(beyond, page=width))

    @Slot(str)
    def _on_drawn(self, source: str) -> None:
        if self._drawing is None and source == self._source and not self.isHidden():
            self.lay_out_again()

    # The text

    def offset_at(self, point: QPointF) -> int:
        if self._flow is not None:
            return offset_of(self._source, self._flow.position_at(point - self.content_rect().topLeft()))
        return len(self._source) if point.x() > self._drawn_rect().center().x() else 0

    def rect_of(self, offset: int) -> QRectF:
        if self._flow is not None:
            position = units_of(self._source, (offset,))[0]
            return self._flow.caret_rect(position).translated(self.content_rect().topLeft())
        box = self._drawn_rect()
        return QRectF(box.right() if offset >= len(self._source) else box.left(), box.top(), 1, box.height())

    def _drawn_rect(self) -> QRectF:
        rect = self.content_rect()
        if self._drawing is None:
            return rect
        em = self.style_.text.math_em
        size = self._drawing.width * em
        left = rect.left() + max(0.0, (rect.width() - size) / 2) - self.shift
        height = (self._drawing.ascent + self._drawing.descent) * em
        return QRectF(left, rect.top() + self.style_.px(_AIR_PX), size, height)

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:
        style = self.style_
        painter.setPen(style.colour("muted"))
        if self._drawing is None:
            if self._flow is not None:
                self._flow.paint(painter, rect.topLeft(), clip, marked_units(self._source, self.marks()))
        else:
            box = self._drawn_rect()
            ink = style.colour("ink")
            painter.setClipRect(rect.adjusted(-2, 0, 2, 0))
            for _start, _length, look in self.marks():
                painter.fillRect(box.adjusted(-3, -2, 3, 2), look.background())
                if look.foreground().style() != Qt.BrushStyle.NoBrush:
                    ink = look.foreground().color()
            base = QPointF(box.left(), box.top() + self._drawing.ascent * style.text.math_em)
            self._drawing.paint(painter, base, style.text.math_em, ink)
            painter.setClipping(False)
        if self.hasFocus():
            path = QPainterPath()
            path.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), style.px(6), style.px(6))
            painter.setPen(QPen(style.colour("accent"), 1))
            painter.drawPath(path)

    def entries(self, point: QPointF) -> list[Entry]:  # noqa: ARG002
        return [(_("Copy LaTeX"), lambda: self.copied.emit(self._source))]
