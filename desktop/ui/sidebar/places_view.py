"""The list of places above the sessions: folders, saved searches and tags, as high as it needs to be and no higher."""

from PySide6.QtCore import QEvent, QMimeData, QModelIndex, QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop.domain.organising import Place
from desktop.i18n import _
from desktop.presenters.places import FOLDER_MIME, Kind, PlaceRow, PlacesListModel
from desktop.ui.sidebar.places_delegate import PlacesDelegate
from desktop.ui.theme import Theme

SHARE = 0.4
"""How much of the sidebar the places may take; the rest scrolls."""
_EDGE = 0.28
"""The part of a row, from above and from below, where a folder falls between rows and not into one."""


class PlacesView(QListView):
    """A click or Enter chooses a place; the arrows right and left open and close folders."""

    chosen = Signal(object)
    """The `PlaceRow` to show."""
    menu_wanted = Signal(object, QPoint)
    """The `PlaceRow` under the pointer or the keyboard, and where on the screen."""
    remove_wanted = Signal(object)
    left = Signal()
    """The keyboard is wanted back where sessions are."""

    def __init__(self, *, theme: Theme, model: PlacesListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("placesList")
        self.setAccessibleName(_("Folders, searches and tags"))
        self._places = model
        self._delegate = PlacesDelegate(theme=theme, parent=self)
        self._line = -1  # the y of the line between rows where a folder would fall
        self._most = 200
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setTabKeyNavigation(False)
        self.clicked.connect(self._on_clicked)
        model.rowsInserted.connect(self._fit)
        model.rowsRemoved.connect(self._fit)
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._delegate.theme = theme
        self.viewport().update()

    def set_chosen(self, place: Place) -> None:
        """Show which place the list of sessions shows."""
        self._delegate.chosen = place
        self.viewport().update()

    def set_room(self, height: int) -> None:
        """Take no more than its share of `height`."""
        self._most = round(height * SHARE)
        self._fit()

    @Slot()
    def _fit(self) -> None:
        count = self._places.rowCount()
        height = max(1, min(count * self._delegate.row_height, self._most))
        if height != self.maximumHeight():  # the whole sidebar is laid out again for it
            self.setFixedHeight(height)
        self.setVisible(count > 0)

    def rename(self, index: QModelIndex) -> None:
        """Edit a name in place."""
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.setCurrentIndex(index)
            self.scrollTo(index)
            self.edit(index)

    def current_row(self) -> PlaceRow | None:
        """Return what the keyboard is on."""
        return self._places.row(self.currentIndex())

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        if (row := self._places.row(index)) is not None:
            self.chosen.emit(row)

    # Qt's.

    def sizeHint(self) -> QSize:
        return QSize(200, self.minimumHeight())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        row = self._places.row(index)
        if row is not None and row.has_children:
            arrow = self._delegate.arrow(self.visualRect(index), row)
            if arrow.contains(event.position().toPoint()):
                self._places.set_open(row.number, open_=not row.is_open)
                event.accept()
                return
        super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep F2 for the place that the keyboard is on: in the window it renames the session."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            index = self.currentIndex()
            if event.key() == Qt.Key.Key_F2 and index.flags() & Qt.ItemFlag.ItemIsEditable:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current_row()
        if self.state() == self.State.EditingState or row is None:
            super().keyPressEvent(event)
            return
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self.chosen.emit(row)
            case Qt.Key.Key_Right if row.has_children and not row.is_open:
                self._places.set_open(row.number, open_=True)
            case Qt.Key.Key_Left if row.has_children and row.is_open:
                self._places.set_open(row.number, open_=False)
            case Qt.Key.Key_Left if row.kind is Kind.FOLDER and row.parent is not None:
                self.setCurrentIndex(self._places.find(Kind.FOLDER, row.parent))
            case Qt.Key.Key_F2:
                self.rename(self.currentIndex())
            case Qt.Key.Key_Delete:
                self.remove_wanted.emit(row)
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)
                return
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        row = self._places.row(index)
        if row is not None:
            self.setCurrentIndex(index)
            at = self.viewport().mapToGlobal(self.visualRect(index).center()) if by_key else event.globalPos()
            self.menu_wanted.emit(row, at)

    # What is dragged over it. Qt's own dropping would move rows that are the database's to move.

    def _target(self, at: QPoint, data: QMimeData) -> tuple[int, QModelIndex, int] | None:
        """Return the row before which something falls and the row that it falls on, as Qt counts them, and the line."""
        index = self.indexAt(at)
        if index.isValid() and data.hasFormat(FOLDER_MIME):
            rect = self.visualRect(index)
            share = (at.y() - rect.top()) / max(1, rect.height())
            for is_edge, row, line in (
                (share < _EDGE, index.row(), rect.top()),
                (share > 1 - _EDGE, index.row() + 1, rect.bottom() + 1),
            ):
                if is_edge and self._may(data, row, QModelIndex()):
                    return row, QModelIndex(), line
        return (-1, index, -1) if index.isValid() and self._may(data, -1, index) else None

    def _may(self, data: QMimeData, row: int, parent: QModelIndex) -> bool:
        return self._places.canDropMimeData(data, Qt.DropAction.MoveAction, row, 0, parent)

    def _mark(self, row: int, line: int) -> None:
        self._delegate.target, self._line = row, line
        self.viewport().update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragMoveEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        found = self._target(event.position().toPoint(), event.mimeData())
        self._mark(found[1].row() if found else -1, found[2] if found else -1)
        event.setDropAction(Qt.DropAction.MoveAction)
        event.setAccepted(found is not None or isinstance(event, QDragEnterEvent))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._mark(-1, -1)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        found = self._target(event.position().toPoint(), event.mimeData())
        self._mark(-1, -1)
        self.setState(self.State.NoState)
        if found is not None:
            row, parent, _line = found
            self._places.dropMimeData(event.mimeData(), Qt.DropAction.MoveAction, row, 0, parent)
            event.setDropAction(Qt.DropAction.MoveAction)
            event.accept()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_delegate"):
            self._delegate.use_font(self.font())
            self.scheduleDelayedItemsLayout()
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._line >= 0:
            painter = QPainter(self.viewport())
            painter.setPen(QPen(self._delegate.theme.colour("accent"), 2))
            painter.drawLine(16, self._line, self.viewport().width() - 16, self._line)
