"""The text of an answer while it grows, and what it becomes when it ends. No clock, no loop: times are handed in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from desktop.domain.events import Finished, ToolCallDelta
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.messages import Message, Outcome, Status, ToolCall
from desktop.domain.requests import ChatRequest


class GrowingText:
    """A text whose pieces are joined only when somebody asks for the whole."""

    def __init__(self, text: str = "") -> None:
        self._pieces = [text] if text else []
        self._length = len(text)

    def __len__(self) -> int:
        return self._length

    def add(self, piece: str) -> None:
        """Append `piece`."""
        if piece:
            self._pieces.append(piece)
            self._length += len(piece)

    def whole(self) -> str:
        """Return the text so far."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""


class _GrowingCall:
    """One tool call whose arguments come in pieces; id and name come once."""

    def __init__(self) -> None:
        self.id = ""
        self.name = ""
        self.arguments = GrowingText()

    def add(self, delta: ToolCallDelta) -> None:
        self.id = self.id or delta.id
        self.name = self.name or delta.name
        self.arguments.add(delta.arguments)


class Answer:
    """What has arrived for one message. Times are seconds of one monotonic clock.

    `arrived` tells whether this run received anything; a continued answer begins with text that it did not receive.
    """

    def __init__(self, message: Message) -> None:
        self._metadata: Mapping[str, Any] = message.metadata
        self._calls: dict[int, _GrowingCall] = {}
        self._times: dict[str, float] = {}
        self.text = GrowingText(message.content)
        self.thinking = GrowingText(message.thinking)
        self.arrived = False

    def __len__(self) -> int:
        return len(self.text) + len(self.thinking) + sum(len(call.arguments) for call in self._calls.values())

    def sent(self, now: float) -> None:
        """Note that the request goes out now; an earlier attempt's times no longer count."""
        self._times = {"sent": now}

    @property
    def last(self) -> float:
        """When something last arrived, else when the request went out."""
        return self._times.get("last", self._times["sent"])

    def note(self, facts: Mapping[str, Any]) -> None:
        """Let the row say more about how it came about."""
        self._metadata = {**self._metadata, **facts}

    def add(self, text: str, thinking: str, now: float) -> None:
        """Append what has arrived now."""
        self._times.setdefault("first", now)
        self._times["last"] = now
        if thinking and "answered" not in self._times:
            self._times["thought"] = now
        if text:
            self._times.setdefault("answered", now)
        self.text.add(text)
        self.thinking.add(thinking)
        self.arrived = True

    def add_call(self, delta: ToolCallDelta, now: float) -> None:
        """Append a piece of a tool call; pieces of several calls may interleave."""
        self._times.setdefault("first", now)
        self._times["last"] = now
        self._calls.setdefault(delta.index, _GrowingCall()).add(delta)
        self.arrived = True

    def broken_call(self) -> Fault | None:
        """Return a fault if a tool call's arguments are not JSON."""
        for call in self._calls.values():
            try:
                json.loads(call.arguments.whole() or "{}")
            except (ValueError, RecursionError):  # the latter for brackets nested by the thousand
                return Fault(kind=FaultKind.BROKEN_TOOL_CALL, words=call.name)
        return None

    def outcome(
        self, status: Status, *, now: float, fault: Fault | None = None, finished: Finished | None = None
    ) -> Outcome:
        """Return what the message's row becomes."""
        times = self._times
        sent = times.get("sent")
        metadata = dict(self._metadata)
        if sent is not None and "first" in times:
            metadata["first_token_ms"] = round((times["first"] - sent) * 1000)
        if sent is not None and "thought" in times:
            metadata["thinking_ms"] = round((times.get("answered", times["thought"]) - sent) * 1000)
        if finished is not None and finished.model:
            metadata["answered_model"] = finished.model
        if finished is not None and finished.thinking_signature:
            metadata["thinking_signature"] = finished.thinking_signature
        return Outcome(
            status=status,
            content=self.text.whole(),
            thinking=self.thinking.whole(),
            tool_calls=tuple(
                ToolCall(id=call.id, name=call.name, arguments=call.arguments.whole())
                for _index, call in sorted(self._calls.items(), key=lambda item: item[0])
            ),
            usage=finished.usage if finished is not None else None,
            cost=finished.cost if finished is not None else None,
            response_time_ms=round((now - sent) * 1000) if sent is not None else None,
            finish_reason=finished.finish_reason if finished is not None else "",
            fault=fault,
            metadata=metadata,
        )


@dataclass(frozen=True, slots=True)
class Repaired:
    """A request as it goes out once more after a refusal, and what the answer's metadata says about that."""

    request: ChatRequest
    metadata: Mapping[str, Any]


def unsaved(assistant: Message, outcome: Outcome, reason: str) -> Message:
    """Return what `assistant` would have become, had the disk taken it; `reason` says why it did not."""
    return replace(
        assistant,
        status=outcome.status,
        content=outcome.content,
        thinking=outcome.thinking,
        tool_calls=outcome.tool_calls,
        fault=outcome.fault,
        usage=outcome.usage,
        cost=outcome.cost,
        response_time_ms=outcome.response_time_ms,
        finish_reason=outcome.finish_reason,
        metadata={**outcome.metadata, "not_saved": reason},
    )
