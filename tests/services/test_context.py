"""How much of a path is read and counted for a request, and what comes of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from desktop.domain.context import MESSAGE_OVERHEAD_TOKENS, REPLY_TOKENS, Context, Mark, PathRow, Reason, Walk
from desktop.domain.faults import DiskFull
from desktop.domain.messages import NewMessage, Role, Status, ToolCall
from desktop.domain.models import ModelSpec
from desktop.domain.requests import ContextMessage
from desktop.domain.sessions import NewSession, Session
from desktop.domain.summaries import StoredSummary, SummaryState
from desktop.services import context as context_module
from desktop.services.context import ContextBuilder
from desktop.services.memory import MemoryStore
from tests.domain.making import contents

FRAME = MESSAGE_OVERHEAD_TOKENS
NOW = datetime(2026, 11, 21, 9, 5, tzinfo=UTC)
BYTES = len("Be.") + 3 * len("0 word") + 4 * FRAME + REPLY_TOKENS
"""What three messages and the prompt take in letters."""


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


class Watched(MemoryStore):
    """A store that counts the rows and the words that are read."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = 0
        self.read: list[int] = []

    async def walk(self, session_id: str, leaf: int, *, encoding: str, enough: Callable[[PathRow], bool]) -> Walk:
        found = await super().walk(session_id, leaf, encoding=encoding, enough=enough)
        self.rows += len(found.newest)
        return found

    async def words(self, ids: Sequence[int]) -> dict[int, ContextMessage]:
        self.read.extend(ids)
        return await super().words(ids)


def builder(counter: Letters | None = None) -> ContextBuilder:
    return ContextBuilder(counter=counter or Letters(), now=lambda: NOW)


async def long_talk(store: MemoryStore, length: int, text: str = "word", **more: Any) -> tuple[Session, int]:
    """Return a session of so many messages, and its leaf."""
    session = await store.create_session(NewSession(**{"system_prompt": "Be.", **more}))
    roles = (Role.USER, Role.ASSISTANT)
    new = [NewMessage(role=roles[number % 2], content=f"{number} {text}") for number in range(length)]
    await store.add_messages(session.id, None, new)
    session = await store.session(session.id)
    assert session.active_leaf is not None
    return session, session.active_leaf


async def build(
    found: ContextBuilder, store: MemoryStore, session: Session, leaf: int | None, *, model: str = "gpt-m", **more: Any
) -> Context:
    """Build for a model that is counted exactly, within 10,000 tokens."""
    spec = ModelSpec(provider_id="p", kind="openai", name=model, window=more.pop("window", None))
    return await found.build(store, session=session, leaf=leaf, model=spec, **{"most": 10_000, **more})


@pytest.mark.parametrize("length", [1, 63, 65, 400])
@pytest.mark.parametrize("exact", [True, False])
async def test_a_path_of_any_length_is_sent_whole_where_it_fits(length: int, exact: bool) -> None:
    """Without gap or repetition, however it is counted."""
    store = MemoryStore()
    session, leaf = await long_talk(store, length)
    found = await build(builder(), store, session, leaf, exact=exact)
    assert contents(found.messages)[1:] == [f"{number} word" for number in range(length)]
    assert found.plan.fits
    assert found.left_out == 0


async def test_a_long_session_costs_what_fits_and_no_more() -> None:
    """Of two thousand messages, those that can matter are read, and the words of those that are sent."""
    store = Watched()
    session, leaf = await long_talk(store, 2001, "word " * 20)
    found = builder()
    await build(found, store, session, leaf, most=500, exact=True)
    store.rows, store.read = 0, []
    context = await build(found, store, session, leaf, most=500)
    assert context.tokens <= 500
    assert len(store.read) == len(context.plan.sent) == len(context.messages) - 1
    assert store.rows <= len(context.messages) + 2
    assert context.left_out == 2001 - len(context.plan.sent)
    assert context.plan.older_reason is Reason.BUDGET


async def test_turns_bound_what_is_read() -> None:
    """With three turns, five messages are looked at, and it is told why the others stay."""
    store = Watched()
    session, leaf = await long_talk(store, 201, params={"max_turns": 3})
    context = await build(builder(), store, session, leaf)
    assert contents(context.messages)[1:] == ["196 word", "197 word", "198 word", "199 word", "200 word"]
    assert store.rows == 5
    assert (context.left_out, context.plan.older_reason) == (196, Reason.TURNS)


async def test_an_empty_path_sends_the_system_prompt() -> None:
    """A session without messages has a context too."""
    store = MemoryStore()
    session = await store.create_session(NewSession(system_prompt="Be."))
    assert contents((await build(builder(), store, session, None)).messages) == ["Be."]


async def test_without_a_system_prompt_nothing_takes_its_place() -> None:
    """An empty prompt is not sent as an empty message."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 1, system_prompt="")
    assert contents((await build(builder(), store, session, leaf)).messages) == ["0 word"]


async def test_the_prompt_is_filled_in() -> None:
    """With the day, and what the session knows of its place."""
    store = MemoryStore()
    session, leaf = await long_talk(
        store, 1, system_prompt="{{date}}, {{location}}", context={"location": "Newton"}, language="en"
    )
    context = await build(builder(), store, session, leaf)
    assert context.messages[0].content == "Saturday, 2026-11-21, Newton"


async def test_what_fits_by_its_bytes_is_not_counted() -> None:
    """A short conversation needs no tokenizer, which takes a while to load."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 3)
    counter = Letters()
    context = await build(builder(counter), store, session, leaf)
    assert counter.asked == []
    assert (context.exact, context.tokens, context.raw_tokens) == (False, BYTES, 0)


async def test_what_is_counted_is_told_apart() -> None:
    """The prompt, what is sent in all, and the count before it is corrected."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 3)
    context = await build(builder(), store, session, leaf, exact=True)
    assert (context.exact, context.tokens, context.raw_tokens) == (True, BYTES, BYTES)
    assert context.system_tokens == len("Be.") + FRAME


async def test_each_message_is_counted_once() -> None:
    """The second request counts only what is new: one message, where one was added."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 3)
    counter = Letters()
    found = builder(counter)
    await build(found, store, session, leaf, exact=True)
    assert len(counter.asked) == 4
    counter.asked.clear()
    (added,) = await store.add_messages(session.id, leaf, [NewMessage(role=Role.ASSISTANT, content="new")])
    await build(found, store, session, added.id, exact=True)
    assert counter.asked == [("new", "letters of gpt-m")]


async def test_counts_are_left_with_their_rows() -> None:
    """The next start of the program counts nothing that is final; an answer that streams has no count yet."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 3)
    live = NewMessage(role=Role.ASSISTANT, content="so far", status=Status.STREAMING)
    (streaming,) = await store.add_messages(session.id, leaf, (live,))
    first = builder()
    await build(first, store, session, streaming.id, exact=True)
    path = await store.path(session.id)
    total = first.total(store, system_prompt="Be.", messages=path, encoding="letters of gpt-m")
    assert await total == 3 + 3 * 6 + 6
    assert [one.tokens for one in await store.path(session.id)] == [{"letters of gpt-m": 6}] * 3 + [{}]
    counter = Letters()
    await build(builder(counter), store, session, leaf, exact=True)
    assert counter.asked == [("Be.", "letters of gpt-m")]


async def test_a_whole_conversation_is_counted_once() -> None:
    """Its total is known to the rows afterwards."""
    store = MemoryStore()
    session, _leaf = await long_talk(store, 2)
    for _time in range(2):
        messages = await store.path(session.id)
        assert await builder().total(store, system_prompt="Be.", messages=messages, encoding="e") == 3 + 12
    assert [one.tokens for one in await store.path(session.id)] == [{"e": 6}] * 2


async def test_a_disk_that_takes_no_counts_is_no_trouble() -> None:
    """They are a comfort; the request goes out all the same, and nothing is counted twice in one process."""
    store = FullDisk()
    session, leaf = await long_talk(store, 3)
    counter = Letters()
    found = builder(counter)
    for _time in range(2):
        assert len((await build(found, store, session, leaf, exact=True)).messages) == 4
    assert len(counter.asked) == 4


async def test_each_encoding_counts_for_itself() -> None:
    """Switching the model switches the counter; the session's own tokenizer goes before both."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 1)
    counter = Letters()
    found = builder(counter)
    for model in ("m", "n"):
        await build(found, store, session, leaf, model=model, exact=True)
    own = await store.create_session(NewSession(params={"tokenizer": "mine"}))
    await build(found, store, own, None, exact=True)
    assert {encoding for _text, encoding in counter.asked} == {"letters of m", "letters of n", "mine"}


async def test_a_tool_call_is_counted_with_its_arguments() -> None:
    """What is sent is what counts."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 1)
    counter = Letters()
    call = ToolCall(id="a", name="look", arguments='{"at": 1}')
    new = [
        NewMessage(role=Role.ASSISTANT, content="text", tool_calls=(call,)),
        NewMessage(role=Role.TOOL, content="4", tool_call_id="a"),
    ]
    added = await store.add_messages(session.id, leaf, new)
    context = await build(builder(counter), store, session, added[-1].id, exact=True)
    assert 'textlook{"at": 1}' in [text for text, _encoding in counter.asked]
    assert context.messages[-2].tool_calls == (call,)
    assert context.messages[-1].tool_call_id == "a"


async def test_a_call_without_its_result_goes_without_it() -> None:
    """Its words are sent, the call is not."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 1)
    call = ToolCall(id="a", name="look", arguments="{}")
    new = [NewMessage(role=Role.ASSISTANT, content="text", tool_calls=(call,)), NewMessage(role=Role.USER, content="?")]
    added = await store.add_messages(session.id, leaf, new)
    context = await build(builder(), store, session, added[-1].id)
    assert context.messages[-2] == ContextMessage(role=Role.ASSISTANT, content="text")


async def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The counts that were made first are forgotten first."""
    monkeypatch.setattr(context_module, "REMEMBERED_COUNTS", 3)
    store = FullDisk()
    session, leaf = await long_talk(store, 5)
    counter = Letters()
    found = builder(counter)
    await build(found, store, session, leaf, exact=True)
    counter.asked.clear()
    await build(found, store, session, leaf, exact=True)
    assert 0 < len(counter.asked) <= 6


async def test_an_answer_that_goes_on_takes_its_part_of_the_budget() -> None:
    """What is left for the path is smaller by its words and their frame."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 3)
    found = builder()
    begun = ContextMessage(role=Role.ASSISTANT, content="x" * 10)
    enough = BYTES + len(begun.content) + FRAME
    whole = await build(found, store, session, leaf, tail=(begun,), most=enough)
    assert contents(whole.messages) == ["Be.", "0 word", "1 word", "2 word", begun.content]
    assert whole.tokens == enough
    short = await build(found, store, session, leaf, tail=(begun,), most=enough - 1)
    assert contents(short.messages) == ["Be.", "2 word", begun.content]


async def test_a_draft_is_the_newest_message() -> None:
    """What is being written is counted as if it were sent, and older messages make room for it."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 2)
    found = builder()
    context = await build(found, store, session, leaf, draft="And?", exact=True)
    assert contents(context.messages) == ["Be.", "0 word", "1 word", "And?"]
    assert [entry.reason for entry in context.plan.sent] == [Reason.RECENT, Reason.RECENT, Reason.NEWEST]
    short = await build(found, store, session, leaf, draft="And?", most=context.tokens - 1)
    assert contents(short.messages) == ["Be.", "And?"]
    assert short.left_out == 2
    alone = await build(found, store, session, None, draft="And?")
    assert contents(alone.messages) == ["Be.", "And?"]


async def test_a_draft_is_a_turn() -> None:
    """With one turn, nothing but the draft is sent."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 4, params={"max_turns": 1})
    assert contents((await build(builder(), store, session, leaf, draft="And?")).messages) == ["Be.", "And?"]


async def test_a_summary_is_sent_behind_the_prompt() -> None:
    """It stands for what it covers."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 3)
    summary = StoredSummary(
        id=1,
        session_id=session.id,
        first_depth=0,
        last_depth=1,
        last_id=2,
        text="They said word.",
        model="",
        is_edited=False,
        state=SummaryState.NONE,
        created_at=0,
    )
    context = await build(builder(), store, session, leaf, summary=summary, exact=True)
    said = contents(context.messages)
    assert (said[0], said[-1], len(said)) == ("Be.", "2 word", 3)
    assert "They said word." in said[1]
    assert context.tokens == sum(len(text) + FRAME for text in said) + REPLY_TOKENS


async def test_what_is_pinned_is_sent_from_anywhere() -> None:
    """Far above what fits otherwise, with its question, and counted like everything else."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 401, "word " * 4)
    await store.mark_message(4, Mark.PINNED)
    found = builder()
    for exact in (True, False):
        context = await build(found, store, session, leaf, most=200, exact=exact)
        said = [text.split()[0] for text in contents(context.messages)[1:]]
        assert said[:2] == ["2", "3"]
        assert said[2:] == [str(number) for number in range(401 - len(said[2:]), 401)]
        assert context.left_out == 401 - len(said)
        assert context.tokens <= 200


async def test_what_is_excluded_is_not_sent() -> None:
    """The user has decided so."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 3)
    await store.mark_message(2, Mark.EXCLUDED)
    context = await build(builder(), store, session, leaf)
    assert contents(context.messages) == ["Be.", "0 word", "2 word"]
    assert [(entry.item.id, entry.reason) for entry in context.plan.left_out] == [(2, Reason.EXCLUDED)]


async def test_a_message_that_cannot_fit_is_said_not_to_fit() -> None:
    """Whoever sends it is told before."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 1, "word " * 50)
    context = await build(builder(), store, session, leaf, most=50)
    assert not context.plan.fits
    assert context.tokens > 50


async def test_what_a_model_counts_more_leaves_less_room() -> None:
    """Claude counts more than the table here: as many tokens take more of the budget."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 101)
    exact = await build(builder(), store, session, leaf, most=500)
    more = await build(builder(), store, session, leaf, most=500, model="claude-sonnet-4-5")
    assert len(more.messages) < len(exact.messages)
    assert more.margin > exact.margin
    assert more.raw_tokens < more.tokens <= 500


async def test_a_window_goes_before_the_sessions_budget() -> None:
    """What a model cannot read is not sent to it, and the answer keeps its part."""
    store = MemoryStore()
    session, leaf = await long_talk(store, 101)
    context = await build(builder(), store, session, leaf, window=400)
    assert (context.window, context.reserve) == (400, 100)
    assert context.budget == int(300 / (1 + context.margin))
    assert context.tokens <= context.budget
