"""The system's keychain, asked on a thread of its own, so that a slow or locked one never holds anything up.

Design note. A keychain may show a dialog and wait for the user for minutes. The thread that asks is therefore a
daemon: nobody waits for it beyond the limit, neither a window nor the end of the program. While it hangs, further
questions are answered with `KeychainLocked` at once. keyring is imported there too: it is slow.
"""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

from desktop.domain.faults import KeychainLocked, NoKeychain
from desktop.i18n import _

T = TypeVar("T")

SERVICE = "sobremesa"
TIMEOUT_S = 10.0

_EMPTY_BACKENDS = frozenset({"keyring.backends.fail", "keyring.backends.null"})
_CHAINER = "keyring.backends.chainer"


class Backend(Protocol):
    """What keyring's back ends are asked for."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


def system_backend() -> Backend:
    """Return the back end that keyring chooses for this computer."""
    import keyring  # looks for all back ends there are: up to half a second

    backend: Backend = keyring.get_keyring()
    return backend


def is_missing(backend: Backend) -> bool:
    """Whether a back end keeps nothing: keyring's placeholders, and its chain of back ends when it is empty."""
    module = type(backend).__module__
    return module in _EMPTY_BACKENDS or (module == _CHAINER and not getattr(backend, "backends", ()))


class Keychain:
    """Names and passwords in the system's keychain; `find` returns the back end and is called once, on the thread."""

    def __init__(self, *, find: Callable[[], Backend] = system_backend, timeout_s: float = TIMEOUT_S) -> None:
        self._find = find
        self._timeout_s = timeout_s
        self._backend: Backend | None = None
        self._jobs: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._hanging: Future[Any] | None = None

    async def exists(self) -> bool:
        """Whether this computer has a keychain. Raises `KeychainLocked` where it does not answer."""
        return await self._ask(lambda: not is_missing(self._found()))

    async def get(self, name: str) -> str | None:
        """Return a password, or None. Raises `KeychainLocked` and `NoKeychain`."""
        return await self._ask(lambda: self._usable().get_password(SERVICE, name))

    async def set(self, name: str, value: str) -> None:
        """Keep a password. Raises `KeychainLocked` and `NoKeychain`."""
        await self._ask(lambda: self._usable().set_password(SERVICE, name, value))

    async def delete(self, name: str) -> bool:
        """Remove a password; return whether it was there. Raises `KeychainLocked` and `NoKeychain`."""

        def work() -> bool:
            backend = self._usable()
            # keyring tells a password that is not there from a refusal by nothing but the words.
            if backend.get_password(SERVICE, name) is None:
                return False
            backend.delete_password(SERVICE, name)
            return True

        return await self._ask(work)

    def close(self) -> None:
        """Let the thread end when it has answered; it is not waited for."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread = None

    def _found(self) -> Backend:
        if self._backend is None:
            self._backend = self._find()
        return self._backend

    def _usable(self) -> Backend:
        backend = self._found()
        if is_missing(backend):
            raise NoKeychain(_("This computer has no keychain."))
        return backend

    async def _ask(self, work: Callable[[], T]) -> T:
        if self._hanging is not None and not self._hanging.done():
            raise _locked()
        if self._thread is None:
            self._thread = threading.Thread(target=_answer, args=(self._jobs,), name="keychain", daemon=True)
            self._thread.start()
        asked: Future[T] = Future()
        self._jobs.put((asked, work))
        answer = asyncio.wrap_future(asked)
        await asyncio.wait([answer], timeout=self._timeout_s)
        if answer.done():
            return answer.result()
        if not asked.cancel():  # it has begun and cannot be stopped: whatever is asked next would wait behind it
            self._hanging = asked
        answer.cancel()
        raise _locked()


def _answer(jobs: "queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None]") -> None:
    """Do one job after the other until None comes."""
    while (job := jobs.get()) is not None:
        asked, work = job
        if not asked.set_running_or_notify_cancel():
            continue
        try:
            asked.set_result(work())
        except NoKeychain as error:
            asked.set_exception(error)
        except Exception:  # noqa: BLE001  back ends raise whatever their system raises; and no cause: it may hold the key
            asked.set_exception(_locked())
        del job, asked, work  # a closure may hold a key: not longer than needed


def _locked() -> KeychainLocked:
    return KeychainLocked(_("The keychain is locked or does not answer. Unlock it, then try again."))
