"""Another text for something that was said: a question, an answer, a summary. Ctrl+Enter keeps it, Escape leaves.

What is typed stays in the dialog when it is refused, and is told when the dialog is left: nobody types it again.
"""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.ui.composer.soft_break import begin_block
from desktop.ui.composer.text_input import TextInput
from desktop.ui.parts import button, fitting_size, heading, label

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TextField(TextInput):
    """The composer's field, which loses no character, as high as there is room; Enter breaks the line."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("editInput")
        self.setProperty("bare", False)
        self.setAccessibleName(_("Text"))
        self.set_invitation("")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().setDocumentMargin(6)

    def _fit(self) -> None:
        """Leave the height to the dialog."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER and not self.composing:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.submit_requested.emit()
            else:
                begin_block(self.textCursor())
                self.ensureCursorVisible()
            event.accept()
        elif event.key() == Qt.Key.Key_Escape and not self.composing:
            event.ignore()
        else:
            super().keyPressEvent(event)


class EditDialog(QDialog):
    """`EditDialog(title=…, note=…, keep=…, text=…, parent=…)`, then `open()`.

    `kept` comes with the text; it is answered by `accept` or `refuse`. `left` tells the text of a dialog that is closed
    without it.
    """

    kept = Signal(str)
    left = Signal(str)

    def __init__(self, *, title: str, note: str, keep: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("editDialog")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.field = TextField()
        self.field.set_text(text)
        self._refusal = label(mark="warn")
        self._refusal.setObjectName("editRefusal")
        self._refusal.hide()
        self._keep = button(keep, mark="primary", clicked=self._on_keep)
        self._keep.setObjectName("editKeep")
        self._keep.setToolTip(_("Ctrl+Enter"))
        cancel = button(_("Cancel"), clicked=self.reject)
        cancel.setObjectName("editCancel")
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label(_("Ctrl+Enter keeps, Esc leaves"), mark="muted", wrap=False))
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self._keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(heading(title, 1.14))
        layout.addWidget(label(note, mark="muted"))
        layout.addWidget(self.field, 1)
        layout.addWidget(self._refusal)
        layout.addLayout(row)
        self.resize(fitting_size(self, 720, 460))
        self.field.submit_requested.connect(self._on_keep)
        self.field.textChanged.connect(self._on_changed)
        self.field.setFocus()

    def refuse(self, sentence: str) -> None:
        """Say why the text was not taken; it can be tried again."""
        self._refusal.setText(sentence)
        self._refusal.show()
        self._on_changed()

    def reject(self) -> None:
        """Leave, and tell what was typed."""
        self.left.emit(self.field.text())
        super().reject()

    @Slot()
    def _on_changed(self) -> None:
        self._keep.setEnabled(not self.field.is_blank())

    def _on_keep(self) -> None:
        if self._keep.isEnabled():
            self._keep.setEnabled(False)  # until it is answered
            self.kept.emit(self.field.text())
