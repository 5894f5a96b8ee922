"""The second half of the composition root: pages and dialogs that are built when they are first wanted.

Each import stands where it is needed, because a person waits for the first paint.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.domain.faults import SobremesaError, StoreError
from desktop.domain.organising import Place, PlaceKind
from desktop.domain.settings import BY_NAME
from desktop.i18n import _, ngettext
from desktop.presenters.bridge import Bridge
from desktop.presenters.chat import ChatPresenter
from desktop.presenters.composer import ComposerPresenter
from desktop.presenters.models import ModelsPresenter
from desktop.presenters.saved import SavedPresenter
from desktop.presenters.sidebar import SidebarPresenter
from desktop.presenters.transcript import TranscriptListModel
from desktop.ui.theme import ThemeControl
from desktop.ui.window import MainWindow

if TYPE_CHECKING:
    from desktop.domain.taking import Taken, TakeRequest
    from desktop.presenters.export import ExportPresenter
    from desktop.presenters.settings import SettingsPresenter
    from desktop.presenters.taking import TakingPresenter
    from desktop.ui.firstrun.page import FirstRunPage
    from desktop.ui.settings.dialog import SettingsDialog
    from desktop.ui.transcript.view import TranscriptView

ZOOM_STEP = 10


class OnDemand(QObject):
    """Opens what is not there from the start, and connects it. `zoom` is the transcript's size in percent."""

    zoom_changed = Signal(int)

    def __init__(
        self,
        *,
        bridge: Bridge,
        window: MainWindow,
        chat: ChatPresenter,
        sidebar: SidebarPresenter,
        models: ModelsPresenter,
        theme: ThemeControl,
        transcript: TranscriptListModel,
        folder: Path,
        now_ms: Callable[[], int],
    ) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        self._chat = chat
        self._sidebar = sidebar
        self._models = models
        self._theme = theme
        self._transcript = transcript
        self._folder = folder
        self._now_ms = now_ms
        self.zoom = 100
        self._first_page: FirstRunPage | None = None
        self._settings: SettingsPresenter | None = None
        self._settings_dialog: SettingsDialog | None = None
        self._exporter: ExportPresenter | None = None
        self._taking: TakingPresenter | None = None
        self._trouble: QWidget | None = None
        self._blank = QWidget()
        self._model = ""
        chat.model_changed.connect(self._on_model_changed)
        SavedPresenter(bridge=bridge, parent=self).changed.connect(window.show_saved)

    # ------------------------------------------------------------------------------------------------------------ pages

    @Slot()
    def show_first_page(self) -> None:
        """Show the page that asks who to talk to, unless a conversation is already shown."""
        if self._first_page is None:
            from desktop.presenters.firstrun import FirstRunPresenter
            from desktop.ui.firstrun.page import FirstRunPage

            presenter = FirstRunPresenter(bridge=self._bridge, parent=self)
            presenter.model_chosen.connect(self._chat.choose_model)
            presenter.model_chosen.connect(self._models.load)
            presenter.model_chosen.connect(self._window.focus_composer)
            presenter.provider_wanted.connect(self.open_providers)
            presenter.model_wanted.connect(self._window.commands.choose_model.trigger)
            presenter.refused.connect(self._window.banner.warn)
            self._chat.model_changed.connect(presenter.show_model)
            presenter.show_model(self._model)
            self._first_page = FirstRunPage(presenter=presenter, parent=self._window)
        if self._trouble is None and not self._chat.session_id and not self._transcript.rowCount():
            self._window.show_page(self._first_page)

    @Slot()
    def show_transcript(self) -> None:
        """Show the conversation."""
        if self._trouble is None:
            self._window.show_page(None)

    @Slot(str, str)
    def show_session(self, session_id: str, title: str) -> None:
        """Show an open session, or the first page for one that does not exist yet."""
        self._window.show_session(title, session_id=session_id)
        self._sidebar.set_open(session_id)
        if session_id or self._transcript.rowCount():
            self.show_transcript()
        elif self._first_page is not None:
            self.show_first_page()
        elif self._trouble is None:
            self._window.show_page(self._blank)  # until the first page is built, right behind the first paint

    @Slot(object)
    def show_store_trouble(self, error: StoreError) -> None:
        """Say why the database does not open, and what can be done; nothing was changed."""
        from desktop.ui.dialogs.trouble import StoreTroublePage

        page = StoreTroublePage(sentence=str(error), data_dir=self._folder)
        page.quit_requested.connect(self._window.close)
        self._trouble = page
        self._window.composer.set_send_allowed(False)
        self._window.show_page(page)

    @Slot(str)
    def show_saving(self, trouble: str) -> None:
        """Say lastingly that words do not reach the disk, and offer them for somewhere else; "" when all is well."""
        self._window.show_saving(trouble)
        if trouble:
            self._window.banner.warn(trouble, action=_("Copy the text"), do=self._copy_last)

    def _copy_last(self) -> None:
        if count := self._transcript.rowCount():
            QGuiApplication.clipboard().setText(self._transcript.item(count - 1).text)

    @Slot()
    def show_what_is_wrong(self) -> None:
        """Say what the services found when they opened: a folder that cannot be written, settings left aside."""

        async def ask() -> None:
            async def wrong(backend: object) -> tuple[str, tuple[str, ...]]:
                return backend.read_only, backend.settings.notices  # type: ignore[attr-defined]

            read_only, notices = await self._bridge.call(wrong)
            self._window.composer.set_send_allowed(not read_only)
            if read_only:
                self._window.show_saving(read_only)
            if sentences := [sentence for sentence in (*notices, read_only) if sentence]:
                self._window.banner.warn("\n".join(sentences))

        self._bridge.start_task(ask())

    # ---------------------------------------------------------------------------------------------------------- dialogs

    @Slot()
    def open_settings(self) -> None:
        """Open the settings where they were left."""
        self.show_settings("")

    @Slot()
    def open_providers(self) -> None:
        """Open the settings at the providers."""
        self.show_settings("providers")

    def show_settings(self, section: str, name: str = "") -> None:
        if self._settings_dialog is None:
            from desktop.presenters.providers import ProvidersPresenter
            from desktop.ui.settings.dialog import SettingsDialog
            from desktop.wiring.shortcuts import keyboard_page

            providers = ProvidersPresenter(bridge=self._bridge, parent=self)
            providers.saved.connect(lambda _id: self._models.load())
            providers.removed.connect(lambda _id: self._models.load())
            providers.offered.connect(self._on_model_offered)
            providers.saved.connect(self._on_providers_changed)
            providers.removed.connect(self._on_providers_changed)
            self._settings_dialog = SettingsDialog(
                settings=self._settings_presenter(),
                providers=providers,
                keyboard=lambda: keyboard_page(self._window.menuBar(), self._settings_presenter()),
                parent=self._window,
            )
        self._settings_dialog.show_section(section or "providers", name)

    def _settings_presenter(self) -> "SettingsPresenter":
        if self._settings is None:
            from desktop.presenters.settings import SettingsPresenter

            self._settings = SettingsPresenter(bridge=self._bridge, data_dir=self._folder, parent=self)
            self._settings.changed.connect(self._on_setting_changed)
        return self._settings

    @Slot(str)
    def _on_model_changed(self, address: str) -> None:
        self._model = address

    @Slot()
    def _on_providers_changed(self) -> None:
        if self._first_page is not None:  # else it reads them when it is built
            self._first_page.presenter.look_at_providers()

    @Slot(str)
    def _on_model_offered(self, address: str) -> None:
        """Let a session without a message talk to a provider that was just added; others keep their model."""
        if not self._transcript.rowCount():
            self._chat.choose_model(address)

    @Slot(str, object)
    def _on_setting_changed(self, name: str, value: object) -> None:
        if value != self._settings_presenter().wished(name):
            return  # something newer is on its way, and is shown already
        if name == "theme":
            self._theme.choose(str(value))
            self._window.commands.show_theme(str(value))
        elif name == "zoom":
            self.set_zoom(int(str(value)))

    @Slot(str)
    def ask_export(self, session_id: str) -> None:
        """Ask where the session's Markdown file goes, and write it."""
        from desktop.services.exchange.writing import safe_filename
        from desktop.ui.dialogs.export import ExportDialog

        if not session_id:
            return
        listing = self._sidebar.model.listing(session_id)
        documents = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        name = safe_filename(listing.title if listing else "")
        dialog = ExportDialog(suggested=documents / name, parent=self._window)
        dialog.chosen.connect(lambda path: self._export_presenter().export_markdown(session_id, path))
        dialog.open()

    def connect_taking(self, view: "TranscriptView") -> None:
        """Let words of the conversation go into the clipboard and into the next message."""
        view.take_requested.connect(self._take)
        view.quote_requested.connect(self._window.composer.quote)

    @Slot(object)
    def _take(self, request: "TakeRequest") -> None:
        """Copy more than the window has loaded; whatever is copied meanwhile counts more."""
        if self._taking is None:
            from desktop.presenters.taking import TakingPresenter

            self._taking = TakingPresenter(bridge=self._bridge, parent=self)
            self._taking.taken.connect(self._on_taken)
            self._taking.too_much.connect(self._on_too_much)
            self._taking.failed.connect(self._window.banner.warn)
            QGuiApplication.clipboard().dataChanged.connect(self._taking.forget)
        self._window.banner.say(_("Copying…"))
        self._taking.take(request)

    @Slot(object)
    def _on_taken(self, taken: "Taken") -> None:
        from desktop.presenters.figures import count_text
        from desktop.ui.transcript.clipboard import copy_taken

        copy_taken(taken)
        said = ngettext("Copied {count} message", "Copied {count} messages", taken.count)
        self._window.banner.say(said.format(count=count_text(taken.count)))

    @Slot(str, str)
    def _on_too_much(self, sentence: str, session_id: str) -> None:
        self._window.banner.warn(sentence, action=_("Export…"), do=lambda: self.ask_export(session_id))

    def _export_presenter(self) -> "ExportPresenter":
        if self._exporter is None:
            from desktop.presenters.export import ExportPresenter

            self._exporter = ExportPresenter(bridge=self._bridge, parent=self)
            self._exporter.exported.connect(
                lambda path: self._window.banner.say(_("Exported to {path}").format(path=path))
            )
            self._exporter.failed.connect(self._window.banner.warn)
        return self._exporter

    @Slot()
    def open_trash(self) -> None:
        """Open the list of deleted sessions."""
        from desktop.ui.sidebar.trash import TrashDialog

        trash = Place(kind=PlaceKind.TRASH)
        presenter = SidebarPresenter(bridge=self._bridge, now_ms=self._now_ms, place=trash)
        dialog = TrashDialog(theme=self._theme.theme, presenter=presenter, parent=self._window)
        presenter.setParent(dialog)
        presenter.restored.connect(self._sidebar.restored)
        presenter.start()
        dialog.open()

    def ask_link(self, target: str, label: str = "") -> None:
        """Show a link's whole address before it is followed, and where its text, `label`, says something else."""
        from desktop.ui.dialogs.link import ask_to_open

        ask_to_open(target, self._window, label=label)

    def ask_quit(self, count: int, *, finish: Callable[[], None], stop: Callable[[], None]) -> None:
        """Ask once what happens to the answers that are being written."""
        from desktop.ui.dialogs.quit import FINISH, STOP, QuitQuestion

        if self._window.findChild(QuitQuestion) is not None:
            return
        question = QuitQuestion(count=count, unsaved=self._chat.unsaved, parent=self._window)
        answers = {FINISH: finish, STOP: stop}
        question.decided.connect(lambda answer: answers.get(answer, lambda: None)())
        question.open()

        def look() -> None:
            """Quit as was wished when there is nothing left to ask about; words that are nowhere yet are."""
            if not self._chat.running_count() and not self._chat.unsaved:
                question.finish()

        # Told after the conversation is, so that it has counted by then.
        self._bridge.updated.connect(look)
        self._chat.ready_changed.connect(look)
        question.finished.connect(lambda: self._bridge.updated.disconnect(look))
        question.finished.connect(lambda: self._chat.ready_changed.disconnect(look))

    # ------------------------------------------------------------------------------------------------------- appearance

    @Slot(str)
    def choose_theme(self, wished: str) -> None:
        """Wear another theme at once, and from now on as far as it can be kept."""
        self._theme.choose(wished)
        self._settings_presenter().set("theme", wished)

    @Slot()
    def zoom_in(self) -> None:
        """Make the transcript's text bigger."""
        self._choose_zoom(self.zoom + ZOOM_STEP)

    @Slot()
    def zoom_out(self) -> None:
        """Make the transcript's text smaller."""
        self._choose_zoom(self.zoom - ZOOM_STEP)

    @Slot()
    def zoom_reset(self) -> None:
        """Give the transcript's text its normal size."""
        self._choose_zoom(int(str(BY_NAME["zoom"].default)))

    def _choose_zoom(self, percent: int) -> None:
        """Show it at once: keys that repeat come faster than a disk writes."""
        setting = BY_NAME["zoom"]
        self.set_zoom(int(max(setting.minimum or percent, min(setting.maximum or percent, percent))))
        self._settings_presenter().set("zoom", self.zoom)

    def set_zoom(self, percent: int) -> None:
        """Show the transcript, and what is being written, at `percent` of their size."""
        self.zoom = percent
        self._window.composer.set_zoom(percent)
        self.zoom_changed.emit(percent)

    def connect_meter(self, model: str) -> None:
        """Let the composer's meter count from now on; `model` is the one at the start."""
        from desktop.wiring.metering import connect_meter

        connect_meter(bridge=self._bridge, chat=self._chat, composer=self._window.composer, model=model)

    # ------------------------------------------------------------------------------------------------------------ close

    async def keep_at_close(self, drafts: ComposerPresenter, place: str) -> None:
        """Keep what is typed and where the window stands; a disk that refuses is no reason to stay open."""
        with suppress(SobremesaError):
            await drafts.flush()
            await self._bridge.call(lambda backend: backend.settings.set("window", place))

    def close(self) -> None:
        """Close what was opened."""
        if self._settings_dialog is not None:
            self._settings_dialog.close()


def load_first_page() -> None:
    """Load the first page's code, beside the window's thread."""
    from desktop.presenters import firstrun
    from desktop.ui.firstrun import page

    del firstrun, page
