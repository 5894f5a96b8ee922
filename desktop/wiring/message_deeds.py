"""The fourth part of the composition root: what is done from the transcript with messages, summaries and suggestions.

It is built with the transcript's view, behind the first paint; dialogs and lists when they are first wanted.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Slot

from desktop.domain.messages import Role
from desktop.domain.summaries import SummaryState
from desktop.i18n import _
from desktop.presenters.branches import BranchesPresenter
from desktop.presenters.bridge import Bridge
from desktop.presenters.chat import ChatPresenter
from desktop.presenters.models import ModelsPresenter
from desktop.presenters.path_facts import PathFactsPresenter
from desktop.presenters.transcript import TranscriptListModel
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.footer import FooterBlock
from desktop.ui.transcript.cards import Action, FollowUp
from desktop.ui.transcript.view import TranscriptView
from desktop.ui.window import MainWindow
from desktop.wiring.budgeting import BudgetGuard

if TYPE_CHECKING:
    from desktop.ui.dialogs.edit import EditDialog
    from desktop.ui.picker.popup import PickerPopup


class MessageDeeds(QObject):
    """Connects a view to the tree and the summaries of the session that it shows."""

    def __init__(
        self,
        *,
        bridge: Bridge,
        window: MainWindow,
        chat: ChatPresenter,
        models: ModelsPresenter,
        transcript: TranscriptListModel,
        branches: Callable[[], BranchesPresenter],
        budget: BudgetGuard,
        view: TranscriptView,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._models = models
        self._transcript = transcript
        self._branches = branches
        self._budget = budget
        self._view = view
        self._facts = PathFactsPresenter(bridge=bridge, parent=self)
        self._begun: dict[tuple[str, int], str] = {}
        """What was typed into dialogs that were left, for the next time."""
        self._popup: PickerPopup | None = None
        self._answers_again = 0
        view.asked.connect(self._on_asked)
        chat.session_changed.connect(lambda session_id, _title: self._facts.look(session_id))
        self._facts.endings_changed.connect(window.header.set_endings)
        self._facts.summaries_changed.connect(transcript.set_summaries)
        self._facts.said.connect(window.banner.say)
        self._facts.refused.connect(window.banner.warn)
        models.loaded.connect(self._on_models_loaded)
        self._on_models_loaded()
        self._facts.look(chat.session_id)

    @Slot()
    def _on_models_loaded(self) -> None:
        self._transcript.set_provider_names(self._models.provider_names())

    @Slot(object, object)
    def _on_asked(self, wish: Action | FollowUp, item: TranscriptItem) -> None:
        fold = item.fold.summary if item.fold is not None else None
        match wish:
            case FollowUp(question=question, only_put=only_put):
                self._ask(question, only_put=only_put)
            case Action.EDIT:
                self._edit_message(item)
            case Action.DELETE:
                self._branches().delete(item.key)
            case Action.BRANCH:
                self._branches().fork(item.message.session_id, item.key)
            case Action.RETRY_WITH:
                self._choose_model(item)
            case Action.EDIT_SUMMARY if fold is not None:
                self._edit_summary(item)
            case Action.REDO_SUMMARY if fold is not None:
                self._facts.redo(fold.id)
            case Action.PIN_SUMMARY if fold is not None:
                self._turn(fold.id, fold.state, SummaryState.PINNED)
            case Action.SWITCH_SUMMARY if fold is not None:
                self._turn(fold.id, fold.state, SummaryState.OFF)

    def _turn(self, summary_id: int, state: SummaryState, wanted: SummaryState) -> None:
        self._facts.set_state(summary_id, SummaryState.NONE if state is wanted else wanted)

    def _ask(self, question: str, *, only_put: bool) -> None:
        """Put a question into the composer and send it; beside words that stand there already it is only put."""
        composer = self._window.composer
        is_alone = composer.input.is_blank()
        if is_alone:
            composer.input.selectAll()
            composer.input.insert_text(question)
        else:
            composer.input.insert_text(f"\n{question}" if composer.input.textCursor().positionInBlock() else question)
        self._window.focus_composer()
        if is_alone and not only_put:
            composer.input.submit_requested.emit()

    # Another text

    def _edit_message(self, item: TranscriptItem) -> None:
        is_question = item.message.role is Role.USER
        if is_question:
            note = _("The question is asked anew; the one before and its answers stay as another version.")
        else:
            note = _("The answer before stays as another version. Nothing is sent for this.")
        dialog = self._open_editor(
            ("message", item.key),
            title=_("Edit the question") if is_question else _("Edit the answer"),
            note=note,
            keep=_("Send as a new version") if is_question else _("Keep as a new version"),
            text=item.text,
        )
        presenter = self._branches()

        def keep(text: str) -> None:
            if is_question:
                unsent = _("Nothing was sent: this month's budget is spent.")
                self._budget.ask(partial(presenter.edit, item.key, text), otherwise=lambda: dialog.refuse(unsent))
            else:
                presenter.edit(item.key, text)

        dialog.kept.connect(keep)
        _answer(dialog, item.key, presenter)

    def _edit_summary(self, item: TranscriptItem) -> None:
        assert item.fold is not None, "an action of a summary"
        summary = item.fold.summary
        dialog = self._open_editor(
            ("summary", summary.id),
            title=_("Edit the summary"),
            note=_("The model is told this in the place of the messages. The messages stay as they are."),
            keep=_("Keep"),
            text=summary.text,
        )
        dialog.kept.connect(lambda text: self._facts.edit(summary.id, text))
        _answer(dialog, summary.id, self._facts)

    def _open_editor(self, key: tuple[str, int], *, title: str, note: str, keep: str, text: str) -> "EditDialog":
        from desktop.ui.dialogs.edit import EditDialog

        dialog = EditDialog(title=title, note=note, keep=keep, text=self._begun.get(key, text), parent=self._window)
        dialog.left.connect(lambda typed: self._leave(key, typed, text))
        dialog.accepted.connect(lambda: self._begun.pop(key, None))
        dialog.open()
        return dialog

    def _leave(self, key: tuple[str, int], typed: str, text: str) -> None:
        self._begun.pop(key, None)
        if typed != text and typed.strip():
            self._begun[key] = typed
            self._window.banner.say(_("What you typed is kept until you edit this again."))

    # Another model

    def _choose_model(self, item: TranscriptItem) -> None:
        if self._popup is None:
            from desktop.ui.picker.popup import PickerPopup

            self._popup = PickerPopup(presenter=self._models, parent=self._view)
            self._popup.chosen.connect(self._retry_with)
            self._popup.provider_wanted.connect(self._window.commands.open_settings.trigger)
        self._answers_again = item.key
        corner, height = self._corner(item)
        self._popup.open_at(corner, height, item.message.model)

    @Slot(str)
    def _retry_with(self, address: str) -> None:
        self._budget.ask(partial(self._branches().retry, self._answers_again, address), model=address)

    def _corner(self, item: TranscriptItem) -> tuple[QPoint, int]:
        """Return where the list belongs: at the line below the message, or where that is not in sight in the middle."""
        for block in self._view.blocks():
            if isinstance(block, FooterBlock) and block.item is item:
                button = block.button(Action.MORE)
                return button.mapToGlobal(QPoint(0, 0)), button.height()
        return self._view.mapToGlobal(self._view.rect().center()), 0


def _answer(dialog: "EditDialog", key: int, presenter: BranchesPresenter | PathFactsPresenter) -> None:
    """Let a dialog hear what became of its text, for as long as it is open."""

    def on_edited(edited: int) -> None:
        if edited == key:
            dialog.accept()

    def on_refused(refused: int, sentence: str) -> None:
        if refused == key:
            dialog.refuse(sentence)

    presenter.edited.connect(on_edited)
    presenter.edit_refused.connect(on_refused)
    dialog.finished.connect(lambda: presenter.edited.disconnect(on_edited))
    dialog.finished.connect(lambda: presenter.edit_refused.disconnect(on_refused))
