"""The store in memory does what a conversation needs, as the one on the disk does."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desktop.domain.faults import NotFound
from desktop.domain.messages import Message, NewMessage, Outcome, Role, Status
from desktop.domain.sessions import NewSession
from desktop.services.memory import MemoryStore
from desktop.storage.store import Store
from tests.domain.making import contents

USER = NewMessage(role=Role.USER, content="Hi")
BEGUN = NewMessage(role=Role.ASSISTANT, status=Status.STREAMING, model="a/b")
Either = MemoryStore | Store


@pytest.fixture(params=["memory", "disk"])
async def store(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[Either]:
    """Each test runs on both, so that they cannot drift apart."""
    if request.param == "memory":
        yield MemoryStore()
        return
    disk = await Store.open(folder=folder)
    yield disk
    await disk.close()


async def begun(store: Either) -> Message:
    session = await store.create_session(NewSession(id="s"))
    return (await store.begin_turn(session_id=session.id, parent_id=None, user=USER, assistant=BEGUN)).assistant


async def test_a_session_is_found_by_its_id(store: Either) -> None:
    """What was given for it comes back; an id is made where none was chosen."""
    made = await store.create_session(NewSession(title="T", model="m", params={"temperature": 0.5}, language="es"))
    found = await store.session(made.id)
    assert (found.title, found.model, found.params["temperature"], found.language) == ("T", "m", 0.5, "es")
    assert (await store.create_session(NewSession(id="mine"))).id == "mine"


async def test_what_is_not_there_is_said_to_be_missing(store: Either) -> None:
    """Sessions and messages alike."""
    with pytest.raises(NotFound):
        await store.session("nowhere")
    with pytest.raises(NotFound):
        await store.message(7)
    with pytest.raises(NotFound):
        await store.path("nowhere")
    with pytest.raises(NotFound):
        await store.add_messages("nowhere", None, [USER])
    with pytest.raises(NotFound):
        await store.begin_turn(session_id="nowhere", parent_id=None, user=USER, assistant=BEGUN)
    with pytest.raises(NotFound):
        await store.finish(7, Outcome(status=Status.COMPLETE, content=""))


async def test_a_turn_is_two_rows_one_below_the_other(store: Either) -> None:
    """The answer is the active leaf, and both are counted."""
    session = await store.create_session(NewSession(id="s"))
    turn = await store.begin_turn(session_id="s", parent_id=None, user=USER, assistant=BEGUN, title="Hi")
    assert turn.user is not None
    assert (turn.assistant.parent_id, turn.assistant.depth) == (turn.user.id, 1)
    session = await store.session("s")
    assert (session.active_leaf, session.message_count, session.title) == (turn.assistant.id, 2, "Hi")


async def test_an_answer_grows_and_becomes_final_once(store: Either) -> None:
    """A checkpoint that comes after the end changes nothing."""
    answer = await begun(store)
    await store.checkpoint(answer.id, content="Hel", thinking="Hm")
    grown = await store.message(answer.id)
    assert (grown.content, grown.thinking, grown.status) == ("Hel", "Hm", Status.STREAMING)
    final = await store.finish(answer.id, Outcome(status=Status.COMPLETE, content="Hello", cost=0.5))
    assert (final.content, final.status, final.cost, final.model) == ("Hello", Status.COMPLETE, 0.5, "a/b")
    await store.checkpoint(answer.id, content="Hel", thinking="")
    assert await store.message(answer.id) == final


async def test_versions_are_counted_among_siblings(store: Either) -> None:
    """The first answer learns that there are two."""
    first = await begun(store)
    turn = await store.begin_turn(session_id="s", parent_id=first.parent_id, user=None, assistant=BEGUN)
    assert turn.user is None
    assert (turn.assistant.version, turn.assistant.versions) == (2, 2)
    again = await store.message(first.id)
    assert (again.version, again.versions) == (1, 2)


async def test_first_messages_are_versions_of_each_other_within_their_session(store: Either) -> None:
    """Those of another session do not count."""
    for session_id in ("s", "other"):
        await store.create_session(NewSession(id=session_id))
    await store.add_messages("other", None, [USER])
    await store.add_messages("s", None, [USER])
    second = await store.add_messages("s", None, [USER])
    assert (second[0].version, second[0].versions) == (2, 2)


async def test_a_path_is_read_in_pages(store: Either) -> None:
    """From the leaf backwards, root first within a page."""
    await store.create_session(NewSession(id="s"))
    new = [NewMessage(role=Role.USER, content=str(number)) for number in range(5)]
    added = await store.add_messages("s", None, new)
    assert contents(await store.path("s", limit=2)) == ["3", "4"]
    assert contents(await store.path("s", limit=2, before_depth=3)) == ["1", "2"]
    assert contents(await store.path("s", leaf=added[1].id)) == ["0", "1"]
    assert await store.path("s", before_depth=0) == ()
    assert (await store.session("s")).message_count == 5


async def test_nothing_added_changes_nothing(store: Either) -> None:
    """An empty history is a history."""
    await store.create_session(NewSession(id="s"))
    assert await store.add_messages("s", None, []) == ()
    assert await store.path("s") == ()
