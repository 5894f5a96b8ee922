"""How a section's name looks in the list on the left."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.ui.theme import scaled_font


class SectionDelegate(QStyledItemDelegate):
    """Paints rows like the sidebar: the current one bold on a ground, with a ring while the list has the focus."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        width = super().sizeHint(option, index).width()
        return QSize(int(width * 1.1) + 30, option.fontMetrics.height() + 15)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = option.palette
        row = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            ring = QPen(palette.color(QPalette.ColorRole.Highlight))
            painter.setPen(ring if focused else QPen(Qt.PenStyle.NoPen))
            painter.setBrush(palette.color(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), 8, 8)
            painter.setFont(scaled_font(option.font, 1.0, weight=QFont.Weight.DemiBold))
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, row.width() - 20)
        painter.drawText(row.adjusted(10, 0, -10, 0), Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()
