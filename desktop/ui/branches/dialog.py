"""Branches: the tree of a session, where to go in it, and two of its messages side by side."""

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from desktop.i18n import _
from desktop.presenters.branches import BranchesPresenter, Comparison, Picture
from desktop.ui.branches.comparison import ComparisonView
from desktop.ui.branches.tree import BranchTree
from desktop.ui.dialogs.page import PageDialog
from desktop.ui.parts import button, label
from desktop.ui.theme import Theme
from desktop.ui.transcript.blocks.menu import open_menu


class BranchesDialog(PageDialog):
    """`BranchesDialog(presenter=…, theme=…, session_id=…, parent=…)`, then `open()`; `chosen` is where to go."""

    chosen = Signal(int)

    def __init__(
        self, *, presenter: BranchesPresenter, theme: Theme, session_id: str, parent: QWidget | None = None
    ) -> None:
        tabs = (("branchesTree", _("Tree")), ("branchesCompare", _("Compare two…")))
        super().__init__(name="branches", title=_("Branches"), tabs=tabs, parent=parent)
        self._presenter = presenter
        self._session_id = session_id
        self.tree = BranchTree(theme=theme)
        self.comparison = ComparisonView(theme=theme)
        self._words = label(mark="muted", wrap=False)
        self._refusal = label(mark="warn")
        self._hint = label(mark="muted")
        self.pages = QStackedWidget()
        self.pages.addWidget(self.tree)
        self.pages.addWidget(self.comparison)
        self.build(middle=(self._words,), right=self.tabs.buttons(), body=self.pages, foot=self._make_foot())
        self._connect()
        self._show_page(0)
        presenter.draw(session_id)
        self.tree.setFocus()

    def _connect(self) -> None:
        presenter = self._presenter
        presenter.drawn.connect(self._on_drawn)
        presenter.compared.connect(self._on_compared)
        presenter.refused.connect(self._refuse)
        presenter.changed.connect(self._on_changed)
        self.tree.chosen.connect(self._go)
        self.tree.menu_wanted.connect(self._open_menu)
        self.tabs.idClicked.connect(self._on_tab)
        for key, act in (
            ("Del", self._delete),
            ("Ctrl+D", self._compare),
            ("Ctrl+B", self._fork),
            ("Ctrl+Z", lambda: presenter.undo(self._session_id)),
            ("Ctrl+Shift+Z", lambda: presenter.redo(self._session_id)),
        ):
            QShortcut(QKeySequence(key), self, act)

    def _make_foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        close = button(_("Close"), mark="primary", clicked=self.accept)
        row.addWidget(self._hint, 1)
        row.addWidget(self._refusal, 1)
        self._refusal.hide()
        row.addWidget(close)
        return row

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self.tree.set_theme(theme)
        self.comparison.set_theme(theme)

    def _show_page(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self.tabs.button(page).setChecked(True)
        keys = (
            _("↵ go there"),
            _("Del to trash"),
            _("Ctrl+click, Ctrl+D compare"),
            _("Ctrl+B fork from here"),
        )
        self._hint.setText("    ".join(keys) if page == 0 else _("Left is what you compare with, right is the other."))

    @Slot(int)
    def _on_tab(self, page: int) -> None:
        if page:
            self._compare()
        else:
            self._show_page(0)
            self.tree.setFocus()

    @Slot(object)
    def _on_drawn(self, picture: Picture) -> None:
        if picture.session_id != self._session_id:
            return
        self._words.setText(picture.words)
        self.tree.show_picture(picture)

    @Slot(object)
    def _on_compared(self, comparison: Comparison) -> None:
        if comparison.new.session_id != self._session_id:
            return
        self.comparison.show_comparison(comparison)
        self._show_page(1)
        if comparison.is_cut:
            self._hint.setText(_("These texts are long: only the beginning is compared."))
        self.comparison.new.setFocus()

    @Slot(str)
    def _on_changed(self, session_id: str) -> None:
        self._refuse("")
        if session_id == self._session_id:
            self._presenter.draw(session_id)

    @Slot(int)
    def _go(self, message_id: int) -> None:
        self.chosen.emit(message_id)
        self.accept()

    def _compare(self) -> None:
        """Compare the message that has the keyboard with the one that was marked, else with its nearest version."""
        here = self.tree.current
        other = self.tree.other or self.tree.sibling(here)
        if here and other:
            self._presenter.compare(other, here)
        else:
            self._show_page(0)
            self._refuse(_("Mark a second message first: hold Ctrl and click it."))

    @Slot(str)
    def _refuse(self, sentence: str) -> None:
        """Say what could not be done, in the place of the keys."""
        self._refusal.setText(sentence)
        self._refusal.setVisible(bool(sentence))
        self._hint.setVisible(not sentence)

    def _delete(self) -> None:
        if self.tree.current:
            self._presenter.delete(self.tree.current)

    def _fork(self) -> None:
        if self.tree.current:
            self._presenter.fork(self._session_id, self.tree.current)
            self.accept()

    @Slot(int, QPoint)
    def _open_menu(self, message_id: int, place: QPoint) -> None:
        entries = (
            (_("Go there"), lambda: self._go(message_id)),
            (_("Compare"), self._compare),
            (_("Fork from here"), self._fork),
            (_("Fork with all branches"), self._fork_whole),
            (_("Write it below the current path"), lambda: self._presenter.merge(message_id)),
            (_("Move to the trash"), self._delete),
        )
        open_menu(self, place, entries)

    def _fork_whole(self) -> None:
        self._presenter.fork_whole(self._session_id)
        self.accept()
