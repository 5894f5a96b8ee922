"""What tokens cost, in parts: input, what the provider had cached, output, and thinking."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from desktop.domain.messages import Usage

PER = 1_000_000
"""Prices are shown and typed per so many tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """US dollars per token. `cached` None is as input, `thinking` None is as output.

    `above` holds the prices that apply to the whole request when its input is longer than so many tokens.
    """

    input: float
    output: float
    cached: float | None = None
    thinking: float | None = None
    above: tuple[tuple[int, "Price"], ...] = ()

    def at(self, input_tokens: int) -> "Price":
        """Return the price of a request with so many tokens of input."""
        found = self
        for limit, price in sorted(self.above, key=lambda step: step[0]):
            if input_tokens > limit:
                found = price
        return found


class PriceSource(StrEnum):
    """Where a price comes from."""

    OWN = "own"
    """The user set it."""
    LISTED = "listed"
    FREE = "free"
    """The model answers on this computer."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceTag:
    """What is known of a model's price; `listed` is the published one, whichever holds."""

    price: Price | None = None
    source: PriceSource = PriceSource.UNKNOWN
    listed: Price | None = None

    @property
    def is_free(self) -> bool:
        """Whether asking the model costs nothing."""
        return self.price is not None and self.price.input == self.price.output == 0

    def input_cost(self, tokens: int, *, of: int) -> float | None:
        """Return what `tokens` cost as a part of a request of `of` tokens, in US dollars; None where it is unknown."""
        return None if self.price is None else tokens * self.price.at(of).input


FREE = Price(input=0.0, output=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """US dollars of one request, in parts that add up to `total`."""

    input: float = 0.0
    cached: float = 0.0
    output: float = 0.0
    thinking: float = 0.0

    @property
    def total(self) -> float:
        """All parts together."""
        return self.input + self.cached + self.output + self.thinking


def cost_of(usage: Usage, price: Price) -> Cost:
    """Return what a provider's usage costs; cached tokens are a part of the input, thinking a part of the output."""
    price = price.at(usage.input_tokens)
    cached = min(usage.cached_tokens, usage.input_tokens)
    thinking = min(usage.reasoning_tokens, usage.output_tokens)
    return Cost(
        input=(usage.input_tokens - cached) * price.input,
        cached=cached * (price.input if price.cached is None else price.cached),
        output=(usage.output_tokens - thinking) * price.output,
        thinking=thinking * (price.output if price.thinking is None else price.thinking),
    )


def price_from(entry: Mapping[str, Any]) -> Price | None:
    """Return the price in an entry of LiteLLM's table, None where it has none.

    The table is `model_prices_and_context_window_backup.json` in LiteLLM's wheel: dollars per token under
    `input_cost_per_token`, `output_cost_per_token`, `cache_read_input_token_cost`, `output_cost_per_reasoning_token`,
    and the same names with `_above_200k_tokens` and the like.
    """
    base = _price(entry, "")
    if base is None:
        return None
    steps = sorted(
        int(name.removeprefix("input_cost_per_token_above_").removesuffix("k_tokens"))
        for name in entry
        if name.startswith("input_cost_per_token_above_") and name.endswith("k_tokens")
    )
    above = tuple(
        (step * 1000, price) for step in steps if (price := _price(entry, f"_above_{step}k_tokens", base)) is not None
    )
    return Price(input=base.input, output=base.output, cached=base.cached, thinking=base.thinking, above=above)


def _price(entry: Mapping[str, Any], suffix: str, base: Price | None = None) -> Price | None:
    def read(name: str) -> float | None:
        value = entry.get(name + suffix)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    first, last = read("input_cost_per_token"), read("output_cost_per_token")
    if base is not None:
        first, last = base.input if first is None else first, base.output if last is None else last
    if first is None or last is None:
        return None
    cached, thinking = read("cache_read_input_token_cost"), read("output_cost_per_reasoning_token")
    if base is not None:
        cached = base.cached if cached is None else cached
        thinking = base.thinking if thinking is None else thinking
    return Price(input=first, output=last, cached=cached, thinking=thinking)
