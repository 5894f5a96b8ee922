"""The processes that measure the transcript of a session of 100,000 messages; each prints one line of JSON and ends.

`open`: how long a session takes to be painted, long and short by turns. `jump`: to random messages. `wheel`: one frame
after the other. `stream`: an answer at full speed while somebody scrolls and types. `memory`: with one session open.
`through`: memory before and after going through all of it.
"""

import asyncio
import random
import sys
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any

from child import ready, report, resident_mb
from gaps import Heart, percentile
from long_session import LONG, SHORT, SIZES

FRAME_S = 0.016
JUMPS = 60
FRAMES = 900
PAGES = 1_000


class Reader:
    """The real window, and somebody who reads in it."""

    def __init__(self, folder: str, *options: str) -> None:
        from PySide6.QtWidgets import QApplication

        from desktop.app import build

        self.desktop = build(["--data-dir", folder, *options])
        self.app: Any = QApplication.instance()
        self.view: Any = None

    async def begin(self) -> None:
        """Wait until everything is loaded that is loaded beside the window."""
        await ready(self.desktop)
        while (view := self.desktop.place.focusProxy()) is None:
            await asyncio.sleep(0.01)
        self.view = view

    @property
    def is_settled(self) -> bool:
        """Whether all that is in sight has been read and laid out."""
        view, model = self.view, self.desktop.transcript
        return bool(view.is_settled and not model.is_reading)

    async def settle(self) -> None:
        """Wait until what is in sight is there, and paint it."""
        while not self.is_settled:
            await asyncio.sleep(0.002)
        self.view.viewport().repaint()

    async def open(self, session_id: str) -> float:
        """Open a session; return the milliseconds until it is painted."""
        began = perf_counter()
        self.desktop.chat.open(session_id)
        while self.desktop.chat.session_id != session_id:
            await asyncio.sleep(0.002)
        await self.settle()
        if SIZES[session_id] and not self.view.blocks():
            raise SystemExit("the transcript shows nothing")
        return (perf_counter() - began) * 1000

    async def jump(self, message_id: int) -> float:
        """Go to a message; return the milliseconds until it is painted at its place."""
        began = perf_counter()
        self.desktop.chat.pages.go_to(message_id)
        while self.desktop.transcript.row_of(message_id) < 0:
            await asyncio.sleep(0.002)
        await self.settle()
        if message_id not in {block.item.key for block in self.view.blocks()}:
            raise SystemExit("a jump went somewhere else")
        return (perf_counter() - began) * 1000

    def wheel(self, turns: int) -> None:
        """Turn the wheel over the text."""
        from PySide6.QtCore import QPoint, QPointF, Qt
        from PySide6.QtGui import QWheelEvent

        area = self.view.viewport()
        at = QPointF(area.rect().center())
        event = QWheelEvent(
            at, QPointF(area.mapToGlobal(at.toPoint())), QPoint(0, 0), QPoint(0, 120 * turns), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        self.app.sendEvent(area, event)

    def type_letter(self) -> None:
        """Press a key in the message box."""
        from PySide6.QtCore import QEvent, Qt
        from PySide6.QtGui import QKeyEvent

        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            self.app.sendEvent(
                self.desktop.window.composer.input,
                QKeyEvent(kind, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a"),
            )


async def opening(reader: Reader, rounds: str) -> dict[str, Any]:
    """Open the long and the short session by turns."""
    times: dict[str, list[float]] = {LONG: [], SHORT: []}
    for number in range(int(rounds) + 1):
        for session_id, found in times.items():
            spent = await reader.open(session_id)
            if number:  # the first time brings both into the file cache
                found.append(spent)
    return times


async def jumping(reader: Reader) -> dict[str, Any]:
    """Jump to random messages."""
    await reader.open(LONG)
    dice = random.Random(7)
    times = [await reader.jump(dice.randrange(1, SIZES[LONG])) for _ in range(JUMPS)]
    return {"p95_ms": percentile(times, 0.95), "worst_ms": max(times)}


async def wheeling(reader: Reader) -> dict[str, Any]:
    """Turn the wheel once a frame, up and down, from the middle of the session."""
    await reader.open(LONG)
    await reader.jump(SIZES[LONG] // 2)
    times = []
    for number in range(FRAMES):
        began = perf_counter()
        reader.wheel(1 if number < FRAMES * 2 // 3 else -2)
        reader.view.viewport().repaint()
        times.append((perf_counter() - began) * 1000)
        await asyncio.sleep(max(0.001, FRAME_S - times[-1] / 1000))
    if not reader.is_settled or not reader.view.blocks():
        raise SystemExit("the wheel left the text behind")
    return {"p99_ms": percentile(times, 0.99), "worst_ms": max(times), "p50_ms": percentile(times, 0.5)}


async def streaming(reader: Reader) -> dict[str, Any]:
    """Scroll and type while an answer arrives."""
    from desktop.domain.runs import RunEnded

    await reader.open(LONG)
    reader.desktop.chat.choose_model("direct/wire-1")
    done = asyncio.get_running_loop().create_future()

    def on_updated(updates: Any) -> None:
        if any(isinstance(update, RunEnded) for update in updates) and not done.done():
            done.set_result(None)

    heart = Heart()
    await asyncio.sleep(0.5)
    heart.begin()
    await asyncio.sleep(1.0)
    idle = max(heart.end())
    reader.desktop.bridge.updated.connect(on_updated)
    reader.desktop.window.composer.set_text("Go")
    reader.desktop.window.composer.send.click()
    await asyncio.sleep(0.1)
    heart.begin()
    number = 0
    while not done.done():
        reader.wheel((2, -2)[number // 60 % 2])
        if number % 3 == 0:
            reader.type_letter()
        number += 1
        await asyncio.sleep(FRAME_S)
    gaps = heart.end()
    return {"idle_ms": idle, "longest_ms": max(gaps), "p99_ms": percentile(gaps, 0.99), "turns": number}


async def remembering(reader: Reader, session_id: str) -> dict[str, Any]:
    """Open one session and look at the memory."""
    await reader.open(session_id)
    await asyncio.sleep(1.0)
    return {"resident_mb": resident_mb()}


async def going_through(reader: Reader) -> dict[str, Any]:
    """Drag the handle from the end to the beginning and back, and look at the memory at the end of both ways."""
    await reader.open(LONG)
    bar = reader.view.verticalScrollBar()
    for step in range(PAGES // 10):  # what is kept for good, like fonts and recycled widgets, is there before
        bar.setValue(bar.maximum() - step * bar.maximum() // PAGES)
        await reader.settle()
    before = resident_mb()
    for step in (*range(PAGES), *range(PAGES, -1, -1)):
        bar.setValue(bar.maximum() - step * bar.maximum() // PAGES)
        await reader.settle()
    return {"before_mb": before, "after_mb": resident_mb()}


def main(argv: list[str]) -> None:
    """Run the part that is named, on the database in a folder."""
    name, folder, *rest = argv
    parts: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {
        "open": opening,
        "jump": jumping,
        "wheel": wheeling,
        "stream": streaming,
        "memory": remembering,
        "through": going_through,
    }
    options = ("--model", "wire-1", "--api-base", rest.pop(0)) if name == "stream" else ()
    reader = Reader(folder, *options)

    async def walk() -> None:
        await reader.begin()
        report(await parts[name](reader, *rest))

    reader.desktop.loop.run_until_complete(walk())


if __name__ == "__main__":
    main(sys.argv[1:])
