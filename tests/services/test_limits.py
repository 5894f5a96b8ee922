import pytest

from desktop.domain.faults import Fault, FaultKind
from desktop.services.limits import LONGEST_WAIT_S, retry_delay_s


def test_waits_double_from_one_second() -> None:
    """Without a word of the provider: 1, 2, 4 seconds and so on, never more than the longest."""
    fault = Fault(kind=FaultKind.SERVER)
    assert [retry_delay_s(fault, attempt) for attempt in range(1, 5)] == [1.0, 2.0, 4.0, 8.0]
    assert retry_delay_s(fault, 10) == LONGEST_WAIT_S


@pytest.mark.parametrize(("asked", "wait"), [(3.0, 3.0), (0.0, 0.0), (-5.0, 0.0), (3600.0, 3600.0)])
def test_a_provider_says_how_long_to_wait(asked: float, wait: float) -> None:
    """What `Retry-After` asks for counts, whichever attempt it is."""
    fault = Fault(kind=FaultKind.RATE_LIMIT, retry_after_s=asked)
    assert retry_delay_s(fault, 1) == retry_delay_s(fault, 3) == wait
