"""What to send instead when a provider refuses a history, by rule. Pure; what is stored is never touched.

Every repair first puts right what any provider may refuse: tool calls without results, messages without words, an
answer at the beginning, two messages in a row by the same speaker. Where the provider's words name tools or the system
role, it goes further. A request that is repaired goes out once more; what was changed is told with the answer.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.messages import Role
from desktop.domain.requests import ContextMessage
from desktop.i18n import ngettext

REPAIRED = "repaired"
"""The key under which an answer's metadata says what was changed: a list of `{"change": …, "count": …}`."""
NO_OUTPUT = "(no output)"

_HISTORY_KINDS = frozenset({FaultKind.BAD_REQUEST, FaultKind.SERVER})
_ORDER = re.compile(
    r"alternat|\broles?\b|consecutive|\b(?:first|last|final) message|must (?:start|begin|end) with|function call turn",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"\bempty\b|\bblank\b|whitespace|non-?empty|content.{0,40}(?:required|missing|null)"
    r"|must (?:have|contain|include).{0,40}(?:content|text|parts?\b)",
    re.IGNORECASE,
)
_TOOLS = re.compile(
    r"tool[_ ]?(?:calls?|use|results?|messages?)\b|function[_ ](?:call|response)|role.{0,3}tool\b|no tool output",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    r"(?:system|developer)\b.{0,60}(?:not (?:supported|enabled|allowed)|unsupported)"
    r"|(?:not support|unsupported).{0,60}(?:system|developer)",
    re.IGNORECASE,
)
_LIMITS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"maximum (?:context|prompt) length (?:is|of)? ?([\d,]+)",
        r"([\d,]+) maximum context",
        r"> ?([\d,]+)",
        r"maximum number of tokens(?: allowed)? ?\(([\d,]+)\)",
        r"context (?:size|window|length|limit)(?: of| is|:)? ?\(?([\d,]+)",
        r"cannot exceed ([\d,]+)",
        r"n_ctx\D{1,5}([\d,]+)",
    )
)
_ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"([\d,]+) in the messages",
        r"resulted in ([\d,]+)",
        r"too long: ([\d,]+)",
        r"([\d,]+) \+ [\d,]+ >",
        r"token count \(([\d,]+)\)",
        r"request \(([\d,]+) tokens",
        r"(?:contains|received|requested) ([\d,]+)",
    )
)


class Change(StrEnum):
    """What a repair did."""

    SHORTENED = "shortened"
    EMPTY_LEFT_OUT = "empty_left_out"
    BEGINNING_LEFT_OUT = "beginning_left_out"
    TOOLS_LEFT_OUT = "tools_left_out"
    TOOLS_AS_TEXT = "tools_as_text"
    JOINED = "joined"
    SYSTEM_MOVED = "system_moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What is sent instead, and what was changed for it: how many messages each change met."""

    messages: tuple[ContextMessage, ...]
    changes: Mapping[Change, int]

    def to_metadata(self) -> list[dict[str, Any]]:
        """Return the changes as plain JSON values."""
        return [{"change": change.value, "count": count} for change, count in self.changes.items()]


@dataclass(frozen=True, slots=True)
class Refused:
    """What a provider said about lengths: its limit, and how many tokens the request had; 0 where it did not say."""

    limit: int
    asked: int


def repair(messages: Sequence[ContextMessage], fault: Fault) -> Repair | None:
    """Return what to send instead of `messages` after `fault`; None where no rule would change anything."""
    words = fault.words
    if fault.kind not in _HISTORY_KINDS or not any(one.search(words) for one in (_ORDER, _EMPTY, _TOOLS, _SYSTEM)):
        return None
    changes: dict[Change, int] = {}
    found = _paired(list(messages), changes)
    if _TOOLS.search(words):
        found = _as_text(found, changes)
    found = _with_words(found, changes)
    found = _from_a_question(found, changes)
    if _SYSTEM.search(words):
        found = _system_moved(found, changes)
    found = _joined(found, changes)
    return Repair(messages=tuple(found), changes=changes) if changes and found else None


def refused_length(words: str) -> Refused:
    """Return the numbers in a provider's sentence about a request that is too long."""
    return Refused(_number(_LIMITS, words), _number(_ASKED, words))


def _number(patterns: Iterable[re.Pattern[str]], words: str) -> int:
    for pattern in patterns:
        if (found := pattern.search(words)) and (digits := found.group(1).replace(",", "")):
            return int(digits[:12])
    return 0


def sentences(metadata: Mapping[str, Any]) -> list[str]:
    """Return what an answer's metadata says of repairs, as sentences for a person."""
    return [
        said(change, int(one.get("count", 1)))
        for one in metadata.get(REPAIRED) or ()
        if (change := next((known for known in Change if known == one.get("change")), None)) is not None
    ]


def said(change: Change, count: int) -> str:
    """Return one change as a sentence."""
    match change:
        case Change.SHORTENED:
            text = ngettext(
                "{count} older message was left out, because the provider can read no more.",
                "{count} older messages were left out, because the provider can read no more.",
                count,
            )
        case Change.EMPTY_LEFT_OUT:
            text = ngettext(
                "{count} message without words was left out.", "{count} messages without words were left out.", count
            )
        case Change.BEGINNING_LEFT_OUT:
            text = ngettext(
                "{count} message before the first question was left out.",
                "{count} messages before the first question were left out.",
                count,
            )
        case Change.TOOLS_LEFT_OUT:
            text = ngettext(
                "{count} tool message without its other half was left out.",
                "{count} tool messages without their other half were left out.",
                count,
            )
        case Change.TOOLS_AS_TEXT:
            text = ngettext(
                "{count} tool message was sent as plain text.", "{count} tool messages were sent as plain text.", count
            )
        case Change.JOINED:
            text = ngettext(
                "{count} message was joined with the one before it.",
                "{count} messages were joined with the ones before them.",
                count,
            )
        case Change.SYSTEM_MOVED:
            text = ngettext(
                "The system prompt was sent within the first question.",
                "The system prompts were sent within the first question.",
                count,
            )
    return text.format(count=count)


def _note(changes: dict[Change, int], change: Change, count: int) -> None:
    if count > 0:
        changes[change] = changes.get(change, 0) + count


def _paired(messages: list[ContextMessage], changes: dict[Change, int]) -> list[ContextMessage]:
    """Leave out results without their call, a second result of one call, and calls without all of their results."""
    found: list[ContextMessage] = []
    place = 0
    while place < len(messages):
        head = messages[place]
        results: list[ContextMessage] = []
        place += 1
        if head.role is Role.TOOL:
            _note(changes, Change.TOOLS_LEFT_OUT, 1)
            continue
        asked = Counter(call.id for call in head.tool_calls)
        missing = asked.copy()
        while asked and place < len(messages) and messages[place].role is Role.TOOL:
            result = messages[place]
            if missing[result.tool_call_id]:
                results.append(result)
            else:
                _note(changes, Change.TOOLS_LEFT_OUT, 1)
            missing -= Counter([result.tool_call_id])
            place += 1
        if not missing:
            found.extend([head, *results])
            continue
        _note(changes, Change.TOOLS_LEFT_OUT, 1 + len(results))
        if head.content.strip():
            found.append(replace(head, tool_calls=()))
    return found


def _as_text(messages: list[ContextMessage], changes: dict[Change, int]) -> list[ContextMessage]:
    """Tell calls and results in words, for a provider that knows no tools or not these."""
    found: list[ContextMessage] = []
    for one in messages:
        if one.tool_calls:
            calls = "\n".join(f"[{call.name}({call.arguments})]" for call in one.tool_calls)
            content = f"{one.content}\n\n{calls}" if one.content.strip() else calls
            found.append(ContextMessage(role=one.role, content=content))
        elif one.role is Role.TOOL:
            found.append(ContextMessage(role=Role.USER, content=f"[{one.content or NO_OUTPUT}]"))
        else:
            found.append(one)
            continue
        _note(changes, Change.TOOLS_AS_TEXT, 1)
    return found


def _with_words(messages: list[ContextMessage], changes: dict[Change, int]) -> list[ContextMessage]:
    """Leave out what says nothing; a tool that had no output says so."""
    found: list[ContextMessage] = []
    for one in messages:
        if one.content.strip() or one.tool_calls:
            found.append(one)
        elif one.role is Role.TOOL:
            found.append(replace(one, content=NO_OUTPUT))
            _note(changes, Change.TOOLS_AS_TEXT, 1)
        else:
            _note(changes, Change.EMPTY_LEFT_OUT, 1)
    return found


def _from_a_question(messages: list[ContextMessage], changes: dict[Change, int]) -> list[ContextMessage]:
    """Let nothing but the system prompt stand before the first question."""
    head = [one for one in messages if one.role is Role.SYSTEM]
    rest = [one for one in messages if one.role is not Role.SYSTEM]
    first = next((place for place, one in enumerate(rest) if one.role is Role.USER), 0)
    _note(changes, Change.BEGINNING_LEFT_OUT, first)
    return [*head, *rest[first:]]


def _system_moved(messages: list[ContextMessage], changes: dict[Change, int]) -> list[ContextMessage]:
    """Put the system prompt before the words of the first question."""
    head = [one.content for one in messages if one.role is Role.SYSTEM]
    rest = [one for one in messages if one.role is not Role.SYSTEM]
    if not head or not rest or rest[0].role is not Role.USER:
        return messages
    _note(changes, Change.SYSTEM_MOVED, len(head))
    return [replace(rest[0], content="\n\n".join([*head, rest[0].content])), *rest[1:]]


def _joined(messages: list[ContextMessage], changes: dict[Change, int]) -> list[ContextMessage]:
    """Join neighbours by the same speaker."""
    found: list[ContextMessage] = []
    for one in messages:
        last = found[-1] if found else None
        plain = one.role is not Role.TOOL and not one.tool_calls
        if last is not None and plain and last.role is one.role and not last.tool_calls:
            found[-1] = replace(last, content=f"{last.content}\n\n{one.content}")
            _note(changes, Change.JOINED, 1)
        else:
            found.append(one)
    return found
