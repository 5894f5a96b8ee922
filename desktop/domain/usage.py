"""How much a habit still counts: what is done daily now comes before what was done daily last year."""

import math

HALF_LIFE_MS = 30 * 24 * 3_600_000


def faded(uses: float, age_ms: int) -> float:
    """Return what so many uses count when the last of them is `age_ms` ago; a clock that was put back fades nothing."""
    return uses * math.exp2(-max(0, age_ms) / HALF_LIFE_MS)
