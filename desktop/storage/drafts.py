"""What stands unsent in the composers."""

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.organising import GUEST
from desktop.storage.rows import DraftRow


def new_key(profile_id: int) -> str:
    """Return under which id the draft of a profile's next session is kept; no session can be called so."""
    return "" if profile_id == GUEST else f"\0{profile_id}"


def get(db: APSWDatabase, session_id: str) -> str:
    """Return the draft of a session, or nothing; the empty id is the session that does not exist yet."""
    found = DraftRow.select(DraftRow.text).where(DraftRow.session_id == session_id).bind(db).first()
    return "" if found is None else str(found.text)


def save(db: APSWDatabase, session_id: str, text: str, *, now_ms: int) -> None:
    """Keep the draft of a session; an empty text removes it."""
    if not text:
        DraftRow.delete().where(DraftRow.session_id == session_id).execute(db)
        return
    columns = {"text": text, "updated_at": now_ms}
    if not DraftRow.update(**columns).where(DraftRow.session_id == session_id).execute(db):
        DraftRow.insert(session_id=session_id, **columns).execute(db)
