"""Reads LiteLLM's chunks into our events and remembers what only counts at the end."""

from typing import Any

from desktop.domain.events import StreamEvent, TextDelta, ThinkingDelta, ToolCallDelta

_FINISH = {"stop": "stop", "length": "length", "content_filter": "content_filter"} | dict.fromkeys(
    ("tool_calls", "function_call"), "tool_calls"
)


class Mender:
    """Joins surrogate pairs that were split between two pieces, and replaces lone ones, so that text can be stored."""

    def __init__(self) -> None:
        self._held = ""

    def mend(self, text: str) -> str:
        """Return `text` without surrogates; one that may be the first half of a pair is held for the next piece."""
        if not self._held:
            try:
                text.encode()
            except UnicodeEncodeError:
                pass
            else:
                return text
        text, self._held = self._held + text, ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._held = text[:-1], text[-1]
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def rest(self) -> str:
        """Return what is still held, replaced."""
        held, self._held = self._held, ""
        return "\N{REPLACEMENT CHARACTER}" if held else ""


class ChunkReader:
    """Reads the chunks of one stream."""

    def __init__(self) -> None:
        self.usage: Any = None
        self.signature = ""
        self.finish_reason = ""
        self.pieces: list[str] = []
        self.called_tool = False
        self._text = Mender()
        self._thinking = Mender()

    @property
    def said_something(self) -> bool:
        """Whether anything for a person or a tool has come."""
        return bool(self.pieces) or self.called_tool

    def read(self, chunk: Any) -> list[StreamEvent]:
        """Return the events of one chunk."""
        usage = getattr(chunk, "usage", None)
        if usage is not None:
            self.usage = usage
        if not chunk.choices:
            return []
        choice = chunk.choices[0]
        if choice.finish_reason:
            self.finish_reason = _FINISH.get(choice.finish_reason, "stop")
        delta = choice.delta
        events: list[StreamEvent] = []
        thinking = getattr(delta, "reasoning_content", None)
        if thinking and (mended := self._thinking.mend(thinking)):
            self.pieces.append(mended)
            events.append(ThinkingDelta(mended))
        content = delta.content
        if content and (mended := self._text.mend(content)):
            self.pieces.append(mended)
            events.append(TextDelta(mended))
        if blocks := getattr(delta, "thinking_blocks", None):
            self._keep_signature(blocks)
        if calls := getattr(delta, "tool_calls", None):
            self.called_tool = True
            events += [_call(call) for call in calls]
        return events

    def rest(self) -> list[StreamEvent]:
        """Return what was held back for a next piece that never came."""
        events: list[StreamEvent] = []
        if text := self._thinking.rest():
            events.append(ThinkingDelta(text))
        if text := self._text.rest():
            events.append(TextDelta(text))
        return events

    def _keep_signature(self, blocks: Any) -> None:
        for block in blocks:
            if isinstance(block, dict) and block.get("signature"):
                self.signature = str(block["signature"])


def _call(call: Any) -> ToolCallDelta:
    function = call.function
    return ToolCallDelta(
        index=call.index or 0,
        id=call.id or "",
        name=getattr(function, "name", None) or "",
        arguments=getattr(function, "arguments", None) or "",
    )
