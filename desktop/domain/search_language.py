"""What can be typed into a search, and what it means.

Words stand beside each other for "and"; `OR` between two holds for these two (and for more in a row) before that; a
minus or `NOT` in front leaves out what follows; `"…"` is a phrase, `*` at the end makes a word the beginning of one.
`name:value` and `name:"two words"` are filters. Nothing is an error: what makes no sense is searched as plain words,
and where a filter's value makes none, a sentence says so.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from desktop.domain.search_words import folded, is_dense, units
from desktop.i18n import _

ROLES = ("user", "assistant", "system", "tool")
HAS = ("code", "attachment", "tool", "thinking")
IS = ("archived", "active", "pinned", "resolved")


class Field(StrEnum):
    """The names of the filters."""

    ROLE = "role"
    MODEL = "model"
    BEFORE = "before"
    AFTER = "after"
    IN = "in"
    TAG = "tag"
    PROFILE = "profile"
    HAS = "has"
    IS = "is"


OF_SESSIONS = frozenset({Field.IN, Field.TAG, Field.PROFILE, Field.IS})
"""Filters that ask about the session: a title can match them too."""
_CHOICES = {Field.ROLE: ROLES, Field.HAS: HAS, Field.IS: IS}


@dataclass(frozen=True, slots=True)
class Words:
    """Words to be found one behind the other; `is_beginning` when the last may go on, `is_quoted` as it was typed."""

    chunks: tuple[str, ...]
    """As they are compared: folded, without the punctuation around them."""
    typed: str
    is_beginning: bool = False
    is_quoted: bool = False

    @property
    def fragment(self) -> str:
        """Return what may stand anywhere in code, or nothing: four letters, or two with a sign."""
        if len(self.chunks) != 1:
            return ""
        (chunk,) = self.chunks
        if chunk.isalnum():
            return "" if self.is_quoted or len(chunk) < 4 or any(map(is_dense, units(chunk))) else chunk
        return chunk if len(chunk) >= 2 else ""

    @property
    def marked(self) -> str:
        """Return the words as they were typed, without what only told how to look for them."""
        return self.typed if self.is_quoted else self.typed.strip(_ENDS) or self.typed


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter; `value` is folded. `moment` is the time that `before:` and `after:` name, in UTC milliseconds."""

    field: Field
    value: str
    moment: int = 0
    is_beginning: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """Words or a filter, or the opposite."""

    asks: Words | Filter
    is_not: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: of each group, one clause at least must hold."""

    groups: tuple[tuple[Clause, ...], ...] = ()
    notices: tuple[str, ...] = field(default=(), compare=False)

    def __bool__(self) -> bool:
        return bool(self.groups)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """All clauses in their order."""
        return tuple(clause for group in self.groups for clause in group)

    @property
    def words(self) -> tuple[Words, ...]:
        """The words that are looked for, without those that are left out."""
        return tuple(clause.asks for clause in self.clauses if isinstance(clause.asks, Words) and not clause.is_not)


PART = re.compile(r'(-(?=["\w]))?(?:([A-Za-z]+):)?(?:"([^"]*)"(\*?)|([^\s"]+)|(?<=:))')
"""A minus, the name of a filter, and a phrase or a word."""
_ENDS = ".,;:!?()[]{}…¿¡«»„“”‘’'\"^*`"
_CODE = frozenset({"::", "()", "[]", "{}", "??", "?."})
"""What is code although it is made of punctuation."""
MOST_CLAUSES = 64
LONGEST_TEXT = 4_000
LONGEST_SIGNS = 40
_AGO = re.compile(r"(\d{1,4})([dwmy])")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_NAMES = {each.value: each for each in Field} | {"folder": Field.IN}


def parse(text: str, *, today: date, midnight: Callable[[date], int], typing: bool = False) -> Question:
    """Read what was typed; `midnight` says when a day begins here, in UTC milliseconds.

    With `typing` the last word is taken for the beginning of one, and a filter that is not whole yet is not complained
    about.
    """
    is_cut = len(text) > LONGEST_TEXT
    # Lone surrogates are what no text can hold.
    text = text[:LONGEST_TEXT].encode(errors="replace").decode().replace("\x00", " ")
    reader = _Reader(today, midnight)
    for match in PART.finditer(text):
        if match[0] and reader.many >= MOST_CLAUSES:
            is_cut = True
            break
        if match[0]:
            reader.read(match, goes_on=typing and match.end() == len(text))
    return reader.question(is_cut=is_cut)


class _Reader:
    """Puts a question together, part by part."""

    def __init__(self, today: date, midnight: Callable[[date], int]) -> None:
        self._today = today
        self._midnight = midnight
        self._groups: list[list[Clause]] = []
        self._notices: list[str] = []
        self._or: str = ""
        self._is_not = False
        self._unread: list[str] = []
        self.many = 0
        """How many clauses there are."""

    def read(self, match: re.Match[str], *, goes_on: bool) -> None:
        """Take the next part."""
        minus, name, phrase, star, word = match.groups()
        if not minus and not name and word in ("OR", "NOT", "AND") and not goes_on:
            self._operator(word)
            return
        asks: Words | Filter | None = None
        if name is not None and (known := _NAMES.get(name.lower())) is not None:
            value = word if phrase is None else phrase
            asks, is_filter = self._filter(known, value or "", goes_on=goes_on and phrase is None)
            if is_filter and asks is None:
                return
        if asks is None and phrase is not None:
            asks = words_of(f"{name}:{phrase}" if name else phrase, is_quoted=True, is_beginning=bool(star))
        elif asks is None:
            typed = f"{name}:{word or ''}" if name else word or ""
            asks = words_of(typed, is_beginning=typed.endswith("*") or goes_on)
        if asks is not None:
            self._add(Clause(asks, bool(minus) != self._is_not))
        elif not goes_on or not match[0].isascii():
            self._unread.append(match[0])

    def question(self, *, is_cut: bool) -> Question:
        """Return what was read; `is_cut` where that is not all."""
        self._plain()
        if is_cut:
            self._notices.append(_("This is too long: only its beginning was searched."))
        if self._unread and (
            not self._groups or any(not each.isascii() and _is_telling(each) for each in self._unread)
        ):
            signs = " ".join(dict.fromkeys(self._unread))
            said = _("There is nothing in this that can be searched for: {signs}")
            self._notices.append(
                said.format(signs=signs if len(signs) <= LONGEST_SIGNS else signs[:LONGEST_SIGNS] + "…")
            )
        return Question(tuple(tuple(group) for group in self._groups), tuple(dict.fromkeys(self._notices)))

    def _operator(self, word: str) -> None:
        if word == "NOT" and not self._is_not:
            self._is_not = True
        elif word == "OR" and self._groups and not self._or and not self._is_not:
            self._or = word
        elif word != "AND" or not self._groups or self._or or self._is_not:
            self._plain()
            self._groups.append([Clause(Words((word.lower(),), word))])
            self.many += 1

    def _plain(self) -> None:
        """Take an operator that nothing follows for the word it is."""
        for word, is_open in (("OR", bool(self._or)), ("NOT", self._is_not)):
            if is_open:
                self._groups.append([Clause(Words((word.lower(),), word))])
                self.many += 1
        self._or, self._is_not = "", False

    def _add(self, clause: Clause) -> None:
        self.many += 1
        if self._or:
            self._groups[-1].append(clause)
        else:
            self._groups.append([clause])
        self._or, self._is_not = "", False

    def _filter(self, name: Field, value: str, *, goes_on: bool) -> tuple[Filter | None, bool]:
        """Return a filter, and whether the part was one: with a value that cannot be, it is words."""
        value = folded(value).strip()
        if name in (Field.BEFORE, Field.AFTER):
            day = day_of(value, self._today)
            if day is not None:
                return Filter(name, value, self._midnight(day)), True
            if not goes_on:
                said = _("{filter} needs a date, such as 2026, 2026-11, 2026-11-03, today, yesterday or 7d.")
                self._notices.append(said.format(filter=f"{name.value}:"))
            return None, goes_on
        if not value:
            return None, True
        choices = _CHOICES.get(name)
        if choices is None:
            return Filter(name, value, is_beginning=goes_on), True
        found = value if value in choices else None
        if goes_on and found is None:
            return None, any(each.startswith(value) for each in choices)
        if found is None:
            said = _("{filter} can be {choices}; this was searched as words.")
            self._notices.append(said.format(filter=f"{name.value}:", choices=", ".join(choices)))
            return None, False
        return Filter(name, found), True


def words_of(typed: str, *, is_quoted: bool = False, is_beginning: bool = False) -> Words | None:
    """Return what was typed as words to be found, or None where there is nothing but signs that say little."""
    chunks = [chunk.strip(_ENDS) for chunk in folded(typed).split()]
    kept = tuple(chunk for chunk in chunks if units(chunk))
    if not kept and len(chunks) == 1 and _is_code(signs := folded(typed).strip()):
        kept = (signs,)
    if not kept:
        return None
    last = units(kept[-1])
    goes_on = is_beginning and bool(last) and len(last[-1]) > 1 and folded(typed).rstrip("*").endswith(last[-1])
    return Words(kept, typed, is_beginning=goes_on, is_quoted=is_quoted)


def _is_code(signs: str) -> bool:
    """Return whether signs alone can be looked for, in code."""
    return len(signs) >= 2 and signs.isascii() and (signs in _CODE or _is_telling(signs))


def _is_telling(signs: str) -> bool:
    """Return whether signs are more than punctuation and dashes."""
    return bool(folded(signs).strip(_ENDS + "-_~"))


def day_of(value: str, today: date) -> date | None:
    """Return the day that a year, a month, a day or `7d` begins with; None where it is no date."""
    if value == "today":
        return today
    if value == "yesterday":
        return today - timedelta(days=1)
    try:
        if ago := _AGO.fullmatch(value):
            return today - timedelta(days=int(ago[1]) * _DAYS[ago[2]])
        if day := _DAY.fullmatch(value):
            return date(int(day[1]), int(day[2] or 1), int(day[3] or 1))
    except (ValueError, OverflowError):
        return None
    return None


def without(question: Question, name: Field) -> Question:
    """Return a question without the filters of one name."""
    groups = (
        tuple(one for one in group if not (isinstance(one.asks, Filter) and one.asks.field is name))
        for group in question.groups
    )
    return replace(question, groups=tuple(group for group in groups if group))
