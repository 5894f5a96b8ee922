"""From a question to SQL: what the index is asked, and what is looked up beside it.

Design note. The index may say yes too often (`domain/search_words.py`), so each part of a question has an expression
that all its matches satisfy (`upper`), and some have one that only matches satisfy (`lower`): only that may be left out
by a minus. Where the two are the same, nothing needs to be looked at again. Filters are marks in the index where the
message alone decides them, and always conditions in SQL too. Those that ask about the session become the marks of up to
a thousand sessions, or else of the buckets of 2,048 that they are in, so that a filter which only old sessions pass
does not look at all newer messages first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from desktop.domain.search_language import OF_SESSIONS, Clause, Field, Filter, Question, Words
from desktop.domain.search_words import (
    LONGEST_WORD,
    PAIRED,
    beginning_token,
    dense_pair_token,
    gram_tokens,
    is_dense,
    pair_token,
    units,
)
from desktop.storage.search_index import (
    DAY_BITS,
    FIRST_DAY,
    LAST_DAY,
    day_mark,
    day_of,
    has_mark,
    model_mark,
    role_mark,
    session_mark,
)

Values = tuple[object, ...]
EVERY = "(" + " OR ".join(f'"{role_mark(role)}"' for role in ("assistant", "user", "tool", "system")) + ")"
"""What every message has in the index."""
NOBODYS = session_mark(0)
"""What no message has in the index."""
NO_CONDITION = ("1", ())
NEVER = ("0", ())


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the index is asked for a part of a question; None is everything above, and nothing below."""

    upper: str | None
    lower: str | None

    @property
    def exact(self) -> bool:
        """Whether the index alone tells."""
        return self.upper is not None and self.upper == self.lower


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The numbers behind the names that a question's filters hold."""

    folders: Mapping[Filter, Sequence[int]] = field(default_factory=dict)
    tags: Mapping[Filter, Sequence[int]] = field(default_factory=dict)
    models: Mapping[Filter, Sequence[int]] = field(default_factory=dict)
    profiles: Mapping[Filter, bool] = field(default_factory=dict)
    sessions: Mapping[Clause, str] = field(default_factory=dict)
    """The marks of the sessions that a filter lets pass which stands beside words; nothing where most do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a question is asked: an expression for the index, conditions, and what has to be looked at again."""

    expression: str
    conditions: tuple[tuple[str, Values], ...]
    of_sessions: tuple[tuple[str, Values], ...]
    """Those of the conditions that ask about the session alone."""
    again: Question
    filters: tuple[Filter, ...]
    """Filters that stand beside words in a group of `again`: their answers are asked for with the row."""


def _one(token: str, *, goes_on: bool = False) -> str:
    return f'"{token}" *' if goes_on else f'"{token}"'


def _all(parts: Sequence[str]) -> str:
    unique = list(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else f"({' AND '.join(unique)})"


def _any(parts: Sequence[str]) -> str:
    unique = list(dict.fromkeys(parts))
    return unique[0] if len(unique) == 1 else f"({' OR '.join(unique)})"


def words_bounds(words: Words, *, of_title: bool = False) -> Bounds:
    """Return what the index is asked for words."""
    inside = [unit for chunk in words.chunks for unit in units(chunk)]
    parts: list[str] = []
    for place, unit in enumerate(inside):
        if is_dense(unit):
            parts += map(_one, unit)
            parts += (_one(dense_pair_token(unit[at : at + 2])) for at in range(len(unit) - 1))
            continue
        is_last = place == len(inside) - 1
        if is_last and words.is_beginning and len(unit) < LONGEST_WORD:
            own = _one(unit, goes_on=len(unit) > 2)
            parts.append(own if len(unit) > 2 else _any([_one(beginning_token(unit)), own]))
            continue
        parts.append(_one(unit[:LONGEST_WORD]))
        following = inside[place + 1] if not is_last else ""
        pairs = following and not (words.is_beginning and place == len(inside) - 2) and not is_dense(following)
        if pairs and len(unit) <= PAIRED and len(following) <= PAIRED:
            parts.append(_one(pair_token(unit, following)))
    plain = _all(parts) if parts else None
    is_one = len(parts) == 1 and words.chunks == (inside[0],) and len(inside[0]) < LONGEST_WORD
    ways = gram_tokens(words.fragment) if words.fragment else []
    lower = plain if is_one else None
    is_letter = any(is_start and len(token) == 2 and token[1].isalnum() for way in ways for token, is_start in way)
    if is_letter and not of_title:
        # What begins with one letter is in every fifth message, and FTS5 collects them all first: 0.3 s of a million.
        return Bounds(None, lower)
    asked = [_all([_one(token, goes_on=is_start) for token, is_start in way]) for way in ways]
    upper = _any(([plain] if plain else []) + asked) if plain or asked else None
    return Bounds(upper, lower)


def filter_bounds(asked: Filter, names: Names) -> Bounds:
    """Return what the index is asked for a filter."""
    match asked.field:
        case Field.ROLE:
            marks = [role_mark(asked.value)]
        case Field.HAS:
            marks = [has_mark(asked.value)]
        case Field.MODEL:
            marks = [model_mark(number) for number in names.models[asked]]
        case Field.BEFORE:
            # A day is whole or not at all in the index: the one in which the filter begins is in both halves.
            return Bounds(_any(days(FIRST_DAY, day_of(asked.moment))), None)
        case Field.AFTER:
            return Bounds(_any(days(day_of(asked.moment), LAST_DAY)), None)
        case _:
            return Bounds(None, None)
    expression = _any([_one(mark) for mark in marks])
    return Bounds(expression, expression)


def days(first: int, last: int) -> list[str]:
    """Return the marks of the days from one to another, both included: of whole spans where they fit."""
    found: list[str] = []
    while first <= last:
        bits = next(bits for bits in reversed(DAY_BITS) if first % (1 << bits) == 0 and first + (1 << bits) - 1 <= last)
        found.append(_one(day_mark(first, bits)))
        first += 1 << bits
    return found


def condition(asked: Filter, names: Names, *, of_title: bool = False) -> tuple[str, Values]:
    """Return a filter as a condition on the tables `message` and `session`, or for titles on `session` alone."""
    time = "session.updated_at" if of_title else "message.created_at"
    match asked.field, asked.value:
        case Field.ROLE, role:
            return "message.role = ?", (role,)
        case Field.MODEL, _:
            return _among("(SELECT number FROM message_model WHERE name = message.model)", names.models[asked])
        case Field.BEFORE, _:
            return f"{time} < ?", (asked.moment,)
        case Field.AFTER, _:
            return f"{time} >= ?", (asked.moment,)
        case Field.IN, _:
            return _among("session.folder_id", names.folders[asked])
        case Field.TAG, _:
            inner, values = _among("tag_id", names.tags[asked])
            return f"session.id IN (SELECT session_id FROM session_tag WHERE {inner})", values  # noqa: S608
        case Field.PROFILE, _:
            return NO_CONDITION if names.profiles[asked] else NEVER
        case Field.HAS, what:
            return _HAS[what], ()
        case _, state:
            return _IS[state], ()


_HAS = {
    "code": "sobremesa_has_code(message.content)",
    "attachment": "EXISTS (SELECT 1 FROM attachment WHERE message_id = message.id)",
    "tool": "(message.role = 'tool' OR message.tool_calls <> '[]')",
    "thinking": "message.thinking <> ''",
}
_IS = {
    "archived": "session.is_active = 0",
    "active": "session.is_active = 1",
    "pinned": "session.pinned = 1",
    "resolved": "session.is_resolved = 1",
}


def _among(column: str, numbers: Sequence[int]) -> tuple[str, Values]:
    return (f"({column} IS NOT NULL AND {column} IN ({', '.join(map(str, numbers))}))", ()) if numbers else NEVER


def plan(question: Question, names: Names, *, of_title: bool = False) -> Plan:
    """Return how a question is asked of the messages, or of the titles."""
    wanted: list[str] = []
    unwanted: list[str] = []
    conditions: list[tuple[str, Values]] = []
    of_sessions: list[tuple[str, Values]] = []
    again: list[tuple[Clause, ...]] = []
    filters: list[Filter] = []
    for group in question.groups:
        inside = [clause.asks for clause in group if isinstance(clause.asks, Filter)]
        bounds = [_bounds(clause, names, of_title) for clause in group]
        if len(group) == 1 and group[0].is_not:
            if bounds[0].lower:
                unwanted.append(bounds[0].lower)
        elif (expression := _group(group, bounds, names, of_title)) is not None:
            wanted.append(expression)
        if len(inside) == len(group):
            made = _condition(group, names, of_title)
            conditions.append(made)
            if all(asked.field in OF_SESSIONS for asked in inside):
                of_sessions.append(made)
        elif inside or not all(each.exact for each in bounds):
            again.append(group)
            filters += inside
    positive = " AND ".join(wanted) or ("" if of_title else EVERY)
    expression = f"({positive}) NOT {_any(unwanted)}" if unwanted and positive else positive
    return Plan(
        expression=expression,
        conditions=tuple(conditions),
        of_sessions=tuple(of_sessions),
        again=Question(tuple(again)),
        filters=tuple(dict.fromkeys(filters)),
    )


def _bounds(clause: Clause, names: Names, of_title: bool) -> Bounds:
    if isinstance(clause.asks, Words):
        return words_bounds(clause.asks, of_title=of_title)
    if _is_nobodys(clause.asks, names):
        return Bounds(_one(NOBODYS), _one(NOBODYS))
    return Bounds(None, None) if of_title else filter_bounds(clause.asks, names)


def _is_nobodys(asked: Filter, names: Names) -> bool:
    """Return whether a filter names what nobody has."""
    known = (names.folders, names.tags, names.models, names.profiles)
    return any(asked in each and not each[asked] for each in known)


def _group(group: Sequence[Clause], bounds: Sequence[Bounds], names: Names, of_title: bool) -> str | None:
    """Return what the index is asked for the clauses of which one must hold; None where it cannot tell."""
    parts: list[str] = []
    for clause, bound in zip(group, bounds, strict=True):
        if not of_title and names.sessions.get(clause):
            parts.append(names.sessions[clause])
        elif not clause.is_not and bound.upper is not None:
            parts.append(bound.upper)
        elif clause.is_not and bound.lower is not None and not of_title:
            parts.append(f"({EVERY} NOT {bound.lower})")
        else:
            return None
    return _any(parts)


def _condition(group: Sequence[Clause], names: Names, of_title: bool) -> tuple[str, Values]:
    """Return the filters of a group as one condition."""
    parts: list[str] = []
    values: list[object] = []
    for clause in group:
        assert isinstance(clause.asks, Filter)
        sql, more = condition(clause.asks, names, of_title=of_title)
        parts.append(f"NOT ({sql})" if clause.is_not else f"({sql})")
        values += more
    return f"({' OR '.join(parts)})", tuple(values)
