"""What is shown of a tree, and the order in which steps are taken back."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.branches import Branch, Cell, arrange, endings, path_to, reduce
from desktop.domain.messages import Role, Status


@st.composite
def trees(draw: st.DrawFn) -> dict[int, int | None]:
    """Draw a tree or several, parents before children."""
    parents: dict[int, int | None] = {}
    for message in range(1, draw(st.integers(0, 60)) + 1):
        above = draw(st.one_of(st.none(), st.integers(1, message - 1))) if message > 1 else None
        parents[message] = above
    return parents


def test_a_small_tree_is_shown_whole() -> None:
    """Every message hangs on its own parent, with nothing between."""
    assert reduce({1: None, 2: 1, 3: 2}) == {1: (None, 0), 2: (1, 0), 3: (2, 0)}


def test_what_lies_on_the_way_is_left_out_of_a_big_one() -> None:
    """Forks, their arms and endings stay; the messages between are counted."""
    parents = {1: None, 2: 1, 3: 2, 4: 3, 5: 3, 6: 5, 7: 6}
    assert reduce(parents, whole=0) == {1: (None, 0), 3: (1, 1), 4: (3, 0), 5: (3, 0), 7: (5, 1)}


@given(trees())
def test_a_reduced_tree_counts_every_message_once(parents: dict[int, int | None]) -> None:
    """What is shown and what is hidden between makes up the whole tree, and every ending is shown."""
    shown = reduce(parents, whole=0)
    assert len(shown) + sum(hidden for _parent, hidden in shown.values()) == len(parents)
    assert endings(parents) <= shown.keys()
    for message, (above, hidden) in shown.items():
        walked: int | None = parents[message]
        for _step in range(hidden):
            assert walked is not None
            walked = parents[walked]
        assert walked == above


@given(trees())
def test_a_path_leads_to_the_root(parents: dict[int, int | None]) -> None:
    """Each message of a path but the first hangs on another one of it."""
    for leaf in endings(parents):
        path = path_to(parents, leaf)
        assert leaf in path
        assert sum(parents[message] is None for message in path) == 1
        assert all(parents[message] in path for message in path if parents[message] is not None)


def test_there_is_no_path_without_a_leaf() -> None:
    """An empty session, and a leaf that is gone."""
    assert path_to({1: None}, None) == path_to({1: None}, 7) == frozenset()


def _branches(parents: dict[int, int | None], leaf: int | None) -> list[Branch]:
    path = path_to(parents, leaf)
    return [
        Branch(
            id=message,
            parent_id=parent,
            hidden=0,
            role=Role.USER,
            status=Status.COMPLETE,
            model="",
            author="",
            created_at=0,
            text="",
            on_path=message in path,
            is_leaf=message in endings(parents),
        )
        for message, parent in parents.items()
    ]


def test_the_path_that_is_shown_goes_straight_down() -> None:
    """Other branches stand beside it, as near as there is room."""
    parents = {1: None, 2: 1, 3: 1, 4: 1, 5: 3, 6: 3, 7: 6, 8: 5}
    assert arrange(_branches(parents, 8)) == {
        1: Cell(0, 0),
        3: Cell(0, 1),
        5: Cell(0, 2),
        8: Cell(0, 3),
        2: Cell(1, 1),
        4: Cell(2, 1),
        6: Cell(1, 2),
        7: Cell(1, 3),
    }


def test_thousands_of_versions_stand_beside_each_other() -> None:
    """Each takes the column beside the one before."""
    parents: dict[int, int | None] = {1: None, **dict.fromkeys(range(2, 1_002), 1)}
    assert [cell.column for cell in arrange(_branches(parents, 2)).values()][1:] == list(range(1_000))


@given(trees(), st.data())
def test_every_message_has_a_cell_of_its_own_below_its_parent(
    parents: dict[int, int | None], data: st.DataObject
) -> None:
    """Nothing is left out, covered, or above what it hangs on."""
    leaf = data.draw(st.sampled_from(sorted(endings(parents)))) if parents else None
    cells = arrange(_branches(parents, leaf))
    assert cells.keys() == parents.keys()
    assert len(set(cells.values())) == len(cells)
    for message, parent in parents.items():
        if parent is not None:
            assert cells[message].row == cells[parent].row + 1
            assert cells[message].column >= cells[parent].column
    path = [cells[message].column for message in path_to(parents, leaf)]
    assert len(set(path)) <= 1, "the shown path goes straight down"
