"""What happens when a provider refuses a history: repaired by rule, said, sent once more, and learned from."""

import asyncio
from typing import Any

import pytest

from desktop.domain.faults import FaultKind
from desktop.domain.messages import Message, NewMessage, Role, Status, ToolCall
from desktop.domain.models import ModelSpec
from desktop.domain.repair import REPAIRED
from desktop.domain.runs import RunSent, RunWaiting
from desktop.services.gauge import context_values
from desktop.services.limits import Limits
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk
from tests.storage.making import answer, user
from tests.wire.openai import OpenAIWire
from tests.wire.picky import ALTERNATE, NO_SYSTEM, NO_TOOLS, NOT_EMPTY
from tests.wire.script import Fault, Mode, Script, Tokens
from tests.wire.server import WireServer

CALL = ToolCall(id="call_1", name="look", arguments='{"at": "sea"}')


@pytest.fixture
async def talk(begin: BeginTalk) -> Talk:
    """A conversation with LiteLLM loaded."""
    talk = await begin(demo=False, limits=Limits(local_first_token_s=10, silence_s=10))
    await talk.gateway.load()
    return talk


async def told(talk: Talk, server: WireServer, *history: NewMessage, text: str = "And now?") -> Message:
    """Send a message behind a history; return the final answer."""
    session_id = await talk.direct(server.base)
    if history:
        await talk.store.add_messages(session_id, None, history)
    return await talk.answer(text, session_id=session_id)


def roles(server: WireServer, number: int = -1) -> list[str]:
    return [message["role"] for message in server.answers[number].body["messages"]]


def texts(server: WireServer, number: int = -1) -> list[Any]:
    return [message["content"] for message in server.answers[number].body["messages"]]


async def test_an_order_that_is_refused_is_put_right(talk: Talk) -> None:
    """Two questions in a row become one, the answer says so, and what is stored stays as it was."""
    with WireServer(OpenAIWire(), Script(picky=(ALTERNATE,))) as server:
        found = await told(talk, server, user("First?"))
    assert found.status is Status.COMPLETE
    assert found.metadata[REPAIRED] == [{"change": "joined", "count": 1}]
    assert len(server.answers) == 2
    assert texts(server)[-1] == "First?\n\nAnd now?"
    assert [one.content for one in await talk.store.path(found.session_id)][:2] == ["First?", "And now?"]
    assert [update.attempt for update in talk.updates.of(RunSent)] == [1, 2]
    assert talk.updates.of(RunWaiting) == []


async def test_messages_without_words_are_left_out(talk: Talk) -> None:
    """A blank answer says nothing."""
    with WireServer(OpenAIWire(), Script(picky=(NOT_EMPTY,))) as server:
        found = await told(talk, server, user("First?"), answer(" "))
    assert found.status is Status.COMPLETE
    assert {"change": "empty_left_out", "count": 1} in found.metadata[REPAIRED]


async def test_tools_that_are_unknown_are_told_in_words(talk: Talk) -> None:
    """The call and its result stay in the conversation."""
    history = (
        user("Where?"),
        NewMessage(role=Role.ASSISTANT, content="Looking.", tool_calls=(CALL,)),
        NewMessage(role=Role.TOOL, content="By the harbour", tool_call_id=CALL.id),
        answer("There."),
    )
    with WireServer(OpenAIWire(), Script(picky=(NO_TOOLS,))) as server:
        found = await told(talk, server, *history)
    assert found.status is Status.COMPLETE
    assert "tool" in roles(server, 0)
    assert "[By the harbour]" in texts(server)
    assert found.metadata[REPAIRED][0] == {"change": "tools_as_text", "count": 2}


async def test_a_system_prompt_that_is_not_taken_goes_into_the_question(talk: Talk) -> None:
    """The model still reads it."""
    with WireServer(OpenAIWire(), Script(picky=(NO_SYSTEM,))) as server:
        found = await told(talk, server, text="Hello")
    assert found.status is Status.COMPLETE
    assert roles(server) == ["user"]
    assert texts(server)[0].endswith("\n\nHello")


async def test_a_history_is_repaired_once(talk: Talk) -> None:
    """Refused again, it fails with the provider's words."""
    fault = Fault(mode=Mode.STATUS, status=400, words="roles must alternate")
    with WireServer(OpenAIWire(), Script(fault=fault)) as server:
        found = await told(talk, server, user("First?"))
    assert (found.status, found.fault and found.fault.kind) == (Status.FAILED, FaultKind.BAD_REQUEST)
    assert len(server.answers) == 2


async def test_what_no_rule_can_mend_is_not_sent_again(talk: Talk) -> None:
    """There is nothing to change."""
    fault = Fault(mode=Mode.STATUS, status=400, words="roles must alternate")
    with WireServer(OpenAIWire(), Script(fault=fault)) as server:
        found = await told(talk, server)
    assert found.status is Status.FAILED
    assert len(server.answers) == 1
    assert REPAIRED not in found.metadata


async def test_a_history_that_is_too_long_is_shortened_and_the_window_learned(talk: Talk) -> None:
    """The second try fits; the next message is within the window from the start, and nothing that is stored is gone."""
    history = [(user if number % 2 == 0 else answer)(f"{number} " + "word " * 100) for number in range(20)]
    with WireServer(OpenAIWire(), Script(window=1000, tokens=None)) as server:
        found = await told(talk, server, *history)
        assert found.status is Status.COMPLETE
        (change,) = found.metadata[REPAIRED]
        assert change["change"] == "shortened"
        assert len(roles(server, 0)) - len(roles(server, 1)) == change["count"] > 0
        await talk.answer("More?", session_id=found.session_id)
        assert len(server.answers) == 3
    facts = await talk.store.model_facts(f"direct/wire-1 {server.base}")
    assert facts["window"][0] == 1000
    assert len(await talk.store.path(found.session_id)) == 24


async def test_a_refusal_without_figures_is_tried_with_less(talk: Talk) -> None:
    """Nothing is learned from it, and the newest message always goes."""
    history = [(user if number % 2 == 0 else answer)("word " * 50) for number in range(10)]
    fault = Fault(mode=Mode.STATUS, status=413, words="Request too large.", first=1)
    with WireServer(OpenAIWire(), Script(fault=fault, tokens=None)) as server:
        found = await told(talk, server, *history)
    assert found.status is Status.COMPLETE
    assert len(roles(server, 1)) < len(roles(server, 0))
    assert texts(server)[-1] == "And now?"
    assert "window" not in await talk.store.model_facts(f"direct/wire-1 {server.base}")


async def test_a_limit_without_what_was_asked_is_enough(talk: Talk) -> None:
    """What is sent then is within it."""
    history = [(user if number % 2 == 0 else answer)("word " * 50) for number in range(20)]
    words = "the request exceeds the available context size (600 tokens), try increasing it"
    fault = Fault(mode=Mode.STATUS, status=400, words=words, first=1)
    with WireServer(OpenAIWire(), Script(fault=fault, tokens=None)) as server:
        found = await told(talk, server, *history)
        assert found.status is Status.COMPLETE
        assert sum(len(text.split()) for text in texts(server)) < 450  # a quarter of the window is the answer's


async def test_an_answer_that_goes_on_is_repaired_too(talk: Talk) -> None:
    """What it has so far is sent along both times."""
    with WireServer(OpenAIWire(), Script(fault=Fault(mode=Mode.CUT, after=3), tokens=None)) as server:
        cut = await told(talk, server, user("First?"))
        server.script = Script(picky=(ALTERNATE,), tokens=None)
        turn = await talk.chat.resume(cut.id)
        found = await talk.final(turn.assistant.id)
    assert found.status is Status.COMPLETE
    assert cut.content
    assert cut.content in texts(server)
    assert found.metadata[REPAIRED] == [{"change": "joined", "count": 1}]
    assert found.metadata["continues"] == cut.uid


async def test_a_tokenizer_of_ones_own_learns_nothing(talk: Talk) -> None:
    """Its figures are its own."""
    with WireServer(OpenAIWire(), Script(tokens=Tokens(input=1300, output=5))) as server:
        session_id = await talk.direct(server.base)
        params = {**(await talk.store.session(session_id)).params, "tokenizer": "cl100k_base"}
        await talk.store.update_session(session_id, params=params)
        await talk.answer("word " * 1000, session_id=session_id)
        await talk.chat.wait_idle()
        assert await talk.store.model_facts(f"direct/wire-1 {server.base}") == {}


async def test_what_cannot_be_shortened_fails_with_the_providers_words(talk: Talk) -> None:
    """A single message is never cut."""
    with WireServer(OpenAIWire(), Script(window=100)) as server:
        found = await told(talk, server, text="word " * 200)
    assert (found.status, found.fault and found.fault.kind) == (Status.FAILED, FaultKind.CONTEXT_EXCEEDED)
    assert len(server.answers) == 1


async def test_what_cannot_fit_is_not_sent(talk: Talk) -> None:
    """The sentence has both figures, and the words stay in the session."""
    with WireServer(OpenAIWire()) as server:
        found = await told(talk, server, text="word " * 40_000)
    assert (found.status, found.fault and found.fault.kind) == (Status.FAILED, FaultKind.CONTEXT_EXCEEDED)
    assert found.fault is not None
    assert "32,768" in found.fault.words
    assert server.answers == []


async def test_a_repair_costs_no_try(begin: BeginTalk) -> None:
    """It goes out once more even where nothing is tried again."""
    talk = await begin(demo=False, limits=Limits(local_first_token_s=10, silence_s=10, retries=0))
    await talk.gateway.load()
    with WireServer(OpenAIWire(), Script(picky=(ALTERNATE,))) as server:
        assert (await told(talk, server, user("First?"))).status is Status.COMPLETE


async def test_the_providers_figure_corrects_the_next_estimate(talk: Talk) -> None:
    """What it counted against what was counted here, kept for the next start."""
    with WireServer(OpenAIWire(), Script(tokens=Tokens(input=1300, output=5))) as server:
        found = await told(talk, server, text="word " * 1000)
        await talk.chat.wait_idle()
    facts = await talk.store.model_facts(f"direct/wire-1 {server.base}")
    assert 1.1 < facts["factor cl100k_base"][0] < 1.3
    session = await talk.store.session(found.session_id)
    model = ModelSpec(provider_id="direct", kind="openai", name="wire-1", api_base=server.base)
    context = await talk.chat.requests.context(session, model, leaf=session.active_leaf, exact=True)
    assert context.tokens > context.raw_tokens


async def test_what_is_shown_is_what_is_sent(talk: Talk) -> None:
    """Message by message, as the body has it."""
    history = [(user if number % 2 == 0 else answer)(f"{number} " + "wörd " * 50) for number in range(9)]
    with WireServer(OpenAIWire()) as server:
        session_id = await talk.direct(server.base)
        await talk.store.add_messages(session_id, None, history)
        await talk.store.update_session(
            session_id, params={**(await talk.store.session(session_id)).params, "max_context": 300}
        )
        session = await talk.store.session(session_id)
        model = ModelSpec(provider_id="direct", kind="openai", name="wire-1", api_base=server.base)
        shown = await talk.chat.requests.context(session, model, leaf=session.active_leaf, draft="And now?", exact=True)
        await talk.answer("And now?", session_id=session_id)
        await asyncio.to_thread(server.asked.wait)
    values = context_values(shown)
    assert [(row["role"], row["content"]) for row in values["sent"]] == list(
        zip(roles(server), texts(server), strict=True)
    )
    assert values["older"] or values["left_out"]
    assert values["tokens"] <= 300
