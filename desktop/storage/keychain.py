"""The system's keychain, asked on threads of its own, so that a slow or locked one never holds anything up.

Design note. A keychain may show a dialog and wait for the user for minutes. A thread that asks is therefore a daemon:
nobody waits for it beyond the limit, neither a window nor the end of the program. While one hangs, further questions
are refused at once. keyring is imported there too: it looks for all back ends there are, up to half a second.
"""

import asyncio
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
    import keyring

    backend: Backend = keyring.get_keyring()
    return backend


def is_missing(backend: Backend) -> bool:
    """Whether a back end keeps nothing: keyring's placeholders, and its chain of back ends when it is empty."""
    module = type(backend).__module__
    return module in _EMPTY_BACKENDS or (module == _CHAINER and not getattr(backend, "backends", ()))


class Keychain:
    """Names and passwords in the system's keychain; `find` returns the back end and is called once, on a thread.

    Every method raises `KeychainLocked` where there is no answer and `NoKeychain` where there is nobody to ask.
    """

    def __init__(self, *, find: Callable[[], Backend] = system_backend, timeout_s: float = TIMEOUT_S) -> None:
        self._find = find
        self._timeout_s = timeout_s
        self._backend: Backend | None = None
        self._one_at_a_time = threading.Lock()
        self._hanging: Future[Any] | None = None
        self._refused = False

    async def check(self) -> None:
        """Raise what a question would raise. Nothing is asked that could open a dialog: the last answer counts."""
        await self._ask(lambda _backend: None)
        if self._refused:
            raise _locked()

    async def get(self, name: str) -> str | None:
        """Return a password, or None."""
        return await self._answered(lambda backend: backend.get_password(SERVICE, name))

    async def set(self, name: str, value: str) -> None:
        """Keep a password."""
        await self._answered(lambda backend: backend.set_password(SERVICE, name, value))

    async def delete(self, name: str) -> bool:
        """Remove a password; return whether it was there."""

        def work(backend: Backend) -> bool:
            # keyring tells a password that is not there from a refusal by nothing but the words.
            if backend.get_password(SERVICE, name) is None:
                return False
            backend.delete_password(SERVICE, name)
            return True

        return await self._answered(work)

    async def _answered(self, work: Callable[[Backend], T]) -> T:
        """Ask, and remember how it went."""
        try:
            found = await self._ask(work)
        except KeychainLocked:
            self._refused = True
            raise
        self._refused = False
        return found

    async def _ask(self, work: Callable[[Backend], T]) -> T:
        if self._hanging is not None and not self._hanging.done():
            raise _locked()
        asked: Future[T] = Future()
        threading.Thread(target=self._work, args=(asked, work), name="keychain", daemon=True).start()
        answer = asyncio.wrap_future(asked)
        await asyncio.wait([answer], timeout=self._timeout_s)
        if answer.done():
            return answer.result()
        if not asked.cancel():  # it has begun and cannot be stopped: whatever is asked next would wait behind it
            self._hanging = asked
        answer.cancel()
        raise _locked()

    def _work(self, asked: "Future[T]", work: Callable[[Backend], T]) -> None:
        """Answer one question, on a thread of its own."""
        with self._one_at_a_time:
            if not asked.set_running_or_notify_cancel():
                return
            try:
                backend = self._backend = self._backend or self._find()
                if is_missing(backend):
                    asked.set_exception(NoKeychain(_("This computer has no keychain.")))
                else:
                    asked.set_result(work(backend))
            except Exception:  # noqa: BLE001  back ends raise whatever their system raises; without it, as it may hold the key
                asked.set_exception(_locked())


def _locked() -> KeychainLocked:
    return KeychainLocked(_("The keychain is locked or does not answer. Unlock it, then try again."))
