"""Saves a piece of code where the user says; written beside, then moved, so a failure leaves the old file alone."""

import re

from PySide6.QtCore import QIODevice, QSaveFile
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from desktop.i18n import _

_SUFFIXES = {
    "bash": "sh",
    "c++": "cpp",
    "csharp": "cs",
    "javascript": "js",
    "jsx": "jsx",
    "kotlin": "kt",
    "markdown": "md",
    "perl": "pl",
    "powershell": "ps1",
    "py": "py",
    "python": "py",
    "python3": "py",
    "ruby": "rb",
    "rust": "rs",
    "shell": "sh",
    "sh": "sh",
    "text": "txt",
    "typescript": "ts",
    "yaml": "yml",
}
_PLAIN_SUFFIX = re.compile(r"[a-z0-9]{1,8}")


def suggested_name(language: str) -> str:
    """Return a file name for code in a language."""
    known = _SUFFIXES.get(language.lower())
    if known is None:
        known = language.lower() if _PLAIN_SUFFIX.fullmatch(language.lower()) else "txt"
    return f"code.{known}"


def write(path: str, text: str) -> str:
    """Write a file; return why that failed, or ""."""
    file = QSaveFile(path)
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        return file.errorString()
    file.write(text.encode("utf-8", "replace"))
    return "" if file.commit() else file.errorString()


def ask_and_save(parent: QWidget, text: str, language: str) -> QFileDialog:
    """Ask for a place and save there; a failure is said in a sentence."""
    dialog = QFileDialog(parent, _("Save code"))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(suggested_name(language))
    dialog.fileSelected.connect(lambda path: _save(parent, path, text))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def _save(parent: QWidget, path: str, text: str) -> None:
    reason = write(path, text)
    if not reason:
        return
    box = QMessageBox(QMessageBox.Icon.Warning, _("Save code"), _("The file could not be written."), parent=parent)
    box.setInformativeText(reason)
    box.finished.connect(box.deleteLater)
    box.open()
