"""What the sidebar offers beside the dates, with its counts."""

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.organising import Labels, Places
from desktop.storage import folders, saved_searches, sessions, tags

_STATES = """
    SELECT is_active, is_resolved, count(*) FROM session INDEXED BY session_list
    WHERE profile_id = ? AND deleted_at IS NULL GROUP BY is_active, is_resolved
"""
_TRASHED = "SELECT count(*) FROM session WHERE profile_id = ? AND deleted_at IS NOT NULL"
_IN_FOLDERS = """
    SELECT folder_id, count(*) FROM session
    WHERE folder_id IS NOT NULL AND deleted_at IS NULL AND is_active = 1 GROUP BY folder_id
"""
_TAGGED = """
    SELECT tag_id, count(*) FROM session_tag JOIN session ON session.id = session_id
    WHERE profile_id = ? AND deleted_at IS NULL AND is_active = 1 GROUP BY tag_id
"""


def every(db: APSWDatabase, profile: int) -> Places:
    """Return the folders, tags and saved searches of a profile, and how many sessions each place has."""
    counts = {(bool(active), bool(resolved)): count for active, resolved, count in db.execute_sql(_STATES, (profile,))}
    (trashed,) = db.execute_sql(_TRASHED, (profile,)).fetchone()
    return Places(
        folders=folders.every(db, profile, dict(db.execute_sql(_IN_FOLDERS))),
        tags=tags.every(db, profile, dict(db.execute_sql(_TAGGED, (profile,)))),
        searches=saved_searches.every(db, profile),
        active=counts.get((True, False), 0) + counts.get((True, True), 0),
        resolved=counts.get((True, True), 0),
        archived=counts.get((False, False), 0) + counts.get((False, True), 0),
        trashed=trashed,
    )


def labels(db: APSWDatabase, session_id: str) -> Labels:
    """Return what a session is kept under; raise `NotFound`."""
    row = sessions.get_row(db, session_id)
    folder = None if row.folder_id is None else folders.get(db, row.folder_id)
    return Labels(folder=folder, tags=tags.of_session(db, session_id))
