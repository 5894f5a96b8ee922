from collections.abc import Mapping
from typing import Any

import pytest

from desktop.domain.context import MESSAGE_OVERHEAD_TOKENS
from desktop.domain.faults import DiskFull
from desktop.domain.messages import Message, NewMessage, Role, Status
from desktop.domain.sessions import NewSession, Session
from desktop.services import context as context_module
from desktop.services.context import PAGE, ContextBuilder, room_for_answer
from desktop.services.memory import MemoryStore
from tests.domain.making import calls, contents, message

BYTES = len("Be.") + 3 * len("0 word") + 4 * MESSAGE_OVERHEAD_TOKENS
"""What three messages and the prompt take at most; one less, and they have to be counted."""
SMALL = BYTES - 1


class Letters:
    """Counts a token per letter, and what it has been asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def count(self, text: str, encoding: str) -> int:
        self.asked.append((text, encoding))
        return len(text)

    def encoding_for(self, model_name: str) -> str:
        return f"letters of {model_name}"


class FullDisk(MemoryStore):
    """A store that keeps no counts."""

    async def remember_tokens(self, _encoding: str, _counts: Mapping[int, int]) -> None:
        raise DiskFull("The disk is full.")


class Pages(MemoryStore):
    """A store that counts how often a page of a path is read."""

    reads = 0

    async def path(self, *arguments: Any, **more: Any) -> tuple[Message, ...]:
        self.reads += 1
        return await super().path(*arguments, **more)


async def long_talk(store: MemoryStore, length: int, text: str = "word") -> tuple[Session, int]:
    """Return a session of so many messages, and its leaf."""
    session = await store.create_session(NewSession(system_prompt="Be."))
    roles = (Role.USER, Role.ASSISTANT)
    new = [NewMessage(role=roles[number % 2], content=f"{number} {text}") for number in range(length)]
    await store.add_messages(session.id, None, new)
    session = await store.session(session.id)
    assert session.active_leaf is not None
    return session, session.active_leaf


async def build(builder: ContextBuilder, store: MemoryStore, session: Session, leaf: int | None, **more: Any) -> Any:
    wishes = {"max_tokens": 10_000, "max_turns": None, "model_name": "m", **more}
    return await builder.build(store, session=session, leaf=leaf, **wishes)


@pytest.mark.parametrize("length", [1, PAGE - 1, PAGE + 1, 2 * PAGE + 1])
async def test_a_path_of_any_length_is_read_whole_where_it_fits(length: int) -> None:
    """Page by page, without gap or repetition."""
    store = MemoryStore()
    session, leaf = await long_talk(store, length)
    found = await build(ContextBuilder(counter=Letters()), store, session, leaf, max_tokens=10**6)
    assert contents(found.messages)[1:] == [f"{number} word" for number in range(length)]


async def test_a_full_page_that_ends_at_the_root_is_the_last() -> None:
    """Nothing is asked for beyond the root."""
    store = Pages()
    session, leaf = await long_talk(store, PAGE)
    await build(ContextBuilder(counter=Letters()), store, session, leaf, max_tokens=10**6)
    assert store.reads == 1


async def test_a_long_session_costs_what_fits_and_no_more() -> None:
    """Of two thousand messages only the pages that can matter are read."""
    store = Pages()
    session, leaf = await long_talk(store, 10 * PAGE + 1, "word " * 20)
    found = await build(ContextBuilder(counter=Letters()), store, session, leaf, max_tokens=500)
    assert store.reads == 1
    assert found.tokens <= 500
    assert contents(found.messages)[-1].startswith(f"{10 * PAGE} ")


async def test_an_empty_path_sends_the_system_prompt() -> None:
    """A session without messages has a context too."""
    store = MemoryStore()
    session = await store.create_session(NewSession(system_prompt="Be."))
    found = await build(ContextBuilder(counter=Letters()), store, session, None)
    assert contents(found.messages) == ["Be."]


async def test_what_fits_by_its_bytes_is_not_counted() -> None:
    """A short conversation needs no tokenizer, which takes a while to load."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 3)
    counter = Letters()
    found = await build(ContextBuilder(counter=counter), store, session, leaf)
    assert counter.asked == []
    assert len(found.messages) == 4
    assert found.tokens == BYTES


async def test_each_message_is_counted_once() -> None:
    """The second request counts only what is new."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 3)
    counter = Letters()
    builder = ContextBuilder(counter=counter)
    await build(builder, store, session, leaf, max_tokens=SMALL)
    assert len(counter.asked) == 4
    counter.asked.clear()
    await build(builder, store, session, leaf, max_tokens=SMALL)
    assert counter.asked == [("Be.", "letters of m")]


async def test_a_stored_count_is_believed() -> None:
    """Where the row knows its length, nothing is counted."""
    builder = ContextBuilder(counter=Letters())
    assert builder._count(message(0, tokens={"letters": 77}), "letters") == 77


async def test_counts_are_left_with_their_rows() -> None:
    """The next start of the program counts nothing that is final; an answer that streams has no count yet."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 3)
    live = NewMessage(role=Role.ASSISTANT, content="so far", status=Status.STREAMING)
    (streaming,) = await store.add_messages(session.id, leaf, (live,))
    first = ContextBuilder(counter=Letters())
    await build(first, store, session, streaming.id, max_tokens=SMALL)
    path = await store.path(session.id)
    assert await first.total(store, system_prompt="Be.", messages=path, encoding="letters of m") == 3 + 3 * 6 + 6
    assert [one.tokens for one in await store.path(session.id)] == [{"letters of m": 6}] * 3 + [{}]
    counter = Letters()
    await build(ContextBuilder(counter=counter), store, session, leaf, max_tokens=SMALL)
    assert counter.asked == [("Be.", "letters of m")]


async def test_a_disk_that_takes_no_counts_is_no_trouble() -> None:
    """They are a comfort; the request goes out all the same."""
    store = FullDisk()
    session, leaf = await long_talk(store, 3)
    found = await build(ContextBuilder(counter=Letters()), store, session, leaf, max_tokens=SMALL)
    assert len(found.messages) > 1


async def test_each_encoding_counts_for_itself() -> None:
    """Switching the model switches the counter; the session's own tokenizer goes before both."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 1)
    counter = Letters()
    builder = ContextBuilder(counter=counter)
    for model in ("m", "n"):
        await build(builder, store, session, leaf, model_name=model, max_tokens=1)
    own = await store.create_session(NewSession(params={"tokenizer": "mine"}))
    await build(builder, store, own, None, max_tokens=1)
    assert {encoding for _text, encoding in counter.asked} == {"letters of m", "letters of n", "mine"}


async def test_a_tool_call_is_counted_with_its_arguments() -> None:
    """What is sent is what counts, also where the words beside the call are the same."""
    builder = ContextBuilder(counter=Letters())
    plain = message(1, Role.ASSISTANT, "text")
    calling = message(1, Role.ASSISTANT, "text", tool_calls=calls("a"))
    assert builder._count(plain, "e") == 4
    assert builder._count(calling, "e") == 4 + len("look{}")


async def test_what_is_remembered_is_bounded() -> None:
    """The counts that were used longest ago are forgotten first."""
    counter = Letters()
    builder = ContextBuilder(counter=counter)
    for number in range(context_module.REMEMBERED_COUNTS + 1):
        builder._count(message(number), "e")
    counter.asked.clear()
    builder._count(message(context_module.REMEMBERED_COUNTS), "e")
    assert counter.asked == []
    builder._count(message(0), "e")
    assert len(counter.asked) == 1


async def test_an_answer_that_goes_on_takes_its_part_of_the_budget() -> None:
    """What is left for the path is smaller by its words and their frame."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 3)
    builder = ContextBuilder(counter=Letters())
    whole = await build(builder, store, session, leaf)
    begun = "x" * 10
    enough = whole.tokens + len(begun) + MESSAGE_OVERHEAD_TOKENS
    assert (await build(builder, store, session, leaf, max_tokens=enough, begun=begun)).messages == whole.messages
    short = await build(builder, store, session, leaf, max_tokens=enough - 1, begun=begun)
    assert contents(short.messages) == ["Be.", "2 word"]


@pytest.mark.parametrize(
    ("window", "max_tokens", "room"),
    [(128_000, None, 4096), (8_192, None, 2048), (8_192, 1_000, 1_000), (8_192, 8_192, 6_144), (4, None, 1)],
)
def test_a_part_of_the_window_is_the_answers(window: int, max_tokens: int | None, room: int) -> None:
    """What it may take at most, or a fair share; a question always has room beside it."""
    assert room_for_answer(window, max_tokens) == room
