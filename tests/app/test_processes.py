"""Windows as processes: killed in mid-stream, started twice, ended by a signal, written to from beside."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from desktop.domain.messages import Status
from desktop.domain.sessions import NewSession
from desktop.storage.store import Store
from tests.app.conftest import Come, Serve
from tests.app.processes import Puppet, command, listed, shown
from tests.app.test_talking import SLOW
from tests.storage.making import begin, done
from tests.wire.script import Script
from tests.wire.server import WireServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="moved through a notifier on standard input")

WHOLE = "".join(SLOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def server(serve: Serve) -> WireServer:
    return serve(Script(text=SLOW, rate=50))


def window(server: WireServer, folder: Path) -> Puppet:
    """Start a window on the server's model."""
    return Puppet("--model", "wire-1", "--api-base", server.base, folder=folder)


def test_kill_9_in_mid_stream_loses_at_most_the_last_half_second(server: WireServer, folder: Path, come: Come) -> None:
    """After kill -9: question once, answer up to the last checkpoint as interrupted, and Continue goes on."""
    with window(server, folder) as first:
        first.ready()
        first.ask("send", text="Count")
        first.wait_text("word45")
        first.kill()
    sent = server.answers[0].pieces_sent

    server.script = Script(text=("and done.",))
    second = come(server)
    second.until(lambda: second.titles() == ["Count"], "the session")
    second.open("Count")
    kept = second.wait_status(Status.INTERRUPTED).content
    assert second.texts() == ["Count", kept]
    assert WHOLE.startswith(kept)
    # A checkpoint every 0.4 s at 50 pieces a second is 20 pieces; the rest is room for a machine under load.
    assert len(kept.split()) > max(20, sent - 150)
    second.press_card("Interrupted before the answer was finished", "Continue")
    assert second.wait_status(Status.COMPLETE).content == kept + "and done."
    second.leave()
    assert [message["role"] for message in shown(folder, listed(folder)[0]["id"])] == ["user", "assistant"]


def test_kill_9_right_after_sending_keeps_the_question_once(server: WireServer, folder: Path) -> None:
    """As soon as the provider sees the request, the question is on disk, exactly once."""
    server.script = Script(first_delay_s=600)
    with window(server, folder) as first:
        first.ready()
        first.ask("send", text="Only once")
        assert server.asked.wait(60)
        first.kill()

    sessions = listed(folder)
    assert [session["title"] for session in sessions] == ["Only once"]
    messages = shown(folder, sessions[0]["id"])
    assert [(message["role"], message["content"]) for message in messages] == [("user", "Only once"), ("assistant", "")]


def test_a_second_start_raises_the_first_window(server: WireServer, folder: Path) -> None:
    """It ends at once with 0 and writes nothing; the first window, minimized before, is up again."""
    with window(server, folder) as first:
        first.ready()
        first.ask("minimize")
        first.until(lambda seen: seen["minimized"], "the minimized window")
        with Puppet(folder=folder) as second:
            assert second.wait() == 0
            assert second.errors() == ""
        first.until(lambda seen: not seen["minimized"] and seen["visible"], "the raised window")
        first.ask("send", text="Still alive?")
        first.wait_text("word1")


def test_a_second_start_with_a_session_shows_it(server: WireServer, folder: Path) -> None:
    """`--session ID` reaches the window that is open, which shows that session."""
    done = command("ask", "Show me", "--model", "guide/manual", folder=folder)
    assert done.returncode == 0, done.stderr
    with Puppet(folder=folder) as first:
        first.ready()
        assert first.look()["messages"] == []
        with Puppet("--session", listed(folder)[0]["id"], folder=folder) as second:
            assert second.wait() == 0
        first.until(lambda seen: [message[2] for message in seen["messages"]][:1] == ["Show me"], "the session")


def test_a_lock_left_by_kill_9_does_not_keep_anyone_out(server: WireServer, folder: Path) -> None:
    """After kill -9 the next start is a window again, and a third one raises it."""
    with window(server, folder) as first:
        first.ready().kill()
    with window(server, folder) as second:
        second.ready()
        with window(server, folder) as third:
            assert third.wait() == 0


def test_windows_on_two_data_folders_do_not_know_each_other(server: WireServer, tmp_path: Path) -> None:
    """Each data folder has a window of its own."""
    with window(server, tmp_path / "a" / "data") as first, window(server, tmp_path / "b" / "data") as second:
        first.ready()
        second.ready()


def test_what_the_command_line_adds_is_shown_beside(folder: Path) -> None:
    """`ask` beside an open window works, and the window lists and shows what it wrote without being asked."""
    guide = ("--model", "guide/manual")
    with Puppet(*guide, folder=folder) as first:
        first.ready()
        first.ask("send", text="How do I export?")
        first.wait_status("complete")
        done = command("ask", "What is a provider?", *guide, folder=folder)
        assert done.returncode == 0, done.stderr
        first.until(lambda seen: seen["titles"] == ["What is a provider?", "How do I export?"], "the new session")

        session_id = listed(folder)[1]["id"]
        done = command("ask", "And as HTML?", "--session", session_id, folder=folder)
        assert done.returncode == 0, done.stderr
        seen = first.until(lambda seen: len(seen["messages"]) == 4, "the new messages in the open session")
        assert seen["messages"][2][2] == "And as HTML?"
        assert first.wait_status("complete").strip() == done.stdout.strip()


def test_an_answer_that_another_process_is_writing_grows_in_the_window(folder: Path) -> None:
    """The open session shows the text of another process as it reaches the disk, once, and its end."""
    with asyncio.Runner() as runner, Puppet(folder=folder) as window:
        window.ready()
        store = runner.run(Store.open(folder=folder))
        session = runner.run(store.create_session(NewSession(title="Elsewhere")))
        answer = runner.run(begin(store, session, "Count")).assistant.id
        window.until(lambda seen: seen["titles"] == ["Elsewhere"], "the session")
        window.ask("open", row=0)
        window.wait_status("streaming")
        text = ""
        for word in ("one ", "two ", "three "):
            text += word
            runner.run(store.checkpoint(answer, content=text))
            assert window.wait_text(word) == text
        runner.run(store.finish(answer, done(text + "four.")))
        assert window.wait_status("complete") == "one two three four."
        runner.run(store.close())


def test_sigterm_while_streaming_ends_in_order(server: WireServer, folder: Path) -> None:
    """No question is asked: the connection is closed, the text is kept as stopped, and the exit code is 0."""
    with window(server, folder) as first:
        first.ready()
        first.ask("send", text="Count")
        first.wait_text("word5")
        assert first.terminate() == 0
        assert first.errors() == ""
    assert server.answers[0].closed.wait(10)

    answer = shown(folder, listed(folder)[0]["id"])[-1]
    assert answer["status"] == "stopped"
    assert answer["content"].startswith("word0 word1 word2 word3 word4 word5 ")
    assert WHOLE.startswith(answer["content"])


def test_nothing_is_left_running_after_the_end(server: WireServer, folder: Path) -> None:
    """When the window is gone, so is everything it started."""
    with window(server, folder) as first:
        first.ready()
        first.ask("send", text="Count")
        first.wait_text("word2")
        group = first.process.pid
        children = Path(f"/proc/{group}/task/{group}/children")
        kin = children.read_text().split() if children.exists() else []
        assert first.terminate() == 0
    assert kin == []
    assert not list(folder.glob("*-wal")) or all(path.stat().st_size == 0 for path in folder.glob("*-wal"))


def test_a_draft_and_the_window_are_kept_by_a_signal(server: WireServer, folder: Path) -> None:
    """SIGTERM keeps what is typed."""
    with window(server, folder) as first:
        first.ready()
        first.ask("type", text="half a thought")
        assert first.terminate() == 0
    with window(server, folder) as second:
        second.ready().until(lambda seen: seen["draft"] == "half a thought", "the draft")


def test_the_tour_asks_the_guide_and_leaves_a_picture_and_an_export(tmp_path: Path, folder: Path) -> None:
    """`--tour DIR` prints question, answer and paths, ends with 0, and both files are there."""
    place = tmp_path / "tour"
    done = command("--tour", str(place), folder=folder)

    assert done.returncode == 0, done.stderr
    assert "What is Sobremesa" in done.stdout
    assert "Markdown" in done.stdout
    for path in (place / "sobremesa.png", place / "sobremesa.md"):
        assert str(path) in done.stdout
        assert path.stat().st_size > 1_000 or path.suffix == ".md"
    assert "# What is Sobremesa" in (place / "sobremesa.md").read_text(encoding="utf-8")


def test_a_tour_to_a_place_that_cannot_be_written_says_so(tmp_path: Path, folder: Path) -> None:
    """The exit code is 1 and a sentence names the place."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = command("--tour", str(tmp_path / "file" / "tour"), folder=folder)

    assert done.returncode == 1
    assert str(tmp_path / "file") in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_options_are_wrong_use() -> None:
    """An unknown option ends with 2 and a usage line before any window."""
    done = command("--no-such-option", folder=Path(os.devnull).parent)
    assert done.returncode == 2
    assert "usage:" in done.stderr


def test_the_demo_is_kept_apart(tmp_path: Path, folder: Path) -> None:
    """`--demo` writes its sample sessions nowhere near one's own."""
    done = command("--demo", "--tour", str(tmp_path / "tour"), folder=folder, named=False)
    assert done.returncode == 0, done.stderr
    mine = command("list", "--json", folder=folder, named=False)
    assert mine.stdout.strip() == "[]", mine.stdout
