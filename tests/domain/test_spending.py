"""Where a month's spending stands."""

import pytest

from desktop.domain.spending import Budget, BudgetState


@pytest.mark.parametrize(
    ("limit", "spent", "state"),
    [
        (0.0, 100.0, BudgetState.NONE),
        (10.0, 7.99, BudgetState.FINE),
        (10.0, 8.0, BudgetState.NEAR),
        (10.0, 10.0, BudgetState.SPENT),
        (10.0, 11.0, BudgetState.SPENT),
    ],
)
def test_a_budget_warns_at_eighty_percent_and_ends_at_a_hundred(limit: float, spent: float, state: BudgetState) -> None:
    """Without a limit there is nothing to warn of."""
    assert Budget(limit=limit, spent=spent).state is state
