"""What a request sends of a path, and why."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.context import (
    REPLY_TOKENS,
    Mark,
    PathItem,
    Plan,
    Reason,
    Summary,
    fit,
)
from desktop.domain.messages import Role

SYSTEM = 5
FIXED = SYSTEM + REPLY_TOKENS
PLENTY = 10**9
IDS = ("a", "b")


def item(depth: int, role: Role = Role.USER, tokens: int = 10, **more: Any) -> PathItem:
    return PathItem(id=depth + 1, depth=depth, role=role, tokens=tokens, **more)


def talk(*tokens: int, **more: Any) -> tuple[PathItem, ...]:
    """Return a path where user and model take turns."""
    roles = (Role.USER, Role.ASSISTANT)
    return tuple(item(depth, roles[depth % 2], size, **more) for depth, size in enumerate(tokens))


def build(path: Sequence[PathItem], budget: int = PLENTY, **more: Any) -> Plan:
    return fit(path, budget=budget, system_tokens=SYSTEM, **more)


def depths(plan: Plan) -> list[int]:
    return [entry.item.depth for entry in plan.sent]


def reasons(plan: Plan) -> list[tuple[int, Reason]]:
    return [(entry.item.depth, entry.reason) for entry in plan.left_out]


def cost(items: Sequence[PathItem]) -> int:
    return FIXED + sum(one.tokens for one in items)


@st.composite
def paths(draw: st.DrawFn, marks: bool = True) -> tuple[PathItem, ...]:
    """Paths as they may stand in a database, broken ones included, that end with what a user has just written."""
    found: list[PathItem] = []
    for depth in range(draw(st.integers(0, 14))):
        role = draw(st.sampled_from(Role))
        calls = tuple(sorted(draw(st.sets(st.sampled_from(IDS))))) if role is Role.ASSISTANT else ()
        words = draw(st.booleans())
        found.append(
            item(
                depth,
                role,
                draw(st.integers(4, 40)),
                has_words=words,
                empty=role is Role.SYSTEM or (not words and not calls and role is not Role.TOOL),
                calls=calls,
                result_of=draw(st.sampled_from(IDS)) if role is Role.TOOL else "",
                mark=draw(st.sampled_from(Mark)) if marks else Mark.NONE,
            )
        )
    return (*found, item(len(found), tokens=draw(st.integers(4, 40))))


budgets = st.integers(0, 300)
turns = st.none() | st.integers(0, 6)
summaries = st.none() | st.builds(Summary, text=st.just("so far"), tokens=st.integers(1, 60), covers=st.integers(0, 14))


@given(path=paths(), budget=budgets, max_turns=turns, summary=summaries)
def test_the_budget_is_never_exceeded(
    path: tuple[PathItem, ...], budget: int, max_turns: int | None, summary: Summary | None
) -> None:
    """What may be sent is counted to the token and within the budget; else the plan says that it does not fit."""
    plan = build(path, budget, max_turns=max_turns, summary=summary)
    kept = plan.summary.tokens if plan.summary else 0
    assert plan.tokens == cost([entry.item for entry in plan.sent]) + kept
    assert plan.fits == (plan.tokens <= budget)
    assert plan.fits == (cost(path[-1:]) <= budget)


@given(path=paths(), budget=budgets, max_turns=turns)
def test_calls_and_their_results_stay_together(path: tuple[PathItem, ...], budget: int, max_turns: int | None) -> None:
    """A provider refuses a call without its results, and a result without its call."""
    waiting: set[str] = set()
    asked: set[str] = set()
    for entry in build(path, budget, max_turns=max_turns).sent:
        if entry.item.role is Role.TOOL:
            assert entry.item.result_of in asked
            waiting.discard(entry.item.result_of)
        else:
            assert not waiting
            asked = set(entry.item.calls) if entry.calls else set()
            waiting = set(asked)
    assert not waiting


@given(path=paths(), budget=budgets, max_turns=turns)
def test_what_is_sent_is_a_part_of_the_path_in_its_order(
    path: tuple[PathItem, ...], budget: int, max_turns: int | None
) -> None:
    """Each message is sent or left out with a reason, and none is both."""
    plan = build(path, budget, max_turns=max_turns)
    left = [entry.item.depth for entry in plan.left_out]
    assert depths(plan) == sorted(depths(plan))
    assert left == sorted(left)
    assert sorted([*depths(plan), *left]) == [one.depth for one in path]
    assert plan.older == 0


@given(path=paths(), budget=budgets, max_turns=turns)
def test_an_answer_never_leads(path: tuple[PathItem, ...], budget: int, max_turns: int | None) -> None:
    """After the system prompt comes something a user said, also before what is pinned."""
    assert build(path, budget, max_turns=max_turns).sent[0].item.role is Role.USER


@given(path=paths(), budget=budgets, max_turns=turns)
def test_what_is_excluded_stays_out(path: tuple[PathItem, ...], budget: int, max_turns: int | None) -> None:
    """Whatever else would let it in."""
    plan = build(path, budget, max_turns=max_turns)
    assert all(entry.item.mark is not Mark.EXCLUDED for entry in plan.sent)


@given(path=paths(marks=False), budget=budgets, max_turns=turns)
def test_as_much_is_sent_as_fits(path: tuple[PathItem, ...], budget: int, max_turns: int | None) -> None:
    """Of all ends of the conversation that begin with a user's message and fit, the longest is sent."""
    everything = [entry.item for entry in build(path).sent]
    fitting = [
        end
        for end in (everything[start:] for start in range(len(everything)))
        if end[0].role is Role.USER
        and cost(end) <= budget
        and (max_turns is None or sum(one.role is Role.USER for one in end) <= max(1, max_turns))
    ]
    plan = build(path, budget, max_turns=max_turns)
    assert [entry.item for entry in plan.sent] == (fitting[0] if fitting else everything[-1:])


@given(path=paths(), budget=budgets, start=st.integers(0, 14))
def test_the_part_of_a_path_that_can_fit_is_enough(path: tuple[PathItem, ...], budget: int, start: int) -> None:
    """Where the messages further up could not be sent anyway, reading them changes nothing."""
    plain = tuple(one._replace(mark=Mark.NONE) for one in path)
    whole = build(plain, budget)
    if plain[start:] and whole.sent[0].item.depth >= start:
        assert build(plain[start:], budget, older=start).sent == whole.sent


def test_the_oldest_are_left_out_first() -> None:
    """The reason for each is told, in the order of the path."""
    plan = build(talk(10, 10, 10, 10, 10), FIXED + 30)
    assert depths(plan) == [2, 3, 4]
    assert reasons(plan) == [(0, Reason.BUDGET), (1, Reason.BUDGET)]
    assert [entry.reason for entry in plan.sent] == [Reason.RECENT, Reason.RECENT, Reason.NEWEST]


def test_an_answer_goes_with_its_question() -> None:
    """Where only the question does not fit, its answer is not sent either."""
    plan = build(talk(100, 1, 1), FIXED + 50)
    assert depths(plan) == [2]
    assert reasons(plan) == [(0, Reason.BUDGET), (1, Reason.BUDGET)]


def test_a_question_and_its_answer_are_one_turn() -> None:
    """With two turns, the one before the last question goes along."""
    plan = build(talk(1, 1, 1, 1, 1), max_turns=2)
    assert depths(plan) == [2, 3, 4]
    assert reasons(plan) == [(0, Reason.TURNS), (1, Reason.TURNS)]


def test_no_turns_still_send_what_was_just_written() -> None:
    """Nobody's message is dropped silently, not even by a limit of nothing."""
    assert depths(build(talk(1, 1, 1), max_turns=0)) == [2]


def test_what_cannot_fit_is_told_before_it_is_sent() -> None:
    """The prompt and the newest turn over the budget are no context: the plan says so and counts them."""
    plan = build(talk(1, 1, 30), FIXED + 29)
    assert not plan.fits
    assert (depths(plan), plan.tokens) == ([2], FIXED + 30)
    assert reasons(plan) == [(0, Reason.BUDGET), (1, Reason.BUDGET)]


def test_what_is_pinned_goes_before_the_turns_between() -> None:
    """A pinned answer takes its question along, and they come first."""
    path = list(talk(10, 10, 10, 10, 10, 10, 10))
    path[1] = path[1]._replace(mark=Mark.PINNED)
    plan = build(path, FIXED + 50)
    assert depths(plan) == [0, 1, 4, 5, 6]
    assert [entry.reason for entry in plan.sent][:2] == [Reason.PINNED, Reason.PINNED]


def test_what_is_pinned_is_left_out_where_it_does_not_fit() -> None:
    """The budget is stronger than a pin, and the reason is told."""
    path = list(talk(50, 10, 10))
    path[0] = path[0]._replace(mark=Mark.PINNED)
    plan = build(path, FIXED + 30)
    assert depths(plan) == [2]
    assert (0, Reason.BUDGET) in reasons(plan)


def test_a_piece_from_further_up_brings_only_what_is_pinned() -> None:
    """What stands beside it there is neither sent nor listed: it belongs to the older ones that are counted."""
    far = (item(3, mark=Mark.PINNED), item(4, Role.ASSISTANT), item(9, Role.ASSISTANT))
    near = (item(50, Role.ASSISTANT), item(51), item(52, Role.ASSISTANT), item(53))
    plan = build((*far, *near), older=50)
    assert depths(plan) == [3, 51, 52, 53]
    assert reasons(plan) == [(50, Reason.BUDGET)]
    assert plan.older == 49


def test_a_piece_from_further_up_that_does_not_fit_is_listed() -> None:
    """Somebody pinned it, and shall know."""
    far = (item(3, tokens=100, mark=Mark.PINNED), item(4, Role.ASSISTANT))
    plan = build((*far, item(50)), FIXED + 50, older=50)
    assert reasons(plan) == [(3, Reason.BUDGET)]
    assert reasons(build((*far, item(50)), 1, older=50)) == [(3, Reason.BUDGET)]


def test_a_summary_stands_for_what_it_covers() -> None:
    """It is sent after the prompt, and what it tells is not sent again."""
    summary = Summary(text="They greeted.", tokens=7, covers=1)
    plan = build(talk(10, 10, 10, 10, 10), summary=summary)
    assert plan.summary == summary
    assert depths(plan) == [2, 3, 4]
    assert reasons(plan) == [(0, Reason.SUMMARISED), (1, Reason.SUMMARISED)]


def test_a_summary_without_room_is_not_sent() -> None:
    """The newest message goes before it."""
    assert build(talk(10), FIXED + 10, summary=Summary(text="s", tokens=1, covers=0)).summary is None


def test_a_tool_may_answer_with_nothing() -> None:
    """An empty result is a result: without it the call would be refused."""
    path = (
        item(0),
        item(1, Role.ASSISTANT, has_words=False, calls=("a",)),
        item(2, Role.TOOL, has_words=False, result_of="a"),
        item(3),
    )
    assert depths(build(path)) == [0, 1, 2, 3]


def test_a_call_that_was_never_run_is_not_sent() -> None:
    """The words beside it are; otherwise every later request of the session would be refused."""
    plan = build((item(0), item(1, Role.ASSISTANT, calls=("a",)), item(2)))
    assert depths(plan) == [0, 1, 2]
    assert [entry.calls for entry in plan.sent] == [True, False, True]


def test_a_call_without_words_or_result_is_left_out() -> None:
    """So is a result that belongs to no call, each with its reason."""
    path = (
        item(0),
        item(1, Role.ASSISTANT, has_words=False, calls=("a", "b")),
        item(2, Role.TOOL, result_of="a"),
        item(3),
        item(4, Role.TOOL, result_of="c"),
        item(5),
    )
    plan = build(path)
    assert depths(plan) == [0, 3, 5]
    assert reasons(plan) == [(1, Reason.UNPAIRED), (2, Reason.UNPAIRED), (4, Reason.UNPAIRED)]


def test_a_result_that_is_excluded_takes_its_call_along() -> None:
    """Half of a pair is worth nothing to a provider."""
    path = (
        item(0),
        item(1, Role.ASSISTANT, has_words=False, calls=("a",)),
        item(2, Role.TOOL, result_of="a", mark=Mark.EXCLUDED),
        item(3),
    )
    assert reasons(build(path)) == [(1, Reason.UNPAIRED), (2, Reason.EXCLUDED)]


def test_a_path_without_a_question_sends_its_last_word() -> None:
    """An imported one may begin with an answer and hold nothing else."""
    plan = build((item(0, Role.ASSISTANT), item(1, Role.ASSISTANT)))
    assert depths(plan) == [1]
    assert reasons(plan) == [(0, Reason.LEADS)]


def test_an_empty_path_sends_the_system_prompt_alone() -> None:
    """There is nothing to leave out, and even the prompt has to fit."""
    assert build(()) == Plan(sent=(), left_out=(), summary=None, tokens=FIXED, fits=True)
    assert not build((), FIXED - 1).fits
