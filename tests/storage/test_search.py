from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.messages import Status
from desktop.domain.searching import SearchCursor, SearchPage
from desktop.domain.sessions import NewSession, SearchHit
from desktop.storage import search as searching
from desktop.storage import search_names
from desktop.storage.search_plan import Names
from desktop.storage.store import Store
from tests.storage.conftest import OpenStore
from tests.storage.making import asked, begin, done, search, talk, user
from tests.storage.plans import plans, steps


async def found(store: Store, text: str) -> list[int | None]:
    return [hit.message_id for hit in await search(store, text)]


async def test_a_hit_says_where_it_is(store: Store) -> None:
    """Session, title, message, role and time come with the words around the match."""
    session, messages = await talk(store, "where is the harbour?", "the harbour is down there")
    await store.update_session(session.id, title="A walk")
    newest, oldest = await search(store, "harbour")
    assert (newest.session_id, newest.session_title, newest.message_id, newest.role) == (
        session.id,
        "A walk",
        messages[1].id,
        "assistant",
    )
    assert newest.snippet == "the \ue000harbour\ue001 is down there"
    assert oldest.message_id == messages[0].id


async def test_titles_are_found_too(store: Store) -> None:
    """A session is found by its title, also after it was renamed."""
    session = await store.create_session(NewSession(title="Old name"))
    await store.update_session(session.id, title="New name")
    (hit,) = await search(store, "new")
    assert (hit.session_id, hit.message_id, hit.snippet) == (session.id, None, "\ue000New\ue001 name")
    assert await search(store, "old") == ()


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("c++", {"I write C++ daily"}),
        ("C", {"I write C++ daily", "plain C code"}),
        ("a-b", {"an a-b test"}),
        ("C++ daily", {"I write C++ daily"}),
        ("dail*", {"I write C++ daily"}),
        ("dail", set()),
        ('"write C"', {"I write C++ daily"}),
        ('"C write"', set()),
        ("daily OR code", {"I write C++ daily", "plain C code"}),
        ("C NOT plain", {"I write C++ daily"}),
        ("test AND an", {"an a-b test"}),
        ("OR", set()),
        ("daily OR", set()),
        ("C daily OR code", {"I write C++ daily", "plain C code"}),
        ("C -plain", {"I write C++ daily"}),
        ("NOT plain", {"I write C++ daily", "an a-b test", "Señor", ""}),
        ("content: daily", set()),
        ('unclosed "daily', set()),
        ("senor", {"Señor"}),
        ("DAILY", {"I write C++ daily"}),
        ("(daily", {"I write C++ daily"}),
        ("^plain", {"plain C code"}),
        ("++ daily", {"I write C++ daily"}),
        ("day\x00x", set()),
        ("\ud800daily", {"I write C++ daily"}),
    ],
)
async def test_what_people_type_is_understood(store: Store, text: str, matches: set[str]) -> None:
    """Phrases, beginnings, OR and NOT work; anything else is plain words, and nothing is a syntax error."""
    session = await store.create_session(NewSession())
    for content in ("I write C++ daily", "plain C code", "an a-b test", "Señor"):
        turn = await begin(store, session, content)
        await store.finish(turn.assistant.id, done(""))
    hits = [await store.message(hit.message_id or 0) for hit in await search(store, text)]
    assert {hit.content for hit in hits} == matches


@pytest.mark.parametrize("text", ["", "   ", "++", '""', "\U0001f600", "-", "*", "AND", "OR NOT"])
async def test_a_search_without_a_word_finds_nothing(store: Store, text: str) -> None:
    """Signs alone are no question."""
    await talk(store, "++ \U0001f600 - *")
    assert await search(store, text) == ()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(
        st.text(st.characters(exclude_categories=()), max_size=20),
        st.lists(st.sampled_from(['"', "*", "a", "OR", "NOT", "AND", "(", ")", "^", ":", "-", "+", "NEAR"])).map(
            " ".join
        ),
    )
)
async def test_no_text_is_a_syntax_error(open_store: OpenStore, text: str) -> None:
    """Whatever is typed, the search answers."""
    store = await open_store()
    await search(store, text)
    await store.close()


async def test_what_streams_is_found_when_it_is_final(store: Store) -> None:
    """A checkpoint costs the index nothing; the end of the run puts the words in."""
    session = await store.create_session(NewSession())
    turn = await begin(store, session, "question")
    await store.checkpoint(turn.assistant.id, content="harbour")
    assert await found(store, "harbour") == []
    await store.finish(turn.assistant.id, done("harbour bridge", Status.STOPPED))
    assert await found(store, "harbour") == [turn.assistant.id]


async def test_a_message_that_streams_again_is_not_found_twice(store: Store) -> None:
    """Leaving and entering the index follow the status, in both directions."""
    _session, messages = await talk(store, "harbour")

    async def change(assignment: str) -> None:
        await store.call(lambda db: db.execute_sql(f"UPDATE message SET {assignment}"))

    await change("status = 'streaming'")
    assert await found(store, "harbour") == []
    await change("content = 'bridge'")
    await change("status = 'complete'")
    assert (await found(store, "harbour"), await found(store, "bridge")) == ([], [messages[0].id])
    await change("content = 'tower'")
    assert (await found(store, "bridge"), await found(store, "tower")) == ([], [messages[0].id])


async def test_the_trash_is_not_searched(store: Store) -> None:
    """Neither deleted messages nor deleted sessions are found, until they are restored."""
    session, messages = await talk(store, "harbour one", "harbour two")
    await store.trash_message(messages[1].id)
    assert await found(store, "harbour") == [messages[0].id]
    await store.trash_session(session.id)
    assert await found(store, "harbour") == []
    await store.restore_session(session.id)
    await store.restore_message(messages[1].id)
    assert await found(store, "harbour") == [messages[1].id, messages[0].id]


async def test_the_limit_keeps_the_newest(store: Store) -> None:
    """Of many hits the newest are shown."""
    _session, messages = await talk(store, *[f"harbour {n}" for n in range(9)])
    hits = await search(store, "harbour", limit=2)
    assert [hit.message_id for hit in hits] == [messages[8].id, messages[7].id]


async def test_the_limit_keeps_the_titles_that_went_on_last(store: Store) -> None:
    """An old session that goes on is newer than one that was begun after it."""
    old = await store.create_session(NewSession(title="harbour old"))
    for number in range(3):
        await store.create_session(NewSession(title=f"harbour {number}"))
    await store.add_messages(old.id, None, [user("more")])
    hits = await search(store, "harbour", limit=2)
    assert hits[0].session_id == old.id


async def write_titles(store: Store, titles: list[str]) -> None:
    """Make sessions; each was changed at another time, which has nothing to do with its number."""
    rows = [(f"t{at:05}", title, at * 7919 % 10007) for at, title in enumerate(titles)]

    def write(db: APSWDatabase) -> None:
        sql = "INSERT INTO session(id, title, created_at, updated_at) VALUES (?, ?, 0, ?)"
        db.connection().executemany(sql, rows)

    await store.call(write)


def page_of(
    db: APSWDatabase, *, text: str, after: SearchCursor | None = None, limit: int = 10, is_long: bool = False
) -> SearchPage:
    question = asked(text)
    names, _said = search_names.find_names(db, question, profile=1)
    whole = searching.Asked(question=question, names=names, profile=1, is_long=lambda: is_long)
    return searching.search(db, whole, limit=limit, after=after)


async def test_what_takes_long_goes_on_with_the_next_page(store: Store) -> None:
    """A piece of code that the index cannot tell is looked for in the newest messages first, and the page says so."""
    _session, messages = await talk(store, "see `x_i`", *[f"plain {n}" for n in range(searching.LEAST_LOOKED_AT)])
    first = await store.read(partial(page_of, text="_i", is_long=True))
    assert (first.hits, first.has_more, bool(first.notice)) == ((), True, True)
    second = await store.read(partial(page_of, text="_i", after=first.next))
    assert [hit.message_id for hit in second.hits] == [messages[0].id]
    assert (second.has_more, second.notice) == (False, "")


async def test_titles_that_take_long_go_on_with_the_next_page(store: Store) -> None:
    """Nothing is left out where a page ends early, and nothing comes twice."""
    await write_titles(store, ["an x_i", *["so am i"] * 600])
    found, after = [], None
    for _page in range(3):
        page = await store.read(partial(page_of, text="_i", after=after, is_long=True))
        found += [hit.session_title for hit in page.hits]
        after = page.next
        if after is None:
            break
    assert found == ["an x_i"]


async def pages_of_titles(store: Store, *, between: Callable[[APSWDatabase], object] | None = None) -> list[SearchHit]:
    """Read all titles with "harbour", fifty at a time; `between` happens behind the third page."""
    found: list[SearchHit] = []
    page = SearchPage(has_more=True)
    while page.has_more:
        page = await store.read(partial(page_of, text="harbour", after=page.next, limit=50))
        found += page.hits
        if between is not None and len(found) == 150:
            await store.call(between)
    return found


async def test_titles_come_newest_first_over_all_pages(store: Store) -> None:
    """The order is that of the last change, whatever the order in which the sessions were begun; none comes twice."""
    await write_titles(store, [f"harbour {n}" for n in range(500)])
    found = [hit.created_at for hit in await pages_of_titles(store)]
    assert found == sorted((n * 7919 % 10007 for n in range(500)), reverse=True)


@pytest.mark.parametrize(
    "between",
    [
        "INSERT INTO session(id, title, created_at, updated_at) SELECT 'n' || id, title, 0, 20000 FROM session",
        "UPDATE session SET deleted_at = 1 WHERE number > 440",
        "DELETE FROM session WHERE number % 10 = 0",
        "UPDATE session SET title = 'bridge' WHERE number > 490",
    ],
)
async def test_what_comes_and_goes_between_pages_shifts_no_title(store: Store, between: str) -> None:
    """Each session that stays is found once, and one that came is none of the older ones."""
    await write_titles(store, [f"harbour {n}" for n in range(500)])
    found = [hit.session_id for hit in await pages_of_titles(store, between=lambda db: db.execute_sql(between))]
    sql = "SELECT id FROM session WHERE deleted_at IS NULL AND title LIKE 'harbour%' AND id LIKE 't%'"
    stayed = {id_ for (id_,) in await store.read(lambda db: db.execute_sql(sql).fetchall())}
    assert len(found) == len(set(found))
    assert stayed <= set(found)
    assert not [id_ for id_ in found if id_.startswith("n")]


async def test_more_titles_than_are_ordered_at_once_are_found_once(store: Store) -> None:
    """Behind those that were begun last come the others, each once."""
    many = searching.TITLES_AT_ONCE + 120
    await write_titles(store, [f"harbour {n}" for n in range(many)])
    page, found = SearchPage(has_more=True), []
    while page.has_more:
        page = await store.read(partial(page_of, text="harbour", after=page.next, limit=900))
        found += [hit.session_id for hit in page.hits]
    assert len(found) == many == len(set(found))


async def test_a_name_beside_words_costs_no_more_than_its_sessions(store: Store) -> None:
    """Neither a name that nobody has nor a filter that few sessions pass makes all messages be looked at."""
    questions = ["model:zz OR zzz", "tag:none OR zzz", "in:none OR zzz", "profile:none OR zzz", "is:pinned OR zzz"]
    few = [await steps(store, partial(page_of, text=text)) for text in questions]
    await talk(store, *[f"the harbour {n}" for n in range(3000)])
    assert [
        text
        for text, before in zip(questions, few, strict=True)
        if await steps(store, partial(page_of, text=text)) > before + 20
    ] == []


async def test_a_common_word_costs_no_more_than_its_page(store: Store) -> None:
    """The newest hits of a word that stands everywhere are read without looking at the others."""

    def first_page(db: APSWDatabase) -> SearchPage:
        return searching.search(db, searching.Asked(question=asked("harbour"), names=Names(), profile=1), limit=10)

    await talk(store, *[f"the harbour {n}" for n in range(20)])
    few = await steps(store, first_page)
    await talk(store, *[f"the harbour {n}" for n in range(3000)])
    many = await steps(store, first_page)
    assert many <= few + 20
    lines = await plans(store, first_page)
    assert [line for line in lines if "TEMP B-TREE" in line] == []
