"""What finding reads of a path: its messages from any of them upwards, in pages, with no more columns than it takes.

A walk goes up by `parent_id`, so that what is nearest comes first and each page begins where the last one ended,
whatever is written meanwhile.
"""

import json
from collections.abc import Sequence

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.finding import Source
from desktop.domain.messages import Role

_UP = """
    WITH RECURSIVE up(id, parent_id, depth) AS (
        SELECT id, parent_id, depth FROM message WHERE id = ?
        UNION ALL
        SELECT message.id, message.parent_id, message.depth
        FROM up CROSS JOIN message ON message.id = up.parent_id
        WHERE message.depth < up.depth
    )
"""
_SOURCES = f"""
    {_UP} SELECT up.id, up.parent_id, up.depth, message.role, message.content, message.thinking
    FROM up CROSS JOIN message ON message.id = up.id LIMIT ?
"""  # noqa: S608  constants alone

# Read from the index alone, so it costs little however long the session is.
_FORKS = """
    SELECT parent_id FROM message WHERE session_id = ? AND deleted_at IS NULL GROUP BY parent_id HAVING count(*) > 1
"""
_QUESTIONS = "SELECT id FROM message WHERE id IN (SELECT value FROM json_each(?)) AND role = ?"
_DEPTHS = "SELECT id, depth FROM message WHERE id IN (SELECT value FROM json_each(?))"


def questions(db: APSWDatabase, ids: Sequence[int]) -> set[int]:
    """Return those messages that are the user's."""
    return {id_ for (id_,) in db.connection().execute(_QUESTIONS, (json.dumps(list(ids)), Role.USER))}


def sources(db: APSWDatabase, start: int, *, limit: int, max_chars: int) -> list[Source]:
    """Return the words of at most `limit` messages from `start` up to the root, or fewer when `max_chars` is reached.

    There is one at least if `start` exists.
    """
    found: list[Source] = []
    chars = 0
    for id_, parent, depth, role, content, thinking in db.connection().execute(_SOURCES, (start, limit)):
        found.append(Source(id_, parent, depth, Role(role), content, thinking))
        chars += len(content) + len(thinking)
        if chars >= max_chars:
            break
    return found


def forks(db: APSWDatabase, session_id: str) -> list[int | None]:
    """Return the messages of a session with several children; None where its first message has versions."""
    return [parent for (parent,) in db.connection().execute(_FORKS, (session_id,))]


def depths(db: APSWDatabase, ids: Sequence[int]) -> dict[int, int]:
    """Return the depths of messages, by id."""
    return dict(db.connection().execute(_DEPTHS, (json.dumps(list(ids)),)))
