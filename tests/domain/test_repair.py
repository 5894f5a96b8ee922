"""What is sent instead of a history that a provider refused."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.messages import Role, ToolCall
from desktop.domain.repair import NO_OUTPUT, REPAIRED, Change, Refused, refused_length, repair, said, sentences
from desktop.domain.requests import ContextMessage

ORDER = "Conversation roles must alternate user/assistant/user/assistant/..."
EMPTY = "messages: text content blocks must be non-empty"
TOOLS = "Invalid parameter: messages with role 'tool' must be a response to a preceding message with 'tool_calls'."
UNKNOWN_TOOL = "messages.3: `tool_use` ids were found without `tool_result` blocks immediately after"
SYSTEM = "Developer instruction is not enabled for models/gemma-3"


def one(role: Role, content: str = "words", *calls: str, result_of: str = "") -> ContextMessage:
    made = tuple(ToolCall(id=id_, name="look", arguments="{}") for id_ in calls)
    return ContextMessage(role=role, content=content, tool_calls=made, tool_call_id=result_of)


def system(text: str = "Be.") -> ContextMessage:
    return one(Role.SYSTEM, text)


def user(text: str = "q") -> ContextMessage:
    return one(Role.USER, text)


def answer(text: str = "a", *calls: str) -> ContextMessage:
    return one(Role.ASSISTANT, text, *calls)


def result(id_: str, text: str = "4") -> ContextMessage:
    return one(Role.TOOL, text, result_of=id_)


def repaired(words: str, *messages: ContextMessage, kind: FaultKind = FaultKind.BAD_REQUEST) -> list[ContextMessage]:
    found = repair(messages, Fault(kind=kind, words=words))
    return list(found.messages) if found else []


def test_neighbours_by_the_same_speaker_are_joined() -> None:
    """Where a question has had no answer, some providers refuse the next."""
    assert repaired(ORDER, system(), user("one"), user("two")) == [system(), user("one\n\ntwo")]


def test_a_server_that_fails_over_the_order_is_helped_too() -> None:
    """Templates of local servers raise it as an error of their own."""
    assert repaired(ORDER, user("one"), user("two"), kind=FaultKind.SERVER) == [user("one\n\ntwo")]


def test_nothing_stands_before_the_first_question() -> None:
    """An answer that leads is left out."""
    assert repaired("The first message must use the user role", system(), answer(), user()) == [system(), user()]


def test_messages_without_words_are_left_out() -> None:
    """And who is left neighbours is joined."""
    found = repair([user("one"), answer(" \n"), user("two")], Fault(kind=FaultKind.BAD_REQUEST, words=EMPTY))
    assert found is not None
    assert list(found.messages) == [user("one\n\ntwo")]
    assert found.changes == {Change.EMPTY_LEFT_OUT: 1, Change.JOINED: 1}


def test_an_empty_result_says_so() -> None:
    """It cannot be left out: its call would be refused."""
    found = repaired(EMPTY, user(), answer("", "a"), result("a", ""), user())
    assert found == [user(), answer("", "a"), result("a", NO_OUTPUT), user()]


@pytest.mark.parametrize("words", [TOOLS, UNKNOWN_TOOL, "Unknown function call in history"])
def test_tools_that_a_provider_does_not_know_are_told_in_words(words: str) -> None:
    """What was called and what came back stays in the conversation."""
    found = repaired(words, user("Look."), answer("Looking.", "a"), result("a"), answer("Four."))
    assert found == [user("Look."), answer("Looking.\n\n[look({})]"), user("[4]"), answer("Four.")]


def test_a_call_alone_becomes_its_own_words() -> None:
    """There may be nothing beside it, and nothing may have come back."""
    found = repaired(TOOLS, user(), answer("", "a"), result("a", ""))
    assert found == [user(), answer("[look({})]"), user(f"[{NO_OUTPUT}]")]


def test_halves_of_tool_calls_are_left_out() -> None:
    """A result without its call, a call without all of its results; words beside it stay."""
    found = repair(
        [user(), result("x"), answer("hm", "a", "b"), result("a"), answer("", "c"), user("and")],
        Fault(kind=FaultKind.BAD_REQUEST, words=ORDER),
    )
    assert found is not None
    assert list(found.messages) == [user(), answer("hm"), user("and")]
    assert found.changes == {Change.TOOLS_LEFT_OUT: 4}


def test_a_second_result_of_one_call_is_left_out() -> None:
    """A provider that counts pairs refuses it; the first result and the call stay."""
    found = repaired(ORDER, user("q"), answer("", "x"), result("x", "4"), result("x", "5"), user("and"))
    assert found == [user("q"), answer("", "x"), result("x", "4"), user("and")]


def test_a_system_prompt_that_is_not_taken_goes_into_the_first_question() -> None:
    """So that the model still reads it."""
    assert repaired(SYSTEM, system("Be kind."), user("Hi")) == [user("Be kind.\n\nHi")]


def test_a_system_prompt_alone_stays_where_it_is() -> None:
    """There is no question to put it into."""
    assert repaired(SYSTEM, system(), system()) == [system("Be.\n\nBe.")]
    assert repaired(SYSTEM, system()) == []


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("temperature must be below 1", FaultKind.BAD_REQUEST),
        (ORDER, FaultKind.AUTHENTICATION),
        (ORDER, FaultKind.RESET),
        ("", FaultKind.BAD_REQUEST),
    ],
)
def test_what_is_not_about_the_history_is_not_repaired(words: str, kind: FaultKind) -> None:
    """Another request would be refused all the same."""
    assert repaired(words, user("one"), user("two"), kind=kind) == []


def test_a_history_without_fault_is_not_sent_again() -> None:
    """No rule changes anything, so nothing would change."""
    assert repaired(ORDER, system(), user(), answer(), user()) == []


messages = st.lists(
    st.one_of(
        st.builds(user, st.sampled_from(["", "q", " "])),
        st.builds(answer, st.sampled_from(["", "a"]), st.sampled_from(["x", "y"])),
        st.builds(answer, st.sampled_from(["", "a"])),
        st.builds(result, st.sampled_from(["x", "y"]), st.sampled_from(["", "4"])),
    ),
    max_size=12,
)


@given(messages, st.sampled_from([ORDER, EMPTY, TOOLS, SYSTEM]))
def test_a_repaired_history_is_in_order(history: list[ContextMessage], words: str) -> None:
    """No empty message, nothing before the first question, no neighbours, and whole pairs alone."""
    found = repaired(words, system(), *history, user("last"))
    rest = [message for message in found if message.role is not Role.SYSTEM]
    assert not found or rest[0].role is Role.USER
    assert all(message.content.strip() or message.tool_calls for message in found)
    for before, after in itertools.pairwise(rest):
        assert before.role is not after.role or before.tool_calls or after.role is Role.TOOL or after.tool_calls
    assert sum(len(message.tool_calls) for message in rest) == sum(message.role is Role.TOOL for message in rest)


@given(messages)
def test_no_words_are_lost_with_the_tools(history: list[ContextMessage]) -> None:
    """What a user wrote is sent, whatever else is changed."""
    found = repaired(TOOLS, *history, user("last"))
    assert not found or found[-1].content.endswith("last")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9123 tokens.",
            Refused(8192, 9123),
        ),
        (
            (
                "This model's maximum context length is 4097 tokens, however you requested 5000 tokens "
                "(4000 in the messages, 1000 in the completion)."
            ),
            Refused(4097, 4000),
        ),
        ("prompt is too long: 210000 tokens > 200000 maximum", Refused(200_000, 210_000)),
        (
            "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000, decrease input length",
            Refused(200_000, 190_000),
        ),
        (
            "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
            Refused(1_048_576, 1_200_000),
        ),
        (
            "request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it",
            Refused(4096, 5000),
        ),
        (
            "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
            Refused(32_768, 40_000),
        ),
        (
            "This model's maximum prompt length is 131072 but the request contains 140,000 tokens.",
            Refused(131_072, 140_000),
        ),
        ("Please reduce the length of the messages or completion.", Refused(0, 0)),
    ],
)
def test_a_refusal_teaches_how_much_is_read(words: str, expected: Refused) -> None:
    """As the providers say it."""
    assert refused_length(words) == expected


@pytest.mark.parametrize("change", list(Change))
def test_each_change_is_a_sentence(change: Change) -> None:
    """For one message and for several."""
    assert said(change, 1).endswith(".")
    assert said(change, 3) != said(change, 1)


def test_changes_are_read_back_from_metadata() -> None:
    """What a later version may write is passed over."""
    found = repair([user(), user()], Fault(kind=FaultKind.BAD_REQUEST, words=ORDER))
    assert found is not None
    metadata = {REPAIRED: [*found.to_metadata(), {"change": "of tomorrow", "count": 1}]}
    assert sentences(metadata) == [said(Change.JOINED, 1)]
    assert sentences({}) == []
