"""What was picked in the palette."""

from desktop.storage import used
from desktop.storage.face.base import Connected


class StoredUsed(Connected):
    """What was picked in the palette."""

    async def note_used(self, name: str, *, profile: int = 1) -> None:
        """Count one more use of what is called `name`."""
        now = self._clock()
        await self.call(lambda db: used.note(db, profile, name, now_ms=now))

    async def used(self, *, profile: int = 1) -> dict[str, float]:
        """Return what was used by how much it still counts, most first."""
        now = self._clock()
        return await self.read(lambda db: used.most(db, profile, now_ms=now))

    async def is_there(self, message_id: int) -> bool:
        """Return whether a message is to be seen: stored, and not deleted."""
        return await self.read(lambda db: used.is_there(db, message_id))
