"""Where the rows of the session list stand, without asking each of them.

Qt's list asks every row for its height whenever one changes: 270 ms for 20,000. All rows here are equally high but for
those that begin with the heading of a group, and of these there are few. So places are computed when they are wanted,
and a change costs the same however far one has scrolled.
"""

from bisect import bisect_left, bisect_right

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QCursor, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop.presenters.session_list import SessionListModel
from desktop.ui.sidebar.delegate import SessionDelegate
from desktop.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
Cursor = QAbstractItemView.CursorAction
Hint = QAbstractItemView.ScrollHint


class RowsView(QListView):
    """A list of sessions that counts instead of laying out; selection, dragging and editing are Qt's."""

    def __init__(self, *, theme: Theme, model: SessionListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sessions = model
        self._delegate = SessionDelegate(theme=theme, parent=self)

    def _top(self, row: int) -> int:
        """Return where a row begins, from the top of the first."""
        before = bisect_left(self._sessions.headings(), row)
        return row * self._delegate.pitch + before * self._delegate.heading

    def _row(self, y: int) -> int:
        """Return the row at a height, the first or the last beyond the ends; -1 in an empty list."""
        headings, delegate = self._sessions.headings(), self._delegate
        tops = [row * delegate.pitch + at * delegate.heading for at, row in enumerate(headings)]
        at = max(0, bisect_right(tops, y) - 1)
        if not headings:
            return -1
        end = headings[at + 1] if at + 1 < len(headings) else self._sessions.rowCount()
        return min(headings[at] + max(0, y - tops[at] - delegate.heading) // delegate.pitch, end - 1)

    def _height(self) -> int:
        return self._top(self._sessions.rowCount())

    # What Qt asks.

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid():
            return QRect()
        row = index.row()
        top = self._top(row)
        return QRect(0, top - self.verticalOffset(), self.viewport().width(), self._top(row + 1) - top)

    def indexAt(self, point: QPoint) -> QModelIndex:
        y = point.y() + self.verticalOffset()
        inside = 0 <= y < self._height() and 0 <= point.x() < self.viewport().width()
        return self._sessions.index(self._row(y)) if inside else QModelIndex()

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:
        return 0

    def isIndexHidden(self, index: Index) -> bool:  # noqa: ARG002
        return False

    def scrollTo(self, index: Index, hint: Hint = Hint.EnsureVisible) -> None:
        if not index.isValid():
            return
        self.updateGeometries()  # the bar may not know of rows that have just come
        rect, height, bar = self.visualRect(index), self.viewport().height(), self.verticalScrollBar()
        if hint == Hint.PositionAtCenter:
            bar.setValue(bar.value() + rect.center().y() - height // 2)
        elif rect.top() < 0 or hint == Hint.PositionAtTop:
            bar.setValue(bar.value() + rect.top())
        elif rect.bottom() >= height or hint == Hint.PositionAtBottom:
            bar.setValue(bar.value() + rect.bottom() + 1 - height)

    def moveCursor(self, action: Cursor, modifiers: Qt.KeyboardModifier) -> QModelIndex:  # noqa: ARG002
        row, last, height = self.currentIndex().row(), self._sessions.rowCount() - 1, self.viewport().height()
        if last < 0:
            return QModelIndex()
        match action:
            case Cursor.MoveUp | Cursor.MovePrevious | Cursor.MoveLeft:
                row -= 1
            case Cursor.MoveDown | Cursor.MoveNext | Cursor.MoveRight:
                row += 1
            case Cursor.MoveHome:
                row = 0
            case Cursor.MoveEnd:
                row = last
            case Cursor.MovePageUp:
                row = min(self._row(self._top(row) - height), row - 1)
            case Cursor.MovePageDown:
                row = max(self._row(self._top(row) + height), row + 1)
        return self._sessions.index(min(max(row, 0), last))

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        rect = rect.normalized().translated(0, self.verticalOffset())
        chosen = QItemSelection()
        if self._sessions.rowCount() and rect.bottom() >= 0 and rect.top() < self._height():
            first, last = (self._sessions.index(self._row(y)) for y in (rect.top(), rect.bottom()))
            chosen.select(first, last)
        self.selectionModel().select(chosen, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: ARG002
        return QRegion(self.viewport().rect())

    def doItemsLayout(self) -> None:
        QAbstractItemView.doItemsLayout(self)

    def updateGeometries(self) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setSingleStep(self._delegate.pitch // 2)
        bar.setPageStep(height)
        bar.setRange(0, max(0, self._height() - height))
        QAbstractItemView.updateGeometries(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        count = self._sessions.rowCount()
        if not count:
            return
        from PySide6.QtWidgets import QStyle, QStyleOptionViewItem  # five milliseconds that an empty list does not need

        offset, place = self.verticalOffset(), event.rect()
        viewport, selection = self.viewport(), self.selectionModel()
        pointed = self.indexAt(viewport.mapFromGlobal(QCursor.pos())) if viewport.underMouse() else QModelIndex()
        painter = QPainter(viewport)
        for row in range(self._row(place.top() + offset), min(self._row(place.bottom() + offset) + 1, count)):
            index = self._sessions.index(row)
            option = QStyleOptionViewItem()
            self.initViewItemOption(option)
            option.rect = self.visualRect(index)
            state = option.state & ~QStyle.StateFlag.State_HasFocus
            if selection.isSelected(index):
                state |= QStyle.StateFlag.State_Selected
            if index == pointed:
                state |= QStyle.StateFlag.State_MouseOver
            if index == self.currentIndex() and self.hasFocus():
                state |= QStyle.StateFlag.State_HasFocus
            option.state = state
            self._delegate.paint(painter, option, index)
        painter.end()
