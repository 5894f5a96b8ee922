from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.context import MESSAGE_OVERHEAD_TOKENS, Context, Reason, fit
from desktop.domain.messages import Message, Role, Status
from desktop.domain.requests import ContextMessage
from tests.domain.making import calls, contents, message, streaming, talk

PROMPT = "Be kind."
PLENTY = 10**9
IDS = ("a", "b")


def length(one: Message | ContextMessage) -> int:
    return len(one.content) + sum(len(call.name + call.arguments) for call in one.tool_calls)


def build(
    path: Sequence[Message], *, system_prompt: str = PROMPT, max_tokens: int = PLENTY, max_turns: int | None = None
) -> Context:
    return fit(
        path,
        system_prompt=system_prompt,
        max_tokens=max_tokens,
        max_turns=max_turns,
        count=length,
        count_text=len,
    )


def said(context: Context) -> tuple[ContextMessage, ...]:
    """Return what is sent apart from the system prompt."""
    return tuple(one for one in context.messages if one.role is not Role.SYSTEM)


def cost(messages: Sequence[ContextMessage]) -> int:
    return sum(length(one) + MESSAGE_OVERHEAD_TOKENS for one in messages)


def reasons(context: Context) -> list[tuple[int, Reason]]:
    return [(left.message.depth, left.reason) for left in context.left_out]


@st.composite
def paths(draw: st.DrawFn) -> tuple[Message, ...]:
    """Paths as they may stand in a database, broken ones included, that end with what a user has just written."""
    found: list[Message] = []
    for number in range(draw(st.integers(0, 12))):
        role = draw(st.sampled_from(Role))
        size = draw(st.integers(0, 30))
        found.append(
            message(
                number,
                role,
                f"{number}:".ljust(size, "x") if size else "",
                tool_calls=calls(*draw(st.sets(st.sampled_from(IDS)))) if role is Role.ASSISTANT else (),
                tool_call_id=draw(st.sampled_from(IDS)) if role is Role.TOOL else "",
                status=draw(st.sampled_from(Status)) if role is Role.ASSISTANT else Status.COMPLETE,
            )
        )
    return (*found, message(len(found), Role.USER, "last"))


budgets = st.integers(0, 250)
turns = st.none() | st.integers(0, 6)


@given(path=paths(), budget=budgets, max_turns=turns, prompt=st.sampled_from(["", PROMPT]))
def test_the_budget_is_kept_but_for_the_last_message(
    path: tuple[Message, ...], budget: int, max_turns: int | None, prompt: str
) -> None:
    """Never above the budget, except that the system prompt and the last message always go out."""
    context = build(path, system_prompt=prompt, max_tokens=budget, max_turns=max_turns)
    assert context.tokens == cost(context.messages)
    assert context.tokens <= budget or contents(said(context)) == ["last"]
    assert context.messages[-1].content == "last"


@given(path=paths(), budget=budgets, max_turns=turns)
def test_the_system_prompt_is_always_there(path: tuple[Message, ...], budget: int, max_turns: int | None) -> None:
    """It comes first, once, whatever the budget; without one nothing takes its place."""
    with_prompt = build(path, max_tokens=budget, max_turns=max_turns).messages
    assert [one.content for one in with_prompt if one.role is Role.SYSTEM] == [PROMPT]
    assert with_prompt[0].content == PROMPT
    without = build(path, system_prompt="", max_tokens=budget, max_turns=max_turns).messages
    assert all(one.role is not Role.SYSTEM for one in without)


@given(path=paths(), budget=budgets, max_turns=turns)
def test_calls_and_their_results_stay_together(path: tuple[Message, ...], budget: int, max_turns: int | None) -> None:
    """A provider refuses a call without its results, and a result without its call."""
    waiting: set[str] = set()
    answered: set[str] = set()
    for one in said(build(path, max_tokens=budget, max_turns=max_turns)):
        if one.role is Role.TOOL:
            assert one.tool_call_id in waiting | answered
            answered.add(one.tool_call_id)
            waiting.discard(one.tool_call_id)
        else:
            assert not waiting
            answered = set()
            waiting = {call.id for call in one.tool_calls}
    assert not waiting


@given(path=paths(), budget=budgets, max_turns=turns)
def test_what_is_sent_is_a_part_of_the_path_in_its_order(
    path: tuple[Message, ...], budget: int, max_turns: int | None
) -> None:
    """Each message is sent as it stands, or left out with a reason, and none is both."""
    context = build(path, max_tokens=budget, max_turns=max_turns)
    left = {item.message.depth for item in context.left_out}
    assert [item.message.depth for item in context.left_out] == sorted(left)
    kept = [one for one in path if one.depth not in left]
    assert [(one.role, one.content) for one in kept] == [(one.role, one.content) for one in said(context)]


@given(path=paths(), budget=budgets, max_turns=turns)
def test_an_answer_never_leads(path: tuple[Message, ...], budget: int, max_turns: int | None) -> None:
    """After the system prompt comes something a user said."""
    assert said(build(path, max_tokens=budget, max_turns=max_turns))[0].role is Role.USER


@given(path=paths(), budget=budgets, max_turns=turns)
def test_as_much_is_sent_as_fits(path: tuple[Message, ...], budget: int, max_turns: int | None) -> None:
    """Of all ends of the conversation that begin with a user's message and fit, the longest is sent."""
    everything = said(build(path))
    room = budget - len(PROMPT) - MESSAGE_OVERHEAD_TOKENS
    fitting = [
        end
        for end in (everything[start:] for start in range(len(everything)))
        if end[0].role is Role.USER
        and cost(end) <= room
        and (max_turns is None or sum(one.role is Role.USER for one in end) <= max_turns)
    ]
    assert said(build(path, max_tokens=budget, max_turns=max_turns)) == (fitting[0] if fitting else everything[-1:])


def test_the_oldest_are_left_out_first() -> None:
    """The reason for each is told, in the order of the path."""
    path = talk("one", "two", "three", "four", "five")
    room = len(PROMPT) + len("threefourfive") + 4 * MESSAGE_OVERHEAD_TOKENS
    context = build(path, max_tokens=room)
    assert contents(said(context)) == ["three", "four", "five"]
    assert reasons(context) == [(0, Reason.BUDGET), (1, Reason.BUDGET)]


def test_an_answer_that_would_lead_goes_with_its_question() -> None:
    """Where only the question does not fit, its answer is not sent either."""
    path = talk("a long question", "b", "c")
    context = build(path, max_tokens=len(PROMPT) + 2 + 3 * MESSAGE_OVERHEAD_TOKENS)
    assert contents(said(context)) == ["c"]
    assert reasons(context) == [(0, Reason.BUDGET), (1, Reason.LEADS)]
    assert context.tokens == len(PROMPT) + 1 + 2 * MESSAGE_OVERHEAD_TOKENS


def test_a_question_and_its_answer_are_one_turn() -> None:
    """With two turns, the one before the last question goes along."""
    context = build(talk("one", "two", "three", "four", "five"), max_turns=2)
    assert contents(said(context)) == ["three", "four", "five"]
    assert reasons(context) == [(0, Reason.TURNS), (1, Reason.TURNS)]


def test_no_turns_still_send_what_was_just_written() -> None:
    """Nobody's message is dropped silently, not even by a limit of nothing."""
    assert contents(said(build(talk("one", "two", "three"), max_turns=0))) == ["three"]


def test_rows_without_words_are_not_sent() -> None:
    """An answer that failed before its first word, or is just being written, says nothing."""
    path = (message(0), message(1, Role.ASSISTANT, "", status=Status.FAILED), message(2), streaming(3))
    context = build(path)
    assert [one.role for one in said(context)] == [Role.USER, Role.USER]
    assert reasons(context) == [(1, Reason.EMPTY), (3, Reason.EMPTY)]


def test_what_had_arrived_of_a_broken_answer_is_sent() -> None:
    """The model sees the half answer that the user sees."""
    path = (message(0), message(1, Role.ASSISTANT, "half", status=Status.INTERRUPTED), message(2))
    assert contents(said(build(path))) == ["text", "half", "text"]


def test_a_tool_may_answer_with_nothing() -> None:
    """An empty result is a result: without it the call would be refused."""
    path = (
        message(0),
        message(1, Role.ASSISTANT, "", tool_calls=calls("a")),
        message(2, Role.TOOL, "", tool_call_id="a"),
        message(3),
    )
    assert [one.role for one in said(build(path))] == [Role.USER, Role.ASSISTANT, Role.TOOL, Role.USER]


def test_a_call_that_was_never_run_is_not_sent() -> None:
    """The words beside it are; otherwise every later request of the session would be refused."""
    path = (message(0), message(1, Role.ASSISTANT, "Let me look.", tool_calls=calls("a")), message(2))
    sent = said(build(path))
    assert contents(sent) == ["text", "Let me look.", "text"]
    assert sent[1].tool_calls == ()


def test_a_call_without_words_or_result_is_left_out() -> None:
    """So is a result that belongs to no call, each with its reason."""
    path = (
        message(0),
        message(1, Role.ASSISTANT, "", tool_calls=calls("a", "b")),
        message(2, Role.TOOL, "4", tool_call_id="a"),
        message(3),
        message(4, Role.TOOL, "5", tool_call_id="c"),
        message(5),
    )
    context = build(path)
    assert contents(said(context)) == ["text", "text", "text"]
    assert reasons(context) == [(1, Reason.UNPAIRED), (2, Reason.UNPAIRED), (4, Reason.UNPAIRED)]


def test_a_path_that_ends_with_a_result_is_sent_with_its_call() -> None:
    """A tool call with its results is the last thing said and goes out even over the budget."""
    path = (
        message(0),
        message(1, Role.ASSISTANT, "", tool_calls=calls("a")),
        message(2, Role.TOOL, "a long result", tool_call_id="a"),
    )
    assert [one.role for one in said(build(path, max_tokens=1))] == [Role.ASSISTANT, Role.TOOL]


def test_an_empty_path_sends_the_system_prompt_alone() -> None:
    """There is nothing to leave out."""
    assert build(()) == Context(
        messages=(ContextMessage(role=Role.SYSTEM, content=PROMPT),), tokens=len(PROMPT) + MESSAGE_OVERHEAD_TOKENS
    )
