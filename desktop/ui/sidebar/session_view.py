"""The list of sessions: a click or Enter opens one; headings are not rows, and an empty list says why."""

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from desktop.i18n import _
from desktop.presenters.session_list import SessionListModel, SessionRole
from desktop.ui.sidebar.rows import Index, RowsView
from desktop.ui.theme import Theme


class SessionView(RowsView):
    """Selection and focus are the keyboard's; what is open is told by `set_open`.

    A plain click opens; with Shift or Ctrl it selects. When the pointer moves with sessions their files are prepared
    (`drag_wanted`, `let_go`), so that the drag (`begin_drag`) can take them out of the window.
    """

    chosen = Signal(str)
    """The id of the session to open."""
    menu_wanted = Signal(QPoint)
    """Where on the screen, for what is selected."""

    entered = Signal()
    """A session was picked by the pointer or with Enter: the keyboard is wanted where messages are written."""

    confirmed = Signal(str)
    """The id of the row that Enter was pressed on."""
    pointed = Signal(bool)
    """Whether the pointer is over the list."""

    target_changed = Signal()
    """Other rows, or none, are what Rename and Delete would mean."""
    everything_wanted = Signal()
    """All that is loaded was selected, and there is more."""
    escaped = Signal()
    """Escape, with no more than one session selected."""
    let_go = Signal()
    """The button is up again."""
    drag_wanted = Signal(object)
    """The pointer has moved far enough with sessions (ids): `begin_drag` is called as soon as their files are there."""

    def __init__(self, *, theme: Theme, model: SessionListModel, parent: QWidget | None = None) -> None:
        super().__init__(theme=theme, model=model, parent=parent)
        self._everything: tuple[str, ...] = ()
        self._modifiers = Qt.KeyboardModifier.NoModifier
        self._is_down = self._drags = False
        # Once a turn of the loop: of a thousand rows that leave, each tells that other rows are selected.
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.timeout.connect(self.target_changed)
        self.setObjectName("sessionList")
        self.setAccessibleName(_("Sessions"))
        self.empty_text = ""
        # Python's own object: finding out what Qt's is costs nine milliseconds of the start.
        self.setViewport(QWidget())
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setTabKeyNavigation(False)
        self.clicked.connect(self._on_clicked)
        self.activated.connect(self._on_picked)

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._delegate.theme = theme
        self.viewport().update()

    def set_open(self, session_id: str) -> None:
        """Show which session the window shows; "" for one that is not stored yet."""
        if session_id == self._delegate.open_id and self.current_id():
            return  # told again: what is selected meanwhile stays selected
        self._delegate.open_id = session_id
        index = self._index_of(session_id)
        if index.isValid():
            self.setCurrentIndex(index)
        elif not session_id:
            self.selectionModel().clear()
        self.viewport().update()

    def selected_ids(self) -> tuple[str, ...]:
        """Return the ids of what is selected, from above."""
        if self._everything:
            return self._everything
        return self._sessions.ids(self._selected_rows())

    def _selected_rows(self) -> list[tuple[int, int]]:
        """Return the ranges of rows that are selected: as many as there are gaps, however many rows that are."""
        parts = self.selectionModel().selection()
        return [(parts.at(at).top(), parts.at(at).bottom()) for at in range(parts.count())]

    def select_everything(self, ids: tuple[str, ...]) -> None:
        """Select these, which are all there are, whether their rows are loaded or not."""
        super().selectAll()
        self._everything = self._delegate.everything = ids
        self.viewport().update()
        self.target_changed.emit()

    @Slot()
    def forget_everything(self) -> None:
        """Mean no more than the rows that are selected: what is listed is to be another."""
        if self._everything:
            self._everything = self._delegate.everything = ()
            self.viewport().update()
            self.target_changed.emit()

    def selectAll(self) -> None:
        """Select all that is loaded, and offer the rest."""
        super().selectAll()
        if self._sessions.has_more:
            self.everything_wanted.emit()

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
        at = self._sessions.row_of(session_id)
        return self._sessions.index(at) if at >= 0 else QModelIndex()

    @Slot(QModelIndex)
    def _on_picked(self, index: QModelIndex) -> None:
        session_id = index.data(SessionRole.ID)
        if session_id and session_id != self._delegate.open_id:
            self.chosen.emit(session_id)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        if not self._modifiers & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier):
            self._on_picked(index)
            self.entered.emit()

    @Slot()
    def begin_drag(self) -> None:
        """Let what is selected be dragged, unless the button was let go meanwhile."""
        if self._drags and self._is_down:
            self._sessions.dragged = self.selected_ids()
            super().startDrag(self._sessions.supportedDragActions())
            self._is_down = False
        self._drags = False

    # Qt's.

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self._telling.start(0)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self._everything = self._delegate.everything = ()
        parts = self.selectionModel().selection()
        self._delegate.several = parts.count() > 1 or (parts.count() == 1 and parts.at(0).height() > 1)
        self.viewport().update()
        self._telling.start(0)

    def startDrag(self, actions: Qt.DropAction) -> None:  # noqa: ARG002
        if not self._drags:
            self._drags = True
            self.drag_wanted.emit(self.selected_ids())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._telling.start(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._telling.start(0)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.pointed.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._modifiers = event.modifiers()
        if not self._on_row(event.position().toPoint()):
            event.accept()
            return
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.dragEnabled():
            self._is_down = True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drags:
            event.accept()  # what is dragged waits for its files; to Qt the pointer would mark a range meanwhile
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._is_down and event.button() == Qt.MouseButton.LeftButton:
            self._is_down = self._drags = False
            self.let_go.emit()
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
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier  # with which Space selects a row more
        at_rest = self.currentIndex().isValid() and self.state() != self.State.EditingState
        if event.key() in keys and plain and at_rest:
            self._on_picked(self.currentIndex())
            if event.key() != Qt.Key.Key_Space:  # with Space one looks through sessions and stays in the list
                self.entered.emit()
                self.confirmed.emit(self.current_id())
            event.accept()
        elif event.key() == Qt.Key.Key_Escape and self.state() != self.State.EditingState:
            if self._delegate.several or self._everything:
                self.selectionModel().select(self.currentIndex(), QItemSelectionModel.SelectionFlag.ClearAndSelect)
            else:
                self.escaped.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if not index.isValid() or not (by_key or self._on_row(event.pos())):
            return
        if not self.selectionModel().isSelected(index):
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        ground = self._delegate.ground(self.visualRect(index), index)
        at = self.viewport().mapToGlobal(ground.center()) if by_key else event.globalPos()
        self.menu_wanted.emit(at)

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
