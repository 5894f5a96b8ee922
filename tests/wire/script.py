"""What a wire server answers: the words, their pace, and what goes wrong."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]

PARIS = ("The ", "capital ", "of ", "France ", "is ", "Paris", ".")


class Mode(StrEnum):
    """What goes wrong; where it matters, after `Fault.after` pieces have been sent."""

    STATUS = "status"
    RESET = "reset"
    CUT = "cut"
    END_EARLY = "end_early"
    GARBAGE = "garbage"
    ERROR_EVENT = "error_event"
    UNKNOWN_FIELDS = "unknown_fields"
    HTML = "html"
    ERROR_JSON = "error_json"
    EMPTY = "empty"
    SILENCE = "silence"
    NO_HEADERS = "no_headers"
    COMMENTS = "comments"
    TRICKLE = "trickle"
    INVALID_UTF8 = "invalid_utf8"
    SPLIT_BYTES = "split_bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong. `words` may hold `{key}`: the request's key is echoed there, as some providers do.

    `RESET` sends RST, `CUT` closes inside the chunked body, `END_EARLY` ends the body properly but without the
    protocol's own end marker. `first` limits the fault to the first so many requests for an answer.
    """

    mode: Mode
    after: int = 3
    status: int = 500
    code: str = ""
    words: str = "Something broke here."
    headers: Mapping[str, str] = field(default_factory=dict)
    first: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The usage that the server reports."""

    input: int = 12
    output: int = 7
    cached: int = 0
    reasoning: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One tool call of the answer; its arguments go out in pieces."""

    name: str
    arguments: tuple[str, ...]
    id: str = "call_1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One answer. `rate` is in pieces per second (None: full speed), `first_delay_s` the wait before the first piece.

    `content_type` replaces the protocol's own. `repeat` sends the pieces of `text` so many times; `finish` is stop,
    length, tool_calls or content_filter. `picky` names rules of `picky.py` by which a history is refused, `window` how
    many words it may have. `afterwards` is said when what the `calls` asked for is there.
    """

    text: tuple[str, ...] = PARIS
    repeat: int = 1
    thinking: tuple[str, ...] = ()
    signature: str = "c2lnbmF0dXJl"
    calls: tuple[Call, ...] = ()
    afterwards: tuple[str, ...] = PARIS
    finish: str = "stop"
    tokens: Tokens | None = Tokens()
    rate: float | None = None
    first_delay_s: float = 0.0
    model: str = "wire-1"
    models: tuple[str, ...] = ("wire-1", "wire-2")
    content_type: str = ""
    fault: Fault | None = None
    picky: tuple[str, ...] = ()
    window: int | None = None

    @property
    def whole(self) -> str:
        """The text that a client has in the end."""
        return "".join(self.text) * self.repeat


def dump(value: Any) -> bytes:
    """Return compact JSON, in UTF-8 where possible and with escapes where a lone surrogate forbids that."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def sse(value: Any, event: str = "") -> bytes:
    """Return one server-sent event."""
    head = f"event: {event}\n".encode() if event else b""
    return head + b"data: " + dump(value) + b"\n\n"
