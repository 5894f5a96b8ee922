"""How long a run waits, how often it tries again, and how long an answer may become."""

import math
from dataclasses import dataclass

from desktop.domain.faults import Fault

MAX_CHARACTERS = 20_000_000
FIRST_DELAY_S = 1.0
LONGEST_WAIT_S = 60.0
"""A provider that asks for a longer pause than this gets no silent retry: the user is asked instead."""
SAVING_LIMIT_S = 15.0
"""How long programs and the command line wait for a disk: nobody may be there to make room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of a run: seconds, how many times it tries again by itself, and the length of its answer.

    `characters` bounds text, thinking and the arguments of tool calls together. `saving_s` is how long an answer that
    is there waits for a disk that takes nothing; a window, where someone can make room, waits as long as it takes.
    `stopping_s` is how long whoever stops an answer waits for its row.
    """

    first_token_s: float = 120.0
    local_first_token_s: float = 600.0
    silence_s: float = 60.0
    retries: int = 3
    characters: int = MAX_CHARACTERS
    saving_s: float = math.inf
    stopping_s: float = 3.0


def retry_delay_s(fault: Fault, attempt: int) -> float:
    """Return the wait after failed attempt number `attempt` (from 1): what the provider asks, else 1, 2, 4 … s."""
    if fault.retry_after_s is not None:
        return max(0.0, fault.retry_after_s)
    return min(FIRST_DELAY_S * 2.0 ** (attempt - 1), LONGEST_WAIT_S)
