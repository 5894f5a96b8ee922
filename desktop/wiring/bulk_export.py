"""Part of the composition root: several sessions as files in a folder, one after the other."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Slot

from desktop.i18n import _, ngettext
from desktop.presenters.bridge import Bridge
from desktop.ui.window import MainWindow

if TYPE_CHECKING:
    from desktop.presenters.export import ExportPresenter

Ids = tuple[str, ...]


class BulkExport(QObject):
    """Asks for a folder, or `ask_one` for the file of a single session, and says how far the writing is."""

    def __init__(self, *, bridge: Bridge, window: MainWindow, ask_one: Callable[[str], None], parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._window, self._ask_one = bridge, window, ask_one
        self._presenter: ExportPresenter | None = None

    @Slot(object)
    def ask(self, ids: Ids) -> None:
        """Ask where the files of these sessions go."""
        if len(ids) == 1:
            self._ask_one(ids[0])
        elif ids:
            from desktop.ui.dialogs.export import ExportFolderDialog

            documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
            dialog = ExportFolderDialog(folder=Path(documents), parent=self._window)
            dialog.chosen.connect(lambda folder: self.write(ids, folder))
            dialog.open()

    def write(self, ids: Ids, folder: str) -> None:
        """Write a file for each session into a folder."""
        if self._presenter is None:
            from desktop.presenters.export import ExportPresenter

            self._presenter = ExportPresenter(bridge=self._bridge, parent=self)
            self._presenter.progressed.connect(self._on_progressed)
            self._presenter.all_exported.connect(self._on_all_exported)
            self._presenter.stopped.connect(self._on_stopped)
            self._presenter.failed.connect(self._window.banner.warn)
        self._presenter.export_many(ids, folder)

    @Slot(int, int)
    def _on_progressed(self, done: int, total: int) -> None:
        assert self._presenter is not None
        words = _("Exported {done} of {total}").format(done=done, total=total)
        self._window.banner.say(words, action=_("Cancel"), do=self._presenter.stop_many)

    @Slot(int, str)
    def _on_all_exported(self, count: int, folder: str) -> None:
        words = ngettext("{count} session exported to {folder}", "{count} sessions exported to {folder}", count)
        self._window.banner.say(words.format(count=count, folder=folder))

    @Slot(int)
    def _on_stopped(self, count: int) -> None:
        words = ngettext("Stopped after {count} session.", "Stopped after {count} sessions.", count)
        self._window.banner.say(words.format(count=count))
