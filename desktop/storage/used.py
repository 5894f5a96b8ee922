"""What was picked in the palette, and how often: what is used most stands first there, and what once was fades.

And whether what is picked is still there: a list of hits may be older than a deletion.
"""

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.usage import faded

MOST = 200


def note(db: APSWDatabase, profile: int, name: str, *, now_ms: int) -> None:
    """Count one more use; of the uses before, what has not faded yet counts."""
    found = db.execute_sql("SELECT uses, used_at FROM used WHERE profile_id = ? AND name = ?", (profile, name))
    row = found.fetchone()
    before = 0 if row is None else round(faded(row[0], now_ms - row[1]))
    db.execute_sql("REPLACE INTO used (profile_id, name, uses, used_at) VALUES (?, ?, ?, ?)",
                   (profile, name, before + 1, now_ms))  # fmt: skip


def most(db: APSWDatabase, profile: int, *, now_ms: int) -> dict[str, float]:
    """Return what was used by how much it still counts, most first."""
    rows = db.execute_sql(
        "SELECT name, uses, used_at FROM used WHERE profile_id = ? ORDER BY used_at DESC LIMIT ?", (profile, MOST)
    )
    counts = {name: faded(uses, now_ms - used_at) for name, uses, used_at in rows}
    return dict(sorted(counts.items(), key=lambda each: -each[1]))


def is_there(db: APSWDatabase, message_id: int) -> bool:
    """Return whether a message is to be seen."""
    found = db.execute_sql("SELECT 1 FROM message WHERE id = ? AND deleted_at IS NULL", (message_id,))
    return found.fetchone() is not None
