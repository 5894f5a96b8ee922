"""The deleted sessions, and the way back for each."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.presenters.sidebar import SidebarPresenter
from desktop.ui.parts import button, label
from desktop.ui.sidebar.session_view import SessionView
from desktop.ui.theme import Theme


class TrashDialog(QDialog):
    """`TrashDialog(theme=…, presenter=…, parent=…)`, then `open()`; `presenter` lists the trash and ends with it."""

    def __init__(self, *, theme: Theme, presenter: SidebarPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("trashDialog")
        self.setWindowTitle(_("Trash"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(460, 480)
        self._presenter = presenter
        self.view = SessionView(theme=theme, model=presenter.model)
        self.view.setObjectName("trashList")
        self.view.setAccessibleName(_("Deleted sessions"))
        self.restore = button(_("Restore"), mark="primary", clicked=self._restore_current)
        self.restore.setObjectName("restoreSession")
        self.close_button = button(_("Close"), clicked=self.accept)
        row = QHBoxLayout()
        row.setContentsMargins(10, 0, 10, 0)
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.restore)
        words = label(_("Nothing is erased while it is in the trash."), mark="muted")
        words.setContentsMargins(20, 0, 20, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 14)
        column.setSpacing(10)
        column.addWidget(words)
        column.addWidget(self.view, 1)
        column.addLayout(row)
        self.view.target_changed.connect(self._refresh)
        self.view.doubleClicked.connect(self._restore_current)
        presenter.loaded.connect(self._on_loaded)
        presenter.model.rowsInserted.connect(self._refresh)
        presenter.model.rowsRemoved.connect(self._refresh)
        self.finished.connect(presenter.stop)
        self.view.setFocus()
        self._refresh()

    @Slot()
    def _on_loaded(self) -> None:
        self.view.set_empty_text(_("The trash is empty."))
        if self._presenter.model.rowCount():
            self.view.setCurrentIndex(self._presenter.model.index(0))

    @Slot()
    def _refresh(self) -> None:
        self.restore.setEnabled(bool(self.view.current_id()))

    @Slot()
    def _restore_current(self) -> None:
        if session_id := self.view.current_id():
            self._presenter.restore(session_id)
