"""Folders, tags, archive, trash: deeds are told in words, touch what they should, and can be undone."""

import threading

import peewee
import pytest
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.messages import Status
from desktop.domain.organising import GUEST, Place, PlaceKind, Profile
from desktop.domain.runs import PlacesChanged, RunText, SessionsChanged
from desktop.domain.sessions import NewSession
from desktop.providers.scripted import Hold, Say, Script
from desktop.services.library import LibraryService
from desktop.services.organising import OrganisingService
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk


def organising(talk: Talk, profile: int = GUEST) -> OrganisingService:
    return OrganisingService(
        store=talk.store, chat=talk.chat, notify=talk.updates, profile=lambda: profile, clock=lambda: 1_000
    )


async def sessions(talk: Talk, *names: str) -> None:
    for name in names:
        await talk.store.create_session(NewSession(id=name, title=name))


async def listed(talk: Talk, kind: PlaceKind = PlaceKind.ALL, number: int = 0) -> set[str]:
    place = Place(kind=kind, number=number)
    return {line.id for line in await talk.store.sessions(limit=1000, place=place)}


async def test_archived_sessions_leave_the_list_and_come_back_by_undo(begin: BeginTalk) -> None:
    """The words say how many, the step is undone and done again."""
    talk = await begin()
    await sessions(talk, "a", "b", "c")
    service = organising(talk)
    done = await service.archive(["a", "b"], True)
    assert (done.words, done.count) == ("2 sessions archived", 2)
    assert (await listed(talk), await listed(talk, PlaceKind.ARCHIVED)) == ({"c"}, {"a", "b"})
    assert await service.undo() == "Undone: 2 sessions archived"
    assert await listed(talk) == {"a", "b", "c"}
    assert await service.redo() == "Done again: 2 sessions archived"
    assert await listed(talk, PlaceKind.ARCHIVED) == {"a", "b"}
    assert (await service.redo(), await service.undo(), await service.undo()) == (
        None,
        "Undone: 2 sessions archived",
        None,
    )


async def test_a_removed_folder_comes_back_with_what_was_in_it(begin: BeginTalk) -> None:
    """Its sessions and folders go to its parent, and return by undo."""
    talk = await begin()
    await sessions(talk, "a", "b")
    service = organising(talk)
    top = (await service.create_folder("Work")).number
    middle = (await service.create_folder("Python", parent_id=top)).number
    low = (await service.create_folder("Typing", parent_id=middle)).number
    await service.change_folder(middle, colour="red", system_prompt="Be brief.")
    await service.move(["a"], middle)
    await service.move(["b"], low)
    before = await service.places()
    await service.remove_folder(middle)
    places = await service.places()
    assert [(folder.id, folder.parent_id, folder.count) for folder in places.folders] == [(top, None, 2), (low, top, 1)]
    assert await listed(talk, PlaceKind.FOLDER, top) == {"a", "b"}
    await service.undo()
    assert await service.places() == before
    await service.redo()
    assert await service.places() == places
    assert {(await service.labels("a")).folder} != {None}


async def test_tags_are_made_once_whatever_the_case(begin: BeginTalk) -> None:
    """A tag that is removed comes back with its sessions."""
    talk = await begin()
    await sessions(talk, "a", "b")
    service = organising(talk)
    first = await service.tag(["a"], "#Café")
    await service.tag(["b"], "cafe")
    (tag,) = (await service.places()).tags
    assert (tag.name, tag.count, first.words) == ("Café", 2, "1 session tagged #Café")
    await service.remove_tag(tag.id)
    assert (await service.places()).tags == ()
    await service.undo()
    assert await listed(talk, PlaceKind.TAG, tag.id) == {"a", "b"}
    await service.undo()
    assert await listed(talk, PlaceKind.TAG, tag.id) == {"a"}
    await service.undo()
    assert (await service.places()).tags == ()


async def test_what_was_removed_for_good_cannot_be_undone(begin: BeginTalk) -> None:
    """The step is forgotten, and the one before it comes next."""
    talk = await begin()
    await sessions(talk, "a", "b")
    service = organising(talk)
    await service.pin(["b"], True)
    await service.trash(["a"])
    await talk.store.empty_trash()
    with pytest.raises(WrongUse, match="moved to the trash"):
        await service.undo()
    assert await service.undo() == "Undone: 1 session pinned"


async def test_a_folder_never_lies_in_itself(begin: BeginTalk) -> None:
    """Moving it below what is nested in it is refused."""
    talk = await begin()
    service = organising(talk)
    top = (await service.create_folder("Top")).number
    low = (await service.create_folder("Low", parent_id=top)).number
    with pytest.raises(WrongUse, match="into itself"):
        await service.move_folder(top, parent_id=low)
    with pytest.raises(NotFound):
        await service.move_folder(low, parent_id=99)


async def test_a_session_begun_in_a_folder_has_its_prompt_and_model(begin: BeginTalk) -> None:
    """By the first message as by the library; a model that is named goes before the folder's."""
    talk = await begin()
    service = organising(talk)
    library = LibraryService(store=talk.store, settings=talk.settings, notify=talk.updates)
    folder = (await service.create_folder("Work")).number
    usual = talk.settings.new_session("").system_prompt
    empty = await library.create(model="a/b", folder_id=folder)
    assert (empty.folder_id, empty.model, empty.system_prompt) == (folder, "a/b", usual)
    await service.change_folder(folder, system_prompt="Be brief.", model="direct/scripted")
    assert await service.defaults(folder) == ("Be brief.", "direct/scripted")
    turn = await talk.chat.send("Hi", folder_id=folder)
    await talk.final(turn.assistant.id)
    sent = await talk.store.session(turn.assistant.session_id)
    made = await library.create(folder_id=folder)
    named = await library.create(model="a/b", folder_id=folder)
    assert {(one.folder_id, one.model, one.system_prompt) for one in (sent, made)} == {
        (folder, "direct/scripted", "Be brief.")
    }
    assert (named.model, named.system_prompt) == ("a/b", "Be brief.")
    assert (await service.places()).folders[0].count == 4
    with pytest.raises(NotFound):
        await talk.chat.send("Hi", folder_id=99)


async def test_a_session_that_is_written_is_stopped_before_it_goes(begin: BeginTalk) -> None:
    """Its text so far is kept, and comes back with it."""
    talk = await begin(Script(steps=(Say("So far"), Hold(threading.Event()))))
    service = organising(talk)
    turn = await talk.chat.send("Hi")
    await talk.updates.until(RunText)
    await service.trash([turn.assistant.session_id])
    assert talk.chat.running() == ()
    assert await listed(talk, PlaceKind.TRASH) == {turn.assistant.session_id}
    message = await talk.store.message(turn.assistant.id)
    assert (message.status, message.content) == (Status.STOPPED, "So far")


async def test_what_was_so_already_is_no_step(begin: BeginTalk) -> None:
    """There is nothing to undo then, and the words say so."""
    talk = await begin()
    await sessions(talk, "a")
    service = organising(talk)
    for deed in (service.pin(["a"], False), service.restore(["a"]), service.archive([], True)):
        done = await deed
        assert (done.count, done.words) == (0, "It was so already.")
    assert await service.undo() is None


async def test_a_step_that_was_taken_back_by_another_way_is_passed_over(begin: BeginTalk) -> None:
    """Undo goes on to the one before, and redo to the one behind."""
    talk = await begin()
    await sessions(talk, "a", "b")
    service = organising(talk)
    await service.pin(["b"], True)
    await service.trash(["a"])
    await talk.store.restore_session("a")
    assert await service.undo() == "Undone: 1 session pinned"
    await talk.store.update_session("b", pinned=True)
    assert await service.redo() is None


async def test_redo_of_what_was_removed_for_good_is_forgotten(begin: BeginTalk) -> None:
    """It says so."""
    talk = await begin()
    await sessions(talk, "a")
    service = organising(talk)
    await service.pin(["a"], True)
    await service.undo()
    await talk.store.trash_session("a")
    await talk.store.empty_trash()
    with pytest.raises(WrongUse, match="pinned"):
        await service.redo()
    assert await service.redo() is None


async def test_each_profile_has_steps_of_its_own(begin: BeginTalk) -> None:
    """Undo after another profile was chosen leaves the first one's sessions alone."""
    talk = await begin()
    await sessions(talk, "a")
    other = (await talk.store.create_profile(Profile(id=0, name="Ana"))).id
    current = [GUEST]
    service = OrganisingService(
        store=talk.store, chat=talk.chat, notify=talk.updates, profile=lambda: current[0], clock=lambda: 1
    )
    await service.pin(["a"], True)
    current[0] = other
    assert await service.undo() is None
    with pytest.raises(NotFound):
        await service.pin(["a"], False)
    current[0] = GUEST
    assert await service.undo() == "Undone: 1 session pinned"


async def test_folders_are_put_where_they_are_dropped(begin: BeginTalk) -> None:
    """Before a sibling, at the end, into another one; undo puts all of them back."""
    talk = await begin()
    service = organising(talk)
    a, b, c = [(await service.create_folder(name)).number for name in "abc"]

    async def order() -> list[tuple[str, int | None]]:
        return [(folder.name, folder.parent_id) for folder in (await service.places()).folders]

    await service.move_folder(c, parent_id=None, before=a)
    assert await order() == [("c", None), ("a", None), ("b", None)]
    await service.move_folder(c, parent_id=None)
    assert await order() == [("a", None), ("b", None), ("c", None)]
    await service.move_folder(a, parent_id=b)
    assert await order() == [("b", None), ("a", b), ("c", None)]
    for _number in range(3):
        await service.undo()
    assert await order() == [("a", None), ("b", None), ("c", None)]


async def test_every_deed_is_told_in_words_and_once(begin: BeginTalk) -> None:
    """One sentence for the banner, and one update of each kind however many sessions it is about."""
    talk = await begin()
    await sessions(talk, "a", "b")
    service = organising(talk)
    folder = (await service.create_folder("Work")).number
    tag = (await service.tag(["a"], "x")).number
    search = (await service.save_search("", "role:user fox")).number
    for deed, words in (
        (service.change_folder(folder, name="Home", colour="green"), "Folder “Home” changed"),
        (service.move_folder(folder, parent_id=None), "It was so already."),
        (service.move(["a", "b"], folder), "2 sessions moved to “Home”"),
        (service.move(["b"], None), "1 session taken out of its folder"),
        (service.untag(["a", "b"], tag), "#x taken off 1 session"),
        (service.change_tag(tag, name="#y", colour="red"), "Tag #y changed"),
        (service.remove_tag(tag), "Tag #y removed"),
        (service.resolve(["a"], True), "1 session resolved"),
        (service.resolve(["a", "b"], False), "1 session opened again"),
        (service.pin(["a"], True), "1 session pinned"),
        (service.pin(["a"], False), "1 session unpinned"),
        (service.archive(["a"], True), "1 session archived"),
        (service.archive(["a"], False), "1 session taken out of the archive"),
        (service.trash(["a", "b"]), "2 sessions moved to the trash"),
        (service.restore(["a"]), "1 session restored"),
        (service.change_search(search, name="Foxes", query="fox"), "Search “Foxes” changed"),
        (service.remove_search(search), "Search “Foxes” removed"),
        (service.remove_folder(folder), "Folder “Home” removed"),
    ):
        talk.updates.all.clear()
        assert (await deed).words == words
        assert len(talk.updates.of(PlacesChanged)) == (words != "It was so already.")
        assert len(talk.updates.of(SessionsChanged)) <= 1


async def test_names_and_colours_that_do_not_fit_are_refused(begin: BeginTalk) -> None:
    """With a sentence, before anything is written."""
    talk = await begin()
    await sessions(talk, "a")
    service = organising(talk)
    folder = (await service.create_folder("  Two   words ")).number
    assert (await service.places()).folders[0].name == "Two words"
    for deed in (
        service.create_folder(" \n"),
        service.create_folder("x" * 101),
        service.change_folder(folder, colour="pink"),
        service.tag(["a"], "#"),
        service.save_search("name", "  "),
    ):
        with pytest.raises(WrongUse):
            await deed
    for missing in (
        service.change_folder(99, name="x"),
        service.remove_folder(99),
        service.move(["a"], 99),
        service.change_tag(99, name="x"),
        service.remove_search(99),
        service.labels("never"),
        service.pin(["never"], True),
    ):
        with pytest.raises(NotFound):
            await missing
    assert await service.undo() == "Undone: Folder “Two words” made"


async def test_a_tag_that_would_mark_nothing_is_not_made(begin: BeginTalk) -> None:
    """Its sessions are gone meanwhile: that is said, and nothing is left to undo."""
    talk = await begin()
    service = organising(talk)
    with pytest.raises(NotFound):
        await service.tag(["never"], "x")
    assert (await service.places()).tags == ()
    assert await service.undo() is None


async def test_what_was_done_before_the_disk_failed_can_be_undone(begin: BeginTalk) -> None:
    """The first thousand are archived, the rest is not; the step holds what was done."""
    talk = await begin()
    names = [f"s{number:04}" for number in range(1_500)]

    def fill(db: APSWDatabase) -> None:
        rows = ((name,) for name in names)
        db.connection().executemany("INSERT INTO session(id, title, created_at, updated_at) VALUES (?, '', 1, 1)", rows)
        db.execute_sql(
            "CREATE TRIGGER broken BEFORE UPDATE OF is_active ON session WHEN new.id = 's1400' BEGIN "
            "SELECT raise(ABORT, 'the disk is broken'); END"
        )

    await talk.store.call(fill)
    service = organising(talk)
    with pytest.raises(peewee.IntegrityError):
        await service.archive(names, True)
    assert (await service.places()).archived == 1_000
    assert await service.undo() == "Undone: 1000 sessions archived"
    assert (await service.places()).archived == 0
