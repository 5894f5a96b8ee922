"""Whether the window is locked, whose passphrase opens it, and how long one waits after wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.domain.faults import SobremesaError
from desktop.domain.organising import Profile
from desktop.i18n import _

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge

FREE_TRIES = 3
LONGEST_S = 60


def pause_s(failures: int) -> int:
    """Return how long one waits after so many wrong passphrases, in seconds."""
    return 0 if failures < FREE_TRIES else min(2 ** (failures - FREE_TRIES + 1), LONGEST_S)


class LockPresenter(QObject):
    """`LockPresenter(bridge=…, parent=None)`: `lock` closes the window, `try_open` opens it with the right words.

    It is locked from the moment `lock` is called. `wanted` is the profile that is asked for, None at the start until it
    is known.
    """

    locked = Signal()
    """The window shows nothing but the lock now, or another profile is asked for."""
    opened = Signal()
    """The words were right. The window stays locked until `release`, or `refuse` where it cannot be opened."""
    needed = Signal()
    """Somebody would open it, and it is not known whose it is."""
    cancelled = Signal()
    refused = Signal(str)
    """It stays locked: a sentence that says why."""
    waiting = Signal(int)
    """So many seconds until the next try; 0 when it may be made."""

    def __init__(self, *, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.is_locked = False
        self.wanted: Profile | None = None
        self.can_cancel = False
        self._failures: dict[int, int] = {}
        self._left_s: dict[int, int] = {}
        """How long one waits for each profile; who leaves the question and comes back waits no less."""
        self._checking = False
        self._opening = False
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self.tick)

    @property
    def may_try(self) -> bool:
        """Whether the next words are looked at."""
        known = self.is_locked and self.wanted is not None
        return known and not self._checking and not self._opening and not self._left()

    def lock(self, profile: Profile | None, *, can_cancel: bool = False) -> None:
        """Ask for a profile's passphrase; `can_cancel` where another one is open behind the question."""
        self.is_locked, self.wanted, self.can_cancel = True, profile, can_cancel
        self.locked.emit()
        self.waiting.emit(self._left())

    @Slot(str)
    def try_open(self, passphrase: str) -> None:
        """Open the window where these are the words."""
        if self.is_locked and self.wanted is None:
            self.needed.emit()
        elif self.may_try and passphrase and self.wanted is not None:
            self._checking = True
            self._bridge.start_task(self._try(self.wanted, passphrase))

    @Slot()
    def cancel(self) -> None:
        """Leave the question, where another profile is open behind it."""
        if self.is_locked and self.can_cancel and not self._opening:
            self.release()
            self.cancelled.emit()

    def release(self) -> None:
        """Open: what was wanted is there, or a profile that needs no words."""
        self.is_locked = self._opening = False

    def refuse(self, sentence: str) -> None:
        """Stay locked although the words were right, say why, and let it be tried again."""
        self._opening = False
        if self.is_locked:
            self.refused.emit(sentence)

    @Slot()
    def tick(self) -> None:
        """Let a second of the wait pass."""
        self._left_s = {number: seconds - 1 for number, seconds in self._left_s.items() if seconds > 1}
        if not self._left_s:
            self._second.stop()
        if self.is_locked:
            self.waiting.emit(self._left())

    def _left(self) -> int:
        return self._left_s.get(self.wanted.id, 0) if self.wanted is not None else 0

    async def _try(self, profile: Profile, passphrase: str) -> None:
        try:
            right = await self._bridge.call(lambda backend: backend.profiles.check_passphrase(profile.id, passphrase))
        except SobremesaError as error:
            self._checking = False
            self.refuse(str(error))
            return
        finally:
            self._checking = False
        if not self.is_locked or self.wanted is None or self.wanted.id != profile.id:
            return
        if right:
            self._failures.pop(profile.id, None)
            self._opening = True
            self.opened.emit()
        else:
            self._failures[profile.id] = self._failures.get(profile.id, 0) + 1
            self.refused.emit(_("That is not the passphrase."))
            if seconds := pause_s(self._failures[profile.id]):
                self._left_s[profile.id] = seconds
                self._second.start()
                self.waiting.emit(seconds)
