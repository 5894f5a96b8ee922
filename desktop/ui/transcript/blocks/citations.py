"""The fold below an answer with what it was drawn from: titles and quotes, as plain text alone."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from desktop.domain.citations import citations
from desktop.i18n import _, ngettext
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.flow import TextFlow
from desktop.ui.transcript.blocks.pressing import PressedBlock
from desktop.ui.transcript.parts import Part
from desktop.ui.transcript.style import Style
from desktop.ui.transcript.workshop import Choice, Workshop

_GAP_PX = 10
_NAME_CHARS = 2_000


class CitationsBlock(PressedBlock):
    """A head that says how many sources there are; a click or Enter shows them."""

    def __init__(self, *, style: Style, parent: QWidget, workshop: Workshop) -> None:
        super().__init__(style=style, parent=parent)
        self._workshop = workshop
        self._unfolded = False
        self._title = ""
        self._flows: list[tuple[TextFlow, str, float]] = []

    @property
    def texts(self) -> tuple[str, ...]:
        """What is shown below the head."""
        return tuple(flow.text for flow, _colour, _y in self._flows)

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:  # noqa: ARG002
        style = self.style_
        found = citations(item.message.metadata)
        self._unfolded = self._workshop.is_chosen(Choice.SOURCES, item.key, 0)
        self._title = ngettext("{count} source", "{count} sources", len(found)).format(count=len(found))
        self._flows = []
        y = float(style.small.line_height)
        for number, source in enumerate(found if self._unfolded else (), 1):
            y += style.px(_GAP_PX)
            title = " · ".join(filter(None, (source.title, source.place)))
            for text, face, colour in (
                (f"{number}. {title}", style.small, "ink"),
                (source.quote, style.small, "muted"),
            ):
                if text:
                    flow = TextFlow(face)
                    flow.lay_out(text, (), float(width))
                    self._flows.append((flow, colour, y))
                    y += flow.height
        state = _("unfolded") if self._unfolded else _("folded")
        self.setAccessibleName(", ".join((self._title, state, *self.texts))[:_NAME_CHARS])
        return round(y)

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:
        style = self.style_
        painter.setFont(style.small.font)
        painter.setPen(style.colour("muted"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine | Qt.AlignmentFlag.AlignLeft
        painter.drawText(self.head_rect(), flags, f"{'▾' if self._unfolded else '▸'} {self._title}")
        for flow, colour, y in self._flows:
            painter.setPen(style.colour(colour))
            flow.paint(painter, rect.topLeft() + QPointF(0, y), clip, ())
        self.paint_ring(painter)

    def press_rect(self) -> QRectF:
        return self.over_fold()

    def press(self) -> None:
        if self.item is not None:
            self._workshop.choose(Choice.SOURCES, self.item.key, 0, chosen=not self._unfolded)
            self.lay_out_again()
