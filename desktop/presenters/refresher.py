"""Reads the open session again when it has changed elsewhere: another title, another process's messages."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.domain.faults import SobremesaError
from desktop.presenters.follower import RunFollower, read_window

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.presenters.transcript import TranscriptListModel


class Refresher(QObject):
    """`session_id()` names the open session; while `is_busy()` nothing is taken up: another page of it is on its way.

    That page knows the reader's place; this one would be the newest of the path, and the place would be lost to it.

    It reads once more for whatever changes while it reads, so that many changes cost two readings.
    """

    read = Signal(object, str)
    """What is loaded of a session, read again (a `Page`), and the session's id."""
    trouble = Signal(str)

    def __init__(
        self,
        *,
        bridge: Bridge,
        transcript: TranscriptListModel,
        follower: RunFollower,
        session_id: Callable[[], str],
        is_busy: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._transcript = transcript
        self._follower = follower
        self._session_id = session_id
        self._is_busy = is_busy
        self._is_reading = self._once_more = self._is_owed = False

    def catch_up(self) -> None:
        """Read again what was left aside while another page was on its way."""
        if self._is_owed:
            self.refresh()

    def refresh(self) -> None:
        """Read what is loaded again, as soon as may be."""
        self._once_more, self._is_owed = True, False
        if not self._is_reading:
            self._is_reading = True
            self._bridge.start_task(self._work(), on_error=self._on_error)

    async def _work(self) -> None:
        try:
            while self._once_more and (session_id := self._session_id()):
                self._once_more = False
                window = self._transcript.window()
                with self._follower.waiting():
                    page = await self._bridge.call(partial(read_window, session_id=session_id, window=window))
                    if self._transcript.window() != window:
                        self._once_more = True  # the reader has gone elsewhere meanwhile
                    elif self._is_busy():
                        self._is_owed = True
                    else:
                        self.read.emit(page, session_id)
        finally:
            self._is_reading = False

    def _on_error(self, error: SobremesaError) -> None:
        self.trouble.emit(str(error))
