"""The deleted sessions: the way back for each, and the way out."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import _, ngettext
from desktop.presenters.sidebar import SidebarPresenter
from desktop.ui.dialogs.question import CANCEL, Answer, Question
from desktop.ui.parts import button, label
from desktop.ui.sidebar.session_view import SessionView
from desktop.ui.theme import Theme

REMOVE = "remove"


class TrashDialog(QDialog):
    """`TrashDialog(theme=…, presenter=…, parent=…)`, then `open()`; `presenter` lists the trash and ends with it."""

    def __init__(self, *, theme: Theme, presenter: SidebarPresenter, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("trashDialog")
        self.setWindowTitle(_("Trash"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 480)
        self._presenter = presenter
        self.view = SessionView(theme=theme, model=presenter.model)
        self.view.setObjectName("trashList")
        self.view.setAccessibleName(_("Deleted sessions"))
        self.view.setDragEnabled(False)
        self.view.escaped.connect(self.reject)
        self.restore = button(_("Restore"), mark="primary", clicked=self._restore_current)
        self.restore.setObjectName("restoreSession")
        self.close_button = button(_("Close"), clicked=self.accept)
        self.remove = button(_("Delete for good…"), clicked=self._ask_remove)
        self.remove.setObjectName("removeSession")
        self.empty = button(_("Empty the trash…"), clicked=presenter.count_trash)
        self.empty.setObjectName("emptyTrash")
        for each in (self.restore, self.close_button, self.remove, self.empty):
            each.setAutoDefault(False)  # Enter belongs to the list: it restores
        row = QHBoxLayout()
        row.setContentsMargins(10, 0, 10, 0)
        row.addWidget(self.empty)
        row.addWidget(self.remove)
        row.addStretch(1)
        row.addWidget(self.close_button)
        row.addWidget(self.restore)
        words = label(_("Nothing is erased while it is in the trash. Enter restores a session."), mark="muted")
        words.setContentsMargins(20, 0, 20, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 14, 0, 14)
        column.setSpacing(10)
        column.addWidget(words)
        column.addWidget(self.view, 1)
        column.addLayout(row)
        self.view.target_changed.connect(self._refresh)
        self.view.doubleClicked.connect(self._restore_current)
        self.view.confirmed.connect(self._restore_current)
        self.view.pointed.connect(presenter.model.set_held)
        presenter.counted.connect(self._ask_empty)
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
        for each in (self.restore, self.remove):
            each.setEnabled(self.view.selectionModel().hasSelection())
        self.empty.setEnabled(self._presenter.model.rowCount() > 0)

    @Slot()
    def _restore_current(self) -> None:
        if ids := self.view.selected_ids():
            self._presenter.restore(ids)

    @Slot()
    def _ask_remove(self) -> None:
        ids = self.view.selected_ids()
        listing = self._presenter.model.listing(ids[0]) if ids else None
        if listing is None:
            return
        if len(ids) == 1:
            title = _("Delete “{title}” for good?").format(title=listing.title or _("Untitled"))
        else:
            title = _for_good(len(ids))
        self._ask(title, _("Delete for good"), lambda: self._presenter.remove(ids))

    @Slot(int)
    def _ask_empty(self, count: int) -> None:
        if count:
            self._ask(_for_good(count), _("Empty the trash"), self._presenter.empty_trash)

    def _ask(self, title: str, words: str, do: Callable[[], None]) -> None:
        question = Question(
            name="removeQuestion",
            title=title,
            text=_("All messages are erased from this computer. This cannot be undone."),
            answers=(Answer(id=CANCEL, text=_("Cancel"), primary=True), Answer(id=REMOVE, text=words)),
            parent=self,
        )
        question.decided.connect(lambda answer: do() if answer == REMOVE else None)
        question.open()


def _for_good(count: int) -> str:
    return ngettext("Delete {count} session for good?", "Delete {count} sessions for good?", count).format(count=count)
