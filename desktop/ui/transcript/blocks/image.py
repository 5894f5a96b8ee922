"""An image that stands alone, as a card: what it shows by its author's words, and where it is. Nothing is fetched.

A click asks for the address to be opened in the browser, as a link would be. What is not on the web is never opened.
"""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from desktop.domain.markdown_blocks import Image
from desktop.i18n import _
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui import icons
from desktop.ui.transcript.blocks.menu import Entry
from desktop.ui.transcript.blocks.pressing import PressedBlock
from desktop.ui.transcript.parts import Part
from desktop.ui.transcript.style import Face, Style

_PAD_PX = 12
_ICON_PX = 20
_NAME_CHARS = 300


class ImageBlock(PressedBlock):
    """Icon, alternative text, address, and what a click does."""

    def __init__(self, *, style: Style, parent: QWidget) -> None:
        super().__init__(style=style, parent=parent)
        self._image = Image("")

    @property
    def target(self) -> str:
        """Where a click leads; "" where it must not lead anywhere."""
        wanted = self._image.link or self._image.address
        return wanted if wanted.lower().startswith(("http://", "https://")) else ""

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:  # noqa: ARG002
        assert isinstance(part.block, Image)
        self._image = part.block
        # Both, or a person without a mouse could not open it.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self.target else Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor if self.target else Qt.CursorShape.ArrowCursor)
        name = _("Image: {text}").format(text=", ".join(filter(None, (self._image.text, self._image.address))))
        self.setAccessibleName(name[:_NAME_CHARS])
        style = self.style_
        return 2 * style.px(_PAD_PX) + style.text.line_height + 2 * style.small.line_height

    def _lines(self) -> tuple[tuple[str, Face, str], ...]:
        style = self.style_
        hint = _("Not loaded. Click to open it in the browser.") if self.target else _("Not loaded.")
        return (
            (" ".join(self._image.text.split()) or _("Image"), style.text, "ink"),
            (self._image.address, style.small, "accent" if self.target else "muted"),
            (hint, style.small, "muted"),
        )

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:  # noqa: ARG002
        style, px = self.style_, self.style_.px
        marked = any(start < end for start, end in (self.selection, *self.hits))
        painter.setPen(QPen(style.colour("accent" if self.hasFocus() or marked else "line"), 1))
        painter.setBrush(style.colour("card"))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), px(10), px(10))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        side = px(_ICON_PX)
        x, y = rect.left() + px(_PAD_PX), rect.top() + px(_PAD_PX)
        box = QRect(round(x), round(y), side, side)
        icons.paint(painter, "globe" if self.target else "file", style.theme.hex("muted"), box)
        x += side + px(10)
        room = rect.right() - px(_PAD_PX) - x
        for text, face, colour in self._lines():
            painter.setFont(face.font)
            painter.setPen(style.colour(colour))
            shown = face.metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room)
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
            painter.drawText(QRectF(x, y, room, face.line_height), flags, shown)
            y += face.line_height

    def offset_at(self, point: QPointF) -> int:
        return len(self.shown_text()) if point.x() > self.content_rect().center().x() else 0

    def link_at(self, point: QPointF) -> str:
        return self.target if self.content_rect().contains(point) else ""

    def entries(self, point: QPointF) -> list[Entry]:  # noqa: ARG002
        address = self._image.address
        return [(_("Copy image address"), lambda: self.copied.emit(address))]

    def press_rect(self) -> QRectF:
        return self.content_rect()

    def press(self) -> None:
        if self.target:
            self.link_activated.emit(self.target)
