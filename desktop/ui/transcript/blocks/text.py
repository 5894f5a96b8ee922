"""Paragraphs, headings, thoughts and plain text: painted lines with links, a selection, and the caret of the stream."""

import html

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.domain.markdown_blocks import Heading, Image, Paragraph, PlainText, Span, block_text
from desktop.i18n import _
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.compose import NOTE, Composed, Link, common, compose
from desktop.ui.transcript.blocks.flow import Format, TextFlow, cut_units, marked_units, offset_of, units_of
from desktop.ui.transcript.formulas import Formulas
from desktop.ui.transcript.notes import note_text
from desktop.ui.transcript.parts import Kind, Part
from desktop.ui.transcript.style import Face, Style

_EMPTY = Composed("", (), ())
_NAME_CHARS = 300


class TextBlock(BlockWidget):
    """One run of text. Links are reached with Tab, followed with Enter or a click."""

    def __init__(self, *, style: Style, parent: QWidget, formulas: Formulas) -> None:
        super().__init__(style=style, parent=parent)
        self._formulas = formulas
        formulas.drawn.connect(self._on_drawn)
        self._spans: tuple[Span, ...] = ()
        self._composed = _EMPTY
        self._flow: TextFlow | None = None
        self._face: Face | None = None
        self._marks: list[Format] | None = None
        self._link = -1
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def forget(self) -> None:
        super().forget()
        self._flow = None
        self._spans = ()
        self._marks = None
        self._link = -1

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:  # noqa: ARG002
        spans, face = _content(part, self.style_)
        same = common(self._spans, spans) if self._flow is not None and face is self._face else 0
        if self._flow is None or face is not self._face:
            self._flow, self._face = TextFlow(face), face
        composed = compose(spans, self.style_, face=face, formulas=self._formulas, room=float(width))
        if same and composed.inlays_before(same) != self._composed.inlays_before(same):
            same = 0
        self._flow.lay_out(composed.laid, composed.formats, float(width), same, composed.inlays)
        self.dirty_from = int(self._flow.changed_from)
        self._spans, self._composed, self._marks = spans, composed, None
        self._link = min(self._link, len(composed.links) - 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if composed.links else Qt.FocusPolicy.ClickFocus)
        name = composed.text[:_NAME_CHARS]
        self.setAccessibleName(_("Thinking: {text}").format(text=name) if part.kind is Kind.THOUGHT else name)
        return round(self._flow.height)

    @Slot(str)
    def _on_drawn(self, source: str) -> None:
        if source in self._composed.waiting and not self.isHidden():
            self._flow = None
            self.lay_out_again()

    @property
    def flow(self) -> TextFlow | None:
        """The laid out text."""
        return self._flow

    @property
    def links(self) -> tuple[Link, ...]:
        """The links in the text, in order."""
        return self._composed.links

    def shown_text(self) -> str:
        return self._composed.text

    def offset_at(self, point: QPointF) -> int:
        if self._flow is None:
            return 0
        return offset_of(self._composed.text, self._flow.position_at(point - self.content_rect().topLeft()))

    def rect_of(self, offset: int) -> QRectF:
        if self._flow is None:
            return super().rect_of(offset)
        position = units_of(self._composed.text, (offset,))[0]
        return self._flow.caret_rect(position).translated(self.content_rect().topLeft())

    def link_at(self, point: QPointF) -> str:
        link = self._link_at(point)
        return self._target(link) if link is not None else ""

    def _tip(self, link: Link) -> str:
        if not link.target.startswith(NOTE) or self.item is None:
            return link.target
        return note_text(self.item, link.target.removeprefix(NOTE))[:_NAME_CHARS]

    def _target(self, link: Link) -> str:
        """Return where a link leads; a footnote is one of this message's."""
        if not link.target.startswith(NOTE) or self.item is None:
            return link.target
        return f"{NOTE}{self.item.key}:{link.target.removeprefix(NOTE)}"

    def marks_changed(self) -> None:
        self._marks = None
        self.update()

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:
        if self._flow is None or self.part is None:
            return
        style = self.style_
        quiet = self.part.kind is Kind.THOUGHT or isinstance(self.part.block, PlainText)
        painter.setPen(style.colour("muted" if quiet else "ink"))
        self._flow.paint(painter, rect.topLeft(), clip, self._marked())
        if self.hasFocus() and 0 <= self._link < len(self.links):
            link = self.links[self._link]
            painter.setPen(QPen(style.colour("accent"), 1.5))
            painter.drawRoundedRect(
                self._flow.rect_of(link.start, link.end).translated(rect.topLeft()).adjusted(-2, 0, 2, 0), 4, 4
            )
        if self.part.caret:
            point = self._flow.end_point() + rect.topLeft()
            height = style.text.metrics.ascent() + style.px(1)
            painter.fillRect(
                QRectF(point.x() + style.px(3), point.y() + 1, style.px(7), height), style.colour("accent")
            )

    def _marked(self) -> list[Format]:
        if self._marks is None:
            self._marks = marked_units(self._composed.text, self.marks())
        return self._marks

    # Mouse

    def _link_at(self, point: QPointF) -> Link | None:
        if self._flow is None:
            return None
        inner = point - self.content_rect().topLeft()
        for link in self.links:
            if self._flow.rect_of(link.start, link.end).contains(inner):
                position = self._flow.position_at(inner)
                if link.start <= position <= link.end:
                    return link
        return None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons():
            over = self._link_at(event.position()) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor)
        event.ignore()  # the area around selects

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            link = self._link_at(QPointF(event.pos()))
            # Wrapped as rich text on purpose: only so is it certain that the escaped address is not read as markup.
            QToolTip.showText(event.globalPos(), f"<span>{html.escape(self._tip(link))}</span>" if link else "", self)
            return True
        return super().event(event)

    # Keyboard

    def focused_link(self) -> tuple[str, str] | None:
        """Return text and target of the link that the keyboard is on."""
        if not self.hasFocus() or not 0 <= self._link < len(self.links):
            return None
        link = self.links[self._link]
        return cut_units(self._composed.text, link.start, link.end), self._target(link)

    def step_link(self, *, forward: bool) -> bool:
        """Move to the next or previous link; return False where there is none."""
        wanted = self._link + (1 if forward else -1)
        if not self.hasFocus():
            wanted = 0 if forward else len(self.links) - 1
        if not 0 <= wanted < len(self.links):
            return False
        self._link = wanted
        self.update()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and 0 <= self._link < len(self.links):
            self.link_activated.emit(self._target(self.links[self._link]))
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._link = -1
        self.update()
        super().focusOutEvent(event)


def _content(part: Part, style: Style) -> tuple[tuple[Span, ...], Face]:
    match part.block:
        case Paragraph(spans=spans):
            return spans, style.text
        case Heading(level=level, spans=spans):
            return spans, style.headings[level - 1]
        case PlainText():
            return (Span(block_text(part.block)),), style.code
        case Image(address=address, text=text):
            return (Span(text, image=address),), style.text
        case _:
            return (Span(part.text.rstrip("\n")),), style.small
