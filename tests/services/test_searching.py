"""The search service: pages, order, what a newer question does to an older one, completions, what is marked."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from desktop.domain.searching import SearchInterrupted, SearchOrder, SearchPage
from desktop.services.searching import SearchService
from desktop.storage import search
from desktop.storage.search import Asked
from desktop.storage.search_plan import Names
from desktop.storage.store import Store
from tests.storage.making import asked, talk


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await Store.open(folder=tmp_path)
    yield store
    await store.close()


@pytest.fixture
def service(store: Store) -> SearchService:
    return SearchService(store=store, profile=lambda: 1, today=lambda: date(2026, 11, 21))


async def test_pages_follow_each_other_without_a_gap(store: Store, service: SearchService) -> None:
    """Page after page gives every message and title once, the newest first."""
    _session, messages = await talk(store, *[f"harbour {n}" for n in range(7)])
    found: list[int | None] = []
    after = None
    for _page in range(3):
        page = await service.hits("harbour", limit=3, after=after)
        found += [hit.message_id for hit in page.hits]
        after = page.next
    assert found == [message.id for message in reversed(messages)]
    assert after is None


async def test_relevance_puts_the_best_first(store: Store, service: SearchService) -> None:
    """A short text with the word twice stands before a long newer one with the word once, in pages too."""
    _session, messages = await talk(store, "harbour harbour", "harbour " + "and much more of the same " * 20, "bridge")
    page = await service.hits("harbour", limit=1, order=SearchOrder.RELEVANCE)
    assert [hit.message_id for hit in page.hits] == [messages[0].id]
    rest = await service.hits("harbour", limit=5, order=SearchOrder.RELEVANCE, after=page.next)
    assert [hit.message_id for hit in rest.hits] == [messages[1].id]
    assert not rest.has_more


async def test_a_newer_search_ends_the_older_one(store: Store, service: SearchService) -> None:
    """The older one is interrupted, however far it is, and the newer one answers."""
    await talk(store, *[f"harbour {n}" for n in range(50)])
    older = asyncio.create_task(service.hits("harbour -1"))
    await asyncio.sleep(0)
    newer = await service.hits("harbour", limit=60)
    assert len(newer.hits) == 50
    # Where it was faster than the newer one could come, there was nothing to interrupt.
    (outcome,) = await asyncio.gather(older, return_exceptions=True)
    assert isinstance(outcome, SearchInterrupted | SearchPage)


async def test_another_profile_is_not_searched(store: Store, service: SearchService) -> None:
    """A filter for another profile finds nothing and says so; the own one changes nothing."""
    await talk(store, "harbour")
    await store.call(lambda db: db.execute_sql("INSERT INTO profile(id, name, created_at) VALUES (2, 'Work', 0)"))
    page = await service.hits("harbour profile:work")
    assert (page.hits, bool(page.notice)) == ((), True)
    assert len((await service.hits("harbour profile:guest")).hits) == 1
    assert (await SearchService(store=store, profile=lambda: 2).hits("harbour")).hits == ()


@pytest.mark.parametrize("text", ["in:nowhere", "tag:none", "model:none", "before:soon"])
async def test_what_a_filter_cannot_do_is_said(service: SearchService, text: str) -> None:
    """A name that nobody has and a date that is none are no errors: nothing is found, and a sentence says why."""
    page = await service.hits(f"harbour {text}")
    assert page.hits == ()
    assert page.notice


async def test_completions_are_names_and_then_values(store: Store, service: SearchService) -> None:
    """Names of filters while a word is typed, values behind the colon, with the part that they replace."""
    await store.call(lambda db: db.execute_sql("INSERT INTO folder(name, created_at) VALUES ('My work', 0)"))
    assert [each.insert for each in await service.completions("harbour ro", 10)] == ["role:"]
    (value,) = await service.completions("harbour in:my", 13)
    assert (value.insert, value.start, value.end) == ('"My work" ', 11, 13)
    assert "2026-11 " in [each.insert for each in await service.completions("after:", 6)]
    assert await service.completions('"in"', 4) == ()


def test_what_is_marked_are_the_words(service: SearchService) -> None:
    """Filters, and words that are left out, are not marked in a message."""
    assert service.terms('Harbour* "the bridge" -night role:user b.c()') == ("Harbour", "the bridge", "b.c")


async def test_a_search_that_nobody_waits_for_ends_itself(store: Store) -> None:
    """Between two statements, too: the row that is looked at next ends it."""
    await talk(store, "harbour")
    asked_ = Asked(question=asked("harbour"), names=Names(), profile=1, is_stale=lambda: True)
    with pytest.raises(SearchInterrupted):
        await store.read(lambda db: search.search(db, asked_, limit=5))
