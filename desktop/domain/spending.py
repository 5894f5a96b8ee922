"""The bill: what was asked of providers, what it took and cost. It outlives the messages: deleting refunds nothing."""

from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.messages import Usage

WARNING_SHARE = 0.8
"""From this share of the monthly budget on a person is warned."""


class Purpose(StrEnum):
    """What a request was for."""

    ANSWER = "answer"
    SUMMARY = "summary"
    TITLE = "title"
    FOLLOW_UPS = "follow-ups"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One request that has ended. `cost` is in US dollars, None where unknown; times are milliseconds."""

    model: str
    purpose: Purpose = Purpose.ANSWER
    usage: Usage | None = None
    cost: float | None = None
    response_time_ms: int | None = None
    first_token_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUse:
    """How much one model was used: answers, tokens, cost in US dollars (None where nothing is known of it).

    `unpriced` of the answers have no known cost, `estimated` were counted by us and not by the provider.
    `tokens_per_s` and `response_time_ms` are means over the answers whose times are known.
    """

    model: str
    messages: int
    input_tokens: int
    output_tokens: int
    cost: float | None
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    unpriced: int = 0
    estimated: int = 0
    tokens_per_s: float | None = None
    response_time_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayUse:
    """What was used on one day (`YYYY-MM-DD`, local time)."""

    day: str
    messages: int
    input_tokens: int
    output_tokens: int
    cost: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Figures over one session or all: messages, first and last time (UTC ms, None when empty), tokens and cost.

    Sessions and messages are those that are there; tokens and cost are all that was ever asked for, also where it has
    been deleted since. `cost` adds up what is known, in US dollars; `unpriced` counts the answers whose cost is
    unknown. `first_token_ms` is the median of the newest answers. `days` and `months` are in order of time.
    """

    sessions: int
    messages: int
    first_at: int | None
    last_at: int | None
    input_tokens: int
    output_tokens: int
    cost: float
    unpriced: int
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    estimated: int = 0
    aside_cost: float = 0.0
    """The part of the cost that went into titles, summaries and follow-ups."""
    first_token_ms: int | None = None
    models: tuple[ModelUse, ...] = ()
    days: tuple[DayUse, ...] = ()
    months: tuple[DayUse, ...] = ()


class BudgetState(StrEnum):
    """Where the month's spending stands."""

    NONE = "none"
    FINE = "fine"
    NEAR = "near"
    SPENT = "spent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A month's spending against its limit, both in US dollars; a `limit` of 0 is none."""

    limit: float
    spent: float

    @property
    def state(self) -> BudgetState:
        """Whether there is room."""
        if self.limit <= 0:
            return BudgetState.NONE
        if self.spent >= self.limit:
            return BudgetState.SPENT
        return BudgetState.NEAR if self.spent >= WARNING_SHARE * self.limit else BudgetState.FINE
