"""Messages: written once, finished once, read by pages along a path, thrown away and brought back as branches.

Nothing here overwrites words that are final. A row can change only while it streams; edits and retries are siblings.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from peewee import OP, SQL, Expression, fn
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.messages import Message, NewMessage, Outcome, Status, Turn
from desktop.domain.sessions import Session
from desktop.i18n import _
from desktop.storage import sessions, spending, tree
from desktop.storage.conversions import columns_of_message, columns_of_outcome, message_of
from desktop.storage.rows import MessageRow, SessionRow
from desktop.storage.words import digest

_STREAMING = SQL("status = 'streaming'")
"""Spelled out, because the index of streaming rows serves only a condition that is known when the query is planned."""

_AT_ONCE = 10_000
"""Messages that are named in one statement; SQLite takes some 30,000 values."""


def begin_turn(
    db: APSWDatabase,
    *,
    session_id: str,
    parent_id: int | None,
    user: NewMessage | None,
    assistant: NewMessage,
    title: str | None,
    owner: str,
    now_ms: int,
) -> Turn:
    """Write the user's message (if any) and the answer's row below it, and make the answer the active leaf."""
    new = (assistant,) if user is None else (user, assistant)
    ids = _insert(db, session_id, parent_id, new, owner=owner, now_ms=now_ms)
    if title:
        SessionRow.update(title=title).where(
            SessionRow.id == session_id, SessionRow.title_is_auto, SessionRow.title == ""
        ).execute(db)
    written = get_many(db, ids)
    return Turn(user=None if user is None else written[0], assistant=written[-1])


def add(
    db: APSWDatabase,
    *,
    session_id: str,
    parent_id: int | None,
    new: Sequence[NewMessage],
    owner: str,
    now_ms: int,
) -> tuple[Message, ...]:
    """Write messages one below the other, the first below `parent_id`, and make the last the active leaf."""
    return get_many(db, _insert(db, session_id, parent_id, new, owner=owner, now_ms=now_ms))


def _insert(
    db: APSWDatabase,
    session_id: str,
    parent_id: int | None,
    new: Sequence[NewMessage],
    *,
    owner: str,
    now_ms: int,
) -> list[int]:
    session = sessions.get_row(db, session_id)
    if session.deleted_at is not None:
        raise WrongUse(_("The session {id} is in the trash.").format(id=session_id))
    depth = 0 if parent_id is None else _parent(db, session_id, parent_id).depth + 1
    ids: list[int] = []
    for message in new:
        streams = message.status is Status.STREAMING
        parent_id = MessageRow.insert(
            session_id=session_id,
            parent_id=parent_id,
            depth=depth,
            uid=str(uuid.uuid4()),
            created_at=now_ms if message.created_at is None else message.created_at,
            owner=owner if streams else "",
            digest="" if streams else digest(message.content, message.thinking),
            **columns_of_message(message),
        ).execute(db)
        ids.append(parent_id)
        depth += 1
    if ids:
        SessionRow.update(
            active_leaf=ids[-1], message_count=SessionRow.message_count + len(ids), updated_at=now_ms
        ).where(SessionRow.id == session_id).execute(db)
    return ids


def _parent(db: APSWDatabase, session_id: str, parent_id: int) -> MessageRow:
    row = tree.get_row(db, parent_id)
    if row.session_id != session_id:
        raise NotFound(_("There is no message {id} in the session {session}.").format(id=parent_id, session=session_id))
    if row.deleted_at is not None:
        raise WrongUse(_("The message {id} is in the trash.").format(id=parent_id))
    return row


def checkpoint(db: APSWDatabase, message_id: int, *, content: str, thinking: str) -> None:
    """Write what has arrived so far; a message that does not stream any more is left as it is."""
    MessageRow.update(content=content, thinking=thinking).where(MessageRow.id == message_id, _STREAMING).execute(db)


def finish(db: APSWDatabase, message_id: int, outcome: Outcome, *, owner: str, now_ms: int) -> Message:
    """Make a streaming message final. The same outcome twice is harmless; another one raises `WrongUse`.

    Where locks do not work (some network disks), another process may have taken this run for dead; then the one that
    still has its words is believed.
    """
    if outcome.status is Status.STREAMING:
        raise WrongUse(_("A run cannot end by streaming."))
    row = tree.get_row(db, message_id)
    final = digest(outcome.content, outcome.thinking)
    thought_dead = row.status == Status.INTERRUPTED and row.owner == owner
    if row.status != Status.STREAMING and not thought_dead:
        if (row.status, row.digest) != (outcome.status.value, final):
            raise WrongUse(_("The message {id} is final.").format(id=message_id))
        return get(db, message_id)
    columns = columns_of_outcome(outcome, model=row.model, metadata=row.metadata)
    MessageRow.update(digest=final, owner="", tokens={}, **columns).where(MessageRow.id == message_id).execute(db)
    SessionRow.update(updated_at=now_ms).where(SessionRow.id == row.session_id).execute(db)
    spending.charge_answer(db, row, outcome, now_ms=now_ms)
    return get(db, message_id)


def add_metadata(db: APSWDatabase, message_id: int, more: Mapping[str, Any]) -> None:
    """Add facts beside a message's words, such as what could be asked next; raise `NotFound`."""
    row = tree.get_row(db, message_id)
    MessageRow.update(metadata={**row.metadata, **more}).where(MessageRow.id == message_id).execute(db)


def streaming_owners(db: APSWDatabase) -> set[str]:
    """Return the owners of rows that stream."""
    query = MessageRow.select(MessageRow.owner).distinct().where(_STREAMING)
    return {owner for (owner,) in query.tuples().execute(db)}


def interrupt(db: APSWDatabase, owners: Iterable[str]) -> tuple[int, ...]:
    """Mark what the dead `owners` left streaming as interrupted, with the words that had reached the disk."""
    rows = MessageRow.select().where(_STREAMING, MessageRow.owner.in_(list(owners))).bind(db)
    found = tuple(rows)
    for row in found:
        MessageRow.update(status=Status.INTERRUPTED.value, digest=digest(row.content, row.thinking)).where(
            MessageRow.id == row.id
        ).execute(db)
    return tuple(row.id for row in found)


def get(db: APSWDatabase, message_id: int) -> Message:
    """Return a message; raise `NotFound`."""
    found = get_many(db, [message_id])
    if not found:
        raise NotFound(_("There is no message {id}.").format(id=message_id))
    return found[0]


def get_many(db: APSWDatabase, ids: Sequence[int]) -> tuple[Message, ...]:
    """Return those of `ids` that exist, in the order of the path."""
    found = [
        message for start in range(0, len(ids), _AT_ONCE) for message in _get_some(db, ids[start : start + _AT_ONCE])
    ]
    return tuple(sorted(found, key=lambda message: (message.depth, message.id)))


def _get_some(db: APSWDatabase, ids: Sequence[int]) -> tuple[Message, ...]:
    sibling = MessageRow.alias()
    # NULL is a parent like any other here: the first messages of a session are versions of each other.
    beside = (
        sibling.select(fn.COUNT(SQL("1")))
        .where(sibling.session_id == MessageRow.session_id)
        .where(Expression(sibling.parent_id, OP.IS, MessageRow.parent_id))
        .where(sibling.deleted_at.is_null())
    )
    query = MessageRow.select(
        MessageRow, beside.where(sibling.id <= MessageRow.id).alias("version"), beside.alias("versions")
    ).where(MessageRow.id.in_(list(ids)))
    return tuple(message_of(row, version=row.version, versions=row.versions) for row in query.execute(db))


def path(
    db: APSWDatabase, session_id: str, *, leaf: int | None, limit: int, before_depth: int | None
) -> tuple[Message, ...]:
    """Return the last `limit` messages of a path, root first; `before_depth` pages further towards the root."""
    row = _leaf(db, session_id, leaf)
    if row is None:
        return ()
    last = row.depth if before_depth is None else min(row.depth, before_depth - 1)
    if last < 0:
        return ()
    first = max(0, last - limit + 1)
    return get_many(db, tree.ids_of_path(db, row, first_depth=first, last_depth=last))


def ids_of_path(db: APSWDatabase, session_id: str, leaf: int | None) -> list[int]:
    """Return the ids of a whole path, root first."""
    row = _leaf(db, session_id, leaf)
    return [] if row is None else tree.ids_of_path(db, row, first_depth=0, last_depth=row.depth)


def _leaf(db: APSWDatabase, session_id: str, leaf: int | None) -> MessageRow | None:
    """Return the row a path ends in: `leaf`, or the session's active one (None in an empty session)."""
    session = sessions.get_row(db, session_id)
    chosen = session.active_leaf if leaf is None else leaf
    if chosen is None:
        return None
    row = tree.get_row(db, chosen)
    if row.session_id != session_id:
        raise NotFound(_("There is no message {id} in the session {session}.").format(id=chosen, session=session_id))
    return row


def choose_version(db: APSWDatabase, message_id: int) -> Session:
    """Show the branch of `message_id`, down to its newest leaf."""
    row = tree.get_row(db, message_id)
    if row.deleted_at is not None:
        raise WrongUse(_("The message {id} is in the trash.").format(id=message_id))
    return _show(db, row.session_id, tree.newest_below(db, message_id))


def trash(db: APSWDatabase, message_id: int, *, now_ms: int) -> Session:
    """Put a message and all below it into the trash; where it was shown, a neighbour or its parent is shown."""
    row = tree.get_row(db, message_id)
    if row.deleted_at is not None:
        return sessions.get(db, row.session_id)
    _count(db, row.session_id, -tree.set_deleted_below(db, message_id, was=None, now=_stamp(db, now_ms)))
    leaf = sessions.get_row(db, row.session_id).active_leaf
    if leaf is not None and tree.get_row(db, leaf).deleted_at is None:
        return sessions.get(db, row.session_id)
    beside = tree.siblings(db, row)
    older = [id_ for id_ in beside if id_ < message_id]
    if beside:
        return _show(db, row.session_id, tree.newest_below(db, older[-1] if older else beside[0]))
    return _show(db, row.session_id, row.parent_id)


def _stamp(db: APSWDatabase, now_ms: int) -> int:
    """Return a `deleted_at` that no message has: a restore brings back what one deletion took, and nothing more."""
    newest = MessageRow.select(fn.MAX(MessageRow.deleted_at)).where(MessageRow.deleted_at.is_null(False))
    found = newest.bind(db).scalar()
    return now_ms if found is None else max(now_ms, found + 1)


def restore(db: APSWDatabase, message_id: int) -> Session:
    """Take a message out of the trash, with what was thrown away together with it and what it hangs on; show it."""
    row = tree.get_row(db, message_id)
    if row.deleted_at is None:
        return sessions.get(db, row.session_id)
    back = tree.set_deleted_below(db, message_id, was=row.deleted_at, now=None)
    _count(db, row.session_id, back + tree.restore_above(db, message_id))
    return _show(db, row.session_id, tree.newest_below(db, message_id))


def _count(db: APSWDatabase, session_id: str, more: int) -> None:
    SessionRow.update(message_count=SessionRow.message_count + more).where(SessionRow.id == session_id).execute(db)


def _show(db: APSWDatabase, session_id: str, leaf: int | None) -> Session:
    SessionRow.update(active_leaf=leaf).where(SessionRow.id == session_id).execute(db)
    return sessions.get(db, session_id)


def remember_tokens(db: APSWDatabase, encoding: str, counts: Mapping[int, int]) -> None:
    """Keep the token length of messages in one encoding, so that each is counted once."""
    key = '$."' + encoding.replace('"', "") + '"'
    for message_id, tokens in counts.items():
        db.execute_sql("UPDATE message SET tokens = json_set(tokens, ?, ?) WHERE id = ?", (key, tokens, message_id))
