"""What stands unsent in the composers."""

from playhouse.apsw_ext import APSWDatabase

from desktop.storage.rows import DraftRow


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
