"""Shows one hostile text, stored, typed and arriving, and prints the longest gap of the loop and the memory it took."""

import gc
import json
import sys
from collections.abc import Callable
from time import perf_counter, thread_time

from child import resident_mb
from gaps import Heart
from hostile import LIMIT_S, TEXTS, TICK_CHARS, TICK_MS
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from desktop.app import SWITCH_INTERVAL_S
from desktop.domain.messages import Message, Role, Status
from desktop.presenters.transcript import TranscriptListModel
from desktop.ui.theme import load_theme
from desktop.ui.transcript.view import TranscriptView

_WARM = "# Warm\n\n`code` **bold** $x^2$\n\n$$\ny\n$$\n\n```python\nx = 1\n```\n\n|a|b|\n|-|-|\n|1|2|\n\n> quote"


def _message(number: int, content: str, role: Role = Role.ASSISTANT, status: Status = Status.COMPLETE) -> Message:
    return Message(
        id=number, uid=str(number), session_id="s", parent_id=None, depth=0, role=role, content=content, created_at=0,
        status=status, model="maker/model",
    )  # fmt: skip


class Pulse(Heart):
    """Notes beside each gap how long this thread has worked in it: what is left was the machine's."""

    def begin(self) -> None:
        """Forget what was and begin to count."""
        self.work_ms: list[float] = []
        self._worked = thread_time()
        super().begin()

    def _on_beat(self) -> None:
        super()._on_beat()
        now = thread_time()
        self.work_ms.append((now - self._worked) * 1000)
        self._worked = now

    def longest(self) -> tuple[float, float]:
        """Stop; return the longest gap and the longest work in one, in milliseconds."""
        return max(self.end()), max(self.work_ms)


class Window:
    """A transcript, and a heart that beats beside it."""

    def __init__(self) -> None:
        self.model = TranscriptListModel()
        self.view = TranscriptView(theme=load_theme("light"), model=self.model)
        self.view.resize(900, 1_000)
        self.view.show()
        self.heart = Pulse()
        self._number = 0

    def run(self, until: Callable[[], bool], limit_s: float = LIMIT_S) -> None:
        """Let the loop run until something is so."""
        loop, end = QEventLoop(), perf_counter() + limit_s
        watch = QTimer()
        watch.timeout.connect(lambda: loop.quit() if until() or perf_counter() > end else None)
        watch.start(20)
        loop.exec()

    def show(self, text: str, role: Role) -> tuple[float, float]:
        """Show a stored message, scroll through it, and return the longest gap and the longest work in one."""
        self._number += 1
        self.heart.begin()
        QTimer.singleShot(0, lambda: self.model.show([_message(self._number, text, role)], has_older=False))
        self.run(lambda: False, 0.3)
        self.run(self.is_settled)
        bar = self.view.verticalScrollBar()
        for part in (0, 1, 2, 3, 4):
            QTimer.singleShot(0, lambda part=part: bar.setValue(bar.maximum() * part // 4))
            self.run(lambda: False, 0.15)
            self.run(self.is_settled, 3)
        return self.heart.longest()

    def stream(self, text: str) -> tuple[float, float]:
        """Let a text arrive and return the longest gap and the longest work in one."""
        self._number += 1
        number, at = self._number, 0
        self.model.show([_message(number, "", status=Status.STREAMING)], has_older=False)
        self.run(self.is_settled)
        self.heart.begin()
        arriving = QTimer()

        def arrive() -> None:
            nonlocal at
            if at < len(text):
                self.model.add_text(number, text=text[at : at + TICK_CHARS])
                at += TICK_CHARS

        arriving.timeout.connect(arrive)
        arriving.start(TICK_MS)
        self.run(lambda: at >= len(text) and self.is_settled())
        return self.heart.longest()

    def is_settled(self) -> bool:
        """Whether all that is in sight has been read and laid out."""
        return bool(self.view.is_settled and not self.model.is_reading)

    def close(self) -> None:
        """Show nothing and be gone."""
        self.model.show([], has_older=False)
        self.view.close_threads()
        self.view.close()
        self.view.deleteLater()
        self.model.deleteLater()
        self.run(lambda: False, 0.1)


def main() -> None:
    """Show the text whose name is given."""
    app = QApplication([])
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.freeze()
    gc.disable()
    text = TEXTS[sys.argv[1]]()
    warm = Window()
    warm.show(_WARM, Role.ASSISTANT)
    warm.run(lambda: False, 0.7)
    warm.close()
    gc.collect()
    before = resident_mb()
    window = Window()
    stored = window.show(text, Role.ASSISTANT)
    shown = resident_mb()
    typed = window.show(text, Role.USER)
    streamed = window.stream(text)
    most = resident_mb()
    window.close()
    del window
    gc.collect()
    after = resident_mb()
    found = {
        "name": sys.argv[1],
        "stored_ms": stored[0],
        "typed_ms": typed[0],
        "streamed_ms": streamed[0],
        "work_ms": [stored[1], typed[1], streamed[1]],
        "text_mb": len(text) / 1e6,
        "shown_mb": shown - before,
        "most_mb": most - before,
        "kept_mb": after - before,
    }
    print(json.dumps(found))
    app.quit()


if __name__ == "__main__":
    main()
