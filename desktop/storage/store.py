"""The store: everything that is kept about conversations, behind one awaitable face.

Each method is one transaction on one of the two threads of `connections.py`; what it does stands in the module named
after what it is about (`sessions`, `messages`, `providers`, `drafts`, `search`, `statistics`).
"""

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.branches import Outline
from desktop.domain.context import Mark, PathRow, Walk
from desktop.domain.messages import Message, NewMessage, Outcome, Status, Turn
from desktop.domain.models import ProviderSpec
from desktop.domain.requests import ContextMessage
from desktop.domain.sessions import NewSession, SearchHit, Session, SessionCursor, SessionListing
from desktop.domain.spending import Charge, Statistics
from desktop.domain.summaries import StoredSummary, SummaryState
from desktop.storage import branches, context, drafts, messages, providers, search, sessions, spending, summaries, tree
from desktop.storage.connections import Connections, read_only_sentence
from desktop.storage.database import BUSY_TIMEOUT_MS
from desktop.storage.migrations import MIGRATIONS, Migration
from desktop.storage.statistics import statistics

T = TypeVar("T")

DATABASE = "sobremesa.db"
PAGE = 50
COPY_CHUNK = 1_000
"""Messages that one transaction of a copy writes."""


def system_clock() -> int:
    """Return the time in UTC milliseconds."""
    return time.time_ns() // 1_000_000


class Store:
    """One data folder's database, open. Made by `open`, ended by `close`.

    Every method may raise `StoreError` (`DiskFull`, `ReadOnly`, `Busy`, `DamagedDatabase`); a write that raises has
    written nothing and may be tried again.
    """

    def __init__(self, *, connections: Connections, clock: Callable[[], int]) -> None:
        self._connections = connections
        self._clock = clock

    @classmethod
    async def open(
        cls,
        *,
        folder: Path,
        clock: Callable[[], int] = system_clock,
        migrations: Sequence[Migration] = MIGRATIONS,
        busy_timeout_ms: int = BUSY_TIMEOUT_MS,
    ) -> Self:
        """Open the database in `folder`, make it where there is none, and bring it up to date.

        Where it cannot be written it is opened for reading, and `read_only_reason` says why. Raises `NotADatabase`,
        `DamagedDatabase`, `NewerDatabase`, `MigrationFailed`, `Busy`, or another `StoreError` where it cannot be read.
        """
        connections = Connections(path=folder / DATABASE, migrations=migrations, busy_timeout_ms=busy_timeout_ms)
        try:
            await connections.open(clock())
        except BaseException:
            await connections.close()
            raise
        return cls(connections=connections, clock=clock)

    async def close(self) -> None:
        """Do what was asked for, close the files and end the threads; harmless when done twice."""
        await self._connections.close()

    @property
    def file(self) -> Path:
        """The database file."""
        return self._connections.path

    @property
    def read_only(self) -> bool:
        """Whether nothing can be saved."""
        return self._connections.read_only_reason is not None

    @property
    def read_only_reason(self) -> str:
        """Why nothing can be saved, as a sentence; empty where all is well."""
        reason = self._connections.read_only_reason
        return "" if reason is None else read_only_sentence(reason)

    async def call(self, function: Callable[[APSWDatabase], T]) -> T:
        """Run `function(db)` in one write transaction and return what it returns."""
        return await self._connections.call(function)

    async def read(self, function: Callable[[APSWDatabase], T]) -> T:
        """Run `function(db)` on one unchanging view of the database and return what it returns."""
        return await self._connections.read(function)

    async def data_version(self) -> int:
        """Return a number that changes when another store or process has written, and not when this one has."""
        return await self._connections.foreign_version()

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
        trashed: bool = False,
        archived: bool = False,
        profile: int | None = None,
    ) -> tuple[SessionListing, ...]:
        """Return a page of the sidebar, pinned first, then newest first; `text` filters by words of the title.

        `after` is the key of the page before; `profile` None is Guest.
        """
        return await self.read(
            lambda db: sessions.page(
                db, limit=limit, after=after, text=text, trashed=trashed, archived=archived, profile=profile
            )
        )

    async def count_sessions(self, *, trashed: bool = False) -> int:
        """Return how many sessions are in use, or how many are in the trash."""
        return await self.read(partial(sessions.count, trashed=trashed))

    async def update_session(self, session_id: str, **changes: Any) -> Session:
        """Change columns of a session (`sessions.CHANGEABLE`); it keeps its place in the sidebar."""
        return await self.call(lambda db: sessions.update(db, session_id, changes))

    async def improve_title(self, session_id: str, title: str) -> bool:
        """Give a session a better title of the program's; return whether it was still one of the program's."""
        return await self.call(lambda db: sessions.improve_title(db, session_id, title))

    async def add_metadata(self, message_id: int, more: Mapping[str, Any]) -> None:
        """Add facts beside a message's words; raise `NotFound`."""
        await self.call(lambda db: messages.add_metadata(db, message_id, more))

    async def trash_session(self, session_id: str) -> Session:
        """Put a session into the trash."""
        now = self._clock()
        return await self.call(lambda db: sessions.set_trashed(db, session_id, now))

    async def restore_session(self, session_id: str) -> Session:
        """Take a session out of the trash."""
        return await self.call(lambda db: sessions.set_trashed(db, session_id, None))

    async def empty_trash(self) -> int:
        """Remove for good what is in the trash, and return the number of sessions; the only hard delete there is.

        It goes in small transactions, so that a stream is saved in between.
        """
        doomed = await self.call(sessions.trashed_ids)
        for session_id in doomed:
            while await self.call(partial(sessions.remove_some, session_id=session_id)):
                pass
        while await self.call(sessions.remove_some_messages):
            pass
        return len(doomed)

    async def remove_session(self, session_id: str) -> None:
        """Remove one session of the trash for good, as `empty_trash` does; one that is not there is left alone."""
        while await self.call(partial(sessions.remove_some, session_id=session_id)):
            pass

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

    async def remember_tokens(self, encoding: str, counts: Mapping[int, int]) -> None:
        """Keep the token lengths of messages (by id) in one encoding."""
        return await self.call(lambda db: messages.remember_tokens(db, encoding, counts))

    async def walk(self, session_id: str, leaf: int, *, encoding: str, enough: Callable[[PathRow], bool]) -> Walk:
        """Return the path to `leaf` from its end until `enough` says so, without words; `enough` runs on a thread."""
        return await self.read(lambda db: context.walk(db, session_id, leaf, encoding=encoding, enough=enough))

    async def words(self, ids: Sequence[int]) -> dict[int, ContextMessage]:
        """Return what would be sent of messages, by id."""
        return await self.read(lambda db: context.words(db, ids))

    async def mark_message(self, message_id: int, mark: Mark) -> None:
        """Pin a message to the context, keep it out of it, or neither; raise `NotFound`."""
        return await self.call(lambda db: context.mark(db, message_id, mark))

    async def model_facts(self, address: str) -> dict[str, tuple[float, float]]:
        """Return what a model taught: a value and its weight by name."""
        return await self.read(lambda db: context.facts(db, address))

    async def learn(self, address: str, name: str, value: float, weight: float = 0.0) -> None:
        """Keep what a model taught."""
        now = self._clock()
        return await self.call(lambda db: context.learn(db, address, name, value, weight, now_ms=now))

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

    async def show_leaf(self, session_id: str, leaf: int | None) -> Session:
        """Show the path that ends in a message; raise `NotFound`, or `WrongUse` for one in the trash."""
        return await self.call(lambda db: branches.show_leaf(db, session_id, leaf))

    async def is_shown(self, message_id: int) -> bool:
        """Return whether a message is on the path that its session shows; raise `NotFound`."""
        return await self.read(lambda db: branches.is_shown(db, message_id))

    async def copy_session(self, session_id: str, *, leaf: int | None, whole: bool) -> Session:
        """Copy a session: the path to `leaf` (the active one), or with `whole` all its branches; return the copy.

        It goes in small transactions, so that a stream is saved in between; until it is whole it is in the trash.
        Raises `NotFound`, and `WrongUse` while an answer of the session is being written.
        """
        now = self._clock()
        ids, shown = await self.read(lambda db: branches.what_to_copy(db, session_id, leaf=leaf, whole=whole))
        copy = await self.call(lambda db: branches.begin_copy(db, session_id, now_ms=now))
        copies: dict[int, int] = {}
        for start in range(0, len(ids), COPY_CHUNK):
            some = ids[start : start + COPY_CHUNK]
            copies |= await self.call(partial(branches.copy_messages, copy=copy, ids=some, copies=copies))
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

    async def providers(self) -> tuple[ProviderSpec, ...]:
        """Return the providers in the order they were added."""
        return await self.read(providers.every)

    async def save_provider(self, provider: ProviderSpec) -> None:
        """Add a provider, or change the one with the same id."""
        now = self._clock()
        return await self.call(lambda db: providers.save(db, provider, now_ms=now))

    async def delete_provider(self, provider_id: str) -> bool:
        """Remove a provider; return whether there was one."""
        return await self.call(lambda db: providers.delete(db, provider_id))

    async def summaries(self, session_id: str, leaf: int | None) -> tuple[StoredSummary, ...]:
        """Return the newest summary for each end it has on the path to `leaf`, the furthest first."""
        return await self.read(lambda db: summaries.of_path(db, session_id, leaf))

    async def summary(self, summary_id: int) -> StoredSummary:
        """Return a summary; raise `NotFound`."""
        return await self.read(lambda db: summaries.get(db, summary_id))

    async def add_summary(self, *, first_id: int, last_id: int, text: str, model: str) -> StoredSummary:
        """Write a summary of the messages between two of a path; raise `NotFound`."""
        now = self._clock()
        return await self.call(
            lambda db: summaries.add(db, first_id=first_id, last_id=last_id, text=text, model=model, now_ms=now)
        )

    async def edit_summary(self, summary_id: int, text: str) -> StoredSummary:
        """Write another summary in the place of one, by the user's hand; raise `NotFound`."""
        now = self._clock()
        return await self.call(lambda db: summaries.edit(db, summary_id, text, now_ms=now))

    async def set_summary_state(self, summary_id: int, state: SummaryState) -> StoredSummary:
        """Pin a summary, switch it off, or neither; raise `NotFound`."""
        return await self.call(lambda db: summaries.set_state(db, summary_id, state))

    async def statistics(self, session_id: str | None = None, *, since: str = "") -> Statistics:
        """Return the figures of one session or of all; `since` (`YYYY-MM-DD`) leaves out what was spent before.

        Raises `NotFound`.
        """
        return await self.read(lambda db: statistics(db, session_id, since=since))

    async def charge(self, session_id: str, spent: Charge) -> None:
        """Add a request beside the answers to the bill; raise `NotFound`."""
        now = self._clock()
        await self.call(lambda db: spending.charge(db, session_id, spent, now_ms=now))

    async def spent_this_month(self, *, profile: int = 1) -> float:
        """Return what was spent since the first of the month (local time), in US dollars as far as it is known."""
        first = spending.day_of(self._clock())[:8] + "01"
        return await self.read(lambda db: spending.spent_since(db, profile, first))

    async def search(self, text: str, limit: int = PAGE) -> tuple[SearchHit, ...]:
        """Return the newest messages and titles that match what the user typed."""
        return await self.read(lambda db: search.search(db, text, limit=limit))

    def shown(self, message: Message) -> Message:
        """Return the message as it is to be shown: without a writer nothing streams any more."""
        if self.read_only and message.status is Status.STREAMING:
            return replace(message, status=Status.INTERRUPTED)
        return message
