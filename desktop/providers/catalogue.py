"""Which providers can be added, and which models they have: from data at hand, or by asking the provider itself."""

import asyncio
import re
from functools import cached_property

from desktop.domain.faults import Fault, FaultKind, ProviderError
from desktop.domain.models import ProviderOffer, ProviderSpec, Secret, is_loopback
from desktop.domain.prices import Price, price_from
from desktop.providers.addresses import LOCAL_BASES, OWN_CREDENTIALS, with_v1
from desktop.providers.bundled import model_table, provider_table
from desktop.providers.offers import KNOWN

_NOT_FOR_PEOPLE = frozenset({"custom", "custom_openai", "openai_like", "auto_router", "a2a"})
"""Routed, and offered under a better name or not at all."""
_NOT_CHAT = frozenset(
    {
        "assemblyai",
        "deepgram",
        "elevenlabs",
        "fal_ai",
        "nanogpt",
        "text-completion-codestral",
        "text-completion-openai",
        "venice",
    }
)
"""In LiteLLM's table of those that chat, but voices, pictures and old completions, or not routed at all."""


class Catalogue:
    """Everything that is known about providers without LiteLLM being loaded."""

    @cached_property
    def _known(self) -> dict[str, ProviderOffer]:
        return {known.offer.kind: known.offer for known in KNOWN}

    @cached_property
    def _offers(self) -> tuple[ProviderOffer, ...]:
        others = [
            ProviderOffer(
                kind=kind,
                name=re.sub(r"\s*\(`[^`]*`\)$", "", str(entry.get("display_name", kind))),
                key_variables=() if kind in OWN_CREDENTIALS or kind in LOCAL_BASES else (_usual_variable(kind),),
            )
            for kind, entry in provider_table().items()
            if kind not in self._known
            and kind not in _NOT_FOR_PEOPLE | _NOT_CHAT
            and "/" not in kind
            and entry.get("endpoints", {}).get("chat_completions")
        ]
        return (*self._known.values(), *sorted(others, key=lambda offer: offer.name.casefold()))

    @cached_property
    def _windows(self) -> dict[tuple[str, str], int]:
        found = {}
        for name, entry in model_table().items():
            window = entry.get("max_input_tokens") or entry.get("max_tokens")
            if isinstance(window, int) and entry.get("mode") in ("chat", "responses") and "*" not in name:
                kind = _kind_of(entry.get("litellm_provider"))
                found[kind, name.removeprefix(f"{kind}/")] = window
        return found

    @cached_property
    def _prices(self) -> dict[tuple[str, str], Price]:
        found = {}
        for name, entry in model_table().items():
            if entry.get("mode") in ("chat", "responses") and (price := price_from(entry)) is not None:
                kind = _kind_of(entry.get("litellm_provider"))
                found[kind, name.removeprefix(f"{kind}/")] = price
        return found

    def offers(self) -> tuple[ProviderOffer, ...]:
        """Return every provider that can be added by name, well-known ones first."""
        return self._offers

    def kinds(self) -> frozenset[str]:
        """Return the names that LiteLLM routes by."""
        return frozenset(offer.kind for offer in self._offers) | _NOT_FOR_PEOPLE

    def name_of(self, kind: str) -> str:
        """Return how a provider calls itself; its kind where that is not known."""
        return next((offer.name for offer in self._offers if offer.kind == kind), kind)

    def key_variables(self, kind: str) -> tuple[str, ...]:
        """Return the environment variables that hold a provider's key, by custom."""
        return next((offer.key_variables for offer in self._offers if offer.kind == kind), ())

    def window_of(self, kind: str, name: str) -> int | None:
        """Return the context window of a model in tokens, None where it is not known."""
        return self._windows.get((kind, name))

    def price_of(self, kind: str, name: str, api_base: str = "") -> Price | None:
        """Return a model's published price, None where there is none.

        A server of one's own asks what it likes, whatever its models are called. Slow the first time: it reads a table.
        """
        return None if api_base else self._prices.get((kind, name))

    def is_here(self, kind: str, api_base: str = "") -> bool:
        """Whether a model of this kind, at this base URL or its usual one, answers on this computer."""
        return is_loopback(api_base or LOCAL_BASES.get(kind, ""))

    def known_models(self, kind: str) -> tuple[str, ...]:
        """Return the models that LiteLLM has heard of, for providers that cannot be asked."""
        return tuple(sorted(name for provider, name in self._windows if provider == kind))

    async def models_of(self, spec: ProviderSpec, *, key: Secret | None = None) -> tuple[str, ...]:
        """Ask a provider for its models; raises `ProviderError`. One that has no list answers from LiteLLM's table."""
        base = listing_base(spec)
        if not base:
            return await asyncio.to_thread(self.known_models, spec.kind)
        if key is None and not spec.api_base and self.key_variables(spec.kind):
            raise ProviderError(Fault(kind=FaultKind.NO_KEY, where=spec.name))
        from desktop.providers.listing import list_models

        return await list_models(kind=spec.kind, base=base, key=key)


def listing_base(spec: ProviderSpec) -> str:
    """Return the base URL at which a provider lists its models, nothing where it does not."""
    if spec.kind in LOCAL_BASES:
        base = spec.api_base or LOCAL_BASES[spec.kind]
        return with_v1(base) if spec.kind.startswith("ollama") else base
    return spec.api_base or next((known.listing_base for known in KNOWN if known.offer.kind == spec.kind), "")


def _usual_variable(kind: str) -> str:
    return f"{re.sub(r'[^A-Z0-9]+', '_', kind.upper())}_API_KEY"


def _kind_of(provider: object) -> str:
    """Return the routing name: LiteLLM's table splits Vertex AI into `vertex_ai-language-models` and others."""
    return str(provider or "").split("-", 1)[0] if str(provider).startswith("vertex_ai") else str(provider or "")
