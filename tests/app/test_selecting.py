"""A person selects all sessions, and means what is listed and nothing else."""

from desktop.domain.organising import EVERYTHING, Place, PlaceKind, Sort
from desktop.domain.sessions import NewSession
from desktop.services.backend import Backend
from desktop.wiring.organising import Organising
from tests.app.conftest import Come
from tests.app.person import Person
from tests.app.test_profiles import go_to, make

COUNT = 70
"""More than a page, so that the rest is offered."""


def _organising(person: Person) -> Organising:
    found = person.desktop.dialogs.organising
    assert found is not None
    return found


def _fill(person: Person) -> int:
    """Write sessions, the first two of them into a folder, and return the folder's number."""

    async def write(backend: Backend) -> int:
        for at in range(COUNT):
            title = f"{'Early' if at < 50 else 'Late'} {at:03}"  # the first page is what the filter leaves
            new = NewSession(id=f"s{at:03}", title=title, created_at=1_790_000_000_000 - at * 1000)
            await backend.store.create_session(new)
        number = (await backend.organising.create_folder("Work")).number
        await backend.organising.move(("s000", "s001"), number)
        return number

    number = person.ask(write)
    person.desktop.sidebar.refresh()
    person.until(lambda: person.desktop.sidebar.model.rowCount() >= 50, "the first page")
    person.rest()
    return number


def _select_all(person: Person) -> None:
    """Press the keys for all, and wait for the offer of the rest."""
    view, banner = person.window.sidebar.view, person.window.banner
    view.setFocus()
    view.selectAll()
    person.until(lambda: banner.action.text() == f"Select all {COUNT}" and banner.text(), "the offer")


def _mean_all(person: Person) -> None:
    _select_all(person)
    person.click(person.window.banner.action)
    assert len(person.window.target_ids()) == COUNT


def test_the_offer_of_all_goes_with_the_place(come: Come) -> None:
    """Whoever goes to a folder is not offered the sessions of the place before."""
    person = come()
    number = _fill(person)
    _select_all(person)
    _organising(person).choose_place(Place(kind=PlaceKind.FOLDER, number=number))
    assert person.window.banner.text() == ""
    person.until(lambda: len(person.titles()) == 2, "the folder")
    person.window.banner.action.click()
    assert len(person.window.sidebar.view.selected_ids()) <= 2


def test_an_offer_that_comes_late_is_not_made(come: Come) -> None:
    """Not for a place that was left and come back to, either: what is selected is another."""
    person = come()
    number = _fill(person)
    person.window.sidebar.view.selectAll()
    _organising(person).choose_place(Place(kind=PlaceKind.FOLDER, number=number))
    _organising(person).choose_place(EVERYTHING)
    person.rest()
    assert person.window.banner.text() == ""


def test_all_is_not_meant_after_filtering(come: Come) -> None:
    """Though no row that was shown leaves the list."""
    person = come()
    _fill(person)
    _mean_all(person)
    person.desktop.sidebar.search("Early")
    person.until(lambda: not person.desktop.sidebar.model.has_more, "the filter")
    assert len(person.titles()) == 50
    assert len(person.window.sidebar.view.selected_ids()) == 50


def test_all_is_not_meant_in_another_order(come: Come) -> None:
    """What stands in another order is looked at again before it is meant."""
    person = come()
    _fill(person)
    _mean_all(person)
    person.desktop.sidebar.choose_sort(Sort.TITLE)
    assert len(person.window.sidebar.view.selected_ids()) < COUNT
    person.rest()


def test_all_of_a_profile_is_not_meant_in_another(come: Come) -> None:
    """Nor is it after coming back."""
    person = come()
    _fill(person)
    _mean_all(person)
    other = make(person, "Anna")
    go_to(person, other.id)
    assert person.window.sidebar.view.selected_ids() == ()
