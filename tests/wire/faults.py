"""How an answer goes out: at its pace, and with what goes wrong on the way."""

import asyncio
import socket
import struct
from collections.abc import Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING

from tests.wire.script import Fault, Mode, Script, dump

if TYPE_CHECKING:
    from tests.wire.server import Recorded, Wire

TRICKLE_INTERVAL_S = 0.3
COMMENT_INTERVAL_S = 0.05
HTML = b"<!doctype html><html><body><h1>Welcome to the router</h1></body></html>"
FLUSH_AT = 256 * 1024


class Gone(Exception):
    """The connection was ended on purpose."""


class Body:
    """A chunked HTTP body; frames written in one go leave in one packet, as real servers do at full speed."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def write(self, data: bytes) -> None:
        self._writer.write(b"%x\r\n%b\r\n" % (len(data), data))
        await self._writer.drain()

    async def end(self) -> None:
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()


async def play(
    wire: "Wire", script: Script, fault: Fault | None, request: "Recorded", writer: asyncio.StreamWriter
) -> bool:
    """Send the answer or the fault; return whether the connection can be used again."""
    mode = fault.mode if fault else None
    if fault is not None and mode in {Mode.STATUS, Mode.HTML, Mode.ERROR_JSON, Mode.EMPTY}:
        await _plain(wire, fault, request, writer)
        return True
    if mode is Mode.NO_HEADERS:
        await asyncio.Event().wait()
    if script.first_delay_s:
        await asyncio.sleep(script.first_delay_s)
    await _head(writer, 200, script.content_type or wire.content_type)
    body = Body(writer)
    if mode is Mode.COMMENTS:
        await _comments(body)
    frames = wire.frames(script, request)
    if mode is Mode.TRICKLE:
        await _trickle(frames, body)
    if mode is Mode.SPLIT_BYTES:
        await _split(frames, body)
    elif fault is not None and mode is not Mode.UNKNOWN_FIELDS:
        for _, frame in zip(range(fault.after), frames, strict=False):
            await body.write(frame)
            request.pieces_sent += 1
        await _break(wire, fault, request, writer, body)
        await _stream(frames, None, body, request)
    elif mode is Mode.UNKNOWN_FIELDS:
        extended = (frame.replace(b"{", b'{"x_later":{"deep":[1,null]},', 1) for frame in frames)
        await _stream(extended, script.rate, body, request)
    else:
        await _stream(frames, script.rate, body, request)
    await body.end()
    return True


async def _stream(frames: Iterator[bytes], rate: float | None, body: Body, request: "Recorded") -> None:
    if rate is None:
        gathered = bytearray()
        for frame in frames:
            gathered += frame
            request.pieces_sent += 1
            if len(gathered) > FLUSH_AT:
                await body.write(bytes(gathered))
                gathered.clear()
        if gathered:
            await body.write(bytes(gathered))
        return
    loop = asyncio.get_running_loop()
    due = loop.time()
    for frame in frames:
        await body.write(frame)
        request.pieces_sent += 1
        due += 1 / rate
        await asyncio.sleep(max(0.0, due - loop.time()))


async def _break(wire: "Wire", fault: Fault, request: "Recorded", writer: asyncio.StreamWriter, body: Body) -> None:
    """Do in mid-stream what the fault says; return where the answer goes on afterwards."""
    match fault.mode:
        case Mode.RESET:
            # What was written shall arrive first: RST throws away what is still under way.
            await asyncio.sleep(0.05)
            connection: socket.socket = writer.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            raise Gone
        case Mode.CUT:
            raise Gone
        case Mode.END_EARLY:
            await body.end()
            raise Gone
        case Mode.GARBAGE:
            await body.write(wire.garbage_frame())
        case Mode.ERROR_EVENT:
            await body.write(wire.error_frame(fault.words.replace("{key}", request.key)))
            await body.end()
            raise Gone
        case Mode.SILENCE:
            await asyncio.Event().wait()
        case Mode.INVALID_UTF8:
            frame = next(wire.frames(Script(text=("§",), thinking=()), request), b"")
            for candidate in wire.frames(Script(text=("§",), thinking=()), request):
                frame = candidate
                if "§".encode() in candidate:
                    break
            await body.write(frame.replace("§".encode(), b"\xff\xfe\xc3"))
        case _:
            raise AssertionError(fault.mode)


async def _plain(wire: "Wire", fault: Fault, request: "Recorded", writer: asyncio.StreamWriter) -> None:
    status, kind, data = 200, "application/json", b""
    match fault.mode:
        case Mode.STATUS:
            status, data = fault.status, dump(wire.error_body(fault))
        case Mode.HTML:
            kind, data = "text/html; charset=utf-8", HTML
        case Mode.ERROR_JSON:
            data = dump(wire.error_body(fault))
        case _:
            kind = wire.content_type
    data = data.replace(b"{key}", request.key.encode())
    await _head(writer, status, kind, {**fault.headers, "Content-Length": str(len(data))})
    writer.write(data)
    await writer.drain()


async def _head(writer: asyncio.StreamWriter, status: int, kind: str, headers: dict[str, str] | None = None) -> None:
    fields = {"Content-Type": kind, **({"Transfer-Encoding": "chunked"} if headers is None else headers)}
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Overloaded"
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    writer.write(f"HTTP/1.1 {status} {phrase}\r\n{lines}\r\n".encode())
    await writer.drain()


async def _comments(body: Body) -> None:
    while True:
        await body.write(b": keep-alive\n\n")
        await asyncio.sleep(COMMENT_INTERVAL_S)


async def _trickle(frames: Iterator[bytes], body: Body) -> None:
    for frame in frames:
        for byte in frame:
            await body.write(bytes((byte,)))
            await asyncio.sleep(TRICKLE_INTERVAL_S)


async def _split(frames: Iterator[bytes], body: Body) -> None:
    for frame in frames:
        for byte in frame:
            await body.write(bytes((byte,)))
            await asyncio.sleep(0)
