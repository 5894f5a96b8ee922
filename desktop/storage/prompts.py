"""The texts that were kept for the composer, of one profile at a time."""

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.folding import fold
from desktop.domain.saved_prompts import Prompt
from desktop.i18n import _
from desktop.storage.words import clean

_COLUMNS = "SELECT id, name, text FROM prompt"


def every(db: APSWDatabase, profile: int) -> tuple[Prompt, ...]:
    """Return the prompts of a profile by their names."""
    rows = db.execute_sql(f"{_COLUMNS} WHERE profile_id = ?", (profile,)).fetchall()
    found = (Prompt(id=id_, name=name, text=text) for id_, name, text in rows)
    return tuple(sorted(found, key=lambda prompt: (fold(prompt.name), prompt.id)))


def get(db: APSWDatabase, profile: int, prompt_id: int) -> Prompt:
    """Return a prompt; raise `NotFound`."""
    row = db.execute_sql(f"{_COLUMNS} WHERE profile_id = ? AND id = ?", (profile, prompt_id)).fetchone()
    if row is None:
        raise NotFound(_("There is no prompt {id}.").format(id=prompt_id))
    return Prompt(id=row[0], name=row[1], text=row[2])


def add(db: APSWDatabase, profile: int, *, name: str, text: str, now_ms: int) -> Prompt:
    """Keep a text; raise `WrongUse` where another one has that name."""
    _look_free(db, profile, name, besides=0)
    sql = "INSERT INTO prompt (profile_id, name, text, created_at) VALUES (?, ?, ?, ?)"
    db.execute_sql(sql, (profile, clean(name), clean(text), now_ms))
    return get(db, profile, db.connection().last_insert_rowid())


def change(db: APSWDatabase, profile: int, prompt_id: int, *, name: str, text: str) -> Prompt:
    """Give a prompt another name and text; raise `NotFound`, or `WrongUse` where another one has that name."""
    get(db, profile, prompt_id)
    _look_free(db, profile, name, besides=prompt_id)
    db.execute_sql("UPDATE prompt SET name = ?, text = ? WHERE id = ?", (clean(name), clean(text), prompt_id))
    return get(db, profile, prompt_id)


def remove(db: APSWDatabase, profile: int, prompt_id: int) -> Prompt:
    """Remove a prompt and return what it was; raise `NotFound`."""
    found = get(db, profile, prompt_id)
    db.execute_sql("DELETE FROM prompt WHERE id = ?", (prompt_id,))
    return found


def _look_free(db: APSWDatabase, profile: int, name: str, *, besides: int) -> None:
    sql = "SELECT 1 FROM prompt WHERE profile_id = ? AND name = ? AND id != ?"
    if db.execute_sql(sql, (profile, clean(name), besides)).fetchone() is not None:
        raise WrongUse(_("There is a prompt called “{name}” already. Give this one another name.").format(name=name))
