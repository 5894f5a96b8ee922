"""From a path to exactly what a request sends, with a reason for each message that goes along or stays. Pure.

The order: the system prompt (always), a summary, pinned messages, then the newest turns backwards until the budget of
tokens or turns is spent. A turn is a user's message and all that follows it, so an answer never leads; a tool call and
its results stay together, and calls that were never answered are not sent, because providers refuse them. Nothing is
ever deleted here, only left out of the request. `fits` is false where the prompt and the newest turn alone are over the
budget: then nothing is to be sent, and a person is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from desktop.domain.messages import Role
from desktop.domain.requests import ContextMessage

MESSAGE_OVERHEAD_TOKENS = 4
"""Tokens of the form around each message: three, and one for the role's name.

https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken
"""
REPLY_TOKENS = 3
"""Tokens that begin the answer and are counted with the question; the same source."""


class Reason(StrEnum):
    """Why something is sent or is not."""

    SYSTEM = "system"
    SUMMARY = "summary"
    PINNED = "pinned"
    NEWEST = "newest"
    RECENT = "recent"

    EMPTY = "empty"
    EXCLUDED = "excluded"
    UNPAIRED = "unpaired"
    LEADS = "leads"
    SUMMARISED = "summarised"
    TURNS = "turns"
    BUDGET = "budget"


class Mark(StrEnum):
    """What the user decided about a message's place in the context."""

    NONE = ""
    PINNED = "pinned"
    EXCLUDED = "excluded"


class PathItem(NamedTuple):
    """What has to be known of a message to decide about it; a tuple, because a path may bring thousands.

    `tokens` counts all that would be sent of it, its form included; `empty` is whether it has nothing to be sent.
    """

    id: int
    depth: int
    role: Role
    tokens: int
    has_words: bool = True
    empty: bool = False
    calls: tuple[str, ...] = ()
    result_of: str = ""
    mark: Mark = Mark.NONE


@dataclass(frozen=True, slots=True)
class Summary:
    """What stands for the beginning of a path, up to and including the message at depth `covers`."""

    text: str
    tokens: int
    covers: int


class Entry(NamedTuple):
    """One message and what becomes of it. Without its calls (`calls` false), only its words are sent."""

    item: PathItem
    reason: Reason
    calls: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is sent and what is not, both in the order of the path. `tokens` counts everything that is sent.

    `older` counts the messages above those that were looked at: they stay for `older_reason`.
    """

    sent: tuple[Entry, ...]
    left_out: tuple[Entry, ...]
    summary: Summary | None
    tokens: int
    fits: bool
    older: int = 0
    older_reason: Reason = Reason.BUDGET


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Exactly what is sent, and the figures beside it: all in tokens, `margin` as a fraction of them.

    `exact` is whether `tokens` was counted; otherwise it is a bound that it does not exceed. `system_tokens` is the
    prompt's part of `tokens`, `raw_tokens` the count before any correction, for comparison with the provider's own.
    """

    messages: tuple[ContextMessage, ...]
    plan: Plan
    budget: int
    reserve: int = 0
    window: int | None = None
    system_tokens: int = 0
    raw_tokens: int = 0
    margin: float = 0.0
    exact: bool = True
    encoding: str = ""

    @property
    def tokens(self) -> int:
        """How many tokens are sent."""
        return self.plan.tokens

    @property
    def left_out(self) -> int:
        """How many messages with words are not sent, and no summary stands for them."""
        plan = self.plan
        quiet = (Reason.EMPTY, Reason.SUMMARISED)
        older = 0 if plan.older_reason is Reason.SUMMARISED else plan.older
        return older + sum(entry.reason not in quiet for entry in plan.left_out)


@dataclass(slots=True)
class _Group:
    """What must stay together: a message alone, or a tool call with all of its results."""

    items: list[PathItem]
    tokens: int
    calls: bool = True
    pinned: bool = False


@dataclass(slots=True)
class _Turn:
    """A user's message and what follows it, as far as it can be sent."""

    groups: list[_Group] = field(default_factory=list)
    tail: bool = False

    @property
    def last_depth(self) -> int:
        return self.groups[-1].items[-1].depth


def fit(
    path: Sequence[PathItem],
    *,
    budget: int,
    system_tokens: int = 0,
    summary: Summary | None = None,
    max_turns: int | None = None,
    older: int = 0,
    older_reason: Reason = Reason.BUDGET,
) -> Plan:
    """Return what is sent of `path` (root to leaf) within `budget` tokens.

    `path` ends at the leaf and goes up without a gap to depth `older`: so many messages were not looked at. Pieces from
    further up may stand before it for the sake of what is pinned there; nothing else of them is ever sent.
    """
    left: list[Entry] = []
    turns, headless = _turns(path, left, older)
    spent = system_tokens + REPLY_TOKENS
    if not turns and headless:
        turns, headless = [_Turn(groups=[headless[-1]])], headless[:-1]
    # What lost its question because nobody read on is not misplaced, it is too old.
    _leave(left, headless, older_reason if older else Reason.LEADS)
    if summary is not None and summary.covers >= older - 1:
        older_reason = Reason.SUMMARISED
    more: dict[str, Any] = {"older": older, "older_reason": older_reason}
    if not turns:
        return _plan([], left, None, spent, fits=spent <= budget, **more)
    for turn in turns:
        turn.tail = turn.groups[0].items[0].depth >= older
    newest = turns.pop()
    spent += sum(group.tokens for group in newest.groups)
    if spent > budget:
        for turn in turns:
            _leave(left, turn.groups, Reason.BUDGET)
        return _plan(_sent(newest.groups, Reason.NEWEST), left, None, spent, fits=False, **more)
    sent = _sent(newest.groups, Reason.NEWEST)
    if summary is not None and spent + summary.tokens <= budget:
        spent += summary.tokens
    else:
        summary = None
    spent = _pin(turns, sent, spent, budget)
    _newest_turns(turns, sent, left, spent, budget=budget, max_turns=max_turns, summary=summary)
    total = system_tokens + REPLY_TOKENS + (summary.tokens if summary else 0) + sum(one.item.tokens for one in sent)
    return _plan(sent, left, summary, total, fits=True, **more)


def _turns(path: Sequence[PathItem], left: list[Entry], older: int) -> tuple[list[_Turn], list[_Group]]:
    """Split a path into turns, oldest first, and into the groups that have no user's message before them."""
    turns: list[_Turn] = []
    headless: list[_Group] = []
    turn: _Turn | None = None
    group: _Group | None = None
    groups: list[tuple[_Group, _Turn | None]] = []
    depth: int | None = None
    for item in path:
        if item.depth == older or (depth is not None and item.depth != depth + 1):
            turn, group = None, None
        depth = item.depth
        if item.empty or item.mark is Mark.EXCLUDED:
            left.append(Entry(item, Reason.EMPTY if item.empty else Reason.EXCLUDED))
        elif item.role is Role.TOOL:
            if group is not None and item.result_of in group.items[0].calls:
                group.items.append(item)
                group.tokens += item.tokens
            else:
                left.append(Entry(item, Reason.UNPAIRED))
        else:
            if item.role is Role.USER:
                turn = _Turn()
                turns.append(turn)
            group = _Group([item], item.tokens, pinned=item.mark is Mark.PINNED)
            groups.append((group, turn))
    for found, where in groups:
        if _paired(found, left):
            (where.groups if where else headless).append(found)
    return turns, headless


def _paired(group: _Group, left: list[Entry]) -> bool:
    """Whether a group can be sent; a call that was never answered is taken from it, its words stay."""
    head = group.items[0]
    if not head.calls:
        return True
    results = group.items[1:]
    if set(head.calls) == {result.result_of for result in results}:
        group.pinned = any(item.mark is Mark.PINNED for item in group.items)
        return True
    if head.has_words:
        left.extend(Entry(result, Reason.UNPAIRED) for result in results)
        group.items, group.tokens, group.calls, group.pinned = [head], head.tokens, False, head.mark is Mark.PINNED
        return True
    left.extend(Entry(item, Reason.UNPAIRED) for item in group.items)
    return False


def _pin(turns: list[_Turn], sent: list[Entry], spent: int, budget: int) -> int:
    """Take what is pinned, the newest first, each with the question it belongs to; return what is spent then."""
    for turn in reversed(turns):
        head = turn.groups[0]
        for group in [one for one in turn.groups if one.pinned]:
            wished = [group] if group is head or head not in turn.groups else [head, group]
            cost = sum(one.tokens for one in wished)
            if spent + cost > budget:
                continue  # it has its chance again with its turn
            spent += cost
            for one in wished:
                turn.groups.remove(one)
                sent.extend(_sent([one], Reason.PINNED))
    return spent


def _newest_turns(
    turns: list[_Turn],
    sent: list[Entry],
    left: list[Entry],
    spent: int,
    *,
    budget: int,
    max_turns: int | None,
    summary: Summary | None,
) -> None:
    """Take whole turns, the newest first, until one does not fit; those before it stay for the same reason."""
    taken = 1
    reason: Reason | None = None
    for turn in reversed(turns):
        if not turn.groups:
            taken += 1
            continue
        cost = sum(group.tokens for group in turn.groups)
        if reason is None:
            if summary is not None and turn.last_depth <= summary.covers:
                reason = Reason.SUMMARISED
            elif max_turns is not None and taken >= max_turns:
                reason = Reason.TURNS
            elif spent + cost > budget or not turn.tail:
                reason = Reason.BUDGET
        if reason is not None:
            _leave(left, turn.groups, reason)
            continue
        spent += cost
        taken += 1
        sent.extend(_sent(turn.groups, Reason.RECENT))


def _sent(groups: Iterable[_Group], reason: Reason) -> list[Entry]:
    return [
        Entry(item, Reason.PINNED if group.pinned else reason, calls=group.calls)
        for group in groups
        for item in group.items
    ]


def _leave(left: list[Entry], groups: Iterable[_Group], reason: Reason) -> None:
    left.extend(Entry(item, reason) for group in groups for item in group.items)


def _plan(
    sent: list[Entry],
    left: list[Entry],
    summary: Summary | None,
    tokens: int,
    *,
    fits: bool,
    older: int,
    older_reason: Reason,
) -> Plan:
    """Put everything into the order of the path; of pieces from above `older`, only what is pinned is told."""
    told = [entry for entry in left if entry.item.depth >= older or entry.item.mark is Mark.PINNED]
    far = sum(entry.item.depth < older for entry in (*sent, *told))
    return Plan(
        sent=tuple(sorted(sent, key=_place)),
        left_out=tuple(sorted(told, key=_place)),
        summary=summary,
        tokens=tokens,
        fits=fits,
        older=max(0, older - far),
        older_reason=older_reason,
    )


def _place(entry: Entry) -> int:
    return entry.item.depth


class PathRow(NamedTuple):
    """A message as storage reads it for the context, without its words. `stored` is its token count where known.

    `octets` is the length in UTF-8 of all that would be sent of it, which is never less than its tokens.
    """

    id: int
    depth: int
    role: Role
    octets: int
    stored: int | None = None
    has_words: bool = True
    sendable: bool = True
    calls: tuple[str, ...] = ()
    result_of: str = ""
    mark: Mark = Mark.NONE


@dataclass(frozen=True, slots=True)
class Walk:
    """The newest part of a path, leaf first, and the surroundings of what is pinned further up, root first."""

    newest: tuple[PathRow, ...] = ()
    pinned: tuple[PathRow, ...] = ()
