"""The pill that says there is new text below, while the reader is reading further up."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop.i18n import _
from desktop.ui.transcript.style import Style


class Pill(QAbstractButton):
    """A click brings the reader to the end, where the view follows again."""

    def __init__(self, *, style: Style, parent: QWidget) -> None:
        super().__init__(parent)
        self._style = style
        self._area = QRect()
        self.setObjectName("newText")
        self.setText(_("↓ New text"))
        self.setAccessibleName(_("New text below: go to the end"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it is
        self.hide()

    def set_style(self, style: Style) -> None:
        """Take another theme or zoom."""
        self._style = style
        self.update()

    def stand_in(self, area: QRect) -> None:
        """Stand at the bottom of the viewport, which takes up this part of the parent."""
        self._area = area
        if self.isVisible():
            self._stand()

    def show_in_place(self) -> None:
        """Appear, if it is not there already."""
        if not self.isVisible():
            self._stand()
            self.show()
            self.raise_()

    def _stand(self) -> None:
        size, area = self.sizeHint(), self._area
        x = area.left() + (area.width() - size.width()) // 2
        self.setGeometry(x, area.bottom() - size.height() - 12, size.width(), size.height())

    def sizeHint(self) -> QSize:
        face = self._style.small
        return QSize(round(face.metrics.horizontalAdvance(self.text())) + self._style.px(28), self._style.px(30))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        style = self._style
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(style.colour("accent" if self.hasFocus() or self.underMouse() else "line"), 1))
        painter.setBrush(style.colour("card"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setFont(style.small.font)
        painter.setPen(style.colour("ink"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
