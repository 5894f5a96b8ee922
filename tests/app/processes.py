"""The program as processes: windows in a process of their own, and the command line beside them."""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parent.parent.parent
LIMIT_S = 60.0
"""How long a busy machine may take until something is so."""


def environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment whose home is `home`, without a display and without anybody's keys."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "SOBREMESA_", "DISPLAY"))}
    home.mkdir(parents=True, exist_ok=True)
    return {**kept, "HOME": str(home), "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen", **(extra or {})}


def until(condition: Callable[[], object], what: str, *, limit_s: float = LIMIT_S) -> None:
    """Poll until something is so that no event tells."""
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        select.select([], [], [], 0.02)


class Puppet:
    """A window in its own process, moved through its standard input. Ended by the block."""

    def __init__(
        self,
        *argv: str,
        folder: Path,
        home: Path | None = None,
        env: Mapping[str, str] | None = None,
        prefix: Sequence[str] = (),
    ) -> None:
        self.folder = folder
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  closed with the process
        self.process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "tests.app.puppet", "--data-dir", str(folder), *argv],
            cwd=ROOT,
            env=environment(home or folder.parent / "home", env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self._read = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self._errors):
            assert stream is not None
            stream.close()

    def ask(self, do: str, **values: object) -> dict[str, Any]:
        """Have something done and return what is said back."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps({"do": do, **values}).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise AssertionError(f"the window is gone: {self.errors()}") from None
        deadline = time.monotonic() + LIMIT_S
        while b"\n" not in self._read:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, f"the window does not answer to {do}: {self.errors()}"
            data = os.read(self.process.stdout.fileno(), 1 << 20)
            assert data, f"the window is gone: {self.errors()}"
            self._read += data
        line, _, self._read = self._read.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        return found

    def look(self) -> dict[str, Any]:
        """Return what the window shows."""
        return self.ask("look")

    def until(self, condition: Callable[[dict[str, Any]], object], what: str) -> dict[str, Any]:
        """Wait until the window shows something, and return what it shows."""
        seen: list[dict[str, Any]] = [{}]

        def check() -> bool:
            seen[0] = self.look()
            return bool(condition(seen[0]))

        try:
            until(check, what)
        except AssertionError as error:
            raise AssertionError(f"{error}; it shows {str(seen[0])[:1500]}; stderr: {self.errors()}") from None
        return seen[0]

    def ready(self) -> Self:
        """Wait until the conversation's view is there."""
        self.until(lambda seen: seen["ready"] and seen["visible"], "the window")
        return self

    def wait_text(self, text: str) -> str:
        """Wait until the last message holds a text; return the message's text."""
        seen = self.until(lambda seen: seen["messages"] and text in seen["messages"][-1][2], f"{text!r}")
        found: str = seen["messages"][-1][2]
        return found

    def wait_status(self, status: str) -> str:
        """Wait until the last message has a status; return its text."""
        seen = self.until(lambda seen: seen["messages"] and seen["messages"][-1][1] == status, f"status {status}")
        found: str = seen["messages"][-1][2]
        return found

    def press(self, text: str) -> None:
        """Click a button as soon as it is there."""
        until(lambda: self.ask("press", text=text)["pressed"], f"the button {text!r}")

    def kill(self) -> None:
        """End it by kill -9."""
        self.process.kill()
        self.process.wait()

    def terminate(self) -> int:
        """End it by SIGTERM and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end and return its exit code."""
        return self.process.wait(timeout=LIMIT_S)

    def errors(self) -> str:
        """Return what it wrote to standard error."""
        self._errors.seek(0)
        return self._errors.read().decode("utf-8", "replace")


def command(
    *argv: str, folder: Path, env: Mapping[str, str] | None = None, named: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run `sobremesa ARGV…` on a data folder; without naming it, it is found through `env`, if at all."""
    with running(*argv, *(("--data-dir", str(folder)) if named else ()), home=folder.parent / "home", env=env) as begun:
        said, errors = begun.communicate(timeout=LIMIT_S)
    return subprocess.CompletedProcess(begun.args, begun.returncode, said, errors)


@contextmanager
def running(*argv: str, home: Path, env: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """Start `sobremesa ARGV…` and leave it running; it is gone after the block, whatever happens."""
    with subprocess.Popen(
        [sys.executable, "-m", "desktop", *argv],
        cwd=ROOT,
        env=environment(home, env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as begun:
        try:
            yield begun
        finally:
            if begun.poll() is None:
                begun.kill()


def shown(folder: Path, session_id: str) -> list[dict[str, Any]]:
    """Return the messages of a session as the command line shows them."""
    done = command("show", session_id, "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    return found


def listed(folder: Path) -> list[dict[str, Any]]:
    """Return the sessions as the command line lists them."""
    done = command("list", "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found
