from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from desktop.domain.messages import Status
from desktop.domain.organising import GUEST
from desktop.domain.sessions import NewSession
from desktop.providers import demo as answers
from desktop.services.demo import write_demo
from desktop.storage.store import Store

NOW = datetime(2026, 11, 21, 9, 15, tzinfo=timezone(timedelta(hours=-6)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


async def test_the_demo_fills_the_sidebar(folder: Path) -> None:
    """The pinned session stands first, the others newest first, none of them in the future."""
    assert await write_demo(folder, now=NOW)
    store = await Store.open(folder=folder)
    try:
        listed = await store.sessions()
    finally:
        await store.close()
    assert [session.title for session in listed][:3] == [
        "Weekend events in Newton",
        "Trim history without losing facts",
        "Ownership in Rust, explained with books",
    ]
    times = [session.updated_at for session in listed[1:]]
    assert times == sorted(times, reverse=True)
    assert all(session.updated_at < NOW.timestamp() * 1000 for session in listed)


async def test_the_demo_shows_how_sessions_are_kept_in_order(folder: Path) -> None:
    """Folders in folders, tags, something resolved and something in the archive; the main session has both labels."""
    await write_demo(folder, now=NOW)
    store = await Store.open(folder=folder)
    try:
        places = await store.places(GUEST)
        found = next(session for session in await store.sessions() if session.title.startswith("Trim"))
        labels = await store.labels(GUEST, found.id)
    finally:
        await store.close()
    assert [(one.name, one.count) for one in places.folders] == [("Work", 4), ("Store layer", 1), ("Home", 2)]
    assert [(tag.name, tag.count) for tag in places.tags] == [("python", 3), ("travel", 2)]
    assert (places.resolved, places.archived, places.trashed) == (1, 2, 0)
    assert labels.folder is not None
    assert (labels.folder.name, [tag.name for tag in labels.tags]) == ("Work", ["python"])


async def test_the_main_session_shows_the_second_of_three_versions(folder: Path) -> None:
    """The answer of the picture: with thinking, its duration, usage and cost, and complete."""
    await write_demo(folder, now=NOW)
    store = await Store.open(folder=folder)
    try:
        found = next(session for session in await store.sessions() if session.title.startswith("Trim"))
        question, answer = await store.path(found.id)
    finally:
        await store.close()
    assert question.content == answers.TRIM_QUESTION
    assert (answer.content, answer.status) == (answers.TRIM_ANSWER, Status.COMPLETE)
    assert (answer.version, answer.versions) == (2, 3)
    assert (answer.metadata["thinking_ms"], answer.cost) == (4000, 0.0061)
    assert answer.usage is not None
    assert answer.usage.reasoning_tokens == 612


async def test_the_demo_never_touches_sessions_that_are_there(folder: Path) -> None:
    """Starting the demo on someone's data adds nothing to it."""
    store = await Store.open(folder=folder)
    await store.create_session(NewSession(title="Mine"))
    await store.close()
    assert not await write_demo(folder, now=NOW)
    store = await Store.open(folder=folder)
    try:
        assert [session.title for session in await store.sessions()] == ["Mine"]
    finally:
        await store.close()


async def test_a_second_start_of_the_demo_writes_nothing_again(folder: Path) -> None:
    """The demo's sessions are there once, and not again after they were put into the trash."""
    assert await write_demo(folder, now=NOW)
    assert not await write_demo(folder, now=NOW)
    store = await Store.open(folder=folder)
    for session in await store.sessions():
        await store.trash_session(session.id)
    await store.close()
    assert not await write_demo(folder, now=NOW)
