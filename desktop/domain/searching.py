"""What a search of everything is asked and answers: pages of hits, where the next one begins, and what can be typed."""

from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.sessions import SearchHit

OPEN = "\ue000"
CLOSE = "\ue001"
"""What stands around a match in a snippet: characters that no text uses."""


TitleCursor = tuple[int, int, int, int]
"""Its session's last change and number, and between which numbers titles stand in the order of their last change."""


class SearchInterrupted(Exception):
    """A newer search took the place of this one: nothing went wrong, and nobody waits for its hits."""


class SearchOrder(StrEnum):
    """Which hits come first."""

    NEWEST = "newest"
    RELEVANCE = "relevance"
    """The best of the newest thousand matches first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchCursor:
    """Where a page of hits ended: the message and the title that came last."""

    message_id: int | None = None
    title: TitleCursor | None = None
    skipped: int = 0
    """How many hits stand before the page where they are ordered by relevance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Some hits; `next` is where the next page begins. `notice` says what about the question could not be followed."""

    hits: tuple[SearchHit, ...] = ()
    has_more: bool = False
    next: SearchCursor | None = None
    notice: str = ""
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """One thing that can be typed: `insert` takes the place of the text from `start` to `end`; `label` is shown."""

    insert: str
    label: str
    detail: str
    start: int
    end: int
