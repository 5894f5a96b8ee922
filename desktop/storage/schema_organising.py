"""The tables of version 4: what keeps sessions in order. Frozen, as `schema.py`.

- `session.folded` is the title without case and accents (`domain/folding.py`), written by triggers whoever writes the
  title. It stands in the index of the list, so that a filter reads that index alone: 100,000 titles, not 100,000 rows.
- `session_list` covers what a line of the sidebar shows; the other orders read the rows of their page.
- `used` counts what was picked in the palette, for what is used most stands first there.
"""

VERSION_4: tuple[str, ...] = (
    "ALTER TABLE profile ADD COLUMN colour TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE profile ADD COLUMN language TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE profile ADD COLUMN location TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE profile ADD COLUMN preferences TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE profile ADD COLUMN budget REAL",
    "ALTER TABLE profile ADD COLUMN passphrase TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE folder ADD COLUMN colour TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE folder ADD COLUMN system_prompt TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE folder ADD COLUMN model TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX folder_profile ON folder(profile_id)",
    "CREATE INDEX folder_parent ON folder(parent_id)",
    "ALTER TABLE session ADD COLUMN folded TEXT NOT NULL DEFAULT ''",
    "UPDATE session SET folded = sobremesa_fold(title)",
    """
    CREATE TRIGGER session_folded_insert AFTER INSERT ON session BEGIN
        UPDATE session SET folded = sobremesa_fold(new.title) WHERE number = new.number;
    END
    """,
    """
    CREATE TRIGGER session_folded_update AFTER UPDATE OF title ON session WHEN new.title IS NOT old.title BEGIN
        UPDATE session SET folded = sobremesa_fold(new.title) WHERE number = new.number;
    END
    """,
    "DROP INDEX session_list",
    """
    CREATE INDEX session_list ON session(
        profile_id, deleted_at, is_active, pinned DESC, updated_at DESC, id DESC,
        folder_id, is_resolved, message_count, active_leaf, created_at, model, title, folded
    )
    """,
    """
    CREATE INDEX session_created
        ON session(profile_id, deleted_at, is_active, pinned DESC, created_at DESC, id DESC)
    """,
    "CREATE INDEX session_title ON session(profile_id, deleted_at, is_active, pinned DESC, folded, id DESC)",
    "DROP INDEX session_folder",
    """
    CREATE INDEX session_folder
        ON session(folder_id, deleted_at, is_active, pinned DESC, updated_at DESC, id DESC)
        WHERE folder_id IS NOT NULL
    """,
    """
    CREATE TABLE saved_search (
        id INTEGER PRIMARY KEY,
        profile_id INTEGER NOT NULL REFERENCES profile(id),
        name TEXT NOT NULL,
        query TEXT NOT NULL,
        position INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL
    )
    """,
    "CREATE INDEX saved_search_profile ON saved_search(profile_id)",
    """
    CREATE TABLE prompt (
        id INTEGER PRIMARY KEY,
        profile_id INTEGER NOT NULL REFERENCES profile(id),
        name TEXT NOT NULL,
        text TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        UNIQUE (profile_id, name)
    )
    """,
    """
    CREATE TABLE used (
        profile_id INTEGER NOT NULL REFERENCES profile(id),
        name TEXT NOT NULL,
        uses INTEGER NOT NULL DEFAULT 0,
        used_at INTEGER NOT NULL,
        PRIMARY KEY (profile_id, name)
    ) WITHOUT ROWID
    """,
)
