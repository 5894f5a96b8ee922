"""Taking a session out as a file: the writing, and what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.faults import SobremesaError

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge


class ExportPresenter(QObject):
    """Writes sessions to files. `ExportPresenter(bridge=…, parent=None)`."""

    exported = Signal(str)
    """The path that was written."""
    failed = Signal(str)
    """Why nothing was written: a sentence. A file that stood there before is as it was."""

    def __init__(self, *, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge

    @Slot(str, str)
    def export_markdown(self, session_id: str, path: str) -> None:
        """Write the session's path of messages to `path` as Markdown."""
        self._bridge.start_task(self._export(session_id, Path(path)))

    async def _export(self, session_id: str, path: Path) -> None:
        try:
            written = await self._bridge.call(lambda backend: backend.library.export_markdown(session_id, path))
        except SobremesaError as error:
            self.failed.emit(str(error))
            return
        self.exported.emit(str(written))
