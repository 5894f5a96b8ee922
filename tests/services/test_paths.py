"""Pages at any depth, while the path changes."""

from typing import Any

import pytest

from desktop.domain.faults import NotFound
from desktop.domain.messages import NewMessage, Role
from desktop.providers.pace import Pacer
from desktop.services import paths
from desktop.services.library import PAGE, LibraryService
from desktop.services.paths import PathReader
from tests.domain.making import contents
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk


@pytest.fixture
async def talk(begin: BeginTalk) -> Talk:
    return await begin()


@pytest.fixture
def library(talk: Talk) -> LibraryService:
    return LibraryService(store=talk.store, settings=talk.settings, notify=talk.updates)


async def filled(talk: Talk, library: LibraryService, session_id: str, length: int) -> list[int]:
    await library.create(session_id=session_id)
    new = [NewMessage(role=Role.USER, content=str(number)) for number in range(length)]
    return [message.id for message in await talk.store.add_messages(session_id, None, new)]


async def test_a_page_stands_around_a_depth(talk: Talk, library: LibraryService) -> None:
    """It tells how many messages lie above and below it."""
    await filled(talk, library, "s", 200)
    opened = await library.page("s", depth=100, limit=10)
    assert contents(opened.messages) == [str(number) for number in range(95, 105)]
    assert (opened.messages[0].depth, opened.has_older, opened.after) == (95, True, 95)


@pytest.mark.parametrize(("depth", "first", "last"), [(0, 0, 9), (3, 0, 9), (199, 194, 199), (9_999, 190, 199)])
async def test_a_page_near_an_end_stays_inside(
    talk: Talk, library: LibraryService, depth: int, first: int, last: int
) -> None:
    """What is asked for beyond the path gives its end."""
    await filled(talk, library, "s", 200)
    found = contents((await library.page("s", depth=depth, limit=10)).messages)
    assert (found[0], found[-1]) == (str(first), str(last))


async def test_an_empty_session_has_an_empty_page(library: LibraryService) -> None:
    """And nothing around it."""
    await library.create(session_id="s")
    opened = await library.page("s", depth=5)
    assert (opened.messages, opened.after, opened.has_older) == ((), 0, False)


async def test_pages_join_without_a_seam(talk: Talk, library: LibraryService) -> None:
    """Whatever is asked for first, every part of a path with versions at each depth is the same as in the whole."""
    ids = await filled(talk, library, "s", 1)
    for number in range(1, 60):
        added = await talk.store.add_messages("s", ids[-1], [NewMessage(role=Role.USER, content=str(number))])
        await talk.store.add_messages("s", ids[-1], [NewMessage(role=Role.USER, content="other")])
        ids.append(added[0].id)
    await talk.store.choose_version(ids[-1])
    for first in (0, 50, 20, 58, 1):
        _end, found = await library.paths.span("s", first, 7)
        assert [message.id for message in found] == ids[first : first + 7]


async def test_a_new_leaf_is_noticed(talk: Talk, library: LibraryService) -> None:
    """What is added, and another version above, is in the next page."""
    ids = await filled(talk, library, "s", 30)
    await library.page("s", depth=0)
    await talk.store.add_messages("s", ids[-1], [NewMessage(role=Role.USER, content="more")])
    assert contents((await library.span("s", -2, 2)).messages) == ["29", "more"]
    await talk.store.add_messages("s", ids[4], [NewMessage(role=Role.USER, content="other")])
    opened = await library.span("s", 3, 50)
    assert (contents(opened.messages), opened.after) == (["3", "4", "other"], 0)


async def test_only_the_path_to_the_leaf_is_on_the_path(talk: Talk, library: LibraryService) -> None:
    """A message above the leaf is, one on another branch or below is not, and nothing is in an empty path."""
    ids = await filled(talk, library, "s", 3)
    other = (await talk.store.add_messages("s", ids[0], [NewMessage(role=Role.ASSISTANT, content="other")]))[0]
    messages = [await talk.store.message(each) for each in (*ids, other.id)]
    shown = [await library.paths.is_on_path("s", message.id, message.depth) for message in messages]
    assert shown == [True, False, False, True]
    await talk.store.show_leaf("s", None)
    assert not await library.paths.is_on_path("s", ids[0], 0)
    assert list(await library.paths.ids("s", pacer=Pacer())) == []


async def test_few_paths_are_kept(talk: Talk, library: LibraryService) -> None:
    """The ids of sessions that were looked at long ago are forgotten."""
    reader = PathReader(store=talk.store)
    for number in range(paths._KEPT + 3):
        await filled(talk, library, str(number), 2)
        await reader.span(str(number), 0, 2)
    assert len(reader._paths) == paths._KEPT


async def test_a_message_of_the_path_is_revealed(talk: Talk, library: LibraryService) -> None:
    """The page stands around it, and the path stays."""
    ids = await filled(talk, library, "s", 200)
    opened = await library.reveal(ids[77])
    assert ids[77] in [message.id for message in opened.messages]
    assert opened.session.active_leaf == ids[-1]


async def test_a_message_of_another_version_is_revealed(talk: Talk, library: LibraryService) -> None:
    """The path that it is on is shown, to its newest message."""
    ids = await filled(talk, library, "s", PAGE + 9)
    other = await talk.store.add_messages(
        "s", ids[2], [NewMessage(role=Role.USER, content="other"), NewMessage(role=Role.USER, content="below")]
    )
    opened = await library.reveal(ids[5])
    assert opened.session.active_leaf == ids[-1]
    opened = await library.reveal(other[0].id)
    assert contents(opened.messages) == ["0", "1", "2", "other", "below"]
    opened = await library.reveal(ids[40])
    assert opened.session.active_leaf == ids[-1]


async def test_a_message_that_is_not_there_is_not_found(talk: Talk, library: LibraryService) -> None:
    """It is said, as for every other question."""
    await filled(talk, library, "s", 2)
    with pytest.raises(NotFound):
        await library.reveal(999)


async def test_a_path_with_a_hole_is_said_to_have_one(talk: Talk, library: LibraryService) -> None:
    """A damaged tree is no reason to wait for ever."""
    ids = await filled(talk, library, "s", 10)

    def damage(db: Any) -> None:
        db.execute_sql("UPDATE message SET depth = 500 WHERE id = ?", (ids[5],))

    await talk.store.call(damage)
    with pytest.raises(NotFound, match="hole"):
        await library.page("s", depth=1)
