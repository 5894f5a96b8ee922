"""Gemini's `streamGenerateContent?alt=sse`: server-sent events, `finishReason` in the last one.

https://ai.google.dev/api/generate-content
"""

import json
from collections.abc import Iterator
from typing import Any

from tests.wire.command import main
from tests.wire.script import Fault, Json, Script, sse
from tests.wire.server import Recorded

_FINISH = {"stop": "STOP", "length": "MAX_TOKENS", "tool_calls": "STOP", "content_filter": "SAFETY"}
_STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class GeminiWire:
    """Google AI Studio's form: the key in a header or in the query, thoughts as parts of their own."""

    name = "gemini"
    base_path = ""
    content_type = "text/event-stream"

    def asks(self, method: str, path: str) -> bool:
        return method == "POST" and ":streamGenerateContent" in path

    def other(self, method: str, path: str, script: Script, body: Any) -> tuple[int, Json] | None:
        if method == "GET" and path.partition("?")[0].endswith("/models"):
            methods = ["generateContent", "streamGenerateContent"]
            listed = [{"name": f"models/{name}", "supportedGenerationMethods": methods} for name in script.models]
            return 200, {"models": listed}
        return None

    def frames(self, script: Script, request: Recorded) -> Iterator[bytes]:
        for piece in script.thinking:
            yield self._chunk(script, [{"text": piece, "thought": True}])
        for _ in range(script.repeat):
            for piece in script.text:
                yield self._chunk(script, [{"text": piece}])
        for call in script.calls:
            arguments = json.loads("".join(call.arguments) or "{}")
            yield self._chunk(script, [{"functionCall": {"name": call.name, "args": arguments}}])
        yield self._chunk(script, [{"text": ""}], finish=_FINISH[script.finish])

    def error_frame(self, words: str) -> bytes:
        return sse({"error": {"code": 503, "message": words, "status": "UNAVAILABLE"}})

    def garbage_frame(self) -> bytes:
        return b'data: {"candidates": [{"content": {"pa\r\n\r\n'

    def error_body(self, fault: Fault) -> Json:
        status = fault.code or _STATUS.get(fault.status, "UNKNOWN")
        return {"error": {"code": fault.status, "message": fault.words, "status": status}}

    def _chunk(self, script: Script, parts: list[Json], finish: str | None = None) -> bytes:
        candidate: Json = {"content": {"parts": parts, "role": "model"}, "index": 0}
        if finish:
            candidate["finishReason"] = finish
        frame: Json = {"candidates": [candidate], "modelVersion": script.model, "responseId": "r1"}
        if finish and script.tokens is not None:
            tokens = script.tokens
            # Gemini counts thoughts beside the candidates, not inside them.
            frame["usageMetadata"] = {
                "promptTokenCount": tokens.input,
                "candidatesTokenCount": tokens.output - tokens.reasoning,
                "thoughtsTokenCount": tokens.reasoning,
                "cachedContentTokenCount": tokens.cached,
                "totalTokenCount": tokens.input + tokens.output,
            }
        return sse(frame)


if __name__ == "__main__":
    main(GeminiWire())
