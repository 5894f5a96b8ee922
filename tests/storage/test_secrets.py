import logging
from pathlib import Path

import pytest
from keyring.backends import fail

from desktop.domain.faults import KeychainLocked, KeyFileUnsafe, NoKeychain
from desktop.domain.models import Secret
from desktop.storage.keychain import Backend
from desktop.storage.secrets import KeychainState, KeyPlace, Secrets
from tests.storage.backends import Hanging, Kept, Locked

CANARY = Secret("sk-canary-4711")


def no_keychain() -> Backend:
    """Return what keyring takes where there is nothing."""
    backend: Backend = fail.Keyring()  # type: ignore[no-untyped-call]
    return backend


def secrets(folder: Path, backend: Backend, timeout_s: float = 30.0) -> Secrets:
    return Secrets(folder=folder, find_backend=lambda: backend, timeout_s=timeout_s)


async def test_a_key_is_kept_in_the_keychain(folder: Path) -> None:
    """By default it goes there and nowhere else, and another run finds it."""
    backend = Kept()
    found = secrets(folder, backend)
    assert await found.state() is KeychainState.AVAILABLE
    await found.set("openai", CANARY)
    assert await secrets(folder, backend).get("openai") == CANARY
    assert not folder.exists()
    await found.delete("openai")
    assert await found.get("openai") is None


async def test_a_missing_keychain_is_said(folder: Path) -> None:
    """Nothing is kept silently elsewhere; reading and deleting find nothing."""
    found = secrets(folder, no_keychain())
    assert await found.state() is KeychainState.MISSING
    with pytest.raises(NoKeychain):
        await found.set("openai", CANARY)
    assert await found.get("openai") is None
    await found.delete("openai")
    assert not folder.exists()


async def test_a_key_for_this_run_is_gone_with_it(folder: Path) -> None:
    """It stays in memory, and closing forgets it."""
    found = secrets(folder, no_keychain())
    await found.set("openai", CANARY, place=KeyPlace.THIS_RUN)
    assert await found.get("openai") == CANARY
    found.close()
    assert await found.get("openai") is None
    assert not folder.exists()


async def test_a_key_in_the_file_is_there_at_the_next_run(folder: Path) -> None:
    """The file that was chosen instead of a keychain keeps it."""
    await secrets(folder, no_keychain()).set("openai", CANARY, place=KeyPlace.FILE)
    later = secrets(folder, no_keychain())
    assert await later.get("openai") == CANARY
    await later.delete("openai")
    assert await later.get("openai") is None


async def test_the_newest_key_counts_wherever_the_old_one_was(folder: Path) -> None:
    """A key that moves to another place leaves none that would hide it."""
    found = secrets(folder, Kept())
    for place in (KeyPlace.KEYCHAIN, KeyPlace.FILE, KeyPlace.THIS_RUN, KeyPlace.FILE, KeyPlace.KEYCHAIN):
        key = Secret(f"key in {place}")
        await found.set("openai", key, place=place)
        assert await found.get("openai") == key
    assert not (folder / "keys.json").exists()


async def test_a_locked_keychain_is_said(folder: Path) -> None:
    """What only the keychain could know is neither none nor empty; a fallback still works."""
    backend = Locked()
    found = secrets(folder, backend)
    for asked in (found.get("openai"), found.set("openai", CANARY), found.delete("openai")):
        with pytest.raises(KeychainLocked):
            await asked
    assert await found.state() is KeychainState.LOCKED
    await found.set("openai", CANARY, place=KeyPlace.THIS_RUN)
    assert await found.get("openai") == CANARY
    backend.unlock()
    await found.set("openai", CANARY)
    assert await found.state() is KeychainState.AVAILABLE


async def test_a_hanging_keychain_is_said_in_time(folder: Path) -> None:
    """The limit holds for the state as well, and the fallback does not wait for it."""
    backend = Hanging()
    found = secrets(folder, backend, timeout_s=0.05)
    with pytest.raises(KeychainLocked):
        await found.get("openai")
    assert await found.state() is KeychainState.LOCKED
    await found.set("openai", CANARY, place=KeyPlace.FILE)
    assert await found.get("openai") == CANARY
    backend.answer()


async def test_an_unsafe_file_is_not_passed_over(folder: Path) -> None:
    """A key file that others can read is said, not silently skipped."""
    found = secrets(folder, Kept())
    await found.set("openai", CANARY, place=KeyPlace.FILE)
    (folder / "keys.json").chmod(0o644)
    with pytest.raises(KeyFileUnsafe):
        await found.get("openai")


async def test_no_key_is_logged(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a success nor a refusal leaves the key in a log, at any level."""
    caplog.set_level(logging.DEBUG)
    for place in KeyPlace:
        await secrets(folder, Kept()).set("openai", CANARY, place=place)
    with pytest.raises(KeychainLocked):
        await secrets(folder, Locked()).set("openai", CANARY)
    assert CANARY.reveal() not in caplog.text
