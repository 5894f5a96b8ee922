"""The figures of the transcript: a session of 100,000 messages held against one of 100, and against none."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from typing import Any

from figures import Figure, longest, ratio
from long_session import EMPTY, LONG, SHORT, write

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WARM_ROUNDS = 5


def child(*arguments: str) -> dict[str, Any]:
    """Run one part in a process of its own and return what it measured."""
    env = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, str(HERE / "transcript_child.py"), *arguments]
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, timeout=600)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def absolute(name: str, values: list[float], *, bar: float) -> Figure:
    """Return a median of milliseconds, held against a bar in milliseconds."""
    value = median(values)
    return Figure(name=name, value=value, unit="ms", against=bar, against_what="the bar", ratio=value, bar=bar)


def transcript_figures(rounds: int, wire_server: Callable[[], AbstractContextManager[str]]) -> Iterator[Figure]:
    """Measure opening, jumping, scrolling, streaming and memory in a session of 100,000 messages."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        times = child("open", folder, str(max(rounds, WARM_ROUNDS)))
        yield ratio(
            "open a session of 100,000 messages to its end, painted ÷ one of 100",
            times[LONG],
            times[SHORT],
            unit="ms",
            what="the same for 100 messages",
            bar=1.5,
        )
        yield absolute("open a session of 100,000 messages to its end, painted (ms)", times[LONG], bar=100)
        jumps = [child("jump", folder) for _round in range(rounds)]
        yield absolute("p95 of jumps to a random message in it (ms)", [one["p95_ms"] for one in jumps], bar=100)
        wheel = [child("wheel", folder) for _round in range(rounds)]
        yield absolute("p99 of a wheel frame in it (ms)", [one["p99_ms"] for one in wheel], bar=16)
        yield absolute("longest wheel frame in it (ms)", [one["worst_ms"] for one in wheel], bar=33)
        with wire_server() as base:
            streams = [child("stream", folder, base) for _round in range(rounds)]
        yield longest(
            "longest gap while an answer arrives in it, scrolling and typing",
            [one["longest_ms"] for one in streams],
            idle=median(one["idle_ms"] for one in streams),
            bar=33,
        )
        full, empty = [], []
        for _round in range(rounds):
            empty.append(child("memory", folder, EMPTY)["resident_mb"])
            full.append(child("memory", folder, LONG)["resident_mb"])
        yield ratio(
            "resident memory with it open ÷ an empty session open",
            full,
            empty,
            unit="MB",
            what="an empty session open",
            bar=1.3,
        )
        through = child("through", folder)
        yield ratio(
            "resident memory after going through all of it and back ÷ before",
            [through["after_mb"]],
            [through["before_mb"]],
            unit="MB",
            what="before",
            bar=1.2,
        )
