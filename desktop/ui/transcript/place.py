"""Where the transcript will be: the window is painted and takes letters before the transcript's code is loaded."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.i18n import _


class TranscriptPlace(QWidget):
    """Holds the transcript's view from `fill` on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transcript")
        self.setAccessibleName(_("Conversation"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def fill(self, view: QWidget) -> None:
        """Show `view` here; it takes the keyboard in place of this widget."""
        view.setObjectName("transcriptView")
        self._column.addWidget(view)
        self.setFocusProxy(view)
