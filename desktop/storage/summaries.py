"""Summaries of paths: written anew for each change, so that an earlier one is never overwritten."""

from collections.abc import Iterable
from typing import Any

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import NotFound
from desktop.domain.summaries import StoredSummary, SummaryState
from desktop.i18n import _
from desktop.storage import tree

_SELECT = """
    SELECT summary.id, summary.session_id, first.depth, last.depth, last.id, summary.content, summary.model,
        summary.is_edited, summary.state, summary.created_at
    FROM summary
    CROSS JOIN message AS first ON first.id = summary.first_message_id
    CROSS JOIN message AS last ON last.id = summary.last_message_id
"""
_OF_SESSION = f"{_SELECT} WHERE summary.session_id = ? ORDER BY last.depth DESC, summary.id DESC"
_ONE = f"{_SELECT} WHERE summary.id = ?"
_INSERT = """
    INSERT INTO summary (session_id, first_message_id, last_message_id, is_edited, model, created_at, content, state)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


def add(
    db: APSWDatabase,
    *,
    first_id: int,
    last_id: int,
    text: str,
    model: str,
    is_edited: bool = False,
    state: SummaryState = SummaryState.NONE,
    now_ms: int,
) -> StoredSummary:
    """Write a summary of the messages between two of a path; raise `NotFound`."""
    session_id = tree.get_row(db, last_id).session_id
    tree.get_row(db, first_id)
    db.execute_sql(_INSERT, (session_id, first_id, last_id, int(is_edited), model, now_ms, text, state.value))
    return get(db, db.connection().last_insert_rowid())


def get(db: APSWDatabase, summary_id: int) -> StoredSummary:
    """Return a summary; raise `NotFound`."""
    found = db.execute_sql(_ONE, (summary_id,)).fetchone()
    if found is None:
        raise NotFound(_("There is no summary {id}.").format(id=summary_id))
    return _summary(found)


def of_path(db: APSWDatabase, session_id: str, leaf: int | None) -> tuple[StoredSummary, ...]:
    """Return the newest summary for each end it has on the path to `leaf`, the furthest first."""
    if leaf is None:
        return ()
    found: dict[int, StoredSummary] = {}
    for one in map(_summary, db.execute_sql(_OF_SESSION, (session_id,)).fetchall()):
        found.setdefault(one.last_id, one)
    if not found:
        return ()
    row = tree.get_row(db, leaf)
    return tuple(one for one in found.values() if _is_on_path(db, row, one))


def set_state(db: APSWDatabase, summary_id: int, state: SummaryState) -> StoredSummary:
    """Pin a summary, switch it off, or neither; raise `NotFound`."""
    get(db, summary_id)
    db.execute_sql("UPDATE summary SET state = ? WHERE id = ?", (state.value, summary_id))
    return get(db, summary_id)


def edit(db: APSWDatabase, summary_id: int, text: str, *, now_ms: int) -> StoredSummary:
    """Write another summary in the place of one, by the user's hand; raise `NotFound`."""
    old = get(db, summary_id)
    sql = "SELECT first_message_id, last_message_id FROM summary WHERE id = ?"
    first, last = db.execute_sql(sql, (summary_id,)).fetchone()
    return add(db, first_id=first, last_id=last, text=text, model="", is_edited=True, state=old.state, now_ms=now_ms)


def _is_on_path(db: APSWDatabase, leaf: Any, one: StoredSummary) -> bool:
    depth = one.last_depth
    return depth <= leaf.depth and one.last_id in tree.ids_of_path(db, leaf, first_depth=depth, last_depth=depth)


def _summary(row: Iterable[Any]) -> StoredSummary:
    id_, session_id, first_depth, last_depth, last_id, text, model, is_edited, state, created_at = row
    known = {one.value for one in SummaryState}
    return StoredSummary(
        id=id_,
        session_id=session_id,
        first_depth=first_depth,
        last_depth=last_depth,
        last_id=last_id,
        text=text,
        model=model,
        is_edited=bool(is_edited),
        state=SummaryState(state) if state in known else SummaryState.NONE,
        created_at=created_at,
    )
