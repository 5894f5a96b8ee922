"""The providers the user added: everything but their keys."""

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.models import ProviderSpec
from desktop.storage.conversions import columns_of_provider, provider_of
from desktop.storage.rows import ProviderRow


def every(db: APSWDatabase) -> tuple[ProviderSpec, ...]:
    """Return all providers in the order they were added."""
    query = ProviderRow.select().order_by(ProviderRow.created_at, ProviderRow.id)
    return tuple(provider_of(row) for row in query.execute(db))


def save(db: APSWDatabase, provider: ProviderSpec, *, now_ms: int) -> None:
    """Add a provider, or change the one with the same id."""
    columns = columns_of_provider(provider)
    changed = ProviderRow.update(**columns).where(ProviderRow.id == provider.id).execute(db)
    if not changed:
        ProviderRow.insert(created_at=now_ms, **columns).execute(db)


def delete(db: APSWDatabase, provider_id: str) -> bool:
    """Remove a provider; return whether there was one."""
    return bool(ProviderRow.delete().where(ProviderRow.id == provider_id).execute(db))
