"""Sees what really went over the wire during one request, because LiteLLM hides it.

LiteLLM turns a truncated stream, a web page and an empty body alike into a clean `stop`, wraps refused connections as
server errors, and drops `Retry-After` on the way. So its HTTP transport hands every response to the `Observation` of
the request (found through a context variable), which notes status, headers, the way it failed, the end marker and
whether usage was sent, and makes the bytes fit to be parsed. It costs about 40 µs per 16 kB.
"""

import asyncio
import codecs
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import suppress
from contextvars import ContextVar
from typing import Final

import httpx

from desktop.domain.faults import Fault, FaultKind, ProviderError
from desktop.domain.requests import Tape
from desktop.providers.errors import fault_of_event, fault_of_failure, fault_of_response
from desktop.providers.redaction import redact

ERROR_BODY_LIMIT = 64 * 1024
ERROR_BODY_TIMEOUT_S = 5.0
FRAME_LIMIT = 8 * 1024 * 1024
"""Bytes of one line. Parsers below join the pieces of a line anew with each read, so a giant would cost minutes."""
CHECK_LIMIT = 256 * 1024
_HEAD = 4096
_CARRY = 96

_END: Final = re.compile(
    rb"\ndata: ?\[DONE\]"
    rb'|"(?:finish_?reason|stop_reason|done_reason|blockReason)"\s*:\s*"'
    rb'|"type"\s*:\s*"(?:message_stop|message-end|response\.completed|response\.incomplete)"'
    rb'|"done"\s*:\s*true',
    re.IGNORECASE,
)
_USAGE: Final = re.compile(rb'"(?:usage|usageMetadata|billed_units)"\s*:\s*\{|"prompt_eval_count"')
_ERROR: Final = re.compile(rb'\n(?:data: ?)?\{\s*"(?:type"\s*:\s*"error"|error"\s*:\s*[{"])')
_MODEL: Final = re.compile(rb'"model(?:Version)?"\s*:\s*"([^"\\]{1,200})"')
_EVENT_STARTS = (b"data:", b"event:", b"id:", b":")
_STREAM_TYPES = ("text/event-stream", "ndjson", "stream+json", "jsonl", "json-lines", "json-seq")

Send = Callable[[httpx.Request], Awaitable[httpx.Response]]


class Observation:
    """What one request met. `secrets` are never repeated in a fault; `tape` gets the bodies as they pass."""

    def __init__(self, *, connect_timeout_s: float, secrets: Iterable[str] = (), tape: Tape | None = None) -> None:
        self._connect_timeout_s = connect_timeout_s
        self._tape = tape
        self._secrets = tuple(secrets)
        self.fault: Fault | None = None
        self.answered = False
        self.content_type = ""
        self.ended = False
        self.complete = False
        self.usage_sent = False
        self.received = 0
        self._readable = True
        self._head = b""
        # A line break before the first byte lets the patterns tell the start of a line from the middle of one.
        self._carry = b"\n"
        self._error: bytes | None = None
        self._line = bytearray()
        self._event: list[bytes] = []
        self.malformed = ""
        self._where = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._stream: ObservedStream | None = None

    @property
    def streams(self) -> bool:
        """Whether the response is of a kind whose end can be told from a truncation."""
        if not self._readable:
            return False
        # Some local servers forget to say what they send.
        return any(kind in self.content_type for kind in _STREAM_TYPES) or self._head.startswith(_EVENT_STARTS)

    @property
    def model(self) -> str:
        """The model's name as the provider answered it, or nothing."""
        found = _MODEL.search(self._head)
        return found.group(1).decode("utf-8", "replace") if found else ""

    @property
    def error(self) -> Fault | None:
        """What the provider said in an error event, if it sent one."""
        if self._error is None:
            return None
        return fault_of_event(self._error, secrets=self._secrets, where=self._where)

    async def carry(self, request: httpx.Request, send: Send) -> httpx.Response:
        """Send `request` and return its response, noted; raises `ProviderError` for what is not a model's answer."""
        if self.fault is not None:
            # LiteLLM sends a request again behind our back when its connection broke; retrying is the run's decision.
            raise ProviderError(self.fault)
        self._where = request.url.netloc.decode("ascii", "replace")
        # The run times content; here only the way to the server has a limit (`pool` holds DNS as well).
        limit = self._connect_timeout_s
        request.extensions["timeout"] = {"connect": limit, "pool": limit, "read": None, "write": None}
        if "accept-encoding" in request.headers:
            request.headers["accept-encoding"] = "identity"
        if self._tape is not None:
            with suppress(httpx.RequestNotRead):  # a body that is itself a stream; LiteLLM sends none
                self._tape.sent(request.content)
        try:
            response = await send(request)
        except Exception as error:
            self._failed(error)
            raise
        self.answered = True
        if self._tape is not None:
            self._tape.answered(response.status_code)
        self.content_type = response.headers.get("content-type", "").lower()
        if response.status_code >= 300 or self._looks_wrong():
            return await self._refuse(request, response)
        self._readable = "content-encoding" not in response.headers and "vnd.amazon" not in self.content_type
        stream = response.stream
        assert isinstance(stream, httpx.AsyncByteStream)
        self._stream = ObservedStream(stream, self)
        return httpx.Response(response.status_code, headers=response.headers, stream=self._stream, request=request)

    def feed(self, data: bytes) -> bytes:
        """Note a piece of the body and return it fit to be parsed: valid UTF-8, no line breaks inside JSON strings."""
        self.received += len(data)
        if self._tape is not None:
            self._tape.received(data)
        if not self._readable:
            return data
        text = self._decoder.decode(data)
        if not text.isascii():
            # httpx splits lines at these too, in the middle of a JSON string, where the escape means the same.
            for break_ in ("\u2028", "\u2029", "\x85"):
                if break_ in text:
                    text = text.replace(break_, f"\\u{ord(break_):04x}")
            data = text.encode()
        elif len(text) != len(data):
            data = text.encode()
        self._note(data)
        return data

    def finish(self) -> bytes:
        """Note the end of the body and return what the decoder still held."""
        self.ended = True
        return self._decoder.decode(b"", final=True).encode() if self._readable else b""

    def failed(self, error: Exception) -> None:
        """Note that the body broke off."""
        if not self.complete:
            self._failed(error)

    async def close(self) -> None:
        """Close the connection now, whoever else still holds the response."""
        if self._stream is not None:
            # A connection that is broken already cannot be closed better.
            with suppress(httpx.HTTPError, OSError, RuntimeError):
                await self._stream.aclose()

    def _failed(self, error: BaseException) -> None:
        if self.fault is None:
            self.fault = fault_of_failure(error, secrets=self._secrets, where=self._where)

    def _looks_wrong(self) -> bool:
        return "html" in self.content_type

    async def _refuse(self, request: httpx.Request, response: httpx.Response) -> httpx.Response:
        """Read the body of what is not an answer, note the fault, and hand on a response that can be read again."""
        body = await _read_some(response)
        if self._tape is not None:
            self._tape.received(body)
        headers = {name: value for name, value in response.headers.items() if name.lower() not in _HOP_HEADERS}
        plain = httpx.Response(response.status_code, headers=headers, content=body, request=request)
        if response.status_code < 300:
            self.fault = Fault(kind=FaultKind.NOT_A_MODEL, status=response.status_code, where=self._where)
            raise ProviderError(self.fault)
        self.fault = fault_of_response(
            response.status_code,
            headers=dict(response.headers),
            body=body,
            secrets=self._secrets,
            where=self._where,
        )
        return plain

    def _note(self, data: bytes) -> None:
        if len(self._head) < _HEAD:
            self._head += data[: _HEAD - len(self._head)]
        self._check_lines(data)
        window = self._carry + data
        if not self.complete and _END.search(window):
            self.complete = True
        if not self.usage_sent and _USAGE.search(window):
            self.usage_sent = True
        if self._error is not None and len(self._error) < _HEAD:
            self._error += data
        elif self._error is None and (found := _ERROR.search(window)):
            self._error = window[found.start() : found.start() + _HEAD]
        self._carry = window[-_CARRY:]

    def _check_lines(self, data: bytes) -> None:
        """See that each event holds JSON: LiteLLM stops at one that does not, and calls the answer finished."""
        *whole, rest = data.split(b"\n")
        if whole:
            self._line += whole[0]
            self._check_line(bytes(self._line))
            for line in whole[1:]:
                self._check_line(line)
            self._line = bytearray(rest)
        else:
            self._line += rest
        if len(self._line) > FRAME_LIMIT:
            self.fault = Fault(kind=FaultKind.ANSWER_TOO_LONG, where=self._where)
            raise ProviderError(self.fault)

    def _check_line(self, line: bytes) -> None:
        if line.startswith(b"data:"):
            self._event.append(line[5:])
        elif line.startswith((b"{", b"[")) and not self._event and "json" in self.content_type:
            self._check_json(line)
        elif self._event and not line.strip():
            # An event may spread its data over several lines.
            self._check_json(b"\n".join(self._event))
            self._event.clear()

    def _check_json(self, text: bytes) -> None:
        text = text.strip()
        if self.malformed or not text or text == b"[DONE]" or len(text) > CHECK_LIMIT or not self.streams:
            return
        try:
            json.loads(text)
        except ValueError:
            self.malformed = redact(text.decode("utf-8", "replace"), self._secrets, limit=200)


class ObservedStream(httpx.AsyncByteStream):
    """A response's body on its way to LiteLLM."""

    def __init__(self, inner: httpx.AsyncByteStream, observation: Observation) -> None:
        self._inner = inner
        self._observation = observation

    async def __aiter__(self) -> AsyncIterator[bytes]:
        observation = self._observation
        try:
            async for data in self._inner:
                if ready := observation.feed(data):
                    yield ready
            if rest := observation.finish():
                yield rest
        except Exception as error:
            # A broken connection must not take along what had arrived before it broke.
            if ready := observation.feed(_unread(self._inner)):
                yield ready
            observation.failed(error)
            raise

    async def aclose(self) -> None:
        await self._inner.aclose()


def _unread(stream: httpx.AsyncByteStream) -> bytes:
    """Return the bytes that aiohttp has received and keeps to itself once its connection is broken."""
    content = getattr(getattr(stream, "_aiohttp_response", None), "content", None)
    left = b"".join(getattr(content, "_buffer", ()))
    return left[getattr(content, "_buffer_offset", 0) :]


_HOP_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding", "location"})
"""Not true any more of a body that was read here; and no redirect is followed with a key in the request."""

_current: ContextVar[Observation | None] = ContextVar("observation", default=None)


def current() -> Observation | None:
    """Return the observation of the request under way in this context."""
    return _current.get()


class observing:  # noqa: N801 - read as a statement: `with observing(observation):`
    """Make `observation` the current one for the time of a `with` block, which must not hold a `yield`."""

    def __init__(self, observation: Observation) -> None:
        self._observation = observation

    def __enter__(self) -> None:
        self._token = _current.set(self._observation)

    def __exit__(self, *_: object) -> None:
        _current.reset(self._token)


async def _read_some(response: httpx.Response) -> bytes:
    """Read at most `ERROR_BODY_LIMIT` bytes of a body, decoded, and close it; a body that does not come is empty."""
    body = b""
    try:
        async with asyncio.timeout(ERROR_BODY_TIMEOUT_S):
            async for data in response.aiter_bytes():
                body += data
                if len(body) >= ERROR_BODY_LIMIT:
                    break
    except (httpx.HTTPError, TimeoutError):
        pass
    finally:
        await response.aclose()
    return body[:ERROR_BODY_LIMIT]
