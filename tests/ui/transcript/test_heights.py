"""Sums of heights: whatever is done to them, they agree with a plain list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.transcript.heights import Heights

some = st.lists(st.integers(0, 50).map(float), max_size=700)


@given(some, some, st.integers(0, 700), st.integers(0, 1_400))
def test_they_agree_with_a_list(first: list[float], second: list[float], at: int, keep: int) -> None:
    """Inserting and truncating keep sums, places and single heights right."""
    heights, plain = Heights(first), list(first)
    at = min(at, len(plain))
    heights.insert(at, second)
    plain[at:at] = second
    heights.truncate(keep)
    del plain[keep:]
    assert len(heights) == len(plain)
    assert heights.total == sum(plain)
    assert [heights[index] for index in range(len(plain))] == plain
    assert heights.offset(len(plain) // 2) == sum(plain[: len(plain) // 2])


@given(st.lists(st.integers(1, 50).map(float), min_size=1, max_size=700), st.floats(0, 40_000))
def test_a_place_is_found(plain: list[float], y: float) -> None:
    """The thing at a place begins at or above it and ends below it."""
    heights = Heights(plain)
    index, offset = heights.at(min(y, heights.total - 0.5))
    assert sum(plain[:index]) + offset == pytest.approx(min(y, heights.total - 0.5))
    assert offset < plain[index]


def test_a_place_beyond_the_end_is_in_the_last() -> None:
    """There is always something at a place, if there is anything."""
    assert Heights([10.0, 10.0]).at(99.0) == (1, 89.0)
    assert Heights().at(5.0) == (0, 0.0)


def test_a_change_is_told() -> None:
    """Setting a height returns the difference."""
    heights = Heights([10.0] * 600)
    assert heights.set(300, 15.0) == 5.0
    assert heights.set(300, 15.0) == 0.0
    assert heights.total == 6_005.0


def test_there_is_nothing_outside() -> None:
    """An index that is not there is an error, not a guess."""
    heights = Heights([1.0])
    with pytest.raises(IndexError):
        heights[1]
    assert heights.offset(1) == 1.0
