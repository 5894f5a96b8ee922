"""Sessions that are listed because they were named, as the sidebar asks for what has changed."""

from functools import partial

from desktop.domain.organising import EVERYTHING, GUEST, Place, PlaceKind
from desktop.domain.sessions import NewSession
from desktop.storage import sessions
from desktop.storage.store import Store
from tests.storage.plans import plans


async def _make(store: Store, *names: str) -> None:
    for name in names:
        await store.create_session(NewSession(id=name, title=f"Title {name}"))


async def test_only_those_that_belong_to_the_place_and_the_filter_come(store: Store) -> None:
    """Whatever else there is, and whatever is gone, is left out."""
    await _make(store, "a", "b", "c", "d")
    await store.trash_session("b")
    named = partial(store.sessions, limit=9, among=("a", "b", "c", "gone"))
    assert {row.id for row in await named()} == {"a", "c"}
    assert [row.id for row in await named(place=Place(kind=PlaceKind.TRASH))] == ["b"]
    assert [row.id for row in await named(text="title c")] == ["c"]
    assert await store.sessions(limit=9, among=()) == ()


async def test_they_are_found_by_their_ids(store: Store) -> None:
    """A change of one session among 100,000 reads that one, not the whole list."""
    await _make(store, "a", "b")
    for text, place in (("", EVERYTHING), ("title", EVERYTHING), ("", Place(kind=PlaceKind.TAG, number=1))):
        function = partial(sessions.page, profile=GUEST, limit=2, text=text, place=place, among=("a", "b"))
        found = [line for line in await plans(store, function) if " session " in line]
        assert found
        assert all("sqlite_autoindex_session_1 (id=?)" in line for line in found)
