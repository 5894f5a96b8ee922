"""Anthropic's messages: named server-sent events from `message_start` to `message_stop`.

https://docs.anthropic.com/en/docs/build-with-claude/streaming
"""

from collections.abc import Iterator
from typing import Any

from tests.wire.command import main
from tests.wire.script import Fault, Json, Script, sse
from tests.wire.server import Recorded

_STOP_REASONS = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use", "content_filter": "refusal"}
_ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}


class AnthropicWire:
    """`POST /v1/messages`, thinking blocks with a signature, pings, error events."""

    name = "anthropic"
    base_path = ""
    content_type = "text/event-stream; charset=utf-8"

    def asks(self, method: str, path: str) -> bool:
        return method == "POST" and path.partition("?")[0].endswith("/v1/messages")

    def other(self, method: str, path: str, script: Script, body: Any) -> tuple[int, Json] | None:
        if method == "GET" and path.partition("?")[0].endswith("/v1/models"):
            listed = [{"type": "model", "id": name, "display_name": name} for name in script.models]
            return 200, {"data": listed, "has_more": False}
        return None

    def frames(self, script: Script, request: Recorded) -> Iterator[bytes]:
        tokens = script.tokens
        usage: Json = {"input_tokens": 0, "output_tokens": 0}
        if tokens is not None:
            fresh = tokens.input - tokens.cached
            usage = {"input_tokens": fresh, "cache_read_input_tokens": tokens.cached, "output_tokens": 1}
        message: Json = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "content": [],
            "model": script.model,
            "stop_reason": None,
            "stop_sequence": None,
            **({"usage": usage} if tokens is not None else {}),
        }
        yield self._event("message_start", message=message)
        yield self._event("ping")
        index = 0
        if script.thinking:
            yield from self._block(index, {"type": "thinking", "thinking": "", "signature": ""})
            for piece in script.thinking:
                yield self._delta(index, {"type": "thinking_delta", "thinking": piece})
            yield self._delta(index, {"type": "signature_delta", "signature": script.signature})
            yield self._event("content_block_stop", index=index)
            index += 1
        if script.text:
            yield from self._block(index, {"type": "text", "text": ""})
            for _ in range(script.repeat):
                for piece in script.text:
                    yield self._delta(index, {"type": "text_delta", "text": piece})
            yield self._event("content_block_stop", index=index)
            index += 1
        for call in script.calls:
            yield from self._block(index, {"type": "tool_use", "id": call.id, "name": call.name, "input": {}})
            for piece in call.arguments:
                yield self._delta(index, {"type": "input_json_delta", "partial_json": piece})
            yield self._event("content_block_stop", index=index)
            index += 1
        reason = {"stop_reason": _STOP_REASONS[script.finish], "stop_sequence": None}
        if tokens is not None:
            yield self._event("message_delta", delta=reason, usage={"output_tokens": tokens.output})
        else:
            yield self._event("message_delta", delta=reason)
        yield self._event("message_stop")

    def error_frame(self, words: str) -> bytes:
        return self._event("error", error={"type": "overloaded_error", "message": words})

    def garbage_frame(self) -> bytes:
        return b'event: content_block_delta\ndata: {"type": "content_block_delta", "index": 0, "del\n\n'

    def error_body(self, fault: Fault) -> Json:
        kind = fault.code or _ERROR_TYPES.get(fault.status, "api_error")
        return {"type": "error", "error": {"type": kind, "message": fault.words}}

    def _event(self, kind: str, **values: Any) -> bytes:
        return sse({"type": kind, **values}, event=kind)

    def _block(self, index: int, block: Json) -> Iterator[bytes]:
        yield self._event("content_block_start", index=index, content_block=block)

    def _delta(self, index: int, delta: Json) -> bytes:
        return self._event("content_block_delta", index=index, delta=delta)


if __name__ == "__main__":
    main(AnthropicWire())
