"""Puts sessions that were untouched for long into the archive: soon after the start, and daily.

Design note. A day is over when the clock says so, looked at each minute: a timer of a day would stand still while the
computer sleeps. The clock may be wrong, and sessions that are archived by it are many, so it is believed by what it
said before, which is kept in the settings. Where there is nothing before, where it has leapt by more than two days (it
was set, or nobody used the program meanwhile), or where it went back, nothing is archived for a day by that clock: one
that is put right in that time has done nothing, however often the program is started. While that day is waited for,
only a month is a leap: who writes once a week gets the archive every other week. Only the current profile is looked
after, so that its person sees the note; the others have their turn when they are chosen. Nothing is done where nothing
can be saved.
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
LEAP_MS = 2 * DAY_MS
"""What the settings know of the last look may be a day old."""
WAITING_LEAP_MS = 30 * DAY_MS
BACK_MS = DAY_MS // 24
"""A clock that is put right by less is no other clock."""


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
        self._from = int(settings.number("archive_from"))

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
        await self._judge(now)
        looked = self._looked.get(profile)
        if now < self._from or (looked is not None and 0 <= now - looked < DAY_MS):
            return None
        self._looked[profile] = now
        if not days:
            return None
        done = await self._organising.archive_untouched(days)
        if done.count:
            self._notify(SessionsArchived(count=done.count, words=done.words, step=done.step))
        return done

    async def _judge(self, now: int) -> None:
        """Note what the clock says, and from when on it is believed."""
        passed, waited = now - self._last, self._last < self._from
        leapt = not self._last or not -BACK_MS <= passed <= (WAITING_LEAP_MS if waited else LEAP_MS)
        self._last = now
        if leapt:
            self._from = now + DAY_MS
        if leapt or not 0 <= now - int(self._settings.number("maintained_at")) < DAY_MS:
            with suppress(StoreError):  # the next start trusts its clock a day later, and that is all
                await self._settings.set("archive_from", self._from)
                await self._settings.set("maintained_at", now)
