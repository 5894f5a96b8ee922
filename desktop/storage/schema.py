"""The tables as each migration makes them. Frozen: a later version changes them in a migration of its own.

Notes on the choices:

- `message.id` is AUTOINCREMENT, so it grows in the order of writing whatever the clock does, and is never used twice.
  A child's id is greater than its parent's.
- Narrow columns come first: walking up a path reads only the first page of a row, never the pages of a long answer.
- `message.parent_id` does not cascade: a session's rows hang on each other up to 100,000 deep, and SQLite's triggers
  stop at a depth of 1,000. It is checked at the commit instead.
- The full-text indexes hold no text of their own. A message is indexed when its run ends, not at each checkpoint.
- Partial indexes serve the queries that look for few rows among many: what streams, what is in the trash.
"""

APPLICATION_ID = 0x536F6272
"""`Sobr`, in the file's header: tells our databases from other programs'."""

VERSION_1: tuple[str, ...] = (
    """
    CREATE TABLE migration (
        version INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        applied_at INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE profile (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        created_at INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE folder (
        id INTEGER PRIMARY KEY,
        profile_id INTEGER NOT NULL DEFAULT 1 REFERENCES profile(id),
        parent_id INTEGER REFERENCES folder(id),
        name TEXT NOT NULL,
        position INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE session (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        profile_id INTEGER NOT NULL DEFAULT 1 REFERENCES profile(id),
        title TEXT NOT NULL DEFAULT '',
        title_is_auto INTEGER NOT NULL DEFAULT 1,
        pinned INTEGER NOT NULL DEFAULT 0,
        is_active INTEGER NOT NULL DEFAULT 1,
        is_resolved INTEGER NOT NULL DEFAULT 0,
        deleted_at INTEGER,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        message_count INTEGER NOT NULL DEFAULT 0,
        active_leaf INTEGER REFERENCES message(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
        folder_id INTEGER REFERENCES folder(id) ON DELETE SET NULL,
        model TEXT NOT NULL DEFAULT '',
        language TEXT NOT NULL DEFAULT '',
        topic TEXT NOT NULL DEFAULT '',
        params TEXT NOT NULL DEFAULT '{}',
        context TEXT NOT NULL DEFAULT '{}',
        system_prompt TEXT NOT NULL DEFAULT '',
        summary TEXT NOT NULL DEFAULT ''
    )
    """,
    """
    CREATE INDEX session_list
        ON session(profile_id, deleted_at, is_active, pinned DESC, updated_at DESC, id DESC)
    """,
    """
    CREATE INDEX session_trash
        ON session(profile_id, pinned DESC, updated_at DESC, id DESC) WHERE deleted_at IS NOT NULL
    """,
    "CREATE INDEX session_active_leaf ON session(active_leaf) WHERE active_leaf IS NOT NULL",
    "CREATE INDEX session_folder ON session(folder_id) WHERE folder_id IS NOT NULL",
    """
    CREATE TABLE message (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        session_id TEXT NOT NULL REFERENCES session(id),
        parent_id INTEGER REFERENCES message(id) DEFERRABLE INITIALLY DEFERRED,
        depth INTEGER NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant', 'tool')),
        status TEXT NOT NULL,
        deleted_at INTEGER,
        created_at INTEGER NOT NULL,
        uid TEXT NOT NULL UNIQUE,
        owner TEXT NOT NULL DEFAULT '',
        author TEXT NOT NULL DEFAULT '',
        model TEXT NOT NULL DEFAULT '',
        input_tokens INTEGER,
        output_tokens INTEGER,
        cached_tokens INTEGER,
        reasoning_tokens INTEGER,
        usage_estimated INTEGER NOT NULL DEFAULT 0,
        cost REAL,
        response_time_ms INTEGER,
        finish_reason TEXT NOT NULL DEFAULT '',
        tool_call_id TEXT NOT NULL DEFAULT '',
        digest TEXT NOT NULL DEFAULT '',
        tokens TEXT NOT NULL DEFAULT '{}',
        fault TEXT,
        metadata TEXT NOT NULL DEFAULT '{}',
        tool_calls TEXT NOT NULL DEFAULT '[]',
        thinking TEXT NOT NULL DEFAULT '',
        content TEXT NOT NULL DEFAULT ''
    )
    """,
    "CREATE INDEX message_tree ON message(session_id, parent_id, deleted_at)",
    "CREATE INDEX message_depth ON message(session_id, depth)",
    "CREATE INDEX message_parent ON message(parent_id, deleted_at) WHERE parent_id IS NOT NULL",
    "CREATE INDEX message_streaming ON message(owner) WHERE status = 'streaming'",
    "CREATE INDEX message_trash ON message(id) WHERE deleted_at IS NOT NULL",
    """
    CREATE TABLE attachment (
        id INTEGER PRIMARY KEY,
        message_id INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
        position INTEGER NOT NULL DEFAULT 0,
        name TEXT NOT NULL,
        media_type TEXT NOT NULL,
        digest TEXT NOT NULL,
        size INTEGER NOT NULL
    )
    """,
    "CREATE INDEX attachment_message ON attachment(message_id)",
    "CREATE INDEX attachment_digest ON attachment(digest)",
    """
    CREATE TABLE tag (
        id INTEGER PRIMARY KEY,
        profile_id INTEGER NOT NULL DEFAULT 1 REFERENCES profile(id),
        name TEXT NOT NULL,
        colour TEXT NOT NULL DEFAULT '',
        UNIQUE (profile_id, name)
    )
    """,
    """
    CREATE TABLE session_tag (
        session_id TEXT NOT NULL REFERENCES session(id) ON DELETE CASCADE,
        tag_id INTEGER NOT NULL REFERENCES tag(id) ON DELETE CASCADE,
        PRIMARY KEY (session_id, tag_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX session_tag_tag ON session_tag(tag_id)",
    """
    CREATE TABLE summary (
        id INTEGER PRIMARY KEY,
        session_id TEXT NOT NULL REFERENCES session(id) ON DELETE CASCADE,
        first_message_id INTEGER REFERENCES message(id) ON DELETE CASCADE,
        last_message_id INTEGER REFERENCES message(id) ON DELETE CASCADE,
        is_edited INTEGER NOT NULL DEFAULT 0,
        model TEXT NOT NULL DEFAULT '',
        created_at INTEGER NOT NULL,
        content TEXT NOT NULL
    )
    """,
    "CREATE INDEX summary_session ON summary(session_id)",
    "CREATE INDEX summary_first ON summary(first_message_id)",
    "CREATE INDEX summary_last ON summary(last_message_id)",
    """
    CREATE TABLE draft (
        session_id TEXT PRIMARY KEY,
        text TEXT NOT NULL,
        updated_at INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE source (
        id INTEGER PRIMARY KEY,
        profile_id INTEGER NOT NULL DEFAULT 1 REFERENCES profile(id),
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        origin TEXT NOT NULL DEFAULT '',
        digest TEXT NOT NULL DEFAULT '',
        metadata TEXT NOT NULL DEFAULT '{}',
        deleted_at INTEGER,
        created_at INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE citation (
        id INTEGER PRIMARY KEY,
        message_id INTEGER NOT NULL REFERENCES message(id) ON DELETE CASCADE,
        source_id INTEGER REFERENCES source(id) ON DELETE SET NULL,
        position INTEGER NOT NULL DEFAULT 0,
        similarity REAL,
        title TEXT NOT NULL DEFAULT '',
        place TEXT NOT NULL DEFAULT '',
        quote TEXT NOT NULL DEFAULT ''
    )
    """,
    "CREATE INDEX citation_message ON citation(message_id)",
    "CREATE INDEX citation_source ON citation(source_id)",
    """
    CREATE TABLE preset (
        id INTEGER PRIMARY KEY,
        profile_id INTEGER NOT NULL DEFAULT 1 REFERENCES profile(id),
        name TEXT NOT NULL,
        model TEXT NOT NULL DEFAULT '',
        system_prompt TEXT NOT NULL DEFAULT '',
        params TEXT NOT NULL DEFAULT '{}',
        created_at INTEGER NOT NULL,
        UNIQUE (profile_id, name)
    )
    """,
    """
    CREATE TABLE provider (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        api_base TEXT NOT NULL DEFAULT '',
        key_source TEXT NOT NULL DEFAULT 'none',
        key_variable TEXT NOT NULL DEFAULT '',
        key_hint TEXT NOT NULL DEFAULT '',
        models TEXT NOT NULL DEFAULT '[]',
        enabled INTEGER NOT NULL DEFAULT 1,
        created_at INTEGER NOT NULL
    )
    """,
    """
    CREATE VIRTUAL TABLE message_words USING fts5(
        content, content = 'message', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE VIRTUAL TABLE session_words USING fts5(
        title, content = 'session', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER message_words_insert AFTER INSERT ON message WHEN new.status <> 'streaming' BEGIN
        INSERT INTO message_words(rowid, content) VALUES (new.id, new.content);
    END
    """,
    """
    CREATE TRIGGER message_words_enter AFTER UPDATE OF status ON message
    WHEN old.status = 'streaming' AND new.status <> 'streaming' BEGIN
        INSERT INTO message_words(rowid, content) VALUES (new.id, new.content);
    END
    """,
    """
    CREATE TRIGGER message_words_leave AFTER UPDATE OF status ON message
    WHEN old.status <> 'streaming' AND new.status = 'streaming' BEGIN
        INSERT INTO message_words(message_words, rowid, content) VALUES ('delete', old.id, old.content);
    END
    """,
    """
    CREATE TRIGGER message_words_change AFTER UPDATE OF content ON message
    WHEN old.status <> 'streaming' AND new.status <> 'streaming' BEGIN
        INSERT INTO message_words(message_words, rowid, content) VALUES ('delete', old.id, old.content);
        INSERT INTO message_words(rowid, content) VALUES (new.id, new.content);
    END
    """,
    """
    CREATE TRIGGER message_words_delete AFTER DELETE ON message WHEN old.status <> 'streaming' BEGIN
        INSERT INTO message_words(message_words, rowid, content) VALUES ('delete', old.id, old.content);
    END
    """,
    """
    CREATE TRIGGER session_words_insert AFTER INSERT ON session BEGIN
        INSERT INTO session_words(rowid, title) VALUES (new.number, new.title);
    END
    """,
    """
    CREATE TRIGGER session_words_update AFTER UPDATE OF title ON session BEGIN
        INSERT INTO session_words(session_words, rowid, title) VALUES ('delete', old.number, old.title);
        INSERT INTO session_words(rowid, title) VALUES (new.number, new.title);
    END
    """,
    """
    CREATE TRIGGER session_words_delete AFTER DELETE ON session BEGIN
        INSERT INTO session_words(session_words, rowid, title) VALUES ('delete', old.number, old.title);
    END
    """,
)

VERSION_2: tuple[str, ...] = (
    """
    CREATE TABLE model_fact (
        address TEXT NOT NULL,
        name TEXT NOT NULL,
        value REAL NOT NULL,
        weight REAL NOT NULL DEFAULT 0,
        updated_at INTEGER NOT NULL,
        PRIMARY KEY (address, name)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE context_mark (
        message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE,
        session_id TEXT NOT NULL REFERENCES session(id) ON DELETE CASCADE,
        mark TEXT NOT NULL CHECK (mark IN ('pinned', 'excluded'))
    )
    """,
    "CREATE INDEX context_mark_session ON context_mark(session_id, mark)",
)
"""What models taught (their true window, how far an estimate is off), and what the user pinned to or kept out of the
context: a table of its own, since a column added behind a message's words would be read through all of them.
"""
