"""Marks what stays the same from request to request, where a provider wants to be told what it may keep at hand.

Anthropic remembers a prefix only up to a mark. One stands behind the system prompt and one behind the last message that
the newest question does not change, so that a question that is asked again, and the next one, find it. Other providers
remember by themselves. A mark on less than a provider's least length costs nothing and does nothing.
https://docs.litellm.ai/docs/completion/prompt_caching
"""

from typing import Any

from desktop.domain.messages import Role
from desktop.domain.requests import ChatRequest

_MARKED_KINDS = frozenset({"anthropic"})
_MARK = {"type": "ephemeral"}


def wire_messages(request: ChatRequest) -> list[dict[str, Any]]:
    """Return the messages of a request as they go to LiteLLM."""
    messages = [message.to_wire() for message in request.messages]
    if request.model.kind in _MARKED_KINDS:
        for place in stable_places(request):
            text = {"type": "text", "text": messages[place]["content"], "cache_control": _MARK}
            messages[place] = {**messages[place], "content": [text]}
    return messages


def stable_places(request: ChatRequest) -> tuple[int, ...]:
    """Return the places of the messages behind which a prefix ends that the next request begins with, too."""
    messages = request.messages
    newest = max((at for at, one in enumerate(messages) if one.role is Role.USER), default=len(messages))
    places: list[int] = []
    if messages and messages[0].role is Role.SYSTEM and messages[0].content.strip():
        places.append(0)
    spoken = (Role.USER, Role.ASSISTANT)
    before = [at for at in range(newest) if messages[at].role in spoken and messages[at].content.strip()]
    return (*places, *before[-1:])
