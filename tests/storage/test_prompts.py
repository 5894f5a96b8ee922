"""Prompts in the database: apart by profile, one name each."""

import pytest

from desktop.domain.faults import NotFound, WrongUse
from desktop.storage.store import Store
from tests.storage.conftest import OpenStore

WORK = 2


async def add_profile(store: Store) -> None:
    sql = "INSERT INTO profile (id, name, created_at) VALUES (2, 'Work', 0)"
    await store.call(lambda db: db.execute_sql(sql))


async def test_prompts_survive_the_program(open_store: OpenStore) -> None:
    """What was kept is there again, by its name."""
    store = await open_store()
    for name in ("zebra", "Éclair", "apple"):
        await store.add_prompt(1, name=name, text=f"text of {name}\n")
    await store.close()
    store = await open_store()
    found = [(prompt.name, prompt.text) for prompt in await store.prompts(1)]
    assert found == [("apple", "text of apple\n"), ("Éclair", "text of Éclair\n"), ("zebra", "text of zebra\n")]


async def test_profiles_do_not_see_each_others(store: Store) -> None:
    """Neither in the list, nor to change or remove; and both may use the same name."""
    await add_profile(store)
    mine = await store.add_prompt(1, name="Greeting", text="Hello")
    theirs = await store.add_prompt(WORK, name="Greeting", text="Good morning")
    assert await store.prompts(1) == (mine,)
    assert await store.prompts(WORK) == (theirs,)
    with pytest.raises(NotFound):
        await store.change_prompt(1, theirs.id, name="Mine", text="now")
    with pytest.raises(NotFound):
        await store.remove_prompt(1, theirs.id)
    assert await store.prompts(WORK) == (theirs,)


async def test_a_name_is_given_once(store: Store) -> None:
    """Neither a new prompt nor a renamed one takes the place of another."""
    first = await store.add_prompt(1, name="One", text="1")
    second = await store.add_prompt(1, name="Two", text="2")
    with pytest.raises(WrongUse, match="One"):
        await store.add_prompt(1, name="One", text="3")
    with pytest.raises(WrongUse, match="One"):
        await store.change_prompt(1, second.id, name="One", text="3")
    assert await store.prompts(1) == (first, second)


async def test_a_prompt_is_changed_under_its_own_name(store: Store) -> None:
    """Its name is not taken by itself."""
    made = await store.add_prompt(1, name="One", text="1")
    changed = await store.change_prompt(1, made.id, name="One", text="another")
    assert (changed.id, changed.text) == (made.id, "another")
    assert await store.prompts(1) == (changed,)


async def test_a_removed_prompt_is_told_and_gone(store: Store) -> None:
    """So that it can be taken back."""
    made = await store.add_prompt(1, name="One", text="1")
    assert await store.remove_prompt(1, made.id) == made
    assert await store.prompts(1) == ()


async def test_any_text_can_be_kept(store: Store) -> None:
    """NUL stays, and a lone surrogate becomes U+FFFD."""
    made = await store.add_prompt(1, name="odd \ud800", text="a\x00b \udfff")
    assert (made.name, made.text) == ("odd \ufffd", "a\x00b \ufffd")
