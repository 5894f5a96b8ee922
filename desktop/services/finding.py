"""Finding in the open session: over its whole path, from the store, in slices that leave the engine to the streams.

Nothing is kept between calls: a search is as many pages as its caller asks for, and ends when nobody asks for more.
What matches is what `domain/finding.py` says of the blocks that the transcript shows.
"""

from array import array
from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter

from desktop.domain.beginnings import beginning
from desktop.domain.finding import FoundPage, Match, Needle, Sieve, Source, find, matches, sieve_pattern
from desktop.domain.markdown_blocks import Block
from desktop.domain.markdown_plain import shown_text
from desktop.domain.path_map import MOST, PathMap
from desktop.domain.thoughts import thought_pieces
from desktop.providers.pace import Pacer
from desktop.services.paths import PathReader
from desktop.services.reading import read_blocks
from desktop.storage import finding, messages
from desktop.storage.store import Store

PAGE = 400
"""Messages that the database looks through in a few milliseconds, in which no other read has to wait."""
PAGE_CHARS = 200_000
PIECE_CHARS = 30_000
"""Folded, looked at and compared in about a millisecond."""
QUESTIONS = 2_000
HEAD_CHARS = 200
PAGE_S = 0.12
"""How long a page of results may take: they come seldom enough to cost nothing."""


class FindingService:
    """`FindingService(store=…, paths=…)`: pages of results, single matches, and the map of a path."""

    def __init__(
        self,
        *,
        store: Store,
        paths: PathReader,
        pacer: Pacer | None = None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._store = store
        self._paths = paths
        self._pacer = pacer or Pacer()
        self._clock = clock

    async def page(
        self, ids: Sequence[int], wanted: Needle, *, limit_s: float = PAGE_S, first_only: bool = False
    ) -> FoundPage:
        """Search messages in their order for as long as `limit_s`, or until one matches; what is gone has no match."""
        hits: list[tuple[int, int, int]] = []
        searched = 0
        until = self._clock() + limit_s
        pattern = sieve_pattern(wanted)
        while searched < len(ids):
            read = partial(
                finding.sources, ids=ids[searched : searched + PAGE], pattern=pattern, match_case=wanted.match_case,
                max_chars=PAGE_CHARS,
            )  # fmt: skip
            before = self._pacer.now()
            sources, looked_at = await self._store.read(read)
            self._pacer.waited(before)
            for place, source in sources:
                if count := await self._count(source, wanted):
                    hits.append((source.depth, source.id, count))
                if (first_only and hits) or self._clock() >= until:
                    return FoundPage(tuple(hits), searched + place + 1)
            searched += looked_at
            if self._clock() >= until:
                break
            await self._pacer.breathe()
        return FoundPage(tuple(hits), searched)

    async def locate(
        self, message_id: int, wanted: Needle, number: int, *, after: tuple[int, ...] = (0, 0)
    ) -> Match | None:
        """Return match `number` of a message, or the first from then on that is not before the spot `after`.

        Where there is none, it is the last one; None where the message has none at all.
        """
        read = partial(finding.sources, ids=(message_id,), pattern="", match_case=False, max_chars=1)
        sources, _looked_at = await self._store.read(read)
        last: Match | None = None
        for _place, source in sources:
            thoughts, blocks = thought_pieces(source.thinking), await self._read(source)
            for at, (in_thinking, index, (start, end)) in enumerate(matches(thoughts, blocks, wanted)):
                last = Match(
                    message_id=message_id,
                    depth=source.depth,
                    in_thinking=in_thinking,
                    index=index,
                    start=start,
                    end=end,
                    number=at,
                )
                if at >= number and last.spot >= after:
                    break
                await self._pacer.breathe()
        return last

    async def path_map(self, session_id: str, known: PathMap | None = None) -> PathMap:
        """Return the map of a session's path; what it shares with a `known` one is not read again."""
        known = known or PathMap()
        ids = await self._paths.ids(session_id, pacer=self._pacer)
        kept = known.common(PathMap(ids))
        questions = bytearray(known.questions[:kept])
        for first in range(kept, len(ids), QUESTIONS):
            fresh = ids[first : first + QUESTIONS]
            asked = await self._store.read(partial(finding.questions, ids=fresh))
            questions += bytes(each in asked for each in fresh)
            await self._pacer.breathe()
        return PathMap(ids, bytes(questions), await self._branches(session_id, ids))

    async def _branches(self, session_id: str, ids: "array[int]") -> bytes:
        forks = await self._store.read(partial(finding.forks, session_id=session_id))
        marks = bytearray(len(ids))
        depths = await self._store.read(partial(finding.depths, ids=[fork for fork in forks if fork is not None]))
        for fork, depth in depths.items():
            if depth + 1 < len(ids) and ids[depth] == fork:
                marks[depth + 1] = min(forks[fork], MOST)
        if None in forks and marks:
            marks[0] = min(forks[None], MOST)
        return bytes(marks)

    async def first_words(self, message_id: int) -> str:
        """Return how a message begins, in one line; raises `NotFound`."""
        found = await self._store.read(partial(messages.get, message_id=message_id))
        return beginning(found.content, limit=HEAD_CHARS)

    async def _count(self, source: Source, wanted: Needle) -> int:
        await self._pacer.breathe()
        count = 0
        for thought in thought_pieces(source.thinking):
            count += len(find(thought.rstrip("\n"), wanted))
            await self._pacer.breathe()
        sieve = Sieve(wanted)
        for start in range(0, len(source.content), PIECE_CHARS):
            sieve.feed(source.content[start : start + PIECE_CHARS])
            await self._pacer.breathe()
            if sieve.may_match:
                break
        if sieve.may_match:
            for block in await self._read(source):
                count += len(find(shown_text(block), wanted))
                await self._pacer.breathe()
        return count

    async def _read(self, source: Source) -> list[Block]:
        return await read_blocks(source.role, source.content, pacer=self._pacer)
