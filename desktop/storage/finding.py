"""What finding reads of a path: messages by their ids, in pages, with no more columns than it takes.

Where it can, the database itself leaves out what cannot match: a hundred messages in the time that one takes in Python,
and without the interpreter, which the window and the streams need.
"""

import json
from collections.abc import Sequence

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.finding import Source
from desktop.domain.messages import Role

# What Markdown leaves out within a word.
_MARKUP = "*_~`$\\<>()"
_BARE = "message.content"
for _char in _MARKUP:
    _BARE = f"replace({_BARE}, '{_char}', '')"
_GIANT = 100_000

# What no pattern of the database can judge is let through, for `Sieve` to judge: letters that are folded in another way
# than ASCII's, what is shown in another way than it is written, what is long, and what holds a character that ends it.
_ODD = f"""
    octet_length(message.content) > {_GIANT}
    OR instr(message.content, '](') OR instr(message.content, ']:') OR instr(message.content, '][')
    OR instr(message.content, '![') OR instr(message.content, 'xn--')
    OR message.content GLOB '*&[#A-Za-z0-9_]*' OR message.content GLOB '*%[0-9A-Fa-f][0-9A-Fa-f]*'
    OR instr(message.content, char(0)) OR instr(message.thinking, char(0))
"""
_FOREIGN = """
    OR octet_length(message.content) <> length(message.content)
    OR octet_length(message.thinking) <> length(message.thinking)
"""
_SOURCES = """
    SELECT wanted.key, message.id, message.depth, message.role, message.content, message.thinking
    FROM json_each(?1) AS wanted CROSS JOIN message ON message.id = wanted.value
"""
_BY_CASE = f"WHERE {_BARE} GLOB ?2 OR message.thinking GLOB ?2 OR {_ODD}"
_BY_LETTER = f"WHERE {_BARE} LIKE ?2 OR message.thinking LIKE ?2 OR {_ODD} {_FOREIGN}"

# Read from the index alone, so it costs little however long the session is.
_FORKS = """
    SELECT parent_id, count(*) FROM message WHERE session_id = ? AND deleted_at IS NULL
    GROUP BY parent_id HAVING count(*) > 1
"""
_QUESTIONS = "SELECT id FROM message WHERE id IN (SELECT value FROM json_each(?)) AND role = ?"
_DEPTHS = "SELECT id, depth FROM message WHERE id IN (SELECT value FROM json_each(?))"


def questions(db: APSWDatabase, ids: Sequence[int]) -> set[int]:
    """Return those messages that are the user's."""
    return {id_ for (id_,) in db.connection().execute(_QUESTIONS, (json.dumps(list(ids)), Role.USER))}


def sources(
    db: APSWDatabase, ids: Sequence[int], *, pattern: str, match_case: bool, max_chars: int
) -> tuple[list[tuple[int, Source]], int]:
    """Return those of some messages that may match a `sieve_pattern`, with their places, and how many were looked at.

    These are fewer than all when `max_chars` is reached. What is gone is left out.
    """
    found: list[tuple[int, Source]] = []
    chars = 0
    sql, values = _SOURCES, [json.dumps(list(ids))]
    if pattern:
        sql += _BY_CASE if match_case else _BY_LETTER
        values.append(pattern if match_case else pattern.replace("*", "%"))
    for place, id_, depth, role, content, thinking in db.connection().execute(sql, values):
        found.append((place, Source(id_, depth, Role(role), content, thinking)))
        chars += len(content) + len(thinking)
        if chars >= max_chars:
            return found, place + 1
    return found, len(ids)


def forks(db: APSWDatabase, session_id: str) -> dict[int | None, int]:
    """Return how many children messages of a session have that have several; None is above the first message."""
    return dict(db.connection().execute(_FORKS, (session_id,)))


def depths(db: APSWDatabase, ids: Sequence[int]) -> dict[int, int]:
    """Return the depths of messages, by id."""
    return dict(db.connection().execute(_DEPTHS, (json.dumps(list(ids)),)))
