"""Part of the composition root: the palette, what opens it, and what is done with what was picked in it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QAction

from desktop.domain.runs import ProfileChanged, Update
from desktop.presenters.bridge import Bridge
from desktop.presenters.chat import ChatPresenter
from desktop.presenters.models import ModelsPresenter
from desktop.presenters.palette import PalettePresenter
from desktop.presenters.palette_entries import command_rows, model_rows
from desktop.presenters.palette_rows import PaletteRow
from desktop.presenters.palette_state import Mode
from desktop.ui.palette.commands import commands
from desktop.ui.picker.button import ModelPicker
from desktop.ui.theme import ThemeControl
from desktop.ui.window import MainWindow
from desktop.wiring.finding import Finding
from desktop.wiring.jumping import Jumping
from desktop.wiring.on_demand import OnDemand

if TYPE_CHECKING:
    from desktop.ui.palette.palette import Palette


class PaletteOpening(QObject):
    """Opens the palette, which is built in a turn of the loop of its own.

    Built and shown in the same turn, the first time, it held the window up for 45 ms; apart it takes 6 and 15 ms.
    """

    def __init__(
        self,
        *,
        bridge: Bridge,
        window: MainWindow,
        chat: ChatPresenter,
        demand: OnDemand,
        models: ModelsPresenter,
        picker: ModelPicker,
        theme: ThemeControl,
        finding: Finding,
        now_ms: Callable[[], int],
    ) -> None:
        super().__init__(window)
        self._window, self._chat, self._demand, self._theme = window, chat, demand, theme
        self._models, self._picker = models, picker
        self._palette: Palette | None = None
        self._presenter = PalettePresenter(bridge=bridge, names=self._names, now_ms=now_ms, parent=self)
        self.jumping = Jumping(bridge=bridge, window=window, chat=chat, finding=finding, parent=self)
        bridge.updated.connect(self._on_updated)
        self._connect()
        QTimer.singleShot(0, self, self._prepare)

    def _connect(self) -> None:
        presenter, window = self._presenter, self._window
        window.commands.palette.triggered.connect(self.open)
        window.commands.search_sessions.triggered.connect(lambda: self.search(""))
        window.sidebar.search_wanted.connect(self.search)
        presenter.command_picked.connect(self._do)
        presenter.model_picked.connect(self._picker.chosen)
        presenter.setting_picked.connect(self._demand.show_settings)
        presenter.prompt_picked.connect(window.composer.insert_prompt)
        presenter.place_picked.connect(self._demand.show_transcript)
        presenter.place_picked.connect(self.jumping.go)

    @Slot()
    def open(self) -> None:
        """Open the palette for everything; where it is open so, close it."""
        self._open(Mode.ANYTHING, "")

    @Slot(str)
    def search(self, query: str) -> None:
        """Open the palette for every message, with a query in it."""
        self._open(Mode.MESSAGES, query)

    def _open(self, mode: Mode, text: str) -> None:
        centre = self._window.centralWidget()
        if centre is None or centre.isHidden():
            return  # the window is locked
        palette = self._palette or self._make()
        if palette.isVisible() and self._presenter.mode is mode and not text:
            palette.leave()
        else:
            palette.open(mode, text)

    @Slot(object)
    def _on_updated(self, updates: Sequence[Update]) -> None:
        """Show nobody what another profile has."""
        if any(isinstance(update, ProfileChanged) and update.switched for update in updates):
            self._presenter.forget()
            if self._palette is not None:
                self._palette.leave()

    @Slot()
    def _prepare(self) -> None:
        if self._palette is None:
            self._make()

    def _make(self) -> "Palette":
        from desktop.ui.palette.palette import Palette  # loaded by now, beside the window's thread

        window = self._window
        passing = (window.commands.palette, window.commands.search_sessions, window.commands.quit)
        made = Palette(theme=self._theme.theme, presenter=self._presenter, passing=passing, parent=window)
        self._theme.changed.connect(made.set_theme)
        self._palette = made
        return made

    def _names(self) -> Sequence[PaletteRow]:
        """Return what the menus and the list of models offer at the moment."""
        known = command_rows(commands(self._window.menuBar()))
        return [*known, *model_rows(self._models.rows.choices())]

    @Slot(str)
    def _do(self, name: str) -> None:
        action = self._window.findChild(QAction, name)
        if isinstance(action, QAction) and action.isEnabled():
            action.trigger()
