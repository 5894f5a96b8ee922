"""How a count becomes an estimate, and how providers' figures correct it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.estimates import LEAST_MARGIN, Correction, corrected, prior


@pytest.mark.parametrize("model", ["gpt-4o-mini", "openai/gpt-5.1", "o3", "chatgpt-4o-latest", "gpt-3.5-turbo"])
def test_openais_models_are_counted_by_their_own_table(model: str) -> None:
    """Nothing to correct, and hardly a margin."""
    assert prior(model) == Correction(factor=1.0, margin=LEAST_MARGIN)


@pytest.mark.parametrize(("model", "factor"), [("claude-sonnet-4-5", 1.18), ("gpt-oss:20b", 1.0), ("gemini-3", 1.0)])
def test_other_models_are_estimated(model: str, factor: float) -> None:
    """With a margin that is told."""
    assert prior(model).factor == factor
    assert prior(model).margin > LEAST_MARGIN


def test_the_providers_figures_correct_the_estimate() -> None:
    """After a few answers the estimate is where the provider counts, and the margin is small."""
    known = Correction()
    for _answer in range(12):
        known = corrected(known, counted=4000, true=5000)
    assert known.factor == pytest.approx(1.25, rel=0.02)
    assert known.margin < 0.05


def test_a_short_request_teaches_little() -> None:
    """The form around a few words is most of them."""
    assert corrected(Correction(), counted=10, true=18).factor < 1.02


@pytest.mark.parametrize(("counted", "true"), [(0, 10), (1000, 12), (100, 5000)])
def test_a_figure_that_counts_something_else_teaches_nothing(counted: int, true: int) -> None:
    """A server that says 12 for a page of text, or a request with pictures."""
    assert corrected(Correction(), counted=counted, true=true) == Correction()


@given(st.lists(st.tuples(st.integers(1, 100_000), st.integers(0, 200_000)), max_size=30))
def test_no_figures_lead_astray(figures: list[tuple[int, int]]) -> None:
    """Whatever providers say, the factor stays plausible and the margin is one."""
    known = Correction()
    for counted, true in figures:
        known = corrected(known, counted=counted, true=true)
    assert 0.5 <= known.factor <= 2.0
    assert LEAST_MARGIN <= known.margin <= 3.0
