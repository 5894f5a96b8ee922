"""What is looked at to say whether a database is sound, and what was found."""

from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    """One thing that is looked at."""

    FILE = "file"
    REFERENCES = "references"
    MESSAGE_INDEX = "message_index"
    TITLE_INDEX = "title_index"
    WORDS = "words"
    COUNTS = "counts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one look found: how much is wrong; None where it could not be looked at."""

    check: Check
    wrong: int | None


REPAIRABLE = frozenset({Check.MESSAGE_INDEX, Check.TITLE_INDEX, Check.COUNTS})
"""What can be made anew from the messages."""
