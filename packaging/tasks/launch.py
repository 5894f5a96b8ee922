"""The tasks that start the program itself: the window, the benchmark, the pictures."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tasks import environment, system
from tasks.console import BUILD, ROOT, TaskError, become, say

OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


def has_display(platform: str, variables: dict[str, str]) -> bool:
    """Tell whether a window can be seen: Linux says so by DISPLAY or WAYLAND_DISPLAY, others always have one."""
    if platform != "linux":
        return True
    return any(variables.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def window_arguments(options: list[str], display: bool, tour: Path) -> list[str]:
    """Return the program's arguments: without a display, a window (not a command) becomes the tour."""
    is_window = not options or options[0].startswith("-")
    asks_something = {"--tour", "--help", "-h", "--version"} & {option.split("=")[0] for option in options}
    if display or not is_window or asks_something:
        return options
    return ["--tour", str(tour), *options]


def run_window(options: list[str]) -> int:
    """Start Sobremesa in place of this process."""
    system.ensure_qt()
    python = environment.ensure("run")
    display = has_display(sys.platform, dict(os.environ))
    arguments = window_arguments(options, display, BUILD / "tour")
    if "--tour" in arguments and "--tour" not in options:
        say("There is no display here, so the same window runs off screen and asks the guide one question.")
    env = {"PYTHONPATH": str(ROOT)} if display else {"PYTHONPATH": str(ROOT), **OFFSCREEN}
    # -P: a folder called desktop in the current directory (many homes have one) must not be taken for the program.
    become([python, "-P", "-m", "desktop", *arguments], env)


def run_bench(options: list[str]) -> int:
    """Measure against the bars."""
    return _run_tool(ROOT / "packaging" / "bench" / "main.py", options)


def run_shots(options: list[str]) -> int:
    """Take the pictures."""
    return _run_tool(ROOT / "packaging" / "shots.py", options)


def _run_tool(script: Path, options: list[str]) -> int:
    """Run a tool of ours in the full environment, off screen unless there is a display."""
    if not script.exists():
        raise TaskError(f"{script.relative_to(ROOT)} is not there.")
    system.ensure_qt()
    python = environment.ensure("dev")
    env = {"PYTHONPATH": str(ROOT)}
    if not has_display(sys.platform, dict(os.environ)):
        env.update(OFFSCREEN)
    become([python, script, *options], env)
