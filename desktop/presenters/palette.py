"""What the palette lists: everything that can be opened or done from one field, or every message that holds words.

Design note. What is known here (commands, models, settings, prompts) is ranked with the key that was pressed; sessions
and messages come from the database a moment later and take their places below, so that Enter never means another row
than the one that was seen: where a row still answers what was typed before, it waits for its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.faults import NotFound, SobremesaError
from desktop.domain.searching import Completion, SearchOrder
from desktop.domain.sessions import SessionListing
from desktop.i18n import _
from desktop.presenters.palette_entries import (
    has_filter,
    meant,
    prompt_rows,
    ranked,
    search_rows,
    session_rows,
    setting_rows,
    without_filters,
)
from desktop.presenters.palette_rows import Kind, PaletteListModel, PaletteRow
from desktop.presenters.palette_search import HitRows, PaletteSearch
from desktop.presenters.palette_state import Mode, PaletteState
from desktop.presenters.session_dates import DayNames

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend

COMMANDS_ONLY = ">"
MOST_NAMES, MOST_SESSIONS, MOST_GUESSES = 6, 5, 3
MOST_RECENT, MOST_USED = 7, 5


class PalettePresenter(QObject):
    """`names()` returns the rows of commands and models at the moment; `now_ms` is the clock (UTC milliseconds).

    Intents are slots; what is picked comes back as a signal, behind `picked`.
    """

    shown = Signal()
    """The rows or the state are others."""
    completions_changed = Signal(object)
    """A tuple of `Completion`."""
    picked = Signal()
    """Something is opened or done, and the palette is not wanted any more."""
    command_picked = Signal(str)
    model_picked = Signal(str)
    setting_picked = Signal(str, str)
    """A page of the settings and the name of a setting there, or ""."""
    prompt_picked = Signal(str)
    query_picked = Signal(str)
    """A saved search is to stand in the field."""
    place_picked = Signal(str, object, object)
    """A session, the id of a message in it or None, and the words to be marked there."""

    def __init__(
        self,
        *,
        bridge: Bridge,
        names: Callable[[], Sequence[PaletteRow]],
        now_ms: Callable[[], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._names = names
        self._now_ms = now_ms
        self.rows = PaletteListModel(self)
        self.search = PaletteSearch(bridge=bridge, parent=self)
        self._hit_rows = HitRows()
        self.mode = Mode.ANYTHING
        self._text = ""
        self._order, self._is_grouped = SearchOrder.NEWEST, False
        self._known: list[PaletteRow] = []
        self._kept: list[PaletteRow] = []
        self._searches: list[PaletteRow] = []
        self._used: dict[str, float] = {}
        self._sessions: tuple[SessionListing, ...] = ()
        self._sessions_of: str | None = None
        self._asked = 0
        self._is_read = False
        self._owed = False
        self._gone = self._told = ""
        self._fits: tuple[str, list[PaletteRow], list[PaletteRow]] | None = None
        self._days = DayNames(now_ms=now_ms())
        self._opened = 0
        self.search.changed.connect(self._show)
        self.rows.more_wanted.connect(self.search.more)

    # Intents

    def open(self, mode: Mode, text: str = "") -> None:
        """Begin anew; whatever is found, used and saved is read again."""
        self._drop()
        self.mode = mode
        self._days = DayNames(now_ms=self._now_ms())
        self._known = [*self._names(), *setting_rows()]
        self._bridge.start_task(self._read(self._opened), on_error=self._on_unread)
        self._take(text)

    @Slot()
    def forget(self) -> None:
        """Keep nothing of what was listed: it may be gone, or another profile's, when the palette opens again."""
        self._drop()
        self._known = []
        self._show()

    @Slot(str, int)
    def set_text(self, text: str, cursor: int) -> None:
        """Look for what was typed."""
        if text != self._text:
            self._take(text)
        self._bridge.start_task(self._complete(text, cursor), on_error=lambda _error: None)

    @Slot(int)
    def pick(self, number: int) -> None:
        """Open or do what a row says, as soon as it answers what was typed."""
        row = self.rows.row(number)
        if self._is_late(row) or (number <= 0 and self._is_beginning()):
            self._owed = True
            return
        self._owed = False
        if row is None:
            return
        if row.kind not in (Kind.SESSION, Kind.MESSAGE):
            self._bridge.start_task(self._note(row.key), on_error=lambda _error: None)
        if row.kind is Kind.SEARCH:
            self.query_picked.emit(row.value)
        elif row.kind in (Kind.SESSION, Kind.MESSAGE):
            self._bridge.start_task(self._go(row, self._text, self._opened), on_error=self._on_error)
        else:
            self.picked.emit()
            self._tell_picked(row)

    @Slot()
    def turn_order(self) -> None:
        """Put the best hits first, or the newest again."""
        is_newest = self._order is SearchOrder.NEWEST
        self._order = SearchOrder.RELEVANCE if is_newest else SearchOrder.NEWEST
        self.search.ask(self._question(), order=self._order)
        self._show()

    @Slot()
    def turn_grouping(self) -> None:
        """Put the hits of a session below each other, or not any more."""
        self._is_grouped = not self._is_grouped
        self._show()

    @Slot(str)
    def save(self, name: str) -> None:
        """Keep the search in the sidebar under a name."""
        query = self._text.strip()
        if query and name.strip():
            self._bridge.start_task(self._save(name.strip(), query), on_error=self._on_error)

    # What is typed

    def _drop(self) -> None:
        """Forget what came from the database; what is still on its way is dropped when it is there."""
        self._opened += 1
        self._asked += 1
        self._text = ""
        self._kept, self._searches, self._used, self._fits = [], [], {}, None
        self._sessions, self._sessions_of, self._is_read, self._owed = (), None, False, False
        self._gone = self._told = ""
        self._order, self._is_grouped = SearchOrder.NEWEST, False
        self._hit_rows = HitRows()
        self.search.forget()

    def _question(self) -> str:
        """Return what the database is asked; commands alone are none of its business."""
        return "" if self._text.startswith(COMMANDS_ONLY) else self._text.strip()

    def _take(self, text: str) -> None:
        self._text = text
        self._owed = False
        self._gone = self._told = ""
        self._sessions_of = None
        self._asked += 1
        asked = self._asked
        if self.mode is Mode.ANYTHING and not text.startswith(COMMANDS_ONLY):
            self._bridge.start_task(
                self._find_sessions(text.strip(), asked), on_error=lambda error: self._on_no_sessions(error, asked)
            )
        self.search.ask(self._question(), order=self._order)
        self._show()

    async def _find_sessions(self, text: str, asked: int) -> None:
        limit = MOST_SESSIONS if text else MOST_RECENT
        if has_filter(text):
            found: tuple[SessionListing, ...] = ()
        else:
            found = await self._bridge.call(lambda backend: backend.library.sessions(limit=limit, text=text))
        if asked == self._asked:
            self._sessions, self._sessions_of = found, text
            self._show()

    def _on_no_sessions(self, error: SobremesaError, asked: int) -> None:
        """Say why no session is listed; Enter does not wait for any."""
        if asked == self._asked:
            self._sessions, self._sessions_of = (), self._text.strip()
            self._on_error(error)

    async def _complete(self, text: str, cursor: int) -> None:
        async def ask(backend: Backend) -> tuple[Completion, ...]:
            return await backend.searching.completions(text, cursor)

        found = await self._bridge.call(ask) if text and not text.startswith(COMMANDS_ONLY) else ()
        if text == self._text:
            self.completions_changed.emit(found)

    async def _read(self, opened: int) -> None:
        async def ask(backend: Backend) -> tuple[dict[str, float], list[PaletteRow], list[PaletteRow]]:
            searches = (await backend.organising.places()).searches
            return await backend.palette.used(), prompt_rows(await backend.prompts.all()), search_rows(searches)

        found = await self._bridge.call(ask)
        if opened == self._opened:
            self._used, self._kept, self._searches = found
            self._fits, self._is_read = None, True
            self._show()

    def _on_unread(self, error: SobremesaError) -> None:
        self._is_read = True
        self._on_error(error)

    # What is shown

    @property
    def is_settled(self) -> bool:
        """Whether what is listed answers what is typed, all of it."""
        return not (self.search.is_busy or self._is_waiting_for_sessions() or not self._is_read)

    def _is_late(self, row: PaletteRow | None) -> bool:
        """Whether a row answers something else than what is typed."""
        if row is None or row.key.startswith("hit:"):
            return self.search.is_busy or (row is None and self._is_waiting_for_sessions())
        return row.kind is Kind.SESSION and self._is_waiting_for_sessions()

    def _is_beginning(self) -> bool:
        """Whether the first row is not known yet, where nothing is typed: what was used and opened last comes to it."""
        waits = self._is_waiting_for_sessions() or not self._is_read
        return self.mode is Mode.ANYTHING and not self._text and waits

    def _is_waiting_for_sessions(self) -> bool:
        asks = self.mode is Mode.ANYTHING and not self._text.startswith(COMMANDS_ONLY)
        return asks and self._sessions_of != self._text.strip()

    @Slot()
    def _show(self) -> None:
        """Put the rows together."""
        rows = self._messages() if self.mode is Mode.MESSAGES else self._anything()
        self.rows.show_rows(rows, has_more=self.search.found.has_more)
        self.shown.emit()
        if self._owed and not self._is_late(self.rows.row(0)) and not self._is_beginning():
            self.pick(0)

    def _anything(self) -> list[PaletteRow]:
        typed = self._text.strip()
        if typed.startswith(COMMANDS_ONLY):
            commands = [row for row in self._known if row.kind is Kind.COMMAND]
            return ranked(commands, typed.removeprefix(COMMANDS_ONLY), self._used, limit=len(commands))
        if not typed:
            habits = [row for row in self._names_known() if self._used.get(row.key, 0.0) > 0]
            commands = [row for row in self._known if row.kind is Kind.COMMAND]
            first = ranked(habits, "", self._used, limit=MOST_USED)
            keys = {row.key for row in first}
            return [
                *first,
                *session_rows(self._sessions, "", self._days),
                *(row for row in commands if row.key not in keys),
            ]
        if has_filter(typed):
            return self._messages()
        sure, others = self._fitting(typed)
        sessions = session_rows(self._sessions, typed, self._days)
        guesses = others[: max(0, MOST_GUESSES - len(sure) - len(sessions))]
        titled = {row.value for row in sessions}
        others_hit = tuple(
            hit for hit in self.search.found.hits if hit.message_id is not None or hit.session_id not in titled
        )
        hits = self._hit_rows.of(others_hit, self._days, grouped=self._is_grouped)
        return [*sure, *sessions, *guesses, *hits]

    def _messages(self) -> list[PaletteRow]:
        """Return the hits, with few commands behind the last of them."""
        if not self._question():
            return list(self._searches)
        found = self.search.found
        rows = self._hit_rows.of(found.hits, self._days, grouped=self._is_grouped)
        words = without_filters(self._text)
        if words and not found.has_more and not self.search.is_busy:
            rows += self._fitting(words)[0][:MOST_GUESSES]
        return rows

    def _names_known(self) -> list[PaletteRow]:
        return [*self._known, *self._kept, *self._searches]

    def _fitting(self, words: str) -> tuple[list[PaletteRow], list[PaletteRow]]:
        """Return the names that are meant, and few that might be; worked out once, however often it is shown."""
        if self._fits is None or self._fits[0] != words:
            sure, others = meant(self._names_known(), words, self._used)
            self._fits = words, sure[:MOST_NAMES], others[:MOST_NAMES]
        return self._fits[1], self._fits[2]

    @property
    def state(self) -> PaletteState:
        """What is said beside the rows."""
        found = self.search.found
        is_asked = bool(self._question())
        return PaletteState(
            mode=self.mode,
            words=self._told or (found.words() if is_asked else ""),
            notice=self._gone or (found.trouble or found.notice if is_asked else ""),
            empty=self._empty(),
            order=self._order,
            is_grouped=self._is_grouped,
            can_save=is_asked,
        )

    def _empty(self) -> tuple[str, str]:
        """Return what is said, and what to do, where there is no row."""
        if self._text.strip() == "" and self.mode is Mode.MESSAGES:
            return (
                _("Search every message and every title"),
                _("Words, “a phrase”, -without, this OR that. Narrow it down with the words at the bottom."),
            )
        if self.search.is_busy or self._is_waiting_for_sessions():
            return _("Searching…"), ""
        if self.search.found.trouble:
            return _("This search could not be done"), self.search.found.trouble
        if self._text.startswith(COMMANDS_ONLY):
            return _("No command is called so"), _("Take the > away to search everything.")
        hint = _("Fewer words find more, and so does a filter less. The beginning of a word is enough.")
        return _("Nothing found"), hint

    # What is picked

    def _tell_picked(self, row: PaletteRow) -> None:
        match row.kind:
            case Kind.COMMAND:
                self.command_picked.emit(row.value)
            case Kind.MODEL:
                self.model_picked.emit(row.value)
            case Kind.SETTING:
                section, _slash, name = row.value.partition("/")
                self.setting_picked.emit(section, name)
            case Kind.PROMPT:
                self.prompt_picked.emit(row.value)

    async def _note(self, key: str) -> None:
        await self._bridge.call(lambda backend: backend.palette.note(key))

    async def _go(self, row: PaletteRow, typed: str, opened: int) -> None:
        async def check(backend: Backend) -> tuple[str, ...]:
            await backend.palette.check(row.value, row.message_id)
            return backend.searching.terms(typed) if row.message_id is not None else ()

        try:
            terms = await self._bridge.call(check)
        except NotFound as error:
            if opened == self._opened:
                self._on_gone(str(error))
            return
        if opened != self._opened:
            return  # the palette was left, or shows another profile
        self.picked.emit()
        self.place_picked.emit(row.value, row.message_id, terms)

    def _on_error(self, error: SobremesaError) -> None:
        self._gone = str(error)
        self._show()

    def _on_gone(self, sentence: str) -> None:
        """Say that a row led nowhere any more, and look again."""
        self._take(self._text)
        self._gone = sentence
        self._show()

    async def _save(self, name: str, query: str) -> None:
        opened = self._opened
        done = await self._bridge.call(lambda backend: backend.organising.save_search(name, query))
        if opened == self._opened:
            self._told = done.words
            await self._read(opened)
