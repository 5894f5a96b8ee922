"""The deeds of organising as SQL: each is done for one profile, and returns what takes it back."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.deeds import AddRow, ChangeRow, Deed, Kind, MarkSessions, RemoveRow, SetSessions
from desktop.domain.faults import NotFound, WrongUse
from desktop.i18n import _
from desktop.storage import folders, sessions, tags
from desktop.storage.words import clean

_SETTABLE = frozenset({"folder_id", "pinned", "is_resolved", "is_active", "deleted_at", "title", "title_is_auto"})
_COLUMNS: Mapping[Kind, tuple[str, ...]] = {
    Kind.FOLDER: ("parent_id", "name", "position", "created_at", "colour", "system_prompt", "model"),
    Kind.TAG: ("name", "colour"),
    Kind.SEARCH: ("name", "query", "position", "created_at"),
}


def do(db: APSWDatabase, profile: int, deed: Deed, *, now_ms: int) -> tuple[Deed, ...]:
    """Do a deed and return what takes it back, which is nothing where it changed nothing.

    Sessions that are not the profile's, or not there any more, are left alone. Raises `NotFound` where a row is gone,
    and `WrongUse` for what may not be.
    """
    match deed:
        case SetSessions():
            return _set_sessions(db, profile, deed, now_ms=now_ms)
        case MarkSessions():
            return _mark_sessions(db, profile, deed, now_ms=now_ms)
        case AddRow():
            return _add(db, profile, deed)
        case ChangeRow():
            return _change(db, profile, deed)
        case RemoveRow():
            return _remove(db, profile, deed, now_ms=now_ms)


def _set_sessions(db: APSWDatabase, profile: int, deed: SetSessions, *, now_ms: int) -> tuple[Deed, ...]:
    if deed.column not in _SETTABLE:
        raise TypeError(f"no deed sets {deed.column}")
    if deed.column == "folder_id":
        folders.check_parent(db, profile, None, deed.value)
    ids = json.dumps(deed.ids)
    sql = f"SELECT id, {deed.column} FROM session WHERE {_AMONG}"  # noqa: S608
    found = db.execute_sql(sql, (ids, profile)).fetchall()
    # What is in the trash keeps the time at which it went there.
    same: Callable[[Any], bool] = (
        (lambda old: old is not None) if deed.column == "deleted_at" and deed.value else (lambda old: old == deed.value)
    )
    before: dict[Any, list[str]] = {}
    for id_, old in found:
        if not same(old):
            before.setdefault(old, []).append(id_)
    changed = json.dumps([id_ for some in before.values() for id_ in some])
    sql = f"UPDATE session SET {deed.column} = ? WHERE id IN (SELECT value FROM json_each(?))"  # noqa: S608
    db.execute_sql(sql, (deed.value, changed))
    if (deed.column, bool(deed.value)) not in _PUT_AWAY:
        sessions.note_use(db, tuple(id_ for some in before.values() for id_ in some), now_ms=now_ms)
    return tuple(SetSessions(deed.column, old, tuple(some)) for old, some in before.items())


_PUT_AWAY = (("is_active", False), ("deleted_at", True))
"""Whatever else a person does with a session counts as use: what was taken out of the archive or the trash, or has just
been filed, would go to the archive by itself else.
"""
_AMONG = "id IN (SELECT value FROM json_each(?)) AND profile_id = ?"


def _mark_sessions(db: APSWDatabase, profile: int, deed: MarkSessions, *, now_ms: int) -> tuple[Deed, ...]:
    _values_of(db, profile, Kind.TAG, deed.tag_id)
    sql = f"""
        SELECT id, EXISTS (SELECT 1 FROM session_tag WHERE session_id = session.id AND tag_id = ?)
        FROM session WHERE {_AMONG}
    """  # noqa: S608
    found = db.execute_sql(sql, (deed.tag_id, json.dumps(deed.ids), profile)).fetchall()
    changed = tuple(id_ for id_, has in found if bool(has) != deed.on)
    if deed.on:
        sql = "INSERT INTO session_tag(tag_id, session_id) SELECT ?, value FROM json_each(?)"
    else:
        sql = "DELETE FROM session_tag WHERE tag_id = ? AND session_id IN (SELECT value FROM json_each(?))"
    db.execute_sql(sql, (deed.tag_id, json.dumps(changed)))
    sessions.note_use(db, changed, now_ms=now_ms)
    return (MarkSessions(deed.tag_id, not deed.on, changed),) if changed else ()


def see_some(db: APSWDatabase, profile: int, ids: tuple[str, ...]) -> None:
    """Raise `NotFound` where none of these sessions of a profile is left."""
    sql = f"SELECT 1 FROM session WHERE {_AMONG} LIMIT 1"  # noqa: S608
    if db.execute_sql(sql, (json.dumps(ids), profile)).fetchone() is None:
        raise NotFound(_("There is no session {id}.").format(id=ids[0]))


def _add(db: APSWDatabase, profile: int, deed: AddRow) -> tuple[Deed, ...]:
    values: dict[str, Any] = {
        name: clean(value) if isinstance(value, str) else value for name, value in deed.values.items()
    }
    _check(db, profile, deed.kind, values.get("id"), values)
    number = values.get("id")
    table = deed.kind.value
    if number is not None and db.execute_sql(f"SELECT 1 FROM {table} WHERE id = ?", (number,)).fetchone():  # noqa: S608
        raise WrongUse(_("Something else stands in its place by now."))
    if number is None and deed.above:
        highest = int(db.execute_sql(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0])  # noqa: S608
        values["id"] = max(highest, deed.above) + 1
    if "position" in _COLUMNS[deed.kind] and "position" not in values:
        values["position"] = _next_position(db, profile, deed.kind, values.get("parent_id"))
    names = ", ".join(("profile_id", *values))
    marks = ", ".join("?" * (len(values) + 1))
    db.execute_sql(f"INSERT INTO {table}({names}) VALUES ({marks})", (profile, *values.values()))  # noqa: S608
    made = int(db.execute_sql("SELECT last_insert_rowid()").fetchone()[0])
    return (RemoveRow(deed.kind, made),)


def _next_position(db: APSWDatabase, profile: int, kind: Kind, parent_id: int | None) -> int:
    beside = "AND parent_id IS ?" if kind is Kind.FOLDER else ""
    sql = f"SELECT coalesce(max(position) + 1, 0) FROM {kind.value} WHERE profile_id = ? {beside}"  # noqa: S608
    return int(db.execute_sql(sql, (profile, parent_id) if beside else (profile,)).fetchone()[0])


def _change(db: APSWDatabase, profile: int, deed: ChangeRow) -> tuple[Deed, ...]:
    before = _values_of(db, profile, deed.kind, deed.id)
    wished = {name: clean(value) if isinstance(value, str) else value for name, value in deed.values.items()}
    unknown = wished.keys() - before.keys()
    if unknown:
        raise TypeError(f"a {deed.kind.value} has no {', '.join(sorted(unknown))}")
    changes = {name: value for name, value in wished.items() if before[name] != value}
    if not changes:
        return ()
    _check(db, profile, deed.kind, deed.id, changes)
    sets = ", ".join(f"{name} = ?" for name in changes)
    db.execute_sql(f"UPDATE {deed.kind.value} SET {sets} WHERE id = ?", (*changes.values(), deed.id))  # noqa: S608
    return (ChangeRow(deed.kind, deed.id, {name: before[name] for name in changes}),)


def _remove(db: APSWDatabase, profile: int, deed: RemoveRow, *, now_ms: int) -> tuple[Deed, ...]:
    before = _values_of(db, profile, deed.kind, deed.id)
    first = emptying(db, profile, deed)
    if deed.kind is Kind.FOLDER:
        first += _rising(db, profile, deed.id, before["parent_id"])
    inverse = do_all(db, profile, first, now_ms=now_ms)
    db.execute_sql(f"DELETE FROM {deed.kind.value} WHERE id = ?", (deed.id,))  # noqa: S608
    return (AddRow(deed.kind, {"id": deed.id, **before}), *inverse)


def emptying(db: APSWDatabase, profile: int, deed: RemoveRow, *, besides: tuple[str, ...] = ()) -> tuple[Deed, ...]:
    """Return what lets the sessions of a folder or a tag go before it is removed, which is nothing where it has none.

    `besides` are those that go already. Raises `NotFound`.
    """
    before, known = _values_of(db, profile, deed.kind, deed.id), set(besides)
    found = _MEMBERS[deed.kind](db, deed.id) if deed.kind in _MEMBERS else ()
    ids = tuple(id_ for id_ in found if id_ not in known)
    if not ids:
        return ()
    if deed.kind is Kind.TAG:
        return (MarkSessions(deed.id, False, ids),)
    return (SetSessions("folder_id", before["parent_id"], ids),)


_MEMBERS: Mapping[Kind, Callable[[APSWDatabase, int], tuple[str, ...]]] = {
    Kind.FOLDER: folders.members,
    Kind.TAG: tags.members,
}


def _rising(db: APSWDatabase, profile: int, folder_id: int, parent_id: int | None) -> tuple[Deed, ...]:
    """Return what puts the folders of a folder into its place among its siblings."""
    children = folders.children(db, profile, folder_id)
    if not children:
        return ()
    siblings = folders.children(db, profile, parent_id)
    place = siblings.index(folder_id)
    order = (*siblings[:place], *children, *siblings[place + 1 :])
    return tuple(
        ChangeRow(Kind.FOLDER, number, {"parent_id": parent_id, "position": position})
        for position, number in enumerate(order)
    )


def _values_of(db: APSWDatabase, profile: int, kind: Kind, number: int) -> dict[str, Any]:
    columns = _COLUMNS[kind]
    sql = f"SELECT {', '.join(columns)} FROM {kind.value} WHERE id = ? AND profile_id = ?"  # noqa: S608
    row = db.execute_sql(sql, (number, profile)).fetchone()
    if row is None:
        raise NotFound(_GONE[kind]().format(number=number))
    return dict(zip(columns, row, strict=True))


_GONE: Mapping[Kind, Callable[[], str]] = {
    Kind.FOLDER: lambda: _("There is no folder {number}."),
    Kind.TAG: lambda: _("There is no tag {number}."),
    Kind.SEARCH: lambda: _("There is no saved search {number}."),
}


def _check(db: APSWDatabase, profile: int, kind: Kind, number: int | None, values: Mapping[str, Any]) -> None:
    """See that a row may be written so; raise `WrongUse` or `NotFound`."""
    if "parent_id" in values:
        folders.check_parent(db, profile, number, values["parent_id"])
    if kind is Kind.TAG and "name" in values:
        other = tags.named(db, profile, values["name"])
        if other is not None and other.id != number:
            raise WrongUse(_("There is already a tag called {name}.").format(name=other.name))


def do_all(db: APSWDatabase, profile: int, deeds: tuple[Deed, ...], *, now_ms: int) -> tuple[Deed, ...]:
    """Do deeds one after the other and return what takes them back, in the order in which it has to be done."""
    inverse: list[Deed] = []
    for deed in deeds:
        inverse[:0] = do(db, profile, deed, now_ms=now_ms)
    return tuple(inverse)
