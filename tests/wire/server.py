"""The HTTP side of the wire servers: connections, pace, faults, and a record of what clients did."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from types import TracebackType
from typing import Any, Protocol, Self

from tests.wire.faults import Gone, play
from tests.wire.picky import complaint
from tests.wire.script import Fault, Json, Mode, Script, dump

READ_LIMIT = 64 * 1024 * 1024
TLS_HANDSHAKE = b"\x16"


class Recorded:
    """One request as it came in, and when its connection was closed by the client."""

    def __init__(self, method: str, path: str, headers: dict[str, str], raw: bytes) -> None:
        self.method = method
        self.path = path
        self.headers = headers
        self.raw = raw
        self.received_at = time.monotonic()
        self.pieces_sent = 0
        self.closed_at: float | None = None
        self.closed = threading.Event()

    @property
    def body(self) -> Any:
        """The JSON that the client sent."""
        return json.loads(self.raw) if self.raw else None

    @property
    def key(self) -> str:
        """The key of the request, wherever the protocol puts it."""
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
        in_query = self.path.partition("key=")[2].partition("&")[0]
        return bearer or self.headers.get("x-api-key", "") or self.headers.get("x-goog-api-key", "") or in_query

    def mark_closed(self) -> None:
        """Note that the client has closed the connection while its answer was under way."""
        self.closed_at = time.monotonic()
        self.closed.set()


class Wire(Protocol):
    """One provider's protocol, as frames of bytes."""

    name: str
    base_path: str
    content_type: str

    def asks(self, method: str, path: str) -> bool:
        """Whether the request wants an answer of the model."""
        ...

    def other(self, method: str, path: str, script: Script, body: Any) -> tuple[int, Json] | None:
        """Answer anything else (model lists), or None for 404."""
        ...

    def frames(self, script: Script, request: Recorded) -> Iterator[bytes]:
        """Return the answer, one frame per piece, the end marker last."""
        ...

    def error_frame(self, words: str) -> bytes:
        """Return an error as the protocol sends it in mid-stream."""
        ...

    def garbage_frame(self) -> bytes:
        """Return a frame that is not what it should be."""
        ...

    def error_body(self, fault: Fault) -> Json:
        """Return the JSON body that goes with an error's status."""
        ...


class WireServer:
    """A server for one protocol on a free loopback port; start it by `with` or by `start` and `stop`."""

    def __init__(self, wire: Wire, script: Script | None = None, *, port: int = 0, host: str = "127.0.0.1") -> None:
        self.wire = wire
        self.script = script or Script()
        self.host = host
        self.port = port
        self.requests: list[Recorded] = []
        self.connections = 0
        self.asked = threading.Event()
        self.left = threading.Event()
        """Set while no client is connected any more."""
        self._faults_played = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready = threading.Event()
        self._failed: OSError | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name=f"wire-{wire.name}", daemon=True)

    @property
    def base(self) -> str:
        """What LiteLLM takes as `api_base` for this protocol."""
        return f"http://{self.host}:{self.port}{self.wire.base_path}"

    @property
    def answers(self) -> list[Recorded]:
        """The requests that asked the model for an answer."""
        return [each for each in self.requests if self.wire.asks(each.method, each.path)]

    def start(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        if self._failed:
            raise self._failed
        return self

    def stop(self) -> None:
        if self._loop is not None and self._stopping is not None and self._thread.is_alive():
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(10)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        try:
            server = await asyncio.start_server(self._accept, self.host, self.port, limit=READ_LIMIT)
        except OSError as error:
            self._failed = error
            self._ready.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        try:
            await self._stopping.wait()
        finally:
            server.close()
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        self.left.clear()
        try:
            while await self._one_request(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, Gone):
            pass
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._tasks.discard(task)
            writer.close()
            if not self._tasks:
                self.left.set()

    async def _one_request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Read and answer one request; return whether the connection may carry another."""
        try:
            first_byte = await reader.readexactly(1)
            if first_byte == TLS_HANDSHAKE:
                writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
                return False
            head = first_byte + await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return False
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
        }
        raw = await _body(reader, headers)
        request = Recorded(method, path, headers, raw)
        self.requests.append(request)
        script = self.script
        if not self.wire.asks(method, path):
            return await self._answer_other(writer, request, script)
        self.asked.set()
        fault = self._fault_of(script) or _refusal(script, request)
        watch = asyncio.create_task(_watch(reader, request), name="wire-watch")
        sending = asyncio.create_task(play(self.wire, script, fault, request, writer), name="wire-send")
        try:
            await asyncio.wait({watch, sending}, return_when=asyncio.FIRST_COMPLETED)
            return sending.done() and not watch.done() and sending.result()
        finally:
            for task in (watch, sending):
                task.cancel()
            await asyncio.gather(watch, sending, return_exceptions=True)

    def _fault_of(self, script: Script) -> Fault | None:
        fault = script.fault
        if fault is None or (fault.first is not None and self._faults_played >= fault.first):
            return None
        self._faults_played += 1
        return fault

    async def _answer_other(self, writer: asyncio.StreamWriter, request: Recorded, script: Script) -> bool:
        fault = script.fault
        if fault is not None and fault.mode is Mode.STATUS and fault.first is None:
            status, body = fault.status, self.wire.error_body(fault)
        else:
            found = self.wire.other(request.method, request.path, script, request.body)
            status, body = found or (404, {"error": {"message": f"no such path: {request.path}"}})
        data = dump(body)
        writer.write(
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(data)}\r\n\r\n".encode()
            + data
        )
        await writer.drain()
        return True


def _refusal(script: Script, request: Recorded) -> Fault | None:
    """Refuse a history that a picky script does not take."""
    words = complaint(request.body, script.picky, script.window) if script.picky or script.window else ""
    return Fault(mode=Mode.STATUS, status=400, words=words) if words else None


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if "chunked" not in headers.get("transfer-encoding", ""):
        return await reader.readexactly(int(headers.get("content-length", "0")))
    parts = []
    while size := int((await reader.readline()).split(b";")[0], 16):
        parts.append(await reader.readexactly(size))
        await reader.readline()
    await reader.readline()
    return b"".join(parts)


async def _watch(reader: asyncio.StreamReader, request: Recorded) -> None:
    """Wait until the client closes its side; whatever it says in mid-answer is not of interest."""
    try:
        while await reader.read(65536):
            pass
    except ConnectionError:
        pass
    request.mark_closed()
