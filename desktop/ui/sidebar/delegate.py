"""Paints one session: its title, its time at the right, and above the first of a group the group's heading."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QWidget

from desktop.domain.one_line import one_line
from desktop.i18n import _
from desktop.presenters.session_list import SessionRole
from desktop.ui import icons
from desktop.ui.theme import Theme, scaled_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyle, QStyleOptionViewItem  # five milliseconds that an empty list does not need

Index: TypeAlias = QModelIndex | QPersistentModelIndex
_INSET = 10
_PADDING = 10
_GAP = 8
_DOT = 7
_CHECK = 13
_RADIUS = 8


class SessionDelegate(QStyledItemDelegate):
    """Rows are as high as the font asks for; `open_id` is the session that the window shows."""

    def __init__(self, *, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._list = parent
        self.theme = theme
        self.open_id = ""
        self.everything: tuple[str, ...] = ()
        """All are selected, also those that are loaded later."""
        self.several = False
        """More than one is selected, which has to be plain to see."""
        self._font = QFont()
        self.use_font(parent.font())

    def use_font(self, font: QFont) -> None:
        """Take the sizes of another font."""
        self._font = scaled_font(font, 0.94)
        self._bold = scaled_font(font, 0.94, weight=QFont.Weight.Bold)
        self._small = scaled_font(font, 0.8)
        self._heading = scaled_font(font, 0.8, weight=QFont.Weight.DemiBold)
        self._row_height = max(32, QFontMetrics(font).height() + 15)
        self.pitch = self._row_height + 8
        self.heading = QFontMetrics(self._heading).height() + 21

    def heading_height(self, index: Index) -> int:
        """Return how much of a row's top belongs to its group's heading."""
        return self.heading if index.data(SessionRole.GROUP) else 0

    def ground(self, rect: QRect, index: Index) -> QRect:
        """Return the part of a row that is the session itself."""
        top = rect.top() + self.heading_height(index) + 4
        # As wide as the whole list, so that rows keep their width when the scroll bar comes: it fits in the inset.
        return QRect(rect.left() + _INSET, top, self._list.width() - 2 * _INSET, self._row_height)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(120, self.heading_height(index) + self.pitch)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        ground = self.ground(rect, index)
        if heading := index.data(SessionRole.GROUP):
            self._paint_heading(painter, QRect(ground.left(), rect.top(), ground.width(), self.heading), heading)
        is_open = bool(self.open_id) and index.data(SessionRole.ID) == self.open_id
        self._paint_ground(painter, ground, state, is_open=is_open)
        inner = ground.adjusted(_PADDING, 0, -_PADDING, 0)
        unread = bool(index.data(SessionRole.UNREAD))
        taken = self._paint_right(painter, inner, index, unread=unread, quiet="muted-ink:70" if is_open else "muted")
        font = self._bold if is_open or unread else self._font
        painter.setFont(font)
        painter.setPen(self.theme.colour("ink"))
        room = inner.adjusted(0, 0, -taken - _GAP, 0)
        title = QFontMetrics(font).elidedText(
            one_line(str(index.data(Qt.ItemDataRole.DisplayRole))), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        painter.restore()

    def _paint_heading(self, painter: QPainter, rect: QRect, text: str) -> None:
        painter.setFont(self._heading)
        painter.setPen(self.theme.colour("muted"))
        where = rect.adjusted(_PADDING, 8, -_PADDING, 0)
        painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _paint_ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag, *, is_open: bool) -> None:
        from PySide6.QtWidgets import QStyle

        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill: QColor | None = None
        if self.everything or (self.several and state & QStyle.StateFlag.State_Selected):
            fill = self.theme.colour("accent-side:16")
        elif is_open:
            fill = self.theme.colour("selected")
        elif state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected):
            fill = self.theme.colour("selected-side:45")
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if fill is None and not focused:
            return
        painter.setBrush(fill or Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self.theme.colour("accent"), 1.5) if focused else QPen(Qt.PenStyle.NoPen))
        inset = 0.75 if focused else 0
        painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), _RADIUS, _RADIUS)

    def _paint_right(self, painter: QPainter, rect: QRect, index: Index, *, unread: bool, quiet: str) -> int:
        """Paint the time, or what becomes or became of the last answer; return the width it took."""
        running, writing = (bool(index.data(SessionRole.RUNNING)), bool(index.data(SessionRole.WRITING)))
        trouble = str(index.data(SessionRole.TROUBLE) or "")
        text = (_("writing") if writing else _("waiting")) if running else trouble or str(index.data(SessionRole.WHEN))
        painter.setFont(self._small)
        painter.setPen(self.theme.colour("accent" if writing else quiet if running or not trouble else "warn"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)
        taken = QFontMetrics(self._small).horizontalAdvance(text)
        if index.data(SessionRole.RESOLVED):
            place = QRect(rect.right() - taken - _CHECK - 5, rect.center().y() - _CHECK // 2 + 1, _CHECK, _CHECK)
            icons.paint(painter, "check", self.theme.ok, place)
            taken += _CHECK + 6
        if running or unread:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.colour("muted" if running and not writing else "accent"))
            left = rect.right() - taken - _DOT - 5
            painter.drawEllipse(QRectF(left, rect.center().y() - _DOT / 2 + 0.5, _DOT, _DOT))
            taken += _DOT + 6
        return taken

    # Renaming in place.

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:  # noqa: ARG002
        editor = QLineEdit(parent)
        editor.setAccessibleName(_("New title"))
        editor.setMaxLength(500)
        editor.setFont(self._font)
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        # Qt asks for it again whenever the row changes: what was typed stays.
        if not (isinstance(editor, QLineEdit) and editor.isModified()):
            super().setEditorData(editor, index)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        editor.setGeometry(self.ground(rect, index))
