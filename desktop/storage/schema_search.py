"""The tables of version 5: the index of everything. Frozen, as `schema.py`.

Design note. The indexes hold tokens that the program makes itself (`domain/search_words.py`, `search_index.py`), and
no places: `detail=none` and `columnsize=0`. They are external-content tables over views that make the same tokens from
the rows, so that FTS5's own `integrity-check` proves index = content, and its `rebuild` mends it. The triggers take
what a row was out of the index before a change and put what it is into it afterwards, whoever changes it; what streams
is in none of the views, so a checkpoint costs the index nothing.

Bytes of index for each message of 590 bytes (a million messages, four languages, code): see `desktop/DESIGN.md`.
"""

_CHANGES = "id, session_id, role, status, created_at, model, thinking, tool_calls, content"
_TAKE_OUT = "INSERT INTO message_words(message_words, rowid, tokens) SELECT 'delete', id, tokens FROM message_indexed"
_PUT_IN = "INSERT INTO message_words(rowid, tokens) SELECT id, tokens FROM message_indexed"
_KNOW_MODEL = """
    INSERT INTO message_model(name) SELECT new.model
    WHERE NOT EXISTS (SELECT 1 FROM message_model WHERE name = new.model);
"""
_OTHERS = "(SELECT count(*) FROM attachment WHERE message_id = {row}.message_id)"

VERSION_5: tuple[str, ...] = (
    *(
        f"DROP TRIGGER IF EXISTS {name}"
        for name in (
            *("message_words_insert", "message_words_enter", "message_words_leave", "message_words_change"),
            *("message_words_delete", "session_words_insert", "session_words_update", "session_words_delete"),
        )
    ),
    "DROP TABLE message_words",
    "DROP TABLE session_words",
    "CREATE INDEX session_profile ON session(profile_id)",
    "CREATE TABLE message_model (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    "INSERT INTO message_model(name) SELECT DISTINCT model FROM message",
    """
    CREATE VIEW message_indexed(id, tokens) AS
    SELECT id, sobremesa_message_tokens(
        content, role, (SELECT number FROM message_model WHERE name = message.model), thinking <> '',
        tool_calls <> '[]', EXISTS (SELECT 1 FROM attachment WHERE message_id = message.id),
        (SELECT number FROM session WHERE session.id = message.session_id), created_at
    )
    FROM message WHERE status <> 'streaming'
    """,
    """
    CREATE VIEW session_indexed(id, tokens) AS SELECT number, sobremesa_title_tokens(title) FROM session
    """,
    """
    CREATE VIRTUAL TABLE message_words USING fts5(
        tokens, content = 'message_indexed', content_rowid = 'id', tokenize = 'ascii', detail = none, columnsize = 0
    )
    """,
    """
    CREATE VIRTUAL TABLE session_words USING fts5(
        tokens, content = 'session_indexed', content_rowid = 'id', tokenize = 'ascii', detail = none, columnsize = 0
    )
    """,
    f"""
    CREATE TRIGGER message_words_insert AFTER INSERT ON message WHEN new.status <> 'streaming' BEGIN
        {_KNOW_MODEL}
        {_PUT_IN} WHERE id = new.id;
    END
    """,
    f"""
    CREATE TRIGGER message_words_leave BEFORE UPDATE OF {_CHANGES} ON message WHEN old.status <> 'streaming' BEGIN
        {_TAKE_OUT} WHERE id = old.id;
    END
    """,
    f"""
    CREATE TRIGGER message_words_enter AFTER UPDATE OF {_CHANGES} ON message WHEN new.status <> 'streaming' BEGIN
        {_KNOW_MODEL}
        {_PUT_IN} WHERE id = new.id;
    END
    """,
    f"""
    CREATE TRIGGER message_words_delete BEFORE DELETE ON message WHEN old.status <> 'streaming' BEGIN
        {_TAKE_OUT} WHERE id = old.id;
    END
    """,
    f"""
    CREATE TRIGGER attachment_words_before BEFORE INSERT ON attachment WHEN {_OTHERS.format(row="new")} = 0 BEGIN
        {_TAKE_OUT} WHERE id = new.message_id;
    END
    """,
    f"""
    CREATE TRIGGER attachment_words_insert AFTER INSERT ON attachment WHEN {_OTHERS.format(row="new")} = 1 BEGIN
        {_PUT_IN} WHERE id = new.message_id;
    END
    """,
    f"""
    CREATE TRIGGER attachment_words_leave BEFORE DELETE ON attachment WHEN {_OTHERS.format(row="old")} = 1 BEGIN
        {_TAKE_OUT} WHERE id = old.message_id;
    END
    """,
    f"""
    CREATE TRIGGER attachment_words_delete AFTER DELETE ON attachment WHEN {_OTHERS.format(row="old")} = 0 BEGIN
        {_PUT_IN} WHERE id = old.message_id;
    END
    """,
    """
    CREATE TRIGGER session_words_insert AFTER INSERT ON session BEGIN
        INSERT INTO session_words(rowid, tokens) VALUES (new.number, sobremesa_title_tokens(new.title));
    END
    """,
    """
    CREATE TRIGGER session_words_leave BEFORE UPDATE OF title ON session WHEN new.title IS NOT old.title BEGIN
        INSERT INTO session_words(session_words, rowid, tokens)
        VALUES ('delete', old.number, sobremesa_title_tokens(old.title));
    END
    """,
    """
    CREATE TRIGGER session_words_update AFTER UPDATE OF title ON session WHEN new.title IS NOT old.title BEGIN
        INSERT INTO session_words(rowid, tokens) VALUES (new.number, sobremesa_title_tokens(new.title));
    END
    """,
    """
    CREATE TRIGGER session_words_delete BEFORE DELETE ON session BEGIN
        INSERT INTO session_words(session_words, rowid, tokens)
        VALUES ('delete', old.number, sobremesa_title_tokens(old.title));
    END
    """,
    "INSERT INTO message_words(message_words) VALUES ('rebuild')",
    "INSERT INTO session_words(session_words) VALUES ('rebuild')",
)
