"""The tables of version 3: the bill, and what a person decided about a summary. Frozen, as `schema.py`.

- `spending` adds up what was asked of providers, a row for each day, model and purpose: some thousand rows after years,
  where a sum over a million messages would read them all. It is written with the row of the answer, in one transaction.
- `side_run` holds what was asked beside the answers (titles, summaries, follow-ups), for the bill of a session.
"""

VERSION_3: tuple[str, ...] = (
    """
    CREATE TABLE spending (
        profile_id INTEGER NOT NULL,
        day TEXT NOT NULL,
        model TEXT NOT NULL,
        purpose TEXT NOT NULL,
        runs INTEGER NOT NULL DEFAULT 0,
        unpriced INTEGER NOT NULL DEFAULT 0,
        estimated INTEGER NOT NULL DEFAULT 0,
        input_tokens INTEGER NOT NULL DEFAULT 0,
        output_tokens INTEGER NOT NULL DEFAULT 0,
        cached_tokens INTEGER NOT NULL DEFAULT 0,
        reasoning_tokens INTEGER NOT NULL DEFAULT 0,
        cost REAL NOT NULL DEFAULT 0,
        timed_runs INTEGER NOT NULL DEFAULT 0,
        timed_ms INTEGER NOT NULL DEFAULT 0,
        paced_ms INTEGER NOT NULL DEFAULT 0,
        paced_tokens INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (profile_id, day, model, purpose)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE side_run (
        id INTEGER PRIMARY KEY,
        session_id TEXT NOT NULL REFERENCES session(id) ON DELETE CASCADE,
        purpose TEXT NOT NULL,
        model TEXT NOT NULL,
        input_tokens INTEGER,
        output_tokens INTEGER,
        cached_tokens INTEGER,
        reasoning_tokens INTEGER,
        usage_estimated INTEGER NOT NULL DEFAULT 0,
        cost REAL,
        created_at INTEGER NOT NULL
    )
    """,
    "CREATE INDEX side_run_session ON side_run(session_id)",
    "ALTER TABLE summary ADD COLUMN state TEXT NOT NULL DEFAULT ''",
    """
    INSERT INTO spending
        (profile_id, day, model, purpose, runs, unpriced, estimated, input_tokens, output_tokens, cached_tokens,
         reasoning_tokens, cost, timed_runs, timed_ms, paced_ms, paced_tokens)
    SELECT session.profile_id, date(message.created_at / 1000, 'unixepoch', 'localtime'), message.model, 'answer',
        count(*), count(*) - count(message.cost), sum(message.usage_estimated), coalesce(sum(input_tokens), 0),
        coalesce(sum(output_tokens), 0), coalesce(sum(cached_tokens), 0), coalesce(sum(reasoning_tokens), 0),
        coalesce(sum(message.cost), 0), count(response_time_ms), coalesce(sum(response_time_ms), 0),
        coalesce(sum(CASE WHEN output_tokens > 0 THEN response_time_ms END), 0),
        coalesce(sum(CASE WHEN response_time_ms IS NOT NULL THEN output_tokens END), 0)
    FROM message CROSS JOIN session ON session.id = message.session_id
    WHERE role = 'assistant' AND status <> 'streaming'
        AND (input_tokens IS NOT NULL OR message.cost IS NOT NULL OR response_time_ms IS NOT NULL)
    GROUP BY 1, 2, 3
    """,
)
