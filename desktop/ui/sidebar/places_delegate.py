"""Paints one place: its icon or dot, its name, and how many sessions it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QWidget

from desktop.domain.one_line import one_line
from desktop.domain.organising import EVERYTHING, Place
from desktop.i18n import _
from desktop.presenters.figures import count_text
from desktop.presenters.places import Kind, PlaceRole, PlaceRow
from desktop.ui import icons
from desktop.ui.marks import mark_colour
from desktop.ui.theme import Theme, scaled_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionViewItem

Index = QModelIndex | QPersistentModelIndex
_INSET = 10
_PADDING = 10
_STEP = 14
_DEEPEST = 6
"""Folders that lie deeper are drawn no further in: their names would have no room."""
_ICON = 15
_DOT = 8
_RADIUS = 8
_SYMBOLS = {Kind.ALL: "message", Kind.FOLDER: "folder", Kind.SEARCH: "search", Kind.RESOLVED: "check"}


class PlacesDelegate(QStyledItemDelegate):
    """`chosen` is the place that the list of sessions shows; `target` the row that something would be dropped on."""

    def __init__(self, *, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._list = parent
        self.theme = theme
        self.chosen: Place = EVERYTHING
        self.target = -1
        self.use_font(parent.font())

    def use_font(self, font: QFont) -> None:
        """Take the sizes of another font."""
        self._font = scaled_font(font, 0.94)
        self._small = scaled_font(font, 0.8)
        self.row_height = max(28, QFontMetrics(font).height() + 11)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(120, self.row_height)

    def _ground(self, rect: QRect) -> QRect:
        return QRect(rect.left() + _INSET, rect.top() + 1, self._list.width() - 2 * _INSET, rect.height() - 2)

    def arrow(self, rect: QRect, row: PlaceRow) -> QRect:
        """Return where a folder is opened and closed."""
        ground = self._ground(rect)
        left = ground.left() + _indent(row) + _ICON
        return QRect(left, ground.top(), _STEP + 4, ground.height()) if row.has_children else QRect()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(PlaceRole.ROW)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = self._ground(rect)
        self._paint_ground(painter, ground, option, row, is_target=index.row() == self.target)
        left = ground.left() + _indent(row)
        middle = ground.center().y() + 1
        colour = mark_colour(self.theme, row.colour)
        if row.kind is Kind.TAG:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(QRectF(left + (_ICON - _DOT) / 2, middle - _DOT / 2, _DOT, _DOT))
        else:
            place = QRect(left, middle - _ICON // 2, _ICON, _ICON)
            icons.paint(painter, _SYMBOLS[row.kind], colour.name(), place)
        if row.has_children:
            arrow = self.arrow(rect, row)
            place = QRect(0, 0, 11, 11)
            place.moveCenter(arrow.center())
            icons.paint(painter, "chevron-down" if row.is_open else "chevron-right", self.theme.muted, place)
        text_left = left + _ICON + (_STEP + 4 if row.has_children else 8)
        count = count_text(row.count) if row.kind is not Kind.SEARCH and row.count else ""
        painter.setFont(self._small)
        painter.setPen(self.theme.colour("muted"))
        taken = QFontMetrics(self._small).horizontalAdvance(count)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(ground.adjusted(0, 0, -_PADDING, 0), right, count)
        room = QRect(text_left, ground.top(), ground.right() - _PADDING - taken - 8 - text_left, ground.height())
        painter.setFont(self._font)
        painter.setPen(self.theme.colour("ink"))
        name = one_line(f"#{row.name}" if row.kind is Kind.TAG else row.name)
        name = QFontMetrics(self._font).elidedText(name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, ground: QRect, option: QStyleOptionViewItem, row: PlaceRow, *, is_target: bool
    ) -> None:
        state: QStyle.StateFlag = option.state
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        is_chosen = row.place is not None and row.place == self.chosen
        fill = None
        if is_chosen:
            fill = self.theme.colour("selected")
        elif is_target or state & QStyle.StateFlag.State_MouseOver:
            fill = self.theme.colour("selected-side:45")
        if fill is None and not focused and not is_target:
            return
        ringed = focused or is_target
        painter.setBrush(fill or Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.theme.colour("accent"), 1.5) if ringed else QPen(Qt.PenStyle.NoPen))
        inset = 0.75 if ringed else 0
        painter.drawRoundedRect(QRectF(ground).adjusted(inset, inset, -inset, -inset), _RADIUS, _RADIUS)

    # Renaming in place.

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: ARG002
        editor = QLineEdit(parent)
        editor.setAccessibleName(_("New name"))
        editor.setMaxLength(100)
        editor.setFont(self._font)
        editor.setTextMargins(0, -4, 0, -4)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        # Qt asks for it again whenever the row changes: what was typed stays.
        if not (isinstance(editor, QLineEdit) and editor.isModified()):
            super().setEditorData(editor, index)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(PlaceRole.ROW)
        editor.setGeometry(self._ground(option.rect).adjusted(_indent(row) + _ICON, 0, 0, 0))


def _indent(row: PlaceRow) -> int:
    """Return how far in a row's icon stands."""
    return _PADDING + min(row.level, _DEEPEST) * _STEP
