"""Messages: the nodes of a session's tree, as everyone above the database sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from desktop.domain.faults import Fault

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class Status(StrEnum):
    """Where the run of a message stands; everything but `STREAMING` is final."""

    STREAMING = "streaming"
    COMPLETE = "complete"
    STOPPED = "stopped"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one request as the provider counted them; `estimated` where it did not and we had to.

    `cached_tokens` is a part of `input_tokens`, `reasoning_tokens` a part of `output_tokens`.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolCall:
    """One call of a tool that a model asked for; `arguments` is the JSON text exactly as it came."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One node of a session's tree, as stored. `id` grows in the order of writing within one database.

    `version` of `versions` counts the not deleted siblings (1-based). `created_at` is UTC in milliseconds, `cost` in
    US dollars or None where unknown, `finish_reason` one of stop, length, tool_calls, content_filter or empty.
    """

    id: int
    uid: str
    session_id: str
    parent_id: int | None
    depth: int
    role: Role
    content: str
    created_at: int
    author: str = ""
    thinking: str = ""
    status: Status = Status.COMPLETE
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""
    model: str = ""
    tokens: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    usage: Usage | None = None
    cost: float | None = None
    response_time_ms: int | None = None
    finish_reason: str = ""
    fault: Fault | None = None
    metadata: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    version: int = 1
    versions: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """What is needed to write a message; storage gives it identity, depth and time."""

    role: Role
    content: str = ""
    author: str = ""
    thinking: str = ""
    status: Status = Status.COMPLETE
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""
    model: str = ""
    metadata: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    created_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended: everything that becomes final in its message's row, in one write."""

    status: Status
    content: str
    thinking: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    model: str = ""
    usage: Usage | None = None
    cost: float | None = None
    response_time_ms: int | None = None
    finish_reason: str = ""
    fault: Fault | None = None
    metadata: Mapping[str, Any] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one sending wrote: the user's message (None for a retry or a continuation) and the answer's empty row."""

    user: Message | None
    assistant: Message
