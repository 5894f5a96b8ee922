"""The processes that are measured, one at a time; each prints one line of JSON and ends.

`bare`: a bare PySide6 main window. `start`: this program, from its start to a painted window that takes a letter.
`warm`: the loop's gaps from the first paint until LiteLLM is ready. `stream`: one answer through the window at full
speed. `raw`: the same answer through LiteLLM alone. `work`: what a token costs the window, early and late in an answer.
`whole`: what a whole answer costs it.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def resident_mb() -> float:
    """Return this process's resident memory in MB."""
    for text in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if text.startswith("VmRSS:"):
            return int(text.split()[1]) / 1024
    return 0.0


def report(values: dict[str, Any]) -> None:
    """Print the result and end at once: what a process does at its end is not measured here."""
    print(json.dumps(values), flush=True)
    os._exit(0)


def after_first_paint(widget: Any, then: Callable[[], None]) -> Any:
    """Call `then` in the first turn of the loop behind the first paint of `widget`."""
    from PySide6.QtCore import QEvent, QObject, QTimer

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                watched.removeEventFilter(self)
                QTimer.singleShot(0, then)
            return False

    watch = Watch()
    widget.installEventFilter(watch)
    return watch


def bare() -> None:
    """Show a main window with a text box."""
    from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit

    app = QApplication([])
    window = QMainWindow()
    box = QPlainTextEdit()
    window.setCentralWidget(box)
    window.resize(1280, 820)
    window.show()
    box.setFocus()
    _watch = after_first_paint(
        window, lambda: report({"at": time.monotonic(), "resident_mb": resident_mb(), "typed": type_a_letter(box)})
    )
    app.exec()


def type_a_letter(box: Any) -> bool:
    """Press a key in `box` and return whether it took it."""
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication

    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(box, QKeyEvent(kind, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a"))
    return bool(box.toPlainText() == "a")


def start() -> None:
    """Show the real window on an empty data folder."""
    from desktop.app import build

    with tempfile.TemporaryDirectory() as folder:
        desktop = build(["--data-dir", folder])
        box = desktop.window.composer.input
        _watch = after_first_paint(
            desktop.window,
            lambda: report({"at": time.monotonic(), "resident_mb": resident_mb(), "typed": type_a_letter(box)}),
        )
        desktop.loop.run_forever()


async def ready(desktop: Any) -> None:
    """Wait until LiteLLM can send."""
    gateway = await desktop.bridge.call(_gateway)
    while not gateway.ready:
        await asyncio.sleep(0.01)


async def _gateway(backend: Any) -> Any:
    return backend.gateway


def warm() -> None:
    """Measure the gaps while LiteLLM is loaded."""
    from gaps import Heart

    from desktop.app import build

    with tempfile.TemporaryDirectory() as folder:
        desktop = build(["--data-dir", folder])
        heart = Heart()
        _watch = after_first_paint(desktop.window, heart.begin)

        async def walk() -> None:
            await ready(desktop)
            report({"longest_ms": max(heart.end())})

        desktop.loop.run_until_complete(walk())


def stream(base: str, chunks: int) -> None:
    """Send one message and measure the answer on its way to the screen."""
    from gaps import Heart, percentile

    from desktop.app import build
    from desktop.domain.runs import RunEnded, RunText

    with tempfile.TemporaryDirectory() as folder:
        desktop = build(["--data-dir", folder, "--model", "wire-1", "--api-base", base])
        heart = Heart()
        times: dict[str, float] = {}
        done = desktop.loop.create_future()

        def on_updated(updates: Any) -> None:
            now = time.perf_counter()
            for update in updates:
                if isinstance(update, RunText):
                    times.setdefault("first", now)
                elif isinstance(update, RunEnded):
                    times["last"] = now
                    if not done.done():
                        done.set_result(update.message)

        desktop.bridge.updated.connect(on_updated)

        async def ask() -> Any:
            nonlocal done
            done = desktop.loop.create_future()
            times.clear()
            times["sent"] = time.perf_counter()
            desktop.window.composer.set_text("Go")
            desktop.window.composer.send.click()
            return await done

        async def walk() -> None:
            await ready(desktop)
            await ask()
            await asyncio.sleep(0.5)
            heart.begin()
            await asyncio.sleep(1.0)
            idle = max(heart.end())
            heart.begin()
            message = await ask()
            gaps = heart.end()
            report(
                {
                    "idle_ms": idle,
                    "longest_ms": max(gaps),
                    "p99_ms": percentile(gaps, 0.99),
                    "per_s": chunks / (times["last"] - times["first"]),
                    "first_token_ms": (times["first"] - times["sent"]) * 1000,
                    "characters": len(message.content),
                }
            )

        desktop.loop.run_until_complete(walk())


def raw(base: str, chunks: int) -> None:
    """Receive the same answer with LiteLLM alone."""
    os.environ |= {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_MODE": "PRODUCTION"}
    import litellm

    async def ask() -> tuple[float, float]:
        sent = time.perf_counter()
        answer = await litellm.acompletion(
            model="openai/wire-1",
            api_base=base,
            api_key="none",
            messages=[
                {"role": "system", "content": "You are a helpful assistant."},
                {"role": "user", "content": "Go"},
            ],
            stream=True,
            stream_options={"include_usage": True},
            num_retries=0,
            max_retries=0,
        )
        first = 0.0
        async for chunk in answer:
            if not first and chunk.choices and chunk.choices[0].delta.content:
                first = time.perf_counter()
        return first - sent, chunks / (time.perf_counter() - first)

    async def walk() -> None:
        await ask()
        first_s, per_s = await ask()
        report({"first_token_ms": first_s * 1000, "per_s": per_s})

    asyncio.run(walk())


SAMPLE = (
    "A paragraph of plain words with **some** emphasis and `code`, long enough to be wrapped once or twice.\n\n"
    "- one point\n- another point\n\n```python\ndef fit(messages):\n    return messages[-3:]\n```\n\n"
)


def work() -> None:
    """Feed one answer four characters at a time and measure the window's own CPU time at both ends of it."""
    from PySide6.QtWidgets import QApplication

    from desktop.app import build
    from desktop.domain.messages import Message, Role, Status

    with tempfile.TemporaryDirectory() as folder:
        desktop = build(["--data-dir", folder])
        app = QApplication.instance()
        assert app is not None

        def message(number: int, role: Role, parent: int | None, status: Status) -> Message:
            return Message(
                id=number, uid=str(number), session_id="s", parent_id=parent, depth=number - 1, role=role,
                content="Go" if role is Role.USER else "", created_at=0, status=status, model="openai/wire-1",
            )  # fmt: skip

        question = message(1, Role.USER, None, Status.COMPLETE)
        answer = message(2, Role.ASSISTANT, 1, Status.STREAMING)
        text = SAMPLE * (204_000 // len(SAMPLE) + 1)
        spans = {"early": (1_000, 4_000), "late": (200_000, 203_000)}
        costs: dict[str, float] = {}

        async def walk() -> None:
            await ready(desktop)
            desktop.window.show_page(None)
            desktop.transcript.show((question, answer), has_older=False)
            place = 0
            for name, (begin, end) in spans.items():
                while place < begin:
                    desktop.transcript.add_text(2, text=text[place : place + 200])
                    place += 200
                    app.processEvents()
                spent = time.thread_time()
                tokens = 0
                while place < end:
                    desktop.transcript.add_text(2, text=text[place : place + 4])
                    place += 4
                    tokens += 1
                    app.processEvents()
                costs[name] = (time.thread_time() - spent) / tokens * 1000
            view: Any = desktop.place.focusProxy()  # the transcript, which is made on demand
            blocks = len(view.blocks())
            if not blocks:
                raise SystemExit("the transcript shows nothing")
            report({"early_ms": costs["early"], "late_ms": costs["late"]})

        desktop.loop.run_until_complete(walk())


def whole() -> None:
    """Stream a whole answer; what is measured stands in `answer.py`."""
    from answer import whole as run

    run()


def main(argv: list[str]) -> None:
    """Run the part that is named."""
    name, *rest = argv
    parts: dict[str, Callable[[], None]] = {
        "bare": bare,
        "start": start,
        "warm": warm,
        "stream": lambda: stream(rest[0], int(rest[1])),
        "raw": lambda: raw(rest[0], int(rest[1])),
        "work": work,
        "whole": whole,
    }
    parts[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
