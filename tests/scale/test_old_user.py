import pytest
from PySide6.QtTest import QTest

from desktop.domain.organising import EVERYTHING, Place, PlaceKind, Sort
from desktop.services.backend import Backend
from tests.app.person import Person
from tests.scale.old_user import OldUser

PLACES = (
    EVERYTHING,
    Place(kind=PlaceKind.ARCHIVED),
    Place(kind=PlaceKind.RESOLVED),
    Place(kind=PlaceKind.TRASH),
    Place(kind=PlaceKind.FOLDER, number=1),
    Place(kind=PlaceKind.TAG, number=1),
)


async def every_page(backend: Backend, place: Place, sort: Sort, text: str = "") -> list[str]:
    """Return all sessions of a place, read page by page as the sidebar does."""
    found: list[str] = []
    after = None
    while page := await backend.library.sessions(limit=97, after=after, place=place, sort=sort, text=text):
        found += [listing.id for listing in page]
        after = page[-1].cursor
    return found


def ids(person: Person) -> list[str]:
    """Return what the sidebar lists."""
    return list(person.desktop.sidebar.model.ids())


def test_the_sidebar_paints_the_newest_sessions(person: Person, old_user: OldUser) -> None:
    """The window of an old user opens with the first page of the sessions in use, pinned ones first."""
    wanted = old_user.listing()
    person.until(lambda: ids(person) == wanted[:50], "the first page")
    assert not person.window.sidebar.view.viewport().grab().isNull()


def test_typing_filters_all_titles(person: Person, old_user: OldUser) -> None:
    """What is typed into the filter leaves the sessions whose titles have it, of all that there are."""
    title = next(row.title for row in old_user.rows() if len(row.title.split()) > 2 and row.title.isascii())
    word = max(title.split(), key=len)
    wanted = old_user.listing(text=word)
    field = person.window.sidebar.search
    field.setFocus()
    QTest.keyClicks(field, word)
    person.until(lambda: ids(person) == wanted[:50], f"the sessions with {word!r}")


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.kind)
def test_every_page_of_every_place_is_what_plain_python_lists(
    old_user: OldUser, person: Person, place: Place, sort: Sort
) -> None:
    """Page after page, no session of a place is missing, doubled or out of order."""
    assert person.ask(lambda backend: every_page(backend, place, sort)) == old_user.listing(place=place, sort=sort)


def test_the_counts_are_those_of_the_lists(person: Person, old_user: OldUser) -> None:
    """What stands beside folders, tags, the archive and the trash is how many sessions they list."""
    places = person.ask(lambda backend: backend.organising.places())
    assert (places.active, places.resolved, places.archived, places.trashed) == tuple(
        len(old_user.listing(place=place))
        for place in (
            EVERYTHING,
            Place(kind=PlaceKind.RESOLVED),
            Place(kind=PlaceKind.ARCHIVED),
            Place(kind=PlaceKind.TRASH),
        )
    )
    rows = [row for row in old_user.rows() if row.is_active and not row.is_trashed]
    assert {tag.id: tag.count for tag in places.tags} == {
        number: sum(number in row.tags for row in rows) for number in old_user.tag_names
    }


@pytest.mark.parametrize(
    "needle", ["zephyrquartz", "violet harbour lantern", "cajovnik", "琥珀燈塔", "reconcile_ledger_v7"]
)
def test_a_needle_is_found_where_it_stands(person: Person, old_user: OldUser, needle: str) -> None:
    """Words, phrases without their accents, Chinese and names of programs are found in their messages alone."""
    place = "Čajovník" if needle == "cajovnik" else needle
    page = person.ask(lambda backend: backend.searching.hits(needle))
    assert {hit.message_id for hit in page.hits} == set(old_user.needles[place])


def test_a_jump_shows_the_message_that_was_found(person: Person, old_user: OldUser) -> None:
    """From the list of hits one comes to the message, also in the middle of a session that was never open."""
    message_id = old_user.needles["violet harbour lantern"][0]
    person.desktop.chat.pages.go_to(message_id)
    person.wait_shown("violet harbour lantern")


def test_the_largest_session_opens_at_its_end(person: Person, old_user: OldUser) -> None:
    """A session of a tenth of all messages opens with its newest ones."""
    ((leaf,),) = old_user.query("SELECT active_leaf FROM session WHERE id = ?", old_user.largest)
    person.desktop.chat.open(old_user.largest)
    person.until(lambda: person.items() and person.answer().message.id == leaf, "the newest message")


@pytest.mark.parametrize(
    ("deed", "place"),
    [("trash", Place(kind=PlaceKind.TRASH)), ("archive", Place(kind=PlaceKind.ARCHIVED)), ("resolve", PLACES[2])],
)
def test_a_thousand_sessions_change_their_place_and_come_back(
    person: Person, old_user: OldUser, deed: str, place: Place
) -> None:
    """A thousand sessions are put away at once, the sidebar shows the rest, and undo brings back each one."""
    before, there = old_user.listing(), old_user.listing(place=place)
    chosen = [session_id for session_id in before if session_id not in there][:1000]

    async def do(backend: Backend) -> int:
        service = backend.organising
        done = await (service.trash(chosen) if deed == "trash" else getattr(service, deed)(chosen, True))
        return int(done.count)

    assert person.ask(do) == len(chosen)
    assert set(old_user.listing(place=place)) == {*there, *chosen}
    left = old_user.listing()
    person.until(lambda: ids(person)[:50] == left[:50], "the first page without them")
    assert person.ask(lambda backend: backend.organising.undo())
    person.until(lambda: ids(person)[:50] == before[:50], "the first page as it was")
    assert (old_user.listing(), old_user.listing(place=place)) == (before, there)
