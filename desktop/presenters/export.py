"""Taking words out as a file, a session or a piece of code: the writing, and what came of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.faults import SobremesaError

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge


class ExportPresenter(QObject):
    """Writes sessions and code to files. `ExportPresenter(bridge=…, parent=None)`."""

    exported = Signal(str)
    """The path that was written."""
    code_saved = Signal(str)
    """The path that a piece of code was written to."""
    failed = Signal(str)
    """Why nothing was written: a sentence. A file that stood there before is as it was."""

    def __init__(self, *, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge

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
