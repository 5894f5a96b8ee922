"""Part of the composition root: opens a session at a message that was found, and marks there what it was found by."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop.domain.faults import SobremesaError
from desktop.domain.finding import Match, needle
from desktop.presenters.bridge import Bridge
from desktop.presenters.chat import ChatPresenter
from desktop.ui.window import MainWindow
from desktop.wiring.finding import Finding

if TYPE_CHECKING:
    from desktop.services.backend import Backend


class Jumping(QObject):
    """`go` opens a message; the marks in it stay until Escape, until something is written, or another session is open.

    They are those of Find, whose own marks take their place and the other way round.
    """

    def __init__(
        self, *, bridge: Bridge, window: MainWindow, chat: ChatPresenter, finding: Finding, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bridge, self._window, self._chat, self._finding = bridge, window, chat, finding
        self._wanted: tuple[str, int, tuple[str, ...]] | None = None
        self._marked = ""
        self._listens = False
        chat.pages.arrived.connect(self._on_arrived)
        chat.session_changed.connect(self._on_session_changed)
        finding.presenter.needle_changed.connect(self._forget)
        window.composer.edited.connect(self.clear)
        window.transcript.left.connect(self.clear)

    @Slot(str, object, object)
    def go(self, session_id: str, message_id: int | None, terms: Sequence[str]) -> None:
        """Open a session, at a message of it where one is named, and mark the terms there."""
        self.clear()
        if message_id is None:
            self._wanted = None
            self._chat.open(session_id)
            return
        self._wanted = (session_id, message_id, tuple(terms))
        self._chat.pages.go_to(message_id, session_id)

    @Slot()
    def clear(self) -> None:
        """Take the marks away."""
        if self._marked:
            self._listen(on=False)
            self._finding.finder.look_for(None)

    @Slot(object)
    def _forget(self, _needle: object) -> None:
        """Leave the marks to Find, which has just put its own."""
        self._listen(on=False)

    @Slot(int)
    def _on_arrived(self, message_id: int) -> None:
        wanted = self._wanted
        if wanted is not None and wanted[1] == message_id:
            self._wanted = None
            if wanted[2]:
                self._bridge.start_task(self._mark(*wanted), on_error=self._on_error)

    async def _mark(self, session_id: str, message_id: int, terms: tuple[str, ...]) -> None:
        wanted = tuple(found for term in terms if (found := needle(term)))

        async def locate(backend: "Backend") -> list[Match]:
            found = [await backend.finding.locate(message_id, each, 0) for each in wanted]
            return [each for each in found if each is not None]

        matches = await self._bridge.call(locate)
        if session_id != self._chat.session_id or self._wanted is not None:
            return
        if self._finding.bar is not None and not self._finding.bar.isHidden():
            self._finding.close()
        self._marked = session_id
        self._listen(on=True)
        first = min(matches, key=lambda match: match.spot, default=None)
        self._finding.finder.look_for_all(wanted, message_id)
        if first is not None:
            self._finding.finder.go_to(first)

    def _on_error(self, error: SobremesaError) -> None:
        self._window.banner.warn(str(error))

    @Slot(str, str)
    def _on_session_changed(self, session_id: str, _title: str) -> None:
        if self._marked and session_id != self._marked:
            self.clear()

    def _listen(self, *, on: bool) -> None:
        """Hear Escape, wherever the keyboard is, while there are marks."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        if not on:
            self._marked = ""
        if self._listens and not on:
            app.focusChanged.disconnect(self._on_focus_changed)
        elif on and not self._listens:
            app.focusChanged.connect(self._on_focus_changed)
        self._listens = on
        self._on_focus_changed(QApplication.focusWidget(), QApplication.focusWidget())

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        # On what has the keyboard alone: a filter of the whole program would run for every event there is.
        if old is not None:
            old.removeEventFilter(self)
        if new is not None and self._listens and new.window() is self._window:
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if self._marked and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            self.clear()
        return super().eventFilter(watched, event)
