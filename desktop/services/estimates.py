"""What each model has taught about its counting and its window: read once, kept in the database, used from then on."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

from desktop.domain.estimates import Correction, corrected, prior
from desktop.domain.faults import StoreError
from desktop.domain.models import DIRECT, ModelSpec

WINDOW = "window"
LEAST_WINDOW = 64
"""Tokens; a smaller window is a number in a sentence that meant something else."""


class FactStore(Protocol):
    """Where lessons are kept."""

    async def model_facts(self, address: str) -> Mapping[str, tuple[float, float]]:
        """Return what a model taught: a value and its weight by name."""

    async def learn(self, address: str, name: str, value: float, weight: float = 0.0) -> None:
        """Keep what a model taught."""


class Estimates:
    """The lessons of all models of one store. A store that keeps nothing costs the lesson after the next start."""

    def __init__(self) -> None:
        self._facts: dict[str, dict[str, tuple[float, float]]] = {}

    async def of(self, store: FactStore, model: ModelSpec, encoding: str, *, own: bool = False) -> Correction:
        """Return how to correct a count in `encoding`.

        With a tokenizer of the session's `own` choice, tokens are what that tokenizer says, and nothing is corrected.
        """
        first = prior(model.name)
        if own:
            return Correction(margin=first.margin)
        facts = await self._of(store, model)
        factor, weight = facts.get(f"factor {encoding}", (first.factor, 0.0))
        margin, _weight = facts.get(f"margin {encoding}", (first.margin, 0.0))
        answers, _weight = facts.get(f"answers {encoding}", (0, 0.0))
        return Correction(factor=factor, margin=margin, weight=weight, answers=int(answers))

    async def note_usage(
        self, store: FactStore, model: ModelSpec, encoding: str, *, counted: int, true: int
    ) -> Correction:
        """Let the provider's own figure correct the next estimates."""
        known = await self.of(store, model, encoding)
        found = corrected(known, counted=counted, true=true)
        if found != known:
            await self._learn(store, model, f"factor {encoding}", found.factor, found.weight)
            await self._learn(store, model, f"margin {encoding}", found.margin, found.weight)
            await self._learn(store, model, f"answers {encoding}", found.answers, 0.0)
        return found

    async def window(self, store: FactStore, model: ModelSpec) -> int | None:
        """Return a model's context window: the one it taught, else the one that is known of it."""
        learned = (await self._of(store, model)).get(WINDOW)
        return int(learned[0]) if learned else model.window

    async def learn_window(self, store: FactStore, model: ModelSpec, tokens: int) -> None:
        """Keep the window that a provider named when it refused a request."""
        if tokens >= LEAST_WINDOW:
            await self._learn(store, model, WINDOW, tokens, 1.0)

    async def _of(self, store: FactStore, model: ModelSpec) -> dict[str, tuple[float, float]]:
        key = key_of(model)
        if key not in self._facts:
            self._facts[key] = dict(await store.model_facts(key))
        return self._facts[key]

    async def _learn(self, store: FactStore, model: ModelSpec, name: str, value: float, weight: float) -> None:
        (await self._of(store, model))[name] = (value, weight)
        with suppress(StoreError):  # a comfort, and the disk may be full
            await store.learn(key_of(model), name, value, weight)


def key_of(model: ModelSpec) -> str:
    """Return what lessons are kept under: the model's address, and its server where the address does not say it."""
    return f"{model.address} {model.api_base}" if model.provider_id == DIRECT else model.address
