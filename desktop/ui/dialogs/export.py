"""Where an export goes. Qt's own question about an existing file runs a nested event loop, so it is asked here."""

import sys
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.i18n import _
from desktop.ui.dialogs.question import CANCEL, Answer, Question

REPLACE = "replace"


class ExportDialog(QFileDialog):
    """`ExportDialog(suggested=Path, parent=…)`, then `open()`; `chosen` with the path to write.

    What stands at that path may be replaced: that was asked. On macOS the system's panel asks by itself.
    """

    chosen = Signal(str)

    def __init__(self, *, suggested: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent, _("Export to Markdown"), str(suggested.parent))
        self.setObjectName("exportDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setFileMode(QFileDialog.FileMode.AnyFile)
        self.setNameFilters([_("Markdown (*.md)"), _("All files (*)")])
        self.setDefaultSuffix("md")
        self.selectFile(suggested.name)
        self.setOption(QFileDialog.Option.DontConfirmOverwrite, sys.platform != "darwin")
        self.fileSelected.connect(self._on_file_selected)

    @Slot(str)
    def _on_file_selected(self, path: str) -> None:
        if sys.platform == "darwin" or not Path(path).exists():
            self.chosen.emit(path)
            return
        parent = self.parentWidget()
        question = Question(
            name="replaceQuestion",
            title=_("Replace the file?"),
            text=_("There is a file of this name already. Its content would be lost."),
            detail=path,
            answers=(
                Answer(id=CANCEL, text=_("Cancel"), primary=True),
                Answer(id=REPLACE, text=_("Replace")),
            ),
            parent=parent,
        )
        # This dialog is closing and will be deleted; the signal is sent while the question keeps it.
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
        question.decided.connect(lambda answer: self._on_replace_decided(answer, path))
        question.open()

    def _on_replace_decided(self, answer: str, path: str) -> None:
        if answer == REPLACE:
            self.chosen.emit(path)
        self.deleteLater()
