"""Data folders that cannot be used as they are: the window says why in a sentence, stays alive, and changes nothing."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import apsw
import pytest

from desktop.domain.messages import Status
from tests.app.conftest import Come, Serve
from tests.app.processes import Puppet, command, listed, shown
from tests.storage.places import NOBODY, fill, fingerprint, freeze
from tests.wire.script import Script

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="moved through a notifier on standard input")

GUIDE = ("--model", "guide/manual")
ROOT_USER = os.name == "posix" and os.geteuid() == 0
UNPRIVILEGED: Sequence[str] = (
    ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups") if ROOT_USER else ()
)


@pytest.fixture
def place() -> Iterator[Path]:
    """A place that a user without rights can reach, unlike pytest's own."""
    if ROOT_USER and shutil.which("setpriv") is None:
        pytest.skip("setpriv gives up root's rights")
    top = Path(tempfile.mkdtemp(prefix="sobremesa-test-"))
    top.chmod(0o755)
    (top / "home").mkdir()
    (top / "home").chmod(0o777)
    yield top
    for path in (top, *top.rglob("*")):
        path.chmod(0o755)
    shutil.rmtree(top)


@pytest.fixture
def written(place: Path) -> Path:
    """A data folder with one conversation."""
    folder = place / "data"
    done = command("ask", "How do I export?", *GUIDE, folder=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes; it takes root and the right to mount."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if sys.platform != "linux" or not ROOT_USER or shutil.which("mount") is None:
        pytest.skip("only root mounts a small disk")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", disk], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("mounting is not allowed here")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def test_a_read_only_folder_is_opened_for_reading(written: Path) -> None:
    """The window says why nothing can be written, shows what is there, exports it, and does not send."""
    freeze(written)
    before = fingerprint(written)
    with Puppet(*GUIDE, folder=written, prefix=UNPRIVILEGED) as window:
        window.ready()
        seen = window.until(lambda seen: seen["banner"] and seen["titles"], "the sentence and the sessions")
        assert "read" in seen["banner"].lower() or "written" in seen["banner"].lower()
        window.ask("open", row=0)
        window.wait_text("Markdown")
        window.ask("send", text="Anybody?")
        seen = window.look()
        assert not seen["send"]
        assert len(seen["messages"]) == 2
        assert seen["draft"] == "Anybody?"
        assert window.terminate() == 0
        assert "Traceback" not in window.errors()
    assert fingerprint(written) == before


def test_a_read_only_folder_can_be_exported_from(written: Path, place: Path) -> None:
    """The command line reads, too, and says why it does not write."""
    session_id = listed(written)[0]["id"]
    freeze(written)
    script = 'cd "$0" && exec "$@"'
    base = [*UNPRIVILEGED, sys.executable, "-m", "desktop"]
    env = {**os.environ, "HOME": str(place / "home"), "PYTHONPATH": str(Path.cwd())}
    out = place / "home"
    export = [*base, "export", session_id, "-o", str(out / "talk.md"), "--data-dir", str(written)]
    done = subprocess.run(["sh", "-c", script, str(out), *export], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "# How do I export?" in (out / "talk.md").read_text(encoding="utf-8")

    ask = [*base, "ask", "More?", *GUIDE, "--data-dir", str(written)]
    done = subprocess.run(["sh", "-c", script, str(out), *ask], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("sobremesa: ")
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_made_is_named(place: Path) -> None:
    """Where the data folder's parent cannot be written, the window says so and can be closed."""
    closed = place / "closed"
    closed.mkdir(mode=0o555)
    with Puppet(*GUIDE, folder=closed / "data", prefix=UNPRIVILEGED, home=place / "home") as window:
        window.until(lambda seen: seen["visible"], "the window")
        window.until(
            lambda seen: any(str(closed / "data") in text for text in (*seen["labels"], seen["banner"])), "why"
        )
        assert window.terminate() == 0
        assert "Traceback" not in window.errors()


@pytest.mark.parametrize("damage", ["text", "header", "directory"])
def test_what_is_not_a_database_is_left_as_it_is(written: Path, damage: str) -> None:
    """The page says what is wrong and where it is, Quit ends with 0, the file is untouched, commands say the same."""
    database = written / "sobremesa.db"
    if damage == "text":
        database.write_text("Dear diary,\n" * 1000, encoding="utf-8")
    elif damage == "header":
        database.write_bytes(bytes(100) + database.read_bytes()[100:])
    else:
        database.unlink()
        database.mkdir()
    for rest in written.glob("sobremesa.db-*"):
        rest.unlink()
    before = fingerprint(written)
    with Puppet(*GUIDE, folder=written) as window:
        seen = window.until(
            lambda seen: "Your conversations cannot be opened" in " ".join(seen["labels"]), "the page of the trouble"
        )
        assert str(written) in " ".join(seen["labels"])
        window.ask("type", text="Anybody?")
        assert not window.look()["send"]
        window.press("Quit")
        assert window.wait() == 0
        assert "Traceback" not in window.errors()
    after = fingerprint(written)
    assert {name: after[name] for name in before} == before

    done = command("list", folder=written)
    assert done.returncode == 1
    assert done.stderr.startswith("sobremesa: ")
    assert "Traceback" not in done.stderr


def test_a_newer_database_is_refused_politely(written: Path) -> None:
    """A database of a later version is named as such, opened by nobody here, and unchanged."""
    connection = apsw.Connection(str(written / "sobremesa.db"))
    connection.pragma("user_version", 99)
    connection.close()
    before = fingerprint(written)
    with Puppet(*GUIDE, folder=written) as window:
        seen = window.until(
            lambda seen: "Your conversations cannot be opened" in " ".join(seen["labels"]), "the page of the trouble"
        )
        assert "newer" in " ".join(seen["labels"])
        assert window.terminate() == 0
    assert fingerprint(written) == before
    done = command("list", folder=written)
    assert done.returncode == 1
    assert "newer" in done.stderr


def test_a_disk_that_fills_up_while_one_writes_keeps_the_words(small_disk: Path) -> None:
    """With no room left a message is refused with a sentence and stays in the composer; with room again it goes."""
    folder = small_disk / "data"
    with Puppet(*GUIDE, folder=folder) as window:
        window.ready()
        window.ask("send", text="How do I export?")
        window.wait_status("complete")
        filler = fill(small_disk)
        text = "And when the disk is full? " * 40
        window.ask("send", text=text)
        window.until(
            lambda seen: any(
                "full" in each.lower() or "space" in each.lower() for each in (seen["banner"], *seen["labels"])
            ),
            "a sentence",
        )
        window.until(lambda seen: text in seen["draft"] or len(seen["messages"]) == 4, "the words, somewhere")
        filler.unlink()
        if text in window.look()["draft"]:
            window.ask("send", text="")  # by Enter: Send takes no click in the moment after Stop stood in its place
        window.until(lambda seen: len(seen["messages"]) == 4, "the message")
        window.wait_status("complete")
        assert window.terminate() == 0
        assert "Traceback" not in window.errors()


def test_a_disk_that_fills_up_in_mid_stream_loses_no_word(come: Come, serve: Serve, small_disk: Path) -> None:
    """The text goes on on the screen, a line says that it is not saved, and with room again it is, by itself."""
    text = tuple(f"{number} {'x' * 400} " for number in range(150))
    person = come(serve(Script(text=text, rate=50)), folder=small_disk / "data")
    person.send("Count")
    person.until(lambda: person.items() and len(person.answer().text) > 2_000, "the first words")
    filler = fill(small_disk)
    footer = person.window.footer
    person.until(lambda: "full" in footer.text().lower() or "saved" in footer.text().lower(), "the line about saving")
    before = person.answer().text
    person.wait_longer(before)
    filler.unlink()

    assert person.wait_status(Status.COMPLETE).content == "".join(text)
    person.until(lambda: footer.text().startswith("Stored on this computer only"), "the line to go")
    session_id = person.desktop.chat.session_id
    person.leave()
    assert shown(small_disk / "data", session_id)[-1]["content"] == "".join(text)


def test_a_full_disk_at_the_start_is_said(small_disk: Path) -> None:
    """A full disk does not keep the window from opening; what is there can be read."""
    folder = small_disk / "data"
    done = command("ask", "How do I export?", *GUIDE, folder=folder)
    assert done.returncode == 0, done.stderr
    fill(small_disk)
    with Puppet(*GUIDE, folder=folder) as window:
        seen = window.until(lambda seen: seen["titles"] or seen["banner"] or len(seen["labels"]) > 3, "something")
        seen = window.until(
            lambda seen: seen["titles"] == ["How do I export?"] or "cannot be opened" in " ".join(seen["labels"]),
            "the sessions, or why not",
        )
        assert seen["titles"] == ["How do I export?"]
        window.ask("open", row=0)
        window.wait_text("Markdown")
        assert window.terminate() == 0
        assert "Traceback" not in window.errors()
