"""The shape of a session's tree: which messages to show of it, and the steps that can be undone.

A session may have 100,000 messages and a handful of branches, so a picture of it leaves out what lies on the way: every
message with a single child, which itself is a single child.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.domain.messages import Role, Status

WHOLE_TREE = 200
"""A tree of at most so many messages is shown message by message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A message of the tree as its picture shows it; `hidden` counts the messages between it and `parent_id`.

    `parent_id` is the nearest message above it that is shown, None for the first ones. `text` is its beginning.
    """

    id: int
    parent_id: int | None
    hidden: int
    role: Role
    status: Status
    model: str
    author: str
    created_at: int
    text: str
    on_path: bool
    is_leaf: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A session's tree: what is shown of it in the order of writing, how many messages and endings it has."""

    branches: tuple[Branch, ...]
    messages: int
    endings: int


def reduce(parents: Mapping[int, int | None], *, whole: int = WHOLE_TREE) -> dict[int, tuple[int | None, int]]:
    """Return the messages that give a tree its shape, each with the next one above it and how many lie between.

    `parents` maps every message to the one it hangs on, parents first. Kept are the first messages, endings, messages
    with several children, and those children. A tree of at most `whole` messages is kept as it is.
    """
    children: dict[int | None, int] = {}
    for parent in parents.values():
        children[parent] = children.get(parent, 0) + 1
    shown: dict[int, tuple[int | None, int]] = {}
    above: dict[int, tuple[int | None, int]] = {}
    for message, parent in parents.items():
        if parent is None:
            place: tuple[int | None, int] = (None, 0)
        elif parent in shown:
            place = (parent, 0)
        else:
            place = (above[parent][0], above[parent][1] + 1)
        if len(parents) <= whole or parent is None or children[parent] > 1 or children.get(message, 0) != 1:
            shown[message] = place
        else:
            above[message] = place
    return shown


def endings(parents: Mapping[int, int | None]) -> frozenset[int]:
    """Return the messages that nothing hangs on."""
    return frozenset(parents) - frozenset(parent for parent in parents.values() if parent is not None)


def path_to(parents: Mapping[int, int | None], leaf: int | None) -> frozenset[int]:
    """Return the messages from the root to a leaf."""
    found: set[int] = set()
    while leaf is not None and leaf in parents and leaf not in found:
        found.add(leaf)
        leaf = parents[leaf]
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class ShowLeaf:
    """Make a message the end of the path that is shown; None for the empty session."""

    leaf: int | None


@dataclass(frozen=True, slots=True)
class TrashMessage:
    """Put a message and what hangs below it into the trash."""

    message_id: int


@dataclass(frozen=True, slots=True)
class RestoreMessage:
    """Take a message and what went with it out of the trash."""

    message_id: int


@dataclass(frozen=True, slots=True)
class TrashSession:
    """Put a whole session into the trash."""

    session_id: str


@dataclass(frozen=True, slots=True)
class RestoreSession:
    """Take a whole session out of the trash."""

    session_id: str


Deed = ShowLeaf | TrashMessage | RestoreMessage | TrashSession | RestoreSession


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a message stands in the picture of a tree, counted from 0."""

    column: int
    row: int


def arrange(branches: Sequence[Branch]) -> dict[int, Cell]:
    """Return a cell for each message: below the one it hangs on, the shown path in the first column, none twice.

    A branch takes the first column beside its origin that is free from its first message down to its last.
    """
    children: dict[int | None, list[Branch]] = {}
    for branch in branches:
        children.setdefault(branch.parent_id, []).append(branch)
    for below in children.values():
        below.sort(key=lambda branch: (not branch.on_path, branch.id))
    cells: dict[int, Cell] = {}
    columns = _Columns()
    # Each entry begins a chain of first children; those nearer to its end stand lower, and are placed later.
    waiting: deque[tuple[Branch, Cell]] = deque((root, Cell(0, 0)) for root in children.get(None, ()))
    while waiting:
        head, wished = waiting.popleft()
        chain = [head]
        while following := children.get(chain[-1].id):
            chain.append(following[0])
        rows = range(wished.row, wished.row + len(chain))
        column = columns.take(rows, wished.column)
        for branch, row in zip(chain, rows, strict=True):
            cells[branch.id] = Cell(column, row)
            waiting.extend((other, Cell(column + 1, row + 1)) for other in children.get(branch.id, ())[1:])
    return cells


class _Columns:
    """Which columns are taken in each row; a taken one leads to one further on, so that 10,000 versions are no work."""

    def __init__(self) -> None:
        self._next: dict[int, dict[int, int]] = {}

    def take(self, rows: range, first: int) -> int:
        """Take the first column from `first` on that is free in all rows, and return it."""
        column, settled = first, False
        while not settled:
            found = max(self._free(row, column) for row in rows)
            settled, column = found == column, found
        for row in rows:
            self._next.setdefault(row, {})[column] = column + 1
        return column

    def _free(self, row: int, column: int) -> int:
        following = self._next.get(row, {})
        passed: list[int] = []
        while column in following:
            passed.append(column)
            column = following[column]
        for one in passed:
            following[one] = column
        return column
