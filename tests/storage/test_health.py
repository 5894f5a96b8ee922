"""What the doctor looks at beside the indexes, and what it mends."""

import pytest

from desktop.domain.health import Check
from desktop.domain.sessions import NewSession
from desktop.storage.store import Store


async def wrong(store: Store) -> int | None:
    """Return how many counts and folded titles are not what they should be."""
    return next(found.wrong for found in [each async for each in store.findings()] if found.check is Check.COUNTS)


@pytest.mark.parametrize(
    ("sql", "many"),
    [
        ("UPDATE tally SET count = count + 7 WHERE kind = 'active'", 1),
        ("DELETE FROM tally", 4),
        ("INSERT INTO tally VALUES ('folder', 99, 3)", 1),
        ("UPDATE session SET folded = 'xyz'", 2),
        ("UPDATE session SET message_count = 5", 2),
    ],
)
async def test_counts_and_folded_titles_that_are_wrong_are_seen_and_mended(store: Store, sql: str, many: int) -> None:
    """Whoever wrote them: they are made anew from the sessions that are there."""
    for number in range(2):
        await store.create_session(NewSession(id=f"s{number}", title=f"Título {number}"))

    await store.call(
        lambda db: [
            db.execute_sql(each)
            for each in (
                "INSERT INTO folder(id, name, created_at) VALUES (1, 'Work', 0)",
                "INSERT INTO tag(id, name) VALUES (1, 'red')",
                "INSERT INTO session_tag(session_id, tag_id) VALUES ('s0', 1)",
                "UPDATE session SET folder_id = 1, is_resolved = 1 WHERE id = 's0'",
            )
        ]
    )
    assert await wrong(store) == 0
    before = await store.read(lambda db: db.execute_sql("SELECT * FROM tally WHERE count > 0").fetchall())
    await store.call(lambda db: db.execute_sql(sql))
    assert await wrong(store) == many
    await store.rebuild_index()
    assert await wrong(store) == 0
    assert await store.read(lambda db: db.execute_sql("SELECT * FROM tally").fetchall()) == before
