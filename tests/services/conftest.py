"""Conversations that end with their test and leave no task behind."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.providers.scripted import Script
from desktop.services.models import ModelService
from desktop.storage.store import Store
from tests.services.talking import Talk
from tests.storage.backends import Kept

BeginTalk = Callable[..., Awaitable[Talk]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
async def begin(folder: Path) -> AsyncIterator[BeginTalk]:
    """Begin conversations (by default in the test's folder); fail the test that leaves a task."""
    talks: list[Talk] = []

    async def begin_one(*scripts: Script, where: Path | None = None, **more: Any) -> Talk:
        talk = await Talk.begin(where or folder, *scripts, **more)
        talks.append(talk)
        return talk

    yield begin_one
    for talk in reversed(talks):
        await talk.end()
    assert all(talk.scripted.open_streams == 0 for talk in talks)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not {task for task in left if not task.done()}


@pytest.fixture
async def store(folder: Path) -> AsyncIterator[Store]:
    store = await Store.open(folder=folder)
    yield store
    await store.close()


@pytest.fixture
def keychain() -> Kept:
    return Kept()


@pytest.fixture
def models(talk: Talk) -> ModelService:
    return talk.models
