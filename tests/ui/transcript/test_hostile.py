"""Hostile messages: nothing is fetched or opened, and no layout is ever larger than what is in sight."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.domain.markdown_blocks import MAX_PIECE_CHARS
from desktop.domain.messages import Role
from desktop.ui.transcript.blocks.code import CodeBlock
from desktop.ui.transcript.blocks.text import TextBlock
from desktop.ui.transcript.parts import FOLD_LINES
from tests.ui.transcript.reading import Reading, message, writing

ROOT = Path(__file__).resolve().parents[3]
MOST_CHARS = 40 * MAX_PIECE_CHARS

HOSTILE = {
    "a line of a million characters": "a" * 1_000_000,
    "a million blanks": " " * 1_000_000 + "x",
    "five thousand columns": "|a" * 5_000 + "|\n" + "|-" * 5_000 + "|\n" + "|b" * 5_000 + "|\n",
    "twenty thousand quotes": ">" * 20_000 + "x",
    "twenty thousand brackets": "[" * 20_000 + "]" * 20_000,
    "a million without a break": "wordandmore" * 91_000,
    "a million backticks": "x `" + "`" * 1_000_000,
    "bidi controls": "\u202eabc\u2066\u05e9\u05dc\u05d5\u05dd\u2069 " * 5_000,
    "ten thousand emoji": "👨\u200d👩\u200d👧" * 10_000,
    "combining marks": "a" + "\u0301" * 50_000,
    "unreadable": "\x00\ud800" * 5_000,
    "deep lists": "".join("  " * level + "- a\n" for level in range(200)),
    "line separators": "a\u2028" * 20_000,
}

_SHOW = """
import sys
touched = []
watching = False
def watch(event, args):
    if watching and event in ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen"):
        touched.append((event, str(args[0])))
sys.addaudithook(watch)
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from desktop.ui.theme import load_theme
from tests.ui.transcript.reading import TranscriptListModel, TranscriptView, message
app = QApplication([])
model = TranscriptListModel()
view = TranscriptView(theme=load_theme("light"), model=model)
view.resize(800, 1200)
view.show()
warm = "![warm](https://x.invalid/up.png) <b>up</b>\\n\\n```html\\n<b>up</b>\\n```"  # modules and icons load themselves
model.show([message(1, warm)], has_older=False)
def begin():
    global watching
    view.grab()
    watching = True
    model.show([message(2, sys.argv[1])], has_older=False)
    QTimer.singleShot(300, end)
def end():
    global watching
    view.grab()
    watching = False
    view.close_threads()
    app.quit()
QTimer.singleShot(1000, begin)
app.exec()
print("touched:", touched)
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_only_what_is_in_sight_is_laid_out(reading: Reading, name: str) -> None:
    """However hostile a stored message is, no more characters are laid out than a screen can show."""
    reading.show([message(1, HOSTILE[name])])
    laid_out = [len(block.flow.text) for block in reading.view.blocks() if isinstance(block, TextBlock) and block.flow]
    assert max(laid_out, default=0) <= MAX_PIECE_CHARS
    assert sum(laid_out) <= MOST_CHARS


@pytest.mark.parametrize("name", HOSTILE)
def test_what_people_paste_is_no_worse(reading: Reading, name: str) -> None:
    """The same, pasted by the user."""
    reading.show([message(1, HOSTILE[name], role=Role.USER)])
    laid_out = [len(block.flow.text) for block in reading.view.blocks() if isinstance(block, TextBlock) and block.flow]
    assert max(laid_out, default=0) <= MAX_PIECE_CHARS
    assert sum(laid_out) <= MOST_CHARS


def test_a_hostile_stream_is_laid_out_in_pieces(reading: Reading) -> None:
    """An endless line that arrives at once grows by pieces."""
    reading.show([writing(1)])
    reading.say(1, "x" * 300_000)
    assert all(len(text) <= MAX_PIECE_CHARS for text in reading.texts())
    assert sum(map(len, reading.texts())) <= MOST_CHARS


def test_code_of_a_hundred_thousand_lines_is_painted_by_the_line(reading: Reading) -> None:
    """Only the lines in sight of a long code block are laid out, and only the first ones have a height."""
    reading.show([message(1, "```\n" + "some code\n" * 100_000 + "```")])
    reading.view.grab()
    code = reading.find(CodeBlock)
    assert isinstance(code, CodeBlock)
    assert len(code.lines.lines) > FOLD_LINES == code.lines.shown
    assert 0 < len(code.lines._layouts) < 400


def test_a_line_of_two_megabytes_in_code_is_broken(reading: Reading) -> None:
    """A giant line of code becomes lines that can be painted."""
    reading.show([message(1, "```\n" + "x" * 2_000_000 + "\n```")])
    code = reading.find(CodeBlock)
    assert isinstance(code, CodeBlock)
    assert max(map(len, code.lines.lines)) == MAX_PIECE_CHARS


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A pipe without a writer: whoever opens it as a file hangs, also deep inside Qt."""
    path = tmp_path / "secret.png"
    os.mkfifo(path)
    return path


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server on loopback that notes every attempt to connect."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the trap is a pipe in the file system")
def test_nothing_is_fetched_and_no_file_is_opened(trap: Path, listener: socket.socket) -> None:
    """Images and links by file, UNC path and http, raw HTML and SVG touch neither disk nor network."""
    server = f"http://127.0.0.1:{listener.getsockname()[1]}/x.png"
    text = "\n\n".join(
        [
            f"![a]({trap}) ![b](file://{trap}) ![c](//127.0.0.1/x.png) ![d](\\\\127.0.0.1\\share\\x.png)",
            f"![e]({server}) ![f](<{server}>) ![g](data:image/png;base64,AAAA)",
            f'<img src="{trap}"> <img src="file://{trap}"> <img src="{server}"> <svg onload=alert(1)>',
            f"[h](file://{trap}) [i](javascript:alert(1)) <file://{trap}>",
            f"| ![j]({trap}) | ![k]({server}) |\n|---|---|\n| <img src='{trap}'> | <img src='{server}'> |",
            f"- ![l]({trap})\n\n> # ![m]({trap})",
            f"```html\n<img src='{trap}'>\n```",
        ]
    )
    done = subprocess.run(
        [sys.executable, "-c", _SHOW, text], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    lines = [line for line in done.stdout.splitlines() if "site-packages" not in line]
    assert lines == ["touched: []"], done.stdout + done.stderr
    with pytest.raises(BlockingIOError):
        listener.accept()
