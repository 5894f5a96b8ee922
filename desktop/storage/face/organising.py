"""Folders, tags, saved searches, and the deeds that organise sessions."""

from functools import partial

from desktop.domain.deeds import Deed, RemoveRow
from desktop.domain.organising import Labels, Places, Tag
from desktop.storage import deeds, folders, places, sessions, tags
from desktop.storage.face.base import Connected


class StoredOrganising(Connected):
    """Folders, tags, saved searches, and the deeds that organise sessions."""

    async def places(self, profile: int) -> Places:
        """Return what the sidebar offers of a profile, with the counts."""
        return await self.read(lambda db: places.every(db, profile))

    async def labels(self, profile: int, session_id: str) -> Labels:
        """Return the folder and the tags of a session of a profile; raise `NotFound`."""
        return await self.read(lambda db: places.labels(db, profile, session_id))

    async def folder_defaults(self, folder_id: int) -> tuple[str, str]:
        """Return the system prompt and the model of a folder's new sessions, each may be empty; raise `NotFound`."""
        return await self.read(lambda db: folders.defaults(db, folder_id))

    async def tag_named(self, profile: int, name: str) -> Tag | None:
        """Return the tag that is called so, whatever the case and the accents."""
        return await self.read(lambda db: tags.named(db, profile, name))

    async def emptying(self, profile: int, deed: RemoveRow, *, besides: tuple[str, ...]) -> tuple[Deed, ...]:
        """Return what lets the sessions of a folder or a tag, others than `besides`, go before it is removed.

        Raises `NotFound`.
        """
        return await self.read(lambda db: deeds.emptying(db, profile, deed, besides=besides))

    async def see_some(self, profile: int, ids: tuple[str, ...]) -> None:
        """Raise `NotFound` where none of these sessions of a profile is left."""
        await self.read(lambda db: deeds.see_some(db, profile, ids))

    async def untouched(self, profile: int, before_ms: int) -> tuple[str, ...]:
        """Return the sessions in use that nothing was written in since a time, those that are pinned left out."""
        return await self.read(partial(sessions.untouched, profile=profile, before_ms=before_ms))

    async def do(self, profile: int, several: tuple[Deed, ...]) -> tuple[Deed, ...]:
        """Do deeds in one transaction, and return what takes them back in the order in which it has to be done.

        Raises `NotFound` where what a deed is about is gone, and `WrongUse` for what may not be.
        """
        now = self._clock()
        return await self.call(lambda db: deeds.do_all(db, profile, several, now_ms=now))
