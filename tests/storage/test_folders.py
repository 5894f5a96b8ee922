"""Folders: a forest for each profile, in the order that the user gives, with counts of all that is in them."""

import pytest

from desktop.domain.deeds import AddRow, ChangeRow, Kind, RemoveRow, SetSessions
from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.organising import GUEST, Place, PlaceKind, Profile
from desktop.domain.sessions import NewSession
from desktop.storage.store import Store


async def make(store: Store, name: str, parent: int | None = None, *, profile: int = GUEST, **more: str) -> int:
    (made,) = await store.do(
        profile, (AddRow(Kind.FOLDER, {"name": name, "parent_id": parent, "created_at": 1, **more}),)
    )
    assert isinstance(made, RemoveRow)
    return made.id


async def test_folders_stand_behind_the_one_they_lie_in(store: Store) -> None:
    """In the order in which they were made, each with its depth's parent before it; names may repeat."""
    work, home = await make(store, "Work"), await make(store, "Home")
    python = await make(store, "Python", work)
    other = await make(store, "Python", home)
    deep = await make(store, "Types", python)
    found = (await store.places(GUEST)).folders
    assert [(folder.id, folder.parent_id) for folder in found] == [
        (work, None),
        (python, work),
        (deep, python),
        (home, None),
        (other, home),
    ]


async def test_positions_order_siblings(store: Store) -> None:
    """A folder that is made goes to the end; changing positions changes the order."""
    first, second = await make(store, "A"), await make(store, "B")
    await store.do(GUEST, (ChangeRow(Kind.FOLDER, first, {"position": 7}),))
    third = await make(store, "C")
    found = (await store.places(GUEST)).folders
    assert [(folder.id, folder.position) for folder in found] == [(second, 1), (first, 7), (third, 8)]


async def test_a_count_holds_what_is_nested(store: Store) -> None:
    """Sessions in use of the folder and of all below it; the archive and the trash are not counted."""
    top = await make(store, "Top")
    low = await make(store, "Low", top)
    for name, folder in {"a": top, "b": low, "c": low, "d": low}.items():
        await store.create_session(NewSession(id=name, folder_id=folder))
    await store.trash_session("c")
    await store.update_session("d", is_active=False)
    assert [folder.count for folder in (await store.places(GUEST)).folders] == [2, 1]


@pytest.mark.parametrize("below", [0, 1, 2])
async def test_no_folder_lies_in_itself(store: Store, below: int) -> None:
    """Neither directly nor by way of others."""
    chain = [await make(store, "0")]
    for number in range(2):
        chain.append(await make(store, str(number), chain[-1]))
    with pytest.raises(WrongUse):
        await store.do(GUEST, (ChangeRow(Kind.FOLDER, chain[0], {"parent_id": chain[below]}),))


async def test_folders_of_other_profiles_are_out_of_reach(store: Store) -> None:
    """They are neither listed, nor changed, nor a place for a folder or a session of this one."""
    other = (await store.create_profile(Profile(id=0, name="Ana"))).id
    theirs = await make(store, "Theirs", profile=other)
    await store.create_session(NewSession(id="mine"))
    assert (await store.places(GUEST)).folders == ()
    for deed in (
        ChangeRow(Kind.FOLDER, theirs, {"name": "x"}),
        RemoveRow(Kind.FOLDER, theirs),
        SetSessions("folder_id", theirs, ("mine",)),
        AddRow(Kind.FOLDER, {"name": "x", "parent_id": theirs, "created_at": 1}),
    ):
        with pytest.raises(NotFound):
            await store.do(GUEST, (deed,))


async def test_a_new_session_begins_with_the_nearest_folder_that_says_how(store: Store) -> None:
    """The system prompt of one and the model of another, and nothing where none of them has any."""
    top = await make(store, "Top", model="a/big", system_prompt="Be kind.")
    middle = await make(store, "Middle", top, system_prompt="Be brief.")
    low = await make(store, "Low", middle)
    assert await store.folder_defaults(low) == ("Be brief.", "a/big")
    assert await store.folder_defaults(await make(store, "Plain")) == ("", "")
    with pytest.raises(NotFound):
        await store.folder_defaults(99)


async def test_a_folder_shows_what_is_nested_in_it(store: Store) -> None:
    """Its place lists the sessions of all folders below; one that is not there has none."""
    top = await make(store, "Top")
    low = await make(store, "Low", top)
    for name, folder in {"a": top, "b": low, "c": None}.items():
        await store.create_session(NewSession(id=name, folder_id=folder))
    for number, found in {top: {"a", "b"}, low: {"b"}, 99: set()}.items():
        place = Place(kind=PlaceKind.FOLDER, number=number)
        assert {line.id for line in await store.sessions(place=place)} == found


async def test_a_row_that_is_there_is_not_written_over(store: Store) -> None:
    """Bringing back a folder whose number is taken by now is refused."""
    folder = await make(store, "A")
    with pytest.raises(WrongUse):
        await store.do(GUEST, (AddRow(Kind.FOLDER, {"id": folder, "name": "B", "parent_id": None, "created_at": 1}),))


async def test_what_no_deed_changes_is_a_mistake_of_ours(store: Store) -> None:
    """An unknown column is refused loudly, and nothing is done."""
    folder = await make(store, "A")
    with pytest.raises(TypeError, match="shape"):
        await store.do(GUEST, (ChangeRow(Kind.FOLDER, folder, {"shape": 1}),))
    with pytest.raises(TypeError, match="model"):
        await store.do(GUEST, (SetSessions("model", "x", ()),))
