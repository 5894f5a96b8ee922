"""The tree of a session: paths from a leaf upwards, siblings, the newest leaf below a message.

These are the recursive queries, written in SQL because they read better so. Each walks along an index, and each walk
upwards is bounded by the depth, so that even a damaged tree with a circle in it comes to an end.
"""

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import NotFound
from desktop.i18n import _
from desktop.storage.rows import MessageRow

UP = """
    WITH RECURSIVE up(id, parent_id, depth) AS (
        SELECT id, parent_id, depth FROM message WHERE id = :start
        UNION ALL
        SELECT message.id, message.parent_id, message.depth
        FROM up CROSS JOIN message ON message.id = up.parent_id
        WHERE message.depth < up.depth AND message.depth >= :first
    )
"""
"""From the message `:start` up to the depth `:first`: `up` holds the ids, from below."""
PATH = f"{UP} SELECT id FROM up WHERE depth BETWEEN :first AND :last"  # noqa: S608  constants alone

DOWN = """
    WITH RECURSIVE down(id) AS (
        SELECT ?
        UNION ALL
        SELECT message.id FROM down CROSS JOIN message ON message.parent_id = down.id
        WHERE message.deleted_at IS ?
    )
"""

NEWEST_BELOW = f"{DOWN} SELECT max(id) FROM down"  # noqa: S608  constants alone
TRASH_BELOW = f"{DOWN} UPDATE message SET deleted_at = ? WHERE id IN down AND deleted_at IS ?"  # noqa: S608

RESTORE_ABOVE = f"""
    {UP} UPDATE message SET deleted_at = NULL WHERE id IN (SELECT id FROM up) AND deleted_at IS NOT NULL
"""  # noqa: S608  constants alone

NARROW = """
    SELECT depth, max(id) FROM message WHERE session_id = ? AND depth >= ? AND depth < ?
    GROUP BY depth HAVING count(*) = 1 ORDER BY depth LIMIT 1
"""

SIBLINGS = """
    SELECT id FROM message WHERE session_id = ? AND parent_id IS ? AND deleted_at IS NULL ORDER BY id
"""


def ids_of_path(db: APSWDatabase, leaf: MessageRow, *, first_depth: int, last_depth: int) -> list[int]:
    """Return the ids on the path to `leaf` between two depths (both included), root first."""
    start = _start(db, leaf, last_depth)
    found = [id_ for (id_,) in db.execute_sql(PATH, {"start": start, "first": first_depth, "last": last_depth})]
    return found[::-1]


def _start(db: APSWDatabase, leaf: MessageRow, depth: int) -> int:
    """Return a message of the path at `depth` or below from which to walk up; at worst the leaf itself.

    Where a session has a single message at a depth, every path that is so deep goes through it. In a long session
    with few versions this makes a jump to the beginning as cheap as a page at the end.
    """
    row = db.execute_sql(NARROW, (leaf.session_id, depth, leaf.depth)).fetchone()
    return int(row[1]) if row else int(leaf.id)


def siblings(db: APSWDatabase, row: MessageRow) -> tuple[int, ...]:
    """Return the versions beside and including `row` that are not in the trash, oldest first."""
    return tuple(id_ for (id_,) in db.execute_sql(SIBLINGS, (row.session_id, row.parent_id)))


def newest_below(db: APSWDatabase, message_id: int) -> int:
    """Return the newest message below `message_id`, or itself: always a leaf, since children are newer."""
    return int(db.execute_sql(NEWEST_BELOW, (message_id, None)).fetchone()[0])


def set_deleted_below(db: APSWDatabase, message_id: int, *, was: int | None, now: int | None) -> int:
    """Move `message_id` and all below it from one `deleted_at` to another; return how many were moved."""
    db.execute_sql(TRASH_BELOW, (message_id, was, now, was))
    return int(db.connection().changes())


def restore_above(db: APSWDatabase, message_id: int) -> int:
    """Take `message_id` and all it hangs on out of the trash; return how many were there."""
    db.execute_sql(RESTORE_ABOVE, {"start": message_id, "first": 0})
    return int(db.connection().changes())


def get_row(db: APSWDatabase, message_id: int) -> MessageRow:
    """Return the row of a message without its versions; raise `NotFound`."""
    row: MessageRow | None = MessageRow.select().where(MessageRow.id == message_id).bind(db).first()
    if row is None:
        raise NotFound(_("There is no message {id}.").format(id=message_id))
    return row
