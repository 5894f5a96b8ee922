"""A passphrase locks a profile's window: what opens it, what is kept of it, and what the next first paint knows."""

import hashlib
from collections.abc import Mapping

import pytest

from desktop.domain.faults import WrongUse
from desktop.domain.organising import GUEST
from desktop.domain.settings import SettingValue
from desktop.storage.settings_file import SettingsFile
from desktop.storage.store import Store
from tests.services.test_profiles import Service


@pytest.fixture
async def service(store: Store) -> Service:
    made = Service(store)
    await made.load()
    return made


async def test_the_right_passphrase_opens(service: Service, store: Store) -> None:
    """No other does, nor does none; what is kept holds none of its words."""
    ana = await service.create("Ana")
    assert (await service.set_passphrase(ana.id, "sésame 芝麻")).is_locked
    assert await service.check_passphrase(ana.id, "sésame 芝麻")
    assert not await service.check_passphrase(ana.id, "sesame 芝麻")
    assert not await service.check_passphrase(ana.id, "")
    assert "sésame" not in await store.passphrase(ana.id)


async def test_the_same_passphrase_is_kept_otherwise_each_time(service: Service, store: Store) -> None:
    """Each has a salt of its own."""
    kept = []
    for name in ("Ana", "Bea"):
        profile = await service.create(name)
        await service.set_passphrase(profile.id, "same")
        kept.append(await store.passphrase(profile.id))
    assert kept[0] != kept[1]


async def test_a_lock_that_was_made_with_other_figures_still_opens(service: Service, store: Store) -> None:
    """They are kept with it."""
    ana = await service.create("Ana")
    salt = bytes(range(16))
    made = hashlib.scrypt(b"open", salt=salt, n=1024, r=4, p=2, dklen=32)
    await store.set_passphrase(ana.id, f"scrypt$1024$4$2${salt.hex()}${made.hex()}")
    assert await service.check_passphrase(ana.id, "open")
    assert not await service.check_passphrase(ana.id, "shut")


@pytest.mark.parametrize("kept", ["nonsense", "scrypt$1$1$1$zz$zz", "scrypt$16384$8$1$00$"])
async def test_a_damaged_lock_is_opened_by_nothing(service: Service, store: Store, kept: str) -> None:
    """And is no crash."""
    ana = await service.create("Ana")
    await store.set_passphrase(ana.id, kept)
    assert not await service.check_passphrase(ana.id, "")
    assert not await service.check_passphrase(ana.id, "open")


async def test_a_lock_is_taken_away_by_no_words(service: Service) -> None:
    """Anything opens a profile without a lock."""
    ana = await service.create("Ana")
    await service.set_passphrase(ana.id, "open")
    assert not (await service.set_passphrase(ana.id, "")).is_locked
    assert await service.check_passphrase(ana.id, "anything")


async def test_guest_has_no_passphrase(service: Service) -> None:
    """Whoever sits down may be a guest."""
    with pytest.raises(WrongUse):
        await service.set_passphrase(GUEST, "open")


async def test_the_next_first_paint_knows_of_the_lock(service: Service) -> None:
    """Before the database is open; of the current profile alone."""
    ana = await service.create("Ana")
    await service.set_passphrase(ana.id, "open")
    assert service.settings.get("profile_locked") is False
    await service.switch(ana.id)
    assert service.settings.get("profile_locked") is True
    await service.set_passphrase(ana.id, "")
    assert service.settings.get("profile_locked") is False
    await service.set_passphrase(ana.id, "open")
    assert service.settings.get("profile_locked") is True
    await service.switch(GUEST)
    assert service.settings.get("profile_locked") is False


async def test_profile_and_lock_are_written_at_once(service: Service) -> None:
    """A crash in between would show a locked profile's titles at the next start."""
    ana = await service.create("Ana")
    await service.set_passphrase(ana.id, "open")
    written: list[dict[str, object]] = []

    class Watched(SettingsFile):
        def save(self, values: Mapping[str, SettingValue]) -> None:
            written.append(dict(values))
            super().save(values)

    service.settings._file = Watched(folder=service.settings._file.path.parent)
    await service.switch(ana.id)
    assert [(one["profile"], one["profile_locked"]) for one in written] == [(ana.id, True)]


async def test_a_locked_profile_that_nothing_covers_is_not_taken_up(service: Service, store: Store) -> None:
    """As with settings of an older day: its titles would be seen before the lock is."""
    ana = await service.create("Ana")
    await service.switch(ana.id)
    await store.set_passphrase(ana.id, "kept")
    again = Service(store)
    await again.load()
    assert again.id == GUEST
