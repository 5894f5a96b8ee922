"""What a provider's stream says, one event at a time, in the order it was said.

A stream ends with exactly one `Finished`, or raises `ProviderError`. Whatever text came before an error stands.
"""

from dataclasses import dataclass

from desktop.domain.messages import ToolCall, Usage


@dataclass(frozen=True, slots=True)
class TextDelta:
    """Some more of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ThinkingDelta:
    """Some more of the model's thinking."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """Some more of the tool call number `index`; id and name come once, arguments in pieces."""

    index: int
    id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The provider said that the answer is whole, and why it ends: stop, length, tool_calls or content_filter.

    `usage` is None where the provider sent none, `cost` (US dollars) None where the price is unknown; `model` is the
    name as the provider answered it; `thinking_signature` is Anthropic's, to be sent back with the thinking.
    """

    finish_reason: str = "stop"
    usage: Usage | None = None
    cost: float | None = None
    model: str = ""
    thinking_signature: str = ""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a program's own tool gave back for a call; the answer goes on behind it."""

    call: ToolCall
    content: str


StreamEvent = TextDelta | ThinkingDelta | ToolCallDelta | Finished
