"""Connects the prompts that are kept: the list in the composer, and the dialog. Built behind the first paint."""

from PySide6.QtCore import QObject, Slot

from desktop.i18n import _
from desktop.presenters.bridge import Bridge
from desktop.presenters.prompts import PromptsPresenter
from desktop.ui.composer.prompt_list import PromptList
from desktop.ui.window import MainWindow


class Prompts(QObject):
    """`Prompts(bridge=…, window=…)`: ends with the window."""

    def __init__(self, *, bridge: Bridge, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.presenter = PromptsPresenter(bridge=bridge, parent=self)
        self.list = PromptList(composer=window.composer, prompts=lambda: self.presenter.prompts)
        self.presenter.changed.connect(self._on_changed)
        window.commands.prompts.triggered.connect(self.open)
        window.commands.save_prompt.triggered.connect(self.keep)
        window.composer.edited.connect(self._look)
        window.composer.replaced.connect(self._look)
        self._look()
        self.presenter.load()

    @Slot()
    def open(self) -> None:
        """Show all prompts."""
        from desktop.ui.prompts.dialog import PromptsDialog

        dialog = PromptsDialog(presenter=self.presenter, parent=self._window)
        dialog.wanted.connect(self._window.composer.insert_prompt)
        dialog.open()

    @Slot()
    def keep(self) -> None:
        """Ask under which name to keep what is written."""
        from desktop.ui.prompts.dialog import PromptsDialog

        dialog = PromptsDialog(presenter=self.presenter, parent=self._window)
        dialog.kept.connect(
            lambda name: self._window.banner.say(
                _("Kept as “{name}”. Type / in an empty message to use it.").format(name=name)
            )
        )
        dialog.keep(self._window.composer.text())

    @Slot()
    def _look(self) -> None:
        self._window.commands.save_prompt.setEnabled(not self._window.composer.input.is_blank())

    @Slot()
    def _on_changed(self) -> None:
        """Tell of the list where there is one."""
        if self.presenter.prompts:
            self._window.composer.input.set_invitation(
                _("Ask anything. Enter sends, Shift+Enter breaks the line, / for prompts")
            )
        else:
            self._window.composer.input.set_invitation(_("Ask anything. Enter sends, Shift+Enter breaks the line"))
