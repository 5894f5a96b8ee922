"""What a model costs: the user's own price, else nothing on this computer, else what its provider publishes."""

import asyncio

from desktop.domain.faults import StoreError, WrongUse
from desktop.domain.models import GUIDE, SCRIPTED, ModelSpec
from desktop.domain.prices import FREE, Price, PriceSource, PriceTag
from desktop.i18n import _
from desktop.providers.catalogue import Catalogue
from desktop.services.estimates import FactStore, key_of

INPUT, OUTPUT, CACHED = "price_input", "price_output", "price_cached"
NONE = -1.0
"""A price that was taken back: what a model taught is replaced, never removed."""


class PriceService:
    """The prices of this installation, in US dollars per token."""

    def __init__(self, *, store: FactStore, catalogue: Catalogue) -> None:
        self._store = store
        self._catalogue = catalogue

    async def of(self, model: ModelSpec) -> PriceTag:
        """Return what is known of a model's price; what the disk does not tell is not known."""
        listed = await asyncio.to_thread(self._catalogue.price_of, model.kind, model.name, model.api_base)
        own = await self._own(model)
        if own is not None:
            return PriceTag(price=own, source=PriceSource.OWN, listed=listed)
        if self.is_here(model):
            return PriceTag(price=FREE, source=PriceSource.FREE)
        source = PriceSource.UNKNOWN if listed is None else PriceSource.LISTED
        return PriceTag(price=listed, source=source, listed=listed)

    def is_here(self, model: ModelSpec) -> bool:
        """Whether a model answers on this computer."""
        return model.kind in (GUIDE, SCRIPTED) or self._catalogue.is_here(model.kind, model.api_base)

    async def set_own(self, model: ModelSpec, price: Price | None) -> None:
        """Keep the user's own price of a model, None for the published one; raises `WrongUse`, `StoreError`."""
        if price is not None and min(price.input, price.output, price.cached or 0.0) < 0:
            raise WrongUse(_("A price is a number of dollars, 0 or more."))
        values = {
            INPUT: NONE if price is None else price.input,
            OUTPUT: NONE if price is None else price.output,
            CACHED: NONE if price is None or price.cached is None else price.cached,
        }
        for name, value in values.items():
            await self._store.learn(key_of(model), name, value, 1.0)

    async def _own(self, model: ModelSpec) -> Price | None:
        try:
            facts = await self._store.model_facts(key_of(model))
        except StoreError:
            return None
        found = {name: facts.get(name, (NONE, 0.0))[0] for name in (INPUT, OUTPUT, CACHED)}
        if found[INPUT] < 0 or found[OUTPUT] < 0:
            return None
        return Price(input=found[INPUT], output=found[OUTPUT], cached=found[CACHED] if found[CACHED] >= 0 else None)
