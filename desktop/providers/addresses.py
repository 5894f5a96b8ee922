"""From a request to what LiteLLM is called with: the name it routes by, the base, and no key that was not meant."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from desktop.domain.faults import Fault, FaultKind, ProviderError
from desktop.domain.requests import ChatRequest
from desktop.providers.caching import wire_messages

LOCAL_BASES = {
    "ollama": "http://127.0.0.1:11434/v1",
    "ollama_chat": "http://127.0.0.1:11434/v1",
    "lm_studio": "http://127.0.0.1:1234/v1",
    "llamafile": "http://127.0.0.1:8080/v1",
    "hosted_vllm": "http://127.0.0.1:8000/v1",
    "vllm": "http://127.0.0.1:8000/v1",
}
"""Kinds that are asked in OpenAI's form: LiteLLM's own way to Ollama blocks its loop for seconds."""

NO_KEY = "none"
"""Sent where a server wants no key: with nothing at all, LiteLLM would take OpenAI's from the environment."""

OWN_CREDENTIALS = frozenset({"bedrock", "sagemaker", "sagemaker_chat", "vertex_ai", "oci", "github_copilot", "chatgpt"})
"""Kinds that sign in by the files of their own command line tools."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How a request goes out. `has_list_prices`: it goes to the provider itself, so its published prices hold."""

    wishes: dict[str, Any]
    kind: str
    where: str
    has_list_prices: bool


def route(request: ChatRequest) -> Route:
    """Return what LiteLLM is called with; raises `ProviderError` with NO_KEY where a key is needed."""
    model = request.model
    base = model.api_base
    kind = model.kind
    name = model.litellm_name
    if kind in LOCAL_BASES:
        base = with_v1(base) if kind.startswith("ollama") and base else base or LOCAL_BASES[kind]
        name = f"openai/{model.name}"
    key = request.api_key.reveal() if request.api_key else ""
    if not key and base:
        key = NO_KEY
    if not key and kind not in OWN_CREDENTIALS:
        raise ProviderError(Fault(kind=FaultKind.NO_KEY, where=model.provider_name or kind))
    wishes: dict[str, Any] = {"model": name, "messages": wire_messages(request)}
    if base:
        wishes["api_base"] = base
    if key:
        wishes["api_key"] = key
    if request.temperature is not None:
        wishes["temperature"] = request.temperature
    if request.max_tokens is not None:
        wishes["max_tokens"] = request.max_tokens
    if request.tools:
        wishes["tools"] = [dict(tool) for tool in request.tools]
    return Route(
        wishes={**request.extra, **wishes},
        kind=kind,
        where=urlsplit(base).netloc if base else model.provider_name or kind,
        has_list_prices=not base,
    )


def with_v1(base: str) -> str:
    """Return the base URL of a local server in OpenAI's form, whether or not it ends in `/v1` already."""
    base = base.rstrip("/")
    base = base.removesuffix("/api/chat").removesuffix("/api")
    return base if base.endswith("/v1") else f"{base}/v1"
