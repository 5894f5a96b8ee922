"""The box that is written in: grows to ten lines, sends with Enter, and never while an input method composes."""

import math

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QKeySequence, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from desktop.i18n import _
from desktop.ui.composer.soft_break import begin_block, insert, remove, selected

MOST_LINES = 10
FEWEST_LINES = 3
_KEYS = QKeySequence.StandardKey
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PAGING = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_REMOVING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_BREAKING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier


class TextInput(QPlainTextEdit):
    """Plain text only, however it arrives. Up and Down move the caret and nothing else."""

    submit_requested = Signal()
    escape_pressed = Signal()
    page_wanted = Signal(int)
    """Page Up (-1) or Page Down (1) in an empty box, where it can only mean the transcript."""
    focus_changed = Signal()

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composerInput")
        self.setProperty("bare", True)
        self.setAccessibleName(_("Message"))
        self._invitation = _("Ask anything. Enter sends, Shift+Enter breaks the line")
        self.setPlaceholderText(self._invitation)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(1)
        self.document().clearUndoRedoStacks()  # the margin was a step
        self._composing = False
        self._room = 0
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def text(self) -> str:
        """Return what was written or pasted, without the breaks that only the layout needed."""
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        return selected(cursor)

    def set_text(self, text: str) -> None:
        """Replace everything and put the caret at the end."""
        self.clear()
        document = self.document()
        document.setUndoRedoEnabled(False)  # the text of another session is no step to undo
        insert(QTextCursor(document), text)
        document.setUndoRedoEnabled(True)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def set_invitation(self, text: str) -> None:
        """Say something else where nothing is written yet."""
        self._invitation = text
        self._fit_invitation()

    def is_blank(self) -> bool:
        """Whether there is nothing to send; looks no further than the first visible character."""
        block = self.document().begin()
        while block.isValid():
            if block.text().strip():
                return False
            block = block.next()
        return True

    @property
    def composing(self) -> bool:
        """Whether an input method holds text that is not decided yet."""
        return self._composing

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def event(self, event: QEvent) -> bool:
        """Leave Undo and Redo to the window where there is nothing to undo or do again in the text."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            document = self.document()
            idle = (event.matches(_KEYS.Undo) and not document.isUndoAvailable()) or (
                event.matches(_KEYS.Redo) and not document.isRedoAvailable()
            )
            if idle:
                event.ignore()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            if self._composing:
                pass  # it accepts what the input method offers
            elif event.modifiers() & _BREAKING:
                begin_block(self.textCursor())
                self.ensureCursorVisible()
            else:
                self.submit_requested.emit()
            event.accept()
        elif event.key() == Qt.Key.Key_Escape and not self._composing:
            self.escape_pressed.emit()
            event.accept()
        elif event.key() in _PAGING and not event.modifiers() and self.document().isEmpty():
            self.page_wanted.emit(_PAGING[Qt.Key(event.key())])
            event.accept()
        elif self._removes(event):
            remove(self.textCursor())
            self.ensureCursorVisible()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _removes(self, event: QKeyEvent) -> bool:
        """Whether a key removes the selection and does nothing else: with Shift, Delete cuts."""
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        return event.key() in _REMOVING and not shifted and self.textCursor().hasSelection()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText():
            self.insert_text(source.text())

    def insert_text(self, text: str) -> None:
        """Put text where the caret is, in the place of what is selected."""
        insert(self.textCursor(), text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""))
        self.ensureCursorVisible()

    def createMimeDataFromSelection(self) -> QMimeData:
        from desktop.ui.mime import clipboard_data

        return clipboard_data(selected(self.textCursor()))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._composing = False
        self.focus_changed.emit()

    def set_room(self, pixels: int) -> None:
        """Grow no higher than this, or than three lines where even that is more."""
        self._room = pixels
        self._fit()

    @Slot()
    def _fit(self) -> None:
        """Be as high as the text, in whole lines, up to ten; then scroll."""
        lines = max(1, round(self.document().size().height()))  # QPlainTextEdit counts in lines, not pixels
        spacing = self.fontMetrics().lineSpacing()
        most = min(MOST_LINES, max(FEWEST_LINES, self._room // spacing)) if self._room else MOST_LINES
        shown = min(lines, most)
        margin = 2 * math.ceil(self.document().documentMargin())
        self.setFixedHeight(shown * spacing + margin + 2)
        always = Qt.ScrollBarPolicy.ScrollBarAsNeeded if lines > most else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if always != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(always)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == event.Type.FontChange:
            # It paints the invitation, and under a style sheet it inherits no font.
            self.viewport().setFont(self.font())
            self._fit()
            self._fit_invitation()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_invitation()

    def _fit_invitation(self) -> None:
        """Keep the invitation in the one line that an empty box has; large letters show less of it."""
        room = self.viewport().width() - 2 * math.ceil(self.document().documentMargin())
        self.setPlaceholderText(self.fontMetrics().elidedText(self._invitation, Qt.TextElideMode.ElideRight, room))
