"""Asks a provider which models it has: one GET of our own, for LiteLLM only knows a list from the day it was built."""

import re
from typing import Any

import httpx

from desktop.domain.faults import Fault, FaultKind, ProviderError
from desktop.domain.models import Secret, is_loopback
from desktop.providers.addresses import LOCAL_BASES
from desktop.providers.errors import fault_of_failure, fault_of_response

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 20.0
_ANTHROPIC_VERSION = "2023-06-01"
_NOT_CHAT = re.compile(
    r"embed|whisper|tts|dall-e|moderation|rerank|transcribe|speech|image|realtime|sora|babbage|davinci|guard|ocr",
    re.IGNORECASE,
)
_VERSIONED = re.compile(r"/v\d+[a-z0-9]*/?$")
_OPENAI_FORM = frozenset({"openai", *LOCAL_BASES})
_ELSEWHERE = frozenset({FaultKind.NO_MODEL, FaultKind.NOT_A_MODEL})


async def list_models(*, kind: str, base: str, key: Secret | None = None) -> tuple[str, ...]:
    """Return the names of the models at `base`, in the provider's spelling; raises `ProviderError`.

    Where they are not there but below `/v1`, which is what most people leave out, the fault is `WRONG_BASE`.
    """
    try:
        return parse_models(await fetch_models(kind=kind, base=base, key=key), kind=kind, base=base)
    except ProviderError as error:
        if error.fault.kind not in _ELSEWHERE or kind not in _OPENAI_FORM or _VERSIONED.search(base):
            raise
        below = f"{base.rstrip('/')}/v1"
        if not await _has_models(kind=kind, base=below, key=key):
            raise
    raise ProviderError(Fault(kind=FaultKind.WRONG_BASE, where=below))


async def _has_models(*, kind: str, base: str, key: Secret | None) -> bool:
    try:
        parse_models(await fetch_models(kind=kind, base=base, key=key), kind=kind, base=base)
    except ProviderError:
        return False
    return True


async def fetch_models(*, kind: str, base: str, key: Secret | None = None) -> httpx.Response:
    """Return the provider's own response, of status 200; raises `ProviderError`."""
    url, headers = _request(kind, base.rstrip("/"), key)
    secrets = (key.reveal(),) if key else ()
    where = httpx.URL(url).netloc.decode("ascii", "replace")
    timeout = httpx.Timeout(READ_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
    try:
        # A proxy for the world is no way to this computer; and a key follows no redirect.
        async with httpx.AsyncClient(timeout=timeout, trust_env=not is_loopback(url), follow_redirects=False) as client:
            response = await client.get(url, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise ProviderError(fault_of_failure(error, secrets=secrets, where=where)) from None
    if response.status_code != 200:
        raise ProviderError(
            fault_of_response(
                response.status_code,
                headers=dict(response.headers),
                body=response.content,
                secrets=secrets,
                where=where,
            )
        )
    return response


def parse_models(response: httpx.Response, *, kind: str, base: str) -> tuple[str, ...]:
    """Return the names in a list of models of any of the usual shapes; raises `ProviderError` where it is none."""
    try:
        data = response.json()
    except ValueError:
        data = None
    listed = data if isinstance(data, list) else _listed(data)
    if listed is None:
        raise ProviderError(Fault(kind=FaultKind.NOT_A_MODEL, status=response.status_code, where=httpx.URL(base).host))
    names = dict.fromkeys(name for entry in listed if (name := _name(entry, kind)))
    if is_loopback(base):
        return tuple(names)
    return tuple(sorted(name for name in names if not _NOT_CHAT.search(name)))


def _request(kind: str, base: str, key: Secret | None) -> tuple[str, dict[str, str]]:
    value = key.reveal() if key else ""
    if kind == "anthropic":
        root = base.removesuffix("/v1/messages").removesuffix("/v1")
        return f"{root}/v1/models?limit=1000", {"x-api-key": value, "anthropic-version": _ANTHROPIC_VERSION}
    if kind == "gemini":
        return f"{base}/models?pageSize=1000", {"x-goog-api-key": value}
    headers = {"Authorization": f"Bearer {value}"} if value else {}
    if kind == "azure":
        return f"{base}/openai/models?api-version=2024-10-21", {"api-key": value}
    return f"{base}/models", headers


def _listed(data: Any) -> list[Any] | None:
    if isinstance(data, dict):
        for field in ("data", "models"):
            if isinstance(data.get(field), list):
                found: list[Any] = data[field]
                return found
    return None


def _name(entry: Any, kind: str) -> str:
    if isinstance(entry, str):
        return entry
    if not isinstance(entry, dict):
        return ""
    if kind == "gemini":
        methods = entry.get("supportedGenerationMethods")
        if isinstance(methods, list) and "generateContent" not in methods:
            return ""
        return str(entry.get("name", "")).removeprefix("models/")
    return str(entry.get("id") or entry.get("name") or "")
