"""Steps of organising: each Undo takes back what it says, all of it, whatever has gone or failed in between."""

import asyncio

import peewee
import pytest
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.organising import GUEST, Place, PlaceKind, Profile
from desktop.domain.sessions import NewSession
from desktop.services.library import LibraryService
from desktop.services.organising import OrganisingService
from desktop.storage import folders
from desktop.storage.store import Store
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk


class Desk:
    """The organising of a talk, for whatever profile is chosen."""

    def __init__(self, talk: Talk) -> None:
        self.store: Store = talk.store
        self.profile = GUEST
        self.service = OrganisingService(
            store=talk.store, chat=talk.chat, notify=talk.updates, profile=lambda: self.profile, clock=lambda: 1_000
        )

    async def make(self, *names: str) -> None:
        for name in names:
            await self.store.create_session(NewSession(id=name, title=name, profile_id=self.profile))

    async def fill(self, names: list[str]) -> None:
        def work(db: APSWDatabase) -> None:
            rows = ((name,) for name in names)
            sql = "INSERT INTO session(id, title, created_at, updated_at) VALUES (?, '', 1, 1)"
            db.connection().executemany(sql, rows)

        await self.store.call(work)

    async def fail(self, event: str, when: str) -> None:
        """Let a write fail from now on, as on a disk that is full."""
        body = "BEGIN SELECT raise(ABORT, 'the disk is full'); END"
        sql = f"CREATE TRIGGER full BEFORE {event} WHEN {when} {body}"
        await self.store.call(lambda db: db.execute_sql(sql))

    async def mend(self) -> None:
        await self.store.call(lambda db: db.execute_sql("DROP TRIGGER full"))

    async def active(self) -> int:
        return (await self.service.places()).active

    async def folders(self) -> list[tuple[str, int]]:
        return [(folder.name, folder.count) for folder in (await self.service.places()).folders]


async def test_a_step_is_undone_though_something_else_was_done_since(begin: BeginTalk) -> None:
    """The session comes back from the archive and the folder keeps its new colour."""
    desk = Desk(await begin())
    await desk.make("a")
    folder = (await desk.service.create_folder("Work")).number
    archived = await desk.service.archive(["a"], True)
    await desk.service.change_folder(folder, colour="red")
    assert await desk.service.undo(step=archived.step) == "Undone: 1 session archived"
    assert (await desk.active(), (await desk.service.places()).folders[0].colour) == (1, "red")
    assert await desk.service.undo(step=archived.step) is None
    assert await desk.service.redo() == "Done again: 1 session archived"
    assert await desk.service.undo() == "Undone: 1 session archived"
    assert await desk.service.undo() == "Undone: Folder “Work” changed"


async def test_a_step_that_others_were_built_upon_waits_for_them(begin: BeginTalk) -> None:
    """What was moved twice does not go back to where it was first, and nothing is forgotten."""
    desk = Desk(await begin())
    await desk.make("a")
    first, second = [(await desk.service.create_folder(name)).number for name in ("First", "Second")]
    moved = await desk.service.move(["a"], first)
    await desk.service.move(["a"], second)
    with pytest.raises(WrongUse, match="Other things were done since"):
        await desk.service.undo(step=moved.step)
    assert await desk.folders() == [("First", 0), ("Second", 1)]
    await desk.service.undo()
    assert await desk.service.undo(step=moved.step) == "Undone: 1 session moved to “First”"


async def test_a_step_that_came_back_by_another_way_takes_nothing_else_along(begin: BeginTalk) -> None:
    """The Undo beside its words does not take back the step before it."""
    desk = Desk(await begin())
    await desk.make("a", "b")
    await desk.service.pin(["b"], True)
    done = await desk.service.trash(["a"])
    await desk.store.restore_session("a")
    assert await desk.service.undo(step=done.step) is None
    assert await desk.service.undo() == "Undone: 1 session pinned"


async def test_a_step_is_undone_in_the_profile_it_was_done_in(begin: BeginTalk) -> None:
    """Though another one is shown by now."""
    desk = Desk(await begin())
    await desk.make("a")
    done = await desk.service.archive(["a"], True)
    desk.profile = (await desk.store.create_profile(Profile(id=0, name="Ana"))).id
    assert await desk.service.undo(step=done.step) == "Undone: 1 session archived"
    desk.profile = GUEST
    assert await desk.active() == 1


async def test_a_deed_is_done_in_the_profile_in_which_it_was_asked_for(begin: BeginTalk) -> None:
    """Though another one is chosen while it waits for the one before it."""
    desk = Desk(await begin())
    await desk.make("a", "b")
    other = (await desk.store.create_profile(Profile(id=0, name="Ana"))).id
    first = asyncio.create_task(desk.service.archive(["a"], True))
    second = asyncio.create_task(desk.service.create_folder("Work"))
    await asyncio.sleep(0)  # both have begun
    desk.profile = other
    await asyncio.gather(first, second)
    assert await desk.folders() == []
    assert await desk.service.undo() is None
    desk.profile = GUEST
    assert await desk.folders() == [("Work", 0)]
    assert await desk.service.undo() == "Undone: Folder “Work” made"


async def test_a_disk_that_fills_up_in_an_undo_loses_nothing(begin: BeginTalk) -> None:
    """A removed folder comes back with its sessions when there is room again."""
    desk = Desk(await begin())
    await desk.make("a", "b")
    folder = (await desk.service.create_folder("Work")).number
    await desk.service.move(["a", "b"], folder)
    await desk.service.remove_folder(folder)
    await desk.fail("UPDATE OF folder_id ON session", "new.folder_id IS NOT NULL")
    with pytest.raises(peewee.IntegrityError):
        await desk.service.undo()
    assert await desk.folders() == []
    await desk.mend()
    assert await desk.service.undo() == "Undone: Folder “Work” removed"
    assert await desk.folders() == [("Work", 2)]


async def test_what_is_left_of_an_undo_is_undone_later_and_redo_does_all_again(begin: BeginTalk) -> None:
    """Two thousand came back before the disk was full: the rest follows, and redo archives every one of them."""
    desk = Desk(await begin())
    names = [f"s{number:04}" for number in range(3_500)]
    await desk.fill(names)
    await desk.service.archive(names, True)
    for again in (desk.service.undo, desk.service.redo):
        active = await desk.active()
        await desk.fail("UPDATE OF is_active ON session", "new.id = 's2700'")
        for _try in range(2):
            with pytest.raises(peewee.IntegrityError):
                await again()
            assert 0 < abs(await desk.active() - active) < 3_500
        await desk.mend()
        assert await again() is not None
        assert await desk.active() == 3_500 - active
    assert await desk.service.undo() == "Undone: 3500 sessions archived"
    assert await desk.active() == 3_500


async def test_a_session_that_is_gone_for_good_keeps_no_other_from_coming_back(begin: BeginTalk) -> None:
    """Whatever folders they had been in."""
    desk = Desk(await begin())
    await desk.make("a", "b", "c")
    first, second = [(await desk.service.create_folder(name)).number for name in ("First", "Second")]
    await desk.service.move(["a"], first)
    await desk.service.move(["b"], second)
    await desk.service.move(["a", "b", "c"], None)
    await desk.store.trash_session("a")
    await desk.store.empty_trash()
    assert await desk.service.undo() == "Undone: 2 sessions taken out of their folders"
    assert await desk.folders() == [("First", 0), ("Second", 1)]


async def test_a_step_of_which_a_part_cannot_be_undone_can_still_be_done_again(begin: BeginTalk) -> None:
    """Its folder becomes another profile's on the way: that is said, and what came back is not lost to redo."""
    desk = Desk(await begin())
    other = (await desk.store.create_profile(Profile(id=0, name="Ana"))).id
    names = [f"s{number:04}" for number in range(1_500)]
    await desk.fill(names)
    folder = (await desk.service.create_folder("Work")).number
    await desk.service.move(names, folder)
    await desk.service.move(names, None)
    body = f"BEGIN UPDATE folder SET profile_id = {other}; END"
    sql = f"CREATE TRIGGER given AFTER UPDATE OF folder_id ON session WHEN new.folder_id = {folder} {body}"
    await desk.store.call(lambda db: db.execute_sql(sql))

    async def inside() -> int:
        return len(await desk.store.read(lambda db: folders.members(db, folder)))

    with pytest.raises(WrongUse, match="cannot be undone"):
        await desk.service.undo()
    assert await inside() > 0
    assert await desk.service.redo() is not None
    assert await inside() == 0


async def test_numbers_of_what_was_removed_are_not_given_again(begin: BeginTalk) -> None:
    """Another profile's new folder, tag or search does not stand in the place of one that comes back."""
    desk = Desk(await begin())
    await desk.make("a")
    numbers = (
        (await desk.service.create_folder("Work")).number,
        (await desk.service.tag(["a"], "x")).number,
        (await desk.service.save_search("S", "fox")).number,
    )
    await desk.service.remove_folder(numbers[0])
    await desk.service.remove_tag(numbers[1])
    await desk.service.remove_search(numbers[2])
    desk.profile = (await desk.store.create_profile(Profile(id=0, name="Ana"))).id
    await desk.make("b")
    await desk.service.create_folder("Hers")
    await desk.service.tag(["b"], "x")
    await desk.service.save_search("Hers", "fox")
    desk.profile = GUEST
    for _number in range(3):
        await desk.service.undo()
    places = await desk.service.places()
    assert (places.folders[0].id, places.tags[0].id, places.searches[0].id) == numbers


async def test_a_profile_that_is_removed_leaves_no_steps_to_the_next(begin: BeginTalk) -> None:
    """Which may get its number."""
    desk = Desk(await begin())
    await desk.make("a")
    done = await desk.service.pin(["a"], True)
    desk.service.forget(GUEST)
    assert await desk.service.undo() is None
    assert await desk.service.undo(step=done.step) is None


async def test_the_folders_of_a_removed_folder_stand_in_its_place(begin: BeginTalk) -> None:
    """In their order, between those that stood before and behind it; undo puts all back."""
    desk = Desk(await begin())
    await desk.service.create_folder("before")
    middle = (await desk.service.create_folder("middle")).number
    await desk.service.create_folder("behind")
    for name in "xyz":
        await desk.service.create_folder(name, parent_id=middle)
    before = await desk.service.places()
    await desk.service.remove_folder(middle)
    assert [name for name, _count in await desk.folders()] == ["before", "x", "y", "z", "behind"]
    await desk.service.undo()
    assert await desk.service.places() == before
    await desk.service.redo()
    assert [name for name, _count in await desk.folders()] == ["before", "x", "y", "z", "behind"]


async def test_many_siblings_are_moved_in_one_transaction(begin: BeginTalk) -> None:
    """All of them or none: a disk that is full at the last leaves the order as it was."""
    desk = Desk(await begin())
    numbers = [(await desk.service.create_folder(f"{number:02}")).number for number in range(35)]
    order = await desk.folders()
    await desk.fail("UPDATE OF position ON folder", f"new.id = {numbers[-2]}")
    with pytest.raises(peewee.IntegrityError):
        await desk.service.move_folder(numbers[-1], parent_id=None, before=numbers[0])
    assert await desk.folders() == order


async def test_another_profiles_folder_is_none(begin: BeginTalk) -> None:
    """Neither by its defaults, nor for new sessions, nor in a list, nor by the labels of what is in it."""
    talk = await begin()
    desk = Desk(talk)
    desk.profile = other = (await desk.store.create_profile(Profile(id=0, name="Ana"))).id
    folder = (await desk.service.create_folder("Hers")).number
    await desk.service.change_folder(folder, model="direct/scripted")
    assert await desk.service.usual_model(folder) == "direct/scripted"
    await desk.make("a")
    await desk.service.move(["a"], folder)
    desk.profile = GUEST
    library = LibraryService(store=talk.store, settings=talk.settings, notify=talk.updates)
    for foreign in (
        desk.service.defaults(folder),
        desk.service.labels("a"),
        library.create(folder_id=folder),
        talk.chat.send("Hi", folder_id=folder),
        desk.service.create_folder("x", parent_id=folder),
    ):
        with pytest.raises(NotFound):
            await foreign
    assert (await desk.service.usual_model(folder), await desk.service.usual_model(None)) == ("", "")
    assert await library.sessions(place=Place(kind=PlaceKind.FOLDER, number=folder)) == ()
    assert await desk.active() == 0
    desk.profile = other
    assert await desk.folders() == [("Hers", 1)]


async def test_a_saved_search_is_never_emptied(begin: BeginTalk) -> None:
    """It would find everything."""
    desk = Desk(await begin())
    search = (await desk.service.save_search("S", "fox")).number
    with pytest.raises(WrongUse):
        await desk.service.change_search(search, query="   ")
    assert (await desk.service.places()).searches[0].query == "fox"


async def test_a_folder_that_is_made_for_sessions_goes_in_one_step(begin: BeginTalk) -> None:
    """Undo takes them out and the folder away, Redo brings both back; one that cannot be filled is not made."""
    desk = Desk(await begin())
    await desk.make("a", "b")
    done = await desk.service.create_folder("Work", ids=("a", "b"))
    assert (done.words, done.count) == ("2 sessions moved to “Work”", 2)
    assert await desk.folders() == [("Work", 2)]
    assert await desk.service.undo() == "Undone: 2 sessions moved to “Work”"
    assert await desk.folders() == []
    assert await desk.service.undo() is None
    await desk.service.redo()
    assert await desk.folders() == [("Work", 2)]
    with pytest.raises(NotFound):
        await desk.service.create_folder("Other", ids=("gone",))
    assert await desk.folders() == [("Work", 2)]


async def test_another_title_is_taken_back_like_every_deed(begin: BeginTalk) -> None:
    """With who it was by: the program may find a better one again for a session that it had named."""
    desk = Desk(await begin())
    await desk.store.create_session(NewSession(id="a", title="Of its own", profile_id=GUEST))
    await desk.service.rename("a", "  My \n own ")
    session = await desk.store.session("a")
    assert (session.title, session.title_is_auto) == ("My own", False)
    assert await desk.service.undo() == "Undone: Session renamed to “My own”"
    session = await desk.store.session("a")
    assert (session.title, session.title_is_auto) == ("Of its own", True)
    await desk.service.redo()
    assert (await desk.store.session("a")).title == "My own"
    with pytest.raises(WrongUse):
        await desk.service.rename("a", " \t")
    with pytest.raises(NotFound):
        await desk.service.rename("gone", "x")
