"""What belongs to the path that is shown and stands in no message: how many endings there are, and the summaries.

It is read behind each page, and again whenever the session is; a summary is changed from here as well.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.faults import SobremesaError
from desktop.domain.summaries import StoredSummary, SummaryState
from desktop.i18n import _

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend

_Facts = tuple[int, tuple[StoredSummary, ...]]


class PathFactsPresenter(QObject):
    """`PathFactsPresenter(bridge=…)`: `look(session_id)` reads; the other slots act on the summary they are given."""

    endings_changed = Signal(int)
    """How many endings the tree of the open session has."""
    summaries_changed = Signal(object)
    """The summaries on the path that is shown, the furthest first."""
    edited = Signal(int)
    """The summary that says something else now."""
    edit_refused = Signal(int, str)
    said = Signal(str)
    refused = Signal(str)

    def __init__(self, *, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._session_id = ""
        self._told: _Facts = (0, ())
        self._looking = self._look_again = False

    @Slot(str)
    def look(self, session_id: str) -> None:
        """Read what belongs to the path that a session shows; an empty id is a session that is not stored yet."""
        if session_id != self._session_id:
            self._session_id = session_id
            self._tell((0, ()))
        self._look_again = bool(session_id)
        if session_id and not self._looking:
            self._looking = True
            self._bridge.start_task(self._look(), on_error=self._on_error)

    @Slot(int, str)
    def edit(self, summary_id: int, text: str) -> None:
        """Let a summary say something else."""
        self._bridge.start_task(self._edit(summary_id, text))

    @Slot(int, object)
    def set_state(self, summary_id: int, state: SummaryState) -> None:
        """Pin a summary, switch it off, or neither."""
        self._start(lambda backend: backend.summaries.set_state(summary_id, state))

    @Slot(int)
    def redo(self, summary_id: int) -> None:
        """Have a summary written anew, which takes as long as an answer does."""
        self.said.emit(_("The summary is being written anew…"))
        self._start(lambda backend: backend.summaries.redo(summary_id), _("The summary is new."))

    def _start(self, deed: Callable[[Backend], Awaitable[object]], sentence: str = "") -> None:
        async def work() -> None:
            await self._bridge.call(deed)
            if sentence:
                self.said.emit(sentence)

        self._bridge.start_task(work(), on_error=self._on_error)

    async def _look(self) -> None:
        try:
            while self._look_again:
                self._look_again, session_id = False, self._session_id
                facts = await self._bridge.call(partial(_read, session_id=session_id))
                if session_id == self._session_id:
                    self._tell(facts)
        finally:
            self._looking = False

    async def _edit(self, summary_id: int, text: str) -> None:
        try:
            await self._bridge.call(lambda backend: backend.summaries.edit(summary_id, text))
        except SobremesaError as error:
            self.edit_refused.emit(summary_id, str(error))
        else:
            self.edited.emit(summary_id)

    def _tell(self, facts: _Facts) -> None:
        told, self._told = self._told, facts
        if facts[0] != told[0]:
            self.endings_changed.emit(facts[0])
        if facts[1] != told[1]:
            self.summaries_changed.emit(facts[1])

    def _on_error(self, error: SobremesaError) -> None:
        self.refused.emit(str(error))


async def _read(backend: Backend, session_id: str) -> _Facts:
    return await backend.branches.endings(session_id), await backend.summaries.shown(session_id)
