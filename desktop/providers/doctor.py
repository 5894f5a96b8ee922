"""Tries a provider step by step and says at which step it fails: what Settings ▸ Providers ▸ Test shows."""

import asyncio
import os
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from desktop.domain.explanations import explain
from desktop.domain.faults import Fault, FaultKind, ProviderError
from desktop.domain.models import ProviderSpec, Secret, is_loopback
from desktop.i18n import _, ngettext
from desktop.providers.catalogue import Catalogue, listing_base
from desktop.providers.errors import fault_of_failure

CONNECT_TIMEOUT_S = 10.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckStep:
    """One step: `ok` is None while it runs, `ms` how long it took, `words` what to say about it."""

    name: str
    ok: bool | None = None
    ms: int | None = None
    words: str = ""
    fault: Fault | None = None


class _Report:
    """Collects steps and tells of each when it begins and when it ends."""

    def __init__(self, on_step: Callable[[CheckStep], None]) -> None:
        self.steps: list[CheckStep] = []
        self.words = ""
        self._on_step = on_step

    @asynccontextmanager
    async def step(self, name: str) -> AsyncIterator[None]:
        """Time a step; raises `ProviderError` on."""
        self.words = ""
        self._on_step(CheckStep(name=name))
        started = perf_counter()
        try:
            yield
        except ProviderError as error:
            explanation = explain(error.fault)
            said = f"{explanation.title}. {error.fault.words}".strip() if error.fault.words else explanation.title
            self._end(CheckStep(name=name, ok=False, ms=_since(started), words=said, fault=error.fault))
            raise
        self._end(CheckStep(name=name, ok=True, ms=_since(started), words=self.words))

    def _end(self, step: CheckStep) -> None:
        self.steps.append(step)
        self._on_step(step)


async def check_provider(
    spec: ProviderSpec,
    *,
    key: Secret | None = None,
    on_step: Callable[[CheckStep], None] = lambda _step: None,
    catalogue: Catalogue | None = None,
) -> tuple[CheckStep, ...]:
    """Look the provider up, connect, secure the line, and ask for its models with the key; stops at the first fault."""
    report = _Report(on_step)
    base = listing_base(spec)
    try:
        if base:
            await _reach(base, report)
        async with report.step(_("Key and models")):
            models = await (catalogue or Catalogue()).models_of(spec, key=key)
            count = len(models)
            report.words = ngettext("{count} model", "{count} models", count).format(count=count)
            if not base:
                report.words = _("{models}, from the built-in list: this provider cannot be asked").format(
                    models=report.words
                )
    except ProviderError:
        pass
    return tuple(report.steps)


async def _reach(base: str, report: _Report) -> None:
    """Take the way to the server in steps. Behind a proxy only the proxy knows the way, so the request itself tells."""
    parts = urlsplit(base)
    host, secure = parts.hostname or "", parts.scheme == "https"
    try:
        port = parts.port or (443 if secure else 80)
    except ValueError:
        port = 0
    if not is_loopback(base) and _goes_through_proxy(parts.scheme, host):
        return
    if not is_loopback(base):
        async with report.step(_("Name (DNS)")):
            await _guarded(asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM), host)
    async with report.step(_("Connection")):
        _reader, writer = await _guarded(asyncio.open_connection(host, port), parts.netloc)
        writer.close()
    if secure:
        async with report.step(_("Encryption (TLS)")):
            context = await asyncio.to_thread(_context)
            _reader, writer = await _guarded(asyncio.open_connection(host, port, ssl=context), parts.netloc)
            writer.close()


async def _guarded(waiting: Awaitable[T], where: str) -> T:
    """Wait for one step on the way; raises `ProviderError` for what stands in it."""
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            return await waiting
    except TimeoutError:
        raise ProviderError(Fault(kind=FaultKind.CONNECT_TIMEOUT, where=where)) from None
    except (OSError, OverflowError) as error:
        raise ProviderError(fault_of_failure(error, where=where)) from None


def _goes_through_proxy(scheme: str, host: str) -> bool:
    proxies = getproxies()
    return bool(proxies.get(scheme) or proxies.get("all")) and not proxy_bypass(host)


def _context() -> ssl.SSLContext:
    """Trust whom LiteLLM trusts, or the test would say something else than the chat."""
    import certifi

    return ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE") or certifi.where())


def _since(started: float) -> int:
    return round((perf_counter() - started) * 1000)
