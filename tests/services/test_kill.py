"""Kill -9: what was said is there at the next start, and goes on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from desktop.domain.faults import FaultKind
from desktop.domain.messages import Status
from desktop.services.backend import Backend
from desktop.services.options import Options
from tests.services.talking import rows, until
from tests.wire.openai import OpenAIWire
from tests.wire.script import Fault, Mode, Script
from tests.wire.server import WireServer

ROOT = Path(__file__).resolve().parents[2]
ASK = "from desktop.cli import main; import sys; sys.exit(main(sys.argv[1:]))"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX's")


@pytest.fixture
def server() -> Iterator[WireServer]:
    """A server that says three pieces and then nothing, without closing."""
    script = Script(text=("Once ", "upon ", "a "), fault=Fault(mode=Mode.SILENCE, after=4))
    with WireServer(OpenAIWire(), script) as server:
        yield server


def start(folder: Path, server: WireServer) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", ASK, "ask", "--data-dir", str(folder), "--session", "tale", "--create"]
    command += ["--model", "wire-1", "--api-base", server.base, "Tell me a story."]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def test_a_kill_in_mid_stream_loses_no_acknowledged_word(folder: Path, server: WireServer) -> None:
    """The question is there exactly once, the answer up to its checkpoint, interrupted; Continue ends it."""
    child = start(folder, server)
    try:
        await until(lambda: folder.is_dir() and (folder / "sobremesa.db").exists() and bool(server.answers))
        await until(lambda: rows(folder)[1] == ("assistant", "streaming", "Once upon a "))
    finally:
        child.kill()
        child.wait()
    backend = await Backend.open(options=Options(folder=folder, warm=False))
    try:
        opened = await backend.library.open("tale")
        question, answer = opened.messages
        assert (question.content, question.status) == ("Tell me a story.", Status.COMPLETE)
        assert (answer.content, answer.status) == ("Once upon a ", Status.INTERRUPTED)
        server.script = Script(text=("time.",))
        turn = await backend.chat.resume(answer.id)
        whole = await backend.chat.result(turn.assistant.id)
        assert (whole.content, whole.status) == ("Once upon a time.", Status.COMPLETE)
        assert [one.content for one in (await backend.library.open("tale")).messages] == [
            "Tell me a story.",
            "Once upon a time.",
        ]
    finally:
        await backend.close()


async def test_a_kill_while_sending_leaves_the_message_once(folder: Path, server: WireServer) -> None:
    """Killed as soon as the rows are there, before anything went out: the next message follows them."""
    child = start(folder, server)
    try:
        await until(lambda: (folder / "sobremesa.db").exists() and written(folder))
    finally:
        child.kill()
        child.wait()
    backend = await Backend.open(options=Options(folder=folder, warm=False))
    try:
        assert rows(folder) == [("user", "complete", "Tell me a story."), ("assistant", "interrupted", "")]
        turn = await backend.chat.send("Again?", session_id="tale", model="guide/manual")
        assert (await backend.chat.result(turn.assistant.id)).status is Status.COMPLETE
        said = [one.content for one in (await backend.library.open("tale")).messages]
        assert [said[0], said[1], said[2]] == ["Tell me a story.", "", "Again?"]
    finally:
        await backend.close()


def written(folder: Path) -> bool:
    """Whether the rows of the turn are there, in a database that may not even have its tables yet."""
    try:
        return len(rows(folder)) == 2
    except apsw.Error:
        return False


async def test_a_window_that_opens_leaves_a_running_command_alone(folder: Path, server: WireServer) -> None:
    """What another living process writes is not taken for dead, and ends as it would have ended."""
    child = start(folder, server)
    try:
        await until(lambda: bool(server.answers) and rows(folder)[1][2] == "Once upon a ")
        backend = await Backend.open(options=Options(folder=folder, warm=False))
        try:
            assert (await backend.library.open("tale")).messages[1].status is Status.STREAMING
        finally:
            await backend.close()
        server.stop()
        assert child.wait(30) == 1
        backend = await Backend.open(options=Options(folder=folder, warm=False))
        try:
            ended = (await backend.library.open("tale")).messages[1]
        finally:
            await backend.close()
        assert ended.fault is not None
        assert (ended.status, ended.content) == (Status.INTERRUPTED, "Once upon a ")
        assert ended.fault.kind in (FaultKind.RESET, FaultKind.TRUNCATED)
    finally:
        child.kill()
        child.wait()
