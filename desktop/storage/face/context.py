"""What the context of a request is made from: counts, marks, lessons, summaries."""

from collections.abc import Callable, Mapping, Sequence

from desktop.domain.context import Mark, PathRow, Walk
from desktop.domain.requests import ContextMessage
from desktop.domain.summaries import StoredSummary, SummaryState
from desktop.storage import context, messages, summaries
from desktop.storage.face.base import Connected


class StoredContext(Connected):
    """What the context of a request is made from: counts, marks, lessons, summaries."""

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

    async def excluded(self, session_id: str) -> frozenset[int]:
        """Return the messages that the user keeps out of the context of a session."""
        return await self.read(lambda db: context.excluded(db, session_id))

    async def model_facts(self, address: str) -> dict[str, tuple[float, float]]:
        """Return what a model taught: a value and its weight by name."""
        return await self.read(lambda db: context.facts(db, address))

    async def learn(self, address: str, name: str, value: float, weight: float = 0.0) -> None:
        """Keep what a model taught."""
        now = self._clock()
        return await self.call(lambda db: context.learn(db, address, name, value, weight, now_ms=now))

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
