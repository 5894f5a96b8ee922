"""Which sessions the filters of a question let pass, as marks for the index of the messages."""

from collections.abc import Sequence

from playhouse.apsw_ext import APSWDatabase

from desktop.storage.search_index import BUCKET_BITS, bucket_mark, session_mark
from desktop.storage.search_plan import Plan, Values

FEW_SESSIONS = 1_000


def marks_of_plan(db: APSWDatabase, planned: Plan, profile: int) -> str:
    """Return the marks of the sessions that may hold an answer; nothing where most do."""
    if not planned.of_sessions and _is_most(db, profile):
        return ""
    return marks(db, planned.of_sessions, profile)


def marks(db: APSWDatabase, conditions: Sequence[tuple[str, Values]], profile: int) -> str:
    """Return the marks of the sessions of a profile that pass conditions; nothing where each bucket has some."""
    execute = db.connection().execute
    where = "".join(f" AND {sql}" for sql, _values in conditions)
    values = (profile, *(value for _sql, some in conditions for value in some))
    among = f"FROM session WHERE profile_id = ? AND deleted_at IS NULL{where}"
    few = execute(f"SELECT number {among} LIMIT {FEW_SESSIONS + 1}", values).fetchall()
    if len(few) <= FEW_SESSIONS:
        found = [session_mark(number) for (number,) in few]
        return "(" + " OR ".join(f'"{mark}"' for mark in found or [session_mark(0)]) + ")"
    buckets = execute(f"SELECT DISTINCT number >> {BUCKET_BITS} {among}", values).fetchall()
    last = execute("SELECT max(number) FROM session").fetchone()[0] >> BUCKET_BITS
    if len(buckets) > last:
        return ""
    return "(" + " OR ".join(f'"{bucket_mark(number)}"' for (number,) in buckets) + ")"


def _is_most(db: APSWDatabase, profile: int) -> bool:
    """Return whether a profile has most of all sessions: then its rows are soon met without marks."""
    sql = "SELECT coalesce(sum(count) FILTER (WHERE number = ?), 0) * 2 > sum(count) FROM tally WHERE kind IN (?, ?)"
    return bool(db.connection().execute(sql, (profile, "active", "archived")).fetchone()[0])
