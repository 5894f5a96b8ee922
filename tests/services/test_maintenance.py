"""Old sessions go into the archive by themselves, once a day, whatever the clock does; and come back by Undo."""

import asyncio
import threading
from pathlib import Path

import pytest
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.organising import GUEST, Place, PlaceKind, Profile
from desktop.domain.runs import SessionsArchived
from desktop.domain.sessions import NewSession
from desktop.providers.scripted import Hold, Script
from desktop.services.backend import Backend
from desktop.services.maintenance import FIRST_LOOK_S, LOOK_S, MaintenanceService
from desktop.services.options import Options
from desktop.services.organising import DAY_MS, OrganisingService
from desktop.storage.store import system_clock
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk


class House:
    """Maintenance of a talk's sessions, with a clock that is set by hand."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.now = system_clock()
        self.profile = GUEST
        self.organising = OrganisingService(
            store=talk.store,
            chat=talk.chat,
            notify=talk.updates,
            profile=lambda: self.profile,
            clock=lambda: self.now,
        )
        self.service = self.start()

    async def know_the_clock(self) -> None:
        """Be used for long, by a clock that is right."""
        await self.talk.settings.set("maintained_at", self.now)
        self.service = self.start()

    def start(self) -> MaintenanceService:
        return MaintenanceService(
            organising=self.organising,
            settings=self.talk.settings,
            notify=self.talk.updates,
            profile=lambda: self.profile,
            clock=lambda: self.now,
        )

    async def make(self, **ages: int) -> None:
        """Make sessions that were untouched for so many days."""
        for name, days in ages.items():
            await self.talk.store.create_session(NewSession(id=name, title=name, created_at=self.now - days * DAY_MS))

    async def archived(self) -> set[str]:
        place = Place(kind=PlaceKind.ARCHIVED)
        return {line.id for line in await self.talk.store.sessions(limit=5000, place=place)}

    def told(self) -> list[tuple[int, str]]:
        return [(update.count, update.words) for update in self.talk.updates.of(SessionsArchived)]


async def test_what_was_untouched_for_ninety_days_is_archived_and_told(begin: BeginTalk) -> None:
    """Younger ones and pinned ones stay; the note says how many, and Undo brings them back."""
    house = House(await begin())
    await house.know_the_clock()
    await house.make(old=91, older=400, young=89, pinned=500)
    await house.organising.pin(["pinned"], True)
    await house.service.look()
    assert await house.archived() == {"old", "older"}
    assert house.told() == [(2, "2 sessions archived that were untouched for 90 days")]
    await house.organising.pin(["young"], True)
    (note,) = house.talk.updates.of(SessionsArchived)
    await house.organising.undo(step=note.step)
    assert await house.archived() == set()


async def test_nothing_is_told_where_nothing_is_old(begin: BeginTalk) -> None:
    """A note that says 0 is none."""
    house = House(await begin())
    await house.know_the_clock()
    await house.make(young=1)
    done = await house.service.look()
    assert done is not None
    assert (done.count, house.told()) == (0, [])


@pytest.mark.parametrize(("days", "archived"), [(30, {"month", "year"}), (365, {"year"}), (0, set())])
async def test_the_setting_decides(begin: BeginTalk, days: int, archived: set[str]) -> None:
    """From a month to a year, or never."""
    house = House(await begin())
    await house.know_the_clock()
    await house.make(month=31, year=366, week=7)
    await house.talk.settings.set("archive_after_days", days)
    await house.service.look()
    assert await house.archived() == archived


async def test_it_looks_again_when_a_day_has_passed(begin: BeginTalk) -> None:
    """However often it is asked in between, and however long the computer slept."""
    house = House(await begin())
    await house.know_the_clock()
    await house.service.look()
    await house.make(old=91)
    house.now += DAY_MS - 1
    assert await house.service.look() is None
    house.now += 1
    await house.service.look()
    assert await house.archived() == {"old"}


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("days", [365, 89, 3])
async def test_a_clock_that_leaps_is_not_believed_at_once(begin: BeginTalk, restarted: bool, days: int) -> None:
    """When it is put right again nothing has been archived, however often the program was started meanwhile."""
    house = House(await begin())
    await house.know_the_clock()
    await house.make(new=1, older=60, oldest=88)
    await house.service.look()
    house.now += days * DAY_MS
    for _start in range(3):
        house.now += 60_000
        if restarted:
            house.service = house.start()
        await house.service.look()
    house.now -= days * DAY_MS
    await house.service.look()
    house.now += DAY_MS
    await house.service.look()
    assert await house.archived() == set()


async def test_the_first_start_believes_no_clock(begin: BeginTalk) -> None:
    """It has nothing to compare it with; from the next day on it has."""
    house = House(await begin())
    await house.make(old=91)
    await house.service.look()
    await house.start().look()
    assert await house.archived() == set()
    house.now += DAY_MS
    await house.start().look()
    assert await house.archived() == {"old"}


async def test_who_comes_back_after_a_year_finds_the_archive_filled_a_day_later(begin: BeginTalk) -> None:
    """A clock that still says the same a day later is believed."""
    house = House(await begin())
    await house.know_the_clock()
    await house.make(new=1)
    await house.service.look()
    house.now += 365 * DAY_MS
    house.service = house.start()
    for _hour in range(25):
        assert await house.archived() == set()
        await house.service.look()
        house.now += DAY_MS // 24
    assert await house.archived() == {"new"}


async def test_who_comes_once_a_week_gets_the_archive_too(begin: BeginTalk) -> None:
    """For a few minutes each time: every week is a leap, but not while a leap is looked at."""
    house = House(await begin())
    await house.know_the_clock()
    await house.make(old=91)
    for _week in range(2):
        house.now += 7 * DAY_MS
        assert await house.archived() == set()
        await house.start().look()
    assert await house.archived() == {"old"}


async def test_a_clock_that_is_put_right_by_a_minute_is_the_same_clock(begin: BeginTalk) -> None:
    """Computers do so all the time."""
    house = House(await begin())
    await house.know_the_clock()
    await house.make(old=91)
    house.now -= 60_000
    await house.service.look()
    assert await house.archived() == {"old"}


async def test_a_clock_that_goes_back_archives_nothing(begin: BeginTalk) -> None:
    """What is newer than now is not old."""
    house = House(await begin())
    await house.know_the_clock()
    await house.make(new=1)
    house.now -= 400 * DAY_MS
    await house.service.look()
    assert await house.archived() == set()


async def test_each_profile_has_its_turn_when_it_is_chosen(begin: BeginTalk) -> None:
    """Its person sees the note; sessions of the others are left alone."""
    house = House(await begin())
    await house.know_the_clock()
    await house.make(old=91)
    other = await house.talk.store.create_profile(Profile(id=0, name="Ana"))
    house.profile = other.id
    await house.service.look()
    assert await house.archived() == set()
    house.profile = GUEST
    await house.service.look()
    assert await house.archived() == {"old"}


async def test_what_somebody_did_something_with_stays(begin: BeginTalk) -> None:
    """It was renamed, filed, tagged, or brought back from the trash, has a draft, or stands on the screen."""
    house = House(await begin())
    store = house.talk.store
    await house.make(renamed=91, moved=91, tagged=91, restored=91, back=91, drafted=91, shown=91, unpinned=91, gone=91)
    await store.update_session("renamed", title="Another")
    await house.organising.move(["moved"], (await house.organising.create_folder("Work")).number)
    await house.organising.tag(["tagged"], "x")
    await house.organising.trash(["restored", "back"])
    await house.organising.restore(["restored"])
    await store.restore_session("back")
    await store.save_draft("drafted", "not sent")
    await house.organising.pin(["unpinned"], True)
    await house.organising.pin(["unpinned"], False)
    house.organising.show("shown")
    await house.organising.archive_untouched(90)
    assert await house.archived() == {"gone"}


async def test_a_session_in_which_an_answer_is_written_stays(begin: BeginTalk) -> None:
    """Whatever its time says."""
    house = House(await begin(Script(steps=(Hold(threading.Event()),))))
    turn = await house.talk.chat.send("Hi")
    house.now += 91 * DAY_MS
    await house.organising.archive_untouched(90)
    assert await house.archived() == set()
    await house.talk.chat.stop(turn.assistant.id)
    await house.organising.archive_untouched(90)
    assert await house.archived() == {turn.assistant.session_id}


async def test_more_than_a_thousand_go_in_pieces_and_come_back_as_one(begin: BeginTalk) -> None:
    """One note and one step, however many transactions it takes."""
    house = House(await begin())
    await house.know_the_clock()
    at = house.now - 91 * DAY_MS

    def fill(db: APSWDatabase) -> None:
        rows = ((f"s{number}", at, at) for number in range(2500))
        db.connection().executemany("INSERT INTO session(id, title, created_at, updated_at) VALUES (?, '', ?, ?)", rows)

    await house.talk.store.call(fill)
    await house.service.look()
    assert [count for count, _words in house.told()] == [2500]
    assert (await house.organising.places()).archived == 2500
    await house.organising.undo()
    assert (await house.organising.places()).active == 2500


async def test_it_waits_until_the_window_is_up_and_then_looks_each_minute(begin: BeginTalk) -> None:
    """The first look is not the first thing that is done."""
    house = House(await begin())
    await house.know_the_clock()
    await house.make(old=91)
    slept: list[tuple[float, set[str]]] = []

    async def sleep(seconds: float) -> None:
        slept.append((seconds, await house.archived()))
        if len(slept) == 2:
            raise EndOfTestError

    with pytest.raises(EndOfTestError):
        await house.service.run(sleep)
    assert slept == [(FIRST_LOOK_S, set()), (LOOK_S, {"old"})]


class EndOfTestError(Exception):
    """Ends what runs for ever."""


async def test_a_window_looks_and_a_listing_does_not(tmp_path: Path) -> None:
    """The command line never archives unasked."""
    for warm in (True, False):
        backend = await Backend.open(options=Options(folder=tmp_path, warm=warm, demo=True))
        names = {task.get_name() for task in asyncio.all_tasks()}
        await backend.close()
        assert ("maintenance" in names) is warm
