"""What a folder is called, and what its new sessions begin with."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCompleter, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.ui.parts import Lines, button, fit_height, heading, label

LONGEST = 100


class _FolderForm(QDialog):
    """A title, fields, and two buttons below them."""

    def __init__(self, *, name: str, title: str, keep: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.keep = button(keep, mark="primary", clicked=self._take)
        self.keep.setDefault(True)
        self.body = QVBoxLayout()
        self.body.setSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(button(_("Cancel"), clicked=self.reject))
        row.addWidget(self.keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(heading(title, 1.14))
        layout.addLayout(self.body)
        layout.addLayout(row)
        self.setMinimumWidth(28 * self.fontMetrics().height())

    def _take(self) -> None:
        self.accept()


class NameDialog(_FolderForm):
    """`NameDialog(parent=…)` asks what a new folder is called; `named` with the name, never empty."""

    named = Signal(str)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(name="newFolderDialog", title=_("New folder"), keep=_("Make"), parent=parent)
        self.field = QLineEdit()
        self.field.setObjectName("folderName")
        self.field.setAccessibleName(_("Name"))
        self.field.setPlaceholderText(_("Name"))
        self.field.setMaxLength(LONGEST)
        self.body.addWidget(self.field)
        self.field.textChanged.connect(self._on_text_changed)
        self._on_text_changed("")
        self.field.setFocus()

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self.keep.setEnabled(bool(text.strip()))

    def _take(self) -> None:
        if name := " ".join(self.field.text().split()):
            self.named.emit(name)
            self.accept()


class BeginningDialog(_FolderForm):
    """`BeginningDialog(folder=…, system_prompt=…, model=…, models=…)`: `kept` with a system prompt and a model."""

    kept = Signal(str, str)

    def __init__(
        self, *, folder: str, system_prompt: str, model: str, models: Sequence[str], parent: QWidget | None = None
    ) -> None:
        title = _("What new sessions begin with")
        super().__init__(name="beginningDialog", title=title, keep=_("Keep"), parent=parent)
        words = _("Sessions that are begun in “{name}” get this. What is left empty comes from the settings.")
        self.body.addWidget(label(words.format(name=folder), mark="muted"))
        self.prompt = Lines(system_prompt, lines=5)
        self.prompt.setObjectName("folderPrompt")
        self.prompt.setAccessibleName(_("System prompt"))
        self.model = QLineEdit(model)
        self.model.setObjectName("folderModel")
        self.model.setAccessibleName(_("Model"))
        completer = QCompleter(list(models), self.model)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.model.setCompleter(completer)
        self.body.addSpacing(6)
        self.body.addWidget(label(_("System prompt")))
        self.body.addWidget(self.prompt)
        self.body.addSpacing(6)
        self.body.addWidget(label(_("Model")))
        self.body.addWidget(self.model)
        fit_height(self)
        self.prompt.setFocus()

    def _take(self) -> None:
        self.kept.emit(self.prompt.toPlainText().strip(), self.model.text().strip())
        self.accept()
