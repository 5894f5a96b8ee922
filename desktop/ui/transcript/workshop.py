"""What all blocks of a transcript share: the threads that colour code and draw formulas, and what the reader chose.

Blocks are recycled, so what was unfolded or wrapped by hand is kept here, by message and number of the block.
"""

from enum import StrEnum

from PySide6.QtCore import QObject

from desktop.ui.transcript.formulas import Formulas
from desktop.ui.transcript.highlight import Highlighter


class Choice(StrEnum):
    """What a reader can choose for a single block."""

    UNFOLDED = "unfolded"
    WRAPPED = "wrapped"
    SUMMARY = "summary"
    SOURCES = "sources"


class Workshop(QObject):
    """`Workshop(parent)`: `close` ends its threads."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.highlighter = Highlighter(self)
        self.formulas = Formulas(self)
        self._chosen: set[tuple[Choice, int, int]] = set()

    def is_chosen(self, choice: Choice, message_id: int, index: int) -> bool:
        """Return whether something was chosen for a block."""
        return (choice, message_id, index) in self._chosen

    def choose(self, choice: Choice, message_id: int, index: int, *, chosen: bool = True) -> None:
        """Keep what was chosen for a block."""
        (self._chosen.add if chosen else self._chosen.discard)((choice, message_id, index))

    def close(self) -> None:
        """End the threads; harmless when done twice."""
        self.highlighter.close()
        self.formulas.close()
