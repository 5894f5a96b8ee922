"""Finding on a real database: over the whole path and nothing beside it, and never for long at a time."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from desktop.domain.faults import NotFound
from desktop.domain.finding import FoundPage, Match, Needle, needle
from desktop.domain.messages import NewMessage, Role
from desktop.domain.path_map import PathMap
from desktop.domain.sessions import NewSession
from desktop.providers.pace import Pacer
from desktop.services.finding import PIECE_CHARS, FindingService
from desktop.services.paths import PathReader
from desktop.storage.store import Store

LENGTH = 3_000


@pytest.fixture
async def store(folder: Path) -> AsyncIterator[Store]:
    opened = await Store.open(folder=folder)
    yield opened
    await opened.close()


@pytest.fixture
def finding(store: Store) -> FindingService:
    return FindingService(store=store, paths=PathReader(store=store))


def turn(number: int) -> NewMessage:
    """Return message `number` of a long talk; every hundredth has the word twice."""
    role = Role.ASSISTANT if number % 2 else Role.USER
    words = "A **nee**dle here, a needle there." if number % 100 == 51 else "Nothing but hay."
    return NewMessage(role=role, content=f"{words} Number {number}.")


async def talk(store: Store, *texts: str | NewMessage) -> tuple[str, list[int]]:
    """Write a session of one path."""
    session = await store.create_session(NewSession())
    new = [
        text if isinstance(text, NewMessage) else NewMessage(role=Role.ASSISTANT if at % 2 else Role.USER, content=text)
        for at, text in enumerate(texts)
    ]
    written = await store.add_messages(session.id, None, new)
    return session.id, [message.id for message in written]


async def whole(finding: FindingService, ids: Sequence[int], wanted: Needle) -> list[tuple[int, int, int]]:
    """Search to the end, page by page."""
    hits: list[tuple[int, int, int]] = []
    searched = 0
    while searched < len(ids):
        page = await finding.page(ids[searched:], wanted)
        searched += page.searched
        hits += page.hits
    return hits


async def test_the_whole_path_is_searched_and_nothing_beside_it(store: Store, finding: FindingService) -> None:
    """Thousands of messages with branches: what hangs beside the path is not counted."""
    session_id, ids = await talk(store, *(turn(number) for number in range(LENGTH)))
    for at in (10, 1_000, 2_999):
        await store.add_messages(session_id, ids[at - 1], [NewMessage(role=Role.USER, content="needle, elsewhere")])
    await store.show_leaf(session_id, ids[-1])
    hits = await whole(finding, ids, needle("needle"))
    assert hits == [(depth, ids[depth], 2) for depth in range(51, LENGTH, 100)]


async def test_a_page_ends_in_time(store: Store) -> None:
    """It says how many messages were searched, so the first results need not wait for the last."""
    _session_id, ids = await talk(store, *["needle"] * 5)
    ticks = iter(range(1_000))
    slow = FindingService(store=store, paths=PathReader(store=store), clock=lambda: float(next(ticks)))
    page = await slow.page(ids[3::-1], needle("needle"), limit_s=2.0)
    assert page == FoundPage(((3, ids[3], 1), (2, ids[2], 1)), 2)


async def test_the_nearest_match_need_not_wait_for_others(store: Store, finding: FindingService) -> None:
    """In either direction; what was looked through on the way need not be again."""
    _session_id, ids = await talk(store, *["hay"] * 3, "needle", "hay", "needle", "hay")
    page = await finding.page(ids, needle("needle"), first_only=True)
    assert page == FoundPage(((3, ids[3], 1),), 4)
    page = await finding.page(ids[::-1], needle("needle"), first_only=True)
    assert page == FoundPage(((5, ids[5], 1),), 2)
    assert await finding.page(ids[:3], needle("needle"), first_only=True) == FoundPage((), 3)


async def test_what_is_gone_has_no_match(store: Store, finding: FindingService) -> None:
    """Messages may go while a path is searched."""
    _session_id, ids = await talk(store, "needle")
    assert await finding.page([998, ids[0], 999], needle("needle")) == FoundPage(((0, ids[0], 1),), 3)


@pytest.mark.parametrize("match_case", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "A needle.",
        "a **nee**dle",
        "a n_e_`e`dle nee*dle*",
        "a nee&#100;le",
        "a [nee](http://a.example)dle",
        "![needle](http://a.example/x)",
        "nee$d$le",
        "\x00 needle",
        "héllo needle",
        "hay " * 40_000 + "needle",
    ],
)
async def test_the_database_leaves_out_nothing_that_matches(
    store: Store, finding: FindingService, text: str, match_case: bool
) -> None:
    """Whatever Markdown does to a word, what is counted is what `locate` finds without any sieve."""
    _session_id, ids = await talk(store, "hay", text, text)
    wanted = needle("needle", match_case=match_case)
    found = {id_ for _depth, id_, _count in await whole(finding, ids, wanted)}
    assert found == {id_ for id_ in ids if await finding.locate(id_, wanted, 0) is not None}
    assert ids[1] in found or ids[2] in found


async def test_accents_and_case_are_folded_in_the_sieve_too(store: Store, finding: FindingService) -> None:
    """What the database cannot fold, it lets through; and with `match_case` it compares as it is written."""
    _session_id, ids = await talk(store, "Sesión", "SESION", "sesion", "hay")
    assert [hit[0] for hit in await whole(finding, ids, needle("sesion"))] == [0, 1, 2]
    assert [hit[0] for hit in await whole(finding, ids, needle("sesión", match_case=True))] == []
    assert [hit[0] for hit in await whole(finding, ids, needle("Sesión", match_case=True))] == [0]
    assert [hit[0] for hit in await whole(finding, ids, needle("SESION", match_case=True))] == [1]


async def test_a_search_rests_between_slices(store: Store) -> None:
    """Streams run on the same loop: after each slice of work they have their turn."""
    ticks = iter(range(1_000_000))
    pacer = Pacer(work_s=5.0, rest_s=0.0, clock=lambda: float(next(ticks)))
    finding = FindingService(store=store, paths=PathReader(store=store), pacer=pacer)
    _session_id, ids = await talk(store, *["needle in hay"] * 100)
    assert len(await whole(finding, ids, needle("needle"))) == 100
    assert pacer.rests > 20


async def test_thinking_is_searched_too(store: Store, finding: FindingService) -> None:
    """A match in the thinking comes before those in the answer."""
    answer = NewMessage(role=Role.ASSISTANT, content="the needle", thinking="a needle?\n" * 3)
    _session_id, ids = await talk(store, "question", answer)
    assert await whole(finding, ids, needle("needle")) == [(1, ids[1], 4)]
    first = await finding.locate(ids[1], needle("needle"), 1)
    assert first == Match(message_id=ids[1], depth=1, in_thinking=True, index=0, start=12, end=18, number=1)
    last = await finding.locate(ids[1], needle("needle"), 3)
    assert last == Match(message_id=ids[1], depth=1, in_thinking=False, index=0, start=4, end=10, number=3)


async def test_a_match_that_is_gone_is_the_last_one_there_is(store: Store, finding: FindingService) -> None:
    """A message may have changed since it was counted."""
    _session_id, ids = await talk(store, "needle and needle", "hay")
    found = await finding.locate(ids[0], needle("needle"), 7)
    assert found is not None
    assert found.start == 11
    assert await finding.locate(ids[1], needle("needle"), 0) is None
    assert await finding.locate(999, needle("needle"), 0) is None


async def test_what_is_shown_is_found_and_not_what_is_written(store: Store, finding: FindingService) -> None:
    """Markup, targets of links and languages of code are not there for a reader; a question is as it was written."""
    _session_id, ids = await talk(
        store, "a **bold** word", "a **bold** [word](http://secret.example)\n\n```python\nx\n```\n"
    )
    for looked_for, depths in (("bold word", [1]), ("**bold", [0]), ("secret", []), ("python", []), ("x", [1])):
        assert [depth for depth, _id, _count in await whole(finding, ids, needle(looked_for))] == depths, looked_for


@pytest.mark.parametrize("role", [Role.USER, Role.ASSISTANT])
async def test_a_giant_is_searched_in_pieces(store: Store, finding: FindingService, role: Role) -> None:
    """A match is found wherever in a long message it is, also where the message is cut to be looked at."""
    text = "hay " * ((PIECE_CHARS - 3) // 4) + "needle " + "hay " * 60_000 + "needle"
    _session_id, ids = await talk(store, NewMessage(role=role, content=text))
    assert await whole(finding, ids[:1], needle("NEEDLE")) == [(0, ids[0], 2)]


async def test_a_definition_at_the_end_changes_what_was_before(store: Store, finding: FindingService) -> None:
    """A link that is defined far below is shown by its text alone, as the transcript shows it."""
    text = "see [the needle][far] now\n\n" + "hay\n\n" * 2_000 + "[far]: http://example.org/"
    _session_id, ids = await talk(store, "?", text)
    assert await whole(finding, ids[1:], needle("needle now")) == [(1, ids[1], 1)]
    found = await finding.locate(ids[1], needle("needle now"), 0)
    assert found is not None
    assert (found.index, found.start) == (0, 8)


async def test_the_map_of_a_path(store: Store, finding: FindingService) -> None:
    """It has the ids by depth, and marks questions and what has several versions."""
    session_id, ids = await talk(store, *(turn(number) for number in range(LENGTH)))
    other = await store.add_messages(session_id, ids[9], [NewMessage(role=Role.USER, content="another way")])
    await store.add_messages(session_id, other[0].id, [NewMessage(role=Role.ASSISTANT, content="beside")])
    await store.add_messages(session_id, None, [NewMessage(role=Role.USER, content="another start")])
    await store.show_leaf(session_id, ids[-1])
    found = await finding.path_map(session_id)
    assert list(found.ids) == ids
    assert [depth for depth in range(20) if found.questions[depth]] == list(range(0, 20, 2))
    assert {depth: versions for depth, versions in enumerate(found.branches) if versions} == {0: 2, 10: 2}


async def test_the_map_follows_the_path(store: Store, finding: FindingService) -> None:
    """What two paths share is kept, and the rest is that of the new one."""
    session_id, ids = await talk(store, *["word"] * 8)
    before = await finding.path_map(session_id)
    added = await store.add_messages(session_id, ids[4], [NewMessage(role=Role.ASSISTANT, content="new")])
    after = await finding.path_map(session_id, before)
    assert list(after.ids) == [*ids[:5], added[0].id]
    assert before.common(after) == 5
    assert list(after.questions) == [1, 0, 1, 0, 1, 0]
    assert list(after.branches) == [0, 0, 0, 0, 0, 2]
    assert list((await finding.path_map(session_id, after)).ids) == list(after.ids)


async def test_an_empty_session_has_an_empty_map(store: Store, finding: FindingService) -> None:
    """Nothing to mark."""
    session = await store.create_session(NewSession())
    found = await finding.path_map(session.id)
    assert len(found) == 0
    assert found.common(PathMap()) == 0


async def test_the_first_words_stand_in_one_line(store: Store, finding: FindingService) -> None:
    """What a map says about a message is short."""
    _session_id, ids = await talk(store, "one\n\ntwo   three " + "x" * 500)
    words = await finding.first_words(ids[0])
    assert words.startswith("one two three xxx")
    assert len(words) <= 200
    with pytest.raises(NotFound):
        await finding.first_words(999)
