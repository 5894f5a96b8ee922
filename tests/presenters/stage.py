"""Presenters on real services with a scripted provider: what a test needs to play a conversation through."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import qasync

from desktop.presenters.bridge import Bridge
from desktop.presenters.chat import ChatPresenter
from desktop.presenters.composer import ComposerPresenter
from desktop.presenters.organising import OrganisingPresenter
from desktop.presenters.sidebar import SidebarPresenter
from desktop.presenters.transcript import TranscriptListModel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from desktop.domain.runs import Update
    from desktop.providers.scripted import Script
    from desktop.services.backend import Backend

T = TypeVar("T")
LIMIT_S = 30.0


class Box:
    """A composer without a widget: the text that stands in it."""

    def __init__(self) -> None:
        self.text = ""

    def show(self, text: str) -> None:
        self.text = text


class Stage:
    """A bridge, the presenters of the main window, and the loop that both need."""

    def __init__(self, loop: qasync.QEventLoop, folder: Path, scripts: Sequence[Script]) -> None:
        self.loop = loop
        self.folder = folder
        self.started = False
        self.may_open = threading.Event()
        self.may_open.set()
        self._scripts = scripts
        self.bridge = Bridge(loop=loop, open_backend=self._open)
        self.transcript = TranscriptListModel()
        self.chat = ChatPresenter(bridge=self.bridge, transcript=self.transcript, model="scripted/demo")
        self.sidebar = SidebarPresenter(bridge=self.bridge, now_ms=lambda: 1_795_262_400_000)
        self.box = Box()
        self.drafts = ComposerPresenter(bridge=self.bridge, read=lambda: self.box.text)
        self.drafts.draft_shown.connect(self.box.show)
        self.chat.opened.connect(self.drafts.open)
        self.chat.new_opened.connect(self.drafts.open_new)
        self.chat.taken.connect(lambda: self.box.show(""))
        self.chat.taken.connect(self.drafts.taken)
        self.chat.sent.connect(self.drafts.sent)
        self.chat.stored.connect(self.drafts.stored)
        self.chat.refused.connect(self.drafts.put_back)
        self.chat.session_changed.connect(lambda session_id, _title: self.sidebar.set_open(session_id))
        self.deeds = OrganisingPresenter(bridge=self.bridge)
        self.deeds.trashed.connect(lambda ids: self.chat.leave(ids[0]))
        self.troubles: list[str] = []
        self.chat.trouble.connect(self.troubles.append)
        self.bridge.trouble.connect(self.troubles.append)

    def start(self) -> None:
        """Open the services, as the window does after its first paint."""
        self.started = True
        self.bridge.start()
        self.sidebar.start()

    def until(self, condition: Callable[[], bool]) -> None:
        """Let both loops run until something is so; fail after half a minute."""
        self.loop.run_until_complete(self._until(condition))

    def ask(self, function: Callable[[Backend], Awaitable[T]]) -> T:
        """Call the services and return the result."""
        return self.wait_for(self.bridge.call(function))

    def wait_for(self, awaitable: Awaitable[T]) -> T:
        """Let both loops run until something is done; fail after half a minute."""

        async def wait() -> T:
            async with asyncio.timeout(LIMIT_S):
                return await awaitable

        result: T = self.loop.run_until_complete(wait())
        return result

    def rest(self) -> None:
        """Let everything that is under way come to its end."""
        self.ask(lambda backend: backend.chat.wait_idle())
        bridge = self.bridge
        self.until(lambda: not (bridge._tasks or bridge._waiting or bridge._timer.isActive()))

    def write(self, text: str) -> None:
        """Write in the composer."""
        self.box.text = text
        self.drafts.edited()

    def send(self, text: str) -> None:
        """Write and send."""
        self.write(text)
        self.chat.send(text)

    def texts(self) -> list[str]:
        """Return the texts that the transcript shows."""
        return [self.transcript.item(row).text for row in range(self.transcript.rowCount())]

    def titles(self) -> list[str]:
        """Return the titles that the sidebar lists."""
        return [self.sidebar.model.index(row).data() for row in range(self.sidebar.model.rowCount())]

    def draft(self, session_id: str) -> str:
        """Return the draft on disk."""
        return self.ask(lambda backend: backend.library.draft(session_id))

    def until_draft(self, session_id: Callable[[], str], text: str) -> None:
        """Let both loops run until a draft on disk reads like this."""

        async def wait() -> None:
            async with asyncio.timeout(LIMIT_S):
                while await self.bridge.call(lambda backend: backend.library.draft(session_id())) != text:
                    await asyncio.sleep(0.002)

        self.loop.run_until_complete(wait())

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(LIMIT_S):
            while not condition():
                await asyncio.sleep(0.002)

    async def _open(self, notify: Callable[[Update], None]) -> Backend:
        from desktop.providers.catalogue import Catalogue
        from desktop.providers.gateway import Gateway
        from desktop.providers.scripted import ScriptedProvider
        from desktop.providers.tokens import TokenCounter
        from desktop.services.backend import Backend
        from desktop.services.budget import BudgetService
        from desktop.services.chat import ChatService
        from desktop.services.context import ContextBuilder
        from desktop.services.library import LibraryService
        from desktop.services.models import ModelService
        from desktop.services.prices import PriceService
        from desktop.services.profiles import ProfileService
        from desktop.services.settings import SettingsService
        from desktop.services.spending import SpendingService
        from desktop.services.traffic import RecordingGateway
        from desktop.storage.secrets import Secrets
        from desktop.storage.settings_file import SettingsFile
        from desktop.storage.store import Store

        while not self.may_open.is_set():
            await asyncio.sleep(0.002)
        store = await Store.open(folder=self.folder)
        settings = SettingsService(file=SettingsFile(folder=self.folder))
        profiles = ProfileService(store=store, settings=settings, notify=notify)
        await profiles.load()
        settings.begin_with(profiles.begin)
        secrets = Secrets(folder=self.folder)
        counter = TokenCounter()
        gateway = Gateway(scripted=ScriptedProvider(scripts=self._scripts))
        catalogue = Catalogue()
        models = ModelService(store=store, secrets=secrets, settings=settings, catalogue=catalogue, demo=True)
        prices = PriceService(store=store, catalogue=catalogue)
        traffic = RecordingGateway(gateway=gateway, prices=prices)
        spending = SpendingService(store=store, profiles=profiles)
        budget = BudgetService(store=store, spending=spending, models=models, prices=prices)
        chat = ChatService(
            store=store,
            gateway=traffic,
            models=models,
            settings=settings,
            context=ContextBuilder(counter=counter),
            notify=notify,
            gate=budget,
            author=lambda: profiles.author,
        )
        library = LibraryService(store=store, settings=settings, notify=notify, profile=lambda: profiles.id)
        backend = Backend(
            store=store,
            gateway=gateway,
            settings=settings,
            models=models,
            chat=chat,
            library=library,
            counter=counter,
            secrets=secrets,
            notify=notify,
            prices=prices,
            traffic=traffic,
            budget=budget,
            spending=spending,
            profiles=profiles,
        )
        await backend._begin(warm=False)
        return backend


@contextmanager
def playing(app: QApplication, folder: Path, scripts: Sequence[Script] = (), *, start: bool = True) -> Iterator[Stage]:
    """Set up a stage and take it down again, in order."""
    loop = qasync.QEventLoop(app, already_running=False)
    asyncio.set_event_loop(loop)
    stage = Stage(loop, folder, scripts)
    if start:
        stage.start()
    try:
        yield stage
    finally:
        stage.may_open.set()
        stage.sidebar.stop()
        if stage.started:
            stage.wait_for(stage.drafts.flush())
        stage.wait_for(stage.bridge.close())
        loop.close()
        asyncio.set_event_loop(None)
