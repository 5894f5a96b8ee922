"""Other processes on the same data folder, which can be killed at any instant."""

import subprocess
import sys
import textwrap
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).parent.parent.parent

PRELUDE = """
import asyncio, sys
from pathlib import Path
from desktop.domain.messages import NewMessage, Outcome, Role, Status
from desktop.domain.sessions import NewSession
from desktop.storage.instance import WindowLock
from desktop.storage.owners import Owner
from desktop.storage.store import Store
folder = Path(sys.argv[1])
"""


class Child:
    """A process that runs `program` (which may use `folder`) and prints lines; it ends with the block."""

    def __init__(self, program: str, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PRELUDE + textwrap.dedent(program), str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def line(self) -> str:
        """Return the next line it prints."""
        assert self._process.stdout is not None
        found = self._process.stdout.readline()
        assert found, "the child ended too early"
        return found.strip()

    def kill(self) -> list[str]:
        """Kill it with -9 and return the lines it had printed meanwhile."""
        assert self._process.stdout is not None
        self._process.kill()
        lines = self._process.stdout.read().splitlines()
        self._process.wait()
        return lines

    def end(self) -> int:
        """Close its input, wait for its end, and return its exit code."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._process.wait(timeout=30)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
