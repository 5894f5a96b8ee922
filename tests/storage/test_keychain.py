import asyncio
import threading
from collections.abc import Callable

import pytest
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring
from keyring.errors import InitError, KeyringError

from desktop.domain.faults import KeychainLocked, NoKeychain
from desktop.storage.keychain import Backend, Keychain, is_missing, system_backend
from tests.storage.backends import Hanging, Kept, Locked


def keychain(backend: Backend, timeout_s: float = 30.0) -> Keychain:
    return Keychain(find=lambda: backend, timeout_s=timeout_s)


class EmptyChain(ChainerBackend):
    """keyring's chain on a computer without any keychain."""

    backends = ()


EmptyChain.__module__ = ChainerBackend.__module__


async def test_a_password_comes_back() -> None:
    """What is set is there, under the program's own name, until it is deleted."""
    backend = Kept()
    found = keychain(backend)
    await found.check()
    await found.set("openai", "sk-1")
    assert backend.passwords == {("sobremesa", "openai"): "sk-1"}
    assert await found.get("openai") == "sk-1"
    assert await found.delete("openai")
    assert not await found.delete("openai")
    assert await found.get("openai") is None


@pytest.mark.parametrize("backend", [FailKeyring, NullKeyring, EmptyChain])
async def test_placeholders_are_no_keychain(backend: Callable[[], Backend]) -> None:
    """Keyring's stand-ins for a missing keychain would lose the key; they count as none."""
    found = keychain(backend())
    for asked in (found.check(), found.get("x"), found.set("x", "y"), found.delete("x")):
        with pytest.raises(NoKeychain):
            await asked


def test_a_real_back_end_is_a_keychain() -> None:
    """Whatever keeps passwords counts."""
    assert not is_missing(Kept())


def test_the_system_says_which_back_end_it_has() -> None:
    """Keyring chooses; the tests' environment chooses none."""
    assert is_missing(system_backend())


@pytest.mark.parametrize("error", [None, KeyringError("denied"), InitError("no bus"), OSError("bus"), KeyError("x")])
async def test_a_refusal_is_a_locked_keychain(error: Exception | None) -> None:
    """Whatever a back end raises, the caller gets one kind of error, which does not carry the cause."""
    backend = Locked(error)
    found = keychain(backend)
    with pytest.raises(KeychainLocked) as caught:
        await found.set("x", "sk-secret")
    assert caught.value.__cause__ is None
    assert "sk-secret" not in repr(caught.value)
    with pytest.raises(KeychainLocked):
        await found.check()
    backend.unlock()
    await found.set("x", "sk-secret")
    await found.check()


async def test_a_back_end_that_cannot_be_found_is_a_locked_keychain() -> None:
    """A failure to load keyring is no crash."""

    def find() -> Backend:
        raise ImportError("broken")

    with pytest.raises(KeychainLocked):
        await Keychain(find=find).check()


async def test_a_slow_keychain_holds_nothing_up() -> None:
    """After the limit the caller goes on; what is asked while it hangs is refused at once; an answer heals it."""
    backend = Hanging()
    found = keychain(backend, timeout_s=0.05)
    with pytest.raises(KeychainLocked):
        await found.get("x")
    assert backend.asked.is_set()
    for asked in (found.get("x"), found.set("x", "y"), found.check()):
        with pytest.raises(KeychainLocked):
            await asked
    backend.answer()
    found._timeout_s = 30.0
    async with asyncio.timeout(10):
        while True:
            try:
                await found.set("x", "y")
            except KeychainLocked:
                await asyncio.sleep(0.001)
            else:
                break
    assert await found.get("x") == "y"


async def test_a_question_that_waited_too_long_is_not_asked_later() -> None:
    """Of two at once, the one behind the hanging one is dropped: no late, surprising write."""
    backend = Hanging()
    found = keychain(backend, timeout_s=0.05)
    first = asyncio.create_task(found.get("x"))
    await asyncio.to_thread(backend.asked.wait, 10)
    second = asyncio.create_task(_set_behind(found))
    results = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(result) for result in results] == [KeychainLocked, KeychainLocked]
    backend.answer()
    for thread in threading.enumerate():
        if thread.name == "keychain":
            await asyncio.to_thread(thread.join, 10)
    assert backend.passwords == {}


async def _set_behind(found: Keychain) -> None:
    await found.set("x", "late")


async def test_the_loop_lives_while_the_keychain_hangs() -> None:
    """Other tasks run while a keychain is waited for."""
    backend = Hanging()
    task = asyncio.create_task(keychain(backend).get("x"))
    await asyncio.to_thread(backend.asked.wait, 10)
    assert not task.done()
    backend.answer()
    assert await task is None
