"""What is on this computer already: local servers that answer on loopback, provider keys in the environment by name.

The probes speak HTTP over plain sockets: they are the first thing that a new user waits for, and an HTTP client would
take longer to import than they have; nor is there a proxy to be asked on the way to loopback.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from desktop.domain.models import FoundKey, FoundServer
from desktop.providers.offers import KNOWN

PROBE_TIMEOUT_S = 0.3
BODY_LIMIT = 1024 * 1024
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Where a local server listens by default, and the path that lists its models."""

    name: str
    port: int
    path: str = "/v1/models"


PROBES = (
    Probe(name="Ollama", port=11434, path="/api/tags"),
    Probe(name="LM Studio", port=1234),
    Probe(name="llama.cpp", port=8080),
    Probe(name="vLLM", port=8000),
    Probe(name="Jan", port=1337),
)


async def find_servers(
    probes: Sequence[Probe] = PROBES, *, host: str = LOOPBACK, timeout_s: float = PROBE_TIMEOUT_S
) -> tuple[FoundServer, ...]:
    """Return the servers that answer like a model server within `timeout_s` seconds, asked all at once."""
    found = await asyncio.gather(*(_ask(probe, host, timeout_s) for probe in probes))
    return tuple(server for server in found if server is not None)


def find_keys(environment: Mapping[str, str]) -> tuple[FoundKey, ...]:
    """Return the provider keys in the environment: their names, never their values."""
    return tuple(
        FoundKey(variable=variable, kind=known.offer.kind, provider_name=known.offer.name)
        for known in KNOWN
        for variable in known.offer.key_variables
        if environment.get(variable, "").strip()
    )


async def _ask(probe: Probe, host: str, timeout_s: float) -> FoundServer | None:
    try:
        async with asyncio.timeout(timeout_s):
            models = _models(await _get(host, probe.port, probe.path))
    except (OSError, TimeoutError, ValueError, EOFError, asyncio.LimitOverrunError):
        return None
    if models is None:
        return None
    return FoundServer(name=probe.name, api_base=f"http://{host}:{probe.port}/v1", models=models)


async def _get(host: str, port: int, path: str) -> bytes:
    """Return the body of a 200 response; HTTP/1.0 keeps it in one piece. Raises ValueError for any other."""
    reader, writer = await asyncio.open_connection(host, port, limit=BODY_LIMIT)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: {host}:{port}\r\nAccept: application/json\r\n\r\n".encode())
        await writer.drain()
        status, *lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        if status.split(b" ")[1:2] != [b"200"]:
            raise ValueError(status)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
        if b"content-length" in headers:
            return await reader.readexactly(min(int(headers[b"content-length"]), BODY_LIMIT))
        return await reader.read(BODY_LIMIT)
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


def _models(body: bytes) -> tuple[str, ...] | None:
    """Return the names in a model list of Ollama's or OpenAI's form, None where the body is something else."""
    data: Any = json.loads(body)
    if not isinstance(data, dict):
        return None
    listed = data.get("models") if isinstance(data.get("models"), list) else data.get("data")
    if not isinstance(listed, list):
        return None
    names = (entry.get("id") or entry.get("name") for entry in listed if isinstance(entry, dict))
    return tuple(dict.fromkeys(str(name) for name in names if name))
