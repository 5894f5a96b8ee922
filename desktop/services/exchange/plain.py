"""Sessions and messages as plain JSON values, for machines; times are UTC milliseconds, cost is in US dollars."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from desktop.domain.messages import Message
from desktop.domain.sessions import SearchHit, Session, SessionListing
from desktop.domain.spending import Statistics


def session_values(session: Session) -> dict[str, Any]:
    """Return everything a session's row says."""
    return {
        "id": session.id,
        "title": session.title,
        "model": session.model,
        "system_prompt": session.system_prompt,
        "summary": session.summary,
        "topic": session.topic,
        "language": session.language,
        "params": dict(session.params),
        "context": dict(session.context),
        "pinned": session.pinned,
        "is_active": session.is_active,
        "is_resolved": session.is_resolved,
        "message_count": session.message_count,
        "created_at": session.created_at,
        "updated_at": session.updated_at,
    }


def listing_values(listing: SessionListing) -> dict[str, Any]:
    """Return one line of a list of sessions."""
    return asdict(listing)


def message_values(message: Message) -> dict[str, Any]:
    """Return everything a message's row says."""
    return {
        "id": message.id,
        "uid": message.uid,
        "parent": message.parent_id,
        "depth": message.depth,
        "role": message.role.value,
        "author": message.author,
        "content": message.content,
        "thinking": message.thinking,
        "status": message.status.value,
        "tool_calls": [asdict(call) for call in message.tool_calls],
        "tool_call_id": message.tool_call_id,
        "model": message.model,
        "usage": asdict(message.usage) if message.usage is not None else None,
        "cost": message.cost,
        "response_time_ms": message.response_time_ms,
        "finish_reason": message.finish_reason,
        "fault": message.fault.to_json() if message.fault is not None else None,
        "metadata": _plain(message.metadata),
        "version": message.version,
        "versions": message.versions,
        "created_at": message.created_at,
    }


def hit_values(hit: SearchHit) -> dict[str, Any]:
    """Return one search hit; the marks around matches are `**`."""
    return {
        "session": hit.session_id,
        "title": hit.session_title,
        "message": hit.message_id,
        "role": hit.role,
        "created_at": hit.created_at,
        "snippet": hit.snippet.replace("\ue000", "**").replace("\ue001", "**"),
    }


def statistics_values(statistics: Statistics) -> dict[str, Any]:
    """Return counts of one session or of all."""
    return asdict(statistics)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
