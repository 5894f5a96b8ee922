"""The small questions of the profiles: a name, a passphrase, and who gets the sessions of one that is removed."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.domain.organising import Profile
from desktop.i18n import _, ngettext
from desktop.presenters.profiles import ProfilesPresenter
from desktop.ui.parts import Choice, button, fit_height, heading, label

WIDTH_EM = 26


class Asking(QDialog):
    """What the questions have in common: a heading, what stands below it, Cancel and one answer."""

    def __init__(self, *, name: str, title: str, answer: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.trouble = label(mark="warn")
        self.trouble.hide()
        self.answer = button(answer, mark="primary", clicked=self.take)
        self.answer.setObjectName("answer")
        self.answer.setDefault(True)
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        self.cancel = button(_("Cancel"), clicked=self.reject)
        row.addWidget(self.cancel)
        row.addWidget(self.answer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(heading(title, 1.14))
        layout.addLayout(self.body)
        layout.addWidget(self.trouble)
        layout.addLayout(row)
        self.setMinimumWidth(WIDTH_EM * self.fontMetrics().height())

    def event(self, event: QEvent) -> bool:
        """Be as high as the texts need, which is known once they are laid out."""
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            fit_height(self)
        return done

    def begin(self, *fields: QWidget) -> None:
        """Let the keyboard begin in the first field and go down from there."""
        fields[0].setFocus()
        for before, after in pairwise((*fields, self.cancel, self.answer)):
            QWidget.setTabOrder(before, after)

    def take(self) -> None:
        """Give the answer."""
        self.accept()

    def refuse(self, sentence: str) -> None:
        """Say why the answer does not do."""
        self.trouble.setText(sentence)
        self.trouble.show()


class NameDialog(Asking):
    """Asks the presenter for a new profile; open until there is one, so that a name that is taken can be mended."""

    def __init__(self, *, presenter: ProfilesPresenter, parent: QWidget | None = None) -> None:
        super().__init__(name="newProfileDialog", title=_("New profile"), answer=_("Create"), parent=parent)
        self._presenter = presenter
        self.body.addWidget(label(_("Its sessions, prompts, statistics and budget are its own."), mark="muted"))
        self.field = QLineEdit()
        self.field.setObjectName("profileName")
        self.field.setAccessibleName(_("Name"))
        self.field.setPlaceholderText(_("Name"))
        self.field.setMaxLength(60)
        self.body.addWidget(self.field)
        self.begin(self.field)
        self.field.textEdited.connect(self.trouble.hide)
        presenter.created.connect(self.accept)
        presenter.not_created.connect(self._on_not_created)

    def take(self) -> None:
        if self.field.text().strip():
            self.answer.setEnabled(False)
            self._presenter.create(self.field.text())
        else:
            self.refuse(_("A profile needs a name. Write at least one character."))

    @Slot(str)
    def _on_not_created(self, sentence: str) -> None:
        self.answer.setEnabled(True)
        self.refuse(sentence)
        self.field.setFocus()
        self.field.selectAll()


class PassphraseDialog(Asking):
    """`chosen` with the passphrase that there is ("" for none) and the new one ("" where the lock is taken away)."""

    chosen = Signal(str, str)

    def __init__(self, *, is_locked: bool, takes_away: bool, parent: QWidget | None = None) -> None:
        title = _("Take the lock away") if takes_away else _("Passphrase")
        answer = _("Take away") if takes_away else _("Lock with it")
        super().__init__(name="passphraseDialog", title=title, answer=answer, parent=parent)
        self._takes_away = takes_away
        self.former = self._field("former", _("Passphrase so far")) if is_locked else None
        self.new = None if takes_away else self._field("new", _("New passphrase"))
        self.again = None if takes_away else self._field("again", _("The same again"))
        if not takes_away:
            told = _("It locks the window, it does not encrypt. Nobody can tell you a passphrase that you forgot.")
            self.body.addWidget(label(told, mark="muted"))
        self.begin(*(field for field in (self.former, self.new, self.again) if field is not None))

    def _field(self, name: str, words: str) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(name)
        field.setAccessibleName(words)
        field.setPlaceholderText(words)
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhSensitiveData)
        self.body.addWidget(field)
        return field

    def take(self) -> None:
        former = self.former.text() if self.former is not None else ""
        new = self.new.text() if self.new is not None else ""
        if self.again is not None and new != self.again.text():
            self.refuse(_("The two are not the same."))
        elif not new and not self._takes_away:
            self.refuse(_("Write at least one character."))
        else:
            self.chosen.emit(former, new)
            self.accept()


class RemoveDialog(Asking):
    """`chosen` with the number of the profile that gets what a removed one has."""

    chosen = Signal(int)

    def __init__(
        self, *, presenter: ProfilesPresenter, profile: Profile, heirs: Sequence[Profile], parent: QWidget | None = None
    ) -> None:
        title = _("Remove {name}?").format(name=profile.name)
        super().__init__(name="removeProfileDialog", title=title, answer=_("Remove"), parent=parent)
        self._profile = profile
        self.told = label(_("Its sessions are being counted…"))
        self.heir = Choice()
        self.heir.setObjectName("heir")
        self.heir.setAccessibleName(_("To whom"))
        for one in heirs:
            self.heir.addItem(one.name, one.id)
        self.body.addWidget(self.told)
        self.body.addWidget(self.heir)
        self.answer.setEnabled(bool(heirs))
        presenter.counted.connect(self._on_counted)
        presenter.count(profile.id)

    def _on_counted(self, profile_id: int, count: int) -> None:
        if profile_id == self._profile.id:
            words = ngettext(
                "{count} session, with folders, prompts, searches and the bill, goes to:",
                "{count} sessions, with folders, prompts, searches and the bill, go to:",
                count,
            )
            self.told.setText(words.format(count=count))

    def take(self) -> None:
        self.chosen.emit(self.heir.currentData())
        self.accept()
