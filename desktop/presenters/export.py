"""Taking words out as a file, a session or a piece of code: the writing, and what came of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.faults import SobremesaError

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend


class ExportPresenter(QObject):
    """Writes sessions and code to files. `ExportPresenter(bridge=…, parent=None)`."""

    exported = Signal(str)
    """The path that was written."""
    code_saved = Signal(str)
    """The path that a piece of code was written to."""
    progressed = Signal(int, int)
    """How many of how many sessions are written."""
    all_exported = Signal(int, str)
    """How many sessions were written, and the folder they are in."""
    stopped = Signal(int)
    """How many sessions were written before somebody wanted no more."""
    failed = Signal(str)
    """Why nothing was written: a sentence. A file that stood there before is as it was."""

    def __init__(self, *, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._many: asyncio.Task[None] | None = None

    def export_many(self, session_ids: tuple[str, ...], folder: str) -> None:
        """Write a Markdown file for each session into a folder; no file that is there is replaced."""
        self.stop_many()
        self._many = self._bridge.start_task(self._export_many(session_ids, Path(folder)))

    @Slot()
    def stop_many(self) -> None:
        """Write no more files; those that are whole stay, and a half one never is there."""
        if self._many is not None:
            self._many.cancel()

    async def _export_many(self, session_ids: tuple[str, ...], folder: Path) -> None:
        done = 0

        async def write(backend: Backend) -> None:
            from desktop.services.exchange.writing import free_path

            session = await backend.store.session(session_ids[done])
            path = await asyncio.to_thread(free_path, folder, session.title)
            await backend.library.export_markdown(session.id, path)

        task = self._many
        try:
            for _session_id in session_ids:
                await self._bridge.call(write)
                done += 1
                self.progressed.emit(done, len(session_ids))
        except SobremesaError as error:
            self.failed.emit(str(error))
        except asyncio.CancelledError:
            self.stopped.emit(done)
            raise
        else:
            self.all_exported.emit(done, str(folder))
        finally:
            if self._many is task:
                self._many = None

    @Slot(str, str)
    def export_markdown(self, session_id: str, path: str) -> None:
        """Write the session's path of messages to `path` as Markdown."""
        self._bridge.start_task(self._export(session_id, Path(path)))

    @Slot(str, str)
    def save_code(self, text: str, path: str) -> None:
        """Write a piece of code to `path`, in UTF-8."""
        self._bridge.start_task(self._save_code(text, Path(path)))

    async def _save_code(self, text: str, path: Path) -> None:
        try:
            await self._bridge.call(lambda _backend: asyncio.to_thread(_write, path, text))
        except SobremesaError as error:
            self.failed.emit(str(error))
            return
        self.code_saved.emit(str(path))

    async def _export(self, session_id: str, path: Path) -> None:
        try:
            written = await self._bridge.call(lambda backend: backend.library.export_markdown(session_id, path))
        except SobremesaError as error:
            self.failed.emit(str(error))
            return
        self.exported.emit(str(written))


def _write(path: Path, text: str) -> None:
    """Write a whole file or none; what UTF-8 cannot hold becomes a question mark."""
    from desktop.services.exchange.writing import WholeFile  # not before something is saved

    with WholeFile(path) as file:
        file.write((text.encode("utf-8", "replace").decode("utf-8"),))
        file.commit()
