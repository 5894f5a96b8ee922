from dataclasses import replace

from desktop.domain.models import KeySource, ProviderSpec
from desktop.storage.store import Store

LOCAL = ProviderSpec(
    id="ollama", kind="openai", name="Ollama", api_base="http://127.0.0.1:11434/v1", models=("a", "b:7b")
)
REMOTE = ProviderSpec(
    id="anthropic",
    kind="anthropic",
    name="Anthropic",
    key_source=KeySource.ENVIRONMENT,
    key_variable="ANTHROPIC_API_KEY",
    key_hint="wxyz",
    enabled=False,
)


async def test_providers_come_back_in_the_order_they_were_added(store: Store) -> None:
    """Every field is kept."""
    await store.save_provider(REMOTE)
    await store.save_provider(LOCAL)
    assert await store.providers() == (REMOTE, LOCAL)


async def test_a_changed_provider_keeps_its_place(store: Store) -> None:
    """Saving one with the same id changes it."""
    await store.save_provider(REMOTE)
    await store.save_provider(LOCAL)
    changed = replace(REMOTE, name="Other", enabled=True)
    await store.save_provider(changed)
    assert await store.providers() == (changed, LOCAL)


async def test_a_removed_provider_is_gone(store: Store) -> None:
    """Removing tells whether there was one."""
    await store.save_provider(LOCAL)
    assert await store.delete_provider("ollama")
    assert not await store.delete_provider("ollama")
    assert await store.providers() == ()


async def test_a_key_source_of_a_later_version_counts_as_none(store: Store) -> None:
    """An unknown word in the column does not keep the list from being read."""
    await store.save_provider(REMOTE)
    await store.call(lambda db: db.execute_sql("UPDATE provider SET key_source = 'hardware'"))
    assert [provider.key_source for provider in await store.providers()] == [KeySource.NONE]


async def test_no_column_of_a_provider_can_hold_a_key(store: Store) -> None:
    """The table has no place for one."""
    columns = await store.read(lambda db: [row[1] for row in db.execute_sql("PRAGMA table_info(provider)")])
    assert {name for name in columns if "key" in name} == {"key_source", "key_variable", "key_hint"}
