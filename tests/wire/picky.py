"""What a picky provider says about a history: each rule in the words of one that has it."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from tests.wire.script import Json

ALTERNATE = "alternate"
NOT_EMPTY = "not_empty"
NO_TOOLS = "no_tools"
NO_SYSTEM = "no_system"
RULES = (ALTERNATE, NOT_EMPTY, NO_TOOLS, NO_SYSTEM)


def complaint(body: Any, rules: Iterable[str], window: int | None) -> str:
    """Return why a request in OpenAI's form is refused; nothing where it is taken. `window` counts words."""
    messages: list[Json] = (body or {}).get("messages", [])
    size = sum(len(str(message.get("content") or "").split()) for message in messages)
    if window is not None and size > window:
        return (
            f"This model's maximum context length is {window} tokens. However, your messages resulted in {size} tokens."
        )
    roles = [message["role"] for message in messages if message["role"] != "system"]
    if ALTERNATE in rules and (roles[:1] != ["user"] or any(before == after for before, after in pairwise(roles))):
        return "Conversation roles must alternate user/assistant/user/assistant/..."
    if NOT_EMPTY in rules and any(not str(message.get("content") or "").strip() for message in messages):
        return "messages: text content blocks must be non-empty"
    if NO_TOOLS in rules and any(message["role"] == "tool" or message.get("tool_calls") for message in messages):
        return "Unknown tool_calls in the history: this model has no tools."
    if NO_SYSTEM in rules and any(message["role"] == "system" for message in messages):
        return "System role not supported"
    return ""
