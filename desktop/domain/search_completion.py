"""What can be typed where the cursor is in a search: the names of filters, and behind one its values."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from desktop.domain.folding import fold
from desktop.domain.search_language import HAS, IS, PART, ROLES, Field
from desktop.domain.searching import Completion
from desktop.i18n import _

MOST = 12
MONTHS = 12


def completions(text: str, cursor: int, names: Mapping[Field, Sequence[str]], *, today: date) -> tuple[Completion, ...]:
    """Return what the part of the text that ends at the cursor can become; nothing where it is a word of its own."""
    part = _part(text, cursor)
    minus, name, phrase, _star, word = part.groups() if part else ("", None, None, "", "")
    if phrase is not None:
        return ()
    start = (part.start() if part else cursor) + len(minus or "")
    if name is None:
        return _filters(word or "", start, cursor)
    known = next((each for each in Field if each.value == name.lower()), None)
    if known is None:
        return ()
    start += len(name) + 1
    return tuple(
        Completion(
            insert=f'"{value}" ' if " " in value else f"{value} ", label=value, detail=detail, start=start, end=cursor
        )
        for value, detail in _values(known, word or "", names, today)
    )


def _part(text: str, cursor: int) -> re.Match[str] | None:
    """Return the part of the text that ends at the cursor."""
    return next((match for match in PART.finditer(text[:cursor]) if match.end() == cursor and match[0]), None)


def named_at(text: str, cursor: int) -> Field | None:
    """Return the filter at the cursor where somebody has given names to its values."""
    part = _part(text, cursor)
    name = (part[2] or "").lower() if part else ""
    return next((each for each in (Field.IN, Field.TAG, Field.MODEL, Field.PROFILE) if each.value == name), None)


def _filters(typed: str, start: int, end: int) -> tuple[Completion, ...]:
    return tuple(
        Completion(insert=f"{name.value}:", label=f"{name.value}:", detail=words, start=start, end=end)
        for name, words in filters_told().items()
        if name.value.startswith(fold(typed))
    )


def filters_told() -> dict[Field, str]:
    """Return what each filter asks for, in a few words."""
    return {
        Field.ROLE: _("who wrote it"),
        Field.MODEL: _("the model that answered"),
        Field.AFTER: _("written on this day or later"),
        Field.BEFORE: _("written before this day"),
        Field.IN: _("in this folder"),
        Field.TAG: _("in sessions with this tag"),
        Field.HAS: _("messages with code, a file, tools or thinking"),
        Field.IS: _("sessions that are archived, pinned or resolved"),
        Field.PROFILE: _("in this profile"),
    }


def _values(name: Field, typed: str, names: Mapping[Field, Sequence[str]], today: date) -> list[tuple[str, str]]:
    wanted = fold(typed)
    offered: list[tuple[str, str]] = []
    if name in (Field.BEFORE, Field.AFTER):
        offered = _dates(today)
    elif name in (Field.ROLE, Field.HAS, Field.IS):
        told = values_told()
        offered = [(each, told[each]) for each in {Field.ROLE: ROLES, Field.HAS: HAS, Field.IS: IS}[name]]
    else:
        offered = [(each, "") for each in names.get(name, ())]
    first = [each for each in offered if fold(each[0]).startswith(wanted)]
    inside = [each for each in offered if wanted in fold(each[0]) and each not in first]
    return (first + inside)[:MOST]


def values_told() -> dict[str, str]:
    """Return what the values of filters mean, in a few words."""
    return {
        "user": _("by you"),
        "assistant": _("answers"),
        "system": _("system messages"),
        "tool": _("what tools said"),
        "code": _("with code"),
        "attachment": _("with a file"),
        "thinking": _("with thinking"),
        "archived": _("in archived sessions"),
        "active": _("in sessions that are not archived"),
        "pinned": _("in pinned sessions"),
        "resolved": _("in resolved sessions"),
    }


def _dates(today: date) -> list[tuple[str, str]]:
    found = [("today", ""), ("yesterday", ""), ("7d", _("the last 7 days")), ("30d", _("the last 30 days"))]
    month = today.replace(day=1)
    for _month in range(MONTHS):
        found.append((f"{month:%Y-%m}", ""))
        month = (month - timedelta(days=1)).replace(day=1)
    return [*found, *((str(today.year - years), "") for years in range(1, 4))]
