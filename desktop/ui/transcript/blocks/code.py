"""A card of code: its language, Copy and Save, lines in one width, and a scroll bar of its own where they are long."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QScrollBar, QWidget

from desktop.domain.markdown_blocks import CodeFence
from desktop.i18n import _
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.base import PASSING_FOCUS, BlockWidget
from desktop.ui.transcript.blocks.button import TextButton
from desktop.ui.transcript.blocks.code_lines import CodeLines
from desktop.ui.transcript.blocks.menu import Entry, open_menu
from desktop.ui.transcript.cards import Action
from desktop.ui.transcript.highlight import MAX_CHARS
from desktop.ui.transcript.parts import Part
from desktop.ui.transcript.style import Style
from desktop.ui.transcript.workshop import Workshop

_HEAD_PX = 30
_PAD_X_PX = 13
_PAD_Y_PX = 10
_BAR_PX = 12
_NAME_CHARS = 300
# While a fence grows it is coloured again each time it has grown by a quarter, so the work stays linear.
_REGROWTH = 1.25
_REGROWTH_CHARS = 400


class CodeBlock(BlockWidget):
    """Shows a code fence. The view gives it the workshop once."""

    save_wanted = Signal(str, str)

    def __init__(self, *, style: Style, parent: QWidget, workshop: Workshop) -> None:
        super().__init__(style=style, parent=parent)
        self._workshop = workshop
        self._highlighter = workshop.highlighter
        self._lines = CodeLines(style)
        self._language = ""
        self._closed = True
        self._next_ask = 0
        self._anchor = 0
        self._bar = QScrollBar(Qt.Orientation.Horizontal, self)
        self._bar.setAccessibleName(_("Scroll the code sideways"))
        self._bar.valueChanged.connect(self._on_scrolled)
        self.copy_button = TextButton(_("Copy"), style=style, parent=self, icon="copy")
        self.copy_button.setAccessibleName(_("Copy code"))
        self.copy_button.clicked.connect(self._on_copy)
        self.save_button = TextButton(_("Save"), style=style, parent=self, icon="save")
        self.save_button.setAccessibleName(_("Save code as…"))
        self.save_button.clicked.connect(self._on_save)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._highlighter.coloured.connect(self._on_coloured)

    @property
    def lines(self) -> CodeLines:
        """The code as it is shown."""
        return self._lines

    def offset_at(self, point: QPointF) -> int:
        return self._lines.offset_at(point - self._code_origin())

    def rect_of(self, offset: int) -> QRectF:
        return self._lines.caret_rect(offset).translated(self._code_origin())

    def forget(self) -> None:
        super().forget()
        self._lines = CodeLines(self.style_)
        self._next_ask = 0
        self._bar.setValue(0)

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:  # noqa: ARG002
        block = part.block
        assert isinstance(block, CodeFence)
        px = self.style_.px
        if self._lines.style is not self.style_ or not block.text.startswith(self._lines.text):
            self.forget()
        self._language, self._closed = block.language, not part.caret
        kept = max(0, len(self._lines.lines) - 2)
        coloured = self._lines.colours
        self._lines.set_text(block.text)
        self._colour()
        if kept and self._lines.colours is coloured:
            self.dirty_from = px(_HEAD_PX) + kept * self._lines.line_height
        left, top, _right, _bottom = self._inset
        room = width - 2 * px(_PAD_X_PX)
        beyond = round(self._lines.width - room)
        self._bar.setVisible(beyond > 0)
        height = px(_HEAD_PX) + 2 * px(_PAD_Y_PX) + self._lines.height
        if beyond > 0:
            self._bar.setRange(0, beyond + px(8))
            self._bar.setPageStep(room)
            self._bar.setSingleStep(px(24))
            self._bar.setGeometry(left + px(6), top + height - px(2), width - px(12), px(_BAR_PX))
            height += px(_BAR_PX)
        else:
            self._bar.setValue(0)
        x = left + width - px(8)
        for button in (self.save_button, self.copy_button):
            button.set_style(self.style_)
            size = button.sizeHint()
            x -= size.width()
            button.setGeometry(x, top + (px(_HEAD_PX) - size.height()) // 2, size.width(), size.height())
            x -= px(2)
        language = block.language or _("code")
        self.setAccessibleName(_("Code, {language}: {text}").format(language=language, text=block.text[:_NAME_CHARS]))
        return height

    def _colour(self) -> None:
        """Ask for colours when the code is complete, or has grown enough since the last time."""
        text = self._lines.text
        if len(text) > MAX_CHARS or (not self._closed and len(text) < self._next_ask):
            return
        if not self._closed:
            text = text[: text.rfind("\n") + 1]
            self._next_ask = max(int(len(text) * _REGROWTH), len(text) + _REGROWTH_CHARS)
        found = self._highlighter.ask(self._language, text)
        if found is not None:
            self._lines.set_colours(found)

    def _on_coloured(self, language: str, text: str) -> None:
        if self.isHidden() or language != self._language or not self._lines.text.startswith(text):
            return
        self._lines.set_colours(self._highlighter.ask(language, text) or ())
        self.update()

    # Painting

    def _code_rect(self) -> QRectF:
        px = self.style_.px
        rect = self.content_rect()
        bottom = px(_PAD_Y_PX) + (px(_BAR_PX) if self._bar.isVisibleTo(self) else 0)
        return rect.adjusted(px(_PAD_X_PX), px(_HEAD_PX) + px(_PAD_Y_PX), -px(_PAD_X_PX), -bottom)

    def _code_origin(self) -> QPointF:
        return self._code_rect().topLeft() - QPointF(self._bar.value(), 0)

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:
        style, px = self.style_, self.style_.px
        path = QPainterPath()
        path.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), px(10), px(10))
        painter.fillPath(path, style.colour("code"))
        painter.setPen(QPen(style.colour("line"), 1))
        painter.drawPath(path)
        head = QRectF(rect.left(), rect.top(), rect.width(), px(_HEAD_PX))
        painter.fillRect(QRectF(rect.left() + 1, head.bottom() - 1, rect.width() - 2, 1), style.colour("line"))
        painter.setFont(style.small.font)
        painter.setPen(style.colour("muted"))
        room = self.copy_button.x() - head.left() - px(20)
        label = style.small.metrics.elidedText(self._language, Qt.TextElideMode.ElideRight, max(0, room))
        painter.drawText(head.adjusted(px(_PAD_X_PX), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, label)
        code = self._code_rect()
        inner = QRectF(code.left() - px(4), code.top() - 2, code.width() + px(8), code.height() + 4)
        painter.setClipRect(inner)
        painter.setPen(style.colour("ink"))
        self._lines.paint(painter, self._code_origin(), clip.intersected(inner), self.marks)
        painter.setClipping(False)
        if self.hasFocus():
            painter.setPen(QPen(style.colour("accent"), 1))
            painter.drawPath(path)

    def _on_scrolled(self) -> None:
        self.update(self._code_rect().toAlignedRect().adjusted(-8, -4, 8, 4))

    # Taking

    def _on_copy(self) -> None:
        self.copied.emit(self._lines.text)

    def _on_save(self) -> None:
        self.save_wanted.emit(self._lines.text, self._language)

    def selected_text(self) -> str:
        """Return the selected code."""
        return self._lines.text[slice(*self._selection)]

    # Edit, as for every widget with text

    @Slot()
    def copy(self) -> None:
        """Give away the selected code, if there is any."""
        if self.selected_text():
            self.copied.emit(self.selected_text())

    @Slot()
    def selectAll(self) -> None:
        """Select all of the code."""
        self.set_selection(0, len(self._lines.text))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        entries: list[Entry] = []
        if self.selected_text():
            entries.append((_("Copy"), self.copy))
        entries.append((_("Copy code"), self._on_copy))
        entries.append((_("Copy message"), lambda: self.acted.emit(Action.COPY, self.item)))
        open_menu(self, event.globalPos(), entries)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._code_rect().contains(event.position()):
            self._anchor = self.offset_at(event.position())
            self.set_selection(0, 0)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        inside = self._code_rect().contains(event.position())
        self.setCursor(Qt.CursorShape.IBeamCursor if inside else Qt.CursorShape.ArrowCursor)
        if event.buttons() & Qt.MouseButton.LeftButton:
            here = self.offset_at(event.position())
            self.set_selection(min(self._anchor, here), max(self._anchor, here))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the end of what began here."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.angleDelta()
        sideways = delta.x() or (delta.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0)
        if sideways and self._bar.isVisibleTo(self):
            self._bar.setValue(self._bar.value() - sideways)
            event.accept()
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._bar.isVisibleTo(self):
            step = self._bar.singleStep()
            self._bar.setValue(self._bar.value() + (step if event.key() == Qt.Key.Key_Right else -step))
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() not in PASSING_FOCUS:
            self.set_selection(0, 0)
        self.update()
        super().focusOutEvent(event)
