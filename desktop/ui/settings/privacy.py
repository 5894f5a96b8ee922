"""What leaves this computer, and where everything else stays."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QFont, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.i18n import _
from desktop.presenters.settings import SettingsPresenter
from desktop.ui.parts import Framed, Paragraph, button, heading
from desktop.ui.settings.page import Page


class PrivacyPage(Page):
    """`PrivacyPage(presenter=SettingsPresenter, parent=None)`."""

    def __init__(self, *, presenter: SettingsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(name="privacy", title=_("Privacy"), parent=parent)
        self._presenter = presenter
        self._add(
            _("What leaves this computer"),
            _(
                "Only what you send to a provider: the system prompt, the part of the conversation that fits, and your "
                "key, to the address you chose. With a local server or the guide, nothing leaves it."
            ),
            _("No telemetry, no update checks, no price lists. Pictures named in a message are not loaded."),
        )
        self._add(
            _("Where your conversations are"),
            _("In one file. Copy it while the program is closed, and you have a backup."),
        )
        self.body.addWidget(Framed(str(presenter.database)))
        self.body.addSpacing(8)
        self.copy_path = button(_("Copy"), clicked=self._copy)
        self.copy_path.setAccessibleName(_("Copy the path"))
        self.show_folder = button(_("Show folder"), clicked=self._show)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.copy_path)
        row.addWidget(self.show_folder)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addSpacing(20)
        self._add(
            _("Where your keys are"),
            _(
                "In the keychain of this system, or where you said when there was none. Never in that file, in a log "
                "or in an export."
            ),
        )
        self.body.addStretch(1)

    def _add(self, title: str, *texts: str) -> None:
        self.body.addWidget(heading(title, 1.0, QFont.Weight.DemiBold))
        for text in texts:
            self.body.addSpacing(4)
            self.body.addWidget(Paragraph(text))
        self.body.addSpacing(16)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(str(self._presenter.database))

    def _show(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._presenter.data_dir)))
