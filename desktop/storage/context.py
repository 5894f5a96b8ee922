"""What the context engine reads: the newest part of a path without its words, then the words of what is sent.

The walk goes from the leaf upwards and stops when it is told, so that a path of 100,000 messages costs what fits into a
request and no more. Only the first page of a row is read: `octet_length` knows the length of the words behind it
without them, and counts of tokens stand before them.
"""

import json
from collections.abc import Callable, Iterable, Sequence

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.context import Mark, PathRow, Walk
from desktop.domain.messages import Role, Status, ToolCall
from desktop.domain.requests import ContextMessage
from desktop.storage import tree

PINNED_BEFORE, PINNED_AFTER = 12, 24
"""Messages read around a pinned one far up: the question it answers, and the results of its calls."""
MOST_PINNED = 100
CHUNK = 500

_COLUMNS = """
    message.id, message.depth, message.role, message.status, json_extract(message.tokens, :key),
    octet_length(message.content), message.tool_calls, message.tool_call_id
"""
_WALK = (
    f"{tree.UP} SELECT {_COLUMNS} FROM up CROSS JOIN message ON message.id = up.id WHERE message.session_id = :session"  # noqa: S608
)
_SOME = f"SELECT {_COLUMNS} FROM message WHERE id IN (SELECT value FROM json_each(:ids)) ORDER BY depth"  # noqa: S608
_WORDS = """
    SELECT id, role, content, tool_calls, tool_call_id FROM message WHERE id IN (SELECT value FROM json_each(?))
"""
_MARKS = "SELECT message_id, mark FROM context_mark WHERE session_id = ?"

_ROLES = {role.value: role for role in Role}
_Columns = tuple[int, int, str, str, int | None, int, str, str]


def walk(db: APSWDatabase, session_id: str, leaf: int, *, encoding: str, enough: Callable[[PathRow], bool]) -> Walk:
    """Return the path to `leaf` from its end, up to and including the first row that is `enough`."""
    connection = db.connection()
    marks = {id_: Mark(mark) for id_, mark in connection.execute(_MARKS, (session_id,))}
    key = key_of(encoding)
    newest: list[PathRow] = []
    for columns in connection.execute(_WALK, {"start": leaf, "first": 0, "key": key, "session": session_id}):
        row = _row(columns, marks)
        newest.append(row)
        if enough(row):
            break
    if not newest:
        return Walk()
    known = {row.id for row in newest}
    far = [id_ for id_, mark in marks.items() if mark is Mark.PINNED and id_ not in known]
    return Walk(tuple(newest), _around(db, newest[-1], far, key, marks) if far else ())


def _around(
    db: APSWDatabase, highest: PathRow, far: Sequence[int], key: str, marks: dict[int, Mark]
) -> tuple[PathRow, ...]:
    """Return the rows on the path above `highest` near the pinned messages that lie on it, root first."""
    found = dict(
        db.connection().execute(
            "SELECT id, depth FROM message WHERE depth < ? AND id IN (SELECT value FROM json_each(?))",
            (highest.depth, json.dumps(sorted(far, reverse=True)[:MOST_PINNED])),
        )
    )
    top = tree.get_row(db, highest.id)
    wanted: set[int] = set()
    for id_, depth in found.items():
        if id_ in wanted:
            continue
        last = min(depth + PINNED_AFTER, highest.depth - 1)
        ids = tree.ids_of_path(db, top, first_depth=max(0, depth - PINNED_BEFORE), last_depth=last)
        if id_ in ids:
            wanted.update(ids)
    rows = db.connection().execute(_SOME, {"ids": json.dumps(list(wanted)), "key": key})
    return tuple(_row(columns, marks) for columns in rows)


def _row(columns: _Columns, marks: dict[int, Mark]) -> PathRow:
    id_, depth, role, status, stored, octets, calls, result_of = columns
    found = () if calls == "[]" else tuple(str(call.get("id", "")) for call in json.loads(calls))
    return PathRow(
        id_,
        depth,
        _ROLES[role],
        octets if not found else octets + len(calls.encode("utf-8", "replace")),
        stored,
        octets > 0,
        role != "system" and status != Status.STREAMING,
        found,
        result_of,
        marks.get(id_, Mark.NONE),
    )


def words(db: APSWDatabase, ids: Iterable[int]) -> dict[int, ContextMessage]:
    """Return what would be sent of messages, by id."""
    found: dict[int, ContextMessage] = {}
    for id_, role, content, calls, result_of in db.connection().execute(_WORDS, (json.dumps(list(ids)),)):
        found[id_] = ContextMessage(
            role=_ROLES[role],
            content=content,
            tool_calls=()
            if calls == "[]"
            else tuple(
                ToolCall(id=call.get("id", ""), name=call.get("name", ""), arguments=call.get("arguments", ""))
                for call in json.loads(calls)
            ),
            tool_call_id=result_of,
        )
    return found


def key_of(encoding: str) -> str:
    """Return the JSON path of an encoding's count."""
    return '$."' + encoding.replace('"', "") + '"'


def mark(db: APSWDatabase, message_id: int, wished: Mark) -> None:
    """Pin a message to the context, keep it out of it, or neither; raise `NotFound`."""
    row = tree.get_row(db, message_id)
    if wished is Mark.NONE:
        db.execute_sql("DELETE FROM context_mark WHERE message_id = ?", (message_id,))
    else:
        db.execute_sql(
            "INSERT OR REPLACE INTO context_mark(message_id, session_id, mark) VALUES (?, ?, ?)",
            (message_id, row.session_id, wished.value),
        )


def excluded(db: APSWDatabase, session_id: str) -> frozenset[int]:
    """Return the messages that the user keeps out of the context."""
    return frozenset(id_ for id_, mark in db.execute_sql(_MARKS, (session_id,)) if mark == Mark.EXCLUDED)


def facts(db: APSWDatabase, address: str) -> dict[str, tuple[float, float]]:
    """Return what a model taught: a value and its weight by name."""
    rows = db.execute_sql("SELECT name, value, weight FROM model_fact WHERE address = ?", (address,))
    return {name: (value, weight) for name, value, weight in rows}


def learn(db: APSWDatabase, address: str, name: str, value: float, weight: float, *, now_ms: int) -> None:
    """Keep what a model taught."""
    db.execute_sql(
        "INSERT OR REPLACE INTO model_fact(address, name, value, weight, updated_at) VALUES (?, ?, ?, ?, ?)",
        (address, name, value, weight, now_ms),
    )
