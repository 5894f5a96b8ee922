"""How a row of the model list looks: a group's name, or a model with its provider and its star."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.presenters.models import PickerRole, RowKind
from desktop.ui import icons
from desktop.ui.theme import scaled_font

PAD = 10
STAR = 0.95
"""Size of the star in heights of the text."""


def star_rect(row: QRect, direction: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight) -> QRect:
    """Return where a click is a click on the star: the row's end, a little larger than the star."""
    width = round(row.height() * 0.5) + 2 * PAD
    left = row.right() - width + 1 if direction == Qt.LayoutDirection.LeftToRight else row.left()
    return QRect(left, row.top(), width, row.height())


class PickerDelegate(QStyledItemDelegate):
    """Paints rows of one height; colours come from the palette, so a change of theme reaches them by itself."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, option.fontMetrics.height() + 14)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        kind = index.data(PickerRole.KIND)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if kind in (RowKind.HEADER, RowKind.NOTE):
            self._paint_words(painter, option, index, header=kind == RowKind.HEADER)
        else:
            self._paint_choice(painter, option, index)
        painter.restore()

    def _paint_words(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        *,
        header: bool,
    ) -> None:
        rect = option.rect.adjusted(PAD, 0, -PAD, -4 if header else 0)
        if header:
            painter.setFont(scaled_font(option.font, 0.86, weight=QFont.Weight.DemiBold))
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, rect.width())
        end = Qt.AlignmentFlag.AlignBottom if header else Qt.AlignmentFlag.AlignVCenter
        painter.drawText(rect, end | Qt.AlignmentFlag.AlignLeading | Qt.TextFlag.TextSingleLine, text)

    def _paint_choice(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        palette = option.palette
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(option.rect.adjusted(0, 1, 0, -1), 8, 8)
        is_model = index.data(PickerRole.KIND) == RowKind.MODEL
        rect = option.rect.adjusted(PAD, 0, -PAD, 0)
        if is_model:
            self._paint_star(painter, option, favourite=bool(index.data(PickerRole.FAVOURITE)))
            star = star_rect(option.rect, option.direction)
            if option.direction == Qt.LayoutDirection.LeftToRight:
                rect.setRight(star.left())
            else:
                rect.setLeft(star.right())
        side = Qt.TextFlag.TextSingleLine | Qt.AlignmentFlag.AlignVCenter
        provider = str(index.data(PickerRole.PROVIDER) or "")
        metrics = option.fontMetrics
        if provider:
            room = rect.width() * 2 // 5
            small = scaled_font(option.font, 0.86)
            painter.setFont(small)
            provider = painter.fontMetrics().elidedText(provider, Qt.TextElideMode.ElideRight, room)
            width = painter.fontMetrics().horizontalAdvance(provider)
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(rect, side | Qt.AlignmentFlag.AlignTrailing, provider)
            if option.direction == Qt.LayoutDirection.LeftToRight:
                rect.setRight(rect.right() - width - PAD)
            else:
                rect.setLeft(rect.left() + width + PAD)
        painter.setFont(option.font)
        painter.setPen(palette.color(QPalette.ColorRole.Text if is_model else QPalette.ColorRole.Link))
        text = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, rect.width())
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignLeading, text)

    def _paint_star(self, painter: QPainter, option: QStyleOptionViewItem, *, favourite: bool) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if not favourite and not selected:
            return
        place = star_rect(option.rect, option.direction)
        role = QPalette.ColorRole.Link if favourite else QPalette.ColorRole.PlaceholderText
        size = round(option.fontMetrics.height() * STAR)
        square = QRect(0, 0, size, size)
        square.moveCenter(place.center())
        icons.paint(painter, "star-filled" if favourite else "star", option.palette.color(role).name(), square)
