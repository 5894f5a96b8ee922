"""Whose sessions are shown: switching, the dialog, and the lock, built behind the first paint or when first wanted.

Design note. Switching reloads no service: the services ask which profile is the current one, and the window reads again
what it lists. What is typed is written down first, since the draft of a new session is the profile's; the session that
is open is remembered while the program runs. A locked profile's window is covered before the first paint
(`profile_locked` in the settings says so) and hides everything, so that what goes on behind the lock may go on as ever.
"""

from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from desktop.domain.faults import SobremesaError, StoreError
from desktop.domain.organising import GUEST, Profile
from desktop.i18n import _
from desktop.presenters.bridge import Bridge
from desktop.presenters.chat import ChatPresenter
from desktop.presenters.composer import ComposerPresenter
from desktop.ui.theme import ThemeControl
from desktop.ui.window import MainWindow

if TYPE_CHECKING:
    from desktop.presenters.lock import LockPresenter
    from desktop.presenters.profiles import ProfilesPresenter
    from desktop.services.profiles import Adoption
    from desktop.ui.profiles.button import ProfileButton
    from desktop.ui.profiles.dialog import ProfilesDialog
    from desktop.ui.profiles.lock import LockPage


class Profiles(QObject):
    """Made with the window; nothing of it is loaded before `build` or `cover`."""

    def __init__(
        self,
        *,
        bridge: Bridge,
        window: MainWindow,
        chat: ChatPresenter,
        drafts: ComposerPresenter,
        theme: ThemeControl,
    ) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        self._chat = chat
        self._drafts = drafts
        self._theme = theme
        self._open: dict[int, str] = {}
        self._left = GUEST
        self._switching = self._beginning = False
        self._presenter: ProfilesPresenter | None = None
        self._lock: LockPresenter | None = None
        self._page: LockPage | None = None
        self._button: ProfileButton | None = None
        self._dialog: ProfilesDialog | None = None
        window.commands.profiles.triggered.connect(self.open_dialog)
        window.commands.lock_window.triggered.connect(self.lock)
        bridge.failed.connect(self._on_failed)

    @property
    def presenter(self) -> "ProfilesPresenter":
        """What knows the profiles, made when it is first wanted."""
        if self._presenter is None:
            from desktop.presenters.profiles import ProfilesPresenter

            made = self._presenter = ProfilesPresenter(bridge=self._bridge, parent=self)
            made.changed.connect(self._on_changed)
            made.switched.connect(self._on_switched)
            made.adopted.connect(self._on_adopted)
            made.adopting.connect(self._on_adopting)
            made.said.connect(self._on_said)
        return self._presenter

    def cover(self, profile: Profile | None = None, *, can_cancel: bool = False) -> None:
        """Lock the window; None is a profile that is not known yet."""
        if self._lock is None:
            from desktop.presenters.lock import LockPresenter
            from desktop.ui.profiles.lock import LockPage

            self._lock = LockPresenter(bridge=self._bridge, parent=self)
            self._page = LockPage(presenter=self._lock, theme=self._theme.theme, window=self._window)
            self._theme.changed.connect(self._page.set_theme)
            self._lock.opened.connect(self._on_opened)
            self._lock.needed.connect(self._begin_soon)
            self._lock.cancelled.connect(self._page.uncover)
            self._page.others_wanted.connect(self._on_others_wanted)
        self._lock.lock(profile, can_cancel=can_cancel)

    async def build(self) -> None:
        """Build the button, and lock or open the window by what the database says."""
        await self._bridge.aside(_load)
        from desktop.ui.profiles.button import ProfileButton

        commands = self._window.commands
        button = self._button = ProfileButton(
            presenter=self.presenter, theme=self._theme.theme, manage=commands.profiles, lock=commands.lock_window
        )
        self._theme.changed.connect(button.set_theme)
        button.chosen.connect(self.go_to)
        button.new_wanted.connect(self.ask_new)
        self._window.sidebar.add_to_foot(button)
        self._begin_soon()

    @Slot()
    def _begin_soon(self) -> None:
        if not self._beginning:
            self._beginning = True
            self._bridge.start_task(self._begin(), on_error=self._on_begin_failed)

    async def _begin(self) -> None:
        try:
            await self.presenter.read()
        finally:
            self._beginning = False
        current = self.presenter.current
        if current.is_locked:
            self.cover(current)
        else:
            self._show()

    def _on_begin_failed(self, error: SobremesaError) -> None:
        """Let it be tried again; a database that does not open is told as `failed` too."""
        if self._lock is not None:
            self._lock.refuse(str(error))

    def _show(self) -> None:
        """Show the window, if it was locked."""
        if self._lock is not None and self._page is not None:
            self._lock.release()
            self._page.uncover()

    @Slot()
    def lock(self) -> None:
        """Lock the window, where the current profile has a passphrase."""
        if self.presenter.current.is_locked:
            self.cover(self.presenter.current)

    @Slot(int)
    def go_to(self, profile_id: int) -> None:
        """Show another profile's sessions; a locked one asks first."""
        profile = self.presenter.profile(profile_id)
        if profile is None or profile.id == self.presenter.current.id:
            if profile is not None and self._lock is not None and self._lock.is_locked:
                self.cover(profile)
        elif profile.is_locked:
            behind = self._lock is None or not self._lock.is_locked or self._lock.can_cancel
            self.cover(profile, can_cancel=behind)
        else:
            self._bridge.start_task(self._switch(profile.id), on_error=self._on_trouble)

    async def _switch(self, profile_id: int) -> None:
        """Keep what is typed, switch, and show the window where another profile was locked."""
        if self._switching:
            return
        self._switching = True
        self._window.composer.input.setReadOnly(True)  # what is typed now would be nobody's
        try:
            await self._chat.settle()
            with suppress(StoreError):  # it is kept for its profile's return, and written when the disk takes it
                await self._drafts.flush()
            self._left = self.presenter.current.id
            self._open[self._left] = self._chat.session_id
            await self.presenter.switch(profile_id)
        finally:
            self._window.composer.input.setReadOnly(False)
            self._switching = False
        if self._page is not None:
            self._page.forget()
        self._show()

    @Slot()
    def _on_opened(self) -> None:
        wanted = self._lock.wanted if self._lock is not None else None
        if wanted is not None and wanted.id != self.presenter.current.id:
            self._bridge.start_task(self._switch(wanted.id), on_error=self._on_trouble)
        else:
            self._show()

    def _on_trouble(self, error: SobremesaError) -> None:
        """Say what kept a profile from being shown, where it can be read."""
        if self._lock is not None and self._lock.is_locked:
            self._lock.refuse(str(error))
        else:
            self._window.banner.warn(str(error))

    @Slot(object)
    def _on_switched(self, profile: Profile) -> None:
        """Show what the profile had open, and nothing of the other one."""
        self._drafts.change_hands(self._left, profile.id)
        self._window.banner.clear()
        self._window.sidebar.search.clear()
        self._chat.new_session()
        if session_id := self._open.get(profile.id, ""):
            self._chat.open(session_id)

    @Slot()
    def _on_changed(self) -> None:
        self._window.commands.lock_window.setEnabled(self.presenter.current.is_locked)

    @Slot(object)
    def _on_adopted(self, done: "Adoption") -> None:
        """Leave a session that is another profile's now."""
        if done.to_id != self.presenter.current.id and self._chat.session_id in done.session_ids:
            self._chat.new_session()

    @Slot(int, int)
    def _on_adopting(self, done: int, total: int) -> None:
        from desktop.presenters.figures import count_text

        words = _("Adopting sessions: {done} of {total}").format(done=count_text(done), total=count_text(total))
        self._window.banner.say(words, action=_("Stop"), do=self.presenter.stop_adopting)

    @Slot(str, object)
    def _on_said(self, words: str, undo: object) -> None:
        if callable(undo):
            self._window.banner.say_undoable(words, undo=undo)
        else:
            self._window.banner.say(words)

    @Slot()
    def _on_failed(self) -> None:
        """Show why the database does not open: there is nothing to hide."""
        self._show()

    @Slot()
    def _on_others_wanted(self) -> None:
        if self._page is not None:
            from desktop.ui.profiles.button import profiles_menu

            menu = profiles_menu(self.presenter, self._theme.theme, chosen=self.go_to, parent=self._page)
            menu.popup(self._page.others.mapToGlobal(self._page.others.rect().bottomLeft()))

    @Slot()
    def ask_new(self) -> None:
        """Show the profiles, and ask for the name of a new one."""
        self.open_dialog()
        if self._dialog is not None:
            self._dialog.begin_new()

    @Slot()
    def open_dialog(self) -> None:
        """Show the profiles and what they are like."""
        if self._dialog is None:
            from desktop.ui.profiles.dialog import ProfilesDialog

            dialog = self._dialog = ProfilesDialog(
                presenter=self.presenter, theme=self._theme.theme, parent=self._window
            )
            self._theme.changed.connect(dialog.set_theme)
            dialog.switch_wanted.connect(self.go_to)
            dialog.remove_wanted.connect(self._remove)
            dialog.finished.connect(self._on_dialog_finished)
            self.presenter.load()
            dialog.open()

    @Slot()
    def _on_dialog_finished(self) -> None:
        self._dialog = None

    @Slot(int, int)
    def _remove(self, profile_id: int, heir: int) -> None:
        async def work() -> None:
            if profile_id == self.presenter.current.id:
                await self._switch(heir)
            self._open.pop(profile_id, None)
            self.presenter.remove(profile_id, heir)

        self._bridge.start_task(work(), on_error=self._on_trouble)


def _load() -> None:
    """Load the button's code, beside the window's thread."""
    from desktop.ui.profiles import button

    del button
