"""Files for sessions that are dragged out of the window: they must be there before it goes on."""

from __future__ import annotations

import asyncio
from contextlib import suppress
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
PREFIX = "sobremesa-drag-"
OLD_S = 24 * 60 * 60
"""After so long nobody reads files any more that a program which was killed left behind."""


class DragFiles(QObject):
    """Writes Markdown into a private folder when a drag begins; `close` removes all of it."""

    ready = Signal()
    """The files are there, or are waited for no longer: the drag may begin."""

    def __init__(self, *, bridge: Bridge, model: SessionListModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._model = model
        self._folder: Path | None = None
        self._count = 0
        self._task: asyncio.Task[None] | None = None
        self._unused: Path | None = None
        """What was written for a drag that has not begun yet."""
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._begin)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._begin)

    @Slot(object)
    def want(self, ids: tuple[str, ...]) -> None:
        """Write the files of these sessions, and tell `ready` when they are there or take too long.

        What was written for an earlier drag stays where it is.
        """
        self.give_up()
        self._model.files = {}
        if ids and len(ids) <= MOST:
            self._patience.start()
            self._task = self._bridge.start_task(self._write(ids), on_error=self._on_error)
        else:
            self._soon.start()

    @Slot()
    def give_up(self) -> None:
        """Write no more, and remove what was written: the button was let go before the drag could begin."""
        self._patience.stop()
        self._soon.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._unused is not None:
            self._model.files = {}
            _remove(self._unused)
            self._unused = None

    @Slot()
    def _begin(self) -> None:
        self._unused = None
        self.ready.emit()

    async def _write(self, ids: tuple[str, ...]) -> None:
        if self._folder is None:
            self._folder = await asyncio.to_thread(_make_folder)
        self._count += 1
        # A folder for each drag: who takes the files may still be reading those of the one before.
        folder = self._folder / str(self._count)

        async def write(backend: Backend) -> dict[str, str]:
            from desktop.services.exchange.writing import free_path

            await asyncio.to_thread(folder.mkdir, parents=True)
            files: dict[str, str] = {}
            for session_id in ids:
                session = await backend.store.session(session_id)
                path = free_path(folder, session.title)
                files[session_id] = str(await backend.library.export_markdown(session_id, path))
            return files

        try:
            files = await self._bridge.call(write)
            if self._patience.isActive():
                self._model.files, self._unused = files, folder
        finally:
            if self._unused != folder:  # given up, or too late: the drag has begun without them
                _remove(folder)
        self._end()

    def _on_error(self, _error: SobremesaError) -> None:
        self._end()  # without files the sessions can still be moved to a folder

    def _end(self) -> None:
        self._task = None
        if self._patience.isActive():
            self._patience.stop()
            # Not from inside this task: a drag has a loop of its own, in which no other task of ours would go on.
            self._soon.start()

    @Slot()
    def close(self) -> None:
        """Remove what was written."""
        self.give_up()
        if self._folder is not None:
            _remove(self._folder)
            self._folder = None


def _make_folder() -> Path:
    """Make the folder of this program, and remove those that others left behind long ago."""
    import time
    from tempfile import gettempdir, mkdtemp  # not before something is dragged

    for old in Path(gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if old.lstat().st_mtime < time.time() - OLD_S:
                _remove(old)
    return Path(mkdtemp(prefix=PREFIX))


def _remove(folder: Path) -> None:
    from shutil import rmtree

    rmtree(folder, ignore_errors=True)
