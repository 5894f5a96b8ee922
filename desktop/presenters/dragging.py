"""Files for sessions that are dragged out of the window: they must be there before the drag begins."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.domain.faults import SobremesaError

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.presenters.session_list import SessionListModel
    from desktop.services.backend import Backend

MOST = 100
"""More sessions than this are moved inside the window alone: nobody drags so many files."""
PATIENCE_MS = 250
"""How long a drag that has begun waits for its files; without them it still moves sessions inside the window."""


class DragFiles(QObject):
    """Writes Markdown into a private folder while the button is down; `close` removes all of it."""

    ready = Signal()
    """The files are there, or are waited for no longer: the drag may begin."""

    def __init__(self, *, bridge: Bridge, model: SessionListModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._model = model
        self._folder = ""
        self._count = 0
        self._task: asyncio.Task[None] | None = None
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self.ready)

    @Slot(object)
    def prepare(self, ids: tuple[str, ...]) -> None:
        """Write the files of these sessions; what was written for an earlier drag stays where it is."""
        self.give_up()
        self._model.files = {}
        if ids and len(ids) <= MOST:
            self._task = self._bridge.start_task(self._write(ids), on_error=self._on_error)

    @Slot()
    def give_up(self) -> None:
        """Write no more: the button was let go."""
        self._patience.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    @Slot()
    def want(self) -> None:
        """Tell `ready` as soon as the files are there."""
        if self._task is None:
            QTimer.singleShot(0, self, self.ready.emit)
        else:
            self._patience.start()

    async def _write(self, ids: tuple[str, ...]) -> None:
        from tempfile import mkdtemp  # not before something may be dragged

        self._folder = self._folder or mkdtemp(prefix="sobremesa-")
        self._count += 1
        # A folder for each drag: who takes the files may still be reading those of the one before.
        folder = Path(self._folder) / str(self._count)

        async def write(backend: Backend) -> dict[str, str]:
            from desktop.services.exchange.writing import free_path

            await asyncio.to_thread(folder.mkdir)
            files: dict[str, str] = {}
            for session_id in ids:
                session = await backend.store.session(session_id)
                path = free_path(folder, session.title)
                files[session_id] = str(await backend.library.export_markdown(session_id, path))
            return files

        self._model.files = await self._bridge.call(write)
        self._end()

    def _on_error(self, _error: SobremesaError) -> None:
        self._end()  # without files the sessions can still be moved to a folder

    def _end(self) -> None:
        self._task = None
        if self._patience.isActive():
            self._patience.stop()
            # Not from inside this task: a drag has a loop of its own, in which no other task of ours would go on.
            QTimer.singleShot(0, self, self.ready.emit)

    @Slot()
    def close(self) -> None:
        """Remove what was written."""
        self.give_up()
        if self._folder:
            from shutil import rmtree

            rmtree(self._folder, ignore_errors=True)
            self._folder = ""
