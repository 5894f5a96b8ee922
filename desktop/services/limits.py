"""How long a run waits, how often it tries again, how long an answer may become, and how much a request may hold."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from desktop.domain.faults import Fault
from desktop.domain.sessions import DEFAULT_MAX_CONTEXT

MAX_CHARACTERS = 20_000_000
FIRST_DELAY_S = 1.0
LONGEST_WAIT_S = 60.0
"""A provider that asks for a longer pause than this gets no silent retry: the user is asked instead."""
ANSWER_TOKENS = 4096
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


def room_for_answer(window: int, max_tokens: int | None) -> int:
    """Return how much of a model's window the answer needs: what it may take at most, else a fair share.

    A part of the window is always left for what is asked.
    """
    return min(max_tokens or ANSWER_TOKENS, window // 4 if max_tokens is None else window * 3 // 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """How many tokens a request may have, and what of the model's window is kept for the answer."""

    budget: int
    reserve: int = 0
    window: int | None = None

    @classmethod
    def of(cls, params: Mapping[str, Any], *, window: int | None, margin: float) -> Self:
        """Return the room of a session: what it allows, within the window as far as that is known.

        The window is hard, so an estimate stays away from it by its `margin`.
        """
        allowed = int(params.get("max_context") or DEFAULT_MAX_CONTEXT)
        if window is None:
            return cls(budget=allowed)
        reserve = room_for_answer(window, params.get("max_tokens"))
        return cls(budget=min(allowed, math.floor((window - reserve) / (1 + margin))), reserve=reserve, window=window)
