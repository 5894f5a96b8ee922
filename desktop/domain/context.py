"""From a path to exactly what a request sends, with the reason for whatever is left out. Pure.

The order is: system prompt (always), then the newest messages backwards until the budget of tokens or turns is spent.
An answer or a tool result never leads; a tool call and its results stay together, and calls that were never answered
are not sent, because providers refuse them; nothing is ever deleted here, only left out of the request.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from desktop.domain.messages import Message, Role, Status
from desktop.domain.requests import ContextMessage

MESSAGE_OVERHEAD_TOKENS = 4
"""Tokens that the chat form adds around each message (OpenAI's cookbook for cl100k_base: 3 to 4)."""


class Reason(StrEnum):
    """Why a message of the path is not sent."""

    EMPTY = "empty"
    TURNS = "turns"
    BUDGET = "budget"
    LEADS = "leads"
    UNPAIRED = "unpaired"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One message of the path that is not sent, and why."""

    message: Message
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Exactly what is sent. `tokens` counts it by the given counter; `left_out` is in path order."""

    messages: tuple[ContextMessage, ...]
    tokens: int
    left_out: tuple[LeftOut, ...] = ()


def _is_empty(message: Message) -> bool:
    if message.role is Role.SYSTEM or message.status is Status.STREAMING:
        return True
    return not message.content and not message.tool_calls and message.role is not Role.TOOL


def _groups(path: Sequence[Message], left_out: list[LeftOut]) -> list[list[Message]]:
    """Split a path into what must stay together: a message alone, or a tool call with all of its results.

    What would make a provider refuse the request is left out: results without their call, calls without all of their
    results. The words of such a call stay.
    """
    groups: list[list[Message]] = []
    for message in path:
        if message.role is not Role.TOOL:
            groups.append([message])
        elif groups and any(call.id == message.tool_call_id for call in groups[-1][0].tool_calls):
            groups[-1].append(message)
        else:
            left_out.append(LeftOut(message=message, reason=Reason.UNPAIRED))
    paired: list[list[Message]] = []
    for head, *results in groups:
        if {call.id for call in head.tool_calls} == {result.tool_call_id for result in results}:
            paired.append([head, *results])
            continue
        unpaired = results if head.content else [head, *results]
        left_out.extend(LeftOut(message=message, reason=Reason.UNPAIRED) for message in unpaired)
        if head.content:
            paired.append([replace(head, tool_calls=(), tokens={})])
    return paired


def fit(
    path: Sequence[Message],
    *,
    system_prompt: str,
    max_tokens: int,
    count: Callable[[Message], int],
    count_text: Callable[[str], int],
    max_turns: int | None = None,
) -> Context:
    """Return what is sent of `path` (root to leaf) within `max_tokens`, the newest first to be kept.

    The last message is always sent, even where it alone is over the budget: what a person has just written is never
    dropped silently; a provider that cannot take it says so. `max_turns` bounds the turns (a user's message and what
    follows it are one turn).
    """
    spent = count_text(system_prompt) + MESSAGE_OVERHEAD_TOKENS if system_prompt else 0
    left_out: list[LeftOut] = []
    kept: list[list[Message]] = []
    reason: Reason | None = None
    turns = 0
    usable: list[Message] = []
    for message in path:
        if _is_empty(message):
            left_out.append(LeftOut(message=message, reason=Reason.EMPTY))
        else:
            usable.append(message)
    for group in reversed(_groups(usable, left_out)):
        cost = sum(count(message) + MESSAGE_OVERHEAD_TOKENS for message in group)
        if reason is None and kept and spent + cost > max_tokens:
            reason = Reason.BUDGET
        if reason is None and kept and max_turns is not None and turns >= max_turns:
            reason = Reason.TURNS
        if reason is not None:
            left_out.extend(LeftOut(message=message, reason=reason) for message in group)
            continue
        kept.append(group)
        spent += cost
        turns += group[0].role is Role.USER
    kept.reverse()
    while kept and kept[0][0].role is not Role.USER and len(kept) > 1:
        for message in kept.pop(0):
            left_out.append(LeftOut(message=message, reason=Reason.LEADS))
            spent -= count(message) + MESSAGE_OVERHEAD_TOKENS
    sent = [ContextMessage(role=Role.SYSTEM, content=system_prompt)] if system_prompt else []
    sent.extend(
        ContextMessage(
            role=message.role,
            content=message.content,
            tool_calls=message.tool_calls,
            tool_call_id=message.tool_call_id,
        )
        for group in kept
        for message in group
    )
    left_out.sort(key=lambda item: item.message.depth)
    return Context(messages=tuple(sent), tokens=spent, left_out=tuple(left_out))
