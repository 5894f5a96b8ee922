"""The fold below an answer with what it was drawn from: titles and quotes, as plain text alone."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from desktop.domain.citations import citations
from desktop.i18n import _, ngettext
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.flow import TextFlow
from desktop.ui.transcript.parts import Part
from desktop.ui.transcript.style import Style
from desktop.ui.transcript.workshop import Choice, Workshop

_GAP_PX = 10
_NAME_CHARS = 2_000


class CitationsBlock(BlockWidget):
    """A head that says how many sources there are; a click or Enter shows them."""

    def __init__(self, *, style: Style, parent: QWidget, workshop: Workshop) -> None:
        super().__init__(style=style, parent=parent)
        self._workshop = workshop
        self._unfolded = False
        self._title = ""
        self._flows: list[tuple[TextFlow, str, float]] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

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
        head = self._head(rect)
        painter.setFont(style.small.font)
        painter.setPen(style.colour("muted"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine | Qt.AlignmentFlag.AlignLeft
        painter.drawText(head, flags, f"{'▾' if self._unfolded else '▸'} {self._title}")
        for flow, colour, y in self._flows:
            painter.setPen(style.colour(colour))
            flow.paint(painter, rect.topLeft() + QPointF(0, y), clip, ())
        if self.hasFocus():
            painter.setPen(QPen(style.colour("accent"), 1.5))
            painter.drawRoundedRect(head.adjusted(-6, -4, 6, 4), 6, 6)

    def _head(self, rect: QRectF) -> QRectF:
        return QRectF(rect.left(), rect.top(), rect.width(), self.style_.small.line_height)

    def _turn(self) -> None:
        if self.item is not None:
            self._workshop.choose(Choice.SOURCES, self.item.key, 0, chosen=not self._unfolded)
            self.lay_out_again()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the click, so that its end comes here too."""
        event.setAccepted(event.button() == Qt.MouseButton.LeftButton)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        bottom = self._head(self.content_rect()).bottom() + self.style_.px(8)
        if event.button() == Qt.MouseButton.LeftButton and event.position().y() <= bottom:
            self._turn()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._turn()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
        super().focusOutEvent(event)
