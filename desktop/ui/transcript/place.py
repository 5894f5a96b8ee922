"""Where the transcript will be: the window is painted and takes letters before the transcript's code is loaded."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.i18n import _

if TYPE_CHECKING:
    from desktop.ui.transcript.view import TranscriptView


class TranscriptPlace(QWidget):
    """Holds the transcript's view from `fill` on."""

    left = Signal()
    """The keyboard is wanted where messages are written."""
    typed = Signal(str)
    """Text was typed where nothing can be written: it belongs into the message box."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: TranscriptView | None = None
        self.setObjectName("transcript")
        self.setAccessibleName(_("Conversation"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def fill(self, view: "TranscriptView") -> None:
        """Show `view` here; it takes the keyboard in place of this widget."""
        view.setObjectName("transcriptView")
        self._column.addWidget(view)
        self.setFocusProxy(view)
        self._view = view
        view.left.connect(self.left)
        view.typed.connect(self.typed)

    def add_above(self, bar: QWidget) -> None:
        """Put a bar above the view."""
        self._column.insertWidget(0, bar)

    def show_above(self, bar: QWidget, *, shown: bool) -> None:
        """Show or hide a bar above the view; the text stays where it is, and the bar covers its first lines."""
        view = self._view
        top = view.y() if view is not None else 0
        bar.setVisible(shown)
        self._column.activate()
        if view is not None:
            view.stand_still(view.y() - top)

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Have the transcript do what a key does there, wherever the keyboard is."""
        if self._view is not None:
            # Not sent as an event: Qt would look for a shortcut first, and find the one that brought us here.
            self._view.keyPressEvent(QKeyEvent(QEvent.Type.KeyPress, key, held))
