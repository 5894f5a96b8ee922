"""Where everything is kept. The folder opens only when it is asked for."""

from pathlib import Path

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from desktop.i18n import _
from desktop.ui.dialogs.question import CANCEL, Answer, Question

OPEN = "open"


class DataQuestion(Question):
    """`DataQuestion(folder=Path, parent=…)`, then `open()`."""

    def __init__(self, *, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(
            name="dataFolder",
            title=_("Where is my data?"),
            text=_(
                "All sessions are in the file sobremesa.db in this folder, with the settings beside it. "
                "Keys are in the system keychain where there is one."
            ),
            detail=str(folder),
            answers=(Answer(id=OPEN, text=_("Open the folder")), Answer(id=CANCEL, text=_("Close"), primary=True)),
            parent=parent,
        )
        self._folder = folder
        self.decided.connect(self._on_decided)

    @Slot(str)
    def _on_decided(self, answer: str) -> None:
        if answer == OPEN:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))
