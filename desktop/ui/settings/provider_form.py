"""The form for one provider: its name, key, address and models. The key leaves the field for a `Secret` at once."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.domain.models import Secret
from desktop.i18n import _
from desktop.presenters.providers import ProviderDraft, ProvidersPresenter, model_names
from desktop.ui.dialogs.link import ask_to_open
from desktop.ui.parts import Lines, button, heading, label


class ProviderForm(QFrame):
    """`ProviderForm(presenter=ProvidersPresenter, parent=None)`; `show_draft` fills it."""

    closed = Signal()
    remove_requested = Signal(str)

    def __init__(self, *, presenter: ProvidersPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("providerForm")
        self.setProperty("card", True)
        self._presenter = presenter
        self._draft = ProviderDraft()

        self._title = heading("", 1.0)
        self.name = QLineEdit()
        self.key = QLineEdit()
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.key.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhNoAutoUppercase
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhSensitiveData
        )
        self.paste = button(_("Paste"), clicked=self._paste)
        self.paste.setAccessibleName(_("Paste the key"))
        self.console = button(_("Get a key…"), mark="link", clicked=self._open_console)
        self.base = QLineEdit()
        self.base.setPlaceholderText("https://…/v1")
        self.models = Lines(lines=3)
        self.models.setPlaceholderText(_("One name a line"))
        self.fetch = QCheckBox(_("Ask the provider for its models"))
        self._trouble = label(mark="warn", selectable=True)
        self._trouble.setObjectName("formTrouble")
        self._trouble.hide()
        self.save = button("", mark="primary", clicked=self._save)
        self.cancel = button(_("Cancel"), clicked=self._close)
        self.remove = button(_("Remove…"), clicked=self._remove)
        self._lay_out()

        for field in (self.name, self.key, self.base):
            field.returnPressed.connect(self._save)
        presenter.refused.connect(self._on_refused)
        presenter.saving.connect(self._on_saving)

    def show_draft(self, draft: ProviderDraft) -> None:
        """Fill the fields from a draft; the key's field always begins empty."""
        self._draft = draft
        new = not draft.id
        self._title.setText(
            _("Add {name}").format(name=draft.name) if new else _("Edit {name}").format(name=draft.name)
        )
        self.name.setText(draft.name)
        self.key.clear()
        self.key.setPlaceholderText(self._presenter.key_words(draft))
        self.console.setVisible(bool(self._presenter.console_url(draft)))
        self.base.setText(draft.api_base)
        needs_base = self._presenter.needs_base(draft)
        self.base.setPlaceholderText("https://…/v1" if needs_base else _("Empty: the provider's own address"))
        self.models.setPlainText("\n".join(draft.models))
        self.fetch.setChecked(draft.fetch)
        self.save.setText(_("Add provider") if new else _("Save"))
        self.save.setAccessibleName(self.save.text())
        self.remove.setVisible(not new)
        self._trouble.hide()
        first = self.base if needs_base and not draft.api_base else self.key
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def draft(self) -> ProviderDraft:
        """Take the fields as a draft. The key's field is empty afterwards: the only copy is in the `Secret`."""
        typed = self.key.text().strip()
        self.key.clear()
        return ProviderDraft(
            id=self._draft.id,
            kind=self._draft.kind,
            name=self.name.text().strip() or self._draft.name,
            api_base=self.base.text().strip(),
            key=Secret(typed) if typed else None,
            key_variable=self._draft.key_variable,
            models=model_names(self.models.toPlainText()),
            fetch=self.fetch.isChecked(),
        )

    def _lay_out(self) -> None:
        key_row = QHBoxLayout()
        key_row.setSpacing(8)
        key_row.addWidget(self.key, 1)
        key_row.addWidget(self.paste)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        self._add_row(grid, 0, _("Name"), self.name)
        grid.addWidget(self._label(_("API key"), self.key), 1, 0)
        grid.addLayout(key_row, 1, 1)
        grid.addWidget(self.console, 2, 1, Qt.AlignmentFlag.AlignLeading)
        self._add_row(grid, 3, _("Base URL"), self.base)
        grid.addWidget(self._label(_("Models"), self.models), 4, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.models, 4, 1)
        grid.addWidget(self.fetch, 5, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.save)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        buttons.addWidget(self.remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(17, 15, 17, 15)
        layout.setSpacing(12)
        layout.addWidget(self._title)
        layout.addLayout(grid)
        layout.addWidget(self._trouble)
        layout.addLayout(buttons)

    def _add_row(self, grid: QGridLayout, row: int, text: str, field: QWidget) -> None:
        grid.addWidget(self._label(text, field), row, 0)
        grid.addWidget(field, row, 1)

    def _label(self, text: str, field: QWidget) -> QLabel:
        made = label(text, mark="muted", wrap=False)
        made.setBuddy(field)
        field.setAccessibleName(text)
        return made

    @Slot()
    def _save(self) -> None:
        if self.save.isEnabled():
            self._trouble.hide()
            self._presenter.save(self.draft())

    def _paste(self) -> None:
        self.key.setText(QGuiApplication.clipboard().text().strip())
        self.key.setFocus(Qt.FocusReason.OtherFocusReason)

    def _open_console(self) -> None:
        ask_to_open(self._presenter.console_url(self._draft), self)

    def _close(self) -> None:
        self.key.clear()
        self.closed.emit()

    def _remove(self) -> None:
        self.remove_requested.emit(self._draft.id)

    @Slot(bool)
    def _on_saving(self, on: bool) -> None:
        self.save.setEnabled(not on)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        self._trouble.setText(sentence)
        self._trouble.show()
