"""OpenAI's chat completions: server-sent events, `[DONE]` at the end, `GET /v1/models`.

https://platform.openai.com/docs/api-reference/chat-streaming
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.wire.command import main
from tests.wire.script import Fault, Json, Script, sse
from tests.wire.server import Recorded


class OpenAIWire:
    """Everything that calls itself compatible with OpenAI: vLLM, llama.cpp, LM Studio, OpenRouter and the original."""

    name = "openai"
    base_path = "/v1"
    content_type = "text/event-stream; charset=utf-8"

    def asks(self, method: str, path: str) -> bool:
        return method == "POST" and path.partition("?")[0].endswith("/chat/completions")

    def other(self, method: str, path: str, script: Script, body: Any) -> tuple[int, Json] | None:
        if method == "GET" and path.partition("?")[0] == "/v1/models":
            listed = [{"id": name, "object": "model", "created": 1, "owned_by": "wire"} for name in script.models]
            return 200, {"object": "list", "data": listed}
        return None

    def frames(self, script: Script, request: Recorded) -> Iterator[bytes]:
        yield self._chunk(script, {"role": "assistant", "content": ""})
        messages = (request.body or {}).get("messages") or [{}]
        if script.calls and messages[-1].get("role") == "tool":  # what was asked for is there: now the words
            script = replace(script, calls=(), finish="stop", text=script.afterwards)
        for piece in script.thinking:
            yield self._chunk(script, {"reasoning_content": piece})
        for _ in range(script.repeat):
            for piece in script.text:
                yield self._chunk(script, {"content": piece})
        for index, call in enumerate(script.calls):
            function: Json = {"name": call.name, "arguments": ""}
            head = {"index": index, "id": call.id, "type": "function", "function": function}
            yield self._chunk(script, {"tool_calls": [head]})
            for piece in call.arguments:
                yield self._chunk(script, {"tool_calls": [{"index": index, "function": {"arguments": piece}}]})
        yield self._chunk(script, {}, finish=script.finish)
        options = (request.body or {}).get("stream_options") or {}
        if script.tokens is not None and options.get("include_usage"):
            usage = self._usage(script)
            yield sse({**self._frame(script), "choices": [], "usage": usage})
        yield b"data: [DONE]\n\n"

    def error_frame(self, words: str) -> bytes:
        return sse({"error": {"message": words, "type": "server_error", "param": None, "code": None}})

    def garbage_frame(self) -> bytes:
        return b'data: {"id": "chatcmpl-1", "choices": [{"ind\n\n'

    def error_body(self, fault: Fault) -> Json:
        kinds = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
        code = fault.code or kinds.get(fault.status)
        return {"error": {"message": fault.words, "type": "invalid_request_error", "param": None, "code": code}}

    def _frame(self, script: Script) -> Json:
        return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": script.model}

    def _chunk(self, script: Script, delta: Json, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return sse({**self._frame(script), "choices": [choice]})

    def _usage(self, script: Script) -> Json:
        tokens = script.tokens
        assert tokens is not None
        return {
            "prompt_tokens": tokens.input,
            "completion_tokens": tokens.output,
            "total_tokens": tokens.input + tokens.output,
            "prompt_tokens_details": {"cached_tokens": tokens.cached},
            "completion_tokens_details": {"reasoning_tokens": tokens.reasoning},
        }


if __name__ == "__main__":
    main(OpenAIWire())
