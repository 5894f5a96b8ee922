"""One message as the transcript shows it: stored or still arriving, with its text as blocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from desktop.domain.faults import Fault
from desktop.domain.messages import Message, Role, Status

if TYPE_CHECKING:
    from desktop.domain.markdown import MarkdownStream, Update
    from desktop.domain.markdown_blocks import Block

PARSE_SLICE_CHARS = 2_000
_PACE_S = 1.0
_CHARS_PER_TOKEN = 4
_THOUGHT_CHARS = 2_000


class RunPhase(StrEnum):
    """What a run is doing while its answer is not there yet."""

    LOADING = "loading"
    SENT = "sent"
    THINKING = "thinking"
    WRITING = "writing"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """The face of a living run: `WAITING` counts `seconds` down to `attempt` of `attempts` after a `fault`."""

    phase: RunPhase
    tokens_per_s: float = 0.0
    seconds: int = 0
    attempt: int = 1
    attempts: int = 1
    fault: Fault | None = None


class Pace:
    """How fast an answer is written, in tokens of about four characters, over the last seconds."""

    def __init__(self, now: float) -> None:
        self.tokens_per_s = 0.0
        self._since = now
        self._chars = 0

    def add(self, chars: int, now: float) -> bool:
        """Count characters; return whether there is a new figure."""
        self._chars += chars
        passed = now - self._since
        if passed < _PACE_S:
            return False
        self.tokens_per_s = self._chars / _CHARS_PER_TOKEN / passed
        self._since, self._chars = now, 0
        return True


class TranscriptItem:
    """A message and its blocks: `closed` ones never change, `tail` is replaced while text arrives.

    An item is mutable and belongs to its model; views read it and are told by the model what has changed.
    """

    def __init__(self, message: Message) -> None:
        self.message = message
        self.closed: list[Block] = []
        self.tail: tuple[Block, ...] = ()
        self.thoughts: list[str] = _thoughts(message.thinking)
        self.state: RunState | None = None
        self._pieces: list[str] | None = None
        self._stream: MarkdownStream | None = None
        self._read = 0
        if message.status is Status.STREAMING:
            self._begin()

    @property
    def key(self) -> int:
        """The message's id."""
        return self.message.id

    @property
    def is_user(self) -> bool:
        """Whether the message is the user's."""
        return self.message.role is Role.USER

    @property
    def is_live(self) -> bool:
        """Whether text is still arriving."""
        return self._pieces is not None

    @property
    def is_parsed(self) -> bool:
        """Whether the blocks show all of the text that has arrived."""
        return self.is_live or self._read > len(self.message.content)

    @property
    def has_text(self) -> bool:
        """Whether any text has arrived."""
        return bool(self.message.content if self._pieces is None else self._pieces)

    @property
    def text(self) -> str:
        """The message's text as far as it has arrived; joined when it is asked for, so not for every token."""
        if self._pieces is None:
            return self.message.content
        self._pieces[:] = ["".join(self._pieces)] if self._pieces else []
        return self._pieces[0] if self._pieces else ""

    @property
    def thinking(self) -> str:
        """The thinking as far as it has arrived."""
        return "".join(self.thoughts)

    @property
    def count(self) -> int:
        """How many blocks there are."""
        return len(self.closed) + len(self.tail)

    def block(self, index: int) -> Block:
        """Return a block by its number."""
        return self.closed[index] if index < len(self.closed) else self.tail[index - len(self.closed)]

    def blocks(self) -> Sequence[Block]:
        """Return all blocks there are."""
        return (*self.closed, *self.tail)

    def parse_slice(self) -> int:
        """Read a little more of a stored message; return the number of the first block that changed."""
        if self.message.role is not Role.ASSISTANT:
            self._read = len(self.message.content) + 1
            self.closed = _as_written(self.message.content)
            return 0
        if self._stream is None:
            self._stream = _new_stream()
        end = self._read + PARSE_SLICE_CHARS
        first = self._apply(self._stream.feed(self.message.content[self._read : end]))
        self._read = end
        if self._read >= len(self.message.content):
            self._read = len(self.message.content) + 1
            first = min(first, self._apply(self._stream.finish()))
            self._stream = None
        return first

    def add(self, text: str) -> int:
        """Take more text of a living answer; return the number of the first block that changed."""
        assert self._stream is not None, "a living item has a stream"
        assert self._pieces is not None, "a living item has its text"
        self._pieces.append(text)
        return self._apply(self._stream.feed(text))

    def add_thinking(self, text: str) -> int:
        """Take more thinking; return the number of the first thought that changed."""
        first = max(0, len(self.thoughts) - 1)
        if not self.thoughts:
            self.thoughts.append("")
        self.thoughts[-1:] = _thoughts(self.thoughts[-1] + text)
        return first

    def take(self, message: Message) -> int | None:
        """Take the message as it is stored now; return the number of the first block that changed, None for none."""
        if message.status is Status.STREAMING and self.is_live:
            self.message = message
            return None
        if message.status is Status.STREAMING:
            self.message = message
            self._begin()
            return 0
        if not self.is_live and message.content == self.message.content:
            same = message.status is self.message.status
            self.message = message
            return None if same else len(self.closed)
        same = self._pieces is not None and message.content == self.text
        self.message, self.state, self._pieces = message, None, None
        if message.thinking != self.thinking:
            self.thoughts = _thoughts(message.thinking)
        if same and self._stream is not None:
            first = self._apply(self._stream.finish())
            self._read = len(message.content) + 1
            self._stream = None
            return first
        self.closed, self.tail, self._stream, self._read = [], (), None, 0
        return 0

    @property
    def is_unfinished(self) -> bool:
        """Whether the text ended before the model had said all."""
        return self.message.status in (Status.STOPPED, Status.FAILED, Status.INTERRUPTED) and not self.is_live

    def _begin(self) -> None:
        self.closed, self.tail, self._stream, self._pieces = [], (), _new_stream(), []
        if self.message.content:
            self.add(self.message.content)

    def _apply(self, update: Update) -> int:
        first = len(self.closed)
        for index, block in update.revised:
            if index < len(self.closed):
                self.closed[index] = block
                first = min(first, index)
        before = len(self.closed)
        self.closed.extend(update.closed)
        for index, block in update.revised:
            if index >= before:
                self.closed[index] = block
        self.tail = update.tail
        return first


def _thoughts(text: str) -> list[str]:
    """Cut thinking into pieces that lay out quickly, at line ends where possible."""
    result = []
    while len(text) > _THOUGHT_CHARS:
        end = text.rfind("\n", _THOUGHT_CHARS // 2, _THOUGHT_CHARS) + 1
        end = end or text.rfind(" ", _THOUGHT_CHARS // 2, _THOUGHT_CHARS) + 1 or _THOUGHT_CHARS
        result.append(text[:end])
        text = text[end:]
    if text:
        result.append(text)
    return result


def _new_stream() -> MarkdownStream:
    from desktop.domain.markdown import MarkdownStream  # not before the first paint

    return MarkdownStream()


def _as_written(text: str) -> list[Block]:
    from desktop.domain.markdown_written import written  # not before the first paint

    return list(written(text))
