"""Where a link leads, at the foot of the transcript, while the pointer or the keyboard is on it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.domain.links import ascii_target
from desktop.ui.transcript.blocks.compose import NOTE
from desktop.ui.transcript.style import Style

_SHARE = 0.7


class TargetLabel(QWidget):
    """`show_target` with an address, or "" to go away. Painted as plain text, with its host in ASCII."""

    def __init__(self, *, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("linkTarget")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.text = ""
        self._style: Style | None = None
        self.hide()

    def show_target(self, target: str, style: Style) -> None:
        """Say where a link leads."""
        text = "" if target.startswith(NOTE) else ascii_target(target)
        if text == self.text and style is self._style:
            return
        self.text, self._style = text, style
        self.setVisible(bool(text))
        parent = self.parentWidget()
        if text and parent is not None:
            area, face = parent.rect(), style.small
            width = round(face.metrics.horizontalAdvance(text)) + style.px(18)
            height = face.line_height + style.px(4)
            self.setGeometry(0, area.bottom() - height + 1, min(width, round(area.width() * _SHARE)), height)
            self.raise_()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        style = self._style
        if style is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(style.colour("line"), 1))
        painter.setBrush(style.colour("card"))
        # Only the corner towards the text is round; the others lie outside.
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(-9.5, 0.5, -0.5, 9.5), 8, 8)
        painter.setFont(style.small.font)
        painter.setPen(style.colour("muted"))
        box = QRectF(self.rect()).adjusted(style.px(9), 0, -style.px(9), 0)
        shown = style.small.metrics.elidedText(self.text, Qt.TextElideMode.ElideMiddle, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
        painter.end()
