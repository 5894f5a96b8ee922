"""Spots: where in a session something stands, in the text itself and not on the screen.

A spot outlives widgets, pages, themes and zoom. Its offset counts the code points of what the part shows
(`domain/markdown_plain.py`).
"""

from dataclasses import dataclass
from functools import total_ordering

from desktop.ui.transcript.geometry import Place
from desktop.ui.transcript.parts import Section


@total_ordering
@dataclass(frozen=True, slots=True, eq=True)
class Spot:
    """A place in the text of a session; `depth` is that of the message in its path."""

    message_id: int
    depth: int
    section: Section
    index: int
    offset: int

    @property
    def order(self) -> tuple[int, int, int, int]:
        """What spots are ordered by."""
        return (self.depth, self.section.value, self.index, self.offset)

    def __lt__(self, other: "Spot") -> bool:
        return self.order < other.order

    @classmethod
    def of(cls, place: Place, offset: int) -> "Spot":
        """Return the spot at an offset in a part."""
        return cls(place.item.key, place.item.message.depth, place.section, place.index, offset)


def range_in(place: Place, start: Spot, end: Spot, length: int) -> tuple[int, int]:
    """Return which of a part's `length` code points lie between two spots; (0, 0) for none."""
    here = (place.item.message.depth, place.section.value, place.index)
    first, last = start.order[:3], end.order[:3]
    if not first <= here <= last:
        return (0, 0)
    begin = min(start.offset, length) if here == first else 0
    stop = min(end.offset, length) if here == last else length
    return (begin, stop) if begin < stop else (0, 0)
