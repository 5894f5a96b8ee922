"""All prompts of the profile: names at the left, name and text of one at the right.

What is typed is kept by Save, and by itself when one goes on to another prompt; whoever closes is asked. What cannot be
kept (two of one name) holds one back with a sentence, and Discard lets go of it.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from desktop.domain.saved_prompts import Prompt
from desktop.i18n import _
from desktop.presenters.prompts import LONGEST_NAME, PromptsPresenter, suggested_name
from desktop.ui.dialogs.edit import TextField
from desktop.ui.parts import button, fitting_size, label, remark
from desktop.ui.settings.sections import SectionDelegate


class PromptsDialog(QDialog):
    """`PromptsDialog(presenter=PromptsPresenter, parent=…)`, then `open()`, or `keep(text)` for one new prompt."""

    wanted = Signal(str)
    """The text of a prompt that is to be put into the message."""
    kept = Signal(str)
    """The name of the prompt that `keep` was about, when it is on disk."""

    def __init__(self, *, presenter: PromptsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prompts")
        self.setWindowTitle(_("Prompts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._presenter = presenter
        self._shown: Prompt | None = None
        self._gone: Prompt | None = None
        self._next: Callable[[], None] | None = None  # what waits until the prompt is kept
        self._one_only = False
        self._build()
        self._lay_out()
        self._connect()
        self.resize(fitting_size(self, 820, 540))
        self._show(presenter.model.prompt(0))

    def _build(self) -> None:
        self.list = QListView()
        self.list.setObjectName("promptNames")
        self.list.setAccessibleName(_("Prompts"))
        self.list.setModel(self._presenter.model)
        self.list.setItemDelegate(SectionDelegate(self.list))
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.new = button(_("New prompt"), clicked=lambda: self._after_keeping(lambda: self._show(None)))
        self.new.setObjectName("promptNew")
        self.name = QLineEdit()
        self.name.setObjectName("promptName")
        self.name.setAccessibleName(_("Name"))
        self.name.setPlaceholderText(_("Name, as you will look for it"))
        self.name.setMaxLength(LONGEST_NAME)
        self.text = TextField()
        self.text.setObjectName("promptText")
        self.text.set_invitation(_("What is put into the message"))
        self.save = button(_("Save"), mark="primary", clicked=self._keep)
        self.save.setObjectName("promptSave")
        self.discard = button(_("Discard"), clicked=lambda: self._show(self._shown))
        self.discard.setObjectName("promptDiscard")
        self.discard.setAccessibleDescription(_("Show what is kept again"))
        self.delete = button(_("Delete"), clicked=self._delete)
        self.delete.setObjectName("promptDelete")
        self.insert = button(_("Put into the message"), clicked=lambda: self._after_keeping(self._insert))
        self.insert.setObjectName("promptInsert")
        self.close_button = button(_("Close"), clicked=self.reject)
        self.close_button.setObjectName("promptsClose")
        self.said = label()
        self.said.setObjectName("promptsSaid")
        self.undo = button(_("Undo"), mark="link", clicked=self._take_back)
        self.undo.setObjectName("promptUndo")
        self.undo.hide()

    def _lay_out(self) -> None:
        em = self.fontMetrics().height()
        side = QVBoxLayout()
        side.setSpacing(10)
        side.addWidget(self.list, 1)
        side.addWidget(self.new)
        self._deeds = deeds = QHBoxLayout()
        deeds.setSpacing(8)
        deeds.addWidget(self.delete)
        deeds.addStretch(1)
        deeds.addWidget(self.discard)
        deeds.addWidget(self.save)
        page = QVBoxLayout()
        page.setSpacing(10)
        page.addWidget(self.name)
        page.addWidget(self.text, 1)
        page.addLayout(deeds)
        self.side = QWidget()
        self.side.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        self.side.setFixedWidth(min(13 * em, 300))
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(self.side)
        row.addLayout(page, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.undo)
        foot.addWidget(self.insert)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(14)
        column.addLayout(row, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.list.selectionModel().currentChanged.connect(self._on_chosen)
        self.list.activated.connect(lambda _index: self._after_keeping(self._insert))
        self.name.textChanged.connect(self._refresh)
        self.name.returnPressed.connect(self._keep)
        self.text.textChanged.connect(self._refresh)
        self.text.submit_requested.connect(self._keep)
        self._presenter.saved.connect(self._on_saved)
        self._presenter.removed.connect(self._on_removed)
        self._presenter.refused.connect(self._on_refused)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.reject)

    def keep(self, text: str) -> None:
        """Ask under which name to keep a text, and close when it is kept."""
        self._one_only = True
        for part in (self.side, self.insert, self.delete, self.discard):
            part.hide()
        self.setWindowTitle(_("Save as a prompt"))
        self._deeds.insertWidget(self._deeds.indexOf(self.save), self.close_button)
        self.close_button.setText(_("Cancel"))
        self.close_button.setAccessibleName(_("Cancel"))
        self._show(None)
        self.name.setText(suggested_name(text))
        self.text.set_text(text)
        self._refresh()
        self.resize(fitting_size(self, 560, 420))
        self.open()
        self.name.selectAll()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def reject(self) -> None:
        """Close; ask about what was typed and is not kept."""
        if self._one_only or not self._is_changed():
            super().reject()
        else:
            self._ask_to_keep()

    def _ask_to_keep(self) -> None:
        from desktop.ui.dialogs.question import CANCEL, Answer, Question

        name = self.name.text().strip() or suggested_name(self.text.text())
        question = Question(
            name="promptQuestion",
            title=_("Save “{name}”?").format(name=name) if name else _("Save this prompt?"),
            text=_("What you typed is not saved yet."),
            answers=(
                Answer(id="discard", text=_("Discard")),
                Answer(id=CANCEL, text=_("Go on writing")),
                Answer(id="save", text=_("Save"), primary=True),
            ),
            parent=self,
        )
        question.decided.connect(self._on_decided)
        question.open()

    @Slot(str)
    def _on_decided(self, answer: str) -> None:
        if answer == "save":
            self._after_keeping(super().reject)
        elif answer == "discard":
            super().reject()

    # ------------------------------------------------------------------------------------------------- what is shown

    def _show(self, prompt: Prompt | None) -> None:
        """Show a prompt, or the empty fields of a new one."""
        self._shown = prompt
        row = -1 if prompt is None else self._presenter.model.row_of(prompt.id)
        blocked = self.list.selectionModel().blockSignals(True)
        self.list.setCurrentIndex(self._presenter.model.index(row))
        if row < 0:
            self.list.clearSelection()
        self.list.selectionModel().blockSignals(blocked)
        self.list.viewport().update()
        self.name.setText(prompt.name if prompt else "")
        self.text.set_text(prompt.text if prompt else "")
        self._say("")
        self._refresh()
        if prompt is None:
            self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _is_changed(self) -> bool:
        name, text = self.name.text(), self.text.text()
        return (name, text) != ((self._shown.name, self._shown.text) if self._shown else ("", ""))

    @Slot()
    def _refresh(self) -> None:
        is_changed = self._is_changed()
        self.save.setEnabled(is_changed and not self.text.is_blank())
        self.discard.setEnabled(is_changed)
        self.delete.setEnabled(self._shown is not None)
        self.insert.setEnabled(not self.text.is_blank())

    def _say(self, sentence: str, *, is_wrong: bool = False, undo: bool = False) -> None:
        remark(self.said, "warn", is_wrong)
        remark(self.said, "muted", not is_wrong)
        self.said.setText(sentence)
        self.undo.setVisible(undo)

    # ------------------------------------------------------------------------------------------------- what is done

    @Slot()
    def _on_chosen(self) -> None:
        chosen = self._presenter.model.prompt(self.list.currentIndex().row())
        if chosen is not None and (self._shown is None or chosen.id != self._shown.id):
            self._after_keeping(lambda: self._show(chosen))

    def _after_keeping(self, do: Callable[[], None]) -> None:
        """Keep what was typed, and then go on; what is refused holds everything back."""
        if not self._is_changed():
            do()
            return
        self._next = do
        self._store()

    @Slot()
    def _keep(self) -> None:
        if self.save.isEnabled():
            self._next = None
            self._store()

    def _store(self) -> None:
        name, text = self.name.text(), self.text.text()
        if self._shown is None:
            self._presenter.save(name, text)
        else:
            self._presenter.change(self._shown.id, name, text)

    def _delete(self) -> None:
        if self._shown is not None:
            self._show(self._shown)  # what was typed into it goes with it
            self._presenter.remove(self._shown.id)

    def _take_back(self) -> None:
        if self._gone is not None:
            gone, self._gone = self._gone, None
            self._after_keeping(lambda: self._presenter.save(gone.name, gone.text))

    def _insert(self) -> None:
        text = self.text.text()
        super().accept()
        self.wanted.emit(text)

    @Slot(object)
    def _on_saved(self, prompt: Prompt) -> None:
        do, self._next = self._next, None
        if self._one_only:
            self.kept.emit(prompt.name)
            self.accept()
            return
        if do is None:
            self._show(prompt)
            self._say(_("Saved."))
        else:
            self._shown = prompt
            self.name.setText(prompt.name)
            self.text.set_text(prompt.text)
            do()

    @Slot(object)
    def _on_removed(self, prompt: Prompt) -> None:
        model = self._presenter.model
        self._show(model.prompt(max(0, min(self.list.currentIndex().row(), model.rowCount() - 1))))
        self._gone = prompt
        self._say(_("“{name}” is deleted.").format(name=prompt.name), undo=True)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        self._next = None
        self._say(sentence, is_wrong=True)
        if self._shown is not None:  # the list shows which one is held back
            row = self._presenter.model.row_of(self._shown.id)
            blocked = self.list.selectionModel().blockSignals(True)
            self.list.setCurrentIndex(self._presenter.model.index(row))
            self.list.selectionModel().blockSignals(blocked)
            self.list.viewport().update()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)
