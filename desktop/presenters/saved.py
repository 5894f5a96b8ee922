"""How fresh what is on the disk is, in a few words below the composer. Nothing ticks: they change with the facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, QTime, QTimer, Signal, Slot

from desktop.domain.runs import RunEnded, RunStarted, Update
from desktop.i18n import _

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge

JUST_NOW_MS = 60_000


class SavedPresenter(QObject):
    """`SavedPresenter(bridge=…)`: tells `changed` with the words, "" where nothing was saved yet."""

    changed = Signal(str)

    def __init__(self, *, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: set[int] = set()
        self._at = ""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(JUST_NOW_MS)
        self._later.timeout.connect(self.age)
        bridge.updated.connect(self._on_updated)

    @Slot(object)
    def _on_updated(self, updates: Iterable[Update]) -> None:
        before = bool(self._running)
        kept = True
        ended = False
        for update in updates:
            if isinstance(update, RunStarted):
                self._running.add(update.message_id)
            elif isinstance(update, RunEnded):
                self._running.discard(update.message_id)
                kept = kept and not update.message.metadata.get("not_saved")
                ended = True
        if self._running:
            if not before:
                self._later.stop()
                self.changed.emit(_("saved as it is written"))
        elif ended:
            self._at = QLocale().toString(QTime.currentTime(), QLocale.FormatType.ShortFormat)
            self.changed.emit(_("saved just now") if kept else "")
            if kept:
                self._later.start()

    @Slot()
    def age(self) -> None:
        """Say when it was, once it is no longer just now."""
        self.changed.emit(_("saved at {time}").format(time=self._at))
