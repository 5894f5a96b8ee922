"""Where a file goes. Qt's own question about an existing file runs a nested event loop, so it is asked here."""

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.i18n import _
from desktop.ui.dialogs.question import CANCEL, Answer, Question

REPLACE = "replace"


class SaveDialog(QFileDialog):
    """Asks with `open()`; `chosen` comes with the path to write. `name` is the object name.

    A file name without an ending gets `suffix`.

    What stands at that path may be replaced: that was asked. On macOS the system's panel asks by itself.
    """

    chosen = Signal(str)

    def __init__(
        self,
        *,
        name: str,
        title: str,
        suggested: Path,
        suffix: str,
        filters: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent, title, str(suggested.parent))
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setFileMode(QFileDialog.FileMode.AnyFile)
        self.setNameFilters(list(filters))
        self.setDefaultSuffix(suffix)
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
            answers=(Answer(id=CANCEL, text=_("Cancel"), primary=True), Answer(id=REPLACE, text=_("Replace"))),
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


class ExportDialog(SaveDialog):
    """`ExportDialog(suggested=Path, parent=…)`: where a session's Markdown goes."""

    def __init__(self, *, suggested: Path, parent: QWidget | None = None) -> None:
        super().__init__(
            name="exportDialog",
            title=_("Export to Markdown"),
            suggested=suggested,
            suffix="md",
            filters=(_("Markdown (*.md)"), _("All files (*)")),
            parent=parent,
        )


class ExportFolderDialog(QFileDialog):
    """`ExportFolderDialog(folder=Path, parent=…)`: the folder that gets a Markdown file for each session."""

    chosen = Signal(str)

    def __init__(self, *, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent, _("Export to a folder"), str(folder))
        self.setObjectName("exportFolderDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFileMode(QFileDialog.FileMode.Directory)
        self.setOption(QFileDialog.Option.ShowDirsOnly)
        self.setLabelText(QFileDialog.DialogLabel.Accept, _("Export here"))
        self.fileSelected.connect(self.chosen)


class SaveCodeDialog(SaveDialog):
    """`SaveCodeDialog(file_name=…, parent=…)`: where a piece of code goes; the documents are suggested."""

    def __init__(self, *, file_name: str, parent: QWidget | None = None) -> None:
        documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        super().__init__(
            name="saveCodeDialog",
            title=_("Save code"),
            suggested=Path(documents) / file_name,
            suffix=file_name.rpartition(".")[2],
            filters=(_("All files (*)"),),
            parent=parent,
        )
