"""Messages: turns, paths, branches."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from desktop.domain.branches import Outline
from desktop.domain.messages import Message, NewMessage, Outcome, Status, Turn
from desktop.domain.sessions import Session
from desktop.storage import branches, messages, tree
from desktop.storage.face.base import Connected

PAGE = 50


class StoredMessages(Connected):
    """Messages: turns, paths, branches."""

    async def begin_turn(
        self,
        *,
        session_id: str,
        parent_id: int | None,
        user: NewMessage | None,
        assistant: NewMessage,
        title: str | None = None,
    ) -> Turn:
        """Write the user's message (if any) and the answer's row below it in one transaction that reaches the disk.

        `title` is taken where the session's title is automatic and still empty. Raises `NotFound` for a session or
        parent that does not exist, `WrongUse` for one in the trash.
        """
        now = self._clock()
        return await self.call(
            lambda db: messages.begin_turn(
                db,
                session_id=session_id,
                parent_id=parent_id,
                user=user,
                assistant=assistant,
                title=title,
                owner=self._connections.writer.owner.id,
                now_ms=now,
            )
        )

    async def add_messages(
        self, session_id: str, parent_id: int | None, new: Sequence[NewMessage]
    ) -> tuple[Message, ...]:
        """Write messages one below the other, the first below `parent_id`: a history that already exists."""
        now = self._clock()
        return await self.call(
            lambda db: messages.add(
                db,
                session_id=session_id,
                parent_id=parent_id,
                new=new,
                owner=self._connections.writer.owner.id,
                now_ms=now,
            )
        )

    async def checkpoint(self, message_id: int, *, content: str, thinking: str = "") -> None:
        """Write what has arrived so far; a message that streams no more is left as it is."""
        await self.call(lambda db: messages.checkpoint(db, message_id, content=content, thinking=thinking))

    async def finish(self, message_id: int, outcome: Outcome) -> Message:
        """Make a streaming message final; the same outcome twice is harmless, another one raises `WrongUse`."""
        now = self._clock()
        return await self.call(
            lambda db: messages.finish(db, message_id, outcome, owner=self._connections.writer.owner.id, now_ms=now)
        )

    async def recover(self) -> tuple[int, ...]:
        """Mark what dead processes left streaming as interrupted, and return the messages' ids."""
        if self.read_only:
            return ()
        owner = self._connections.writer.owner
        return await self.call(lambda db: messages.interrupt(db, owner.dead(messages.streaming_owners(db))))

    async def add_metadata(self, message_id: int, more: Mapping[str, Any]) -> None:
        """Add facts beside a message's words; raise `NotFound`."""
        await self.call(lambda db: messages.add_metadata(db, message_id, more))

    async def message(self, message_id: int) -> Message:
        """Return a message; raise `NotFound`."""
        return self.shown(await self.read(lambda db: messages.get(db, message_id)))

    async def path(
        self, session_id: str, *, leaf: int | None = None, limit: int = PAGE, before_depth: int | None = None
    ) -> tuple[Message, ...]:
        """Return the last `limit` messages of the path to `leaf` (the active one), root first.

        `before_depth`, the depth of a page's first message, pages towards the root. `NotFound` for what is not there.
        """
        found = await self.read(
            lambda db: messages.path(db, session_id, leaf=leaf, limit=limit, before_depth=before_depth)
        )
        return tuple(self.shown(message) for message in found)

    async def whole_path(
        self, session_id: str, *, leaf: int | None = None, page: int = 500, first: int = 0, last: int | None = None
    ) -> AsyncIterator[tuple[Message, ...]]:
        """Yield a path from the root to the leaf in pages, so that a long one never stands in memory as a whole.

        `first` and `last` are the depths of the part that is wanted, both included.
        """
        ids = await self.read(lambda db: messages.ids_of_path(db, session_id, leaf))
        ids = ids[first : None if last is None else last + 1]
        for start in range(0, len(ids), page):
            some = ids[start : start + page]
            found = await self.read(partial(messages.get_many, ids=some))
            yield tuple(self.shown(message) for message in found)

    async def siblings(self, message_id: int) -> tuple[int, ...]:
        """Return the ids of a message's versions, itself included, oldest first, without those in the trash."""
        return await self.read(lambda db: tree.siblings(db, tree.get_row(db, message_id)))

    async def choose_version(self, message_id: int) -> Session:
        """Make the newest leaf below a message the active one."""
        return await self.call(lambda db: messages.choose_version(db, message_id))

    async def trash_message(self, message_id: int) -> Session:
        """Put a message and all below it into the trash."""
        now = self._clock()
        return await self.call(lambda db: messages.trash(db, message_id, now_ms=now))

    async def restore_message(self, message_id: int) -> Session:
        """Take a message out of the trash, with what was thrown away together with it, and show it."""
        return await self.call(lambda db: messages.restore(db, message_id))

    async def outline(self, session_id: str) -> Outline:
        """Return the shape of a session's tree; raise `NotFound`."""
        return await self.read(lambda db: branches.outline(db, session_id))

    async def count_endings(self, session_id: str) -> int:
        """Return how many endings a session's tree has."""
        return await self.read(lambda db: branches.count_endings(db, session_id))

    async def show_leaf(self, session_id: str, leaf: int | None) -> Session:
        """Show the path that ends in a message; raise `NotFound`, or `WrongUse` for one in the trash."""
        return await self.call(lambda db: branches.show_leaf(db, session_id, leaf))

    def shown(self, message: Message) -> Message:
        """Return the message as it is to be shown: without a writer nothing streams any more."""
        if self.read_only and message.status is Status.STREAMING:
            return replace(message, status=Status.INTERRUPTED)
        return message
