"""What is known of the matches in a path while it is searched: from where one reads, both ways, and wherever one goes.

A path is searched in pieces that need not touch: what comes next is sure only where nothing unsearched lies between.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import islice

Hit = tuple[int, int, int]
"""Depth and id of a message, and how many matches it has."""
Gap = tuple[int, int]
"""The depths from the first to before the second have not been searched."""

GAP = 4_000
"""How many depths a gap names at most."""


class Findings:
    """`Findings(length)`: of a path with so many messages, nothing of which has been searched."""

    def __init__(self, length: int = 0) -> None:
        self._searched = bytearray(length)
        self._hits: list[Hit] = []
        self.total = 0
        """How many matches are known."""

    def __len__(self) -> int:
        return len(self._searched)

    @property
    def hits(self) -> Sequence[Hit]:
        """The messages with matches by depth, as far as they are known."""
        return self._hits

    @property
    def is_complete(self) -> bool:
        """Whether the whole path has been searched."""
        return 0 not in self._searched

    def resized(self, length: int, kept: int) -> "Findings":
        """Return what is known of another path that shares the first `kept` messages with this one."""
        made = Findings(length)
        made._searched[:kept] = self._searched[:kept]
        made._hits = self._hits[: bisect_left(self._hits, (kept,))]
        made.total = sum(hit[2] for hit in made._hits)
        return made

    def take(self, gap: Gap, hits: Iterable[Hit]) -> None:
        """Note that the depths of a gap have been searched; what was known of them stays."""
        fresh = [hit for hit in hits if not self._searched[hit[0]]]
        first, end = gap
        self._searched[first:end] = b"\1" * (end - first)
        self._hits += fresh
        self._hits.sort()
        self.total += sum(hit[2] for hit in fresh)

    def look(self, depth: int, by: int) -> tuple[Hit | None, Gap | None]:
        """Return the nearest hit from a depth on, down (1) or up (-1); or the gap that must be searched to know it."""
        if not 0 <= depth < len(self._searched):
            return None, None
        if by > 0:
            at = bisect_left(self._hits, (depth,))
            hit = self._hits[at] if at < len(self._hits) else None
            first = self._searched.find(0, depth, hit[0] if hit else len(self._searched))
            if first < 0:
                return hit, None
            end = self._searched.find(1, first, first + GAP)
            return None, (first, end if end >= 0 else min(first + GAP, len(self._searched)))
        at = bisect_left(self._hits, (depth + 1,)) - 1
        hit = self._hits[at] if at >= 0 else None
        last = self._searched.rfind(0, hit[0] if hit else 0, depth + 1)
        if last < 0:
            return hit, None
        lowest = max(0, last + 1 - GAP)
        return None, (max(lowest, self._searched.rfind(1, lowest, last) + 1), last + 1)

    def gap(self, depth: int) -> tuple[Gap, int] | None:
        """Return what to search next and which way: all that is below a depth, then what is above it."""
        first = self._searched.find(0, depth)
        if first >= 0:
            end = self._searched.find(1, first, first + GAP)
            return (first, end if end >= 0 else min(first + GAP, len(self._searched))), 1
        last = self._searched.rfind(0, 0, depth)
        if last < 0:
            return None
        lowest = max(0, last + 1 - GAP)
        return (max(lowest, self._searched.rfind(1, lowest, last) + 1), last + 1), -1

    def at(self, depth: int, message_id: int) -> Hit | None:
        """Return the hit of a message, if it is known."""
        at = bisect_left(self._hits, (depth,))
        return self._hits[at] if at < len(self._hits) and self._hits[at][:2] == (depth, message_id) else None

    def before(self, depth: int) -> int | None:
        """Return how many matches are above a depth; None while that is not known."""
        if self._searched.find(0, 0, depth) >= 0:
            return None
        return sum(hit[2] for hit in islice(self._hits, bisect_left(self._hits, (depth,))))
