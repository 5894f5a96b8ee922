"""The list of sessions: a click or Enter opens one; headings are not rows, and an empty list says why."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop.i18n import _
from desktop.presenters.session_list import SessionRole
from desktop.ui.sidebar.delegate import Index, SessionDelegate
from desktop.ui.theme import Theme


class SessionView(QListView):
    """Selection and focus are the keyboard's; what is open is told by `set_open`."""

    chosen = Signal(str)
    """The id of the session to open."""
    menu_wanted = Signal(str, QPoint)
    """The id of the session under the pointer or the focus, and where on the screen."""

    entered = Signal()
    """A session was picked by the pointer or with Enter: the keyboard is wanted where messages are written."""

    confirmed = Signal(str)
    """The id of the row that Enter was pressed on."""
    pointed = Signal(bool)
    """Whether the pointer is over the list."""

    target_changed = Signal()
    """Another row, or none, is what Rename and Delete would mean."""

    def __init__(self, *, theme: Theme, model: QAbstractItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sessionList")
        self.setAccessibleName(_("Sessions"))
        self._delegate = SessionDelegate(theme=theme, parent=self)
        self.empty_text = ""
        # Python's own object: finding out what Qt's is costs nine milliseconds of the start.
        self.setViewport(QWidget())
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setTabKeyNavigation(False)
        self.clicked.connect(self._on_clicked)
        self.activated.connect(self._on_picked)

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._delegate.theme = theme
        self.viewport().update()

    def set_open(self, session_id: str) -> None:
        """Show which session the window shows; "" for one that is not stored yet."""
        self._delegate.open_id = session_id
        index = self._index_of(session_id)
        if index.isValid():
            self.setCurrentIndex(index)
        elif not session_id:
            self.selectionModel().clear()
        self.viewport().update()

    def current_id(self) -> str:
        """Return the id of the row that the keyboard is on, or ""."""
        found = self.currentIndex().data(SessionRole.ID)
        return str(found) if found else ""

    def rename(self, session_id: str) -> None:
        """Edit the title in place."""
        index = self._index_of(session_id)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
            self.edit(index)

    def set_empty_text(self, text: str) -> None:
        """Say this where there are no rows."""
        self.empty_text = text
        self.viewport().update()

    def _index_of(self, session_id: str) -> QModelIndex:
        if not session_id:
            return QModelIndex()
        flags = Qt.MatchFlag.MatchExactly
        found = self.model().match(self.model().index(0, 0), SessionRole.ID, session_id, 1, flags)
        return found[0] if found else QModelIndex()

    @Slot(QModelIndex)
    def _on_picked(self, index: QModelIndex) -> None:
        session_id = index.data(SessionRole.ID)
        if session_id and session_id != self._delegate.open_id:
            self.chosen.emit(session_id)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self._on_picked(index)
        self.entered.emit()

    # Qt's.

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.target_changed.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.target_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.target_changed.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._on_row(event.position().toPoint()):
            super().mousePressEvent(event)
        else:
            event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._on_row(event.position().toPoint()):
            super().mouseReleaseEvent(event)
        else:
            event.accept()

    def _on_row(self, at: QPoint) -> bool:
        index = self.indexAt(at)
        return index.isValid() and self._delegate.ground(self.visualRect(index), index).contains(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter and Space do the same on every platform; Qt's `activated` is a double click on some.
        keys = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if event.key() in keys and self.currentIndex().isValid() and self.state() != self.State.EditingState:
            self._on_picked(self.currentIndex())
            if event.key() != Qt.Key.Key_Space:  # with Space one looks through sessions and stays in the list
                self.entered.emit()
                self.confirmed.emit(self.current_id())
            event.accept()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if not index.isValid() or not (by_key or self._on_row(event.pos())):
            return
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        ground = self._delegate.ground(self.visualRect(index), index)
        at = self.viewport().mapToGlobal(ground.center()) if by_key else event.globalPos()
        self.menu_wanted.emit(str(index.data(SessionRole.ID)), at)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_delegate"):
            self._delegate.use_font(self.font())
            self.scheduleDelayedItemsLayout()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.empty_text and self.model() is not None and self.model().rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self._delegate.theme.colour("muted"))
            rect = self.viewport().rect().adjusted(20, 16, -20, 0)
            flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(rect, flags, self.empty_text)
