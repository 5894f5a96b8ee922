"""Search: answers, and names that can be typed."""

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.searching import SearchCursor, SearchOrder, SearchPage
from desktop.storage.face.base import Connected

if TYPE_CHECKING:
    from desktop.domain.search_language import Field, Question


PATIENCE = 0.06
"""How many seconds of looking at rows that turn out to be no answers somebody waits for."""


class StoredSearch(Connected):
    """Search: answers, and names that can be typed."""

    async def search(
        self,
        question: "Question",
        *,
        profile: int,
        limit: int,
        after: SearchCursor | None = None,
        order: SearchOrder = SearchOrder.NEWEST,
    ) -> SearchPage:
        """Return a page of answers; a newer call ends an older one with `SearchInterrupted`."""
        from desktop.storage import search, search_names  # not at the start

        def work(db: APSWDatabase, is_stale: Callable[[], bool]) -> SearchPage:
            end = monotonic() + PATIENCE
            names, said = search_names.find_names(db, question, profile=profile)
            asked = search.Asked(
                question=question, names=names, profile=profile, is_stale=is_stale, is_long=lambda: monotonic() > end
            )
            page = search.search(db, asked, limit=limit, after=after, order=order)
            return replace(page, notice=" ".join(filter(None, (*question.notices, *said, page.notice))))

        return await self._connections.search(work)

    async def searchable_names(self, name: "Field", profile: int) -> tuple[str, ...]:
        """Return the names that a filter can hold: folders, tags, models or profiles."""
        from desktop.storage import search_names

        # Not where searches are: there it would wait for the one of the same letter, or be ended with it.
        return tuple(each for _id, each in await self.read(lambda db: search_names.names_of(db, name, profile)) if each)
