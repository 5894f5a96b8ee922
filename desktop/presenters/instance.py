"""One window per data folder: a second start asks the first one to come forward, through a local socket.

The right to be the window is a lock in the data folder (`storage/instance.py`); the socket only carries the wish, and
lies in that folder too, where nobody else may write, as long as the system takes so long a name.
"""

import hashlib
import os
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

ANSWER_LIMIT_MS = 1500
LONGEST_PATH = 100
"""Unix sockets have names of 104 to 108 bytes at most."""


def _name(folder: Path) -> str:
    """Return the socket's name: one per data folder and user, short enough for every system."""
    path = folder / "window.sock"
    if sys.platform != "win32" and len(os.fsencode(path)) <= LONGEST_PATH:
        return str(path)
    owner = str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    return "sobremesa-" + hashlib.blake2b(f"{owner}:{folder}".encode(), digest_size=10).hexdigest()


def raise_first_window(folder: Path, *, session_id: str = "") -> bool:
    """Ask the running window of `folder` to come forward, and to open a session; return whether it answered."""
    socket = QLocalSocket()
    socket.connectToServer(_name(folder))
    if not socket.waitForConnected(ANSWER_LIMIT_MS):
        return False
    socket.write(session_id.encode("utf-8", "replace") + b"\n")
    socket.waitForBytesWritten(ANSWER_LIMIT_MS)
    answered = socket.bytesAvailable() > 0 or socket.waitForReadyRead(ANSWER_LIMIT_MS)
    socket.disconnectFromServer()
    return answered


class FirstWindow(QObject):
    """Listens for later starts. Fact: `raise_requested`, with the id of the session to open, or nothing."""

    raise_requested = Signal(str)

    def __init__(self, *, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def listen(self) -> bool:
        """Begin to listen; a socket that a killed window left behind is replaced. The caller holds the lock."""
        QLocalServer.removeServer(_name(self._folder))
        return self._server.listen(_name(self._folder))

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    @Slot()
    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        socket.disconnected.connect(socket.deleteLater)
        socket.readyRead.connect(lambda: self._on_wish(socket))

    def _on_wish(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            return
        wish = bytes(socket.readLine(1000).data()).decode("utf-8", "replace").strip()
        socket.write(b"here\n")
        socket.flush()
        self.raise_requested.emit(wish)
