"""The third part of the composition root: what the menu Session opens, built when it is first wanted.

Each import stands where it is needed, because a person waits for the first paint.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot

from desktop.presenters.bridge import Bridge
from desktop.presenters.chat import ChatPresenter
from desktop.ui.theme import ThemeControl
from desktop.ui.window import MainWindow


class SessionDialogs(QObject):
    """Opens what belongs to a session, and connects it."""

    def __init__(
        self, *, bridge: Bridge, window: MainWindow, chat: ChatPresenter, theme: ThemeControl, now_ms: Callable[[], int]
    ) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        self._chat = chat
        self._theme = theme
        self._now_ms = now_ms
        window.commands.statistics.triggered.connect(self.open_statistics)

    @Slot()
    def open_statistics(self) -> None:
        """Show what was said and what it cost."""
        from desktop.presenters.statistics import StatisticsPresenter
        from desktop.ui.statistics.dialog import StatisticsDialog

        presenter = StatisticsPresenter(bridge=self._bridge, session_id=self._chat.session_id, now_ms=self._now_ms)
        dialog = StatisticsDialog(presenter=presenter, theme=self._theme.theme, parent=self._window)
        self._theme.changed.connect(dialog.set_theme)
        dialog.open()
