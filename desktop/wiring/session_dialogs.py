"""The third part of the composition root: what the menu Session opens, built when it is first wanted.

Each import stands where it is needed, because a person waits for the first paint.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.presenters.bridge import Bridge
from desktop.presenters.chat import ChatPresenter
from desktop.presenters.models import ModelsPresenter
from desktop.presenters.sidebar import SidebarPresenter
from desktop.presenters.transcript import TranscriptListModel
from desktop.ui.theme import ThemeControl
from desktop.ui.window import MainWindow
from desktop.wiring.budgeting import BudgetGuard

if TYPE_CHECKING:
    from desktop.presenters.branches import BranchesPresenter
    from desktop.ui.transcript.view import TranscriptView
    from desktop.wiring.organising import Organising


class SessionDialogs(QObject):
    """Opens what belongs to a session, and connects it."""

    undo_elsewhere = Signal()
    """There is nothing to take back in the open session."""
    redo_elsewhere = Signal()
    """There is nothing to do again in the open session."""

    def __init__(
        self, *, bridge: Bridge, window: MainWindow, chat: ChatPresenter, theme: ThemeControl, now_ms: Callable[[], int]
    ) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        self._chat = chat
        self._theme = theme
        self._now_ms = now_ms
        self._branches: BranchesPresenter | None = None
        self.organising: Organising | None = None
        self.budget = BudgetGuard(bridge=bridge, window=window, chat=chat, parent=self)
        window.commands.statistics.triggered.connect(self.open_statistics)
        window.commands.context_inspector.triggered.connect(self.open_inspector)
        window.composer.meter.inspect_requested.connect(self.open_inspector)
        window.commands.branches.triggered.connect(self.open_branches)
        window.commands.undo_wanted.connect(self.undo)
        window.commands.redo_wanted.connect(self.redo)

    def branches(self) -> "BranchesPresenter":
        """Return what acts on the trees of sessions, made now if nobody has asked before."""
        if self._branches is None:
            from desktop.presenters.branches import BranchesPresenter

            self._branches = BranchesPresenter(bridge=self._bridge, parent=self)
            self._branches.refused.connect(self._window.banner.warn)
            self._branches.forked.connect(self._chat.open)
            self._branches.said.connect(self._on_said)
            self._branches.nothing_to_undo.connect(self.undo_elsewhere)
            self._branches.nothing_to_redo.connect(self.redo_elsewhere)
        return self._branches

    def connect_view(self, view: "TranscriptView", *, models: ModelsPresenter, transcript: TranscriptListModel) -> None:
        """Let messages be edited, deleted, branched and answered by other models from where they are read."""
        from desktop.wiring.message_deeds import MessageDeeds  # loaded by now, beside the window's thread

        MessageDeeds(
            bridge=self._bridge,
            window=self._window,
            chat=self._chat,
            models=models,
            transcript=transcript,
            branches=self.branches,
            budget=self.budget,
            view=view,
        )

    def organise(
        self, *, sidebar: SidebarPresenter, models: ModelsPresenter, ask_export: Callable[[str], None], sort: str
    ) -> "Organising":
        """Connect what keeps sessions in order; `sort` is what their order goes by at the start."""
        from desktop.wiring.organising import Organising

        self.organising = Organising(
            bridge=self._bridge,
            window=self._window,
            chat=self._chat,
            sidebar=sidebar,
            models=models,
            theme=self._theme,
            ask_export=ask_export,
            sort=sort,
            parent=self,
        )
        self.undo_elsewhere.connect(self.organising.deeds.undo)
        self.redo_elsewhere.connect(self.organising.deeds.redo)
        return self.organising

    def close(self) -> None:
        """Remove what was written for dragging."""
        if self.organising is not None:
            self.organising.close()

    @Slot()
    def undo(self) -> None:
        """Take back what was done last: in the open session, else with sessions as a whole."""
        if self._chat.session_id:
            self.branches().undo(self._chat.session_id)
        else:
            self.undo_elsewhere.emit()

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back last: in the open session, else with sessions as a whole."""
        if self._chat.session_id:
            self.branches().redo(self._chat.session_id)
        else:
            self.redo_elsewhere.emit()

    @Slot(str, str)
    def _on_said(self, sentence: str, session_id: str) -> None:
        if session_id:
            self._window.banner.say_undoable(sentence, undo=lambda: self.branches().undo(session_id))
        else:
            self._window.banner.say(sentence)

    @Slot()
    def open_branches(self) -> None:
        """Show the tree of the open session."""
        if not self._chat.session_id:
            return
        from desktop.ui.branches.dialog import BranchesDialog

        dialog = BranchesDialog(
            presenter=self.branches(),
            theme=self._theme.theme,
            session_id=self._chat.session_id,
            parent=self._window,
        )
        self._theme.changed.connect(dialog.set_theme)
        dialog.chosen.connect(self._chat.pages.go_to)
        dialog.open()

    @Slot()
    def open_statistics(self) -> None:
        """Show what was said and what it cost."""
        from desktop.presenters.statistics import StatisticsPresenter
        from desktop.ui.statistics.dialog import StatisticsDialog

        presenter = StatisticsPresenter(bridge=self._bridge, session_id=self._chat.session_id, now_ms=self._now_ms)
        dialog = StatisticsDialog(presenter=presenter, theme=self._theme.theme, parent=self._window)
        self._theme.changed.connect(dialog.set_theme)
        dialog.open()

    @Slot()
    def open_inspector(self) -> None:
        """Show what would be sent now, with what is written in the composer."""
        from desktop.presenters.inspector import InspectorPresenter
        from desktop.ui.inspector.dialog import InspectorDialog

        presenter = InspectorPresenter(
            bridge=self._bridge,
            session_id=self._chat.session_id,
            model=self.budget.model,
            draft=self._window.composer.text(),
        )
        dialog = InspectorDialog(presenter=presenter, theme=self._theme.theme, parent=self._window)
        self._theme.changed.connect(dialog.set_theme)
        dialog.open()
