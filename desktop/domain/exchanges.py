"""What one run sent and what came back, to be looked at; it lives in memory and goes nowhere else."""

from dataclasses import dataclass

from desktop.domain.faults import Fault
from desktop.domain.messages import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its response as they went over the wire, without headers and keys.

    `started_at` is UTC in milliseconds; `request_cut` and `response_cut` count the bytes that were not kept. `status`
    is that of HTTP, None where nothing answered. `is_built_in` is true where nothing went over any wire.
    """

    session_id: str
    model: str
    started_at: int
    request: str
    response: str
    request_cut: int = 0
    response_cut: int = 0
    status: int | None = None
    finish_reason: str = ""
    usage: Usage | None = None
    cost: float | None = None
    first_ms: int | None = None
    total_ms: int = 0
    fault: Fault | None = None
    is_built_in: bool = False
