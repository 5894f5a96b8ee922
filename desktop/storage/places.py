"""What the sidebar offers beside the dates, with its counts."""

from collections import defaultdict

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import NotFound
from desktop.domain.organising import Labels, Places
from desktop.i18n import _
from desktop.storage import folders, saved_searches, sessions, tags
from desktop.storage.schema_tallies import COUNT_ALL


def every(db: APSWDatabase, profile: int) -> Places:
    """Return the folders, tags and saved searches of a profile, and how many sessions each place has."""
    counts: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for kind, number, count in db.execute_sql("SELECT kind, number, count FROM tally"):
        counts[kind][number] = count
    return Places(
        folders=folders.every(db, profile, counts["folder"]),
        tags=tags.every(db, profile, counts["tag"]),
        searches=saved_searches.every(db, profile),
        active=counts["active"].get(profile, 0),
        resolved=counts["resolved"].get(profile, 0),
        archived=counts["archived"].get(profile, 0),
        trashed=counts["trash"].get(profile, 0),
    )


def count_all(db: APSWDatabase) -> None:
    """Count everything anew, as after damage: from then on the triggers of `schema_tallies.py` keep the counts."""
    for statement in COUNT_ALL:
        db.execute_sql(statement)


def labels(db: APSWDatabase, profile: int, session_id: str) -> Labels:
    """Return what a session of a profile is kept under; raise `NotFound`."""
    row = sessions.get_row(db, session_id)
    if row.profile_id != profile:
        raise NotFound(_("There is no session {id}.").format(id=session_id))
    folder = None if row.folder_id is None else folders.get(db, row.folder_id)
    return Labels(folder=folder, tags=tags.of_session(db, session_id))
