"""Puts sessions that were untouched for long into the archive: soon after the start, and daily.

Design note. A day is over when the clock says so, looked at each minute: a timer of a day would stand still while the
computer sleeps. A clock that has leapt by more than the days that a session must have been untouched (it was set wrong,
or nobody used the program for months) is not believed at once: what it says counts a day later, or at the next start.
So a clock that is put right again has archived nothing. Only the current profile is looked after, so that its person
sees the note; the others have their turn when they are chosen. Nothing is done where nothing can be saved.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from desktop.domain.faults import NotFound, StoreError
from desktop.domain.runs import SessionsArchived, Update
from desktop.services.organising import DAY_MS, Done, OrganisingService
from desktop.services.settings import SettingsService

FIRST_LOOK_S = 5.0
"""The window is up and idle by then."""
LOOK_S = 60.0


class MaintenanceService:
    """Looks after the sessions of the current profile. `run` is a task of its owner's."""

    def __init__(
        self,
        *,
        organising: OrganisingService,
        settings: SettingsService,
        notify: Callable[[Update], None],
        profile: Callable[[], int],
        clock: Callable[[], int],
    ) -> None:
        self._organising = organising
        self._settings = settings
        self._notify = notify
        self._profile = profile
        self._clock = clock
        self._looked: dict[int, int] = {}
        self._last = int(settings.number("maintained_at"))
        self._believed_from = 0

    async def run(self, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        """Look at once when the start is over, and from then on whether a day has passed."""
        await sleep(FIRST_LOOK_S)
        while True:
            with suppress(StoreError, NotFound):  # a disk that takes nothing today may tomorrow
                await self.look()
            await sleep(LOOK_S)

    async def look(self) -> Done | None:
        """Archive what is due, if a day has passed since the last time; return what was done."""
        days = int(self._settings.number("archive_after_days"))
        now, profile = self._clock(), self._profile()
        if self._last and now - self._last > (days or 1) * DAY_MS:
            self._believed_from = now + DAY_MS
        if now < self._believed_from - DAY_MS:  # put back to where it was
            self._believed_from = 0
        self._last = now
        looked = self._looked.get(profile)
        if looked is not None and 0 <= now - looked < DAY_MS:
            return None
        self._looked[profile] = now
        with suppress(StoreError):  # the next start believes its clock, and that is all
            await self._settings.set("maintained_at", now)
        if not days or now < self._believed_from:
            return None
        done = await self._organising.archive_untouched(days)
        if done.count:
            self._notify(SessionsArchived(count=done.count, words=done.words))
        return done
