from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.usage import HALF_LIFE_MS, faded


def test_half_of_it_is_forgotten_in_a_month() -> None:
    """What is not done any more makes room."""
    assert faded(8, HALF_LIFE_MS) == 4
    assert faded(8, 0) == 8


@given(st.integers(0, 10_000), st.integers(-(10**12), 0))
def test_a_clock_that_was_put_back_changes_nothing(uses: int, age_ms: int) -> None:
    """Uses that seem to lie in the future count in full."""
    assert faded(uses, age_ms) == uses
