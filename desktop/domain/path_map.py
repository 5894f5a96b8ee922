"""A path by depth, as small as it can be: what a map of 100,000 messages is painted from."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

MOST = 255
"""More versions than these are told as so many."""


@dataclass(frozen=True, slots=True)
class PathMap:
    """A path by depth: the ids of its messages, and a byte for each: 1 for questions; its versions for branches.

    A branch is a message with several versions; others have 0. The ids are never changed.
    """

    ids: Sequence[int] = ()
    questions: bytes = b""
    branches: bytes = b""

    def __len__(self) -> int:
        return len(self.ids)

    def common(self, other: "PathMap") -> int:
        """Return how many messages the two paths share; what is the same at a depth is the same above it."""
        shared = min(len(self), len(other))
        return bisect_left(range(shared), x=True, key=lambda depth: self.ids[depth] != other.ids[depth])
