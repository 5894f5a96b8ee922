"""Export to Markdown: a session as a document for people that a program can read back exactly.

The document is ordinary Markdown. Around it stand HTML comments, which no reader shows: `sobremesa` opens the file and
`message` each message, with their facts as JSON; `text`, `thinking` and `arguments` stand before a text and say how
many bytes of UTF-8 it has, so that it is found exactly whatever it contains. After the comment and an empty line (and
one more line, where `fenced` is true) come those bytes.

The same content gives the same bytes: times are UTC, words are English, and nothing tells when the file was made.
"""

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from desktop.domain.messages import Message, Role, Status, ToolCall
from desktop.domain.models import split_address
from desktop.domain.repair import REPAIRED
from desktop.domain.sessions import Session
from desktop.services.exchange.embedding import Embedding, embed, fence
from desktop.services.exchange.writing import WholeFile

FORMAT = 1
NO_NAMES: Mapping[str, str] = {}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MARKED = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NAMES = {Role.SYSTEM: "System", Role.USER: "User", Role.ASSISTANT: "Assistant", Role.TOOL: "Tool"}


class ExportStore(Protocol):
    """What an export needs of the store."""

    async def session(self, session_id: str) -> Session:
        """Return a session; raises `NotFound`."""

    def whole_path(self, session_id: str) -> AsyncIterator[tuple[Message, ...]]:
        """Yield the session's path in pages, root to leaf."""


async def export_markdown(store: ExportStore, session_id: str, path: Path, names: Mapping[str, str] = NO_NAMES) -> Path:
    """Write a session to `path` and return it; `names` are those of providers by their ids, for whoever reads.

    Raises `NotFound` for an unknown session, `StoreError` where the file cannot be written; then nothing has changed.
    """
    session = await store.session(session_id)
    with WholeFile(path) as file:
        await asyncio.to_thread(file.write, _head(session, names))
        async for page in store.whole_path(session_id):
            await asyncio.to_thread(file.write, _messages(page, names))
        await asyncio.to_thread(file.commit)
    return path


def render(session: Session, messages: Iterable[Message], names: Mapping[str, str] = NO_NAMES) -> Iterator[str]:
    """Yield the document in pieces."""
    yield from _head(session, names)
    yield from _messages(messages, names)


def _head(session: Session, names: Mapping[str, str]) -> Iterator[str]:
    facts = {
        "format": FORMAT,
        "session": session.id,
        "title": session.title,
        "created": utc(session.created_at),
        "updated": utc(session.updated_at),
        "model": session.model,
    }
    yield _comment("sobremesa", facts)
    yield f"# {_escape(session.title) or 'Session'}\n\n"
    yield f"- Created: {utc(session.created_at)}\n- Updated: {utc(session.updated_at)}\n"
    if session.model:
        yield f"- Model: {_escape(_shown(session.model, names))}\n"
    yield f"- Session: {_escape(session.id)}\n\n"
    if session.system_prompt:
        yield from _folded("System prompt", "system", session.system_prompt)


def _messages(messages: Iterable[Message], names: Mapping[str, str]) -> Iterator[str]:
    for message in messages:
        yield from _message(message, names)


def _shown(address: str, names: Mapping[str, str]) -> str:
    """Return a model's address with its provider's name; the address as it is stands in the facts."""
    provider, slash, name = address.partition("/")
    return names.get(provider, provider) + slash + name


def utc(milliseconds: int) -> str:
    """Return a time in ISO 8601, in UTC and to the millisecond."""
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _message(message: Message, names: Mapping[str, str]) -> Iterator[str]:
    yield _comment("message", _facts(message))
    title = [message.author or _NAMES[message.role]]
    if message.role is Role.ASSISTANT and message.model:
        title.append(_shown(message.model, names))
    yield f"## {' · '.join(_escape(part) for part in title)} · {utc(message.created_at)}\n\n"
    if message.thinking:
        yield from _folded("Thinking", "thinking", message.thinking)
    if message.role is Role.TOOL:
        yield from _folded("Result", "text", message.content)
    else:
        yield from _text("text", message.content, embed(message.content))
    for call in message.tool_calls:
        yield from _tool_call(call)
    if message.status is not Status.COMPLETE:
        fault = message.fault
        reason = f": {fault.kind.value}{f' ({fault.status})' if fault.status else ''}" if fault else ""
        yield f"*{message.status.value}{_escape(reason)}*\n\n"


def _facts(message: Message) -> dict[str, Any]:
    """Return what is known of a message as JSON values, without what is empty."""
    usage = message.usage
    answered = message.metadata.get("answered_model")
    facts: dict[str, Any] = {
        "uid": message.uid,
        "role": message.role.value,
        "author": message.author,
        "created": utc(message.created_at),
        "status": message.status.value,
        "model": message.model,
        "answered_by": answered if answered not in (message.model, _name(message.model)) else None,
        "finish_reason": message.finish_reason,
        "tool_call_id": message.tool_call_id,
        "input_tokens": usage.input_tokens if usage else None,
        "output_tokens": usage.output_tokens if usage else None,
        "estimated": usage.estimated if usage else None,
        "cost": message.cost,
        "response_time_ms": message.response_time_ms,
        "repaired": message.metadata.get(REPAIRED),
    }
    return {key: value for key, value in facts.items() if value not in (None, "")}


def _name(address: str) -> str:
    """Return a model's name without its provider."""
    return split_address(address)[1]


def _tool_call(call: ToolCall) -> Iterator[str]:
    facts = {"id": call.id, "name": call.name}
    yield from _folded(f"Tool call: {call.name}", "arguments", call.arguments, fence(call.arguments, "json"), facts)


def _folded(
    summary: str, kind: str, text: str, embedding: Embedding | None = None, facts: dict[str, Any] | None = None
) -> Iterator[str]:
    yield f"<details>\n<summary>{html.escape(_line(summary))}</summary>\n\n"
    yield from _text(kind, text, embedding or embed(text), facts)
    yield "</details>\n\n"


def _text(kind: str, text: str, embedding: Embedding, facts: dict[str, Any] | None = None) -> Iterator[str]:
    """Yield a text exactly as it is, with its length before it and its end marked."""
    text = _SURROGATES.sub("\ufffd", text)
    size = {"bytes": len(text.encode("utf-8")), "fenced": embedding.fenced}
    yield _comment(kind, {**(facts or {}), **size})
    yield f"{embedding.before}{text}{embedding.after}\n\n"
    yield f"<!-- /{kind} -->\n\n"


def _comment(name: str, facts: dict[str, Any]) -> str:
    """Return a comment that its own values cannot end: "--", "<" and ">" in them are written as JSON escapes."""
    values = _SURROGATES.sub("\ufffd", json.dumps(facts, ensure_ascii=False, separators=(",", ":")))
    for sign, escape in (("--", "-\\u002d"), ("<", "\\u003c"), (">", "\\u003e")):
        values = values.replace(sign, escape)
    return f"<!-- {name} {values} -->\n\n"


def _line(text: str) -> str:
    return _SURROGATES.sub("\ufffd", " ".join(text.split()))


def _escape(text: str) -> str:
    """Return `text` as one line that Markdown shows as it is."""
    return _MARKED.sub(r"\\\1", _line(text))
