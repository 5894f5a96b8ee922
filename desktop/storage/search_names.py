"""The names in a question's filters, found in the database; and those that can be typed there."""

from collections.abc import Sequence

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.folding import fold
from desktop.domain.search_language import OF_SESSIONS, Field, Filter, Question
from desktop.i18n import _
from desktop.storage.search_plan import Names, condition
from desktop.storage.search_sessions import marks

_BELOW = """
    WITH RECURSIVE below(id) AS (
        SELECT value FROM json_each(?)
        UNION
        SELECT folder.id FROM below CROSS JOIN folder ON folder.parent_id = below.id
    )
    SELECT id FROM below
"""
_NAMES = {
    Field.IN: "SELECT id, name FROM folder WHERE profile_id = ? ORDER BY name",
    Field.TAG: "SELECT id, name FROM tag WHERE profile_id = ? ORDER BY name",
    Field.MODEL: "SELECT number, name FROM message_model ORDER BY name",
    Field.PROFILE: "SELECT id, name FROM profile ORDER BY name",
}
MOST_SAID = 3


def find_names(db: APSWDatabase, question: Question, *, profile: int) -> tuple[Names, tuple[str, ...]]:
    """Return the numbers behind the names that a question's filters hold, and sentences about names that nobody has."""
    names = Names(folders={}, tags={}, models={}, profiles={}, sessions={})
    said: list[str] = []
    known = _Known(db, profile)
    for asked in dict.fromkeys(clause.asks for clause in question.clauses):
        if not isinstance(asked, Filter):
            continue
        if asked.field is Field.IN:
            found = known.named(asked)
            names.folders[asked] = _with_all_below(db, found)  # type: ignore[index]  # made above
            said += [] if found or asked.is_beginning else [_("There is no folder “{name}”.").format(name=asked.value)]
        elif asked.field is Field.TAG:
            found = known.named(asked)
            names.tags[asked] = found  # type: ignore[index]
            said += [] if found or asked.is_beginning else [_("There is no tag “{name}”.").format(name=asked.value)]
        elif asked.field is Field.MODEL:
            found = [number for number, name in known.of(Field.MODEL) if name and asked.value in name]
            names.models[asked] = found  # type: ignore[index]
            said += (
                [] if found or asked.is_beginning else [_("No model “{name}” has answered.").format(name=asked.value)]
            )
        elif asked.field is Field.PROFILE:
            is_own = profile in known.named(asked)
            names.profiles[asked] = is_own  # type: ignore[index]
            said += [] if is_own else [_("Only the profile in use is searched. Switch to the other one first.")]
    for clause in (clause for group in question.groups if len(group) > 1 for clause in group):
        if isinstance(clause.asks, Filter) and clause.asks.field in OF_SESSIONS:
            sql, values = condition(clause.asks, names)
            passed = (f"NOT ({sql})" if clause.is_not else sql, values)
            names.sessions[clause] = marks(db, [passed], profile)  # type: ignore[index]
    return names, tuple(said[:MOST_SAID])


class _Known:
    """The names that filters can hold, folded, each kind read once for a question."""

    def __init__(self, db: APSWDatabase, profile: int) -> None:
        self._db = db
        self._profile = profile
        self._read: dict[Field, list[tuple[int, str]]] = {}

    def of(self, name: Field) -> list[tuple[int, str]]:
        """Return the numbers and folded names that a filter knows."""
        if name not in self._read:
            self._read[name] = [(number, fold(each)) for number, each in names_of(self._db, name, self._profile)]
        return self._read[name]

    def named(self, asked: Filter) -> list[int]:
        """Return the numbers of what has the name; while it is typed, of what begins with it where nothing has it."""
        known = self.of(asked.field)
        exact = [number for number, name in known if name == asked.value]
        if exact or not asked.is_beginning:
            return exact
        return [number for number, name in known if name.startswith(asked.value)]


def _with_all_below(db: APSWDatabase, folders: Sequence[int]) -> list[int]:
    rows = db.execute_sql(_BELOW, (f"[{','.join(map(str, folders))}]",))
    return [number for (number,) in rows]


def names_of(db: APSWDatabase, name: Field, profile: int) -> list[tuple[int, str]]:
    """Return what a filter can name, number and name: folders and tags of a profile, models, profiles."""
    sql = _NAMES[name]
    return list(db.execute_sql(sql, (profile,) if "?" in sql else ()))
