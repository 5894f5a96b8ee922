"""What is known of a path while it is searched, in pieces that need not touch."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.findings import GAP, Findings


def found(length: int, *gaps: tuple[int, int], hits: tuple[int, ...] = ()) -> Findings:
    """Return findings of a path in which the gaps have been searched."""
    made = Findings(length)
    for first, end in gaps:
        made.take((first, end), [(depth, depth + 1, 2) for depth in hits if first <= depth < end])
    return made


def test_the_next_is_sure_only_without_a_gap_before_it() -> None:
    """What was found farther on may not be the nearest."""
    made = found(100, (0, 10), (50, 100), hits=(5, 60))
    assert made.look(0, 1) == ((5, 6, 2), None)
    assert made.look(6, 1) == (None, (10, 50))
    assert made.look(50, 1) == ((60, 61, 2), None)
    assert made.look(59, -1) == (None, (10, 50))
    assert made.look(9, -1) == ((5, 6, 2), None)
    assert made.look(4, -1) == (None, None)
    assert made.look(61, 1) == (None, None)
    assert made.look(-1, -1) == made.look(100, 1) == (None, None)


def test_a_gap_is_no_longer_than_one_search_may_take() -> None:
    """Beginning at the end that is nearer to where one goes from."""
    made = Findings(3 * GAP)
    assert made.look(10, 1) == (None, (10, 10 + GAP))
    assert made.look(2 * GAP, -1) == (None, (GAP + 1, 2 * GAP + 1))
    assert made.gap(10) == ((10, 10 + GAP), 1)


def test_what_is_searched_twice_is_counted_once() -> None:
    """A search for the nearest match and that of all of them may meet."""
    made = found(10, (0, 5), (2, 8), hits=(3, 6))
    assert (made.total, list(made.hits)) == (4, [(3, 4, 2), (6, 7, 2)])
    assert made.at(3, 4) == (3, 4, 2)
    assert made.at(3, 9) is None


def test_what_is_above_is_known_only_when_all_of_it_is_searched() -> None:
    """A number of a match that may change is none."""
    made = found(10, (4, 10), hits=(5, 6))
    assert made.before(6) is None
    made.take((0, 4), [(1, 2, 3)])
    assert made.before(6) == 5


def test_another_path_keeps_what_it_shares() -> None:
    """And nothing else."""
    made = found(10, (0, 10), hits=(1, 7)).resized(12, 5)
    assert (len(made), made.total, made.is_complete) == (12, 2, False)
    assert made.gap(0) == ((5, 12), 1)


@given(st.integers(1, 60), st.data())
def test_gaps_lead_through_the_whole_path(length: int, data: st.DataObject) -> None:
    """From anywhere, whatever was searched before, and each depth is named once."""
    depth = data.draw(st.integers(0, length - 1))
    made = found(length, *[(at, at + 1) for at in data.draw(st.sets(st.integers(0, length - 1)))])
    while (gap := made.gap(depth)) is not None:
        assert made.look(gap[0][0] if gap[1] > 0 else gap[0][1] - 1, gap[1]) == (None, gap[0])
        made.take(gap[0], [])
    assert made.is_complete
