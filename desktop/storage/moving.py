"""What goes from one profile to another: sessions with their tags and folders, and all the rest when one is removed.

Design note. Tags are found by their name and folders by their path, folded, and made where the other profile has none;
so a session stands in the order it stood in, and the first profile keeps its own folders and tags. Saved searches and
prompts stay with their owner. The bill stays where it was spent.
"""

from collections.abc import Sequence

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.folding import fold
from desktop.storage import profiles
from desktop.storage.drafts import new_key
from desktop.storage.drafts import save as save_draft
from desktop.storage.rows import DraftRow, FolderRow, SessionRow, TagRow

_MERGED = (
    "runs",
    "unpriced",
    "estimated",
    "input_tokens",
    "output_tokens",
    "cached_tokens",
    "reasoning_tokens",
    "cost",
    "timed_runs",
    "timed_ms",
    "paced_ms",
    "paced_tokens",
)


def session_ids(db: APSWDatabase, profile_id: int) -> tuple[str, ...]:
    """Return the ids of all sessions of a profile, newest first."""
    query = SessionRow.select(SessionRow.id).where(SessionRow.profile_id == profile_id)
    return tuple(id_ for (id_,) in query.order_by(SessionRow.updated_at.desc()).tuples().execute(db))


def move(db: APSWDatabase, *, from_id: int, to_id: int, session_ids: Sequence[str], now_ms: int) -> tuple[str, ...]:
    """Give sessions to another profile; return those that were the first one's. Raise `NotFound` for a profile."""
    profiles.get(db, from_id)
    profiles.get(db, to_id)
    whose = (SessionRow.profile_id == from_id) & SessionRow.id.in_(session_ids)
    rows = SessionRow.select(SessionRow.id, SessionRow.folder_id).where(whose).tuples().execute(db)
    found = dict(rows) if from_id != to_id else {}
    if not found:
        return ()
    folders = _folders(db, {folder for folder in found.values() if folder is not None}, to_id, now_ms=now_ms)
    ids = tuple(found)
    SessionRow.update(profile_id=to_id).where(SessionRow.id.in_(ids)).execute(db)
    for old, new in folders.items():
        SessionRow.update(folder_id=new).where(SessionRow.id.in_(ids), SessionRow.folder_id == old).execute(db)
    _move_tags(db, ids, to_id)
    return ids


def dissolve(db: APSWDatabase, *, profile_id: int, heir_id: int, now_ms: int) -> None:
    """Remove a profile without sessions; all else that it has goes to `heir_id`."""
    profiles.get(db, profile_id)
    profiles.get(db, heir_id)
    mine = FolderRow.select(FolderRow.id).where(FolderRow.profile_id == profile_id)
    _folders(db, {id_ for (id_,) in mine.tuples().execute(db)}, heir_id, now_ms=now_ms)
    _inherit_bill(db, profile_id, heir_id)
    _inherit_names(db, "prompt", profile_id, heir_id)
    _inherit_names(db, "preset", profile_id, heir_id)
    for table in ("saved_search", "source"):
        db.execute_sql(f"UPDATE {table} SET profile_id = ? WHERE profile_id = ?", (heir_id, profile_id))  # noqa: S608
    _inherit_draft(db, profile_id, heir_id, now_ms=now_ms)
    db.execute_sql("DELETE FROM used WHERE profile_id = ?", (profile_id,))
    db.execute_sql("DELETE FROM tag WHERE profile_id = ?", (profile_id,))
    if not profiles.count_sessions(db, profile_id):  # else `remove` refuses, and all of this is taken back
        db.execute_sql("UPDATE folder SET parent_id = NULL WHERE profile_id = ?", (profile_id,))
        db.execute_sql("DELETE FROM folder WHERE profile_id = ?", (profile_id,))
    profiles.remove(db, profile_id)


def _folders(db: APSWDatabase, wanted: set[int], to_id: int, *, now_ms: int) -> dict[int, int]:
    """Return the folders of a profile that have the paths of other folders, made where there are none."""
    if not wanted:
        return {}
    rows = {row.id: row for row in FolderRow.select().execute(db)}
    there = {(row.parent_id, fold(row.name)): row.id for row in rows.values() if row.profile_id == to_id}
    found: dict[int, int] = {}

    def same(folder_id: int) -> int:
        if folder_id in found:
            return found[folder_id]
        row = rows[folder_id]
        parent = None if row.parent_id is None else same(row.parent_id)
        key = (parent, fold(row.name))
        if key not in there:
            there[key] = FolderRow.insert(
                profile_id=to_id,
                parent_id=parent,
                name=row.name,
                position=row.position,
                created_at=now_ms,
                colour=row.colour,
                system_prompt=row.system_prompt,
                model=row.model,
            ).execute(db)
        found[folder_id] = there[key]
        return found[folder_id]

    return {folder_id: same(folder_id) for folder_id in sorted(wanted)}


def _move_tags(db: APSWDatabase, ids: Sequence[str], to_id: int) -> None:
    """Let sessions that have come to a profile bear its tags of the same names."""
    marks = ", ".join("?" * len(ids))
    sql = f"SELECT DISTINCT tag_id FROM session_tag WHERE session_id IN ({marks})"  # noqa: S608
    used = [tag_id for (tag_id,) in db.execute_sql(sql, ids)]
    if not used:
        return
    there = {fold(row.name): row.id for row in TagRow.select().where(TagRow.profile_id == to_id).execute(db)}
    for tag in tuple(TagRow.select().where(TagRow.id.in_(used)).execute(db)):
        name = fold(tag.name)
        if name not in there:
            there[name] = TagRow.insert(profile_id=to_id, name=tag.name, colour=tag.colour).execute(db)
        borne = f"FROM session_tag WHERE tag_id = ? AND session_id IN ({marks})"
        new = f"INSERT OR IGNORE INTO session_tag (session_id, tag_id) SELECT session_id, ? {borne}"
        db.execute_sql(new, (there[name], tag.id, *ids))
        db.execute_sql(f"DELETE {borne}", (tag.id, *ids))


def _inherit_bill(db: APSWDatabase, profile_id: int, heir_id: int) -> None:
    columns = ", ".join(_MERGED)
    sums = ", ".join(f"{name} = {name} + excluded.{name}" for name in _MERGED)
    db.execute_sql(
        f"INSERT INTO spending (profile_id, day, model, purpose, {columns}) "  # noqa: S608
        f"SELECT ?, day, model, purpose, {columns} FROM spending WHERE profile_id = ? "
        f"ON CONFLICT (profile_id, day, model, purpose) DO UPDATE SET {sums}",
        (heir_id, profile_id),
    )
    db.execute_sql("DELETE FROM spending WHERE profile_id = ?", (profile_id,))


def _inherit_names(db: APSWDatabase, table: str, profile_id: int, heir_id: int) -> None:
    """Hand over rows whose names are unique in a profile; one that is taken gets a number."""
    sql = f"SELECT id, name FROM {table} WHERE profile_id = ? ORDER BY id"  # noqa: S608
    taken = {name for _id, name in db.execute_sql(sql, (heir_id,))}
    for row_id, name in tuple(db.execute_sql(sql, (profile_id,))):
        free, number = name, 2
        while free in taken:
            free, number = f"{name} ({number})", number + 1
        taken.add(free)
        db.execute_sql(
            f"UPDATE {table} SET profile_id = ?, name = ? WHERE id = ?",  # noqa: S608
            (heir_id, free, row_id),
        )


def _inherit_draft(db: APSWDatabase, profile_id: int, heir_id: int, *, now_ms: int) -> None:
    """Put what was being written in a new session below what the other profile was writing in its own."""
    old, new = new_key(profile_id), new_key(heir_id)
    query = DraftRow.select(DraftRow.session_id, DraftRow.text).where(DraftRow.session_id.in_((old, new)))
    texts = dict(query.tuples().execute(db))
    if texts.get(old):
        save_draft(db, new, "\n\n".join(filter(None, (texts.get(new), texts[old]))), now_ms=now_ms)
        save_draft(db, old, "", now_ms=now_ms)
