from desktop.domain.usage import HALF_LIFE_MS
from tests.storage.conftest import Clock, OpenStore


async def test_what_is_used_most_comes_first(open_store: OpenStore) -> None:
    """Each use counts."""
    store = await open_store()
    for name in ("command:quit", "model:a/b", "model:a/b"):
        await store.note_used(name)
    assert list(await store.used()) == ["model:a/b", "command:quit"]


async def test_old_habits_fade(open_store: OpenStore, clock: Clock) -> None:
    """What was done often long ago comes behind what is done now, also when it is done once more."""
    store = await open_store()
    for _time in range(8):
        await store.note_used("command:old")
    clock.now += 6 * HALF_LIFE_MS
    await store.note_used("command:new")
    await store.note_used("command:new")
    await store.note_used("command:old")
    used = await store.used()
    assert list(used) == ["command:new", "command:old"]
    assert round(used["command:old"], 3) == 1


async def test_profiles_have_their_own_habits(open_store: OpenStore) -> None:
    """What one person uses says nothing about another."""
    store = await open_store()
    await store.note_used("command:quit", profile=1)
    assert await store.used(profile=2) == {}
