"""The scripted provider: answers that are written beforehand, for tests, `--demo` and screenshots.

It ships inside the package so that nothing of ours needs to be mocked or patched: whatever a real provider can do on
the way (think, pause, fail, call a tool, break off) is a step of a script.
"""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace

from desktop.domain.events import Finished, StreamEvent, TextDelta, ThinkingDelta, ToolCallDelta
from desktop.domain.faults import Fault, ProviderError
from desktop.domain.messages import Role
from desktop.domain.requests import ChatRequest

REQUESTS_KEPT = 100
HOLD_INTERVAL_S = 0.002


@dataclass(frozen=True, slots=True)
class Say:
    """Text in pieces of `size` characters (0: in one), `pace` of them per second (0: at once; None: the provider's)."""

    text: str
    size: int = 5
    pace: float | None = None


@dataclass(frozen=True, slots=True)
class Think:
    """Thinking, in pieces like text."""

    text: str
    size: int = 5
    pace: float | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Silence for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Hold:
    """Silence until someone, in any thread, sets the event."""

    released: threading.Event


@dataclass(frozen=True, slots=True)
class Fail:
    """The end by a fault."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call, whose arguments come in pieces of `size` characters."""

    name: str
    arguments: str = "{}"
    index: int = 0
    id: str = "call_0"
    size: int = 8


Step = Say | Think | Wait | Hold | Fail | Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """An answer to questions that hold `when` (whatever the case), used at most `times` times (None: always).

    `ending` None lets the stream break off without an end. An empty `model` in it becomes the name that was asked for.
    """

    steps: tuple[Step, ...] = ()
    when: str = ""
    times: int | None = None
    ending: Finished | None = field(default_factory=lambda: Finished(cost=0.0))


class ScriptedProvider:
    """Answers by the first script that fits the last question; without one it says the question again.

    `pace` is in pieces per second, 0 for none. `requests` are the newest that came, `open_streams` counts what is being
    answered: a test can see what was sent, and that a stop has closed the stream.
    """

    def __init__(self, *, scripts: Sequence[Script] = (), pace: float = 0.0) -> None:
        self._scripts = tuple(scripts)
        self._uses = [0] * len(self._scripts)
        self._pace = pace
        self.requests: deque[ChatRequest] = deque(maxlen=REQUESTS_KEPT)
        self.open_streams = 0

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Play the script that fits, without what an answer that goes on has already said."""
        self.requests.append(request)
        script = self._script(_question(request))
        self.open_streams += 1
        try:
            for step in _unsaid(script.steps, _begun(request)):
                async for event in self._play(step):
                    yield event
            if script.ending is not None:
                yield replace(script.ending, model=script.ending.model or request.model.name)
        finally:
            self.open_streams -= 1

    def _script(self, question: str) -> Script:
        for number, script in enumerate(self._scripts):
            left = script.times is None or self._uses[number] < script.times
            if left and script.when.casefold() in question.casefold():
                self._uses[number] += 1
                return script
        return Script(steps=(Say(question),))

    async def _play(self, step: Step) -> AsyncGenerator[StreamEvent, None]:
        match step:
            case Say():
                async for piece in self._paced(step):
                    yield TextDelta(piece)
            case Think():
                async for piece in self._paced(step):
                    yield ThinkingDelta(piece)
            case Wait():
                await asyncio.sleep(step.seconds)
            case Hold():
                # A threading event, not one of asyncio: whoever releases it lives on another loop.
                while not step.released.is_set():  # noqa: ASYNC110
                    await asyncio.sleep(HOLD_INTERVAL_S)
            case Fail():
                raise ProviderError(step.fault)
            case Call():
                yield ToolCallDelta(step.index, id=step.id, name=step.name)
                for piece in _pieces(step.arguments, step.size):
                    yield ToolCallDelta(step.index, arguments=piece)

    async def _paced(self, step: Say | Think) -> AsyncGenerator[str, None]:
        pace = self._pace if step.pace is None else step.pace
        loop = asyncio.get_running_loop()
        started = loop.time()
        for number, piece in enumerate(_pieces(step.text, step.size), 1):
            await asyncio.sleep(max(0.0, started + number / pace - loop.time()) if pace else 0.0)
            yield piece


def _pieces(text: str, size: int) -> list[str]:
    width = size or max(1, len(text))
    return [text[start : start + width] for start in range(0, len(text), width)]


def _question(request: ChatRequest) -> str:
    return next((message.content for message in reversed(request.messages) if message.role is Role.USER), "")


def _begun(request: ChatRequest) -> str:
    """Return the answer that shall go on: the last message, where it is one."""
    last = request.messages[-1] if request.messages else None
    return last.content if last is not None and last.role is Role.ASSISTANT else ""


def _unsaid(steps: Sequence[Step], begun: str) -> list[Step]:
    """Return the steps without the text `begun` and the thinking before it; all of them where it is not theirs."""
    whole = "".join(step.text for step in steps if isinstance(step, Say))
    if not begun or not whole.startswith(begun):
        return list(steps)
    left: list[Step] = []
    said = len(begun)
    for step in steps:
        if isinstance(step, Say):
            if len(step.text) > said:
                left.append(replace(step, text=step.text[said:]))
            said = max(0, said - len(step.text))
        elif not said:
            left.append(step)
    return left
