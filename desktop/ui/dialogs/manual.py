"""The manual in a window of its own: chapters at the left, the chosen one at the right, a field that narrows them."""

from typing import Any

from PySide6.QtCore import QStringListModel, Qt, QUrl, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import _
from desktop.presenters.manual import Chapter, matching
from desktop.ui.parts import fitting_size
from desktop.ui.settings.sections import SectionDelegate


class Page(QTextBrowser):
    """Shows a chapter and loads nothing, whatever the text names."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("manualPage")
        self.setAccessibleName(_("Chapter"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.document().setDocumentMargin(16)
        self.document().setDefaultStyleSheet(
            "h1 { font-size: x-large } h2 { font-size: large; margin-top: 18px } "
            "td, th { padding: 3px 14px 3px 0 } th { text-align: left }"
        )

    def loadResource(self, type_: int, name: QUrl | str) -> Any:  # noqa: ARG002
        return None


class ManualDialog(QDialog):
    """`ManualDialog(chapters=…, parent=…)`, then `read(name)`: opens at a chapter, "" at the first."""

    def __init__(self, *, chapters: tuple[Chapter, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("manual")
        self.setWindowTitle(_("Manual"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._chapters = self._shown = chapters
        self.field = QLineEdit()
        self.field.setPlaceholderText(_("Search the manual"))
        self.field.setAccessibleName(_("Search the manual"))
        self.list = QListView()
        self.list.setObjectName("manualChapters")
        self.list.setAccessibleName(_("Chapters"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setItemDelegate(SectionDelegate(self.list))
        self._titles = QStringListModel(self)
        self.list.setModel(self._titles)
        self.page = Page()
        side = QVBoxLayout()
        side.setContentsMargins(12, 12, 4, 12)
        side.setSpacing(8)
        side.addWidget(self.field)
        side.addWidget(self.list, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(side, 1)
        row.addWidget(self.page, 3)
        em = self.fontMetrics().height()
        self.resize(fitting_size(self, 1120, 780))
        self.field.textChanged.connect(self._on_typed)
        self.list.selectionModel().currentChanged.connect(self._on_chosen)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.reject)
        self._on_typed("")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumWidth(min(18 * em, self.list.sizeHintForColumn(0) + 44))

    def read(self, name: str = "") -> None:
        """Open at the chapter of this name."""
        at = next((row for row, chapter in enumerate(self._shown) if chapter.name == name), 0)
        self.list.setCurrentIndex(self._titles.index(at))
        self.open()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _on_typed(self, typed: str) -> None:
        self._shown = matching(self._chapters, typed)
        self._titles.setStringList([chapter.title for chapter in self._shown])
        if self._shown:
            self.list.setCurrentIndex(self._titles.index(0))
        else:
            self.page.setPlainText(_("No chapter holds these words. The guide can be asked in whole sentences."))

    @Slot()
    def _on_chosen(self) -> None:
        row = self.list.currentIndex().row()
        if 0 <= row < len(self._shown):
            self.page.setHtml(self._shown[row].html())
