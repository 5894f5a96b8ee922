"""Taking more of a session than the window has loaded: read and joined on the engine, for the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.faults import SobremesaError
from desktop.domain.taking import Taken, TakeRequest, TooMuch

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge


class TakingPresenter(QObject):
    """`TakingPresenter(bridge=…)`: the last request counts; one that something newer has overtaken is dropped."""

    taken = Signal(object)
    """A `Taken`."""
    too_much = Signal(str, str)
    """A sentence and the session that can be exported instead."""
    failed = Signal(str)

    def __init__(self, *, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._wanted: TakeRequest | None = None

    @Slot(object)
    def take(self, request: TakeRequest) -> None:
        """Have a part of a session read."""
        self._wanted = request
        self._bridge.start_task(self._take(request))

    @Slot()
    def forget(self) -> None:
        """Drop what is on its way: something else has been taken meanwhile."""
        self._wanted = None

    async def _take(self, request: TakeRequest) -> None:
        try:
            taken: Taken = await self._bridge.call(lambda backend: backend.library.take(request))
        except TooMuch as error:
            if self._wanted is request:
                self.too_much.emit(str(error), request.session_id)
            return
        except SobremesaError as error:
            if self._wanted is request:
                self.failed.emit(str(error))
            return
        if self._wanted is request:
            self._wanted = None
            self.taken.emit(taken)
