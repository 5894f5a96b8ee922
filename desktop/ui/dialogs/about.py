"""What this program is, in which version, on what it stands."""

import platform

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop import __version__
from desktop.i18n import _
from desktop.ui.parts import button, fit_height, heading, label


class AboutDialog(QDialog):
    """`AboutDialog(parent=…)`, then `open()`."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("about")
        self.setWindowTitle(_("About Sobremesa"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        close = button(_("Close"), mark="primary", clicked=self.accept)
        close.setDefault(True)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(heading(f"Sobremesa {__version__}", 1.4))
        layout.addWidget(label(_("The talk that goes on at the table after the meal.")))
        layout.addWidget(
            label(
                _("A chat client for language models. Everything you write stays in one file on this computer."),
                mark="muted",
            )
        )
        versions = f"Python {platform.python_version()} · Qt {qVersion()} · {platform.system()} {platform.machine()}"
        layout.addWidget(label(versions, mark="muted", selectable=True))
        layout.addWidget(label(_("Free software under the MIT licence."), mark="muted"))
        layout.addSpacing(4)
        layout.addLayout(row)
        self.setMinimumWidth(26 * self.fontMetrics().height())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        fit_height(self)
