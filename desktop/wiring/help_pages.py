"""What the Help menu opens, built when it is wanted."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget


class HelpPages(QObject):
    """`HelpPages(window=…, folder=…)`: `folder` is the data folder."""

    def __init__(self, *, window: QWidget, folder: Path) -> None:
        super().__init__(window)
        self._window = window
        self._folder = folder

    @Slot()
    def open_manual(self) -> None:
        """Open the manual at its beginning."""
        self._read("")

    @Slot()
    def open_shortcuts(self) -> None:
        """Open the manual at the keys."""
        from desktop.presenters.manual import KEYBOARD

        self._read(KEYBOARD)

    @Slot()
    def open_data_folder(self) -> None:
        """Say where everything is kept."""
        from desktop.ui.dialogs.data import DataQuestion

        DataQuestion(folder=self._folder, parent=self._window).open()

    @Slot()
    def open_about(self) -> None:
        """Say what this is."""
        from desktop.ui.dialogs.about import AboutDialog

        AboutDialog(parent=self._window).open()

    def _read(self, chapter: str) -> None:
        from desktop.i18n import language
        from desktop.presenters.manual import chapters
        from desktop.ui.dialogs.manual import ManualDialog

        ManualDialog(chapters=chapters(language()), parent=self._window).read(chapter)
