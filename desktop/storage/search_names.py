"""The names in a question's filters, found in the database; and those that can be typed there."""

from collections.abc import Iterable, Sequence

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


def find_names(db: APSWDatabase, question: Question, *, profile: int) -> tuple[Names, tuple[str, ...]]:
    """Return the numbers behind the names that a question's filters hold, and sentences about names that nobody has."""
    names = Names(folders={}, tags={}, models={}, profiles={}, sessions={})
    said: list[str] = []
    for asked in dict.fromkeys(clause.asks for clause in question.clauses):
        if not isinstance(asked, Filter):
            continue
        if asked.field is Field.IN:
            found = _named(asked, folder_names(db, profile))
            names.folders[asked] = _with_all_below(db, found)  # type: ignore[index]  # made above
            said += [] if found or asked.is_beginning else [_("There is no folder “{name}”.").format(name=asked.value)]
        elif asked.field is Field.TAG:
            found = _named(asked, tag_names(db, profile))
            names.tags[asked] = found  # type: ignore[index]
            said += [] if found or asked.is_beginning else [_("There is no tag “{name}”.").format(name=asked.value)]
        elif asked.field is Field.MODEL:
            found = [number for number, name in model_names(db) if name and asked.value in fold(name)]
            names.models[asked] = found  # type: ignore[index]
            said += (
                [] if found or asked.is_beginning else [_("No model “{name}” has answered.").format(name=asked.value)]
            )
        elif asked.field is Field.PROFILE:
            is_own = profile in _named(asked, profile_names(db))
            names.profiles[asked] = is_own  # type: ignore[index]
            said += [] if is_own else [_("Only the profile in use is searched. Switch to the other one first.")]
    for clause in (clause for group in question.groups if len(group) > 1 for clause in group):
        if isinstance(clause.asks, Filter) and clause.asks.field in OF_SESSIONS:
            sql, values = condition(clause.asks, names)
            passed = (f"NOT ({sql})" if clause.is_not else sql, values)
            names.sessions[clause] = marks(db, [passed], profile)  # type: ignore[index]
    return names, tuple(said)


def _named(asked: Filter, names: Iterable[tuple[int, str]]) -> list[int]:
    """Return the numbers of what has the name; while it is typed, of what begins with it where nothing has it."""
    known = [(number, fold(name)) for number, name in names]
    exact = [number for number, name in known if name == asked.value]
    if exact or not asked.is_beginning:
        return exact
    return [number for number, name in known if name.startswith(asked.value)]


def _with_all_below(db: APSWDatabase, folders: Sequence[int]) -> list[int]:
    rows = db.execute_sql(_BELOW, (f"[{','.join(map(str, folders))}]",))
    return [number for (number,) in rows]


def folder_names(db: APSWDatabase, profile: int) -> list[tuple[int, str]]:
    """Return the folders of a profile: number and name."""
    return list(db.execute_sql("SELECT id, name FROM folder WHERE profile_id = ? ORDER BY name", (profile,)))


def tag_names(db: APSWDatabase, profile: int) -> list[tuple[int, str]]:
    """Return the tags of a profile: number and name."""
    return list(db.execute_sql("SELECT id, name FROM tag WHERE profile_id = ? ORDER BY name", (profile,)))


def model_names(db: APSWDatabase) -> list[tuple[int, str]]:
    """Return the models that have answered: number and address."""
    return list(db.execute_sql("SELECT number, name FROM message_model ORDER BY name"))


def profile_names(db: APSWDatabase) -> list[tuple[int, str]]:
    """Return all profiles: number and name."""
    return list(db.execute_sql("SELECT id, name FROM profile ORDER BY name"))
