"""What organising is made of: how deeds are cut, and which of them may change places."""

import pytest

from desktop.domain.deeds import (
    AddRow,
    ChangeRow,
    Deed,
    Kind,
    MarkSessions,
    RemoveRow,
    SetSessions,
    are_independent,
    chunks,
    sessions_of,
)

ARCHIVE = SetSessions("is_active", 1, ("a",))
MOVE = SetSessions("folder_id", 3, ("a",))
MARK = MarkSessions(5, False, ("a",))
COLOUR = ChangeRow(Kind.FOLDER, 3, {"colour": "red"})
RENAME_TAG = ChangeRow(Kind.TAG, 5, {"name": "x"})


@pytest.mark.parametrize(
    ("one", "other", "independent"),
    [
        (ARCHIVE, COLOUR, True),
        (ARCHIVE, MOVE, True),
        (ARCHIVE, RemoveRow(Kind.FOLDER, 3), True),
        (ARCHIVE, ARCHIVE, False),
        (MOVE, COLOUR, True),
        (MOVE, RemoveRow(Kind.FOLDER, 3), False),
        (MOVE, AddRow(Kind.FOLDER, {"id": 4}), False),
        (MARK, MarkSessions(6, True, ("a",)), True),
        (MARK, RemoveRow(Kind.TAG, 5), False),
        (MARK, RENAME_TAG, False),
        (RENAME_TAG, AddRow(Kind.TAG, {"name": "y"}), False),
        (COLOUR, ChangeRow(Kind.FOLDER, 4, {"colour": "red"}), True),
        (
            ChangeRow(Kind.FOLDER, 4, {"parent_id": 3}),
            ChangeRow(Kind.FOLDER, 3, {"parent_id": None}),
            False,
        ),
        (RemoveRow(Kind.SEARCH, 3), RemoveRow(Kind.FOLDER, 3), True),
    ],
)
def test_deeds_may_change_places_where_they_touch_nothing_in_common(one: Deed, other: Deed, independent: bool) -> None:
    """Neither the same column, nor the same row, nor names that may clash, nor the nesting of folders."""
    assert are_independent((one,), (other,)) is independent
    assert are_independent((other,), (one,)) is independent


def test_deeds_are_cut_by_the_sessions_they_are_about() -> None:
    """In their order, with small ones together, and nothing is lost."""
    long = SetSessions("pinned", 1, tuple("abcde"))
    parts = [SetSessions("pinned", 1, some) for some in (("a", "b"), ("c", "d"), ("e",))]
    assert list(chunks((COLOUR, long, MARK), 2)) == [(COLOUR,), (parts[0],), (parts[1],), (parts[2], MARK)]
    assert sessions_of((long, MARK)) == tuple("abcde")
