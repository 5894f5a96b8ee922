"""A session's tree as a whole: its shape, copies of it, and which path of it is shown."""

import uuid
from collections.abc import Mapping, Sequence
from time import monotonic

from peewee import SQL, fn
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.branches import Branch, Outline, endings, path_to, reduce
from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.messages import Role, Status
from desktop.domain.sessions import Session
from desktop.i18n import _
from desktop.storage import messages, sessions, tree
from desktop.storage.rows import MessageRow, SessionRow

HEAD_CHARS = 160
COPY_SLICE_S = 0.02
"""So long one transaction of a copy may last: an answer is saved between two of them."""
_COPIED = (
    "role, status, created_at, author, model, finish_reason, tool_call_id, digest, tokens, fault, "
    "tool_calls, thinking, content"
)
"""Usage, cost and time are not taken over: nothing was asked or paid for a copy, so no bill counts it twice."""
_COPY = (
    f"INSERT INTO message (uid, session_id, parent_id, depth, metadata, {_COPIED}) "  # noqa: S608  constants alone
    f"SELECT ?, ?, ?, depth, json_set(metadata, '$.copied_from', uid), {_COPIED} "
    "FROM message WHERE id = ? AND deleted_at IS NULL"
)


_ENDINGS = """
    SELECT coalesce(1 + sum(children - 1), 0)
    FROM (
        SELECT count(*) AS children FROM message WHERE session_id = ? AND deleted_at IS NULL GROUP BY parent_id
    )
"""
"""Each message with several below it makes so many endings more; one walk along an index, without a row being read."""


def count_endings(db: APSWDatabase, session_id: str) -> int:
    """Return how many endings a session's tree has, without what is in the trash."""
    return int(db.execute_sql(_ENDINGS, (session_id,)).fetchone()[0])


_COPY_MARK = """
    INSERT INTO context_mark(message_id, session_id, mark)
    SELECT ?, ?, mark FROM context_mark WHERE message_id = ?
"""
"""Pins and exclusions go with their message: what was kept out of the context is not sent from a copy either."""
_COPY_SUMMARY = """
    INSERT INTO summary (session_id, first_message_id, last_message_id, is_edited, model, created_at, content, state)
    SELECT ?, ?, ?, is_edited, model, created_at, content, state FROM summary WHERE id = ?
"""


def outline(db: APSWDatabase, session_id: str) -> Outline:
    """Return the shape of a session's tree, without what is in the trash; raise `NotFound`."""
    session = sessions.get_row(db, session_id)
    rows = (
        MessageRow.select(MessageRow.id, MessageRow.parent_id)
        .where(MessageRow.session_id == session_id, MessageRow.deleted_at.is_null())
        .order_by(MessageRow.id)
        .tuples()
    )
    parents: dict[int, int | None] = dict(rows.execute(db))
    shown, leaves, path = reduce(parents), endings(parents), path_to(parents, session.active_leaf)
    found: list[Branch] = []
    ids = list(shown)
    for start in range(0, len(ids), 500):
        heads = (
            MessageRow.select(
                MessageRow.id,
                MessageRow.role,
                MessageRow.status,
                MessageRow.model,
                MessageRow.author,
                MessageRow.created_at,
                fn.SUBSTR(MessageRow.content, 1, HEAD_CHARS),
            )
            .where(MessageRow.id.in_(ids[start : start + 500]))
            .order_by(MessageRow.id)
            .tuples()
        )
        found.extend(
            Branch(
                id=id_,
                parent_id=shown[id_][0],
                hidden=shown[id_][1],
                role=Role(role),
                status=Status(status),
                model=model,
                author=author,
                created_at=created_at,
                text=text,
                on_path=id_ in path,
                is_leaf=id_ in leaves,
            )
            for id_, role, status, model, author, created_at, text in heads.execute(db)
        )
    return Outline(branches=tuple(found), messages=len(parents), endings=len(leaves))


def show_leaf(db: APSWDatabase, session_id: str, leaf: int | None) -> Session:
    """Show the path that ends in `leaf`; raise `NotFound` or, for one in the trash, `WrongUse`."""
    if leaf is not None:
        row = tree.get_row(db, leaf)
        if row.session_id != session_id:
            raise NotFound(_("There is no message {id} in the session {session}.").format(id=leaf, session=session_id))
        if row.deleted_at is not None:
            raise WrongUse(_("The message {id} is in the trash.").format(id=leaf))
    SessionRow.update(active_leaf=leaf).where(SessionRow.id == session_id).execute(db)
    return sessions.get(db, session_id)


def what_to_copy(db: APSWDatabase, session_id: str, *, leaf: int | None, whole: bool) -> tuple[list[int], int | None]:
    """Return the messages of a path or of the whole tree, parents first, and the leaf to show of them.

    Raises `NotFound`, and `WrongUse` while an answer of the session is being written.
    """
    session = sessions.get_row(db, session_id)
    writing = MessageRow.select(SQL("1")).where(SQL("status = 'streaming'"), MessageRow.session_id == session_id)
    if writing.limit(1).bind(db).first() is not None:
        raise WrongUse(_("An answer of this session is still being written. Stop it or wait for its end."))
    shown = session.active_leaf if leaf is None else leaf
    if not whole:
        return messages.ids_of_path(db, session_id, shown), shown
    query = MessageRow.select(MessageRow.id).where(MessageRow.session_id == session_id, MessageRow.deleted_at.is_null())
    return [id_ for (id_,) in query.order_by(MessageRow.id).tuples().execute(db)], shown


def begin_copy(db: APSWDatabase, session_id: str, *, now_ms: int) -> str:
    """Write an empty session with the settings of another, in the trash until its messages are there; return its id."""
    row = sessions.get_row(db, session_id)
    taken = {
        name: getattr(row, name)
        for name in (
            "profile_id",
            "title",
            "title_is_auto",
            "folder_id",
            "model",
            "language",
            "topic",
            "params",
            "context",
            "system_prompt",
        )
    }
    copy = str(uuid.uuid4())
    SessionRow.insert(id=copy, created_at=now_ms, updated_at=now_ms, deleted_at=now_ms, **taken).execute(db)
    return copy


def copy_messages(
    db: APSWDatabase, *, copy: str, ids: Sequence[int], copies: Mapping[int, int]
) -> tuple[dict[int, int], int]:
    """Copy messages into a session, parents first, for some milliseconds; `copies` maps those before to their copies.

    Return the new ones, and how many of `ids` were looked at: a message that hangs on one that was not copied, or that
    was thrown away meanwhile, is left out. Raises `NotFound` where the copy was removed meanwhile.
    """
    sessions.get_row(db, copy)
    new: dict[int, int] = {}
    until, looked_at = monotonic() + COPY_SLICE_S, 0
    for id_ in ids:
        if looked_at and monotonic() > until:
            break
        looked_at += 1
        row = db.execute_sql("SELECT parent_id FROM message WHERE id = ?", (id_,)).fetchone()
        parent = None if row is None or row[0] is None else new.get(row[0]) or copies.get(row[0])
        if row is None or (row[0] is not None and parent is None):
            continue
        db.execute_sql(_COPY, (str(uuid.uuid4()), copy, parent, id_))
        if db.connection().changes():
            new[id_] = db.connection().last_insert_rowid()
            db.execute_sql(_COPY_MARK, (new[id_], copy, id_))
    return new, looked_at


def copy_summaries(db: APSWDatabase, *, session_id: str, copy: str, copies: Mapping[int, int]) -> None:
    """Copy the summaries of what was copied, so that nobody pays for them again."""
    sql = "SELECT id, first_message_id, last_message_id FROM summary WHERE session_id = ? ORDER BY id"
    for summary_id, first, last in db.execute_sql(sql, (session_id,)).fetchall():
        if first in copies and last in copies:
            db.execute_sql(_COPY_SUMMARY, (copy, copies[first], copies[last], summary_id))


def finish_copy(db: APSWDatabase, copy: str, *, leaf: int | None, count: int) -> Session:
    """Take a copied session out of the trash, showing the path to `leaf`."""
    SessionRow.update(deleted_at=None, active_leaf=leaf, message_count=count).where(SessionRow.id == copy).execute(db)
    return sessions.get(db, copy)
