"""The virtual environment at the root: made once, filled from the hash lock, left alone while its stamp is right.

The stamp names the lock and the Python it was installed with. It is written last, so that an installation that was cut
short is taken up again. After each installation the folder is searched for path files nobody expects: a `*.pth` file
runs code at every start of Python, and that is how LiteLLM's stolen releases (1.82.7, 1.82.8) got in.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from tasks import interpreters, system
from tasks.console import BUILD, ROOT, TaskError, end_progress, progress, say

VENV = ROOT / ".venv"
LOCKS = {"run": ROOT / "packaging" / "requirements.txt", "dev": ROOT / "packaging" / "requirements-dev.txt"}
# Python's own venv on 3.11, and coverage's hook for subprocesses: both were read.
EXPECTED_PTH = frozenset({"distutils-precedence.pth", "a1_coverage.pth"})


def python_of(venv: Path) -> Path:
    """Return the interpreter inside a virtual environment."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def version_of(venv: Path) -> str | None:
    """Return the Python version a virtual environment was made with, without starting it."""
    try:
        lines = (venv / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    for line in lines:
        key, _, value = line.partition("=")
        if key.strip() in {"version", "version_info"}:
            return ".".join(value.strip().split(".")[:3])
    return None


def fingerprint(lock: Path, version: str) -> str:
    """Return the stamp of a lock installed into a Python: it changes when either does."""
    text = lock.read_bytes().replace(b"\r\n", b"\n")
    return f"{version} {hashlib.sha256(text).hexdigest()}"


def is_ready(venv: Path, kind: str) -> bool:
    """Tell whether the environment holds what `kind` asks; "dev" holds everything that "run" does."""
    version = version_of(venv)
    if version is None or not python_of(venv).exists():
        return False
    return any(_stamp(venv, held) == fingerprint(LOCKS[held], version) for held in {kind, "dev"})


def unexpected_pth(site_packages: Path) -> list[str]:
    """Return the names of path files that nothing in the lock is known to bring."""
    return sorted(path.name for path in site_packages.glob("*.pth") if path.name not in EXPECTED_PTH)


def ensure(kind: str) -> Path:
    """Return the interpreter of an environment that holds what `kind` ("run" or "dev") asks, making it if needed."""
    if not is_ready(VENV, kind):
        with _one_at_a_time():
            if not is_ready(VENV, kind):
                _make(kind)
    return python_of(VENV)


def _stamp(venv: Path, kind: str) -> str | None:
    try:
        return (venv / f".sobremesa-{kind}").read_text(encoding="utf-8")
    except OSError:
        return None


def _make(kind: str) -> None:
    started = time.monotonic()
    version = version_of(VENV)
    if version is None or not interpreters.suitable(version) or not _starts(python_of(VENV)):
        version = _create()
    lock = LOCKS[kind]
    _install(lock)
    site_packages = _site_packages(version)
    strange = unexpected_pth(site_packages)
    if strange:
        raise TaskError(
            f"Stopped: an installed package brought {', '.join(strange)} into {site_packages}. Such a file runs at"
            " every start of Python and is not expected here. Remove .venv and find out which package it came with."
        )
    (VENV / f".sobremesa-{kind}").write_text(fingerprint(lock, version), encoding="utf-8")
    say(f"Ready: Python {version} in .venv, {time.monotonic() - started:.0f} s.")


def _starts(python: Path) -> bool:
    """Tell whether an environment's interpreter still exists and still has pip."""
    try:
        return subprocess.call([str(python), "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def _create() -> str:
    chosen = interpreters.choose()
    say(f"Making .venv with Python {chosen.version} …")
    if VENV.exists():
        shutil.rmtree(VENV)
    system.ensure_venv_module(chosen)
    made = subprocess.run(
        [chosen.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    if made.returncode != 0:
        raise TaskError(f"Python could not make a virtual environment:\n{(made.stdout + made.stderr).strip()}")
    return chosen.version


def _site_packages(version: str) -> Path:
    if os.name == "nt":
        return VENV / "Lib" / "site-packages"
    return VENV / "lib" / f"python{'.'.join(version.split('.')[:2])}" / "site-packages"


def _install(lock: Path) -> None:
    """Install a lock: each file checked against its hash, wheels only, so that no setup code is run."""
    names = [line.split("==")[0] for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line]
    command = [str(python_of(VENV)), "-m", "pip", "install", "--require-hashes", "--no-deps", "--only-binary", ":all:"]
    command += ["--no-input", "--disable-pip-version-check", "--no-warn-script-location", "--progress-bar", "off"]
    command += ["-r", str(lock)]
    env = {**os.environ, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT, env=env)
    assert process.stdout is not None
    lines = _watch(process.stdout, len(names))
    if process.wait() != 0:
        raise TaskError("pip could not install the locked packages:\n" + "\n".join(lines[-15:]))


def _watch(output: IO[str], total: int) -> list[str]:
    """Turn pip's output into a count of packages, and return it for the case of a failure."""
    lines: list[str] = []
    seen = 0
    for line in output:
        lines.append(line.rstrip())
        words = line.split()
        if line.startswith(("Collecting", "Requirement already")):
            seen += 1
            if sys.stderr.isatty() or seen % 20 == 1:
                name = words[1 if words[0] == "Collecting" else 3].split("==")[0]
                progress(f"Installing: {seen} of up to {total} packages ({name}) …")
        elif line.startswith("Installing collected"):
            progress("Unpacking (a minute on a slow disk) …")
    end_progress()
    return lines


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Keep two tasks from filling the environment at once; the second waits, then finds it ready."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "environment.lock").open("a+") as file:
        if sys.platform == "win32":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
