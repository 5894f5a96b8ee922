import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.domain.faults import Fault, FaultKind, NotFound, WrongUse
from desktop.domain.messages import NewMessage, Outcome, Role, Status, ToolCall, Usage
from desktop.domain.sessions import NewSession
from desktop.storage.messages import get_many
from desktop.storage.store import Store
from desktop.storage.words import digest
from tests.storage.conftest import Clock, OpenStore
from tests.storage.making import answer, begin, done, search, streaming, talk, texts, user

FULL_OUTCOME = Outcome(
    status=Status.COMPLETE,
    content="the answer",
    thinking="hm",
    tool_calls=(ToolCall(id="1", name="look", arguments='{"broken":'),),
    model="answered-model",
    usage=Usage(input_tokens=7, output_tokens=5, cached_tokens=3, reasoning_tokens=2, estimated=True),
    cost=0.001,
    response_time_ms=1234,
    finish_reason="tool_calls",
    metadata={"signature": "abc"},
)


async def stored_digest(store: Store, message_id: int) -> str:
    found = await store.read(
        lambda db: db.execute_sql("SELECT digest FROM message WHERE id = ?", (message_id,)).fetchone()
    )
    return str(found[0])


async def test_both_rows_of_a_turn_are_there_at_once(store: Store) -> None:
    """The question is complete, the answer streams below it, and the session points to the answer."""
    session = await store.create_session(NewSession())
    turn = await begin(store, session, "hello")
    assert turn.user is not None
    assert (turn.user.content, turn.user.status, turn.user.parent_id, turn.user.depth) == (
        "hello",
        Status.COMPLETE,
        None,
        0,
    )
    assert (turn.assistant.status, turn.assistant.parent_id, turn.assistant.depth) == (
        Status.STREAMING,
        turn.user.id,
        1,
    )
    found = await store.session(session.id)
    assert (found.active_leaf, found.message_count) == (turn.assistant.id, 2)
    assert found.updated_at > session.updated_at
    assert await store.path(session.id) == (turn.user, turn.assistant)


async def test_a_turn_that_cannot_be_written_leaves_nothing(store: Store) -> None:
    """Below a message of another session neither row appears."""
    _other, messages = await talk(store, "elsewhere")
    session = await store.create_session(NewSession())
    with pytest.raises(NotFound):
        await begin(store, session, "hello", messages[0])
    assert await store.path(session.id) == ()
    assert await store.session(session.id) == session


async def test_the_first_message_gives_the_title(store: Store) -> None:
    """A title comes with the first turn and is left alone by the next."""
    session = await store.create_session(NewSession())
    for title in ("first", "second"):
        await store.begin_turn(
            session_id=session.id, parent_id=None, user=user(title), assistant=streaming(), title=title
        )
    found = await store.session(session.id)
    assert (found.title, found.title_is_auto) == ("first", True)


async def test_a_retry_is_a_version_beside_the_old_answer(store: Store) -> None:
    """Without a user message only the answer is written, below the same question."""
    session, (question, old) = await talk(store, "why?", "because")
    turn = await store.begin_turn(session_id=session.id, parent_id=question.id, user=None, assistant=streaming())
    assert turn.user is None
    assert (turn.assistant.version, turn.assistant.versions) == (2, 2)
    assert await store.siblings(old.id) == (old.id, turn.assistant.id)
    assert (await store.message(old.id)).content == "because"


async def test_a_checkpoint_is_what_a_crash_leaves(store: Store) -> None:
    """Text and thinking are in the row while it streams."""
    turn = await begin(store, await store.create_session(NewSession()), "hello")
    await store.checkpoint(turn.assistant.id, content="so far", thinking="hm")
    found = await store.message(turn.assistant.id)
    assert (found.content, found.thinking, found.status) == ("so far", "hm", Status.STREAMING)


async def test_an_outcome_becomes_final_as_a_whole(store: Store) -> None:
    """All that is known at the end of a run stands in the row, and the session is newer."""
    session = await store.create_session(NewSession())
    turn = await begin(store, session, "hello")
    before = (await store.session(session.id)).updated_at
    message = await store.finish(turn.assistant.id, FULL_OUTCOME)
    assert message == await store.message(message.id)
    assert (message.status, message.content, message.thinking) == (Status.COMPLETE, "the answer", "hm")
    assert (message.tool_calls, message.usage, message.cost) == (
        FULL_OUTCOME.tool_calls,
        FULL_OUTCOME.usage,
        FULL_OUTCOME.cost,
    )
    assert (message.model, message.response_time_ms, message.finish_reason) == ("answered-model", 1234, "tool_calls")
    assert dict(message.metadata) == {"signature": "abc"}
    assert await stored_digest(store, message.id) == digest("the answer", "hm")
    assert (await store.session(session.id)).updated_at > before


async def test_a_failed_run_keeps_its_text_and_its_fault(store: Store) -> None:
    """The provider's words come back; the model asked for stays where none answered."""
    turn = await begin(store, await store.create_session(NewSession()), "hello")
    fault = Fault(kind=FaultKind.RATE_LIMIT, status=429, words="slow down", retry_after_s=3.0, where="host")
    message = await store.finish(turn.assistant.id, Outcome(status=Status.FAILED, content="so far", fault=fault))
    assert (message.content, message.fault, message.model) == ("so far", fault, "a/b")
    assert (message.usage, message.cost) == (None, None)


async def test_what_stood_in_the_metadata_stays(store: Store) -> None:
    """The outcome adds to what the message began with."""
    session = await store.create_session(NewSession())
    turn = await store.begin_turn(
        session_id=session.id,
        parent_id=None,
        user=None,
        assistant=NewMessage(role=Role.ASSISTANT, status=Status.STREAMING, metadata={"a": 1, "b": 1}),
    )
    outcome = Outcome(status=Status.COMPLETE, content="", metadata={"b": 2})
    assert dict((await store.finish(turn.assistant.id, outcome)).metadata) == {"a": 1, "b": 2}


async def test_a_final_message_is_never_overwritten(store: Store) -> None:
    """A late checkpoint changes nothing, the same outcome again is harmless, another one is refused."""
    turn = await begin(store, await store.create_session(NewSession()), "hello")
    final = await store.finish(turn.assistant.id, done("all of it"))
    await store.checkpoint(turn.assistant.id, content="half of it")
    assert await store.finish(turn.assistant.id, done("all of it")) == final
    with pytest.raises(WrongUse, match="final"):
        await store.finish(turn.assistant.id, done("something else"))
    assert await store.message(turn.assistant.id) == final


async def test_a_run_does_not_end_by_streaming(store: Store) -> None:
    """Streaming is no outcome."""
    turn = await begin(store, await store.create_session(NewSession()), "hello")
    with pytest.raises(WrongUse):
        await store.finish(turn.assistant.id, Outcome(status=Status.STREAMING, content=""))


async def test_what_is_not_there_is_not_found(store: Store) -> None:
    """An unknown message is named in the error."""
    session, _messages = await talk(store, "one")
    asked = (
        store.message(99),
        store.finish(99, done("x")),
        store.siblings(99),
        store.choose_version(99),
        store.path(session.id, leaf=99),
        store.path("nowhere"),
    )
    for one in asked:
        with pytest.raises(NotFound, match=r"99|nowhere"):
            await one


async def test_a_history_is_written_as_one_chain(store: Store) -> None:
    """Roles, times, authors, tools and thinking of an existing history are kept."""
    session = await store.create_session(NewSession())
    new = (
        NewMessage(role=Role.SYSTEM, content="be brief"),
        NewMessage(role=Role.USER, content="hi", author="Ana", created_at=5),
        NewMessage(
            role=Role.ASSISTANT,
            thinking="hm",
            tool_calls=(ToolCall(id="c", name="f", arguments="{}"),),
            status=Status.STOPPED,
            model="m",
            metadata={"k": [1]},
        ),
        NewMessage(role=Role.TOOL, content="42", tool_call_id="c"),
    )
    written = await store.add_messages(session.id, None, new)
    assert [message.depth for message in written] == [0, 1, 2, 3]
    assert [message.parent_id for message in written] == [None, *[message.id for message in written[:-1]]]
    assert [message.role for message in written] == [message.role for message in new]
    assert (written[1].author, written[1].created_at) == ("Ana", 5)
    assert (written[2].thinking, written[2].tool_calls, written[2].status) == ("hm", new[2].tool_calls, Status.STOPPED)
    assert (dict(written[2].metadata), written[3].tool_call_id) == ({"k": [1]}, "c")
    assert await store.path(session.id) == written
    assert len({message.uid for message in written}) == 4


async def test_any_number_of_messages_is_read_in_the_order_of_the_path(store: Store) -> None:
    """More messages than a statement may have values are read all the same, the root first."""
    _session, written = await talk(store, "first", "second", "third")
    ids = [written[-1].id, *range(1000, 300_000), *(message.id for message in written[:-1])]
    found = await store.read(lambda db: get_many(db, ids))
    assert found == written


async def test_an_empty_history_changes_nothing(store: Store) -> None:
    """Adding no messages leaves the session as it is."""
    session = await store.create_session(NewSession())
    assert await store.add_messages(session.id, None, ()) == ()
    assert await store.session(session.id) == session


async def test_token_lengths_are_kept_per_encoding(store: Store) -> None:
    """A count in one encoding does not touch that in another."""
    _session, messages = await talk(store, "one", "two")
    await store.remember_tokens("cl100k_base", {messages[0].id: 3, messages[1].id: 4})
    await store.remember_tokens("o200k_base", {messages[0].id: 5})
    assert dict((await store.message(messages[0].id)).tokens) == {"cl100k_base": 3, "o200k_base": 5}
    assert dict((await store.message(messages[1].id)).tokens) == {"cl100k_base": 4}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=()), max_size=40))
async def test_no_text_makes_a_write_fail(open_store: OpenStore, text: str) -> None:
    """Lone surrogates, NUL, controls: everything is written and read back, in content, thinking and fault."""
    store = await open_store()
    session = await store.create_session(NewSession(title=text))
    turn = await begin(store, session, text)
    await store.checkpoint(turn.assistant.id, content=text, thinking=text)
    fault = Fault(kind=FaultKind.UNKNOWN, words=text)
    outcome = Outcome(status=Status.FAILED, content=text, thinking=text, fault=fault, metadata={"x": text})
    message = await store.finish(turn.assistant.id, outcome)
    await store.save_draft(session.id, text)
    assert message.content.encode() == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    await store.close()


async def test_nul_stays(store: Store) -> None:
    """A NUL does not cut the text behind it off."""
    _session, messages = await talk(store, "a\x00b")
    assert (await store.message(messages[0].id)).content == "a\x00b"


async def test_dead_processes_leave_interrupted_messages(store: Store) -> None:
    """A row of an owner that does not live keeps its text, becomes interrupted, and gets its digest."""
    turn = await begin(store, await store.create_session(NewSession()), "hello")
    await store.checkpoint(turn.assistant.id, content="so far", thinking="hm")
    await store.call(lambda db: db.execute_sql("UPDATE message SET owner = 'dead' WHERE owner <> ''"))
    assert await store.recover() == (turn.assistant.id,)
    message = await store.message(turn.assistant.id)
    assert (message.status, message.content) == (Status.INTERRUPTED, "so far")
    assert await stored_digest(store, message.id) == digest("so far", "hm")
    assert [hit.message_id for hit in await search(store, "far")] == [message.id]
    assert await store.recover() == ()


async def test_the_living_are_not_disturbed(open_store: OpenStore) -> None:
    """A second store beside a streaming one takes nothing for dead, and neither does the streaming one itself."""
    one, two = await open_store(), await open_store()
    turn = await begin(one, await one.create_session(NewSession()), "hello")
    assert (await two.recover(), await one.recover()) == ((), ())
    assert (await one.finish(turn.assistant.id, done("all of it"))).status is Status.COMPLETE


async def test_a_run_that_was_taken_for_dead_still_ends(store: Store) -> None:
    """Where another process declared the living dead, the words of the one that has them are believed."""
    turn = await begin(store, await store.create_session(NewSession()), "hello")
    await store.call(
        lambda db: db.execute_sql("UPDATE message SET status = 'interrupted' WHERE id = ?", (turn.assistant.id,))
    )
    assert (await store.finish(turn.assistant.id, done("all of it"))).content == "all of it"
    assert [hit.snippet for hit in await search(store, "all")] == ["\ue000all\ue001 of it"]


async def test_a_write_goes_on_when_its_caller_is_cancelled(store: Store) -> None:
    """What was asked to be saved is saved, though nobody waits for it any more."""
    session = await store.create_session(NewSession())
    task = asyncio.create_task(store.add_messages(session.id, None, [user("hello"), answer("hi")]))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await store.create_session(NewSession())  # waits behind the write that was asked for before
    assert texts(await store.path(session.id)) == ["hello", "hi"]


async def test_order_does_not_depend_on_the_clock(open_store: OpenStore, clock: Clock) -> None:
    """When the clock jumps back a day, messages and versions keep the order in which they were written."""
    store = await open_store()
    session, messages = await talk(store, "one", "two")
    clock.now -= 86_400_000
    turn = await begin(store, session, "three", messages[-1])
    assert texts(await store.path(session.id)) == ["one", "two", "three", ""]
    again = await store.begin_turn(
        session_id=session.id, parent_id=turn.assistant.parent_id, user=None, assistant=streaming()
    )
    assert (again.assistant.version, again.assistant.versions) == (2, 2)
