from pathlib import Path

import pytest

from desktop.domain.faults import NotFound, StoreError, WrongUse
from desktop.domain.messages import NewMessage, Role
from desktop.domain.organising import Place, PlaceKind
from desktop.domain.runs import SessionsChanged
from desktop.domain.sessions import SessionCursor
from desktop.services.library import PAGE, LibraryService
from tests.domain.making import contents
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk


@pytest.fixture
async def talk(begin: BeginTalk) -> Talk:
    return await begin(direct_base="http://127.0.0.1:1/v1")


@pytest.fixture
def library(talk: Talk) -> LibraryService:
    return LibraryService(store=talk.store, settings=talk.settings, notify=talk.updates)


def told(talk: Talk) -> list[tuple[str, ...]]:
    """Return whom the listeners were told about since the last look."""
    found = [update.session_ids for update in talk.updates.of(SessionsChanged)]
    talk.updates.all.clear()
    return found


async def filled(talk: Talk, session_id: str, length: int) -> None:
    new = [NewMessage(role=Role.USER, content=str(number)) for number in range(length)]
    await talk.store.add_messages(session_id, None, new)


async def test_a_new_session_follows_the_settings(talk: Talk, library: LibraryService) -> None:
    """It may have an id of one's own, and its listeners hear of it."""
    await talk.settings.set("temperature", 0.5)
    session = await library.create(model="scripted/demo", session_id="mine")
    assert (session.id, session.model, session.params["temperature"]) == ("mine", "scripted/demo", 0.5)
    assert "api_base" not in session.params
    assert told(talk) == [("mine",)]
    with pytest.raises(WrongUse, match="already"):
        await library.create(session_id="mine")


async def test_a_session_remembers_where_its_direct_model_answers(library: LibraryService) -> None:
    """The base that was named on the command line stays with it."""
    made = await library.create(model="direct/m")
    assert made.params["api_base"] == "http://127.0.0.1:1/v1"
    changed = await library.set_model((await library.create(model="guide/manual")).id, "direct/m")
    assert (changed.model, changed.params["api_base"]) == ("direct/m", "http://127.0.0.1:1/v1")
    assert changed.params["temperature"] == 1.0


async def test_sessions_come_in_pages(talk: Talk, library: LibraryService) -> None:
    """Each page goes on where the last one ended."""
    for number in range(7):
        await library.create(session_id=str(number))
    found: list[str] = []
    cursor: SessionCursor | None = None
    while page := await library.sessions(limit=3, after=cursor):
        found += [line.id for line in page]
        last = page[-1]
        cursor = SessionCursor(pinned=last.pinned, updated_at=last.updated_at, id=last.id)
    assert len(found) == len(set(found)) == 7


async def test_a_session_opens_with_its_newest_page(talk: Talk, library: LibraryService) -> None:
    """The rest is read towards the root, and the last page says that it is the last."""
    await library.create(session_id="s")
    await filled(talk, "s", PAGE + 2)
    await library.save_draft("s", "half a tho")
    opened = await library.open("s")
    assert contents(opened.messages) == [str(number) for number in range(2, PAGE + 2)]
    assert (opened.has_older, opened.draft, opened.session.id) == (True, "half a tho", "s")
    older, more = await library.older("s", opened.messages[0].depth)
    assert (contents(older), more) == (["0", "1"], False)
    assert await library.older("s", 0) == ((), False)


@pytest.mark.parametrize(("length", "has_older"), [(0, False), (1, False), (PAGE, False), (PAGE + 1, True)])
async def test_a_page_knows_whether_there_is_more(
    talk: Talk, library: LibraryService, length: int, has_older: bool
) -> None:
    """Exactly a page is all there is."""
    await library.create(session_id="s")
    await filled(talk, "s", length)
    assert (await library.open("s")).has_older is has_older


async def test_a_session_that_is_not_there_is_not_found(library: LibraryService, tmp_path: Path) -> None:
    """Every way to ask for it says so."""
    for asked in (
        library.open("x"),
        library.rename("x", "y"),
        library.set_model("x", "y"),
        library.trash("x"),
        library.restore("x"),
        library.statistics("x"),
        library.whole("x"),
        library.markdown("x"),
        library.export_markdown("x", tmp_path / "x.md"),
    ):
        with pytest.raises(NotFound):
            await asked
    assert not (tmp_path / "x.md").exists()


async def test_a_title_given_by_hand_is_kept(talk: Talk, library: LibraryService) -> None:
    """It is one line, and the program never changes it again."""
    session = await library.create(model="scripted/demo")
    told(talk)
    named = await library.rename(session.id, "  My \n title ")
    assert (named.title, named.title_is_auto) == ("My title", False)
    assert told(talk) == [(session.id,)]
    await talk.answer("Another title?", session_id=session.id)
    assert (await library.open(session.id)).session.title == "My title"
    with pytest.raises(WrongUse, match="at least one character"):
        await library.rename(session.id, " \t")


async def test_what_is_thrown_away_comes_back(talk: Talk, library: LibraryService) -> None:
    """The trash is undone, and both are told."""
    session = await library.create()
    told(talk)
    await library.trash(session.id)
    assert await library.sessions() == ()
    assert [line.id for line in await library.sessions(place=Place(kind=PlaceKind.TRASH))] == [session.id]
    await library.restore(session.id)
    assert [line.id for line in await library.sessions()] == [session.id]
    assert told(talk) == [(session.id,)] * 2


async def test_versions_are_chosen_by_steps(talk: Talk, library: LibraryService) -> None:
    """Beyond the first and the last there is nothing to go to."""
    first = await talk.answer("Hi")
    ids = [first.id]
    for _ in range(2):
        turn = await talk.chat.retry(first.id)
        await talk.final(turn.assistant.id)
        ids.append(turn.assistant.id)
    told(talk)
    assert (await library.choose_version(ids[2], -1)).messages[-1].id == ids[1]
    assert (await library.choose_version(ids[1], -5)).messages[-1].id == ids[0]
    opened = await library.choose_version(ids[0], 9)
    assert (opened.messages[-1].version, opened.messages[-1].versions) == (3, 3)
    assert told(talk) == [(first.session_id,)] * 3


async def test_a_version_that_was_thrown_away_meanwhile_is_not_found(library: LibraryService, talk: Talk) -> None:
    """Another window may have deleted what this one still shows."""
    answer = await talk.answer()
    await talk.store.trash_message(answer.id)
    with pytest.raises(NotFound):
        await library.choose_version(answer.id, 1)


async def test_drafts_are_kept_per_session(library: LibraryService) -> None:
    """The empty id is the session that does not exist yet."""
    session = await library.create()
    await library.save_draft("", "new")
    await library.save_draft(session.id, "old")
    assert (await library.draft(""), await library.draft(session.id)) == ("new", "old")


async def test_everything_is_counted(talk: Talk, library: LibraryService) -> None:
    """Statistics of one session and of all."""
    answer = await talk.answer("A sobremesa is long")
    await talk.answer("Something else")
    assert (await library.statistics()).sessions == 2
    assert (await library.statistics(answer.session_id)).messages == 2


async def test_a_session_is_exported_whole(talk: Talk, library: LibraryService, tmp_path: Path) -> None:
    """The file has what `markdown` returns; a failure leaves an older file alone."""
    answer = await talk.answer("Export me")
    path = await library.export_markdown(answer.session_id, tmp_path / "out.md")
    assert path.read_text(encoding="utf-8") == await library.markdown(answer.session_id)
    assert "Export me" in path.read_text(encoding="utf-8")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError):
        await library.export_markdown(answer.session_id, tmp_path / "folder")
    with pytest.raises(StoreError):
        await library.export_markdown(answer.session_id, tmp_path / "nowhere" / "out.md")


async def test_the_whole_of_a_session_is_its_path(talk: Talk, library: LibraryService) -> None:
    """Root to leaf, however many pages that takes."""
    await library.create(session_id="s")
    await filled(talk, "s", 1001)
    session, messages = await library.whole("s")
    assert (session.id, contents(messages)) == ("s", [str(number) for number in range(1001)])
