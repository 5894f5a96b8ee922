"""Texts that nobody means well with, or that are merely huge: how long the window is held while they are shown.

Run as a program with the name of a text, it shows that one, stored and then arriving, and prints a line of JSON.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from figures import Figure

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LIMIT_S = 12.0
TICK_MS = 16
TICK_CHARS = 16_000

_WIDE = "|" + "cell|" * 500 + "\n|" + "-|" * 500 + "\n" + ("|" + "x|" * 500 + "\n") * 1_000


def _deep(command: str) -> str:
    return f"\\{command}{{" * 200 + "x" + "}" * 200


TEXTS: dict[str, Callable[[], str]] = {
    "ten megabytes": lambda: "A sentence of `plain` words that **says** little.\n\n" * 200_000,
    "a line of a million": lambda: "a" * 1_000_000,
    "a million without a break": lambda: "wordandmore" * 91_000,
    "a million blanks": lambda: " " * 1_000_000 + "x",
    "short lines": lambda: "a\n" * 300_000,
    "nested quotes": lambda: ">" * 10_000 + "x",
    "quotes in steps": lambda: "".join(">" * level + " a\n" for level in range(1, 1_000)),
    "list levels": lambda: "- " * 10_000 + "x",
    "list levels in steps": lambda: "".join("  " * level + "- a\n" for level in range(1_000)),
    "wide table": lambda: _WIDE,
    "long table": lambda: "|a|b|\n|-|-|\n" + "|x|**y**|\n" * 50_000,
    "open fence": lambda: "```python\n" + "value = function(argument)\n" * 200_000,
    "open fence on one line": lambda: "```\n" + "x" * 5_000_000,
    "backticks": lambda: "x `" + "`" * 1_000_000,
    "brackets": lambda: "[" * 20_000 + "]" * 20_000,
    "stars": lambda: "*a " * 100_000,
    "bidi controls": lambda: "\u202eabc\u2066\u05e9\u05dc\u05d5\u05dd\u2069 " * 50_000,
    "unreadable": lambda: "\x00\ud800" * 100_000,
    "emoji": lambda: "👨\u200d👩\u200d👧" * 30_000,
    "combining marks": lambda: "a" + "\u0301" * 200_000,
    "formulas": lambda: " and ".join(f"$x_{{{n}}}^2 + \\frac{{1}}{{{n}}}$" for n in range(5_000)),
    "formulas that stand alone": lambda: "".join(f"$$\n\\sum_{{i={n}}}^n i\n$$\n\n" for n in range(2_000)),
    "deep fractions": lambda: f"$${_deep('frac{1}')}$$\n\n${_deep('sqrt')}$",
    "macros that loop": lambda: "$$\\def\\a{\\a\\a}\\a$$\n\n$$\\newcommand{\\b}{\\b\\b}\\b$$",
    "open formulas": lambda: "$$a\n" * 100_000,
    "addresses": lambda: "".join(f"http://a.b/{n} " for n in range(30_000)),
    "definitions": lambda: "\n".join(
        (*(f"[a{n}][b{n}]" for n in range(5_000)), "", *(f"[b{n}]: http://x.y/{n}" for n in range(5_000)))
    ),
    "line separators": lambda: "a\u2028" * 100_000,
}  # fmt: skip


def hostile_figures(rounds: int) -> Iterator[Figure]:
    """Measure the longest gap over all texts, and what memory the worst of them keeps after the view is gone."""
    gaps: dict[str, float] = {}
    works: dict[str, float] = {}
    kept: dict[str, float] = {}
    for name in TEXTS:
        found = [show(name) for _round in range(min(rounds, 2))]
        gaps[name] = min(max(one["stored_ms"], one["typed_ms"], one["streamed_ms"]) for one in found)
        works[name] = min(max(one["work_ms"]) for one in found)
        kept[name] = median(one["kept_mb"] for one in found)
    yield _worst("longest gap", gaps, unit="ms", bar=100)
    yield _worst("longest work of the window's thread between two beats", works, unit="ms", bar=100)
    yield _worst("memory kept after the view is gone", kept, unit="MB", bar=100)


def _worst(what: str, found: dict[str, float], *, unit: str, bar: float) -> Figure:
    """Return the figure of the text that is worst."""
    name = max(found, key=lambda name: found[name])
    value = found[name]
    return Figure(
        name=f"hostile texts: {what} ({name})", value=value, unit=unit, against=bar, against_what="the bar",
        ratio=value, bar=bar,
    )  # fmt: skip


def show(name: str) -> dict[str, Any]:
    """Show one text in a process of its own."""
    env = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"}
    command = [sys.executable, str(HERE / "hostile_child.py"), name]
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, check=True, timeout=300)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
