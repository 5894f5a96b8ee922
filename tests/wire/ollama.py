"""Ollama: its own `/api/chat` in lines of JSON, `/api/tags`, `/api/show`, and the OpenAI form under `/v1`.

https://github.com/ollama/ollama/blob/main/docs/api.md
"""

import json
from collections.abc import Iterator
from typing import Any

from tests.wire.command import main
from tests.wire.openai import OpenAIWire
from tests.wire.script import Fault, Json, Script, dump
from tests.wire.server import Recorded


class OllamaWire(OpenAIWire):
    """A local Ollama as a client finds it at port 11434 after a plain installation, reached by its `/v1`."""

    name = "ollama"
    base_path = "/v1"

    def other(self, method: str, path: str, script: Script, body: Any) -> tuple[int, Json] | None:
        plain = path.partition("?")[0]
        if method == "GET" and plain == "/api/tags":
            return 200, {"models": [{"name": name, "model": name, "size": 1} for name in script.models]}
        if method == "GET" and plain == "/api/version":
            return 200, {"version": "0.12.0"}
        if method == "POST" and plain == "/api/show":
            return 200, {"modelfile": "", "template": "", "details": {}, "model_info": {"llama.context_length": 8192}}
        return super().other(method, path, script, body)

    def error_body(self, fault: Fault) -> Json:
        return {"error": {"message": fault.words, "type": "api_error", "param": None, "code": fault.code or None}}


class OllamaNativeWire(OllamaWire):
    """The same server asked in its own way: `POST /api/chat`, one JSON object per line, `done` in the last."""

    name = "ollama-native"
    base_path = ""
    content_type = "application/x-ndjson"

    def asks(self, method: str, path: str) -> bool:
        return method == "POST" and path.partition("?")[0] == "/api/chat"

    def frames(self, script: Script, request: Recorded) -> Iterator[bytes]:
        for piece in script.thinking:
            yield self._line(script, {"role": "assistant", "content": "", "thinking": piece})
        for _ in range(script.repeat):
            for piece in script.text:
                yield self._line(script, {"role": "assistant", "content": piece})
        for call in script.calls:
            function = {"name": call.name, "arguments": json.loads("".join(call.arguments) or "{}")}
            yield self._line(script, {"role": "assistant", "content": "", "tool_calls": [{"function": function}]})
        counts = {"prompt_eval_count": script.tokens.input, "eval_count": script.tokens.output} if script.tokens else {}
        ending = {"done": True, "done_reason": script.finish, **counts}
        yield self._line(script, {"role": "assistant", "content": ""}, **ending)

    def error_frame(self, words: str) -> bytes:
        return dump({"error": words}) + b"\n"

    def garbage_frame(self) -> bytes:
        return b'{"model": "x", "mess\n'

    def error_body(self, fault: Fault) -> Json:
        return {"error": fault.words}

    def _line(self, script: Script, message: Json, **more: Any) -> bytes:
        frame = {"model": script.model, "created_at": "2026-01-01T00:00:00Z", "message": message, "done": False}
        return dump({**frame, **more}) + b"\n"


if __name__ == "__main__":
    main(OllamaWire())
