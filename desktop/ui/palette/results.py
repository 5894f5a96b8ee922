"""The rows of the palette as they look: a title, below it what is meant, at the right when or what kind."""

from typing import Any, TypeAlias

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.i18n import _
from desktop.presenters.palette_rows import PaletteListModel, PaletteRole, PaletteRow
from desktop.ui.palette.line import paint_line
from desktop.ui.theme import Theme, scaled_font

Index: TypeAlias = QModelIndex | QPersistentModelIndex
_BAR = 3
_LEFT, _RIGHT, _GAP = 21, 18, 12
_BETWEEN = 6
"""From the title to the line below it."""
_AROUND = 12
# Put together once: flags are added up in Python, for each row that is painted.
_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_LEFT_END, _RIGHT_END = Qt.AlignmentFlag.AlignLeft | _LINE, Qt.AlignmentFlag.AlignRight | _LINE


class ResultDelegate(QStyledItemDelegate):
    """Paints rows in a theme; heights follow the font."""

    def __init__(self, *, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.use_font(parent.font())

    def use_font(self, font: QFont) -> None:
        """Take the sizes of another font."""
        self._title = scaled_font(font, 1.0, weight=QFont.Weight.DemiBold)
        self._found = scaled_font(font, 1.0, weight=QFont.Weight.DemiBold)
        self._detail = scaled_font(font, 0.94)
        self._match = scaled_font(font, 0.94, weight=QFont.Weight.Bold)
        self._side = scaled_font(font, 0.84)
        self._side_metrics = QFontMetrics(self._side)
        self._title_height = QFontMetrics(self._title).height()
        self._detail_height = QFontMetrics(self._detail).height()

    def row_height(self, row: PaletteRow | None) -> int:
        """Return how high a row is; one that follows in its session has the lower line alone."""
        if row is not None and row.follows:
            return self._detail_height + _AROUND
        return self._title_height + _BETWEEN + self._detail_height + 2 * _AROUND - 3

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(100, self.row_height(index.data(PaletteRole.ROW)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: PaletteRow | None = index.data(PaletteRole.ROW)
        if row is None:
            return
        rect: QRect = option.rect
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(rect, self.theme.colour("selected" if is_current else "card"))
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        if is_current:
            bar = QRect(rect.right() - _BAR + 1 if mirrored else rect.left(), rect.top(), _BAR, rect.height())
            painter.fillRect(bar, self.theme.colour("accent"))
        inner = rect.adjusted(_LEFT, 0, -_RIGHT, 0)
        if row.follows:
            self._paint_detail(painter, inner, row, option, is_current=is_current)
        else:
            top = rect.top() + _AROUND - 1
            upper = QRect(inner.left(), top, inner.width(), self._title_height)
            taken = self._paint_side(painter, upper, row, option, is_current=is_current)
            room = upper.adjusted(taken if mirrored else 0, 0, 0 if mirrored else -taken, 0)
            paint_line(
                painter,
                room,
                row.title,
                font=self._title,
                colour=self.theme.colour("ink"),
                marks=row.title_marks,
                mark_font=self._found,
                mark_colour=self.theme.colour("accent"),
                direction=option.direction,
            )
            lower = QRect(inner.left(), upper.bottom() + 1 + _BETWEEN, inner.width(), self._detail_height)
            self._paint_detail(painter, lower, row, option, is_current=is_current)
        painter.restore()

    def _paint_detail(
        self, painter: QPainter, rect: QRect, row: PaletteRow, option: QStyleOptionViewItem, *, is_current: bool
    ) -> None:
        paint_line(
            painter,
            rect,
            row.detail,
            font=self._detail,
            colour=self._quiet(is_current=is_current),
            marks=row.detail_marks,
            mark_font=self._match,
            mark_colour=self.theme.colour("accent"),
            direction=option.direction,
        )

    def _paint_side(
        self, painter: QPainter, rect: QRect, row: PaletteRow, option: QStyleOptionViewItem, *, is_current: bool
    ) -> int:
        """Paint the kind or the time, and before it the keys; return the width they take."""
        text = f"{row.shortcut}   {row.side}" if row.shortcut else row.side
        if not text:
            return 0
        painter.setFont(self._side)
        painter.setPen(self._quiet(is_current=is_current))
        painter.drawText(rect, _LEFT_END if option.direction == Qt.LayoutDirection.RightToLeft else _RIGHT_END, text)
        return self._side_metrics.horizontalAdvance(text) + _GAP

    def _quiet(self, *, is_current: bool) -> Any:
        """Return the colour of what is said quietly; on the ground of the current row a little darker."""
        return self.theme.colour("muted-ink:80" if is_current else "muted")


class ResultsView(QListView):
    """`ResultsView(theme=…, model=…)`: the keyboard stays in the field, so it is told where to go."""

    picked = Signal(int)

    def __init__(self, *, theme: Theme, model: PaletteListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paletteRows")
        self.setAccessibleName(_("Results"))
        self._rows = model
        self.delegate = ResultDelegate(theme=theme, parent=self)
        self.setModel(model)
        self.setItemDelegate(self.delegate)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # What lies below the palette is not painted with each letter that is typed.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._has_moved = False

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self.delegate.theme = theme
        self.viewport().update()

    def wanted_height(self, most: int) -> int:
        """Return how high the rows are, but no more than `most`."""
        height = 0
        for row in self._rows.rows():
            height += self.delegate.row_height(row)
            if height >= most:
                return most
        return height

    def begin(self) -> None:
        """Stand at the first row until somebody goes elsewhere."""
        self._has_moved = False
        self.settle()

    def settle(self) -> None:
        """Stand at a row that is there: the first, or where somebody went."""
        if not self._has_moved or not self.currentIndex().isValid():
            self._has_moved = False
            self.setCurrentIndex(self._rows.index(0))
            self.scrollToTop()

    def step(self, by: int) -> None:
        """Go so many rows on, and stop at the ends."""
        count = self._rows.rowCount()
        if count:
            self._has_moved = True
            self.setCurrentIndex(self._rows.index(max(0, min(count - 1, self.currentIndex().row() + by))))

    def page(self) -> int:
        """Return how many rows are in sight."""
        row = self.sizeHintForRow(max(0, self.currentIndex().row()))
        return max(1, self.viewport().height() // row - 1) if row > 0 else 1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave the choice to the release, as menus do."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index != self.currentIndex():
            self._has_moved = True
            self.setCurrentIndex(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.picked.emit(index.row())

    def paintEvent(self, event: QPaintEvent) -> None:
        below = event.rect()
        below.setTop(self.visualRect(self._rows.index(self._rows.rowCount() - 1)).bottom() + 1)
        if below.height() > 0:  # each row paints its own ground
            painter = QPainter(self.viewport())
            painter.fillRect(below, self.delegate.theme.colour("card"))
            painter.end()
        super().paintEvent(event)
