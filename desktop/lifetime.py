"""What surrounds a window's life: being the only one on its data folder, signals of the system, and crashes."""

import signal
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType

from PySide6.QtCore import QCoreApplication, QSocketNotifier

from desktop.domain.faults import StoreError
from desktop.i18n import _
from desktop.presenters.instance import FirstWindow, raise_first_window
from desktop.storage.instance import WindowLock

CRASH_FILE = "crash.log"
CRASH_LIMIT = 100_000


class Lifetime:
    """Made before the window, ended after it."""

    def __init__(self, *, folder: Path) -> None:
        self._folder = folder
        self._lock = WindowLock(folder=folder)
        self._listener: FirstWindow | None = None
        self._notifier: QSocketNotifier | None = None
        self._sockets: tuple[socket.socket, socket.socket] | None = None
        self._former_hooks = sys.excepthook, threading.excepthook
        self._held = False
        self._tell: Callable[[str], object] = lambda _sentence: None

    def is_first(self) -> bool:
        """Whether this process may be the window; a folder that cannot be written has no owner and does no harm."""
        try:
            self._held = self._lock.take()
        except StoreError:
            return True
        return self._held

    def hand_over(self, *, session_id: str = "", model: str = "") -> int:
        """Ask the first window to come up, and to open a session; return the exit code of this start."""
        app = QCoreApplication.instance() or QCoreApplication([])
        answered = raise_first_window(self._folder, session_id=session_id)
        del app
        if answered and model:
            print(_("The window is open already and keeps its model; choose another one there."), file=sys.stderr)
        if answered:
            return 0
        print(
            _("Another window has this data folder open and does not answer. Close it, or choose another --data-dir."),
            file=sys.stderr,
        )
        return 1

    def attach(
        self, *, come_back: Callable[[str], None], close: Callable[[], object], tell: Callable[[str], object]
    ) -> None:
        """Let later starts raise the window, and the system's signals close it; who sends those answers no question.

        `tell` says a sentence to the user, from whichever thread.
        """
        if self._held:  # only the owner of the folder may answer in its name
            self._listener = FirstWindow(folder=self._folder)
            self._listener.raise_requested.connect(come_back)
            self._listener.listen()
        self._watch_signals(close)
        self._tell = tell
        sys.excepthook = self._on_crash
        threading.excepthook = self._on_thread_crash

    def end(self) -> None:
        """Give everything back."""
        sys.excepthook, threading.excepthook = self._former_hooks
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            signal.set_wakeup_fd(-1)
        for end in self._sockets or ():
            end.close()
        if self._listener is not None:
            self._listener.close()
        self._lock.release()

    def _watch_signals(self, close: Callable[[], object]) -> None:
        """Python's handlers run only when Python runs; a byte on a socket wakes Qt, which then runs Python."""
        reader, writer = self._sockets = socket.socketpair()
        for end in self._sockets:
            end.setblocking(False)
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)

        def on_byte() -> None:
            reader.recv(64)

        def on_signal(_number: int, _frame: FrameType | None) -> None:
            close()

        self._notifier.activated.connect(on_byte)
        signal.signal(signal.SIGINT, on_signal)
        signal.signal(signal.SIGTERM, on_signal)

    def _on_crash(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Note where one of our own mistakes happened, never what it was about: a message may hold anybody's words."""
        lines = [f"{kind.__module__}.{kind.__qualname__}"]
        while trace is not None:
            code = trace.tb_frame.f_code
            lines.append(f"  {Path(code.co_filename).name}:{trace.tb_lineno} {code.co_qualname}")
            trace = trace.tb_next
        report = "\n".join(lines) + "\n"
        print(report, file=sys.stderr, end="")
        del error
        self._tell(_("Something went wrong inside the program; crash.log in the data folder says where."))
        try:
            path = self._folder / CRASH_FILE
            old = path.read_text(encoding="utf-8") if path.exists() else ""
            path.write_text((old + report)[-CRASH_LIMIT:], encoding="utf-8")
        except OSError:
            return

    def _on_thread_crash(self, crash: threading.ExceptHookArgs) -> None:
        if crash.exc_value is not None:
            self._on_crash(crash.exc_type, crash.exc_value, crash.exc_traceback)
