"""What can be wrong in a database, looked for on purpose: pages, references, both indexes, words and counts.

`quick_check` sees damaged pages but not words that were overwritten with others (14 of 25 random overwrites went
unseen), so each message's digest is compared too. FTS5 compares an index with the rows itself.
"""

from collections.abc import Iterator
from pathlib import Path

import apsw
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.health import Check, Finding
from desktop.storage import places
from desktop.storage.backup import back_up
from desktop.storage.database import pragma
from desktop.storage.schema_tallies import COUNT_ALL
from desktop.storage.words import digest

PAGE = 2_000
INDEXES = {Check.MESSAGE_INDEX: "message_words", Check.TITLE_INDEX: "session_words"}
_COUNTED = "(SELECT count(*) FROM message WHERE session_id = session.id AND deleted_at IS NULL)"
_MISFOLDED = "folded IS NOT sobremesa_fold(title)"
_TALLIED = " UNION ALL ".join(sql.strip().removeprefix("INSERT INTO tally ") for sql in COUNT_ALL[1:])
"""What should stand in `tally`."""


def look_at_pages(db: APSWDatabase) -> Iterator[Finding]:
    """Let SQLite look at the pages and the references."""
    for name in INDEXES.values():
        # FTS5 checks what it remembers of an index, and forgets it only where a query finds that others have written.
        db.execute_sql(f"SELECT rowid FROM {name} WHERE {name} MATCH 'x' LIMIT 1").fetchall()  # noqa: S608
    said = [str(words) for (words,) in db.execute_sql("PRAGMA quick_check")]
    yield Finding(check=Check.FILE, wrong=0 if said == ["ok"] else len(said))
    yield Finding(check=Check.REFERENCES, wrong=len(db.execute_sql("PRAGMA foreign_key_check").fetchall()))


def look_at_counts(db: APSWDatabase) -> Finding:
    """Count the messages of each session and the sessions of each place, and fold each title."""
    asked = (
        f"SELECT count(*) FROM session WHERE message_count <> {_COUNTED}",  # noqa: S608
        f"SELECT count(*) FROM session WHERE {_MISFOLDED}",  # noqa: S608
        f"""
        WITH counted(kind, number, count) AS ({_TALLIED}), both(kind, number, count) AS (
            SELECT kind, number, count FROM tally UNION ALL SELECT kind, number, -count FROM counted
        )
        SELECT count(*) FROM (SELECT 1 FROM both GROUP BY kind, number HAVING sum(count) <> 0)
        """,  # noqa: S608
    )
    return Finding(check=Check.COUNTS, wrong=sum(int(db.execute_sql(sql).fetchone()[0]) for sql in asked))


def look_at_words(db: APSWDatabase, after: int) -> tuple[int, int | None]:
    """Return how many messages of the next page behind `after` are not what was written, and where it ends."""
    rows = db.execute_sql(
        "SELECT id, content, thinking, digest FROM message WHERE id > ? AND status <> 'streaming' ORDER BY id LIMIT ?",
        (after, PAGE),
    ).fetchall()
    wrong = sum(1 for _id, content, thinking, kept in rows if kept and digest(content, thinking) != kept)
    return wrong, rows[-1][0] if rows else None


def look_at_index(db: APSWDatabase, check: Check) -> Finding:
    """Let FTS5 compare an index with what it is made of."""
    name = INDEXES[check]
    try:
        db.connection().execute(f"INSERT INTO {name}({name}, rank) VALUES ('integrity-check', 1)").fetchall()  # noqa: S608
    except apsw.CorruptError:
        return Finding(check=check, wrong=1)
    return Finding(check=check, wrong=0)


def rebuild(db: APSWDatabase) -> None:
    """Make both indexes, the counts and the folded titles anew from the messages and titles that are there."""
    for name in INDEXES.values():
        db.execute_sql(f"INSERT INTO {name}({name}) VALUES ('rebuild')")  # noqa: S608
    db.execute_sql(f"UPDATE session SET message_count = {_COUNTED} WHERE message_count <> {_COUNTED}")  # noqa: S608
    db.execute_sql(f"UPDATE session SET folded = sobremesa_fold(title) WHERE {_MISFOLDED}")  # noqa: S608
    places.count_all(db)


def keep_copy(db: APSWDatabase, path: Path, *, now_ms: int) -> Path:
    """Copy the database into its folder of backups; return the copy's path."""
    return back_up(db, path, version=int(pragma(db, "user_version")), now_ms=now_ms)
