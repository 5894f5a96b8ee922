"""The providers page: who there is and whether they answer, a test step by step, and a field to add one."""

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QCompleter, QFrame, QHBoxLayout, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from desktop.domain.models import ProviderSpec
from desktop.i18n import _
from desktop.presenters.provider_list import ProviderRole, State, StepRole
from desktop.presenters.providers import ProviderDraft, ProvidersPresenter
from desktop.ui.dialogs.keys import KeyPlaceQuestion
from desktop.ui.dialogs.question import CANCEL, Answer, Question
from desktop.ui.parts import Rows, button, heading, label, remark
from desktop.ui.settings.page import Page, line
from desktop.ui.settings.provider_form import ProviderForm
from desktop.ui.settings.provider_row import ProviderRow
from desktop.ui.theme import scaled_font

REMOVE = "remove"


class _LinedRow(QWidget):
    """A provider's row and the line below it."""

    def __init__(self, row: ProviderRow) -> None:
        super().__init__()
        self.row = row
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(row)
        layout.addWidget(line())


class ProvidersPage(Page):
    """`ProvidersPage(presenter=ProvidersPresenter, parent=None)`."""

    def __init__(self, *, presenter: ProvidersPresenter, parent: QWidget | None = None) -> None:
        super().__init__(name="providers", title=_("Providers"), subtitle=presenter.keys_sentence(), parent=parent)
        self.presenter = presenter
        self.rows = Rows(model=presenter.providers, make=self._make_row, show=self._show_row)
        self._empty = label(_("No provider yet. The offline guide answers without one."), mark="muted")
        self._empty.setContentsMargins(0, 8, 0, 8)
        self._lay_out_test()
        self.form = ProviderForm(presenter=presenter)
        self.form.hide()
        self.body.addWidget(self._empty)
        self.body.addWidget(self.rows)
        self.body.addSpacing(18)
        self.body.addWidget(self.test_card)
        self.body.addWidget(self.form)
        self._lay_out_adding()
        self._connect()
        self._on_loaded()

    def _connect(self) -> None:
        self.form.closed.connect(self._on_form_closed)
        self.form.remove_requested.connect(self._on_remove_requested)
        presenter = self.presenter
        presenter.loaded.connect(self._on_loaded)
        presenter.drafted.connect(self._on_drafted)
        presenter.refused.connect(self._on_refused)
        presenter.saved.connect(self._on_saved)
        presenter.removed.connect(self._on_form_closed)
        presenter.key_place_wanted.connect(self._on_key_place_wanted)
        presenter.test_started.connect(self._on_test_started)

    # ------------------------------------------------------------------------------------------------------ parts

    def provider_row(self, number: int) -> ProviderRow:
        """Return the row of a provider by its place."""
        found = self.rows.row(number)
        assert isinstance(found, _LinedRow)
        return found.row

    def _make_row(self) -> QWidget:
        row = ProviderRow()
        row.test_requested.connect(self.presenter.test)
        row.edit_requested.connect(self.presenter.edit)
        return _LinedRow(row)

    def _show_row(self, widget: QWidget, index: QModelIndex) -> None:
        assert isinstance(widget, _LinedRow)
        spec = index.data(ProviderRole.SPEC)
        assert isinstance(spec, ProviderSpec)
        widget.row.fill(
            provider_id=spec.id,
            name=spec.name,
            detail=index.data(ProviderRole.DETAIL),
            state=State(index.data(ProviderRole.STATE)),
        )

    def _lay_out_test(self) -> None:
        self.test_card = QFrame()
        self.test_card.setObjectName("testCard")
        self.test_card.setProperty("card", True)
        self._test_title = heading("", 1.0, QFont.Weight.DemiBold)
        self.steps = Rows(model=self.presenter.steps, make=self._make_step, show=self._show_step, spacing=6)
        layout = QVBoxLayout(self.test_card)
        layout.setContentsMargins(17, 15, 17, 15)
        layout.setSpacing(10)
        layout.addWidget(self._test_title)
        layout.addWidget(self.steps)
        self.test_card.hide()

    def _lay_out_adding(self) -> None:
        self.field = QLineEdit()
        self.field.setObjectName("addProviderField")
        self.field.setPlaceholderText(_("Add provider: search 100+ names or paste a base URL…"))
        self.field.setAccessibleName(_("Add provider: name or base URL"))
        completer = QCompleter(self.presenter.offers, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(10)
        popup = QListView()
        popup.setObjectName("offers")
        completer.setPopup(popup)
        self.field.setCompleter(completer)
        self.add = button(_("Add"), mark="primary", clicked=self._begin)
        self.add.setObjectName("addProvider")
        self.add.setEnabled(False)
        self._refusal = label(mark="warn")
        self._refusal.hide()
        self.setFocusProxy(self.field)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.field, 1)
        row.addWidget(self.add)
        self.body.addSpacing(16)
        self.body.addLayout(row)
        self.body.addSpacing(6)
        self.body.addWidget(self._refusal)
        self.body.addStretch(1)
        self.field.textChanged.connect(self._on_typed)
        self.field.returnPressed.connect(self._begin)
        # Queued: the field itself writes the chosen name back after this signal.
        completer.activated.connect(self._on_completed, Qt.ConnectionType.QueuedConnection)

    def _make_step(self) -> QWidget:
        made = label(mark="muted", selectable=True)
        made.setFont(scaled_font(self.font(), 0.93))
        return made

    def _show_step(self, widget: QWidget, index: QModelIndex) -> None:
        assert isinstance(widget, QLabel)
        widget.setText(index.data())
        widget.setAccessibleName(index.data(Qt.ItemDataRole.AccessibleTextRole))
        failed = index.data(StepRole.OK) is False
        remark(widget, "muted", not failed)
        remark(widget, "warn", failed)

    # ------------------------------------------------------------------------------------------------------ slots

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        self.add.setEnabled(bool(text.strip()))
        self._refusal.hide()

    @Slot(str)
    def _on_completed(self, name: str) -> None:
        self.field.setText(name)
        self._begin()

    @Slot()
    def _begin(self) -> None:
        # The completer and the Return key both report the same choice; the second finds the field empty.
        if self.field.text().strip():
            self.presenter.begin(self.field.text())

    @Slot()
    def _on_loaded(self) -> None:
        self._empty.setVisible(self.presenter.providers.rowCount() == 0)
        self.subtitle.setText(self.presenter.keys_sentence())

    @Slot(object)
    def _on_drafted(self, draft: ProviderDraft) -> None:
        self.field.clear()
        self.test_card.hide()
        self.form.show()
        self.form.show_draft(draft)
        # Only after the layout has made room for it: the form may be below the edge.
        QTimer.singleShot(0, self.form, lambda: self.ensureWidgetVisible(self.form, 0, 16))

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        if self.form.isHidden():
            self._refusal.setText(sentence)
            self._refusal.show()

    @Slot()
    def _on_saved(self) -> None:
        self._on_form_closed()

    @Slot()
    def _on_form_closed(self) -> None:
        self.form.hide()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str, str)
    def _on_test_started(self, _provider_id: str, name: str) -> None:
        self.form.hide()
        self._test_title.setText(_("Test: {name}").format(name=name))
        self.test_card.show()

    @Slot(str)
    def _on_remove_requested(self, provider_id: str) -> None:
        spec = self.presenter.providers.spec(provider_id)
        if spec is None:
            return
        question = Question(
            name="removeProviderQuestion",
            title=_("Remove {name}?").format(name=spec.name),
            text=_("Its key is forgotten too. Your conversations stay as they are."),
            answers=(
                Answer(id=CANCEL, text=_("Cancel"), primary=True),
                Answer(id=REMOVE, text=_("Remove")),
            ),
            parent=self,
        )
        question.decided.connect(lambda answer: answer == REMOVE and self.presenter.remove(provider_id))
        question.open()

    @Slot()
    def _on_key_place_wanted(self) -> None:
        question = KeyPlaceQuestion(parent=self)
        question.decided.connect(self._on_key_place_decided)
        question.open()

    @Slot(str)
    def _on_key_place_decided(self, answer: str) -> None:
        if answer == CANCEL:
            self.presenter.give_up()
        else:
            self.presenter.keep_keys(answer)
