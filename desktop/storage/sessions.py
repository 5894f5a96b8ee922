"""Sessions: made, listed by pages, changed, thrown away and brought back."""

import json
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from peewee import SQL, fn
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.folding import fold
from desktop.domain.organising import EVERYTHING, Place, PlaceKind, Sort
from desktop.domain.sessions import NewSession, Session, SessionCursor, SessionListing
from desktop.i18n import _
from desktop.storage import folders, tags
from desktop.storage.conversions import session_of
from desktop.storage.rows import DraftRow, MessageRow, SessionRow

DELETE_CHUNK = 500
"""Messages that one transaction of `empty_some_trash` removes, so that others get their turn in between: each of them
leaves the index, which takes 0.4 ms.
"""

CHANGEABLE = frozenset(
    {
        "title",
        "title_is_auto",
        "system_prompt",
        "model",
        "params",
        "context",
        "summary",
        "topic",
        "language",
        "folder_id",
        "pinned",
        "is_active",
        "is_resolved",
    }
)

_LISTED = """
    id, title, model, updated_at, pinned, message_count, is_active, created_at, folder_id, is_resolved,
    (SELECT status FROM message WHERE message.id = session.active_leaf AND status IN ('failed', 'interrupted'))
"""
_AMONG = "id IN (SELECT value FROM json_each(?))"
_BY_ID = "sqlite_autoindex_session_1"
"""The index that SQLite makes of its own for the first UNIQUE column of the table."""
_ORDERS = {
    Sort.ACTIVITY: "pinned DESC, updated_at DESC, id DESC",
    Sort.CREATION: "pinned DESC, created_at DESC, id DESC",
    Sort.TITLE: "pinned DESC, folded, id DESC",
}


def create(db: APSWDatabase, new: NewSession, *, now_ms: int) -> Session:
    """Write a session; raise `WrongUse` where its id is taken, and `NotFound` for a folder of another profile."""
    folders.check_parent(db, new.profile_id, None, new.folder_id)
    chosen = new.id or str(uuid.uuid4())
    if find_row(db, chosen) is not None:
        raise WrongUse(_("There is already a session {id}.").format(id=chosen))
    created = now_ms if new.created_at is None else new.created_at
    SessionRow.insert(
        id=chosen,
        profile_id=new.profile_id,
        title=new.title,
        title_is_auto=new.title_is_auto,
        created_at=created,
        updated_at=created,
        model=new.model,
        language=new.language,
        params=new.params,
        context=new.context,
        system_prompt=new.system_prompt,
        folder_id=new.folder_id,
    ).execute(db)
    return get(db, chosen)


def find_row(db: APSWDatabase, session_id: str) -> SessionRow | None:
    """Return the row of a session, or None."""
    row: SessionRow | None = SessionRow.select().where(SessionRow.id == session_id).bind(db).first()
    return row


def get_row(db: APSWDatabase, session_id: str) -> SessionRow:
    """Return the row of a session; raise `NotFound`."""
    row = find_row(db, session_id)
    if row is None:
        raise NotFound(_("There is no session {id}.").format(id=session_id))
    return row


def get(db: APSWDatabase, session_id: str) -> Session:
    """Return a session, in the trash or not; raise `NotFound`."""
    return session_of(get_row(db, session_id))


def page(
    db: APSWDatabase,
    *,
    profile: int,
    limit: int,
    after: SessionCursor | None = None,
    text: str = "",
    place: Place = EVERYTHING,
    sort: Sort = Sort.ACTIVITY,
    among: Sequence[str] | None = None,
) -> tuple[SessionListing, ...]:
    """Return the next `limit` lines of a place: pinned first, then in the order of `sort`; `among` these alone."""
    where, bindings = _place(db, profile, place)
    narrowed = place.kind in (PlaceKind.FOLDER, PlaceKind.TAG, PlaceKind.RESOLVED)
    # What is asked of the title alone comes first: looking into tags is dear, and most rows need it no more then.
    for condition, more in sorted((_has_word(db, profile, word) for word in fold(text).split()), key=_dearness):
        where, bindings, narrowed = f"{where} AND {condition}", bindings + more, True
    index = _index(place, sort, narrowed=narrowed)
    if among is not None:  # a few that are named: left to itself, SQLite reads the whole list for them
        where, bindings, index = f"{where} AND {_AMONG}", (*bindings, json.dumps(among)), _BY_ID
    rows: list[Any] = []
    for condition, key in _from(after, sort):
        sql = (
            f"SELECT {_LISTED} FROM session INDEXED BY {index} WHERE {where}{condition} "  # noqa: S608
            f"ORDER BY {_ORDERS[sort]} LIMIT ?"
        )
        rows += db.execute_sql(sql, (*bindings, *key, limit - len(rows))).fetchall()
        if len(rows) == limit:
            break
    return tuple(
        SessionListing(
            id=id_,
            title=title,
            model=model,
            updated_at=updated_at,
            pinned=bool(pinned),
            message_count=count,
            is_active=bool(is_active),
            created_at=created_at,
            folder_id=folder_id,
            is_resolved=bool(is_resolved),
            ended=ended or "",
        )
        for id_, title, model, updated_at, pinned, count, is_active, created_at, folder_id, is_resolved, ended in rows
    )


def _place(db: APSWDatabase, profile: int, place: Place) -> tuple[str, tuple[Any, ...]]:
    """Return the condition of a place."""
    base = "profile_id = ? AND deleted_at IS NULL AND is_active = 1"
    match place.kind:
        case PlaceKind.TRASH:
            return "profile_id = ? AND deleted_at IS NOT NULL", (profile,)
        case PlaceKind.ARCHIVED:
            return "profile_id = ? AND deleted_at IS NULL AND is_active = 0", (profile,)
        case PlaceKind.RESOLVED:
            return f"{base} AND is_resolved", (profile,)
        case PlaceKind.TAG:
            return f"{base} AND {_tagged(1)}", (profile, place.number)
        case PlaceKind.FOLDER:
            ids = folders.subtree(db, place.number)
            return f"{base} AND folder_id IN ({', '.join('?' * len(ids))})", (profile, *ids)
        case PlaceKind.ALL:
            return base, (profile,)


def _index(place: Place, sort: Sort, *, narrowed: bool) -> str:
    """Return the index that a page is read from.

    A place or a filter that few sessions pass reads the covering index alone, whatever it is sorted by: 15 ms for
    100,000 sessions at the worst, where rows that are looked up one by one take ten times that.
    """
    if place.kind is PlaceKind.TRASH:
        return "session_trash"
    if narrowed or sort is Sort.ACTIVITY:
        return "session_list"
    return "session_created" if sort is Sort.CREATION else "session_title"


def _from(after: SessionCursor | None, sort: Sort) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Yield the conditions under which lines come behind a cursor, one after the other, as an index finds them."""
    if after is None:
        yield "", ()
    elif sort is Sort.TITLE:  # two directions in one key: first the rest of the pinned ones, or of the others
        folded = fold(after.title)
        condition = " AND pinned = ? AND folded >= ? AND (folded > ? OR id < ?)"
        yield condition, (after.pinned, folded, folded, after.id)
        if after.pinned:
            yield " AND pinned = 0", ()
    else:
        column = "created_at" if sort is Sort.CREATION else "updated_at"
        at = after.created_at if sort is Sort.CREATION else after.updated_at
        yield f" AND (pinned, {column}, id) < (?, ?, ?)", (after.pinned, at, after.id)


def _has_word(db: APSWDatabase, profile: int, word: str) -> tuple[str, tuple[Any, ...]]:
    """Return the condition that a title, or a tag of the session, contains a folded word."""
    found = [tag.id for tag in tags.every(db, profile) if word in fold(tag.name)]
    if not found:
        return "instr(folded, ?) > 0", (word,)
    return f"(instr(folded, ?) > 0 OR {_tagged(len(found))})", (word, *found)


def _dearness(condition: tuple[str, tuple[Any, ...]]) -> int:
    return len(condition[1])


def _tagged(count: int) -> str:
    marks = ", ".join("?" * count)
    return f"id IN (SELECT session_id FROM session_tag WHERE tag_id IN ({marks}))"  # noqa: S608


def untouched(db: APSWDatabase, *, profile: int, before_ms: int) -> tuple[str, ...]:
    """Return the sessions in use, not pinned, that nothing was written in since a time; the oldest last.

    Those that something else than putting them away was done with since (`kept`), or that have a draft, are none of
    them.
    """
    sql = """
        SELECT id FROM session INDEXED BY session_list
        WHERE profile_id = ? AND deleted_at IS NULL AND is_active = 1 AND pinned = 0 AND updated_at < ?
        AND NOT EXISTS (SELECT 1 FROM kept WHERE session_id = session.id AND at >= ?)
        AND NOT EXISTS (SELECT 1 FROM draft WHERE session_id = session.id)
        ORDER BY updated_at DESC
    """
    return tuple(id_ for (id_,) in db.execute_sql(sql, (profile, before_ms, before_ms)))


def count(db: APSWDatabase, *, trashed: bool = False, profile: int | None = None) -> int:
    """Return how many sessions of a profile, or of all, are not in the trash, or how many are."""
    query = SessionRow.select(fn.COUNT(SQL("1"))).where(SessionRow.deleted_at.is_null(not trashed))
    if profile is not None:
        query = query.where(SessionRow.profile_id == profile)
    return int(query.bind(db).scalar())


def note_use(db: APSWDatabase, ids: Sequence[str], *, now_ms: int) -> None:
    """Note that somebody did something with sessions, which makes them no newer, and no candidates for the archive."""
    sql = """
        INSERT INTO kept(session_id, at) SELECT value, ? FROM json_each(?) WHERE true
        ON CONFLICT DO UPDATE SET at = excluded.at
    """
    db.execute_sql(sql, (now_ms, json.dumps(ids)))


def update(db: APSWDatabase, session_id: str, changes: dict[str, Any], *, now_ms: int) -> Session:
    """Change columns of a session; a title given by hand is no longer automatic.

    The session keeps its place in the sidebar: only messages make it newer. Raises `NotFound`, and `TypeError` for a
    name that is not a changeable column.
    """
    unknown = changes.keys() - CHANGEABLE
    if unknown:
        raise TypeError(f"a session has no changeable {', '.join(sorted(unknown))}")
    get_row(db, session_id)
    if "title" in changes:
        changes = {"title_is_auto": False, **changes}
    if changes:
        SessionRow.update(**changes).where(SessionRow.id == session_id).execute(db)
    if "title" in changes and not changes["title_is_auto"]:
        note_use(db, (session_id,), now_ms=now_ms)
    return get(db, session_id)


def improve_title(db: APSWDatabase, session_id: str, title: str) -> bool:
    """Give a session a better title of the program's; one that the user has typed is never touched."""
    query = SessionRow.update(title=title).where(SessionRow.id == session_id, SessionRow.title_is_auto)
    return bool(query.execute(db))


def set_trashed(db: APSWDatabase, session_id: str, deleted_at: int | None) -> Session:
    """Put a session into the trash or, with None, take it out; doing it twice changes nothing."""
    row = get_row(db, session_id)
    if (row.deleted_at is None) != (deleted_at is None):
        SessionRow.update(deleted_at=deleted_at).where(SessionRow.id == session_id).execute(db)
    return get(db, session_id)


def trashed_ids(db: APSWDatabase, *, profile: int | None) -> tuple[str, ...]:
    """Return the sessions in the trash of a profile, or of all."""
    query = SessionRow.select(SessionRow.id).where(SessionRow.deleted_at.is_null(False))
    if profile is not None:
        query = query.where(SessionRow.profile_id == profile)
    return tuple(id_ for (id_,) in query.tuples().execute(db))


def remove_some(db: APSWDatabase, session_id: str) -> bool:
    """Remove a part of a trashed session, deepest messages first; return whether something is left of it.

    A session that was taken out of the trash meanwhile is left alone.
    """
    row = find_row(db, session_id)
    if row is None or row.deleted_at is None:
        return False
    # A child's id is greater than its parent's, so no message loses its parent before itself.
    doomed = (
        MessageRow.select(MessageRow.id)
        .where(MessageRow.session_id == session_id)
        .order_by(MessageRow.id.desc())
        .limit(DELETE_CHUNK)
    )
    if MessageRow.delete().where(MessageRow.id.in_(doomed)).execute(db) == DELETE_CHUNK:
        return True
    DraftRow.delete().where(DraftRow.session_id == session_id).execute(db)
    SessionRow.delete().where(SessionRow.id == session_id).execute(db)
    return False


def remove_some_messages(db: APSWDatabase, *, profile: int | None) -> bool:
    """Remove some of the messages that lie in the trash by themselves; return whether there are more."""
    query = MessageRow.select(MessageRow.id).where(MessageRow.deleted_at.is_null(False))
    if profile is not None:
        theirs = SessionRow.select(SessionRow.profile_id).where(SessionRow.id == MessageRow.session_id)
        query = query.where(theirs == profile)
    doomed = query.order_by(MessageRow.id.desc()).limit(DELETE_CHUNK)
    return bool(MessageRow.delete().where(MessageRow.id.in_(doomed)).execute(db) == DELETE_CHUNK)
