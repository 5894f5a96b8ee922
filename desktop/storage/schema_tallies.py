"""The tables of version 6: how many sessions each place has, and which were taken out of the archive. Frozen.

- `tally` is kept by triggers, whoever writes: the sidebar shows every count at once, and counting the sessions of each
  tag takes 160 ms where there are 100,000. `kind` is a state (`number` is a profile), a folder or a tag.
- `kept` says when a session was taken out of the archive: that counts as use, or the next day would put it back.
"""

_STATE = "CASE WHEN {row}.deleted_at IS NOT NULL THEN 'trash' WHEN {row}.is_active THEN 'active' ELSE 'archived' END"
_IN_USE = "({row}.deleted_at IS NULL AND {row}.is_active)"
_OTHERS = "AND true ON CONFLICT DO UPDATE SET count = count + excluded.count;"


def _counted(row: str, by: int) -> str:
    """Return the statements that count a session once more, or once less."""
    state, in_use = _STATE.format(row=row), _IN_USE.format(row=row)
    add = "INSERT INTO tally(kind, number, count) SELECT"
    return f"""
        {add} {state}, {row}.profile_id, {by} WHERE true {_OTHERS}
        {add} 'resolved', {row}.profile_id, {by} WHERE {in_use} AND {row}.is_resolved {_OTHERS}
        {add} 'folder', {row}.folder_id, {by} WHERE {in_use} AND {row}.folder_id IS NOT NULL {_OTHERS}
    """


def _tags_counted(row: str, by: int) -> str:
    return f"""
        INSERT INTO tally(kind, number, count)
            SELECT 'tag', tag_id, {by} FROM session_tag WHERE session_id = {row}.id {_OTHERS}
    """  # noqa: S608


def _tag_counted(row: str, by: int) -> str:
    in_use = _IN_USE.format(row="session")
    return f"""
        INSERT INTO tally(kind, number, count)
            SELECT 'tag', {row}.tag_id, {by} FROM session WHERE id = {row}.session_id AND {in_use} {_OTHERS}
    """  # noqa: S608


COUNT_ALL: tuple[str, ...] = (
    "DELETE FROM tally",
    f"INSERT INTO tally SELECT {_STATE.format(row='session')}, profile_id, count(*) FROM session GROUP BY 1, 2",  # noqa: S608
    f"""
    INSERT INTO tally SELECT 'resolved', profile_id, count(*) FROM session
    WHERE {_IN_USE.format(row="session")} AND is_resolved GROUP BY 2
    """,  # noqa: S608
    f"""
    INSERT INTO tally SELECT 'folder', folder_id, count(*) FROM session
    WHERE {_IN_USE.format(row="session")} AND folder_id IS NOT NULL GROUP BY 2
    """,  # noqa: S608
    f"""
    INSERT INTO tally SELECT 'tag', tag_id, count(*) FROM session_tag JOIN session ON session.id = session_id
    WHERE {_IN_USE.format(row="session")} GROUP BY 2
    """,  # noqa: S608
)
"""Counts everything anew."""

VERSION_6: tuple[str, ...] = (
    """
    CREATE TABLE tally (
        kind TEXT NOT NULL,
        number INTEGER NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (kind, number)
    ) WITHOUT ROWID
    """,
    *COUNT_ALL,
    f"CREATE TRIGGER session_tally_insert AFTER INSERT ON session BEGIN {_counted('new', 1)} END",
    f"""
    CREATE TRIGGER session_tally_update
    AFTER UPDATE OF profile_id, folder_id, is_active, is_resolved, deleted_at ON session BEGIN
        {_counted("old", -1)} {_counted("new", 1)}
    END
    """,
    f"""
    CREATE TRIGGER session_tally_leave AFTER UPDATE OF is_active, deleted_at ON session
    WHEN {_IN_USE.format(row="old")} AND NOT {_IN_USE.format(row="new")} BEGIN {_tags_counted("old", -1)} END
    """,
    f"""
    CREATE TRIGGER session_tally_enter AFTER UPDATE OF is_active, deleted_at ON session
    WHEN {_IN_USE.format(row="new")} AND NOT {_IN_USE.format(row="old")} BEGIN {_tags_counted("new", 1)} END
    """,
    f"CREATE TRIGGER session_tally_delete AFTER DELETE ON session BEGIN {_counted('old', -1)} END",
    # Before, since its tags go with it.
    f"""
    CREATE TRIGGER session_tally_untag BEFORE DELETE ON session WHEN {_IN_USE.format(row="old")} BEGIN
        {_tags_counted("old", -1)}
    END
    """,
    f"CREATE TRIGGER session_tag_tally_insert AFTER INSERT ON session_tag BEGIN {_tag_counted('new', 1)} END",
    f"CREATE TRIGGER session_tag_tally_delete AFTER DELETE ON session_tag BEGIN {_tag_counted('old', -1)} END",
    f"""
    CREATE TRIGGER session_tag_tally_update AFTER UPDATE ON session_tag BEGIN
        {_tag_counted("old", -1)} {_tag_counted("new", 1)}
    END
    """,
    """
    CREATE TABLE kept (
        session_id TEXT PRIMARY KEY REFERENCES session(id) ON DELETE CASCADE,
        at INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
)
