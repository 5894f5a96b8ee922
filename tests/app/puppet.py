"""The real program in a process of its own, moved by lines on standard input: `python -m tests.app.puppet ARGV…`.

It runs `desktop.__main__.main` as a person's start does, and looks at nothing but widgets. Each line is a JSON object
with `do`; each gets one line with a JSON object back. With `TEST_AUDIT` set, files opened and addresses asked for are
noted from before the first import on.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

NOTED: list[tuple[str, str]] = []
_EVENTS = ("open", "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "subprocess.Popen")


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _EVENTS:
        NOTED.append((event, repr(arguments[1] if event == "socket.connect" else arguments[0])))


if os.environ.get("TEST_AUDIT"):
    sys.addaudithook(_note)

from PySide6.QtCore import QObject, QSocketNotifier, Qt, Slot  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPlainTextEdit, QWidget  # noqa: E402

from desktop.__main__ import main  # noqa: E402

if TYPE_CHECKING:
    from desktop.ui.window import MainWindow


def _words(widget: QWidget) -> str:
    """Return what a widget says, if it is one that only says something."""
    if isinstance(widget, QPlainTextEdit) and widget.isReadOnly():
        return widget.toPlainText()
    if isinstance(widget, QLabel) or type(widget).__name__ == "Paragraph":
        return str(widget.text())  # type: ignore[attr-defined]
    return ""


class Strings(QObject):
    """Does what the lines say."""

    def __init__(self) -> None:
        super().__init__()
        self._rest = b""
        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_lines)
        self._raised = 0

    @Slot()
    def _on_lines(self) -> None:
        data = os.read(0, 1 << 20)
        if not data:
            self._notifier.setEnabled(False)
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            asked = json.loads(line)
            do: Callable[..., dict[str, Any]] = getattr(self, "do_" + asked.pop("do"))
            os.write(1, json.dumps(do(**asked)).encode() + b"\n")

    @property
    def _window(self) -> "MainWindow | None":
        return next((w for w in QApplication.topLevelWidgets() if w.objectName() == "mainWindow"), None)  # type: ignore[return-value]

    def do_look(self) -> dict[str, Any]:
        """Say what the window shows."""
        from desktop.ui.transcript.view import TranscriptView

        window = self._window
        if window is None:
            return {"visible": False, "ready": False, "messages": [], "titles": [], "labels": [], "banner": ""}
        view = window.findChild(TranscriptView)
        sessions = window.sidebar.view.model()
        model = view._model if view is not None else None
        items = [model.item(row) for row in range(model.rowCount())] if model is not None else []
        return {
            "visible": window.isVisible(),
            "minimized": window.isMinimized(),
            "ready": view is not None,
            "messages": [(item.message.role.value, item.message.status.value, item.text) for item in items],
            "titles": [sessions.index(row, 0).data() for row in range(sessions.rowCount())],
            "labels": [_words(each) for each in window.findChildren(QWidget) if each.isVisible() and _words(each)],
            "banner": window.banner.text(),
            "title": window.windowTitle(),
            "send": window.composer.send.isEnabled(),
            "draft": window.composer.text(),
        }

    def do_send(self, text: str) -> dict[str, Any]:
        """Type a message and press Enter."""
        assert self._window is not None
        box = self._window.composer.input
        QTest.keyClicks(box, text)
        QTest.keyClick(box, Qt.Key.Key_Return)
        return {}

    def do_type(self, text: str) -> dict[str, Any]:
        """Type without sending."""
        assert self._window is not None
        QTest.keyClicks(self._window.composer.input, text)
        return {}

    def do_press(self, text: str) -> dict[str, Any]:
        """Click the first visible button with this text."""
        for widget in QApplication.topLevelWidgets():
            for button in widget.findChildren(QAbstractButton):
                if button.isVisible() and text in button.text():
                    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
                    return {"pressed": True}
        return {"pressed": False}

    def do_trigger(self, name: str) -> dict[str, Any]:
        """Choose a command of the menus."""
        from PySide6.QtGui import QAction

        assert self._window is not None
        action = self._window.findChild(QAction, name)
        assert isinstance(action, QAction)
        action.trigger()
        return {}

    def do_open(self, row: int) -> dict[str, Any]:
        """Choose a session of the sidebar by its row."""
        assert self._window is not None
        view = self._window.sidebar.view
        view.setCurrentIndex(view.model().index(row, 0))
        QTest.keyClick(view, Qt.Key.Key_Return)
        return {}

    def do_minimize(self) -> dict[str, Any]:
        """Put the window away."""
        assert self._window is not None
        self._window.showMinimized()
        return {}

    def do_scroll(self, share: float) -> dict[str, Any]:
        """Scroll the transcript and paint it."""
        from desktop.ui.transcript.view import TranscriptView

        assert self._window is not None
        view = self._window.findChild(TranscriptView)
        assert isinstance(view, TranscriptView)
        bar = view.verticalScrollBar()
        bar.setValue(round(bar.maximum() * share))
        return {"painted": not self._window.grab().isNull()}

    def do_noted(self) -> dict[str, Any]:
        """Return what was noted since the last time."""
        noted, NOTED[:] = list(NOTED), []
        return {"noted": noted, "litellm": "litellm" in sys.modules}

    def do_raise_mistake(self, text: str) -> dict[str, Any]:
        """Let a mistake reach the excepthook from a slot, as one of ours would."""
        from PySide6.QtCore import QTimer

        def mistake() -> None:
            raise RuntimeError(text)

        QTimer.singleShot(0, self, mistake)
        return {}


if __name__ == "__main__":
    application = QApplication(["puppet"])
    strings = Strings()
    sys.exit(main(sys.argv[1:]))
