"""How full a context is."""

from desktop.domain.gauge import Gauge


def test_the_share_is_of_the_budget() -> None:
    """Above 1 where it does not fit, and full where there is no budget at all."""
    assert Gauge(used=50, budget=200).share == 0.25
    assert Gauge(used=300, budget=200, fits=False).share == 1.5
    assert Gauge(used=5, budget=0).share == 1.0


def test_an_estimate_is_one_where_something_is_estimated() -> None:
    """Nothing is nothing with every model."""
    assert Gauge(used=5, budget=10, margin=0.2).estimated
    assert not Gauge(used=5, budget=10, margin=0.02).estimated
    assert not Gauge(budget=10, margin=0.2).estimated
