"""How full the context is, in numbers: what would be sent now, of what may be."""

from dataclasses import dataclass

EXACT_MARGIN = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """All in tokens but `left_out` (messages), `margin` (a fraction of `used`) and `cost`.

    `used` is the sum of `system`, `history`, `draft` and the form around them; `reserve` is kept for the answer beside
    `budget`. `fits` is false where the draft cannot be sent whatever is left out. `window` is the model's, None where
    it is not known. `cost` is what `used` costs in US dollars at the price of input, None where that is unknown.
    """

    used: int = 0
    budget: int
    system: int = 0
    history: int = 0
    draft: int = 0
    reserve: int = 0
    left_out: int = 0
    margin: float = 0.0
    fits: bool = True
    window: int | None = None
    allowed: int = 0
    cost: float | None = None

    @property
    def share(self) -> float:
        """The part of the budget that is used; above 1 where it does not fit."""
        return self.used / self.budget if self.budget > 0 else 1.0

    @property
    def estimated(self) -> bool:
        """Whether the model counts in a way of its own, so that the figures are near, not exact."""
        return self.used > 0 and self.margin > EXACT_MARGIN
