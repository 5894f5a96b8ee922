"""What tokens cost, in parts, from the bundled table or the user's own figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.messages import Usage
from desktop.domain.prices import FREE, Price, PriceSource, PriceTag, cost_of, price_from

TOKENS = st.integers(0, 1_000_000)


def test_cached_and_thinking_tokens_are_priced_apart() -> None:
    """The parts have their own prices, and add up."""
    price = Price(input=1.0, output=10.0, cached=0.5, thinking=20.0)
    usage = Usage(input_tokens=10, cached_tokens=4, output_tokens=5, reasoning_tokens=2)
    cost = cost_of(usage, price)
    assert (cost.input, cost.cached, cost.output, cost.thinking) == (6.0, 2.0, 30.0, 40.0)
    assert cost.total == 78.0


def test_without_prices_of_their_own_they_cost_as_the_rest() -> None:
    """Cached tokens cost as input, thinking as output."""
    usage = Usage(input_tokens=10, cached_tokens=4, output_tokens=5, reasoning_tokens=2)
    assert cost_of(usage, Price(input=1.0, output=10.0)).total == 60.0


@given(TOKENS, TOKENS, TOKENS, TOKENS)
def test_no_part_is_ever_negative(inputs: int, outputs: int, cached: int, thinking: int) -> None:
    """Even where a provider's figures contradict each other."""
    usage = Usage(input_tokens=inputs, output_tokens=outputs, cached_tokens=cached, reasoning_tokens=thinking)
    cost = cost_of(usage, Price(input=1.0, output=1.0, cached=1.0, thinking=1.0))
    assert min(cost.input, cost.cached, cost.output, cost.thinking) >= 0
    assert cost.total == inputs + outputs


def test_a_long_request_has_the_price_of_its_length() -> None:
    """The table's steps apply to the whole request."""
    entry = {
        "input_cost_per_token": 1.0,
        "output_cost_per_token": 2.0,
        "cache_read_input_token_cost": 0.5,
        "output_cost_per_reasoning_token": 3.0,
        "input_cost_per_token_above_200k_tokens": 4.0,
        "input_cost_per_token_above_272k_tokens": 5.0,
        "input_cost_per_token_above_200k_tokens_priority": 9.0,
    }
    price = price_from(entry)
    assert price is not None
    assert [price.at(tokens).input for tokens in (200_000, 200_001, 272_001)] == [1.0, 4.0, 5.0]
    assert price.at(300_000) == Price(input=5.0, output=2.0, cached=0.5, thinking=3.0)


@pytest.mark.parametrize(
    "entry", [{}, {"input_cost_per_token": 1.0}, {"input_cost_per_token": "x", "output_cost_per_token": 1}]
)
def test_what_is_not_listed_is_unknown(entry: dict[str, object]) -> None:
    """Never a guess."""
    assert price_from(entry) is None


def test_a_part_of_a_long_request_costs_what_the_whole_of_it_does() -> None:
    """The step of the table is that of the request, not of the message."""
    tag = PriceTag(price=Price(input=1.0, output=1.0, above=((100, Price(input=2.0, output=2.0)),)))
    assert (tag.input_cost(10, of=50), tag.input_cost(10, of=101)) == (10.0, 20.0)


def test_an_unknown_price_costs_nothing_known() -> None:
    """Unknown is not free."""
    assert PriceTag().input_cost(10, of=10) is None
    assert not PriceTag().is_free
    assert PriceTag(price=FREE, source=PriceSource.FREE).is_free
