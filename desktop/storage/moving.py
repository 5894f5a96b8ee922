"""What goes from one profile to another: sessions with their tags and folders, and all the rest when one is removed.

Design note. Tags are found by their name and folders by their path, folded, and made where the other profile has none;
so a session stands in the order it stood in, and the first profile keeps its own folders and tags. A folder of the same
name with another colour, prompt or model is another folder: none of these is lost. Saved searches and prompts stay with
their owner. The bill stays where it was spent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.folding import fold
from desktop.storage import profiles
from desktop.storage.drafts import new_key
from desktop.storage.drafts import save as save_draft
from desktop.storage.rows import DraftRow, FolderRow, SessionRow, TagRow

_REMOVE_EMPTY = """
    DELETE FROM folder WHERE id = ? AND profile_id = ?
        AND NOT EXISTS (SELECT 1 FROM session WHERE folder_id = ?)
        AND NOT EXISTS (SELECT 1 FROM folder AS inner WHERE inner.parent_id = ?)
"""
_REMOVE_UNUSED = """
    DELETE FROM tag WHERE id = ? AND profile_id = ? AND NOT EXISTS (SELECT 1 FROM session_tag WHERE tag_id = ?)
"""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Sessions that went to another profile: in which folder each lay, and what folders and tags were made for them."""

    session_ids: tuple[str, ...] = ()
    homes: Mapping[str, int] = field(default_factory=dict)
    made: tuple[int, ...] = ()
    made_tags: tuple[int, ...] = ()


def move(
    db: APSWDatabase,
    *,
    from_id: int,
    to_id: int,
    session_ids: Sequence[str],
    now_ms: int,
    back: Moved | None = None,
) -> Moved:
    """Give sessions to another profile; those alone go that are the first one's. Raise `NotFound` for a profile.

    `back` is what is taken back: a session returns to the folder where it lay, as far as that is there, and the folders
    and tags that were made go when nothing else is in them.
    """
    profiles.get(db, from_id)
    profiles.get(db, to_id)
    whose = (SessionRow.profile_id == from_id) & SessionRow.id.in_(session_ids)
    rows = SessionRow.select(SessionRow.id, SessionRow.folder_id).where(whose).tuples().execute(db)
    found = dict(rows) if from_id != to_id else {}
    if not found:
        return Moved()
    ids = tuple(found)
    homes = {session_id: folder for session_id, folder in found.items() if folder is not None}
    mine = FolderRow.select(FolderRow.id).where(FolderRow.profile_id == to_id)
    there = {id_ for (id_,) in mine.tuples().execute(db)}
    known = {} if back is None else {one: at for one in ids if (at := back.homes.get(one)) in there}
    made: list[int] = []
    folders = _folders(db, {at for one, at in homes.items() if one not in known}, to_id, made, now_ms=now_ms)
    goals: dict[int | None, list[str]] = {}
    for one in ids:
        goals.setdefault(known.get(one) or (folders[homes[one]] if one in homes else None), []).append(one)
    for goal, some in goals.items():
        SessionRow.update(profile_id=to_id, folder_id=goal).where(SessionRow.id.in_(some)).execute(db)
    made_tags = _move_tags(db, ids, to_id)
    for tag in back.made_tags if back is not None else ():
        db.execute_sql(_REMOVE_UNUSED, (tag, from_id, tag))
    for folder in reversed(back.made if back is not None else ()):  # those within before those around them
        db.execute_sql(_REMOVE_EMPTY, (folder, from_id, folder, folder))
    return Moved(session_ids=ids, homes=homes, made=tuple(made), made_tags=made_tags)


def dissolve(db: APSWDatabase, *, profile_id: int, heir_id: int, now_ms: int) -> None:
    """Remove a profile without sessions; all else that it has goes to `heir_id`."""
    profiles.get(db, profile_id)
    profiles.get(db, heir_id)
    mine = FolderRow.select(FolderRow.id).where(FolderRow.profile_id == profile_id)
    _folders(db, {id_ for (id_,) in mine.tuples().execute(db)}, heir_id, [], now_ms=now_ms)
    _inherit_bill(db, profile_id, heir_id)
    _inherit_names(db, "prompt", profile_id, heir_id)
    _inherit_names(db, "preset", profile_id, heir_id)
    for table in ("saved_search", "source"):
        db.execute_sql(f"UPDATE {table} SET profile_id = ? WHERE profile_id = ?", (heir_id, profile_id))  # noqa: S608
    _inherit_draft(db, profile_id, heir_id, now_ms=now_ms)
    db.execute_sql("DELETE FROM used WHERE profile_id = ?", (profile_id,))
    _inherit_tags(db, profile_id, heir_id)
    if not profiles.count_sessions(db, profile_id):  # else `remove` refuses, and all of this is taken back
        db.execute_sql("UPDATE folder SET parent_id = NULL WHERE profile_id = ?", (profile_id,))
        db.execute_sql("DELETE FROM folder WHERE profile_id = ?", (profile_id,))
    profiles.remove(db, profile_id)


def _folders(db: APSWDatabase, wanted: set[int], to_id: int, made: list[int], *, now_ms: int) -> dict[int, int]:
    """Return the folders of a profile that are like other folders, made (and added to `made`) where there are none.

    Two are like each other whose paths and all that they hand to their sessions are the same.
    """
    if not wanted:
        return {}
    rows = {row.id: row for row in FolderRow.select().execute(db)}
    there = {_like(row, row.parent_id): row.id for row in rows.values() if row.profile_id == to_id}
    found: dict[int, int] = {}
    for folder_id in sorted(wanted):
        path: list[int] = []
        at: int | None = folder_id
        while at is not None and at not in found:
            path.append(at)
            at = rows[at].parent_id
        for below in reversed(path):
            row = rows[below]
            parent = None if row.parent_id is None else found[row.parent_id]
            like = _like(row, parent)
            if like not in there:
                there[like] = FolderRow.insert(
                    profile_id=to_id,
                    parent_id=parent,
                    name=row.name,
                    position=row.position,
                    created_at=now_ms,
                    colour=row.colour,
                    system_prompt=row.system_prompt,
                    model=row.model,
                ).execute(db)
                made.append(there[like])
            found[below] = there[like]
    return {folder_id: found[folder_id] for folder_id in wanted}


def _like(row: FolderRow, parent: int | None) -> tuple[int | None, str, str, str, str]:
    return parent, fold(row.name), row.colour, row.system_prompt, row.model


def _move_tags(db: APSWDatabase, ids: Sequence[str], to_id: int) -> tuple[int, ...]:
    """Let sessions that have come to a profile bear its tags of the same names; return those that were made."""
    marks = ", ".join("?" * len(ids))
    sql = f"SELECT DISTINCT tag_id FROM session_tag WHERE session_id IN ({marks})"  # noqa: S608
    used = [tag_id for (tag_id,) in db.execute_sql(sql, ids)]
    if not used:
        return ()
    made: list[int] = []
    there = {fold(row.name): row.id for row in TagRow.select().where(TagRow.profile_id == to_id).execute(db)}
    for tag in tuple(TagRow.select().where(TagRow.id.in_(used)).execute(db)):
        name = fold(tag.name)
        if name not in there:
            there[name] = TagRow.insert(profile_id=to_id, name=tag.name, colour=tag.colour).execute(db)
            made.append(there[name])
        borne = f"FROM session_tag WHERE tag_id = ? AND session_id IN ({marks})"
        new = f"INSERT OR IGNORE INTO session_tag (session_id, tag_id) SELECT session_id, ? {borne}"
        db.execute_sql(new, (there[name], tag.id, *ids))
        db.execute_sql(f"DELETE {borne}", (tag.id, *ids))
    return tuple(made)


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


def _inherit_tags(db: APSWDatabase, profile_id: int, heir_id: int) -> None:
    """Hand over tags that no session bears, but for those whose names the heir has."""
    taken = {fold(row.name) for row in TagRow.select().where(TagRow.profile_id == heir_id).execute(db)}
    for tag in tuple(TagRow.select().where(TagRow.profile_id == profile_id).order_by(TagRow.id).execute(db)):
        if fold(tag.name) not in taken:
            taken.add(fold(tag.name))
            TagRow.update(profile_id=heir_id).where(TagRow.id == tag.id).execute(db)
    db.execute_sql("DELETE FROM tag WHERE profile_id = ?", (profile_id,))


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
