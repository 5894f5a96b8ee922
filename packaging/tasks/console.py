"""How the tasks speak: short lines on stderr, a rewritten line where the terminal can, and one way to give up."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"


class TaskError(Exception):
    """A sentence for the person at the terminal; the task cannot go on."""


def say(text: str) -> None:
    """Print a line of progress."""
    print(text, file=sys.stderr, flush=True)


def progress(text: str) -> None:
    """Show a step: rewritten in place on a terminal, a line of its own elsewhere."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
    else:
        say(text)


def end_progress() -> None:
    """Leave the rewritten line, so that the next one starts clean."""
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def run(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> int:
    """Run a command in the repository's root with its output shown, and return its exit code as a shell would."""
    code = subprocess.call([str(part) for part in command], cwd=ROOT, env={**os.environ, **(env or {})})
    if code < 0:
        say(f"{Path(command[0]).name} was ended by signal {-code}.")
    return code if code >= 0 else 128 - code


def become(command: Sequence[str | Path], env: Mapping[str, str]) -> NoReturn:
    """Replace this process by `command` where the system can, so that signals and exit codes are its own."""
    arguments = [str(part) for part in command]
    if os.name == "posix":
        sys.stdout.flush()
        os.execve(arguments[0], arguments, {**os.environ, **env})
    sys.exit(subprocess.call(arguments, env={**os.environ, **env}))
