"""Sessions, their drafts, and the trash."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import StoreError
from desktop.domain.organising import EVERYTHING, GUEST, Place, Sort
from desktop.domain.sessions import NewSession, Session, SessionCursor, SessionListing
from desktop.storage import branches, drafts, sessions
from desktop.storage.face.base import Connected

PAGE = 50
COPY_CHUNK = 1_000
"""Messages that one transaction of a copy writes at most."""


class StoredSessions(Connected):
    """Sessions, their drafts, and the trash."""

    async def create_session(self, new: NewSession) -> Session:
        """Write a session; raise `WrongUse` where its id is taken."""
        now = self._clock()
        return await self.call(lambda db: sessions.create(db, new, now_ms=now))

    async def session(self, session_id: str) -> Session:
        """Return a session, in the trash or not; raise `NotFound`."""
        return await self.read(lambda db: sessions.get(db, session_id))

    async def sessions(
        self,
        *,
        limit: int = PAGE,
        after: SessionCursor | None = None,
        text: str = "",
        place: Place = EVERYTHING,
        sort: Sort = Sort.ACTIVITY,
        profile: int = GUEST,
        among: Sequence[str] | None = None,
    ) -> tuple[SessionListing, ...]:
        """Return a page of a place, pinned first; `text` filters by words of the titles and of the tags.

        `after` is where the page before ended, in the same order. `among` looks at these sessions alone.
        """
        wanted = partial(sessions.page, profile=profile, limit=limit, after=after, text=text, place=place, sort=sort)
        return await self.read(partial(wanted, among=among))

    async def count_sessions(self, *, trashed: bool = False, profile: int | None = None) -> int:
        """Return how many sessions of a profile, or of all, are not in the trash, or how many are."""
        return await self.read(partial(sessions.count, trashed=trashed, profile=profile))

    async def update_session(self, session_id: str, **changes: Any) -> Session:
        """Change columns of a session (`sessions.CHANGEABLE`); it keeps its place in the sidebar."""
        now = self._clock()
        return await self.call(lambda db: sessions.update(db, session_id, changes, now_ms=now))

    async def improve_title(self, session_id: str, title: str) -> bool:
        """Give a session a better title of the program's; return whether it was still one of the program's."""
        return await self.call(lambda db: sessions.improve_title(db, session_id, title))

    async def trash_session(self, session_id: str) -> Session:
        """Put a session into the trash."""
        now = self._clock()
        return await self.call(lambda db: sessions.set_trashed(db, session_id, now))

    async def restore_session(self, session_id: str) -> Session:
        """Take a session out of the trash."""
        now = self._clock()

        def restore(db: APSWDatabase) -> Session:
            sessions.get(db, session_id)
            sessions.note_use(db, (session_id,), now_ms=now)
            return sessions.set_trashed(db, session_id, None)

        return await self.call(restore)

    async def empty_trash(self, *, profile: int | None = None) -> int:
        """Remove for good what is in the trash of a profile, or of all, and return the number of sessions.

        With `remove_session` it is the only hard delete there is. It goes in small transactions, so that a
        stream is saved in between.
        """
        doomed = await self.call(partial(sessions.trashed_ids, profile=profile))
        for session_id in doomed:
            while await self.call(partial(sessions.remove_some, session_id=session_id)):
                pass
        while await self.call(partial(sessions.remove_some_messages, profile=profile)):
            pass
        return len(doomed)

    async def remove_session(self, session_id: str) -> None:
        """Remove one session of the trash for good, as `empty_trash` does; one that is not there is left alone."""
        while await self.call(partial(sessions.remove_some, session_id=session_id)):
            pass

    async def copy_session(self, session_id: str, *, leaf: int | None, whole: bool) -> Session:
        """Copy a session: the path to `leaf` (the active one), or with `whole` all its branches; return the copy.

        It goes in small transactions, so that a stream is saved in between; until it is whole it is in the trash.
        Raises `NotFound`, and `WrongUse` while an answer of the session is being written.
        """
        now = self._clock()
        ids, shown = await self.read(lambda db: branches.what_to_copy(db, session_id, leaf=leaf, whole=whole))
        copy = await self.call(lambda db: branches.begin_copy(db, session_id, now_ms=now))
        try:
            return await self._fill_copy(session_id, copy, ids, shown)
        except BaseException:  # half a copy is nothing to find in the trash
            with suppress(StoreError, RuntimeError):  # the disk is still full, or the store has closed
                await self.remove_session(copy)
            raise

    async def _fill_copy(self, session_id: str, copy: str, ids: list[int], shown: int | None) -> Session:
        copies: dict[int, int] = {}
        start = 0
        while start < len(ids):
            some = ids[start : start + COPY_CHUNK]
            new, looked_at = await self.call(partial(branches.copy_messages, copy=copy, ids=some, copies=copies))
            copies |= new
            start += looked_at
        await self.call(partial(branches.copy_summaries, session_id=session_id, copy=copy, copies=copies))
        return await self.call(
            lambda db: branches.finish_copy(db, copy, leaf=copies.get(shown or 0), count=len(copies))
        )

    async def draft(self, session_id: str) -> str:
        """Return what stands unsent in a session's composer; the empty id is the session that does not exist yet."""
        return await self.read(lambda db: drafts.get(db, session_id))

    async def save_draft(self, session_id: str, text: str) -> None:
        """Keep a draft; an empty one is removed."""
        now = self._clock()
        return await self.call(lambda db: drafts.save(db, session_id, text, now_ms=now))
