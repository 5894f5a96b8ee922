"""What a session of the sidebar's list can be asked for."""

from enum import IntEnum

from PySide6.QtCore import Qt


class SessionRole(IntEnum):
    """What a row can be asked for, beside its title (`DisplayRole`)."""

    ID = Qt.ItemDataRole.UserRole + 1
    GROUP = Qt.ItemDataRole.UserRole + 2
    """The heading above this row, or "" where the row before has the same."""
    WHEN = Qt.ItemDataRole.UserRole + 3
    RUNNING = Qt.ItemDataRole.UserRole + 4
    UNREAD = Qt.ItemDataRole.UserRole + 5
    PINNED = Qt.ItemDataRole.UserRole + 6
    WRITING = Qt.ItemDataRole.UserRole + 7
    """Whether text has arrived of the answer that is RUNNING."""
    TROUBLE = Qt.ItemDataRole.UserRole + 8
    """What became of the last answer, in a word, where it failed or was cut off."""
    RESOLVED = Qt.ItemDataRole.UserRole + 9
