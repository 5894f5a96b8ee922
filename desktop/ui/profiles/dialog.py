"""The profiles, and what each is like; from here sessions are adopted, a passphrase is set, a profile is removed."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.domain.organising import GUEST, Profile
from desktop.i18n import _
from desktop.presenters.profiles import ProfilesPresenter
from desktop.ui.marks import dot
from desktop.ui.parts import button, fitting_size, heading, label, rule
from desktop.ui.profiles.form import ProfileForm
from desktop.ui.theme import Theme

LIST_EM = 12


class ProfilesDialog(QDialog):
    """`ProfilesDialog(presenter=…, theme=…, parent=…)`: what is changed is kept at once."""

    switch_wanted = Signal(int)
    remove_wanted = Signal(int, int)
    """A profile to remove, and the one that its sessions go to."""

    def __init__(self, *, presenter: ProfilesPresenter, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("profilesDialog")
        self.setWindowTitle(_("Profiles"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._presenter = presenter
        self._theme = theme
        self._wanted = presenter.current.id
        self.list = QListWidget()
        self.list.setObjectName("profileList")
        self.list.setAccessibleName(_("Profiles"))
        self.list.setIconSize(QSize(12, 12))
        self.list.setFixedWidth(LIST_EM * self.fontMetrics().height())
        self.form = ProfileForm(theme=theme)
        self.lock = button("", clicked=self._ask_passphrase)
        self.lock.setObjectName("setPassphrase")
        self.unlock = button(_("Take the lock away…"), clicked=lambda: self._ask_passphrase(takes_away=True))
        self.unlock.setObjectName("takeLockAway")
        self.switch = button(_("Switch to it"), mark="primary", clicked=self._switch)
        self.switch.setObjectName("switchTo")
        self.adopt = button(_("Adopt sessions…"), clicked=self._ask_adoption)
        self.adopt.setObjectName("adopt")
        self.remove = button(_("Remove…"), clicked=self._ask_removal)
        self.remove.setObjectName("removeProfile")
        self.new = button(_("New profile…"), clicked=self.begin_new)
        self.new.setObjectName("newProfile")
        self.trouble = label(mark="warn", selectable=True)
        self.trouble.setObjectName("profileTrouble")
        self.trouble.hide()
        self._closed = label("", mark="muted")
        self._closed.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._pages = QStackedWidget()
        self._lay_out()
        self.list.currentItemChanged.connect(self._on_row_changed)
        self.form.edited.connect(self._on_edited)
        presenter.changed.connect(self._on_changed)
        presenter.created.connect(self._on_created)
        presenter.refused.connect(self._on_refused)
        self.finished.connect(self._on_finished)
        self.set_theme(theme)
        self._on_changed()

    def _lay_out(self) -> None:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self._open_page())
        self._pages.addWidget(scroll)
        self._pages.addWidget(self._closed_page())
        side = QVBoxLayout()
        side.setContentsMargins(0, 0, 0, 0)
        side.addWidget(self.list)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addLayout(side)
        body.addWidget(self._pages, 1)
        head = QHBoxLayout()
        head.setContentsMargins(22, 16, 22, 16)
        head.addWidget(heading(_("Profiles")))
        foot = _row(self.new)
        foot.setContentsMargins(22, 12, 22, 12)
        foot.addWidget(button(_("Close"), clicked=self.accept))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(rule())
        layout.addLayout(body, 1)
        layout.addWidget(rule())
        layout.addLayout(foot)
        self.resize(fitting_size(self, 780, 680))

    def _open_page(self) -> QWidget:
        """Return what is shown of a profile."""
        page, column = _page()
        column.addWidget(self.form)
        column.addWidget(self.trouble)
        self._lock_row, locks = _below_rule()
        told = _("A passphrase locks the window. It does not encrypt: whoever has the data folder can read it.")
        locks.addWidget(label(told, mark="muted"))
        locks.addLayout(_row(self.lock, self.unlock))
        column.addWidget(self._lock_row)
        self._deeds, deeds = _below_rule()
        deeds.addLayout(_row(self.switch, self.adopt, self.remove))
        column.addWidget(self._deeds)
        column.addStretch(1)
        return page

    def _closed_page(self) -> QWidget:
        """Return what is shown of another one's locked profile: that it is one."""
        page, column = _page()
        column.addWidget(self._closed)
        column.addLayout(_row(button(_("Switch to it"), mark="primary", clicked=self._switch)))
        column.addStretch(1)
        return page

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self.form.set_theme(theme)
        self._on_changed()

    @Slot()
    def begin_new(self) -> None:
        """Ask for the name of a new profile."""
        from desktop.ui.profiles.questions import NameDialog

        self.form.commit()
        NameDialog(presenter=self._presenter, parent=self).open()

    def shown(self) -> Profile | None:
        """Return the profile whose row is chosen."""
        row = self.list.currentRow()
        return self._presenter.profile(self.list.item(row).data(Qt.ItemDataRole.UserRole)) if row >= 0 else None

    @Slot()
    def _on_changed(self) -> None:
        profiles = self._presenter.profiles
        self.list.blockSignals(True)
        while self.list.count() > len(profiles):
            self.list.takeItem(self.list.count() - 1)
        for row, profile in enumerate(profiles):
            item = self.list.item(row) if row < self.list.count() else QListWidgetItem(self.list)
            item.setText(" ".join(profile.name.split()))
            item.setIcon(dot(self._theme, profile.colour))
            item.setData(Qt.ItemDataRole.UserRole, profile.id)
            if profile.id == self._wanted:
                self.list.setCurrentRow(row)
        if self.list.currentRow() < 0 and profiles:
            self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        self._show()

    @Slot()
    def _on_row_changed(self) -> None:
        self.form.commit()
        if (profile := self.shown()) is not None:
            self._wanted = profile.id
        self.trouble.hide()
        self._show()

    def _show(self) -> None:
        profile = self.shown()
        if profile is None:
            return
        is_current = profile.id == self._presenter.current.id
        if self._presenter.is_closed(profile.id):
            words = _("{name} is locked by a passphrase. Switch to it to see and to change it.")
            self._closed.setText(words.format(name=profile.name))
            self._pages.setCurrentIndex(1)
            return
        self._pages.setCurrentIndex(0)
        self.form.show_profile(profile)
        self._lock_row.setVisible(profile.id != GUEST)
        self.lock.setText(_("Change the passphrase…") if profile.is_locked else _("Set a passphrase…"))
        self.unlock.setVisible(profile.is_locked)
        self.switch.setVisible(not is_current)
        self.remove.setVisible(profile.id != GUEST)
        self.adopt.setVisible(any(self._givers(profile)))
        self._deeds.setVisible(not all(each.isHidden() for each in (self.switch, self.adopt, self.remove)))

    def _givers(self, profile: Profile) -> list[Profile]:
        """Return the profiles whose sessions this one can adopt."""
        return [
            one for one in self._presenter.profiles if one.id != profile.id and not self._presenter.is_closed(one.id)
        ]

    @Slot(int, object)
    def _on_edited(self, profile_id: int, changes: dict[str, object]) -> None:
        self.trouble.hide()
        self._presenter.change(profile_id, **changes)

    @Slot(int)
    def _on_created(self, profile_id: int) -> None:
        self._wanted = profile_id
        self.trouble.hide()
        self._on_changed()
        self.form.name.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        self.trouble.setText(sentence)
        self.trouble.show()

    @Slot()
    def _on_finished(self) -> None:
        self.form.commit()

    def _switch(self) -> None:
        if (profile := self.shown()) is not None:
            self.form.commit()
            self.accept()
            self.switch_wanted.emit(profile.id)

    def _ask_passphrase(self, *, takes_away: bool = False) -> None:
        from desktop.ui.profiles.questions import PassphraseDialog

        if (profile := self.shown()) is None:
            return
        dialog = PassphraseDialog(is_locked=profile.is_locked, takes_away=takes_away, parent=self)
        dialog.chosen.connect(lambda former, words: self._presenter.set_passphrase(profile.id, words, former=former))
        self.trouble.hide()
        dialog.open()

    def _ask_adoption(self) -> None:
        from desktop.ui.profiles.adopt import AdoptDialog

        if (profile := self.shown()) is not None:
            AdoptDialog(presenter=self._presenter, to=profile, givers=self._givers(profile), parent=self).open()

    def _ask_removal(self) -> None:
        from desktop.ui.profiles.questions import RemoveDialog

        if (profile := self.shown()) is None:
            return
        dialog = RemoveDialog(presenter=self._presenter, profile=profile, heirs=self._givers(profile), parent=self)
        dialog.chosen.connect(lambda heir: self.remove_wanted.emit(profile.id, heir))
        dialog.open()


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(22, 18, 22, 18)
    column.setSpacing(14)
    return page, column


def _below_rule() -> tuple[QWidget, QVBoxLayout]:
    """Return a part of a page with the line above it, so that it is hidden with its line."""
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    column.addWidget(rule())
    column.addSpacing(6)
    return part, column


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
