"""What the Help menu opens, built when it is wanted."""

from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow


class HelpPages(QObject):
    """`HelpPages(window=…, folder=…)`: `folder` is the data folder."""

    def __init__(self, *, window: QMainWindow, folder: Path) -> None:
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
        from desktop.presenters.manual import chapters, with_keys
        from desktop.presenters.shortcuts import native
        from desktop.ui.dialogs.manual import ManualDialog
        from desktop.wiring.shortcuts import commands_of

        commands = commands_of(self._window.menuBar())
        shown = {key: native(key) for command in commands for key in (*command.keys, *command.defaults)}
        known = with_keys(chapters(language()), commands, shown)
        ManualDialog(chapters=known, parent=self._window).read(chapter)
