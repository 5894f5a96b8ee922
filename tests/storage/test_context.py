"""What the context engine reads of a session."""

from collections.abc import Callable

import pytest

from desktop.domain.context import Mark, PathRow
from desktop.domain.faults import NotFound
from desktop.domain.messages import NewMessage, Role, Status, ToolCall
from desktop.domain.requests import ContextMessage
from desktop.domain.sessions import NewSession
from desktop.storage.context import MOST_PINNED, PINNED_AFTER, PINNED_BEFORE
from desktop.storage.store import Store
from tests.storage.making import answer, begin, talk, user


def after(count: int) -> Callable[[PathRow], bool]:
    """Return what says that so many rows are enough."""
    seen: list[PathRow] = []

    def enough(row: PathRow) -> bool:
        seen.append(row)
        return len(seen) >= count

    return enough


def never(_row: PathRow) -> bool:
    return False


async def test_a_walk_goes_from_the_leaf_to_the_root(store: Store) -> None:
    """With roles, depths, lengths in UTF-8 and counts, without words."""
    session, messages = await talk(store, "one", "dos ñ")
    await store.remember_tokens('cl "100k"', {messages[0].id: 7})
    walk = await store.walk(session.id, messages[1].id, encoding='cl "100k"', enough=never)
    assert walk.newest == (
        PathRow(messages[1].id, 1, Role.ASSISTANT, 6),
        PathRow(messages[0].id, 0, Role.USER, 3, stored=7),
    )
    assert walk.pinned == ()


async def test_a_walk_ends_where_it_is_told_to(store: Store) -> None:
    """The row that is enough is the last one."""
    session, messages = await talk(store, *map(str, range(50)))
    walk = await store.walk(session.id, messages[-1].id, encoding="e", enough=after(3))
    assert [row.depth for row in walk.newest] == [49, 48, 47]


async def test_a_walk_follows_its_own_branch(store: Store) -> None:
    """Versions beside the path are not on it."""
    session, (question, *_rest) = await talk(store, "q", "a", "q2")
    (other,) = await store.add_messages(session.id, question.id, [answer("b")])
    walk = await store.walk(session.id, other.id, encoding="e", enough=never)
    assert [row.id for row in walk.newest] == [other.id, question.id]


async def test_a_leaf_of_another_session_is_no_path(store: Store) -> None:
    """Nothing is read across sessions."""
    _session, messages = await talk(store, "q")
    other = await store.create_session(NewSession())
    assert (await store.walk(other.id, messages[0].id, encoding="e", enough=never)).newest == ()


async def test_what_cannot_be_sent_is_told_apart(store: Store) -> None:
    """An answer that is being written, an empty one, a system message, calls and results."""
    session, (question,) = await talk(store, "q")
    calls = (ToolCall(id="a", name="look", arguments='{"ñ": 1}'), ToolCall(id="b", name="look", arguments="{}"))
    new = [
        NewMessage(role=Role.ASSISTANT, status=Status.FAILED),
        NewMessage(role=Role.SYSTEM, content="Be."),
        NewMessage(role=Role.ASSISTANT, content="hm", tool_calls=calls),
        NewMessage(role=Role.TOOL, tool_call_id="a"),
    ]
    added = await store.add_messages(session.id, question.id, new)
    turn = await begin(store, session, "more", added[-1])
    walk = await store.walk(session.id, turn.assistant.id, encoding="e", enough=never)
    found = {row.depth: row for row in walk.newest}
    assert not found[6].sendable
    assert (found[1].sendable, found[1].has_words) == (True, False)
    assert not found[2].sendable
    assert found[3].calls == ("a", "b")
    assert found[3].octets > len("hm") + sum(len(call.name + call.arguments) for call in calls)
    assert (found[4].result_of, found[4].has_words) == ("a", False)


async def test_words_are_read_for_what_is_sent(store: Store) -> None:
    """As a request carries them."""
    session, (question,) = await talk(store, "q ñ")
    call = ToolCall(id="a", name="look", arguments="{}")
    new = [
        NewMessage(role=Role.ASSISTANT, content="", tool_calls=(call,)),
        NewMessage(role=Role.TOOL, content="4", tool_call_id="a"),
    ]
    asked, result = await store.add_messages(session.id, question.id, new)
    assert await store.words([question.id, asked.id, result.id, 999]) == {
        question.id: ContextMessage(role=Role.USER, content="q ñ"),
        asked.id: ContextMessage(role=Role.ASSISTANT, content="", tool_calls=(call,)),
        result.id: ContextMessage(role=Role.TOOL, content="4", tool_call_id="a"),
    }


async def test_marks_are_set_and_taken_back(store: Store) -> None:
    """One per message."""
    session, messages = await talk(store, "q", "a")

    async def marks() -> list[Mark]:
        walk = await store.walk(session.id, messages[-1].id, encoding="e", enough=never)
        return [row.mark for row in reversed(walk.newest)]

    await store.mark_message(messages[0].id, Mark.PINNED)
    assert await marks() == [Mark.PINNED, Mark.NONE]
    await store.mark_message(messages[0].id, Mark.EXCLUDED)
    assert await marks() == [Mark.EXCLUDED, Mark.NONE]
    await store.mark_message(messages[0].id, Mark.NONE)
    assert await marks() == [Mark.NONE, Mark.NONE]
    with pytest.raises(NotFound):
        await store.mark_message(999, Mark.PINNED)


async def test_what_is_pinned_far_up_comes_with_its_surroundings(store: Store) -> None:
    """Root first, on the path alone, and no more than is needed to keep it whole."""
    session, messages = await talk(store, *map(str, range(200)))
    await store.mark_message(messages[100].id, Mark.PINNED)
    await store.mark_message(messages[101].id, Mark.PINNED)
    await store.mark_message(messages[3].id, Mark.EXCLUDED)
    walk = await store.walk(session.id, messages[-1].id, encoding="e", enough=after(5))
    depths = [row.depth for row in walk.pinned]
    assert depths == list(range(100 - PINNED_BEFORE, 100 + PINNED_AFTER + 1))
    assert [row.depth for row in walk.pinned if row.mark is Mark.PINNED] == [100, 101]


async def test_what_is_pinned_just_above_is_not_read_twice(store: Store) -> None:
    """The surroundings end where the walk ended."""
    session, messages = await talk(store, *map(str, range(30)))
    await store.mark_message(messages[20].id, Mark.PINNED)
    walk = await store.walk(session.id, messages[-1].id, encoding="e", enough=after(5))
    assert [row.depth for row in walk.pinned] == list(range(20 - PINNED_BEFORE, 25))


async def test_what_is_pinned_on_another_branch_stays_there(store: Store) -> None:
    """A pin belongs to the paths that go through its message."""
    session, messages = await talk(store, *map(str, range(10)))
    other = await store.add_messages(session.id, messages[2].id, [answer("b"), user("c")])
    await store.mark_message(other[0].id, Mark.PINNED)
    walk = await store.walk(session.id, messages[-1].id, encoding="e", enough=after(2))
    assert walk.pinned == ()


async def test_the_newest_pins_are_those_that_count(store: Store) -> None:
    """So many at most are looked for."""
    session, messages = await talk(store, *map(str, range(3 * MOST_PINNED)))
    for message in messages[: MOST_PINNED + 1]:
        await store.mark_message(message.id, Mark.PINNED)
    walk = await store.walk(session.id, messages[-1].id, encoding="e", enough=after(2))
    assert {message.id for message in messages[1 : MOST_PINNED + 1]} <= {row.id for row in walk.pinned}


async def test_what_models_teach_is_kept(store: Store) -> None:
    """By address and name; the last lesson counts."""
    await store.learn("p/m", "window", 8192)
    await store.learn("p/m", "window", 4096, 2.5)
    await store.learn("p/n", "window", 1)
    assert await store.model_facts("p/m") == {"window": (4096.0, 2.5)}
    assert await store.model_facts("p/other") == {}
