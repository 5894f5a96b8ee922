"""Profiles, and what moves between them."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from desktop.domain.organising import Profile
from desktop.storage import moving, profiles
from desktop.storage.face.base import Connected
from desktop.storage.moving import Moved


class StoredProfiles(Connected):
    """Profiles, and what moves between them."""

    async def profiles(self) -> tuple[Profile, ...]:
        """Return all profiles, Guest first."""
        return await self.read(profiles.every)

    async def profile(self, profile_id: int) -> Profile:
        """Return a profile; raise `NotFound`."""
        return await self.read(lambda db: profiles.get(db, profile_id))

    async def create_profile(self, profile: Profile) -> Profile:
        """Write a new profile; raise `WrongUse` where its name is taken."""
        now = self._clock()
        return await self.call(lambda db: profiles.create(db, profile, now_ms=now))

    async def change_profile(self, profile_id: int, **changes: Any) -> Profile:
        """Change columns of a profile (`profiles.CHANGEABLE`); raise `NotFound` or `WrongUse`."""
        return await self.call(lambda db: profiles.change(db, profile_id, changes))

    async def passphrase(self, profile_id: int) -> str:
        """Return what a profile's passphrase is checked against, nothing where there is none; raise `NotFound`."""
        return await self.read(lambda db: profiles.passphrase(db, profile_id))

    async def set_passphrase(self, profile_id: int, checked: str) -> Profile:
        """Keep what a passphrase is checked against, or nothing; raise `NotFound`."""
        return await self.call(lambda db: profiles.set_passphrase(db, profile_id, checked))

    async def profile_sessions(self, profile_id: int) -> tuple[str, ...]:
        """Return the ids of all sessions of a profile, archived ones and those in the trash too, newest first."""
        return await self.read(lambda db: moving.session_ids(db, profile_id))

    async def count_profile_sessions(self, profile_id: int) -> int:
        """Return how many sessions a profile has, archived ones and those in the trash too."""
        return await self.read(lambda db: profiles.count_sessions(db, profile_id))

    async def move_sessions(
        self, from_id: int, to_id: int, session_ids: Sequence[str], *, back: Moved | None = None
    ) -> Moved:
        """Give sessions to another profile in one transaction; those alone go that are the first one's.

        Tags go along by name, folders by their path; `back` is a move that this one takes back. Raise `NotFound` for a
        profile that is not there.
        """
        now = self._clock()
        return await self.call(
            partial(moving.move, from_id=from_id, to_id=to_id, session_ids=session_ids, now_ms=now, back=back)
        )

    async def remove_profile(self, profile_id: int, heir_id: int) -> None:
        """Remove a profile without sessions; its bill, prompts, searches, folders and draft go to another.

        Raises `NotFound`, and `WrongUse` for Guest or while it has sessions.
        """
        now = self._clock()

        await self.call(partial(moving.dissolve, profile_id=profile_id, heir_id=heir_id, now_ms=now))
