"""Tags: words that sessions are marked with, each once in a profile whatever its case and accents."""

from collections.abc import Mapping

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.folding import fold
from desktop.domain.organising import Tag


def every(db: APSWDatabase, profile: int, counts: Mapping[int, int] | None = None) -> tuple[Tag, ...]:
    """Return the tags of a profile by their names."""
    rows = db.execute_sql("SELECT id, name, colour FROM tag WHERE profile_id = ?", (profile,))
    found = (Tag(id=id_, name=name, colour=colour, count=(counts or {}).get(id_, 0)) for id_, name, colour in rows)
    return tuple(sorted(found, key=lambda tag: (fold(tag.name), tag.id)))


def named(db: APSWDatabase, profile: int, name: str) -> Tag | None:
    """Return the tag of a profile that is called so, whatever the case and the accents."""
    return next((tag for tag in every(db, profile) if fold(tag.name) == fold(name)), None)


def of_session(db: APSWDatabase, session_id: str) -> tuple[Tag, ...]:
    """Return the tags of a session by their names."""
    sql = "SELECT id, name, colour FROM session_tag JOIN tag ON tag.id = tag_id WHERE session_id = ?"
    found = (Tag(id=id_, name=name, colour=colour) for id_, name, colour in db.execute_sql(sql, (session_id,)))
    return tuple(sorted(found, key=lambda tag: (fold(tag.name), tag.id)))


def members(db: APSWDatabase, tag_id: int) -> tuple[str, ...]:
    """Return the sessions that have a tag, those of the archive and of the trash too."""
    return tuple(id_ for (id_,) in db.execute_sql("SELECT session_id FROM session_tag WHERE tag_id = ?", (tag_id,)))
