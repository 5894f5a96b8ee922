"""The command line as a process of its own: streaming, signals, pipes, and other processes beside it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from desktop.domain.sessions import NewSession
from desktop.storage.store import Store
from tests.services.talking import rows, until
from tests.wire.openai import OpenAIWire
from tests.wire.script import Fault, Mode, Script
from tests.wire.server import WireServer

ROOT = Path(__file__).resolve().parents[1]
LIMIT_S = 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def server() -> Iterator[WireServer]:
    """A server that says a few words and then waits."""
    script = Script(text=("One ", "two "), fault=Fault(mode=Mode.SILENCE, after=3))
    with WireServer(OpenAIWire(), script) as server:
        yield server


def start(folder: Path, *words: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "desktop", "--data-dir", str(folder), *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ask(folder: Path, server: WireServer) -> "subprocess.Popen[bytes]":
    return start(folder, "ask", "--model", "wire-1", "--api-base", server.base, "Count.")


def read_exactly(process: "subprocess.Popen[bytes]", length: int) -> str:
    assert process.stdout is not None
    return process.stdout.read(length).decode()


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_an_answer_is_printed_as_it_comes_and_kept_at_ctrl_c(folder: Path, server: WireServer) -> None:
    """The words are there while the server still holds back; Ctrl+C keeps them as a stopped answer."""
    process = ask(folder, server)
    try:
        assert read_exactly(process, 8) == "One two "
        assert server.answers[0].pieces_sent == 3
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT_S)
    finally:
        process.kill()
        process.wait()
    assert (process.returncode, out) == (1, b"\n")
    assert err.splitlines()[-1] == b"Stopped. The text so far is kept."
    assert rows(folder)[1] == ("assistant", "stopped", "One two ")
    assert server.answers[0].closed.wait(LIMIT_S)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_ctrl_c_ends_an_answer_that_cannot_be_saved(folder: Path, server: WireServer) -> None:
    """The trouble is said while it lasts, and nobody has to kill the process."""
    server.script = Script(text=("One ", "two "), repeat=5000, rate=20)
    process = ask(folder, server)
    assert process.stderr is not None
    other = None
    try:
        assert read_exactly(process, 8) == "One two "
        other = apsw.Connection(str(folder / "sobremesa.db"))
        other.set_busy_timeout(5_000)
        other.execute("BEGIN IMMEDIATE")
        assert b"Nothing is saved at the moment" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _out, err = process.communicate(timeout=LIMIT_S)
    finally:
        if other is not None:
            other.close()
        process.kill()
        process.wait()
    assert process.returncode == 1
    assert b"The answer is not saved: " in err


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_reader_that_goes_away_stops_the_answer(folder: Path, server: WireServer) -> None:
    """As with `| head -1`: no traceback, the text is kept, and the connection is closed."""
    server.script = Script(text=("One ", "two "), repeat=5000, rate=200)
    process = ask(folder, server)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        assert read_exactly(process, 8) == "One two "
        process.stdout.close()
        assert process.wait(LIMIT_S) == 1
        assert process.stderr.read() == b""
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    role, status, content = rows(folder)[1]
    assert (role, status, content[:8]) == ("assistant", "stopped", "One two ")
    assert server.answers[0].closed.wait(LIMIT_S)


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_a_list_that_nobody_reads_is_no_crash(folder: Path) -> None:
    """Also where the output is written at the very end."""
    code = (
        "import os, sys; from desktop.cli import main\n"
        "end, pipe = os.pipe(); os.close(end); os.dup2(pipe, 1)\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "stats", "--json", "--demo", "--data-dir", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=LIMIT_S)
    assert (done.returncode, done.stderr) == (1, b"")


def test_no_qt_is_loaded(folder: Path) -> None:
    """A command does without the window's libraries, and a listing without LiteLLM."""
    code = (
        "import sys; from desktop.__main__ import main; code = main(sys.argv[1:])\n"
        "print(code, [n for n in ('PySide6', 'qasync', 'litellm', 'tiktoken') if n in sys.modules])"
    )
    for words in (["ask", "How do I export?"], ["list"]):
        command = [sys.executable, "-c", code, *words, "--data-dir", str(folder)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=LIMIT_S)
        assert done.stdout.splitlines()[-1] == "0 []", done.stderr


async def test_it_works_beside_an_open_store(folder: Path) -> None:
    """A window has the folder open: a command adds to it, and the window can see that something was added."""
    store = await Store.open(folder=folder)
    try:
        await store.create_session(NewSession(id="open", model="guide/manual"))
        version = await store.data_version()
        process = start(folder, "ask", "--session", "open", "--json", "How do I export?")
        out, err = await asyncio.to_thread(process.communicate, timeout=LIMIT_S)
        assert process.returncode == 0, err
        assert json.loads(out)["message"]["status"] == "complete"
        assert await store.data_version() != version
        assert len(await store.path("open")) == 2
        await store.create_session(NewSession(id="after"))
    finally:
        await store.close()


async def test_two_commands_at_once_keep_both(folder: Path) -> None:
    """Neither loses a message, neither says anything but its answer."""
    await (await Store.open(folder=folder)).close()
    processes = [start(folder, "ask", "--session", name, "--create", f"What is {name}?") for name in ("one", "two")]
    for process in processes:
        _out, err = await asyncio.to_thread(process.communicate, timeout=LIMIT_S)
        assert (process.returncode, err) == (0, b"")
    found = rows(folder)
    assert sorted(content for role, _status, content in found if role == "user") == ["What is one?", "What is two?"]
    assert [status for _role, status, _content in found] == ["complete"] * 4


async def test_a_command_that_streams_leaves_the_window_its_turns(folder: Path, server: WireServer) -> None:
    """SQLite's own locking keeps both safe: while a command streams, the other process writes."""
    process = ask(folder, server)
    try:
        await until(lambda: bool(server.answers))
        await until(lambda: rows(folder)[1][2] == "One two ")
        store = await Store.open(folder=folder)
        try:
            await store.create_session(NewSession(id="window"))
            assert len(await store.sessions()) == 2
        finally:
            await store.close()
        if os.name == "posix":
            process.send_signal(signal.SIGINT)
            await asyncio.to_thread(process.communicate, timeout=LIMIT_S)
            assert rows(folder)[1] == ("assistant", "stopped", "One two ")
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that takes nothing")
def test_an_output_that_cannot_be_written_is_a_failure(folder: Path) -> None:
    """A sentence and exit code 1, and no traceback."""
    command = [sys.executable, "-m", "desktop", "--data-dir", str(folder), "--demo", "list", "--json"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, timeout=LIMIT_S, check=False)
    assert done.returncode == 1
    assert done.stderr.decode().startswith("sobremesa: the output could not be written: ")
    assert len(done.stderr.splitlines()) == 1
