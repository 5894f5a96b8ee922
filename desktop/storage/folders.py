"""Folders: a forest for each profile. No folder ever lies in itself, however they are moved."""

from collections.abc import Iterable, Mapping

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.organising import Folder
from desktop.i18n import _
from desktop.storage.rows import FolderRow

_COLUMNS = "id, name, parent_id, colour, system_prompt, model, position"


def every(db: APSWDatabase, profile: int, counts: Mapping[int, int] | None = None) -> tuple[Folder, ...]:
    """Return the folders of a profile, each behind the one it lies in, in their order; counts include what is nested.

    `counts` are the sessions that are in each folder itself.
    """
    sql = f"SELECT {_COLUMNS} FROM folder WHERE profile_id = ? ORDER BY position, id"  # noqa: S608
    found = {row[0]: row for row in db.execute_sql(sql, (profile,))}
    below: dict[int | None, list[int]] = {}
    for id_, row in found.items():
        below.setdefault(row[2] if row[2] in found else None, []).append(id_)
    order: list[int] = []
    waiting = below.get(None, [])[::-1]
    while waiting:
        order.append(waiting.pop())
        waiting += below.get(order[-1], [])[::-1]
    sums = dict.fromkeys(order, 0) | {id_: count for id_, count in (counts or {}).items() if id_ in found}
    for id_ in reversed(order):
        if (parent := found[id_][2]) in sums:
            sums[parent] += sums[id_]
    return tuple(_folder(found[id_], sums[id_]) for id_ in order)


def get(db: APSWDatabase, folder_id: int) -> Folder:
    """Return a folder without its count; raise `NotFound`."""
    row = db.execute_sql(f"SELECT {_COLUMNS} FROM folder WHERE id = ?", (folder_id,)).fetchone()  # noqa: S608
    if row is None:
        raise NotFound(_("There is no folder {number}.").format(number=folder_id))
    return _folder(row, 0)


def _folder(row: tuple[int, str, int | None, str, str, str, int], count: int) -> Folder:
    id_, name, parent_id, colour, system_prompt, model, position = row
    return Folder(
        id=id_,
        name=name,
        parent_id=parent_id,
        colour=colour,
        system_prompt=system_prompt,
        model=model,
        position=position,
        count=count,
    )


def subtree(db: APSWDatabase, folder_id: int) -> tuple[int, ...]:
    """Return a folder and all that is nested in it."""
    sql = """
        WITH RECURSIVE inside(id) AS (
            SELECT ? UNION SELECT folder.id FROM folder JOIN inside ON folder.parent_id = inside.id
        )
        SELECT id FROM inside
    """
    return tuple(id_ for (id_,) in db.execute_sql(sql, (folder_id,)))


def children(db: APSWDatabase, profile: int, folder_id: int | None) -> tuple[int, ...]:
    """Return the folders that lie in a folder itself, or with None in none, in their order."""
    sql = "SELECT id FROM folder WHERE profile_id = ? AND parent_id IS ? ORDER BY position, id"
    return tuple(id_ for (id_,) in db.execute_sql(sql, (profile, folder_id)))


def above(db: APSWDatabase, folder_id: int) -> tuple[Folder, ...]:
    """Return a folder and those it lies in, itself first; raise `NotFound`."""
    found = [get(db, folder_id)]
    while (parent := found[-1].parent_id) is not None:
        found.append(get(db, parent))
    return tuple(found)


def defaults(db: APSWDatabase, folder_id: int) -> tuple[str, str]:
    """Return the system prompt and the model of new sessions: of the nearest folder that has one; raise `NotFound`."""
    folders = above(db, folder_id)
    return _first(folder.system_prompt for folder in folders), _first(folder.model for folder in folders)


def _first(values: Iterable[str]) -> str:
    return next(filter(None, values), "")


def check_parent(db: APSWDatabase, profile: int, folder_id: int | None, parent_id: int | None) -> None:
    """See that a folder may lie in another; raise `NotFound`, or `WrongUse` where it would lie in itself."""
    if parent_id is None:
        return
    if profile_of(db, parent_id) != profile:
        raise NotFound(_("There is no folder {number}.").format(number=parent_id))
    if folder_id is not None and parent_id in subtree(db, folder_id):
        raise WrongUse(_("A folder cannot be moved into itself."))


def profile_of(db: APSWDatabase, folder_id: int) -> int:
    """Return whose a folder is; raise `NotFound`."""
    row = FolderRow.select(FolderRow.profile_id).where(FolderRow.id == folder_id).tuples().bind(db).first()
    if row is None:
        raise NotFound(_("There is no folder {number}.").format(number=folder_id))
    return int(row[0])


def members(db: APSWDatabase, folder_id: int) -> tuple[str, ...]:
    """Return the sessions that are in a folder itself, those of the archive and of the trash too."""
    sql = "SELECT id FROM session INDEXED BY session_folder WHERE folder_id = ?"
    return tuple(id_ for (id_,) in db.execute_sql(sql, (folder_id,)))
