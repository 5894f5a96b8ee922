"""The page in place of everything else when the database cannot be opened: why, and what can be done."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.ui.parts import Framed, Paragraph, button, heading, label

WIDTH_EM = 44
ELSEWHERE = "--data-dir"


class StoreTroublePage(QScrollArea):
    """`StoreTroublePage(sentence=…, data_dir=Path, parent=None)`; `sentence` is the `StoreError`'s.

    Nothing is deleted or changed from here.
    """

    quit_requested = Signal()

    def __init__(self, *, sentence: str, data_dir: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("storeTrouble")
        self.setAccessibleName(_("The conversations cannot be opened"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self._data_dir = data_dir
        self._sentence = sentence

        column = QVBoxLayout()
        column.setSpacing(12)
        column.setContentsMargins(24, 70, 24, 24)
        column.addWidget(heading(_("Your conversations cannot be opened"), 1.5))
        column.addWidget(Paragraph(sentence))
        column.addWidget(label(_("They are in this folder:"), mark="muted"))
        column.addWidget(Framed(str(data_dir)))
        if ELSEWHERE not in sentence:  # else it says so itself
            words = _("To work with another folder, start the program with {option} and its path.")
            column.addWidget(label(words.format(option=ELSEWHERE), mark="muted"))
        self.show_folder = button(_("Show the folder"), mark="primary", clicked=self._open_folder)
        self.copy = button(_("Copy details"), clicked=self._copy)
        self.quit = button(_("Quit"))
        self.quit.clicked.connect(self._on_quit)
        row = QHBoxLayout()
        row.setSpacing(8)
        for each in (self.show_folder, self.copy, self.quit):
            row.addWidget(each)
        row.addStretch(1)
        column.addSpacing(4)
        column.addLayout(row)
        column.addStretch(1)
        inner = QWidget()
        inner.setLayout(column)
        inner.setMaximumWidth(WIDTH_EM * self.fontMetrics().height())
        page = QWidget()
        outside = QHBoxLayout(page)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(inner, 1, Qt.AlignmentFlag.AlignTop)
        self.setWidget(page)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusProxy(self.show_folder)
        for ground in (page, self.viewport()):
            ground.setAutoFillBackground(False)

    @Slot()
    def _on_quit(self) -> None:
        self.quit_requested.emit()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._data_dir)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._sentence}\n{self._data_dir}")
