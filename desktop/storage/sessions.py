"""Sessions: made, listed by pages, changed, thrown away and brought back."""

import uuid
from typing import Any

from peewee import SQL, Expression, Tuple, fn
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.sessions import NewSession, Session, SessionCursor, SessionListing
from desktop.i18n import _
from desktop.storage.conversions import session_of
from desktop.storage.rows import DraftRow, MessageRow, SessionRow

GUEST = 1
DELETE_CHUNK = 2000
"""Messages that one transaction of `empty_some_trash` removes, so that others get their turn in between."""

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

_LISTED = (
    SessionRow.id,
    SessionRow.title,
    SessionRow.model,
    SessionRow.updated_at,
    SessionRow.pinned,
    SessionRow.message_count,
    SessionRow.is_active,
    MessageRow.select(MessageRow.status)
    .where(MessageRow.id == SessionRow.active_leaf, MessageRow.status << ("failed", "interrupted"))
    .alias("ended"),
)
_KEY = (SessionRow.pinned, SessionRow.updated_at, SessionRow.id)


def create(db: APSWDatabase, new: NewSession, *, now_ms: int) -> Session:
    """Write a session; raise `WrongUse` where its id is taken."""
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
    limit: int,
    after: SessionCursor | None,
    text: str,
    trashed: bool,
    archived: bool,
    profile: int | None,
) -> tuple[SessionListing, ...]:
    """Return the next `limit` lines of the sidebar: pinned first, then newest first."""
    query = SessionRow.select(*_LISTED).where(SessionRow.profile_id == (GUEST if profile is None else profile))
    if trashed:
        query = query.where(SessionRow.deleted_at.is_null(False))
    else:
        query = query.where(SessionRow.deleted_at.is_null(), SessionRow.is_active == (not archived))
    if after is not None:
        query = query.where(Tuple(*_KEY) < Tuple(after.pinned, after.updated_at, after.id))
    if words := text.split():
        for word in words:
            query = query.where(_title_has(word))
    rows = query.order_by(*(column.desc() for column in _KEY)).limit(limit).tuples().execute(db)
    return tuple(
        SessionListing(
            id=id_,
            title=title,
            model=model,
            updated_at=updated_at,
            pinned=bool(pinned),
            message_count=count,
            is_active=bool(is_active),
            ended=ended or "",
        )
        for id_, title, model, updated_at, pinned, count, is_active, ended in rows
    )


def _title_has(word: str) -> Expression:
    """Return the condition that a title contains `word`, whatever the case.

    SQLite's LIKE folds the case of ASCII alone; other letters are asked for in each of their cases.
    """
    condition: Expression = SessionRow.title.contains(word)
    for other in {word.lower(), word.upper(), word.capitalize()} if not word.isascii() else ():
        condition |= SessionRow.title.contains(other)
    return condition


def count(db: APSWDatabase, *, trashed: bool = False) -> int:
    """Return how many sessions are in use, or how many are in the trash."""
    query = SessionRow.select(fn.COUNT(SQL("1"))).where(SessionRow.deleted_at.is_null(not trashed))
    return int(query.bind(db).scalar())


def update(db: APSWDatabase, session_id: str, changes: dict[str, Any]) -> Session:
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


def trashed_ids(db: APSWDatabase) -> tuple[str, ...]:
    """Return the sessions in the trash."""
    query = SessionRow.select(SessionRow.id).where(SessionRow.deleted_at.is_null(False))
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


def remove_some_messages(db: APSWDatabase) -> bool:
    """Remove some of the messages that lie in the trash by themselves; return whether there are more."""
    doomed = (
        MessageRow.select(MessageRow.id)
        .where(MessageRow.deleted_at.is_null(False))
        .order_by(MessageRow.id.desc())
        .limit(DELETE_CHUNK)
    )
    return bool(MessageRow.delete().where(MessageRow.id.in_(doomed)).execute(db) == DELETE_CHUNK)
