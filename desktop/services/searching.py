"""Searching everything: every message and title of the profile, a page at a time, the newest question alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from time import perf_counter
from typing import TYPE_CHECKING

from desktop.domain.searching import Completion, SearchCursor, SearchOrder, SearchPage
from desktop.storage.store import Store

if TYPE_CHECKING:
    from desktop.domain.search_language import Question

PAGE = 50


def local_midnight(day: date) -> int:
    """Return when a day begins where this computer is, in UTC milliseconds."""
    try:
        return int(datetime.combine(day, time()).astimezone().timestamp() * 1000)
    except (OverflowError, ValueError, OSError):  # years that the system's clock does not know
        return (day.toordinal() - date(1970, 1, 1).toordinal()) * 86_400_000


def local_today() -> date:
    """Return which day it is where this computer is."""
    return datetime.now().astimezone().date()


class SearchService:
    """`SearchService(store=…, profile=…)`: `profile` says whose sessions are searched, `today` which day it is."""

    def __init__(self, *, store: Store, profile: Callable[[], int], today: Callable[[], date] = local_today) -> None:
        self._store = store
        self._profile = profile
        self._today = today

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
        question = self._question(text, typing=typing)
        page = await self._store.search(question, profile=self._profile(), limit=limit, after=after, order=order)
        return replace(page, took_ms=(perf_counter() - began) * 1000)

    async def completions(self, text: str, cursor: int) -> tuple[Completion, ...]:
        """Return what could stand where the cursor is: names of filters, and behind one its values."""
        from desktop.domain.search_completion import completions, named_at

        name = named_at(text, cursor)
        names = {name: await self._store.searchable_names(name, self._profile())} if name is not None else {}
        return completions(text, cursor, names, today=self._today())

    def terms(self, text: str) -> tuple[str, ...]:
        """Return what is to be marked in a message that was found: words and phrases as they were typed."""
        return tuple(dict.fromkeys(words.marked for words in self._question(text).words))

    def _question(self, text: str, *, typing: bool = False) -> "Question":
        from desktop.domain.search_language import parse  # not at the start

        return parse(text, today=self._today(), midnight=local_midnight, typing=typing)
