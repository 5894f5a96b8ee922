"""Messages made in one line, for tests that need a path."""

from collections.abc import Sequence
from typing import Any

from desktop.domain.messages import Message, Role, Status, ToolCall


def message(number: int, role: Role = Role.USER, content: str = "text", **more: Any) -> Message:
    """Return message `number` of a path (counted from 0) in session `s`."""
    parts: dict[str, Any] = {
        "id": number + 1,
        "uid": f"uid-{number}",
        "session_id": "s",
        "parent_id": number or None,
        "depth": number,
        "created_at": number,
    }
    return Message(role=role, content=content, **{**parts, **more})


def talk(*contents: str) -> tuple[Message, ...]:
    """Return a path where user and model take turns."""
    roles = (Role.USER, Role.ASSISTANT)
    return tuple(message(number, roles[number % 2], content) for number, content in enumerate(contents))


def calls(*ids: str) -> tuple[ToolCall, ...]:
    """Return tool calls with these ids."""
    return tuple(ToolCall(id=id_, name="look", arguments="{}") for id_ in ids)


def streaming(number: int) -> Message:
    """Return the empty row of an answer that is being written."""
    return message(number, Role.ASSISTANT, "", status=Status.STREAMING)


def contents(messages: Sequence[Any]) -> list[str]:
    """Return what the messages say."""
    return [one.content for one in messages]
