"""Searches everything as one types: the newest question counts, and the pages of its answer come as they are wanted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.domain.faults import SobremesaError
from desktop.domain.finding import Range
from desktop.domain.one_line import one_line
from desktop.domain.searching import CLOSE, OPEN, SearchCursor, SearchInterrupted, SearchOrder, SearchPage
from desktop.domain.sessions import SearchHit
from desktop.i18n import _, ngettext
from desktop.presenters.figures import count_text
from desktop.presenters.palette_rows import Kind, PaletteRow
from desktop.presenters.session_dates import DayNames

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge

PAGE = 50
_MARK = re.compile(f"[{OPEN}{CLOSE}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is known of the answer to `text`. `trouble` is a sentence about why there is none, or no more of it."""

    text: str = ""
    hits: tuple[SearchHit, ...] = ()
    has_more: bool = False
    next: SearchCursor | None = None
    notice: str = ""
    trouble: str = ""
    took_ms: float = 0.0

    def words(self) -> str:
        """Return how much was found and in what time; what is behind the last page is not counted, and said so."""
        if not self.text or (self.trouble and not self.hits):
            return ""
        count = len(self.hits)
        words = ngettext("{count} hit", "{count} hits", count).format(count=count_text(count))
        if self.has_more:
            words = _("{count}+ hits").format(count=count_text(count))
        return _("{hits} · {ms} ms").format(hits=words, ms=max(1, round(self.took_ms)))


def marked(snippet: str) -> tuple[str, tuple[Range, ...]]:
    """Return a snippet as one harmless line, and where its matches are."""
    ranges: list[Range] = []
    start, plain = -1, ""
    for piece in re.split(f"([{OPEN}{CLOSE}])", snippet):
        if piece == OPEN:
            start = len(plain)
        elif piece == CLOSE and start >= 0:
            ranges.append((start, len(plain)))
            start = -1
        elif not _MARK.fullmatch(piece):
            plain += piece
    return one_line(plain), tuple(each for each in ranges if each[0] < each[1])


def hit_row(hit: SearchHit, days: DayNames) -> PaletteRow:
    """Return the row of a hit: the session's title above the words around the match."""
    text, ranges = marked(hit.snippet)
    row = PaletteRow(
        kind=Kind.SESSION if hit.message_id is None else Kind.MESSAGE,
        key=f"hit:{hit.session_id}" if hit.message_id is None else f"hit:{hit.session_id}:{hit.message_id}",
        title=one_line(hit.session_title) or _("New session"),
        detail=text,
        detail_marks=ranges,
        side=days.moment(hit.created_at),
        value=hit.session_id,
        message_id=hit.message_id,
    )
    if hit.message_id is None:
        return replace(row, title=text, title_marks=ranges, detail=_("The title of a session"), detail_marks=())
    return row


def group(rows: Iterable[PaletteRow], *, below: str = "") -> list[PaletteRow]:
    """Put the rows of a session below each other, where its first one stands; the session `below` goes on at once."""
    groups: dict[str, list[PaletteRow]] = {below: []} if below else {}
    for row in rows:
        groups.setdefault(row.value, []).append(row)
    return [
        replace(row, follows=row.message_id is not None and (at > 0 or session == below))
        for session, each in groups.items()
        for at, row in enumerate(sorted(each, key=lambda row: row.message_id is not None))  # the title first
    ]


class HitRows:
    """The rows of hits that grow by pages: those that were made stay, and new ones come behind them.

    Grouping keeps to that too: what a later page has of a session is a new part of it at the end, so that nothing moves
    under whoever reads. A row takes about 0.04 ms to make, which counts from some hundred of them on.
    """

    def __init__(self) -> None:
        self._hits: Sequence[SearchHit] = ()
        self._days: DayNames | None = None
        self._rows: list[PaletteRow] = []
        self._groups: list[PaletteRow] = []

    def of(self, hits: Sequence[SearchHit], days: DayNames, *, grouped: bool = False) -> list[PaletteRow]:
        """Return a row for each hit; `grouped` puts those of a session below each other."""
        known = len(self._hits)
        if self._days is not days or hits[:known] != self._hits:
            self._rows, self._groups, known = [], [], 0
        self._hits, self._days = hits, days
        self._rows += [hit_row(hit, days) for hit in hits[known:]]
        if not grouped:
            self._groups = []
            return list(self._rows)
        below = self._groups[-1].value if self._groups else ""
        self._groups += group(self._rows[len(self._groups) :], below=below)
        return list(self._groups)


class PaletteSearch(QObject):
    """`PaletteSearch(bridge=…)`: `ask` a question, `more` of its answer; `changed` when `found` is another."""

    changed = Signal()

    def __init__(self, *, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._question = ("", SearchOrder.NEWEST)
        self._asked = 0
        self._is_busy = False
        self.found = Found()

    @property
    def is_busy(self) -> bool:
        """Whether what is shown answers a question before the one that was asked."""
        return self._is_busy

    def ask(self, text: str, *, order: SearchOrder) -> None:
        """Search for `text`, in place of whatever was searched; what was found stays until the answer is there."""
        self._asked += 1
        self._question = (text, order)
        self._is_busy = bool(text)
        if text:
            asked = self._asked
            self._bridge.start_task(
                self._ask(text, order, asked), on_error=lambda error: self._on_error(error, Found(text=text), asked)
            )
        else:
            self.forget()
            self.changed.emit()

    def forget(self) -> None:
        """Know of no question and no answer any more; one that is under way comes to nobody."""
        self._asked += 1
        self._is_busy = False
        self.found = Found()

    def more(self) -> None:
        """Add the next page; where it cannot be read, what was found stays, and scrolling on tries again."""
        if self.found.has_more and not self._is_busy:
            found, asked = self.found, self._asked
            self._bridge.start_task(
                self._more(found, asked), on_error=lambda error: self._on_error(error, found, asked)
            )

    async def _page(self, text: str, order: SearchOrder, after: SearchCursor | None) -> SearchPage | None:
        """Return a page, or None where a newer question was asked meanwhile."""
        try:
            return await self._bridge.call(
                lambda backend: backend.searching.hits(text, limit=PAGE, after=after, order=order, typing=True)
            )
        except SearchInterrupted:
            return None

    async def _ask(self, text: str, order: SearchOrder, asked: int) -> None:
        page = None
        while page is None and asked == self._asked:  # once more, where somebody else's search ended this one
            page = await self._page(text, order, None)
        if page is None or asked != self._asked:
            return
        self._is_busy = False
        self.found = Found(
            text=text,
            hits=page.hits,
            has_more=page.has_more,
            next=page.next,
            notice=page.notice,
            took_ms=page.took_ms,
        )
        self.changed.emit()
        self._go_on()

    def _go_on(self) -> None:
        """Look further where a page ended early because it took long: nobody can scroll on in what is not there."""
        if len(self.found.hits) < PAGE:
            self.more()

    async def _more(self, found: Found, asked: int) -> None:
        page = await self._page(*self._question, found.next)
        if asked != self._asked or self.found is not found:
            return
        if page is not None:
            self.found = replace(
                found,
                hits=found.hits + page.hits,
                has_more=page.has_more,
                next=page.next,
                notice=page.notice,
                trouble="",
            )
        self.changed.emit()
        if page is not None:
            self._go_on()

    def _on_error(self, error: SobremesaError, found: Found, asked: int) -> None:
        if asked == self._asked:
            self._is_busy = False
            self.found = replace(found, trouble=str(error))
            self.changed.emit()
