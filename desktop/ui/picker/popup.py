"""The list of models: a field that narrows it, and rows in groups. The keyboard never has to leave the field."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.presenters.models import ModelsPresenter, PickerRole, RowKind
from desktop.ui.parts import label
from desktop.ui.picker.delegate import PickerDelegate, star_rect
from desktop.ui.theme import scaled_font

WIDTH_EM = 24
ROWS_SHOWN = 12
STAR_KEY = Qt.Key.Key_D
"""With Ctrl: the key that browsers use for bookmarks."""


class PickerList(QListView):
    """The rows; a click on a star is not a click on its row."""

    starred = Signal(QModelIndex)
    picked = Signal(QModelIndex)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Leave the choice to the release, as menus do."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the row, or give it its star."""
        place = event.position().toPoint()
        index = self.indexAt(place)
        if event.button() != Qt.MouseButton.LeftButton or not index.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        is_model = index.data(PickerRole.KIND) == RowKind.MODEL
        if is_model and star_rect(self.visualRect(index), self.layoutDirection()).contains(place):
            self.starred.emit(index)
        else:
            self.picked.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let the row under the pointer be the current one, as in a menu."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.setCurrentIndex(index)


class PickerPopup(QFrame):
    """`PickerPopup(presenter=ModelsPresenter, parent=…)`; `open_at` shows it."""

    chosen = Signal(str)
    provider_wanted = Signal()

    def __init__(self, *, presenter: ModelsPresenter, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("modelList")
        self.setAccessibleName(_("Models"))
        self._presenter = presenter

        self.field = QLineEdit()
        self.field.setObjectName("modelSearch")
        self.field.setPlaceholderText(_("Search models, or type provider/model"))
        self.field.setAccessibleName(_("Search models"))
        self.field.setClearButtonEnabled(True)
        self.field.installEventFilter(self)
        self.list = PickerList()
        self.list.setObjectName("modelRows")
        self.list.setAccessibleName(_("Models"))
        self.list.setModel(presenter.rows)
        self.list.setItemDelegate(PickerDelegate(self.list))
        self.list.setMouseTracking(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        hint = label(_("Enter chooses · Ctrl+D sets the star"), mark="muted")
        hint.setFont(scaled_font(self.font(), 0.86))
        hint.setContentsMargins(8, 2, 8, 2)

        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 6)
        layout.setSpacing(6)
        layout.addWidget(self.field)
        layout.addWidget(self.list, 1)
        layout.addWidget(hint)
        self.setFocusProxy(self.field)

        self.field.textChanged.connect(self._on_typed)
        self.list.picked.connect(self._on_picked)
        self.list.starred.connect(self._on_starred)

    def open_at(self, corner: QPoint, height: int, address: str) -> None:
        """Show the list at the button whose top left `corner` is given in global pixels; `address` is current."""
        self.field.clear()
        self._presenter.load()
        self._place(corner, height)
        self._go_to(address)
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that move in the list work while the caret is in the field."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._take_key(event)
        return super().eventFilter(watched, event)

    def _take_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_picked(self.list.currentIndex())
        elif key in steps:
            self._move(steps[Qt.Key(key)])
        elif key == STAR_KEY and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._on_starred(self.list.currentIndex())
        else:
            return False
        return True

    def _move(self, steps: int) -> None:
        """Go so many selectable rows further, and stop at the ends."""
        model = self._presenter.rows
        row, sign = self.list.currentIndex().row(), 1 if steps > 0 else -1
        left, at = abs(steps), row
        while left and 0 <= at + sign < model.rowCount():
            at += sign
            if model.index(at).flags() & Qt.ItemFlag.ItemIsEnabled:
                row, left = at, left - 1
        self.list.setCurrentIndex(model.index(row))
        if row == model.first_selectable():
            self.list.scrollToTop()

    def _go_to(self, address: str) -> None:
        model = self._presenter.rows
        row = model.row_of(address) if address else -1
        index = model.index(row if row >= 0 else model.first_selectable())
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
        if row <= ROWS_SHOWN // 2:
            self.list.scrollToTop()

    def _place(self, corner: QPoint, height: int) -> None:
        """Fit the list to the screen: above the button if it fits there, else below."""
        em = self.fontMetrics().height()
        row = self.list.sizeHintForRow(0)
        inner = self.layout()
        assert inner is not None
        rows = min(max(self._presenter.rows.rowCount(), 6), ROWS_SHOWN)
        wanted = rows * row + inner.sizeHint().height() - self.list.sizeHint().height()
        screen = self.screen().availableGeometry()
        size = QRect(0, 0, min(WIDTH_EM * em, screen.width() - 16), min(wanted, screen.height() - 16))
        above = corner.y() - screen.top() - 6
        size.moveTopLeft(QPoint(corner.x(), corner.y() - size.height() - 6))
        if size.height() > above:
            size.moveTop(min(corner.y() + height + 6, screen.bottom() - size.height() - 8))
        size.moveLeft(max(screen.left() + 8, min(size.left(), screen.right() - size.width() - 8)))
        self.setGeometry(size)

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        self._presenter.rows.set_typed(text)
        self._go_to("")

    @Slot(QModelIndex)
    def _on_picked(self, index: QModelIndex) -> None:
        kind = index.data(PickerRole.KIND)
        if kind == RowKind.ADD:
            self.hide()
            self.provider_wanted.emit()
        elif kind in (RowKind.MODEL, RowKind.TYPED):
            address = index.data(PickerRole.ADDRESS)
            self.hide()
            self.chosen.emit(address)

    @Slot(QModelIndex)
    def _on_starred(self, index: QModelIndex) -> None:
        if index.data(PickerRole.KIND) == RowKind.MODEL:
            self._presenter.set_favourite(index.data(PickerRole.ADDRESS), not index.data(PickerRole.FAVOURITE))
