"""Paragraphs, headings, thoughts and plain text: painted lines with links, a selection, and the caret of the stream."""

import html

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.domain.markdown_blocks import Formula, Heading, Image, Paragraph, PlainText, Span, block_text
from desktop.i18n import _
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.base import PASSING_FOCUS, BlockWidget
from desktop.ui.transcript.blocks.compose import Composed, Link, common, compose
from desktop.ui.transcript.blocks.flow import Format, TextFlow, marked_units, offset_of, units_of
from desktop.ui.transcript.blocks.menu import Entry, open_menu
from desktop.ui.transcript.cards import Action
from desktop.ui.transcript.parts import Kind, Part
from desktop.ui.transcript.style import Face, Style

_EMPTY = Composed("", (), ())
_NAME_CHARS = 300


class TextBlock(BlockWidget):
    """One run of text. Links are reached with Tab, followed with Enter or a click."""

    def __init__(self, *, style: Style, parent: QWidget) -> None:
        super().__init__(style=style, parent=parent)
        self._spans: tuple[Span, ...] = ()
        self._composed = _EMPTY
        self._flow: TextFlow | None = None
        self._face: Face | None = None
        self._marks: list[Format] | None = None
        self._link = -1
        self._anchor = 0
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
        composed = compose(spans, self.style_)
        self._flow.lay_out(composed.text, composed.formats, float(width), same)
        self.dirty_from = int(self._flow.changed_from)
        self._spans, self._composed, self._marks = spans, composed, None
        self._link = min(self._link, len(composed.links) - 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if composed.links else Qt.FocusPolicy.ClickFocus)
        name = composed.text[:_NAME_CHARS]
        self.setAccessibleName(_("Thinking: {text}").format(text=name) if part.kind is Kind.THOUGHT else name)
        return round(self._flow.height)

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
        return link.target if link is not None else ""

    def marks_changed(self) -> None:
        self._marks = None
        self.update()

    def selected_text(self) -> str:
        """Return the selected text."""
        return self._composed.text[slice(*self._selection)]

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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._anchor = self.offset_at(event.position())
        self.set_selection(0, 0)
        self._link = -1
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            here = self.offset_at(event.position())
            self.set_selection(min(self._anchor, here), max(self._anchor, here))
            return
        over = self._link_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._selection[0] == self._selection[1]:
            link = self._link_at(event.position())
            if link is not None:
                self.link_activated.emit(link.target)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        at = self.offset_at(event.position())
        before, after = self._composed.text[:at], self._composed.text[at:]
        left = next((i for i, c in enumerate(reversed(before)) if not _is_word(c)), len(before))
        right = next((i for i, c in enumerate(after) if not _is_word(c)), len(after))
        self.set_selection(at - left, at + right)
        self._anchor = self._selection[0]

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            link = self._link_at(QPointF(event.pos()))
            # Wrapped as rich text on purpose: only so is it certain that the escaped address is not read as markup.
            QToolTip.showText(event.globalPos(), f"<span>{html.escape(link.target)}</span>" if link else "", self)
            return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        entries: list[Entry] = []
        if self.selected_text():
            entries.append((_("Copy"), self.copy))
        link = self._link_at(QPointF(event.pos()))
        if link is not None:
            entries.append((_("Copy link address"), lambda: self.copied.emit(link.target)))
        entries.append((_("Copy message"), lambda: self.acted.emit(Action.COPY, self.item)))
        open_menu(self, event.globalPos(), entries)

    # Edit, as for every widget with text

    @Slot()
    def copy(self) -> None:
        """Give away the selected text, if there is any."""
        if self._selection[0] != self._selection[1]:
            self.copied.emit(self.selected_text())

    @Slot()
    def selectAll(self) -> None:
        """Select this block's text."""
        self.set_selection(0, len(self._composed.text))

    # Keyboard

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
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and 0 <= self._link < len(self.links):
            self.link_activated.emit(self.links[self._link].target)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() not in PASSING_FOCUS:
            self.set_selection(0, 0)
            self._link = -1
        self.update()
        super().focusOutEvent(event)


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _content(part: Part, style: Style) -> tuple[tuple[Span, ...], Face]:
    match part.block:
        case Paragraph(spans=spans):
            return spans, style.text
        case Heading(level=level, spans=spans):
            return spans, style.headings[level - 1]
        case PlainText() | Formula():
            return (Span(block_text(part.block)),), style.code
        case Image(address=address, text=text):
            return (Span(text, image=address),), style.text
        case _:
            return (Span(part.text.rstrip("\n")),), style.small
