"""`dev.py bench`: every bar that the program promises to hold, each as a ratio in one run; `--json` for machines.

Medians of five (`--rounds`); the things compared take turns, so that a slow moment of the machine hits both.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from context import context_figures
from figures import Figure, as_json, line, longest, ratio
from hostile import hostile_figures
from scale import scale_figures, search_figures
from statistics_over_all import statistics_figures
from transcript import transcript_figures

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CHUNKS = 3000
WORDS = (
    "A paragraph of plain words with **some** emphasis and `code`, which is long enough to wrap.\n\n"
    "- one point to make\n- and another one\n\n```python\ndef fit(messages):\n    return messages\n```\n\n"
    "And on it goes."
)


def child(*arguments: str) -> dict[str, Any]:
    """Run one part in a process of its own and return what it measured; `began` is when it was started."""
    env = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # a start from source text is not what a person ever waits for
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(HERE / "child.py"), *arguments], env=env, stdout=subprocess.PIPE, check=True, timeout=300
    )
    return {"began": began, **json.loads(done.stdout.splitlines()[-1])}


@contextmanager
def wire_server() -> Iterator[str]:
    """Serve an answer of `CHUNKS` chunks at full speed from another process; yield its base URL."""
    repeat = CHUNKS // len(WORDS.split(" "))
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.wire.openai", "--text", WORDS, "--repeat", str(repeat)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait()


def start_figures(rounds: int) -> Iterator[Figure]:
    """Measure the way to the first painted window that takes a letter, and the memory there."""
    ours, theirs = [], []
    child("start")  # writes the bytecode, and brings both libraries into the file cache
    for _round in range(rounds):
        theirs.append(child("bare"))
        ours.append(child("start"))
    if not all(one["typed"] for one in (*ours, *theirs)):
        raise SystemExit("a window did not take the letter that was typed")

    def seconds(found: list[dict[str, Any]]) -> list[float]:
        return [one["at"] - one["began"] for one in found]

    yield ratio(
        "start to first painted, typable window ÷ bare window",
        seconds(ours),
        seconds(theirs),
        unit="s",
        what="bare PySide6 main window",
        bar=2.0,
    )
    yield ratio(
        "resident memory then ÷ bare window",
        [one["resident_mb"] for one in ours],
        [one["resident_mb"] for one in theirs],
        unit="MB",
        what="bare PySide6 main window",
        bar=1.6,
    )


def stream_figures(rounds: int) -> Iterator[Figure]:
    """Measure loading LiteLLM, and one answer at full speed."""
    warm, ours, theirs = [], [], []
    with wire_server() as base:
        for _round in range(rounds):
            warm.append(child("warm"))
            theirs.append(child("raw", base, str(CHUNKS)))
            ours.append(child("stream", base, str(CHUNKS)))
    idle = sorted(one["idle_ms"] for one in ours)[len(ours) // 2]
    yield longest(
        "longest gap from first paint until LiteLLM is ready", [one["longest_ms"] for one in warm], idle=idle, bar=33
    )
    yield longest(f"longest gap while {CHUNKS} chunks arrive", [one["longest_ms"] for one in ours], idle=idle, bar=33)
    yield longest(f"p99 gap while {CHUNKS} chunks arrive", [one["p99_ms"] for one in ours], idle=idle, bar=20)
    rate = ratio(
        "chunks per second through the window ÷ bare LiteLLM loop",
        [one["per_s"] for one in ours],
        [one["per_s"] for one in theirs],
        unit="/s",
        what="async for over litellm.acompletion",
        bar=0.7,
    )
    yield Figure(**{name: getattr(rate, name) for name in rate.__slots__} | {"at_least": True})
    first = ratio(
        "time to first token minus bare LiteLLM, warm (ms)",
        [one["first_token_ms"] for one in ours],
        [one["first_token_ms"] for one in theirs],
        unit="ms",
        what="litellm.acompletion",
        bar=20,
    )
    yield Figure(**{name: getattr(first, name) for name in first.__slots__} | {"ratio": first.value - first.against})


def work_figures(rounds: int) -> Iterator[Figure]:
    """Measure what a token costs the window at both ends of a long answer, and what a whole answer does."""
    found = [child("work") for _round in range(rounds)]
    yield ratio(
        "GUI work per token at 200 kB of answer ÷ at 1 kB",
        [one["late_ms"] for one in found],
        [one["early_ms"] for one in found],
        unit="ms",
        what="the same answer at 1 kB",
        bar=1.2,
    )
    found = [child("whole") for _round in range(rounds)]
    yield ratio(
        "GUI time of a 20 kB answer in tokens of 4 characters ÷ setMarkdown and layout of it",
        [one["gui_ms"] for one in found],
        [one["once_ms"] for one in found],
        unit="ms",
        what="QTextDocument.setMarkdown of the final text, with layout",
        bar=30,
    )


PARTS: dict[str, Callable[[argparse.Namespace], Iterator[Figure]]] = {
    "start": lambda chosen: start_figures(chosen.rounds),
    "stream": lambda chosen: stream_figures(chosen.rounds),
    "work": lambda chosen: work_figures(chosen.rounds),
    "context": lambda chosen: context_figures(chosen.rounds),
    "hostile": lambda chosen: hostile_figures(chosen.rounds),
    "statistics": lambda chosen: statistics_figures(chosen.rounds),
    "transcript": lambda chosen: transcript_figures(chosen.rounds, wire_server),
    "scale": lambda chosen: scale_figures(chosen.rounds, chosen.folder or ""),
    "search": lambda chosen: search_figures(chosen.folder or ""),
}


def main() -> int:
    """Print one line per figure; the exit code says whether every bar is held."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part; can be given several times")
    parser.add_argument(
        "--folder",
        help="where the database of 100,000 sessions and a million messages is kept (2 GB) instead of the cache. "
        "It is made at the first time and whenever the tables have changed, which takes minutes.",
    )
    chosen = parser.parse_args()
    held = True
    for name in chosen.only or PARTS:
        for figure in PARTS[name](chosen):
            print(as_json(figure) if chosen.json else line(figure), flush=True)
            held = held and figure.holds
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
