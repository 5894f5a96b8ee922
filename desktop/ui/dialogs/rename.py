"""A new title for a session."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.ui.parts import button, heading

LONGEST = 200


class RenameDialog(QDialog):
    """`RenameDialog(title=…, parent=…)`; `renamed` with the new title, never empty and never the old one."""

    renamed = Signal(str)

    def __init__(self, *, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("renameDialog")
        self.setWindowTitle(_("Rename session"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._old = title
        self.field = QLineEdit(title)
        self.field.setObjectName("renameField")
        self.field.setAccessibleName(_("Title"))
        self.field.setMaxLength(LONGEST)
        self.field.setMinimumWidth(24 * self.fontMetrics().height())
        self.field.selectAll()
        self._ok = button(_("Rename"), mark="primary", clicked=self._take)
        self._ok.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(button(_("Cancel"), clicked=self.reject))
        row.addWidget(self._ok)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(heading(_("Rename session"), 1.14))
        layout.addWidget(self.field)
        layout.addLayout(row)
        self.field.setFocus()
        self.field.textChanged.connect(self._on_text_changed)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self._ok.setEnabled(bool(text.strip()))

    def _take(self) -> None:
        title = " ".join(self.field.text().split())
        if title and title != self._old:
            self.renamed.emit(title)
        self.accept()
