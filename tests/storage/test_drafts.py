from desktop.storage.store import Store
from tests.storage.conftest import OpenStore


async def test_drafts_survive_the_program(open_store: OpenStore) -> None:
    """What stood in the composer stands there again, for each session and for the new one."""
    store = await open_store()
    await store.save_draft("a", "half a sent")
    await store.save_draft("", "something new")
    await store.close()
    store = await open_store()
    assert (await store.draft("a"), await store.draft(""), await store.draft("b")) == (
        "half a sent",
        "something new",
        "",
    )


async def test_a_draft_is_replaced_and_removed(store: Store) -> None:
    """The last text counts, and an empty one leaves no row."""
    for text in ("one", "two", ""):
        await store.save_draft("a", text)
        assert await store.draft("a") == text
    assert await store.read(lambda db: db.execute_sql("SELECT count(*) FROM draft").fetchone()[0]) == 0
