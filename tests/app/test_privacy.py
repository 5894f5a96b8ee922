"""What must never happen: a file or an address touched by a message, a secret in a place where it can be read."""

import ctypes
import json
import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication

from desktop.domain.models import Secret
from desktop.storage.secrets import KeyPlace
from tests.app.conftest import Come, Serve
from tests.app.processes import Puppet, command, listed, until
from tests.wire.script import Fault, Mode, Script
from tests.wire.server import WireServer

if TYPE_CHECKING:
    from desktop.services.backend import Backend

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="moved through a notifier on standard input")

CANARY = "sk-canary-Zq81vXw0-7Rt"
LOOPBACK = re.compile(r"^\(?'?(127\.0\.0\.1|::1|localhost)\b|^'/|^b'/|^''")
IN_ACCESS, IN_OPEN = 0x1, 0x20


class Watch:
    """Notices every opening of a file in a folder, by whichever process and however deep in C++ (inotify)."""

    def __init__(self, folder: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._notices = libc.inotify_init1(os.O_NONBLOCK)
        assert self._notices >= 0
        assert libc.inotify_add_watch(self._notices, os.fsencode(folder), IN_ACCESS | IN_OPEN) >= 0

    def touched(self) -> list[str]:
        """Return the names of the files that were opened or read since the last time."""
        try:
            data = os.read(self._notices, 1 << 16)
        except BlockingIOError:
            return []
        names, at = [], 0
        while at < len(data):
            length = struct.unpack_from("iIII", data, at)[3]
            names.append(data[at + 16 : at + 16 + length].rstrip(b"\0").decode())
            at += 16 + length
        return names

    def close(self) -> None:
        os.close(self._notices)


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[tuple[Path, Watch]]:
    """A folder with files that hostile messages name; whoever opens one is noticed."""
    if sys.platform != "linux":
        pytest.skip("inotify")
    folder = tmp_path / "trap"
    folder.mkdir()
    for name in ("secret.png", "secret.svg", "page.html", "style.css", "notes.txt"):
        (folder / name).write_bytes(b"not for you")
    watch = Watch(folder)
    yield folder, watch
    watch.close()


def hostile(folder: Path, server: WireServer) -> str:
    """Return Markdown that tries everything to have a file or an address touched."""
    web = f"http://127.0.0.1:{server.port}"
    return f"""# Hostile

![file]({folder}/secret.png) ![url](file://{folder}/secret.png) ![relative](../trap/secret.png)
![web]({web}/picture.png) ![unc](\\\\\\\\127.0.0.1\\\\share\\\\x.png) ![unc2](//127.0.0.1:{server.port}/x.png)
![data](data:image/svg+xml;base64,PHN2Zz48aW1hZ2UgaHJlZj0iZmlsZTovLy9ldGMvcGFzc3dkIi8+PC9zdmc+)

<img src="{folder}/secret.png"> <img src="file://{folder}/secret.png"> <img src="{web}/tag.png">
<link rel="stylesheet" href="file://{folder}/style.css"><style>@import url({web}/style.css);</style>
<iframe src="{web}/frame"></iframe><object data="file://{folder}/page.html"></object>
<svg><image href="file://{folder}/secret.svg"/></svg><script src="{web}/script.js"></script>
<table background="{web}/ground.png"><tr><td background="file://{folder}/secret.png">x</td></tr></table>
<body background="{web}/body.png"><a href="javascript:alert(1)">js</a>

[script](javascript:alert(1)) [data](data:text/html,<script>1</script>) [file](file://{folder}/notes.txt)
[ok]({web}/link) <file://{folder}/notes.txt> <{web}/auto> {web}/plain

| ![cell](file://{folder}/secret.png) | <img src={web}/cell.png> |
|---|---|
| [x](file://{folder}/notes.txt) | `<img src="{web}/code.png">` |

> ![quoted]({web}/quoted.png)

- ![item](file://{folder}/secret.png)

[ref]: file://{folder}/notes.txt "title"
![reference][ref]

```html
<img src="file://{folder}/secret.png"><img src="{web}/fence.png">
```
"""


def outside(noted: list[list[str]]) -> list[list[str]]:
    """Return what asked for an address that is not on this computer."""
    return [each for each in noted if each[0].startswith("socket.") and not LOOPBACK.search(each[1])]


def test_a_hostile_message_touches_no_file_and_no_address(
    tmp_path: Path, trap: tuple[Path, Watch], serve: Serve
) -> None:
    """Streamed, stored, scrolled, zoomed and opened again: the named files and addresses are never touched."""
    folder, watch = trap
    web = serve(Script())
    text = hostile(folder, web)
    server = serve(Script(text=tuple(text[at : at + 7] for at in range(0, len(text), 7)), rate=400))
    argv = ("--model", "wire-1", "--api-base", server.base)
    with Puppet(*argv, folder=tmp_path / "data", env={"TEST_AUDIT": "1"}) as window:
        window.ready()
        window.ask("send", text="Show me")
        window.wait_text("Hostile")
        window.ask("noted")
        assert window.wait_status("complete") == text
        for share in (0.0, 0.3, 0.6, 1.0):
            window.ask("scroll", share=share)
        window.ask("trigger", name="zoomIn")
        window.ask("trigger", name="themeDark")
        window.ask("send", text=text.replace("\n", " "))
        window.until(lambda seen: len(seen["messages"]) == 4, "the hostile question")
        window.wait_status("complete")
        window.ask("scroll", share=1.0)
        noted = window.ask("noted")["noted"]
        assert window.terminate() == 0
    with Puppet(folder=tmp_path / "data") as window:
        window.ready().until(lambda seen: seen["titles"], "the session")
        window.ask("open", row=0)
        window.wait_text("Hostile")
        for share in (0.0, 0.5, 1.0):
            window.ask("scroll", share=share)
        assert window.terminate() == 0

    assert watch.touched() == []
    assert web.connections == 0
    assert outside(noted) == []
    assert [each for each in noted if str(folder) in each[1]] == []
    assert [each for each in noted if each[0] == "subprocess.Popen"] == []
    assert {each[1] for each in noted if each[0] == "socket.connect"} <= {f"('127.0.0.1', {server.port})"}


def test_the_watch_notices_a_reader(trap: tuple[Path, Watch]) -> None:
    """The proof above would fail if one of the files were opened."""
    folder, watch = trap
    (folder / "secret.png").read_bytes()
    assert "secret.png" in watch.touched()


def test_no_connection_leaves_the_computer_at_the_start(tmp_path: Path) -> None:
    """From the first import until LiteLLM is loaded and the first page has looked around: loopback and nothing else."""
    with Puppet(folder=tmp_path / "data", env={"TEST_AUDIT": "1"}) as window:
        window.ready()
        noted: list[list[str]] = []
        loaded: list[bool] = []

        def settled() -> bool:
            answer = window.ask("noted")
            noted.extend(answer["noted"])
            loaded.append(answer["litellm"])
            tried = {each[1] for each in noted if each[0] == "socket.connect"}
            return loaded[-1] and any(", 9)" in place for place in tried) and any(", 11434" in place for place in tried)

        until(settled, "LiteLLM's warm-up and the look around")
        window.ask("send", text="x")
        noted.extend(window.ask("noted")["noted"])
        assert window.terminate() == 0

    assert outside(noted) == []


def test_without_any_network_it_starts_answers_finds_and_exports(tmp_path: Path) -> None:
    """In a network of its own without a single interface, not even loopback, the guide answers and all is kept."""
    alone = ("unshare", "--map-root-user", "--net")
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("a network namespace is not allowed here")
    folder = tmp_path / "data"
    with Puppet("--model", "guide/manual", folder=folder, prefix=alone) as window:
        window.ready()
        window.ask("send", text="How do I export a session?")
        assert "Markdown" in window.wait_status("complete")
        assert window.terminate() == 0
        assert window.errors() == ""
    done = command("search", "Markdown", "--json", folder=folder)
    assert done.returncode == 0
    assert json.loads(done.stdout)


def places_of(secret: str, *tops: Path) -> list[str]:
    """Return the files below some folders that hold a secret, in any of the ways it may be written."""
    needles = [form.encode(code) for form in (secret, secret.replace("-", "%2D")) for code in ("utf-8", "utf-16-le")]
    return [
        str(path)
        for top in tops
        for path in top.rglob("*")
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    ]


ECHOES = [
    Fault(mode=Mode.STATUS, status=401, words="The key {key} is wrong; header: Bearer {key}."),
    Fault(mode=Mode.ERROR_EVENT, words="The key {key} is wrong.", after=2),
    Fault(mode=Mode.ERROR_JSON, words="The key {key} is wrong."),
]


@pytest.mark.parametrize("fault", ECHOES, ids=lambda fault: fault.mode.value)
def test_a_key_that_the_provider_echoes_is_nowhere(
    come: Come, serve: Serve, tmp_path: Path, fault: Fault, capfd: pytest.CaptureFixture[str]
) -> None:
    """A key that is repeated in the provider's error is on no card, in no file, no export and no output."""
    server = serve(Script(fault=fault))
    person = come()

    async def add(backend: "Backend") -> str:
        await backend.models.keep_keys(KeyPlace.THIS_RUN)
        spec = await backend.models.add(kind="openai", api_base=server.base, key=Secret(CANARY), models=("wire-1",))
        return spec.id

    person.desktop.chat.choose_model(f"{person.ask(add)}/wire-1")
    message = person.say("Do you know me?")
    assert server.answers[0].key == CANARY
    assert "is wrong" in repr(message), "the provider's words are kept"
    person.press_card("", "Copy details")
    person.until(lambda: "is wrong" in QGuiApplication.clipboard().text(), "the details")
    export = tmp_path / "export.md"
    session_id = person.desktop.chat.session_id
    person.ask(lambda backend: backend.library.export_markdown(session_id, export))
    assert CANARY not in repr(message) + person.shown() + QGuiApplication.clipboard().text()
    person.leave()

    assert export.exists()
    assert places_of(CANARY, tmp_path) == []
    assert CANARY not in "".join(capfd.readouterr())


def test_a_key_that_the_command_line_reads_from_the_environment_is_nowhere(
    come: Come, serve: Serve, tmp_path: Path
) -> None:
    """`ask` with a key from a variable sends it, and neither prints nor stores what the provider says of it."""
    server = serve(Script(fault=ECHOES[0]))
    person = come()
    spec = person.ask(
        lambda backend: backend.models.add(
            kind="openai", api_base=server.base, key_variable="WIRE_KEY", models=("wire-1",)
        )
    )
    person.leave()
    folder = tmp_path / "data"
    asked = command("ask", "Again", "--model", f"{spec.id}/wire-1", folder=folder, env={"WIRE_KEY": CANARY})
    told = command("show", listed(folder)[0]["id"], "--json", folder=folder)

    assert server.answers[0].key == CANARY
    assert (asked.returncode, told.returncode) == (1, 0)
    assert "is wrong" in asked.stderr
    assert CANARY not in asked.stdout + asked.stderr + told.stdout + told.stderr
    assert places_of(CANARY, tmp_path) == []


def test_a_mistake_of_ours_leaves_no_words_in_the_crash_log(tmp_path: Path) -> None:
    """The log says where it happened and nothing of what it was about; the window says that it happened."""
    folder = tmp_path / "data"
    with Puppet(folder=folder) as window:
        window.ready()
        window.ask("raise_mistake", text=f"a mistake that knows {CANARY}")
        seen = window.until(lambda seen: "crash.log" in seen["banner"], "the sentence")
        assert window.terminate() == 0
        assert CANARY not in window.errors() + json.dumps(seen)
    assert "RuntimeError" in (folder / "crash.log").read_text(encoding="utf-8")
    assert places_of(CANARY, tmp_path) == []


@pytest.mark.parametrize("base", [f"http://me:{CANARY}@127.0.0.1:1/v1", f"http://127.0.0.1:1/v1?key={CANARY}"])
@pytest.mark.parametrize("words", [("ask", "Hello"), ()], ids=["ask", "window"])
def test_a_secret_in_an_address_is_refused_without_repeating_it(
    tmp_path: Path, words: tuple[str, ...], base: str
) -> None:
    """Addresses are stored and shown, so one that holds a secret is wrong use."""
    done = command(*words, "--model", "wire-1", "--api-base", base, folder=tmp_path / "data")

    assert done.returncode == 2
    assert "password or a key" in done.stderr
    assert CANARY not in done.stdout + done.stderr
    assert places_of(CANARY, tmp_path) == []
