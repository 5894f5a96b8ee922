"""The figures of many sessions: a database of 100,000 sessions and a million messages, against one of ten sessions.

It is made once, which takes minutes, and kept in the user's cache or in `--folder`; other tables make it anew.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import platformdirs
import searching
from corpus import Facts, prepared
from corpus_shape import Shape
from figures import Figure, longest, ratio

from desktop.storage.store import DATABASE

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FEW = Shape(sessions=10, messages=100)
MANY = Shape()


def child(*arguments: str) -> dict[str, Any]:
    """Run one part in a process of its own and return what it measured; `began` is when it was started."""
    env = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.monotonic()
    command = [sys.executable, str(HERE / "scale_child.py"), *arguments]
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, timeout=600)
    return {"began": began, **json.loads(done.stdout.splitlines()[-1])}


def corpus_folder(chosen: str) -> Path:
    """Return where the large database is kept."""
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("sobremesa", appauthor=False)) / "bench"


def say(words: str) -> None:
    """Tell how far the making is, beside the figures."""
    print(f"     making the database: {words}", file=sys.stderr, flush=True)


def scale_figures(rounds: int, chosen: str) -> Iterator[Figure]:
    """Measure start, filter, palette and news."""
    many = corpus_folder(chosen) / "many"
    facts = prepared(many, MANY, say)
    with tempfile.TemporaryDirectory(prefix="sobremesa-bench-") as folder:
        few = Path(folder) / "few"
        prepared(few, FEW, lambda _words: None)
        yield from _starts(many, few, rounds)
    yield from _filter(many, facts, rounds)
    yield from _palette(many, facts, rounds)
    yield from _news(many, facts, rounds)


def search_figures(chosen: str) -> Iterator[Figure]:
    """Measure searching in the same database, and its size."""
    many = corpus_folder(chosen) / "many"
    prepared(many, MANY, say)
    yield from searching.figures(many / DATABASE)


def _starts(many: Path, few: Path, rounds: int) -> Iterator[Figure]:
    """Measure from the start of the process until the sidebar has painted its sessions."""
    ours, theirs = [], []
    for folder in (many, few):
        child("start", str(folder))  # brings the file into the cache, and ends what was left undone
    for _round in range(rounds):
        theirs.append(child("start", str(few)))
        ours.append(child("start", str(many)))
    yield ratio(
        f"start to painted sidebar with {MANY.sessions:,} sessions ÷ with {FEW.sessions}",
        [one["at"] - one["began"] for one in ours],
        [one["at"] - one["began"] for one in theirs],
        unit="s",
        what=f"the same with {FEW.sessions} sessions",
        bar=1.2,
    )


def _filter(many: Path, facts: Facts, rounds: int) -> Iterator[Figure]:
    """Measure typing into the filter of the sidebar."""
    found = [child("filter", str(many)) for _round in range(rounds)]
    name = f"keystroke in the sidebar's filter over {facts.counts['guest_active']:,} titles to painted result"
    yield absolute(f"{name}, p95 (ms)", [one["p95_ms"] for one in found], bar=50)
    idle = median(one["idle_ms"] for one in found)
    yield longest("longest gap meanwhile", [one["longest_ms"] for one in found], idle=idle, bar=33)


def _palette(many: Path, facts: Facts, rounds: int) -> Iterator[Figure]:
    """Measure opening the palette, and typing into it."""
    found = [child("palette", str(many)) for _round in range(rounds)]
    name = f"keystroke in the palette over {facts.counts['messages']:,} messages to painted result"
    yield absolute(f"{name}, p95 (ms)", [one["p95_ms"] for one in found], bar=50)
    idle = median(one["idle_ms"] for one in found)
    yield longest("longest gap meanwhile", [one["longest_ms"] for one in found], idle=idle, bar=33)
    yield longest("longest gap while the palette opens first", [one["opening_ms"] for one in found], idle=idle, bar=33)


def _news(many: Path, facts: Facts, rounds: int) -> Iterator[Figure]:
    """Measure from the commit of a message until it is seen and found. What is added is removed again."""
    for name in ("sidebar", "search"):
        found = [child("news", str(many), facts.largest, name) for _round in range(rounds)]
        yield absolute(
            f"a new message from its commit to the {name}, p95 (ms)", [one["p95_ms"] for one in found], bar=100
        )


def absolute(name: str, values: list[float], *, bar: float) -> Figure:
    """Return a median of milliseconds, held against a bar in milliseconds."""
    value = median(values)
    return Figure(name=name, value=value, unit="ms", against=bar, against_what="the bar", ratio=value, bar=bar)
