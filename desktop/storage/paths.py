"""Any part of a long path by depth, at the cost of that part: for whoever jumps about in a session.

A session of 100,000 messages has one message at most depths, and then that one is on every path which is so deep. The
index of depths tells so without a look at the rows; only where there are versions is the tree asked who hangs on whom.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.messages import Message
from desktop.domain.sessions import Session
from desktop.storage import drafts, messages, sessions, tree

_DEPTHS = """
    SELECT depth, count(*), max(id) FROM message WHERE session_id = ? AND depth >= ? AND depth < ?
    GROUP BY depth ORDER BY depth DESC
"""
_AHEAD = 256
_PARENT = "SELECT parent_id FROM message WHERE id = ?"


@dataclass(frozen=True, slots=True)
class End:
    """The session, the leaf that its path ends in with its depth (None where it is empty), and its draft."""

    session: Session
    leaf: int | None
    depth: int
    draft: str


def end(db: APSWDatabase, session_id: str) -> End:
    """Return where a session's path ends; raise `NotFound`."""
    session = sessions.get(db, session_id)
    leaf = session.active_leaf
    depth = -1 if leaf is None else tree.get_row(db, leaf).depth
    return End(session, leaf, depth, drafts.get(db, session_id))


def ids_above(db: APSWDatabase, session_id: str, message_id: int, depth: int, first: int) -> list[int]:
    """Return the ids of a path from the one above `message_id`, which stands at `depth`, up to depth `first`.

    Where a depth is missing, as after a salvage, it ends early.
    """
    found: list[int] = []
    below = message_id
    for at, count, newest in db.execute_sql(_DEPTHS, (session_id, first, depth)).fetchall():
        if at != depth - len(found) - 1:
            break
        row = db.execute_sql(_PARENT, (below,)).fetchone() if count > 1 else (newest,)
        if row is None or row[0] is None:
            break
        below = int(row[0])
        found.append(below)
    return found


def ids_between(db: APSWDatabase, session_id: str, depth: int, first: int, last: int) -> list[int]:
    """Return the ids of a path to depth `depth` between two others, root first; [] where its versions forbid a guess.

    The walk begins at the nearest depth below that has a single message, if there is one within `_AHEAD` of it.
    """
    rows = db.execute_sql(_DEPTHS, (session_id, first, min(depth, last + _AHEAD) + 1)).fetchall()
    sure = [(at, newest) for at, count, newest in rows if at >= last and count == 1]
    if not sure:
        return []
    at, newest = sure[-1]
    found = [newest, *ids_above(db, session_id, newest, at, first)][at - last :]
    return found[::-1] if len(found) == last - first + 1 else []


def some(db: APSWDatabase, session_id: str, ids: Sequence[int]) -> tuple[End, tuple[Message, ...]]:
    """Return messages in the order of the path, and where the session's path ends at the same moment."""
    return end(db, session_id), messages.get_many(db, ids)
