"""The tests and the checks, the same for people and for CI."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tasks import environment, system
from tasks.console import BUILD, ROOT, TaskError, run, say

# A real display of their own for the tests that type and click from outside.
DISPLAY_PROGRAMS = {"Xvfb": "xvfb", "xdotool": "xdotool"}
COVERED_LAYERS = ("domain", "storage", "services")
COVERED_PERCENT = 95.0
UNMEASURED = ("tests/app", "tests/packaging", "tests/scale", "tests/ui")
"""The tests of the window and of the tools: being measured doubles their time, and what they cover is not judged."""
_COVERAGE = BUILD / "coverage.json"


def test(options: list[str]) -> int:
    """Run the tests; with --cov, ask the covered share of the layers that must not break.

    Then those that are not measured run by themselves, unless paths are named.
    """
    system.ensure_qt()
    system.ensure_programs(DISPLAY_PROGRAMS, "Tests that use the window like a person need programs that are not here")
    python = environment.ensure("dev")
    _COVERAGE.unlink(missing_ok=True)
    code = max(run([python, "-m", "pytest", *part]) for part in parts(options))
    return code or (_judge(json.loads(_COVERAGE.read_text(encoding="utf-8"))) if "--cov" in options else 0)


def parts(options: list[str]) -> list[list[str]]:
    """Return what pytest is asked, run by run: with --cov and no paths, what is not measured runs apart."""
    if "--cov" not in options:
        return [options]
    options = [option for option in options if option != "--cov"]
    is_whole = not any((ROOT / option.partition("::")[0]).exists() for option in options)
    measured = [f"--cov=desktop/{layer}" for layer in COVERED_LAYERS]
    reports = ["--cov-branch", "--cov-report=term", f"--cov-report=json:{_COVERAGE}"]
    if not is_whole:
        return [[*measured, *reports, *options]]
    others = [f"--ignore={folder}" for folder in UNMEASURED]
    return [[*measured, *reports, *others, *options], [*UNMEASURED, *options]]


def layer_shares(report: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Return, per layer, the covered percent of lines and branches together, and of branches alone."""
    shares: dict[str, tuple[float, float]] = {}
    for layer in COVERED_LAYERS:
        summaries = [
            entry["summary"]
            for name, entry in report["files"].items()
            if Path(name.replace("\\", "/")).parts[:2] == ("desktop", layer)
        ]
        covered_branches = sum(s["covered_branches"] for s in summaries)
        branches = sum(s["num_branches"] for s in summaries)
        covered = covered_branches + sum(s["covered_lines"] for s in summaries)
        total = branches + sum(s["num_statements"] for s in summaries)
        shares[layer] = (100 * covered / (total or 1), 100 * covered_branches / branches if branches else 100.0)
    return shares


def _judge(report: dict[str, Any]) -> int:
    short = False
    for layer, (both, branches) in layer_shares(report).items():
        enough = min(both, branches) >= COVERED_PERCENT
        short = short or not enough
        word = "ok" if enough else f"below {COVERED_PERCENT:.0f} %"
        say(f"coverage of desktop/{layer}: {both:.1f} % of lines and branches, {branches:.1f} % of branches: {word}")
    return 1 if short else 0


def lint(options: list[str]) -> int:
    """Run every static check, all of them even when one fails."""
    if set(options) - {"--fix"}:
        raise TaskError(f"lint knows only --fix, not {' '.join(options)}.")
    python = environment.ensure("dev")
    fix = "--fix" in options
    steps: dict[str, list[str | Path]] = {
        "ruff": [python, "-m", "ruff", "check", *(["--fix"] if fix else [])],
        "ruff format": [python, "-m", "ruff", "format", *([] if fix else ["--check"])],
        "mypy": [python, "-m", "mypy"],
        "import-linter": [_script(python, "lint-imports"), "--no-cache"],
    }
    failed = []
    for name, command in steps.items():
        say(f"── {name}")
        if run(command) != 0:
            failed.append(name)
    say(f"\nlint: {', '.join(failed)} failed" if failed else "\nlint: all clean")
    return 1 if failed else 0


def _script(python: Path, name: str) -> Path:
    return python.parent / (f"{name}.exe" if sys.platform == "win32" else name)
