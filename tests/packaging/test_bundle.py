"""The application without Python: built as people get it, shown on a display of its own, answered from loopback."""

import json
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tasks.bundle import EXECUTABLE
from tests.wire.openai import OpenAIWire
from tests.wire.script import PARIS, Script
from tests.wire.server import WireServer

ROOT = Path(__file__).resolve().parents[2]
ANSWER = "".join(PARIS)
QUESTION = "What is the capital of France?"
WIDTH, HEIGHT = 1280, 820
pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="drives the window through X11")]


@pytest.fixture(scope="module")
def bundle() -> Path:
    """Build the application and return its executable."""
    command = [sys.executable, str(ROOT / "packaging" / "dev.py"), "bundle"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=1200)
    return EXECUTABLE


@pytest.fixture
def server() -> Iterator[WireServer]:
    """Run a server that speaks OpenAI's protocol on loopback."""
    with WireServer(OpenAIWire(), Script()) as running:
        yield running


@pytest.fixture
def display(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Run an X server without a monitor; return its name and the file that holds what it shows."""
    reader, writer = os.pipe()
    shown = tmp_path / "screen"
    shown.mkdir()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", str(shown)]
    process = subprocess.Popen([*command, "-nolisten", "tcp"], pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as said:
        number = said.readline().strip()
    yield f":{number}", shown / "Xvfb_screen0"
    process.terminate()
    process.wait(10)


def _environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment in which no Python is found."""
    return {"PATH": str(home), "HOME": str(home), "LANG": "C.UTF-8", **more}


def _command(bundle: Path, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(bundle), *arguments, "--data-dir", str(home / "data")]
    environment = _environment(home)
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def _wait_for(ask: Callable[[], list[str]], limit_s: float = 90) -> list[str]:
    """Ask again until the answer is true; each question starts a program, which is pause enough."""
    deadline = time.monotonic() + limit_s
    while not (answer := ask()):
        assert time.monotonic() < deadline, "waited in vain"
    return answer


def _colours(screen: Path) -> int:
    """Count the colours in an X window dump: a window that painted nothing has one or two."""
    dump = screen.read_bytes()
    header = struct.unpack_from(">25I", dump)
    start = header[0] + header[19] * 12
    return len({dump[at : at + 3] for at in range(start, start + header[12] * header[5], 4)})


def test_the_bundle_answers_on_the_command_line(bundle: Path, server: WireServer, tmp_path: Path) -> None:
    """Without any Python, a question goes through LiteLLM to a server and its answer is printed and kept."""
    asked = _command(bundle, tmp_path, "ask", "--model", "wire-1", "--api-base", server.base, QUESTION)
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.strip() == ANSWER
    assert server.requests[-1].body["messages"][-1]["content"] == QUESTION
    sessions = json.loads(_command(bundle, tmp_path, "list", "--json").stdout)
    assert [session["title"] for session in sessions] == [QUESTION]


def test_the_bundle_shows_a_window_that_chats(
    bundle: Path, server: WireServer, display: tuple[str, Path], tmp_path: Path
) -> None:
    """The window opens on a display, takes typed text, shows the answer, and ends when it is asked to."""
    name, screen = display
    words = tmp_path / "stderr"
    options = ["--data-dir", str(tmp_path / "data"), "--model", "wire-1", "--api-base", server.base]

    def act(*actions: str) -> str:
        assert window.poll() is None, words.read_text(encoding="utf-8")
        environment = {**os.environ, "DISPLAY": name}
        command = ["xdotool", *actions]
        return subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, text=True, check=True, timeout=60
        ).stdout

    def answers() -> list[str]:
        listed = json.loads(_command(bundle, tmp_path, "list", "--json").stdout or "[]")
        shown = [json.loads(_command(bundle, tmp_path, "show", one["id"], "--json").stdout) for one in listed]
        messages = [message for session in shown for message in session["messages"]]
        return [m["content"] for m in messages if m["role"] == "assistant" and m["status"] == "complete"]

    with words.open("w", encoding="utf-8") as log:
        window = subprocess.Popen([str(bundle), *options], env=_environment(tmp_path, DISPLAY=name), stderr=log)
    try:
        found = act("search", "--sync", "--onlyvisible", "--name", "Sobremesa").split()[-1]
        act("windowfocus", "--sync", found)
        act("type", "--delay", "20", QUESTION)
        act("key", "Return")
        assert _wait_for(answers) == [ANSWER]
        assert _colours(screen) > 20
        window.send_signal(signal.SIGTERM)
        assert window.wait(15) == 0, words.read_text(encoding="utf-8")
    finally:
        window.kill()
        window.wait(10)
