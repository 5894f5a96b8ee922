"""How far a count of tokens is from what a provider counts, and what its own figures teach about it. Pure.

OpenAI publishes its tables, so there a count is right but for the form around tools and pictures. For others the
nearest table gives an estimate: Claude counts 15 to 20 % more (measured), models on Llama's and Qwen's tables about the
same, the rest within a fifth. Each answer's usage then corrects the factor, the recent ones more than the old.
"""

import re
from dataclasses import dataclass

LEAST_MARGIN = 0.02
PRIOR_WEIGHT = 500.0
"""Tokens that the factor at the beginning counts for: a short first request says little."""
MEMORY = 0.8
PLAUSIBLE = (0.5, 2.0)
"""A provider's figure outside of this counts something else, such as a picture, or nothing at all."""

_EXACT = re.compile(r"(?:^|/)(?:gpt-(?!oss)|chatgpt-|o[1-9](?:$|[\-:]))", re.IGNORECASE)
_KNOWN = ((re.compile("claude", re.IGNORECASE), 1.18, 0.08), (re.compile("gpt-oss", re.IGNORECASE), 1.0, 0.05))
_FACTOR, _MARGIN = 1.0, 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """`factor` times a count is the estimate, `margin` the fraction it may be off; `weight` is in tokens seen.

    `answers` is how many answers have corrected it.
    """

    factor: float = _FACTOR
    margin: float = _MARGIN
    weight: float = 0.0
    answers: int = 0


def prior(model_name: str) -> Correction:
    """Return what is known of a model before it has answered."""
    if _EXACT.search(model_name):
        return Correction(margin=LEAST_MARGIN)
    for pattern, factor, margin in _KNOWN:
        if pattern.search(model_name):
            return Correction(factor=factor, margin=margin)
    return Correction()


def corrected(known: Correction, *, counted: int, true: int) -> Correction:
    """Return what is known after a request that counted `counted` tokens here and `true` with the provider."""
    if counted <= 0 or not PLAUSIBLE[0] <= true / counted <= PLAUSIBLE[1]:
        return known
    old = MEMORY * known.weight if known.weight else PRIOR_WEIGHT
    weight = old + counted
    error = abs(true / (counted * known.factor) - 1)
    share = counted / weight
    return Correction(
        factor=(old * known.factor + true) / weight,
        margin=max(LEAST_MARGIN, (1 - share) * known.margin + share * error),
        weight=weight,
        answers=known.answers + 1,
    )
