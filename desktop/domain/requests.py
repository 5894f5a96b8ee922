"""What is sent to a model: exactly this, nothing added behind anyone's back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from desktop.domain.messages import NOTHING, Role, ToolCall
from desktop.domain.models import ModelSpec, Secret

CONTINUE_PROMPT = "Continue exactly where your last message stopped. Do not repeat any of it and add no preface."
"""What follows a begun answer that shall go on: sent, never stored. The built-in providers go on without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextMessage:
    """One message of a request, as the chat-completions form knows it."""

    role: Role
    content: str
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""

    def to_wire(self) -> dict[str, Any]:
        """Return the message in OpenAI's chat-completions form, which LiteLLM takes for every provider."""
        wire: dict[str, Any] = {"role": self.role.value, "content": self.content}
        if self.tool_calls:
            wire["tool_calls"] = [
                {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
                for call in self.tool_calls
            ]
        if self.tool_call_id:
            wire["tool_call_id"] = self.tool_call_id
        return wire


class Tape(Protocol):
    """Takes down what goes over the wire, for whoever wants to see it; it is called as the bytes pass."""

    def sent(self, body: bytes) -> None:
        """Note the body of the request, which holds no header and no key."""

    def answered(self, status: int) -> None:
        """Note the status of the response."""

    def received(self, data: bytes) -> None:
        """Note a piece of the response's body, as it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """One request to one model. `connect_timeout_s` is the only limit the provider keeps; the rest is the run's.

    `session_id` and `language` are for the built-in providers; they never leave the computer. `tape` looks on.
    """

    model: ModelSpec
    messages: tuple[ContextMessage, ...]
    temperature: float | None = None
    max_tokens: int | None = None
    api_key: Secret | None = None
    connect_timeout_s: float = 10.0
    tools: tuple[Mapping[str, Any], ...] = ()
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    session_id: str = ""
    language: str = "en"
    tape: Tape | None = field(default=None, compare=False, repr=False)
