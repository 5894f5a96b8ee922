"""The rows of the palette: what can be opened or done, one kind beside the other, as a Qt model that changes by ranges.

A letter that is typed changes few rows of many: they are told apart by their keys, so that a view keeps what it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum, StrEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop.domain.finding import Range
from desktop.i18n import _

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
MOST_COMPARED = 1_000
"""Rows, before and after; SequenceMatcher takes some milliseconds for so many."""


class Kind(StrEnum):
    """What a row is; `kind_word` names it."""

    COMMAND = "command"
    MODEL = "model"
    SETTING = "setting"
    PROMPT = "prompt"
    SEARCH = "search"
    SESSION = "session"
    MESSAGE = "message"


def kind_word(kind: Kind) -> str:
    """Return the word beside a row that says what it is; of a session or message the date says enough."""
    words = {
        Kind.COMMAND: _("Command"),
        Kind.MODEL: _("Model"),
        Kind.SETTING: _("Setting"),
        Kind.PROMPT: _("Prompt"),
        Kind.SEARCH: _("Search"),
    }
    return words.get(kind, "")


class PaletteRole(IntEnum):
    """What a row knows beside its title (`DisplayRole`)."""

    ROW = Qt.ItemDataRole.UserRole + 1
    """The `PaletteRow` whole, for whoever paints it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaletteRow:
    """One row. `value` is what is opened or done, by kind; marks are ranges of code points.

    `key` is the same for the same thing whatever was typed. A `follows` row belongs to the session of the row above it,
    and shows its second line alone.
    """

    kind: Kind
    key: str
    title: str
    title_marks: tuple[Range, ...] = ()
    detail: str = ""
    detail_marks: tuple[Range, ...] = ()
    side: str = ""
    """What stands at the right: when, or what kind."""
    shortcut: str = ""
    value: str = ""
    message_id: int | None = None
    follows: bool = False


def _changes(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Return how old keys become new ones, as `SequenceMatcher` does, which takes a second for thousands in disorder.

    A page that comes behind the others costs nothing, and what is long and otherwise ordered is put in whole.
    """
    least = min(len(old), len(new))
    same = next((at for at in range(least) if old[at] != new[at]), least)
    before, after = old[same:], new[same:]
    if not before and not after:
        return []
    if not before or not after or len(before) + len(after) > MOST_COMPARED:
        tags = [("delete", same, len(old), same, same)] if before else []
        return [*tags, ("insert", len(old), len(old), same, len(new))] if after else tags
    found = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [(tag, same + first, same + last, same + begin, same + end) for tag, first, last, begin, end in found]


class PaletteListModel(QAbstractListModel):
    """The rows that are shown; `more_wanted` asks for those behind them."""

    more_wanted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[PaletteRow] = []
        self._has_more = False

    def rows(self) -> Sequence[PaletteRow]:
        """Return all rows."""
        return self._rows

    def row(self, number: int) -> PaletteRow | None:
        """Return a row, or None for a number that none has."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index.row()) if index.isValid() else None
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.title
            case PaletteRole.ROW:
                return row
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(filter(None, (row.title, row.detail, row.side, row.shortcut)))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _FLAGS

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._has_more

    def fetchMore(self, parent: Index) -> None:
        if self.canFetchMore(parent):
            self._has_more = False
            self.more_wanted.emit()

    def show_rows(self, rows: Sequence[PaletteRow], *, has_more: bool = False) -> None:
        """Show other rows, of which those with a key that is there already stay."""
        changes = _changes([row.key for row in self._rows], [row.key for row in rows])
        for tag, first, last, begin, end in reversed(changes):  # from the end, so that the numbers before stay true
            kept = min(last - first, end - begin) if tag == "replace" else 0
            if tag != "equal" and last > first + kept:
                self.beginRemoveRows(QModelIndex(), first + kept, last - 1)
                del self._rows[first + kept : last]
                self.endRemoveRows()
            if tag != "equal" and end > begin + kept:
                self.beginInsertRows(QModelIndex(), first + kept, first + end - begin - 1)
                self._rows[first + kept : first + kept] = rows[begin + kept : end]
                self.endInsertRows()
        changed = [at for at, row in enumerate(rows) if self._rows[at] is not row and self._rows[at] != row]
        self._rows = list(rows)
        self._has_more = has_more
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
