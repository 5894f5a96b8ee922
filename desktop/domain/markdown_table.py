"""A table that is still open: it grows by rows, each read behind the header alone, and is given out in parts."""

from collections.abc import Sequence

from desktop.domain.markdown_blocks import Block, PlainReason
from desktop.domain.markdown_grammar import MAX_COLUMNS, Carry, Leaf, read
from desktop.domain.markdown_leaves import ROWS_PER_PART, Recipe, plain, table_recipe


class OpenTable:
    """Collects the rows of a table until a line that is none.

    `head` are the lines of its header; `outline` stands for the containers around it, as `carry` says.
    """

    def __init__(self, leaf: Leaf, head: Sequence[str], outline: Sequence[str], carry: Carry) -> None:
        self.leaf = leaf
        self._head = tuple(head)
        self._before = (*outline, *head)
        self._carry = carry
        self._rows: list[tuple[str, ...]] = []
        self._part = 0

    @property
    def is_wide(self) -> bool:
        """Whether there are more columns than anyone can read: then the table is shown as it was written."""
        return len(self.leaf.header) > MAX_COLUMNS

    def head_as_written(self) -> tuple[Block, ...]:
        """Return the header of a table that is too wide."""
        return plain("\n".join(self._head), PlainReason.TOO_WIDE, self.leaf.nest)

    def read(self, line: str) -> tuple[str, ...] | None:
        """Return the raw cells of a line, or None where the table has ended."""
        if not line.strip():
            return None
        if self.is_wide:
            return ()
        leaves = read((*self._before, line), {}, self._carry)
        return leaves[0].rows[0] if len(leaves) == 1 and leaves[0].rows else None

    def append(self, row: tuple[str, ...]) -> Recipe | None:
        """Take a row; return a part of the table if it is full."""
        self._rows.append(row)
        if len(self._rows) < ROWS_PER_PART:
            return None
        part = self.recipe()
        self._rows = []
        self._part += 1
        return part

    def recipe(self, row: tuple[str, ...] | None = None) -> Recipe | None:
        """Return how the open part is made, with the row that is being written; None if it is empty."""
        rows = (*self._rows, row) if row is not None else tuple(self._rows)
        if self.is_wide or (self._part and not rows):
            return None
        return table_recipe(self.leaf, rows, self._part)
