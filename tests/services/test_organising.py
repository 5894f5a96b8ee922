"""Folders, tags, archive, trash: deeds are told in words, touch what they should, and can be undone."""

import pytest

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.organising import GUEST, Place, PlaceKind
from desktop.domain.sessions import NewSession
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
