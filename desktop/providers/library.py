"""The only file that touches LiteLLM: imports it late and quietly, calls it, closes what it opened.

LiteLLM ships no usable types, so everything of it is `Any` here and nowhere else. Its attributes are set rather than
passed where it knows no other way; a version is pinned exactly, and tests/providers/test_library.py notices a change.
"""

import asyncio
import gc
import logging
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from typing import Any

from desktop.domain.messages import Usage
from desktop.domain.models import is_loopback
from desktop.providers.bundled import tokenizer_folder
from desktop.providers.observation import current

CALL_TIMEOUT_S = 86_400.0
"""LiteLLM wants some number; the run's own watchdog keeps the real limits."""
_CLOSED = {"openai": "http://127.0.0.1:9/v1", "anthropic": "http://127.0.0.1:9", "gemini": "http://127.0.0.1:9"}
_QUIET = ("LiteLLM", "LiteLLM Proxy", "LiteLLM Router", "openai", "httpx", "httpcore", "aiohttp")


def prepare_environment() -> None:
    """Set what LiteLLM reads while it is imported: no price map, header list or `.env` file is fetched or read."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS"] = "True"
    os.environ["LITELLM_LOCAL_BLOG_POSTS"] = "True"
    os.environ["LITELLM_MODE"] = "PRODUCTION"
    os.environ.pop("LITELLM_LOG", None)
    if tables := tokenizer_folder():
        os.environ.setdefault("TIKTOKEN_CACHE_DIR", str(tables))


class Library:
    """LiteLLM, loaded and silent."""

    def __init__(self, module: Any) -> None:
        self._litellm = module

    @classmethod
    def load(cls) -> "Library":
        """Import, silence and warm LiteLLM; takes seconds, so call it on a thread of its own. Raises `ImportError`."""
        first = "litellm" not in sys.modules
        prepare_environment()
        thresholds = gc.get_threshold()
        # With the collector on, the import stalls every other thread three times for 150 ms. A threshold of 0 turns it
        # off also for the window, which collects by itself (desktop/collector.py).
        gc.set_threshold(0)
        try:
            import litellm

            library = cls(litellm)
            library._silence()
            library._observe()
            if first:
                library._warm_up()
                # Otherwise each full collection walks over LiteLLM's million objects: 220 ms in mid-stream.
                gc.freeze()
        finally:
            gc.set_threshold(*thresholds)
        return library

    async def open_stream(self, **wishes: Any) -> AsyncIterator[Any]:
        """Start a streaming completion; LiteLLM neither retries nor counts, that is done above."""
        stream: AsyncIterator[Any] = await self._litellm.acompletion(
            stream=True,
            stream_options={"include_usage": True},
            num_retries=0,
            max_retries=0,
            timeout=CALL_TIMEOUT_S,
            # With tools it would import `mcp` first, for a gateway of its own that nobody here has asked for.
            **{"no-log": True, "_skip_mcp_handler": True},
            **wishes,
        )
        return stream

    @staticmethod
    def forget(stream: Any) -> None:
        """Drop what a stream keeps of its chunks: they stay in memory to the end, and the text is copied with each."""
        chunks = getattr(stream, "chunks", None)
        if isinstance(chunks, list) and len(chunks) > 2 and getattr(chunks[-3], "usage", None) is None:
            del chunks[-3]
        stream.response_uptil_now = ""

    def cost(self, *, kind: str, model: str, usage: Any) -> float | None:
        """Return the price in US dollars of a provider's `usage` by the bundled table, None where it is not listed."""
        table = self._litellm.model_cost
        if not any(name in table for name in (model, f"{kind}/{model}")):
            return None
        # LiteLLM raises the bare class for a model whose price it cannot work out.
        with suppress(Exception):
            return float(sum(self._litellm.cost_per_token(model=model, custom_llm_provider=kind, usage_object=usage)))
        return None

    async def aclose(self) -> None:
        """Close the HTTP clients that LiteLLM keeps for the running loop, and end its tasks there."""
        loop = asyncio.get_running_loop()
        cache = self._litellm.in_memory_llm_clients_cache
        mine = f"-{id(loop)}"
        for key in [key for key in cache.cache_dict if str(key).endswith(mine)]:
            client = cache.cache_dict.pop(key)
            cache.ttl_dict.pop(key, None)
            await _close(client)
        shared = vars(self._litellm).get("module_level_aclient")
        if shared is not None and _loop_of(shared) is loop:
            await _close(shared)
        from litellm.litellm_core_utils.logging_worker import GLOBAL_LOGGING_WORKER

        if getattr(GLOBAL_LOGGING_WORKER, "_bound_loop", None) is loop:
            await GLOBAL_LOGGING_WORKER.stop()

    def _silence(self) -> None:
        """Turn off everything that would print, log, report or fetch: prompts and keys pass through here."""
        module = self._litellm
        module.suppress_debug_info = True
        module.set_verbose = False
        module.telemetry = False
        module.turn_off_message_logging = True
        module.disable_hf_tokenizer_download = True
        module.disable_token_counter = True
        module.disable_streaming_logging = True
        # It goes with every call, and with the counter off nobody counts; the real one stops every thread for 50 ms.
        module.main._encoding_cache = _RoughEncoding()  # noqa: SLF001 - LiteLLM offers no other way
        # A hundred equal chunks in a row are an answer (a table's rule, a drawing), not a fault.
        module.REPEATED_STREAMING_CHUNK_LIMIT = sys.maxsize
        for name in ("callbacks", "success_callback", "failure_callback", "input_callback", "service_callback"):
            setattr(module, name, [])
        for name in _QUIET:
            logger = logging.getLogger(name)
            logger.handlers.clear()
            logger.addHandler(logging.NullHandler())
            logger.setLevel(logging.CRITICAL + 1)
            logger.propagate = False

    def _observe(self) -> None:
        """Put our transport in the place from which LiteLLM takes its own when it makes a client."""
        from litellm.llms.custom_httpx import aiohttp_transport

        plain = aiohttp_transport.LiteLLMAiohttpTransport
        if getattr(plain, "is_observed", False):
            return

        class ObservedTransport(plain):  # type: ignore[misc, valid-type] # LiteLLM ships no types
            is_observed = True

            async def handle_async_request(self, request: Any) -> Any:
                observation = current()
                send = super().handle_async_request
                return await (send(request) if observation is None else observation.carry(request, send))

            async def _get_proxy_settings(self, request: Any) -> Any:
                # A proxy is the way to the world; a question to this computer has no business there.
                return None if is_loopback(str(request.url)) else await super()._get_proxy_settings(request)

        aiohttp_transport.LiteLLMAiohttpTransport = ObservedTransport

    def _warm_up(self) -> None:
        """Make the first real call as quick as the second: LiteLLM imports half of itself when it is first used."""
        from openai import OpenAIError

        messages = [{"role": "user", "content": "Hi"}]

        async def go() -> None:
            async for _ in await self.open_stream(model="openai/warm-up", messages=messages, mock_response="Hello"):
                pass
            for kind, base in _CLOSED.items():
                with suppress(OpenAIError):
                    wishes = {"model": f"{kind}/warm-up", "api_base": base, "api_key": "none"}
                    await anext(await self.open_stream(messages=messages, **wishes))
            await self.aclose()

        asyncio.run(go())


class _RoughEncoding:
    """Stands where LiteLLM wants a tokenizer that it does not use here; four characters are one token."""

    def encode(self, text: str, **_wishes: Any) -> list[int]:
        """Return as many numbers as `text` has tokens, about."""
        return [0] * -(-len(text) // 4)


def usage_of(figures: Any, *, estimated: bool = False) -> Usage:
    """Return LiteLLM's usage object as ours."""

    def number(holder: Any, name: str) -> int:
        value = holder.get(name) if isinstance(holder, Mapping) else getattr(holder, name, None)
        return int(value or 0)

    return Usage(
        input_tokens=number(figures, "prompt_tokens"),
        output_tokens=number(figures, "completion_tokens"),
        cached_tokens=number(getattr(figures, "prompt_tokens_details", None), "cached_tokens"),
        reasoning_tokens=number(getattr(figures, "completion_tokens_details", None), "reasoning_tokens"),
        estimated=estimated,
    )


def _loop_of(handler: Any) -> Any:
    transport = getattr(getattr(handler, "_client", None), "_transport", None)
    return getattr(getattr(transport, "client", None), "_loop", None)


async def _close(holder: Any) -> None:
    """Close a cached client: LiteLLM's handler, or the SDK's client around an HTTP client."""
    client = getattr(holder, "_client", holder)
    if hasattr(client, "aclose"):
        await client.aclose()
    elif hasattr(client, "close") and asyncio.iscoroutinefunction(client.close):
        await client.close()
