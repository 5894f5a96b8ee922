"""What the palette knows without asking the database: commands, models, settings, prompts and searches by their names.

All of it is ranked by one pure function, on the window's thread: some hundred names take less than a frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from typing import TYPE_CHECKING

from desktop.domain.fuzzy import BEGINS, WITHIN, Fit, fit
from desktop.domain.models import split_address
from desktop.domain.one_line import one_line
from desktop.domain.settings import SECTIONS, SETTINGS
from desktop.i18n import _, ngettext
from desktop.presenters.figures import count_text
from desktop.presenters.palette_rows import Kind, PaletteRow, kind_word

if TYPE_CHECKING:
    from desktop.domain.organising import SavedSearch
    from desktop.domain.saved_prompts import Prompt
    from desktop.domain.sessions import SessionListing
    from desktop.presenters.session_dates import DayNames
    from desktop.services.models import ModelChoice

ARROW = " ▸ "
STRONG = WITHIN
"""From here on a name is meant; below, it only might be."""
_FILTER = re.compile(r"(?<!\S)-?(?:role|model|before|after|in|tag|profile|has|is):(?:\"[^\"]*\"?|\S*)", re.IGNORECASE)
_MOST_FOR_USE = 1.5
_DETAIL_CHARS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command: its object name, its menus, what it is called and does, and its keys as they are shown."""

    name: str
    path: tuple[str, ...]
    text: str
    help: str = ""
    shortcut: str = ""


def without_filters(typed: str) -> str:
    """Return the words of a query alone."""
    return " ".join(_FILTER.sub(" ", typed).split())


def has_filter(typed: str) -> bool:
    """Return whether a query asks for more than words."""
    return _FILTER.search(typed) is not None


def command_rows(commands: Iterable[Command]) -> list[PaletteRow]:
    """Return a row for each command."""
    return [
        _row(Kind.COMMAND, each.name, ARROW.join((*each.path, each.text)), each.help, shortcut=each.shortcut)
        for each in commands
    ]


def model_rows(choices: Iterable[ModelChoice]) -> list[PaletteRow]:
    """Return a row for each model that the next message can go to."""
    detail = _("Answers the next message · {provider}")
    return [
        _row(Kind.MODEL, each.address, each.name, detail.format(provider=each.provider_name or each.address))
        for each in choices
    ]


def setting_rows() -> list[PaletteRow]:
    """Return a row for each setting that the dialog shows, and for its pages that are no list of settings."""
    pages = {name: _(label) for name, label in SECTIONS}
    rows = [
        _row(Kind.SETTING, "providers/", _("Providers"), _("Where models live: keys, addresses, tests")),
        _row(Kind.SETTING, "privacy/", _("Privacy"), _("What leaves this computer, and when")),
    ]
    for each in SETTINGS:
        if each.section in pages:
            title = ARROW.join((pages[each.section], _(each.label)))
            rows.append(_row(Kind.SETTING, f"{each.section}/{each.name}", title, _(each.help) if each.help else ""))
    return rows


def prompt_rows(prompts: Iterable[Prompt]) -> list[PaletteRow]:
    """Return a row for each prompt; its value is its text."""
    return [replace(_row(Kind.PROMPT, str(each.id), each.name, each.text), value=each.text) for each in prompts]


def search_rows(searches: Iterable[SavedSearch]) -> list[PaletteRow]:
    """Return a row for each saved search; its value is the query."""
    return [replace(_row(Kind.SEARCH, str(each.id), each.name, each.query), value=each.query) for each in searches]


def session_rows(sessions: Iterable[SessionListing], typed: str, days: DayNames) -> list[PaletteRow]:
    """Return a row for each session: how long it is, who answers in it, and when it went on last."""
    rows = []
    for each in sessions:
        title = one_line(each.title) or _("New session")
        found = fit(typed, title)
        count = each.message_count
        words = ngettext("{count} message", "{count} messages", count).format(count=count_text(count))
        model = split_address(each.model)[1]
        rows.append(
            PaletteRow(
                kind=Kind.SESSION,
                key=f"session:{each.id}",
                title=title,
                title_marks=found.ranges if found else (),
                detail=one_line(f"{words} · {model}" if model else words),
                side=days.moment(each.updated_at),
                value=each.id,
            )
        )
    return rows


def _row(kind: Kind, value: str, title: str, detail: str, *, shortcut: str = "") -> PaletteRow:
    return PaletteRow(
        kind=kind,
        key=f"{kind}:{value}",
        title=one_line(title),
        detail=one_line(detail[:_DETAIL_CHARS]),
        side=kind_word(kind),
        shortcut=shortcut,
        value=value,
    )


def ranked(rows: Sequence[PaletteRow], typed: str, used: Mapping[str, float], *, limit: int) -> list[PaletteRow]:
    """Return the rows that fit what was typed, with their marks: best and most used first.

    Where nothing is typed, what was never used follows in its own order.
    """
    return [row for _score, row in _scored(rows, typed, used)[:limit]]


def meant(
    rows: Sequence[PaletteRow], typed: str, used: Mapping[str, float]
) -> tuple[list[PaletteRow], list[PaletteRow]]:
    """Return the rows that are meant, ranked, and behind them those that might be; all are looked at once."""
    found = _scored(rows, typed, used)
    return [row for score, row in found if score >= STRONG], [row for score, row in found if score < STRONG]


def _scored(rows: Sequence[PaletteRow], typed: str, used: Mapping[str, float]) -> list[tuple[float, PaletteRow]]:
    """Return how well rows fit, best and most used first."""
    found = [(*fitting, used.get(row.key, 0.0)) for row in rows if (fitting := _fit(typed, row)) is not None]
    found.sort(key=lambda each: -each[0] - min(_MOST_FOR_USE, 0.5 * log2(1 + each[2])))
    return [(score, row) for score, row, _uses in found]


def _fit(typed: str, row: PaletteRow) -> tuple[float, PaletteRow] | None:
    """Fit the name; else the name with its menus; else, for half as much, the name with what it does."""
    at = row.title.rfind(ARROW) + len(ARROW) if row.kind in (Kind.COMMAND, Kind.SETTING) else 0
    at = at if at >= len(ARROW) else 0
    if (found := fit(typed, row.title[at:])) is not None:
        return found.score, _marked(row, found, shift=at)
    if at and (found := fit(typed, row.title)) is not None:
        return min(found.score, BEGINS) - 1, _marked(row, found)
    if row.detail and (found := fit(typed, f"{row.title}\n{row.detail}")) is not None and found.score >= STRONG:
        return found.score / 2, _marked(row, found)
    return None


def _marked(row: PaletteRow, found: Fit, *, shift: int = 0) -> PaletteRow:
    end = len(row.title)
    marks = tuple((start + shift, min(end, stop + shift)) for start, stop in found.ranges if start + shift < end)
    rest = tuple((start - end - 1, stop - end - 1) for start, stop in found.ranges if start > end)
    return replace(row, title_marks=marks, detail_marks=rest)
