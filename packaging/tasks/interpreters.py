"""Which Python makes the environment: the one that runs this, or another one on this machine that fits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tasks.console import TaskError

SUPPORTED = ((3, 11), (3, 12), (3, 13))
_ASK = "import sys; print('.'.join(map(str, sys.version_info[:3]))); print(sys.executable)"


class Interpreter(NamedTuple):
    """A Python on this machine."""

    executable: str
    version: str


def suitable(version: str) -> bool:
    """Tell whether a version such as 3.11.7 is one the lock was made for."""
    return tuple(int(part) for part in version.split(".")[:2]) in SUPPORTED


def running() -> Interpreter:
    """Return the Python that runs this task, seen from outside a virtual environment."""
    base = getattr(sys, "_base_executable", None) or sys.executable
    return Interpreter(base, ".".join(str(part) for part in sys.version_info[:3]))


def choose() -> Interpreter:
    """Return a supported Python, the running one by preference, or say which is missing."""
    here = running()
    if suitable(here.version):
        return here
    for command in _candidates():
        found = _ask(command)
        if found is not None and suitable(found.version):
            return found
    wanted = ", ".join(f"{major}.{minor}" for major, minor in SUPPORTED)
    raise TaskError(
        f"Sobremesa needs Python {wanted}; this is {here.version} and no other was found. Install one of them."
    )


def _candidates() -> Iterator[list[str]]:
    for major, minor in reversed(SUPPORTED):
        path = shutil.which(f"python{major}.{minor}")
        if path:
            yield [path]
    launcher = shutil.which("py") if os.name == "nt" else None
    if launcher:
        for major, minor in reversed(SUPPORTED):
            yield [launcher, f"-{major}.{minor}"]


def _ask(command: list[str]) -> Interpreter | None:
    """Return what a command runs; None for shims and launchers that have nothing behind them."""
    try:
        answer = subprocess.run([*command, "-c", _ASK], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    lines = answer.stdout.split("\n")
    if answer.returncode != 0 or len(lines) < 2 or not Path(lines[1].strip()).exists():
        return None
    return Interpreter(lines[1].strip(), lines[0].strip())
