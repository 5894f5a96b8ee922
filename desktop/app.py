"""The composition root of the window: builds in order, connects, runs the loops, and shuts down in reverse.

Nothing is decided here. What the window needs before its first paint is built first; everything that reads the
database or loads a library begins after it, on the engine thread. What is opened on demand stands in `wiring/`.
"""

# isort: off
import desktop.before_qt  # noqa: F401  before anything that imports PySide6

# isort: on
import asyncio
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import qasync
from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from desktop.arguments import parser
from desktop.collector import Collector
from desktop.domain.runs import Update
from desktop.i18n import _, system_language, use_language
from desktop.paths import APP_NAME, data_dir
from desktop.presenters.bridge import Bridge
from desktop.presenters.chat import ChatPresenter
from desktop.presenters.composer import ComposerPresenter
from desktop.presenters.export import ExportPresenter
from desktop.presenters.models import ModelsPresenter
from desktop.presenters.sidebar import SidebarPresenter
from desktop.presenters.transcript import TranscriptListModel
from desktop.services.engine import report_mistake
from desktop.services.options import Options
from desktop.ui.picker.button import ModelPicker
from desktop.ui.theme import ThemeControl
from desktop.ui.transcript.place import TranscriptPlace
from desktop.ui.window import MainWindow
from desktop.wiring.behind import connect_behind, load_behind
from desktop.wiring.first_settings import read_settings
from desktop.wiring.help_pages import HelpPages
from desktop.wiring.on_demand import OnDemand, load_first_page
from desktop.wiring.profiles import Profiles
from desktop.wiring.session_dialogs import SessionDialogs

if TYPE_CHECKING:
    from desktop.services.backend import Backend
    from desktop.ui.transcript.view import TranscriptView
    from desktop.wiring.finding import Finding

FIRST_PAINT_LIMIT_MS = 400
KEEP_LIMIT_S = 1.0
"""How long closing waits until what is typed is kept; what the database's thread has is written even after that."""
SWITCH_INTERVAL_S = 0.001


class Desktop(QObject):
    """The running program: `window`, `loop` (qasync) and `close()`. Made by `build`."""

    def __init__(self, *, app: QApplication, loop: qasync.QEventLoop, options: Options, session_id: str = "") -> None:
        super().__init__()
        self.app = app
        self.loop = loop
        self.options = options
        self.finished: asyncio.Future[int] = loop.create_future()
        self._session_id = session_id
        self._closing: asyncio.Task[None] | None = None
        self._leaving: asyncio.Task[None] | None = None
        self._started = False
        self._collector = Collector(parent=self)
        self._collector.start()

        settings = read_settings(options.folder)
        use_language(str(settings["language"]) or system_language())
        self.theme = ThemeControl(wished=str(settings["theme"]), parent=self)
        self.bridge = Bridge(loop=loop, open_backend=self._open_backend)
        self.transcript = TranscriptListModel(parent=self)
        self.sidebar = SidebarPresenter(bridge=self.bridge, now_ms=_now_ms, parent=self)
        self.chat = ChatPresenter(bridge=self.bridge, transcript=self.transcript, model=options.address, parent=self)
        self.models = ModelsPresenter(bridge=self.bridge, parent=self)
        self.exporter = ExportPresenter(bridge=self.bridge, parent=self)
        self.place = TranscriptPlace()
        self.picker = ModelPicker(presenter=self.models)
        self.window = MainWindow(
            theme=self.theme.theme, sessions=self.sidebar.model, transcript=self.place, model_picker=self.picker
        )
        self.drafts = ComposerPresenter(bridge=self.bridge, read=self.window.composer.text, parent=self)
        self.on_demand = OnDemand(
            bridge=self.bridge,
            window=self.window,
            chat=self.chat,
            sidebar=self.sidebar,
            models=self.models,
            theme=self.theme,
            transcript=self.transcript,
            folder=options.folder,
            now_ms=_now_ms,
        )
        self.dialogs = SessionDialogs(
            bridge=self.bridge, window=self.window, chat=self.chat, theme=self.theme, now_ms=_now_ms
        )
        self.profiles = Profiles(
            bridge=self.bridge, window=self.window, chat=self.chat, drafts=self.drafts, theme=self.theme
        )
        self._sort = str(settings["session_sort"])
        self.help = HelpPages(window=self.window, folder=options.folder)
        if options.demo:
            self.window.show_demo()
        self.window.take_place(str(settings["window"]))
        self.window.commands.show_theme(str(settings["theme"]))
        self.on_demand.set_zoom(int(str(settings["zoom"])))
        self._connect()
        if settings["profile_locked"]:
            self.profiles.cover()
        self.window.show()
        self.chat.new_session()
        self.window.installEventFilter(self)
        QTimer.singleShot(FIRST_PAINT_LIMIT_MS, self.start)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Start the services behind the first paint, not before it."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self.start)
        return False

    @Slot()
    def start(self) -> None:
        """Open the database and load the provider library on the engine thread."""
        if not self._started and self._closing is None:
            self._started = True
            ask = self.on_demand.ask_export
            self.dialogs.organise(sidebar=self.sidebar, models=self.models, ask_export=ask, sort=self._sort)
            self.bridge.start()
            self.sidebar.start()
            self.models.load()
            self.bridge.start_task(self._build_rest())
            if self._session_id:
                self.chat.open(self._session_id)

    async def _build_rest(self) -> None:
        """Build what the first paint did without; its code is loaded beside the window's thread."""
        view_class = await self.bridge.aside(_load_view)
        view = view_class(theme=self.theme.theme, model=self.transcript)
        view.set_zoom(self.on_demand.zoom)
        finding = self._connect_view(view)
        self.place.fill(view)
        await self.profiles.build()
        await self.bridge.aside(load_first_page)
        self.on_demand.show_first_page()
        self.on_demand.connect_meter(self.options.address)
        await self.bridge.aside(load_behind)
        connect_behind(
            bridge=self.bridge,
            window=self.window,
            chat=self.chat,
            demand=self.on_demand,
            models=self.models,
            picker=self.picker,
            theme=self.theme,
            finding=finding,
            now_ms=_now_ms,
        )

    def close(self) -> None:
        """Shut down at once and wait for it: runs are stopped and their text kept. Harmless when done twice."""
        self._shut_down_soon()
        if not self.loop.is_running():
            self.loop.run_until_complete(self.finished)

    # ------------------------------------------------------------------------------------- connections, by their sender

    def _connect(self) -> None:
        window, chat, drafts, demand = self.window, self.chat, self.drafts, self.on_demand
        composer, commands = window.composer, window.commands

        self.bridge.ready.connect(demand.show_what_is_wrong)
        self.bridge.failed.connect(demand.show_store_trouble)
        self.bridge.trouble.connect(window.banner.warn)

        window.close_wanted.connect(self._on_close_wanted)
        window.header.rename_requested.connect(chat.rename)

        commands.new_session.triggered.connect(chat.new_session)
        commands.new_session.triggered.connect(window.focus_composer)
        commands.stop.triggered.connect(chat.stop)
        commands.theme_wanted.connect(demand.choose_theme)
        commands.open_settings.triggered.connect(demand.open_settings)
        commands.open_trash.triggered.connect(demand.open_trash)
        commands.manual.triggered.connect(self.help.open_manual)
        commands.shortcuts.triggered.connect(self.help.open_shortcuts)
        commands.data_folder.triggered.connect(self.help.open_data_folder)
        commands.about.triggered.connect(self.help.open_about)
        commands.choose_model.triggered.connect(self.picker.open_list)
        commands.zoom_in.triggered.connect(demand.zoom_in)
        commands.zoom_out.triggered.connect(demand.zoom_out)
        commands.zoom_reset.triggered.connect(demand.zoom_reset)

        composer.submitted.connect(self.dialogs.budget.send)
        composer.stop_requested.connect(chat.stop)
        composer.edited.connect(drafts.edited)

        self.picker.chosen.connect(chat.choose_model)
        self.picker.provider_wanted.connect(demand.open_providers)

        chat.session_changed.connect(demand.show_session)
        chat.opened.connect(drafts.open)
        chat.new_opened.connect(drafts.open_new)
        chat.running_changed.connect(composer.set_running)
        chat.ready_changed.connect(composer.set_ready)
        chat.running_changed.connect(commands.stop.setEnabled)
        chat.model_changed.connect(self.picker.set_current)
        chat.saving_changed.connect(demand.show_saving)
        chat.saving_changed.connect(self._on_saving_changed)
        chat.taken.connect(composer.clear)
        chat.taken.connect(drafts.taken)
        chat.taken.connect(demand.show_transcript)
        chat.sent.connect(drafts.sent)
        chat.stored.connect(drafts.stored)
        chat.refused.connect(drafts.put_back)
        chat.meter_changed.connect(composer.set_meter)
        chat.trouble.connect(window.banner.warn)

        self.exporter.code_saved.connect(lambda path: window.banner.say(_("Saved to {path}").format(path=path)))
        self.exporter.failed.connect(window.banner.warn)

        drafts.draft_shown.connect(composer.set_text)

        self.theme.changed.connect(window.set_theme)

    def _connect_view(self, view: "TranscriptView") -> "Finding":
        from desktop.wiring.transcript_connections import connect_transcript  # loaded by now, see `_load_view`

        finding = connect_transcript(
            view,
            bridge=self.bridge,
            chat=self.chat,
            demand=self.on_demand,
            dialogs=self.dialogs,
            exporter=self.exporter,
            picker=self.picker,
            place=self.place,
            theme=self.theme,
            transcript=self.transcript,
            window=self.window,
        )
        self.dialogs.connect_view(view, models=self.models, transcript=self.transcript)
        return finding

    # ---------------------------------------------------------------------------------------------- start and shut down

    async def _open_backend(self, notify: Callable[[Update], None]) -> "Backend":
        from desktop.services.backend import Backend  # the database and the providers: not before the first paint

        return await Backend.open(options=self.options, notify=notify)

    @Slot()
    def _on_close_wanted(self) -> None:
        count = self.chat.running_count()
        if count and self._closing is None:
            self.on_demand.ask_quit(count, finish=self._finish_in_background, stop=self._shut_down_soon)
        else:
            self._shut_down_soon()

    def _finish_in_background(self) -> None:
        async def wait() -> None:
            await self.bridge.call(lambda backend: backend.chat.wait_idle())
            self._shut_down_soon()

        self.window.hide()
        self._leaving = self.bridge.start_task(wait())

    @Slot(str)
    def come_back(self, session_id: str = "") -> None:
        """Show the window, as a later start asks; a program that was about to leave stays."""
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None
        self.window.raise_to_front()
        if session_id:
            self.chat.open(session_id)

    @Slot(str)
    def _on_saving_changed(self, trouble: str) -> None:
        """Show a window that is writing in the background when its words reach no disk."""
        if trouble and self._leaving is not None:
            self.come_back()

    @Slot()
    def _shut_down_soon(self) -> None:
        if self._closing is None:
            self._closing = self.loop.create_task(self._shut_down())

    async def _shut_down(self) -> None:
        """End in reverse: what is typed is kept, then the services, then the window."""
        self.window.setEnabled(False)
        place = self.window.place()
        self.window.hide()
        self.sidebar.stop()
        if not self._started and (self.chat.running_count() or self.window.composer.text()):
            self._started = True  # quit in the first blink, with words that are nowhere yet
            self.bridge.start()
        if self._started:
            with suppress(TimeoutError):
                async with asyncio.timeout(KEEP_LIMIT_S):
                    await self.chat.settle()
                    await self.on_demand.keep_at_close(self.drafts, place)
        await self.bridge.close()
        self.on_demand.close()
        self.dialogs.close()
        self.window.close_now()
        self._collector.stop()
        if not self.finished.done():
            self.finished.set_result(0)


def build(argv: Sequence[str]) -> Desktop:
    """Make everything and show the window, without starting the loop; raises `SystemExit` for wrong options."""
    use_language(system_language())
    wished = parser().parse_args(list(argv))
    folder = data_dir(wished.data_dir, demo=wished.demo)
    options = Options(
        folder=folder,
        model=wished.model,
        api_base=wished.api_base,
        key_variable=wished.api_key_variable,
        demo=wished.demo,
    )
    # The window takes the interpreter back from the engine within a millisecond: halves the loop's longest gaps.
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    app = QApplication.instance() or QApplication([APP_NAME, "-style", "fusion"])
    assert isinstance(app, QApplication)
    app.setApplicationName(APP_NAME)
    app.setApplicationDisplayName(APP_NAME)
    app.setDesktopFileName(APP_NAME.lower())
    app.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(app, already_running=False)
    loop.set_exception_handler(report_mistake)
    asyncio.set_event_loop(loop)
    return Desktop(app=app, loop=loop, options=options, session_id=wished.session)


def main(argv: Sequence[str]) -> int:
    """Open the window, or bring up the one that is open on the same data folder; return the exit code."""
    use_language(system_language())
    wished = parser().parse_args(list(argv))
    if wished.tour:
        from desktop.tour import tour

        return tour(argv, Path(wished.tour))
    from desktop.lifetime import Lifetime

    lifetime = Lifetime(folder=data_dir(wished.data_dir, demo=wished.demo))
    if not lifetime.is_first():
        return lifetime.hand_over(session_id=wished.session, model=wished.model)
    desktop = build(argv)
    lifetime.attach(come_back=desktop.come_back, close=desktop.close, tell=desktop.bridge.trouble.emit)
    try:
        with desktop.loop:
            code: int = desktop.loop.run_until_complete(desktop.finished)
    finally:
        lifetime.end()
    # All is closed and on the disk. Whatever thread is left, in the middle of loading a library or hanging on a disk,
    # must not hold up the end, and taking the interpreter down around it aborts now and then.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _load_view() -> "type[TranscriptView]":
    from desktop.domain import markdown, markdown_written
    from desktop.ui.transcript.view import TranscriptView
    from desktop.wiring import message_deeds, transcript_connections

    # Loaded, so that the first message does not wait for them.
    del message_deeds, transcript_connections, markdown, markdown_written
    return TranscriptView


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
