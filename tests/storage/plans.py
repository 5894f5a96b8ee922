"""How SQLite goes about the queries of a function, and how much work they are."""

from collections.abc import Callable
from typing import Any

import apsw
from playhouse.apsw_ext import APSWDatabase

from desktop.storage.store import Store


async def plans(store: Store, function: Callable[[APSWDatabase], Any]) -> list[str]:
    """Return the lines of the query plans of every statement that `function` runs, without their grouping lines."""

    def explained(db: APSWDatabase) -> list[str]:
        connection = db.connection()
        seen: list[tuple[str, Any]] = []

        def remember(_cursor: apsw.Cursor, sql: str, bindings: Any) -> bool:
            seen.append((sql, bindings))
            return True

        connection.exec_trace = remember
        try:
            function(db)
        finally:
            connection.exec_trace = None
        lines = [
            str(line[3]) for sql, bindings in seen for line in connection.execute("EXPLAIN QUERY PLAN " + sql, bindings)
        ]
        return [line for line in lines if line.split()[0] in ("SEARCH", "SCAN", "USE")]

    return await store.read(explained)


async def steps(store: Store, function: Callable[[APSWDatabase], Any]) -> int:
    """Return how many instructions SQLite's machine needed for `function`, in hundreds."""

    def counted(db: APSWDatabase) -> int:
        connection = db.connection()
        count = 0

        def one_more() -> bool:
            nonlocal count
            count += 1
            return False

        connection.set_progress_handler(one_more, 100)
        try:
            function(db)
        finally:
            connection.set_progress_handler(None)
        return count

    return await store.read(counted)
