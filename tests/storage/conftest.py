"""Stores that end with their test, a clock that never repeats itself, and disks that are small or not writable."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.storage.store import Store

OpenStore = Callable[..., Coroutine[Any, Any, Store]]


class Clock:
    """UTC milliseconds that move by one with each look, so that order never depends on luck."""

    def __init__(self) -> None:
        self.now = 1_700_000_000_000

    def __call__(self) -> int:
        self.now += 1
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
async def open_store(folder: Path, clock: Clock) -> AsyncIterator[OpenStore]:
    """Open stores (by default on the test's folder) and close them after the test."""
    opened: list[Store] = []

    async def open_one(where: Path | None = None, **options: Any) -> Store:
        store = await Store.open(folder=where or folder, clock=clock, **options)
        opened.append(store)
        return store

    yield open_one
    for store in reversed(opened):
        await store.close()


@pytest.fixture
async def store(open_store: OpenStore) -> Store:
    return await open_store()


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A data folder that a user without rights can reach, unlike pytest's own."""
    if os.name != "posix":
        pytest.skip("permissions of POSIX")
    top = Path(tempfile.mkdtemp(prefix="sobremesa-test-"))
    top.chmod(0o755)
    yield top / "data"
    for path in (top, *top.rglob("*")):
        path.chmod(0o755)
    shutil.rmtree(top)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes; it takes root and the right to mount."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    if sys.platform != "linux" or mount is None or os.geteuid() != 0:
        pytest.skip("only root mounts a small disk")
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=3m", "tmpfs", place], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("mounting is not allowed here")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)
