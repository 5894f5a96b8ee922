"""A whole answer on its way to the screen: what it costs the window, against laying its final text out once.

The tokens go the way of all answers: over the bridge, which collects what comes within one tick of the screen.
"""

import tempfile
import threading
import time
from typing import Any

from child import SAMPLE, ready, report

CHARS = 20_000
PER_TOKEN = 4
PER_S = 2_500


def laid_out_once(text: str) -> float:
    """Return the CPU time of Qt's own Markdown and layout for a text, in milliseconds."""
    from PySide6.QtGui import QTextDocument

    began = time.thread_time()
    document = QTextDocument()
    document.setMarkdown(text)
    document.setTextWidth(740)
    document.documentLayout().documentSize()
    return (time.thread_time() - began) * 1000


def whole() -> None:
    """Stream an answer of 20 kB in tokens of four characters, as fast as LiteLLM can, and measure the window's CPU."""
    from PySide6.QtCore import QTimer

    from desktop.app import build
    from desktop.domain.messages import Message, Role, Status
    from desktop.domain.runs import RunText

    text = (SAMPLE * (CHARS // len(SAMPLE) + 1))[:CHARS]
    with tempfile.TemporaryDirectory() as folder:
        desktop = build(["--data-dir", folder])

        def message(number: int, role: Role, status: Status) -> Message:
            return Message(
                id=number, uid=str(number), session_id="s", parent_id=number - 1 or None, depth=number - 1, role=role,
                content="Go" if role is Role.USER else "", created_at=0, status=status, model="openai/wire-1",
            )  # fmt: skip

        done = desktop.loop.create_future()
        arrived = 0

        def on_updated(updates: Any) -> None:
            nonlocal arrived
            for update in updates:
                if isinstance(update, RunText):
                    desktop.transcript.add_text(2, text=update.text)
                    arrived += len(update.text)
            if arrived >= len(text) and not done.done():
                QTimer.singleShot(100, lambda: done.set_result(None))

        def send() -> None:
            post = desktop.bridge._post  # noqa: SLF001  # the measure stands where the engine stands
            began = time.perf_counter()
            for number, place in enumerate(range(0, len(text), PER_TOKEN)):
                post(RunText(session_id="s", message_id=2, offset=place, text=text[place : place + PER_TOKEN]))
                late = began + (number + 1) / PER_S - time.perf_counter()
                if late > 0.002:
                    time.sleep(late)

        async def walk() -> None:
            await ready(desktop)
            desktop.window.show_page(None)
            desktop.transcript.show(
                (message(1, Role.USER, Status.COMPLETE), message(2, Role.ASSISTANT, Status.STREAMING)), has_older=False
            )
            desktop.bridge.updated.connect(on_updated)
            laid_out_once(text)
            once = min(laid_out_once(text) for _round in range(5))
            sender = threading.Thread(target=send)
            spent = time.thread_time()
            sender.start()
            await done
            gui = (time.thread_time() - spent) * 1000
            sender.join()
            if desktop.transcript.item(1).text != text:
                raise SystemExit("the answer did not arrive as it was sent")
            view: Any = desktop.place.focusProxy()  # the transcript, which is made on demand
            if not view.blocks():
                raise SystemExit("the transcript shows nothing")
            report({"gui_ms": gui, "once_ms": once})

        desktop.loop.run_until_complete(walk())
