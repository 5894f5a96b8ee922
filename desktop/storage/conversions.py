"""Between rows and the values of the domain: the only place that knows both."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from desktop.domain.faults import Fault
from desktop.domain.messages import Message, NewMessage, Outcome, Role, Status, ToolCall, Usage
from desktop.domain.models import KeySource, ProviderSpec
from desktop.domain.sessions import Session
from desktop.storage.rows import MessageRow, ProviderRow, SessionRow


def session_of(row: SessionRow) -> Session:
    """Return the session in `row`."""
    return Session(
        id=row.id,
        title=row.title,
        created_at=row.created_at,
        updated_at=row.updated_at,
        title_is_auto=row.title_is_auto,
        profile_id=row.profile_id,
        summary=row.summary,
        topic=row.topic,
        language=row.language,
        system_prompt=row.system_prompt,
        model=row.model,
        params=MappingProxyType(row.params),
        context=MappingProxyType(row.context),
        folder_id=row.folder_id,
        pinned=row.pinned,
        is_active=row.is_active,
        is_resolved=row.is_resolved,
        deleted_at=row.deleted_at,
        active_leaf=row.active_leaf,
        message_count=row.message_count,
    )


def message_of(row: MessageRow, *, version: int, versions: int) -> Message:
    """Return the message in `row`; its place among its siblings is counted, not stored."""
    return Message(
        id=row.id,
        uid=row.uid,
        session_id=row.session_id,
        parent_id=row.parent_id,
        depth=row.depth,
        role=Role(row.role),
        content=row.content,
        created_at=row.created_at,
        author=row.author,
        thinking=row.thinking,
        status=Status(row.status),
        tool_calls=tuple(_tool_call(call) for call in row.tool_calls),
        tool_call_id=row.tool_call_id,
        model=row.model,
        tokens=MappingProxyType(row.tokens),
        usage=_usage(row),
        cost=row.cost,
        response_time_ms=row.response_time_ms,
        finish_reason=row.finish_reason,
        fault=None if row.fault is None else Fault.from_json(row.fault),
        metadata=MappingProxyType(row.metadata),
        version=max(1, version),
        versions=max(1, versions),
    )


def _tool_call(call: Mapping[str, Any]) -> ToolCall:
    return ToolCall(id=call.get("id", ""), name=call.get("name", ""), arguments=call.get("arguments", ""))


def _usage(row: MessageRow) -> Usage | None:
    if row.input_tokens is None:
        return None
    return Usage(
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens or 0,
        cached_tokens=row.cached_tokens or 0,
        reasoning_tokens=row.reasoning_tokens or 0,
        estimated=row.usage_estimated,
    )


def columns_of_message(message: NewMessage) -> dict[str, Any]:
    """Return the columns that a new message fills by itself."""
    return {
        "role": message.role.value,
        "content": message.content,
        "author": message.author,
        "thinking": message.thinking,
        "status": message.status.value,
        "tool_calls": _tool_calls(message.tool_calls),
        "tool_call_id": message.tool_call_id,
        "model": message.model,
        "metadata": message.metadata,
    }


def columns_of_outcome(outcome: Outcome, *, model: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that become final with `outcome`; `model` and `metadata` are what stood there before."""
    usage = outcome.usage
    return {
        "status": outcome.status.value,
        "content": outcome.content,
        "thinking": outcome.thinking,
        "tool_calls": _tool_calls(outcome.tool_calls),
        "model": outcome.model or model,
        "input_tokens": usage.input_tokens if usage else None,
        "output_tokens": usage.output_tokens if usage else None,
        "cached_tokens": usage.cached_tokens if usage else None,
        "reasoning_tokens": usage.reasoning_tokens if usage else None,
        "usage_estimated": usage.estimated if usage else False,
        "cost": outcome.cost,
        "response_time_ms": outcome.response_time_ms,
        "finish_reason": outcome.finish_reason,
        "fault": outcome.fault.to_json() if outcome.fault else None,
        "metadata": {**metadata, **outcome.metadata},
    }


def _tool_calls(calls: tuple[ToolCall, ...]) -> list[dict[str, str]]:
    return [{"id": call.id, "name": call.name, "arguments": call.arguments} for call in calls]


def provider_of(row: ProviderRow) -> ProviderSpec:
    """Return the provider in `row`; a key source of a later version counts as none."""
    known = {source.value for source in KeySource}
    return ProviderSpec(
        id=row.id,
        kind=row.kind,
        name=row.name,
        api_base=row.api_base,
        key_source=KeySource(row.key_source) if row.key_source in known else KeySource.NONE,
        key_variable=row.key_variable,
        key_hint=row.key_hint,
        models=tuple(row.models),
        enabled=row.enabled,
    )


def columns_of_provider(provider: ProviderSpec) -> dict[str, Any]:
    """Return the columns of `provider` but its creation time."""
    return {
        "id": provider.id,
        "kind": provider.kind,
        "name": provider.name,
        "api_base": provider.api_base,
        "key_source": provider.key_source.value,
        "key_variable": provider.key_variable,
        "key_hint": provider.key_hint,
        "models": list(provider.models),
        "enabled": provider.enabled,
    }
