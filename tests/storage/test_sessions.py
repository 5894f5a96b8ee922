import pytest

from desktop.domain.faults import NotFound, ReadOnly, StoreError, WrongUse
from desktop.domain.organising import EVERYTHING, GUEST, Place, PlaceKind, Sort
from desktop.domain.sessions import NewSession, SessionCursor, SessionListing
from desktop.storage import sessions
from desktop.storage.store import Store
from tests.storage.conftest import OpenStore
from tests.storage.making import begin, search, talk, user
from tests.storage.plans import plans


async def ids(store: Store, **options: object) -> list[str]:
    return [listing.id for listing in await store.sessions(**options)]  # type: ignore[arg-type]


async def make(store: Store, *names: str) -> None:
    for name in names:
        await store.create_session(NewSession(id=name, title=f"Title {name}"))


def cursor(listing: SessionListing) -> SessionCursor:
    return SessionCursor(pinned=listing.pinned, updated_at=listing.updated_at, id=listing.id)


async def test_a_session_comes_back_as_it_was_made(store: Store) -> None:
    """Every field of a new session is kept."""
    new = NewSession(
        id="mine",
        title="Über \U0001f600",
        title_is_auto=False,
        system_prompt="Be brief.",
        model="a/b/c",
        params={"temperature": 0.5, "stop": ["x"]},
        context={"location": {"city": "Cádiz"}},
        language="es",
        created_at=5,
    )
    made = await store.create_session(new)
    assert made == await store.session("mine")
    assert (made.title, made.title_is_auto, made.system_prompt) == ("Über \U0001f600", False, "Be brief.")
    assert (made.model, made.language, made.created_at, made.updated_at) == ("a/b/c", "es", 5, 5)
    assert dict(made.params) == {"temperature": 0.5, "stop": ["x"]}
    assert dict(made.context) == {"location": {"city": "Cádiz"}}


async def test_ids_are_made_where_none_is_chosen(store: Store) -> None:
    """Two sessions without an id are two sessions."""
    one, two = [await store.create_session(NewSession()) for _ in range(2)]
    assert one.id != two.id
    assert len(one.id) == 36


async def test_an_id_is_taken_once(store: Store) -> None:
    """A second session of the same id is refused, in the trash or not."""
    await make(store, "a")
    await store.trash_session("a")
    with pytest.raises(WrongUse, match="a"):
        await make(store, "a")


async def test_an_unknown_session_is_not_found(store: Store) -> None:
    """Asking, changing and deleting what is not there says so."""
    for asked in (store.session("x"), store.update_session("x", pinned=True), store.trash_session("x")):
        with pytest.raises(NotFound, match="x"):
            await asked


async def test_the_newest_session_comes_first(store: Store) -> None:
    """The sidebar is ordered by the last message, newest first."""
    await make(store, "a", "b", "c")
    await store.add_messages("a", None, [user("hello")])
    assert await ids(store) == ["a", "c", "b"]


async def test_pinned_sessions_come_before_all(store: Store) -> None:
    """A pinned session stands above newer ones."""
    await make(store, "a", "b", "c")
    await store.update_session("a", pinned=True)
    assert await ids(store) == ["a", "c", "b"]


async def test_pages_follow_each_other_without_gap_or_repetition(store: Store) -> None:
    """Paging by the last line gives every session once, though several are of the same moment."""
    for place in range(23):
        await store.create_session(NewSession(id=f"s{place:02}", created_at=place // 4))
    await store.update_session("s03", pinned=True)
    await store.update_session("s04", pinned=True)
    seen: list[SessionListing] = []
    after = None
    while page := await store.sessions(limit=5, after=after):
        seen.extend(page)
        after = cursor(page[-1])
    assert [cursor(listing) for listing in seen] == sorted(
        (cursor(listing) for listing in seen), key=lambda at: (at.pinned, at.updated_at, at.id), reverse=True
    )
    assert len({listing.id for listing in seen}) == 23


async def test_a_session_that_moves_up_while_paging_is_not_listed_twice_below(store: Store) -> None:
    """The next page begins behind the last line, whatever happened above it."""
    await make(store, "a", "b", "c", "d")
    first = await store.sessions(limit=2)
    await store.add_messages("a", None, [user("hello")])
    assert await ids(store, limit=2, after=cursor(first[-1])) == ["b"]


async def test_a_line_holds_what_the_sidebar_shows(store: Store) -> None:
    """Title, model, time, count and pin come with the list."""
    session, _messages = await talk(store, "one", "two")
    await store.update_session(session.id, title="Named", model="a/b")
    found = await store.session(session.id)
    assert await store.sessions() == (
        SessionListing(
            id=session.id,
            title="Named",
            model="a/b",
            updated_at=found.updated_at,
            pinned=False,
            message_count=2,
            is_active=True,
            created_at=found.created_at,
        ),
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("alpha", ["ALPHA beta", "Alpha 50% off"]),
        ("ta ALP", ["ALPHA beta"]),
        ("%", ["Alpha 50% off"]),
        ("_", []),
        ("señor", ["SEÑOR"]),
        ("  ", ["SEÑOR", "ALPHA beta", "Alpha 50% off"]),
    ],
)
async def test_the_list_is_filtered_by_words_of_the_title(store: Store, text: str, found: list[str]) -> None:
    """All words must stand in the title, in whatever case, and no character is special."""
    for title in ("Alpha 50% off", "ALPHA beta", "SEÑOR"):
        await store.create_session(NewSession(title=title))
    assert [listing.title for listing in await store.sessions(text=text)] == found


async def test_archived_sessions_have_a_list_of_their_own(store: Store) -> None:
    """A session that is not active leaves the list and stands among the archived."""
    await make(store, "a", "b")
    await store.update_session("a", is_active=False)
    assert (await ids(store), await ids(store, place=Place(kind=PlaceKind.ARCHIVED))) == (["b"], ["a"])


async def test_profiles_do_not_see_each_others_sessions(store: Store) -> None:
    """The list is one profile's; without a name it is Guest's."""
    await store.call(lambda db: db.execute_sql("INSERT INTO profile(id, name, created_at) VALUES (2, 'Ana', 0)"))
    await store.create_session(NewSession(id="g"))
    await store.create_session(NewSession(id="a", profile_id=2))
    assert (await ids(store), await ids(store, profile=1), await ids(store, profile=2)) == (["g"], ["g"], ["a"])


async def test_a_change_keeps_the_place_in_the_list(store: Store) -> None:
    """Renaming or choosing a model is no reason to jump to the top."""
    await make(store, "a", "b")
    await store.update_session("a", title="New", model="x/y", params={"temperature": 0})
    assert await ids(store) == ["b", "a"]


async def test_a_title_given_by_hand_stays(store: Store) -> None:
    """A renamed session is not renamed by the first message."""
    await make(store, "a")
    renamed = await store.update_session("a", title="")
    assert not renamed.title_is_auto
    await store.begin_turn(session_id="a", parent_id=None, user=user("hi"), assistant=user(""), title="hi")
    assert (await store.session("a")).title == ""


async def test_a_title_by_a_model_stays_automatic(store: Store) -> None:
    """Whoever sets the title may say that it is still automatic."""
    await make(store, "a")
    assert (await store.update_session("a", title="Better", title_is_auto=True)).title_is_auto


async def test_only_known_columns_change(store: Store) -> None:
    """A misspelt or protected column is a mistake of the caller, found at once."""
    await make(store, "a")
    with pytest.raises(TypeError, match="message_count"):
        await store.update_session("a", message_count=7)
    assert await store.update_session("a") == await store.session("a")


async def test_the_trash_gives_back_what_it_took(store: Store) -> None:
    """A deleted session leaves the list, stands in the trash, and comes back with its messages."""
    session, messages = await talk(store, "one", "two")
    deleted = await store.trash_session(session.id)
    assert await store.trash_session(session.id) == deleted
    assert deleted.deleted_at is not None
    assert (await ids(store), await ids(store, place=Place(kind=PlaceKind.TRASH))) == ([], [session.id])
    assert (await store.count_sessions(), await store.count_sessions(trashed=True)) == (0, 1)
    assert await store.restore_session(session.id) == session
    assert await ids(store) == [session.id]
    assert await store.path(session.id) == messages


async def test_nothing_is_sent_into_the_trash(store: Store) -> None:
    """A session in the trash takes no messages."""
    session, _messages = await talk(store, "one")
    await store.trash_session(session.id)
    with pytest.raises(WrongUse, match="trash"):
        await begin(store, session, "two")


async def test_emptying_the_trash_removes_for_good(store: Store) -> None:
    """What was in the trash is gone with its drafts and its words in the index; the rest stands."""
    kept, kept_messages = await talk(store, "kept one", "kept two")
    gone, gone_messages = await talk(store, *[f"gone {n}" for n in range(sessions.DELETE_CHUNK + 5)])
    await store.save_draft(gone.id, "unsent")
    await store.trash_message(kept_messages[1].id)
    await store.trash_session(gone.id)
    assert await store.empty_trash() == 1
    assert await store.empty_trash() == 0
    with pytest.raises(NotFound):
        await store.message(gone_messages[0].id)
    with pytest.raises(NotFound):
        await store.restore_message(kept_messages[1].id)
    assert await store.draft(gone.id) == ""
    assert [hit.message_id for hit in await search(store, "one OR gone OR two")] == [kept_messages[0].id]
    assert (await store.session(kept.id)).active_leaf == kept_messages[0].id


async def test_a_session_restored_while_the_trash_is_emptied_stays(store: Store) -> None:
    """Each piece of the emptying looks again whether the session is still in the trash."""
    session, messages = await talk(store, "one")
    assert not await store.call(lambda db: sessions.remove_some(db, session.id))
    assert not await store.call(lambda db: sessions.remove_some(db, "never there"))
    assert await store.path(session.id) == messages


async def test_numbers_of_removed_messages_are_not_used_again(store: Store) -> None:
    """An id never comes to mean another message."""
    session, messages = await talk(store, "one")
    await store.trash_session(session.id)
    await store.empty_trash()
    _session, later = await talk(store, "two")
    assert later[0].id > messages[0].id


@pytest.mark.parametrize("paged", [False, True])
@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("kind", [PlaceKind.ALL, PlaceKind.ARCHIVED])
async def test_the_list_is_read_from_an_index(store: Store, kind: PlaceKind, sort: Sort, paged: bool) -> None:
    """A page of the sidebar reads as many rows as it shows, in each order: no scan, no sorting."""
    after = SessionCursor(pinned=False, updated_at=5, id="x") if paged else None
    found = await plans(
        store,
        lambda db: sessions.page(db, profile=GUEST, limit=50, after=after, place=Place(kind=kind), sort=sort),
    )
    assert [line.split()[0] for line in found] == ["SEARCH", "SEARCH"]
    assert found[1].endswith("USING INTEGER PRIMARY KEY (rowid=?)"), "the last message of each row"
    names = {
        Sort.ACTIVITY: "COVERING INDEX session_list",
        Sort.CREATION: "session_created",
        Sort.TITLE: "session_title",
    }
    assert names[sort] in found[0]


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("place", [EVERYTHING, *(Place(kind=kind, number=1) for kind in list(PlaceKind)[1:5])])
async def test_a_filter_reads_the_covering_index_alone(store: Store, place: Place, sort: Sort) -> None:
    """Whatever few sessions pass, no row is looked up for those that do not; only what is found is sorted."""
    found = await plans(
        store, lambda db: sessions.page(db, profile=GUEST, limit=50, place=place, sort=sort, text="red fox")
    )
    read = [line for line in found if " session " in f"{line} "]
    assert len(read) == 1
    assert "USING COVERING INDEX session_list" in read[0]


async def test_words_that_cannot_be_written_do_not_fail(store: Store) -> None:
    """A title or a parameter with a lone surrogate is kept with U+FFFD in its place."""
    made = await store.create_session(NewSession(id="\ud800", title="a\ud800", params={"x": "\udfff"}))
    assert (made.id, made.title, dict(made.params)) == ("\ufffd", "a\ufffd", {"x": "\ufffd"})


async def test_what_json_cannot_hold_is_a_mistake_of_ours(store: Store) -> None:
    """A parameter of a type that JSON does not know is refused loudly."""
    with pytest.raises(TypeError, match="set"):
        await store.create_session(NewSession(params={"x": {1, 2}}))


async def test_a_closed_store_says_so(open_store: OpenStore) -> None:
    """Asking a closed store is a mistake of ours, not of the world."""
    store = await open_store()
    await store.close()
    for asked in (store.session("x"), store.create_session(NewSession()), store.data_version()):
        with pytest.raises(RuntimeError, match="closed") as caught:
            await asked
        assert not isinstance(caught.value, StoreError | ReadOnly)
