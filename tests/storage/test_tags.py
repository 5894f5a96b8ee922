"""Tags: each once in a profile, whatever its case and accents; and the filter that looks into them."""

import pytest

from desktop.domain.deeds import AddRow, ChangeRow, Kind, MarkSessions, RemoveRow
from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.organising import EVERYTHING, GUEST, Place, PlaceKind, Profile
from desktop.domain.sessions import NewSession
from desktop.storage.store import Store


async def make(store: Store, name: str, *ids: str, profile: int = GUEST) -> int:
    (made,) = await store.do(profile, (AddRow(Kind.TAG, {"name": name}),))
    assert isinstance(made, RemoveRow)
    await store.do(profile, (MarkSessions(made.id, True, ids),))
    return made.id


@pytest.fixture
async def names(store: Store) -> tuple[str, ...]:
    for name, title in {"a": "Red fox", "b": "Red Ærø", "c": "Straße"}.items():
        await store.create_session(NewSession(id=name, title=title))
    return ("a", "b", "c")


async def found(store: Store, text: str, place: Place = EVERYTHING) -> set[str]:
    return {line.id for line in await store.sessions(text=text, place=place)}


async def test_a_tag_has_one_spelling(store: Store) -> None:
    """Another case or accent is the same tag, when it is made and when it is renamed."""
    first, second = await make(store, "Café"), await make(store, "Tea")
    with pytest.raises(WrongUse, match="Café"):
        await make(store, "CAFE")
    with pytest.raises(WrongUse, match="Café"):
        await store.do(GUEST, (ChangeRow(Kind.TAG, second, {"name": "cafe"}),))
    await store.do(GUEST, (ChangeRow(Kind.TAG, first, {"name": "CAFÉ"}),))
    assert [tag.name for tag in (await store.places(GUEST)).tags] == ["CAFÉ", "Tea"]


async def test_profiles_have_tags_of_their_own(store: Store, names: tuple[str, ...]) -> None:
    """The same word may be a tag of each, and one's tags cannot be put on the other's sessions."""
    other = (await store.create_profile(Profile(id=0, name="Ana"))).id
    mine, theirs = await make(store, "x", *names), await make(store, "x", profile=other)
    assert mine != theirs
    assert await store.do(other, (MarkSessions(theirs, True, names),)) == ()
    with pytest.raises(NotFound):
        await store.do(GUEST, (MarkSessions(theirs, True, names),))


async def test_a_count_is_of_sessions_in_use(store: Store, names: tuple[str, ...]) -> None:
    """The archive and the trash are not counted, and come back into the count."""
    tag = await make(store, "x", *names)
    await store.trash_session("a")
    await store.update_session("b", is_active=False)
    assert [one.count for one in (await store.places(GUEST)).tags] == [1]
    await store.restore_session("a")
    await store.update_session("b", is_active=True)
    await store.do(GUEST, (MarkSessions(tag, False, ("c",)),))
    assert [one.count for one in (await store.places(GUEST)).tags] == [2]


async def test_marking_twice_changes_nothing(store: Store, names: tuple[str, ...]) -> None:
    """What takes it back names only those that were marked by it."""
    tag = await make(store, "x", "a")
    assert await store.do(GUEST, (MarkSessions(tag, True, names),)) == (MarkSessions(tag, False, ("b", "c")),)
    assert await store.do(GUEST, (MarkSessions(tag, True, names),)) == ()


async def test_labels_are_in_the_order_of_the_alphabet(store: Store, names: tuple[str, ...]) -> None:
    """Whatever the case; an unknown session is not found."""
    for name in ("b", "É", "a", "D"):
        await make(store, name, "a")
    assert [tag.name for tag in (await store.labels(GUEST, "a")).tags] == ["a", "b", "D", "É"]
    with pytest.raises(NotFound):
        await store.labels(GUEST, "never")


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("red", {"a", "b"}),
        ("RED ærø", {"b"}),
        ("strasse", {"c"}),
        ("ox re", {"a"}),
        ("cafe", {"b", "c"}),
        ("red cafe", {"b"}),
        ("af fo", set()),
        ("red red", {"a", "b"}),
        ("%", set()),
        ("  ", {"a", "b", "c"}),
    ],
)
async def test_the_filter_wants_every_word_in_the_title_or_in_a_tag(
    store: Store, names: tuple[str, ...], text: str, ids: set[str]
) -> None:
    """Parts of words, whatever the case and the accents."""
    await make(store, "Café", "b", "c")
    await make(store, "Nothing")
    assert await found(store, text) == ids


async def test_the_filter_holds_in_each_place(store: Store, names: tuple[str, ...]) -> None:
    """In the archive, in the trash, under a tag."""
    tag = await make(store, "Café", "b", "c")
    assert await found(store, "red", place=Place(kind=PlaceKind.TAG, number=tag)) == {"b"}
    await store.update_session("b", is_active=False)
    await store.trash_session("a")
    assert await found(store, "red", place=Place(kind=PlaceKind.ARCHIVED)) == {"b"}
    assert await found(store, "cafe", place=Place(kind=PlaceKind.ARCHIVED)) == {"b"}
    assert await found(store, "red", place=Place(kind=PlaceKind.TRASH)) == {"a"}
    assert await found(store, "red") == set()
