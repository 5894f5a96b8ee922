"""One message as the transcript shows it: stored or still arriving, with its text as blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from desktop.domain.faults import Fault
from desktop.domain.messages import Message, Role, Status
from desktop.domain.thoughts import thought_pieces

if TYPE_CHECKING:
    from desktop.domain.markdown import MarkdownStream, Update
    from desktop.domain.markdown_blocks import Block
    from desktop.domain.summaries import StoredSummary

PARSE_SLICE_CHARS = 1_000
_CHARS_PER_STEP = 250
_PACE_S = 1.0
_CHARS_PER_TOKEN = 4
_MOST_FOLLOW_UPS, _LONGEST_FOLLOW_UP = 3, 140


class RunPhase(StrEnum):
    """What a run is doing while its answer is not there yet."""

    LOADING = "loading"
    SENT = "sent"
    THINKING = "thinking"
    WRITING = "writing"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunState:
    """The face of a living run: `WAITING` counts `seconds` down to `attempt` of `attempts` after a `fault`.

    `SENT` counts them up once the provider has kept silent for long.
    """

    phase: RunPhase
    tokens_per_s: float = 0.0
    seconds: int = 0
    attempt: int = 1
    attempts: int = 1
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Covered:
    """What a new version of an older answer has taken out of sight: so many later messages, under another version."""

    count: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """A summary of the messages down to one; `is_sent` where it is the one that stands for them in a request."""

    summary: StoredSummary
    is_sent: bool


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
        self.thoughts: list[str] = thought_pieces(message.thinking)
        self.state: RunState | None = None
        self.covers: Covered | None = None
        self.fold: Fold | None = None
        self.is_leaf = False
        self.provider_name = ""
        self._pieces: list[str] | None = None
        self._stream: MarkdownStream | None = None
        self._written: Iterator[Block | None] | None = None
        self._source = message.content
        self._read = 0
        self._is_read = False
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
    def follow_ups(self) -> tuple[str, ...]:
        """What could be asked next, as a model suggested it below the last answer; each is one line."""
        found = self.message.metadata.get("follow_ups")
        if not self.is_leaf or self.is_live or self.is_user or not isinstance(found, (list, tuple)):
            return ()
        lines = [" ".join(each.split())[:_LONGEST_FOLLOW_UP] for each in found if isinstance(each, str)]
        return tuple(filter(None, lines))[:_MOST_FOLLOW_UPS]

    @property
    def is_parsed(self) -> bool:
        """Whether the blocks show all of the text that has arrived."""
        return self._is_read or (self.is_live and self._read == len(self._source))

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

    def parse_slice(self, chars: int = PARSE_SLICE_CHARS) -> int:
        """Read a little more of the text that is there; return the number of the first block that changed."""
        if self.message.role is not Role.ASSISTANT:
            return self._parse_written(max(1, chars // _CHARS_PER_STEP))
        if self._stream is None:
            self._stream = _new_stream()
        end = self._read + chars
        first = self._apply(self._stream.feed(self._source[self._read : end]))
        self._read = min(end, len(self._source))
        if self._pieces is None and self._read == len(self._source):
            first = min(first, self._apply(self._stream.finish()))
            self._stream, self._source, self._read = None, "", 0
            self._is_read = True
        return first

    def _parse_written(self, steps: int) -> int:
        if self._written is None:
            self._written = _as_written(self.message.content)
        first = self.count
        taken = list(islice(self._written, steps))
        self.closed.extend(block for block in taken if block is not None)
        if len(taken) < steps:
            self._is_read, self._written = True, None
        return first

    def add(self, text: str) -> None:
        """Take more text of a living answer; it is read by `parse_slice`."""
        assert self._pieces is not None, "a living item has its text"
        self._pieces.append(text)
        self._source = self._source[self._read :] + text
        self._read = 0

    def add_thinking(self, text: str) -> int:
        """Take more thinking; return the number of the first thought that changed."""
        first = max(0, len(self.thoughts) - 1)
        if not self.thoughts:
            self.thoughts.append("")
        self.thoughts[-1:] = thought_pieces(self.thoughts[-1] + text)
        return first

    def take(self, message: Message) -> int | None:
        """Take the message as it is stored now; return the number of the first block that changed, None for none."""
        before, text = self.message, self.message.content if self._pieces is None else self.text
        was_live, is_live = self.is_live, message.status is Status.STREAMING
        self.message = message
        if message.thinking != self.thinking:
            self.thoughts = thought_pieces(message.thinking)
        if is_live and was_live:
            return None
        if is_live:
            self._begin()
            return 0
        self.state, self._pieces = None, None
        if message.content != text:
            self._restart()
            return 0
        if was_live:
            return self.parse_slice()
        return None if before.status is message.status else self.count

    def _restart(self) -> None:
        self.closed, self.tail, self._stream, self._written = [], (), None, None
        self._source, self._read, self._is_read = self.message.content, 0, False

    def _begin(self) -> None:
        self._restart()
        self._source, self._pieces = "", []
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


def _new_stream() -> MarkdownStream:
    from desktop.domain.markdown import MarkdownStream  # not before the first paint

    return MarkdownStream()


def _as_written(text: str) -> Iterator[Block | None]:
    from desktop.domain.markdown_written import written_steps  # not before the first paint

    return written_steps(text)
