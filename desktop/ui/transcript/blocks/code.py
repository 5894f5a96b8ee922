"""A card of code: its language, Copy and Save, lines in one width, and a scroll bar of its own where they are long."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from desktop.domain.markdown_blocks import CodeFence
from desktop.i18n import _, ngettext
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.button import TextButton
from desktop.ui.transcript.blocks.code_lines import CodeLines
from desktop.ui.transcript.blocks.menu import Entry
from desktop.ui.transcript.blocks.sideways import BAR_PX, SidewaysBlock
from desktop.ui.transcript.highlight import MAX_CHARS
from desktop.ui.transcript.parts import FOLD_LINES, Part
from desktop.ui.transcript.siblings import whole_code
from desktop.ui.transcript.style import Style
from desktop.ui.transcript.workshop import Choice, Workshop

_HEAD_PX = 30
_PAD_X_PX = 13
_PAD_Y_PX = 10
_NAME_CHARS = 300
_FOOT_PX = 32
_COUNTED_LINES = 20
# While a fence grows it is coloured again each time it has grown by an eighth, so the work stays linear.
_REGROWTH = 1.125
_REGROWTH_CHARS = 240


class CodeBlock(SidewaysBlock):
    """Shows a code fence. The view gives it the workshop once."""

    save_wanted = Signal(str, str)

    def __init__(self, *, style: Style, parent: QWidget, workshop: Workshop) -> None:
        super().__init__(style=style, parent=parent, says=_("Scroll the code sideways"))
        self._workshop = workshop
        self._highlighter = workshop.highlighter
        self._lines = CodeLines(style)
        self._language = ""
        self._closed = True
        self._goes_on = False
        self._next_ask = 0
        self.copy_button = TextButton(_("Copy"), style=style, parent=self, icon="copy")
        self.copy_button.setAccessibleName(_("Copy code"))
        self.copy_button.clicked.connect(self._on_copy)
        self.save_button = TextButton(_("Save"), style=style, parent=self, icon="save")
        self.save_button.setAccessibleName(_("Save code as…"))
        self.save_button.clicked.connect(self._on_save)
        self.wrap_button = TextButton(_("Wrap"), style=style, parent=self)
        self.wrap_button.clicked.connect(self._on_wrap)
        self.fold_button = TextButton("", style=style, parent=self, icon="chevron-down")
        self.fold_button.clicked.connect(self._on_fold)
        self.fold_button.hide()
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

    def reveal(self, start: int, end: int) -> bool:
        limit = self._lines.limit
        if limit is not None and self._lines.text.count("\n", 0, start) >= limit:
            self._on_unfold()
            return True
        self.reveal_sideways(self._code_rect(), start, end)
        return False

    def forget(self) -> None:
        super().forget()
        self._lines = CodeLines(self.style_)
        self._next_ask = 0

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:
        block = part.block
        assert isinstance(block, CodeFence)
        px = self.style_.px
        room = width - 2 * px(_PAD_X_PX)
        wrapped = self._workshop.is_chosen(Choice.WRAPPED, item.key, part.index - block.part)
        cell = self.style_.code.metrics.horizontalAdvance("0")
        columns = max(8, int(room / cell)) if wrapped else 0
        lines = self._lines
        if lines.style is not self.style_ or lines.columns != columns or not block.text.startswith(lines.text):
            self._lines = CodeLines(self.style_, columns=columns)
            self._next_ask = 0
        self._language, self._closed, self._goes_on = block.language, not part.caret, block.part > 0
        kept = max(0, len(self._lines.lines) - 2)
        coloured = self._lines.colours
        self._lines.set_text(block.text)
        self._fold(part, item)
        self._colour()
        if kept and self._lines.colours is coloured:
            self.dirty_from = px(_HEAD_PX) + kept * self._lines.line_height
        left, top, _right, _bottom = self._inset
        beyond = round(self._lines.width - room) if not wrapped else 0
        height = px(_HEAD_PX) + 2 * px(_PAD_Y_PX) + self._lines.height
        bar = self.set_beyond(beyond + px(8) if beyond > 0 else 0, page=room)
        self.bar.setGeometry(left + px(6), top + height - px(2), width - px(12), px(BAR_PX))
        height += bar
        if not self.fold_button.isHidden():
            self.fold_button.set_style(self.style_)
            size = self.fold_button.sizeHint()
            at = top + height + (px(_FOOT_PX) - size.height()) // 2
            self.fold_button.setGeometry(left + px(_PAD_X_PX - 4), at, size.width(), size.height())
            height += px(_FOOT_PX)
        self._place_buttons(left + width - px(8), top, wrapped=wrapped, beyond=beyond > 0)
        language = block.language or _("code")
        self.setAccessibleName(_("Code, {language}: {text}").format(language=language, text=block.text[:_NAME_CHARS]))
        return height

    def _fold(self, part: Part, item: TranscriptItem) -> None:
        """Show the beginning of long code; what is seen growing is not taken away when it has ended."""
        count = self._lines.count
        if count > FOLD_LINES and part.caret:
            self._workshop.choose(Choice.UNFOLDED, item.key, part.index)
        folded = count > FOLD_LINES and not self._workshop.is_chosen(Choice.UNFOLDED, item.key, part.index)
        self._lines.limit = FOLD_LINES if folded else None
        self.fold_button.setVisible(count > FOLD_LINES and not part.caret)
        if folded:
            text = ngettext("Show all {count} lines", "Show all {count} lines", count).format(count=f"{count:,}")
        else:
            text = ngettext("Fold to {count} line", "Fold to {count} lines", FOLD_LINES).format(count=FOLD_LINES)
        self.fold_button.set_icon("chevron-down" if folded else "chevron-up")
        self.fold_button.setText(text)
        self.fold_button.setAccessibleName(text)

    def _place_buttons(self, right: int, top: int, *, wrapped: bool, beyond: bool) -> None:
        px = self.style_.px
        self.wrap_button.setVisible(wrapped or beyond)
        self.wrap_button.setText(_("Unwrap") if wrapped else _("Wrap"))
        self.wrap_button.setAccessibleName(_("Do not wrap lines") if wrapped else _("Wrap long lines"))
        for button in (self.save_button, self.copy_button, self.wrap_button):
            if button.isHidden():
                continue
            button.set_style(self.style_)
            size = button.sizeHint()
            right -= size.width()
            button.setGeometry(right, top + (px(_HEAD_PX) - size.height()) // 2, size.width(), size.height())
            right -= px(2)

    def _label(self) -> str:
        count = self._lines.count
        lines = ngettext("{count} line", "{count} lines", count).format(count=f"{count:,}")
        goes_on = _("continued") if self._goes_on else ""
        return " · ".join(filter(None, (self._language, goes_on, lines if count > _COUNTED_LINES else "")))

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
        bottom = px(_PAD_Y_PX) + (px(BAR_PX) if self.bar.isVisibleTo(self) else 0)
        bottom += px(_FOOT_PX) if self.fold_button.isVisibleTo(self) else 0
        return rect.adjusted(px(_PAD_X_PX), px(_HEAD_PX) + px(_PAD_Y_PX), -px(_PAD_X_PX), -bottom)

    def _code_origin(self) -> QPointF:
        return self._code_rect().topLeft() - QPointF(self.shift, 0)

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
        first = self.copy_button if self.wrap_button.isHidden() else self.wrap_button
        room = first.x() - head.left() - px(20)
        label = style.small.metrics.elidedText(self._label(), Qt.TextElideMode.ElideRight, max(0, room))
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

    @Slot()
    def _on_scrolled(self) -> None:
        self.update(self._code_rect().toAlignedRect().adjusted(-8, -4, 8, 4))

    # Taking

    def _whole(self) -> str:
        if self.item is None or self.part is None:
            return self._lines.text
        return whole_code(self.item, self.part.index) or self._lines.text

    def _on_copy(self) -> None:
        self.copied.emit(self._whole())

    def _on_save(self) -> None:
        self.save_wanted.emit(self._whole(), self._language)

    def _on_wrap(self) -> None:
        if self.item is not None and self.part is not None and isinstance(self.part.block, CodeFence):
            first = self.part.index - self.part.block.part
            wrapped = self._workshop.is_chosen(Choice.WRAPPED, self.item.key, first)
            self._workshop.choose(Choice.WRAPPED, self.item.key, first, chosen=not wrapped)
            self.lay_out_again()

    def _on_unfold(self) -> None:
        if self.item is not None and self.part is not None:
            self._workshop.choose(Choice.UNFOLDED, self.item.key, self.part.index)
            self.lay_out_again()

    def _on_fold(self) -> None:
        if self.item is not None and self.part is not None:
            self._workshop.choose(Choice.UNFOLDED, self.item.key, self.part.index, chosen=self._lines.limit is not None)
            self.lay_out_again()

    def entries(self, point: QPointF) -> list[Entry]:  # noqa: ARG002
        return [(_("Copy code"), self._on_copy)]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not event.buttons():
            inside = self._code_rect().contains(event.position())
            self.setCursor(Qt.CursorShape.IBeamCursor if inside else Qt.CursorShape.ArrowCursor)
        event.ignore()  # the area around selects
