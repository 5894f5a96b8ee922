"""Breaks that only the layout needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.composer.soft_break import LINE_LENGTH, harden, soften


@given(st.text(alphabet="ab \n\u2028é🙂", max_size=200), st.integers(min_value=1, max_value=40))
def test_what_was_pasted_comes_back(text: str, times: int) -> None:
    """Softening and hardening give the same text again, whatever its lines are like."""
    assert harden(soften(text * times)) == text * times


@pytest.mark.parametrize("length", [LINE_LENGTH, LINE_LENGTH + 1, 50 * LINE_LENGTH])
def test_no_line_is_longer_than_the_layout_likes(length: int) -> None:
    """Long lines are broken, short ones are left alone."""
    lines = soften("x" * length).split("\n")
    assert max(len(line.rstrip("\u2060")) for line in lines) <= LINE_LENGTH
    assert len(lines) == -(-length // LINE_LENGTH)


def test_a_break_that_lost_its_newline_leaves_nothing_behind() -> None:
    """Deleting the break by hand does not send invisible characters."""
    softened = soften("x" * (LINE_LENGTH + 5)).replace("\n", "")
    assert harden(softened) == "x" * (LINE_LENGTH + 5)
