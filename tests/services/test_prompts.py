"""Prompts of whichever profile is in use."""

import pytest

from desktop.domain.faults import WrongUse
from desktop.services.prompts import PromptService
from desktop.storage.store import Store


async def test_the_profile_in_use_decides(store: Store) -> None:
    """Another profile has its own prompts, as soon as it is in use."""
    sql = "INSERT INTO profile (id, name, created_at) VALUES (2, 'Work', 0)"
    await store.call(lambda db: db.execute_sql(sql))
    profile = 1
    service = PromptService(store=store, profile=lambda: profile)
    mine = await service.save("Greeting", "Hello")
    profile = 2
    assert await service.all() == ()
    profile = 1
    assert await service.all() == (mine,)


async def test_a_name_is_one_line(store: Store) -> None:
    """Blanks around it and within it are put in order; the text stays as it is."""
    service = PromptService(store=store, profile=lambda: 1)
    made = await service.save("  two \n words ", "  a text\n")
    assert (made.name, made.text) == ("two words", "  a text\n")


@pytest.mark.parametrize(("name", "text"), [(" ", "text"), ("name", " \n")])
async def test_name_and_text_are_needed(store: Store, name: str, text: str) -> None:
    """A prompt without one of them is neither kept nor made of another one."""
    service = PromptService(store=store, profile=lambda: 1)
    with pytest.raises(WrongUse):
        await service.save(name, text)
    made = await service.save("One", "1")
    with pytest.raises(WrongUse):
        await service.change(made.id, name, text)
    assert await service.all() == (made,)


async def test_a_removed_prompt_can_be_saved_again(store: Store) -> None:
    """`remove` tells what is needed for it."""
    service = PromptService(store=store, profile=lambda: 1)
    made = await service.save("One", "1")
    changed = await service.change(made.id, "Uno", "eins")
    gone = await service.remove(made.id)
    assert gone == changed
    again = await service.save(gone.name, gone.text)
    assert await service.all() == (again,)
