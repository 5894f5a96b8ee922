import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.faults import FaultKind, ProviderError
from desktop.providers.observation import CHECK_LIMIT, FRAME_LIMIT, Observation, current, observing


class Bytes(httpx.AsyncByteStream):
    """A body in pieces, which may break."""

    def __init__(self, *pieces: bytes, error: Exception | None = None) -> None:
        self.pieces = pieces
        self.error = error
        self.closed = False

    async def __aiter__(self):  # type: ignore[no-untyped-def] # httpx names no type for it either
        for piece in self.pieces:
            yield piece
        if self.error:
            raise self.error

    async def aclose(self) -> None:
        self.closed = True


def observation() -> Observation:
    return Observation(connect_timeout_s=3.0, secrets=("my-secret-key",))


async def carried(
    watch: Observation, body: Bytes, *, status: int = 200, **headers: str
) -> tuple[httpx.Request, httpx.Response]:
    request = httpx.Request("POST", "http://api.example:81/v1/chat/completions")
    named = {"content-type": "text/event-stream"} | {name.replace("_", "-"): value for name, value in headers.items()}

    async def send(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers=named, stream=body)

    return request, await watch.carry(request, send)


async def read(watch: Observation, *pieces: bytes, content_encoding: str = "identity") -> bytes:
    packed = {} if content_encoding == "identity" else {"content_encoding": content_encoding}
    _, response = await carried(watch, Bytes(*pieces), status=200, **packed)
    return b"".join([piece async for piece in response.aiter_raw()])


async def test_only_the_way_to_the_server_has_a_limit() -> None:
    """Reading is timed by the run, and the body comes unpacked."""
    request = httpx.Request("POST", "http://h/", headers={"accept-encoding": "gzip"})
    seen = []

    async def send(sent: httpx.Request) -> httpx.Response:
        seen.append((dict(sent.extensions["timeout"]), sent.headers["accept-encoding"]))
        return httpx.Response(200, stream=Bytes())

    await observation().carry(request, send)
    assert seen == [({"connect": 3.0, "pool": 3.0, "read": None, "write": None}, "identity")]


@pytest.mark.parametrize(
    "ending",
    [
        b"data: [DONE]\n\n",
        b'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n',
        b'data: {"candidates":[{"finishReason": "STOP"}]}\n\n',
        b'event: message_stop\ndata: {"type":"message_stop"}\n\n',
        b'{"message":{},"done":true}\n',
        b'data: {"type": "message-end"}\n\n',
        b'data: {"promptFeedback":{"blockReason":"SAFETY"}}\n\n',
    ],
)
@given(cut=st.integers(0, 80))
async def test_each_protocols_end_is_known(ending: bytes, cut: int) -> None:
    """The end marker is found wherever the network cuts the stream."""
    watch = observation()
    stream = b'data: {"a":"b"}\n\n' + ending
    await read(watch, stream[:cut], stream[cut:])
    assert watch.complete
    assert not watch.malformed


@pytest.mark.parametrize(
    "text",
    [
        b'data: {"choices":[{"delta":{"content":"data: [DONE]\\n\\ndata: [DONE]"},"finish_reason":null}]}\n\n',
        b'data: {"choices":[{"delta":{"content":"\\"finish_reason\\":\\"stop\\""}}]}\n\n',
        b'data: {"delta":{"text":"{\\"type\\":\\"message_stop\\"}"}}\n\n',
        b'data: {"delta":{"text":"\\n{\\"error\\": {\\"message\\": 1}}"}}\n\n',
    ],
)
async def test_an_answer_about_the_protocol_does_not_end_it(text: bytes) -> None:
    """A model that writes about end markers and errors is not taken at its word."""
    watch = observation()
    await read(watch, text)
    assert not watch.complete
    assert watch.error is None


async def test_usage_and_model_are_noted() -> None:
    """Whether the provider counted, and how it calls the model, is read from the stream."""
    watch = observation()
    await read(watch, b'data: {"model":"m-1","usage":null}\n\n')
    assert (watch.model, watch.usage_sent) == ("m-1", False)
    watch = observation()
    await read(watch, b'data: {"modelVersion": "m-2", "usageMetadata": {"a": 1}}\n\n')
    assert (watch.model, watch.usage_sent) == ("m-2", True)
    assert observation().model == ""


@given(st.text(st.characters(codec="utf-8")), st.integers(1, 7))
async def test_text_comes_through_as_it_is(text: str, size: int) -> None:
    """Valid UTF-8 is not changed, however it is cut, but for the line breaks that parsers stumble over."""
    data = text.encode()
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    expected = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")
    assert (await read(observation(), *pieces)).decode() == expected


@given(st.lists(st.binary(max_size=20)))
async def test_what_comes_through_is_always_text(pieces: list[bytes]) -> None:
    """Whatever bytes arrive, the parser gets UTF-8."""
    assert (await read(observation(), *pieces)).decode() is not None


async def test_a_line_that_is_no_json_is_noted_without_the_key() -> None:
    """LiteLLM drops it silently; here it is kept for the fault."""
    watch = observation()
    await read(watch, b'data: {"a": "my-secret-key', b'\n\ndata: {"b": 1}\n\n')
    assert watch.malformed == '{"a": "[redacted]'


@pytest.mark.parametrize(
    "stream",
    [
        b'data: {"a":\ndata: 1}\n\n',
        b"data:\n\n: comment\n\nevent: ping\ndata: {}\n\n",
        b'data: {"a": 1}\r\n\r\ndata: [DONE]\r\n\r\n',
        b'data: "' + b"x" * CHECK_LIMIT + b"\n\n",
    ],
)
async def test_legal_events_are_not_malformed(stream: bytes) -> None:
    """Events over several lines, comments, empty data, other line ends and giants pass."""
    watch = observation()
    await read(watch, stream)
    assert watch.malformed == ""


async def test_a_line_without_an_end_is_refused() -> None:
    """Memory does not grow with a line that never ends."""
    watch = observation()
    piece = b"x" * (FRAME_LIMIT // 4)
    with pytest.raises(ProviderError) as caught:
        await read(watch, b"data: ", *([piece] * 5))
    assert caught.value.fault.kind is FaultKind.ANSWER_TOO_LONG


async def test_a_packed_body_is_left_alone() -> None:
    """What cannot be read here is handed on as it is, and nothing is claimed about its end."""
    watch = observation()
    assert await read(watch, b"\x1f\x8b\xff", content_encoding="gzip") == b"\x1f\x8b\xff"
    assert not watch.streams
    assert (watch.answered, watch.ended, watch.received) == (True, True, 3)


async def test_a_broken_body_is_a_fault_unless_it_was_whole() -> None:
    """A reset after the end marker does no harm; before it, it is told."""
    for first, kind in ((b"data: {}\n\n", FaultKind.RESET), (b"data: [DONE]\n\n", None)):
        watch = observation()
        _, response = await carried(watch, Bytes(first, error=httpx.ReadError("broken")))
        with pytest.raises(httpx.ReadError):
            await response.aread()
        assert (watch.fault.kind if watch.fault else None) is kind


async def test_a_request_is_not_sent_twice() -> None:
    """LiteLLM sends again behind one's back when a connection breaks; it gets the first fault instead."""
    watch, sent = observation(), []

    async def send(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        raise httpx.ConnectError("refused") from ConnectionRefusedError()

    request = httpx.Request("POST", "http://h/")
    with pytest.raises(httpx.ConnectError):
        await watch.carry(request, send)
    with pytest.raises(ProviderError) as caught:
        await watch.carry(request, send)
    assert (caught.value.fault.kind, len(sent)) == (FaultKind.REFUSED, 1)


async def test_an_error_body_can_be_read_by_the_library_too() -> None:
    """The response is handed on with its body, and without an address to follow."""
    watch = observation()
    body = Bytes(b'{"error": {"message": "No."}}')
    _, response = await carried(watch, body, status=401, content_type="application/json", location="http://elsewhere/")
    assert (response.json()["error"]["message"], response.has_redirect_location, body.closed) == ("No.", False, True)
    assert watch.fault is not None
    assert (watch.fault.words, watch.fault.where) == ("No.", "api.example:81")


async def test_a_body_that_breaks_is_an_empty_one() -> None:
    """An error whose body does not come still has its status."""
    watch = observation()
    await carried(watch, Bytes(b"half", error=httpx.ReadError("broken")), status=500)
    assert watch.fault is not None
    assert (watch.fault.kind, watch.fault.words) == (FaultKind.SERVER, "half")


async def test_closing_closes_the_connection() -> None:
    """Whoever else holds the response, the connection ends."""
    watch, body = observation(), Bytes(b"data: {}\n\n")
    await watch.close()
    await carried(watch, body)
    await watch.close()
    assert body.closed


async def test_the_current_observation_ends_with_its_block() -> None:
    """Outside its block nothing is observed."""
    watch = observation()
    with observing(watch):
        assert current() is watch
    assert current() is None
