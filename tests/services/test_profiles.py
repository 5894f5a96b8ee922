"""Profiles: the current one decides what is listed, billed and told to the model."""

from collections.abc import Callable

import pytest
from peewee import IntegrityError

from desktop.domain.faults import BudgetSpent, NotFound, WrongUse
from desktop.domain.organising import GUEST, Profile
from desktop.domain.runs import PlacesChanged, ProfileChanged, SessionsChanged, Update
from desktop.domain.sessions import NewSession
from desktop.domain.spending import Charge
from desktop.services.library import LibraryService
from desktop.services.profiles import CHUNK, Adoption, ProfileService
from desktop.services.settings import SettingsService
from desktop.services.spending import SpendingService
from desktop.storage.settings_file import SettingsFile
from desktop.storage.store import Store
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk

PAID = "openai/gpt-4o"


class Service(ProfileService):
    """A service that keeps what it tells."""

    def __init__(self, store: Store) -> None:
        self.told: list[Update] = []
        self.settings = SettingsService(file=SettingsFile(folder=store.file.parent))
        super().__init__(store=store, settings=self.settings, notify=self.told.append)


@pytest.fixture
async def service(store: Store) -> Service:
    made = Service(store)
    await made.load()
    return made


async def sessions_of(service: ProfileService, profile_id: int) -> list[str]:
    return [one.id for one in await service.sessions(profile_id, limit=50)]


async def test_guest_is_current_at_first(service: Service) -> None:
    """It has a name for people, and none above its messages."""
    assert (service.id, service.current.name, service.author) == (GUEST, "Guest", "")


async def test_a_switch_is_told_and_remembered(service: Service, store: Store) -> None:
    """The next start has the same profile."""
    ana = await service.create("Ana")
    await service.switch(ana.id)
    assert service.told == [ProfileChanged(profile=ana, switched=True)]
    assert (service.id, service.author) == (ana.id, "Ana")
    again = Service(store)
    await again.load()
    assert again.current == ana


async def test_a_command_switches_for_itself_alone(service: Service, store: Store) -> None:
    """The window keeps the profile that it shows."""
    ana = await service.create("Ana")
    await service.switch(ana.id, remember=False)
    again = Service(store)
    await again.load()
    assert (service.id, again.id) == (ana.id, GUEST)


async def test_a_profile_that_is_gone_makes_way_for_guest(service: Service) -> None:
    """As when another process has removed it."""
    await service.settings.set("profile", 77)
    await service.load()
    assert service.id == GUEST
    with pytest.raises(NotFound):
        await service.switch(77)


@pytest.mark.parametrize(("name", "found"), [("ana", "Ana"), (" ÁNA ", "Ana"), ("guest", "Guest")])
async def test_a_profile_is_found_by_its_name(service: Service, name: str, found: str) -> None:
    """Whatever its case and accents."""
    await service.create("Ana")
    assert (await service.named(name)).name == found


async def test_an_unknown_name_is_not_found(service: Service) -> None:
    """The sentence names it."""
    with pytest.raises(NotFound, match="Bea"):
        await service.named("Bea")


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " \n"},
        {"name": "x" * 61},
        {"name": "Ana", "colour": "mauve"},
        {"name": "Ana", "budget": -1.0},
        {"name": "Ana", "budget": float("nan")},
    ],
)
async def test_what_does_not_fit_is_refused(service: Service, fields: dict[str, object]) -> None:
    """With a sentence, and nothing is made."""
    with pytest.raises(WrongUse):
        await service.create(**fields)  # type: ignore[arg-type]
    assert len(await service.all()) == 1


async def test_fields_are_tidied(service: Service) -> None:
    """A name is one line."""
    made = await service.create(" Ana \n María ", location=" Cádiz ")
    assert (made.name, made.location) == ("Ana María", "Cádiz")


async def test_a_change_of_the_current_profile_is_told(service: Service) -> None:
    """One of another profile concerns nobody."""
    ana = await service.create("Ana")
    await service.change(ana.id, location="Cádiz")
    assert service.told == []
    await service.change(GUEST, location="Sevilla")
    assert [update.profile.location for update in service.told if isinstance(update, ProfileChanged)] == ["Sevilla"]
    assert service.current.location == "Sevilla"


async def test_guest_may_be_told_its_own_name(service: Service) -> None:
    """A form hands over all its fields."""
    assert (await service.change(GUEST, name="Guest", location="Cádiz")).location == "Cádiz"


async def test_all_sessions_are_adopted(service: Service, store: Store) -> None:
    """Those that are archived or thrown away too; what was done is told, and can be taken back."""
    ana = await service.create("Ana")
    for name in ("a", "b", "c"):
        await store.create_session(NewSession(id=name))
    await store.update_session("b", is_active=False)
    await store.trash_session("c")
    done = await service.adopt(GUEST, ana.id)
    assert set(done.session_ids) == {"a", "b", "c"}
    assert (await service.count(GUEST), await service.count(ana.id)) == (0, 3)
    assert [type(update) for update in service.told] == [SessionsChanged, PlacesChanged]
    await service.give_back(done)
    assert (await service.count(GUEST), await service.count(ana.id)) == (3, 0)


async def test_what_was_moved_before_a_failure_is_told(service: Service, store: Store) -> None:
    """It has gone over, and is shown there."""
    ana = await service.create("Ana")
    moves = []
    for name in ("a", "b"):
        await store.create_session(NewSession(id=name))
        moves.append(await store.move_sessions(GUEST, ana.id, [name]))
    sql = "CREATE TRIGGER broken BEFORE UPDATE ON session WHEN OLD.id = 'a' BEGIN SELECT RAISE(ABORT, 'no'); END"
    await store.call(lambda db: db.execute_sql(sql) and None)
    with pytest.raises(IntegrityError):
        await service.give_back(Adoption(from_id=GUEST, to_id=ana.id, moves=tuple(moves)))
    assert service.told == [SessionsChanged(session_ids=("b",)), PlacesChanged()]


async def test_chosen_sessions_are_adopted(service: Service, store: Store) -> None:
    """The others stay."""
    ana = await service.create("Ana")
    for name in ("a", "b"):
        await store.create_session(NewSession(id=name))
    assert (await service.adopt(GUEST, ana.id, ["b", "nothing"])).session_ids == ("b",)
    assert (await sessions_of(service, GUEST), await sessions_of(service, ana.id)) == (["a"], ["b"])


async def test_nothing_adopted_is_not_told(service: Service) -> None:
    """There is nothing to read again."""
    ana = await service.create("Ana")
    assert (await service.adopt(GUEST, ana.id)).session_ids == ()
    assert service.told == []


async def test_very_many_sessions_are_adopted(service: Service, store: Store) -> None:
    """More than one transaction takes."""
    ana = await service.create("Ana")
    await store.call(
        lambda db: db.execute_sql(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ?) "
            "INSERT INTO session (id, created_at, updated_at) SELECT 's' || x, x, x FROM n",
            (2 * CHUNK + 7,),
        )
    )
    assert len((await service.adopt(GUEST, ana.id)).session_ids) == 2 * CHUNK + 7
    assert await service.count(GUEST) == 0


async def test_a_removed_profile_leaves_all_to_another(service: Service, store: Store) -> None:
    """The current one is left for its heir."""
    ana = await service.create("Ana")
    await store.create_session(NewSession(id="hers", profile_id=ana.id))
    await service.switch(ana.id)
    await service.remove(ana.id, heir=GUEST)
    assert (service.id, await sessions_of(service, GUEST)) == (GUEST, ["hers"])
    assert [profile.id for profile in await service.all()] == [GUEST]


async def test_the_number_of_a_removed_profile_is_not_given_again(service: Service, store: Store) -> None:
    """What is remembered of a number is never another profile's, after a new start neither."""
    ana = await service.create("Ana")
    await service.remove(ana.id, heir=GUEST)
    bea = await Service(store).create("Bea")
    assert bea.id > ana.id


async def test_another_profile_is_removed_beside_the_current_one(service: Service) -> None:
    """Nobody is sent elsewhere."""
    ana = await service.create("Ana")
    await service.remove(ana.id, heir=GUEST)
    assert service.told == [PlacesChanged()]


async def test_guest_is_not_removed_and_nobody_inherits_from_himself(service: Service) -> None:
    """Nor does one who is not there."""
    ana = await service.create("Ana")
    with pytest.raises(WrongUse):
        await service.remove(GUEST, heir=ana.id)
    with pytest.raises(WrongUse):
        await service.remove(ana.id, heir=ana.id)
    with pytest.raises(NotFound):
        await service.remove(ana.id, heir=77)
    assert len(await service.all()) == 2


async def test_a_new_session_is_the_profiles(service: Service) -> None:
    """With what the model is told; Guest's begins as ever."""
    plain = service.settings.new_session("m")
    assert service.begin(plain) == plain
    ana = await service.create("Ana", location="Cádiz", preferences="Short.", language="es")
    await service.switch(ana.id)
    begun = service.begin(plain)
    assert (begun.profile_id, begun.language) == (ana.id, "es")
    assert dict(begun.context) == {"location": "Cádiz", "preferences": "Short.", "language": "es"}


async def test_a_budget_of_its_own_comes_before_that_of_the_settings(service: Service, store: Store) -> None:
    """Also where it is none."""
    await service.settings.set("monthly_budget", 5)
    ana = await service.create("Ana", budget=2.0)
    free = await service.create("Free", budget=0.0)
    spending = SpendingService(store=store, profiles=service)
    limits = [(await spending.budget(one)).limit for one in (GUEST, ana.id, free.id)]
    assert limits == [5.0, 2.0, 0.0]
    await service.switch(ana.id)
    assert (await spending.budget()).limit == 2.0


@pytest.fixture
async def talk(begin: BeginTalk) -> Talk:
    return await begin(gated=True)


async def test_a_message_bears_the_profiles_name(talk: Talk) -> None:
    """And its session is the profile's."""
    profiles = talk.profiles
    ana = await profiles.create("Ana")
    await profiles.switch(ana.id)
    turn = await talk.chat.send("Hi")
    await talk.final(turn.assistant.id)
    assert turn.user is not None
    assert turn.user.author == "Ana"
    assert (await talk.store.session(turn.assistant.session_id)).profile_id == ana.id


async def test_the_budget_of_one_profile_does_not_hold_another(talk: Talk) -> None:
    """Each session goes by the budget of whose it is."""
    profiles = talk.profiles
    await talk.settings.set("monthly_budget", 5)
    ana = await profiles.create("Ana")
    mine = await talk.store.create_session(talk.settings.new_session(PAID))
    await talk.store.charge(mine.id, Charge(model=PAID, cost=5.0))
    await profiles.switch(ana.id)
    hers = await talk.store.create_session(talk.settings.new_session(PAID))
    await talk.budget.check(PAID, session_id=hers.id, params={})
    with pytest.raises(BudgetSpent):
        await talk.budget.check(PAID, session_id=mine.id, params={})
    assert await talk.budget.asks(hers.id) is None
    assert await talk.budget.asks(mine.id) is not None


async def test_the_library_goes_by_the_current_profile(service: Service, store: Store) -> None:
    """It lists, counts, drafts and opens what is the profile's; the draft of a new session waits for its return."""
    number: Callable[[], int] = lambda: service.id  # noqa: E731
    library = LibraryService(store=store, settings=service.settings, notify=service.told.append, profile=number)
    service.settings.begin_with(service.begin)
    mine = await library.create()
    await library.save_draft("", "mine")
    ana = await service.create("Ana")
    await service.switch(ana.id)
    hers = await library.create()
    assert [one.id for one in await library.sessions()] == [hers.id]
    assert (await library.statistics()).sessions == 1
    assert await library.draft("") == ""
    await library.save_draft("", "hers")
    await library.check_own(hers.id)
    with pytest.raises(NotFound):
        await library.check_own(mine.id)
    await service.switch(GUEST)
    assert await library.draft("") == "mine"


async def test_a_profile_is_a_value(service: Service) -> None:
    """What is handed out holds no passphrase."""
    ana = await service.create("Ana")
    found = await service.set_passphrase(ana.id, "open sesame")
    assert isinstance(found, Profile)
    assert "sesame" not in repr(found)
    assert "scrypt" not in repr(found)
