"""The form of the large dialogs: a head with title and tabs, what is looked at, and a foot, with lines between them."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QLayout, QToolButton, QVBoxLayout, QWidget

from desktop.ui.parts import fitting_size, heading, rule


class PageDialog(QDialog):
    """`PageDialog(name=…, title=…, tabs=((object name, words), …), parent=…)`, then `build` with what it shows.

    `tabs` numbers its buttons from 0, and leaves it to the dialog what they do.
    """

    def __init__(self, *, name: str, title: str, tabs: Iterable[tuple[str, str]], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.tabs = QButtonGroup(self)
        for at, (tab_name, words) in enumerate(tabs):
            tab = QToolButton()
            tab.setObjectName(tab_name)
            tab.setText(words)
            tab.setAccessibleName(words)
            tab.setCheckable(True)
            tab.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.tabs.addButton(tab, at)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.reject)

    def build(
        self, *, middle: Sequence[QWidget], right: Sequence[QWidget], body: QWidget | QLayout, foot: QLayout
    ) -> None:
        """Lay the dialog out; `middle` and `right` stand in its head beside the title."""
        head = QHBoxLayout()
        head.setContentsMargins(22, 16, 22, 16)
        head.addWidget(heading(self.windowTitle()))
        for widgets in (middle, right):
            head.addStretch(1)
            for widget in widgets:
                head.addWidget(widget)
        foot.setContentsMargins(22, 12, 22, 12)
        foot.setSpacing(16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(rule())
        if isinstance(body, QWidget):
            layout.addWidget(body, 1)
        else:
            layout.addLayout(body, 1)
        layout.addWidget(rule())
        layout.addLayout(foot)
        self.resize(fitting_size(self, 960, 660))
