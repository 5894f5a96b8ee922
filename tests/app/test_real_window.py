"""The real window under a real X server, moved from outside by xdotool: nothing of the program is imported here."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.conftest import Serve
from tests.app.processes import command, environment, listed, running, shown, until
from tests.app.test_talking import SLOW
from tests.wire.script import Script

TOOLS = ("Xvfb", "xdotool")


@pytest.fixture
def display(tmp_path: Path) -> Iterator[str]:
    """A screen that nobody sees. Where CI forgot to install it that is a failure, not a reason to skip."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing and os.environ.get("CI"):
        pytest.fail(f"install {', '.join(missing)}: the real window has to be tried")
    if missing:
        pytest.skip(f"{', '.join(missing)} not installed")
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=(writer,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as told:
        number = told.readline().strip()
    assert number, "Xvfb did not start"
    yield f":{number}"
    server.terminate()
    server.wait(timeout=10)


class Hands:
    """Keyboard and mouse on one display."""

    def __init__(self, display: str, home: Path) -> None:
        self._env = {**environment(home), "DISPLAY": display}

    def do(self, *words: str) -> str:
        """Run xdotool and return what it says; an empty string where it fails."""
        done = subprocess.run(["xdotool", *words], env=self._env, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    def find(self) -> str:
        """Wait for the window to be on the screen; give it the keyboard, which is a window manager's work elsewhere."""
        found: list[str] = []

        def there() -> bool:
            found[:] = self.do("search", "--onlyvisible", "--name", "Sobremesa$").split()
            return bool(found)

        until(there, "the window on the screen")
        self.do("windowfocus", "--sync", found[-1])
        return found[-1]

    def write(self, text: str) -> None:
        """Type a text."""
        self.do("type", "--delay", "5", text)

    def next_session(self, window: str) -> str:
        """Go to the next session in the list, and return the window's title."""
        self.key("ctrl+Next")
        return self.do("getwindowname", window)

    def key(self, name: str) -> None:
        """Press one key, or several at once as in `ctrl+q`."""
        self.do("key", name)


@pytest.mark.skipif(sys.platform != "linux", reason="X11")
def test_type_send_watch_stop_quit_and_start_again(display: str, tmp_path: Path, serve: Serve) -> None:
    """On a real screen: typed letters go out, the answer comes, Escape stops one, Ctrl+Q ends; all is there again."""
    folder, home = tmp_path / "data", tmp_path / "home"
    server = serve(Script())
    argv = ("--data-dir", str(folder), "--model", "wire-1", "--api-base", server.base)
    real = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    hands = Hands(display, home)

    with running(*argv, home=home, env=real) as first:
        window = hands.find()
        hands.write("What is the capital of France?")
        hands.key("Return")
        until(lambda: server.answers, "the request")
        until(lambda: done(folder, "complete"), "the answer in the database")
        (session,) = listed(folder)
        assert session["title"] == "What is the capital of France?"
        until(lambda: hands.do("getwindowname", window).startswith("What is the capital"), "the window's title")

        server.script = Script(text=SLOW, rate=50)
        hands.write("Count")
        hands.key("Return")
        until(lambda: server.answers[-1].pieces_sent > 20, "the first words")
        hands.key("Escape")
        until(server.answers[-1].closed.is_set, "the closed connection")
        until(lambda: done(folder, "stopped"), "the stopped answer")
        hands.key("ctrl+q")
        said, errors = first.communicate(timeout=60)
        assert (first.returncode, said, errors) == (0, "", "")

    before = shown(folder, session["id"])
    assert [message["status"] for message in before] == ["complete"] * 3 + ["stopped"]
    with running(*argv, home=home, env=real) as second:
        window = hands.find()
        until(lambda: hands.next_session(window).startswith("What is the capital"), "the session in the window")
        hands.key("ctrl+q")
        said, errors = second.communicate(timeout=60)
        assert (second.returncode, said, errors) == (0, "", "")

    assert shown(folder, session["id"]) == before
    path = tmp_path / "talk.md"
    written = command("export", session["id"], "--format", "md", "-o", str(path), folder=folder)
    assert written.returncode == 0, written.stderr
    exported = path.read_text(encoding="utf-8")
    assert "# What is the capital of France?" in exported
    assert "The capital of France is Paris." in exported
    assert before[3]["content"] in exported


def done(folder: Path, status: str) -> bool:
    """Whether the newest session ends with an answer of this status."""
    messages = shown(folder, listed(folder)[0]["id"])
    return (messages[-1]["role"], messages[-1]["status"]) == ("assistant", status)
