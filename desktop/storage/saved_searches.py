"""Searches that stand in the sidebar."""

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.organising import SavedSearch


def every(db: APSWDatabase, profile: int) -> tuple[SavedSearch, ...]:
    """Return the saved searches of a profile in their order."""
    sql = "SELECT id, name, query, position FROM saved_search WHERE profile_id = ? ORDER BY position, id"
    return tuple(
        SavedSearch(id=id_, name=name, query=query, position=position)
        for id_, name, query, position in db.execute_sql(sql, (profile,))
    )
