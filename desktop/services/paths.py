"""Pages of a session's path, at any depth: the ids of the paths that were looked at last are kept, eight bytes each.

They are read in slices from the leaf upward, as far as somebody has jumped through versions, and put right when the
path has changed: what a new leaf has in common with the old one is not read again. Where a depth has no versions
nothing needs to be read on the way there.
"""

from array import array
from collections import OrderedDict
from functools import partial

from desktop.domain.faults import NotFound
from desktop.domain.messages import Message
from desktop.i18n import _
from desktop.providers.pace import Pacer
from desktop.storage import paths
from desktop.storage.paths import End
from desktop.storage.store import Store

SLICE = 4_096
"""Depths that one read takes at most: two to four milliseconds, in which no other read has to wait."""
_KEPT = 4
_TRIES = 5


class _Path:
    """The ids of a path from its leaf upward, as far as they are known."""

    def __init__(self, leaf: int, depth: int) -> None:
        self.leaf, self.depth = leaf, depth
        self.ids = array("q", (leaf,))

    @property
    def first(self) -> int:
        """The smallest depth that is known."""
        return self.depth - len(self.ids) + 1

    def at(self, depth: int) -> int:
        """Return the message at a known depth."""
        return self.ids[self.depth - depth]

    def between(self, first: int, last: int) -> list[int]:
        """Return the messages between two known depths (both included), root first."""
        return list(self.ids[self.depth - last : self.depth - first + 1])[::-1]


class PathReader:
    """`PathReader(store=…)`."""

    def __init__(self, *, store: Store) -> None:
        self._store = store
        self._paths: OrderedDict[str, _Path] = OrderedDict()

    async def span(self, session_id: str, first: int, limit: int) -> tuple[End, tuple[Message, ...]]:
        """Return `limit` messages of the path from depth `first` on, and where the path ends; raises `NotFound`.

        A negative `first` counts from the end. What is outside the path is left out.
        """
        for _try in range(_TRIES):
            end = await self._store.read(partial(paths.end, session_id=session_id))
            if end.leaf is None:
                return end, ()
            begin = max(0, first if first >= 0 else end.depth + 1 + first)
            last = min(end.depth, begin + limit - 1)
            ids = await self._ids(session_id, end, begin, last) if begin <= last else []
            now, found = await self._store.read(partial(paths.some, session_id=session_id, ids=ids))
            if now.leaf == end.leaf and len(found) == len(ids):
                return now, tuple(map(self._store.shown, found))
            self._paths.pop(session_id, None)  # it was changed meanwhile
        raise NotFound(_("The session {id} changes too fast to be read.").format(id=session_id))

    async def ids(self, session_id: str, *, pacer: Pacer) -> "array[int]":
        """Return the ids of the whole path, by depth, read at a pace; raises `NotFound`."""
        end = await self._store.read(partial(paths.end, session_id=session_id))
        if end.leaf is None:
            return array("q")
        path = await self._path(session_id, end)
        while path.first > 0:
            await self._read_on(session_id, path)
            await pacer.breathe()
        return path.ids[::-1]

    async def is_on_path(self, session_id: str, message_id: int, depth: int) -> bool:
        """Return whether a message is on the path that its session shows."""
        end = await self._store.read(partial(paths.end, session_id=session_id))
        if end.leaf is None or depth > end.depth:
            return False
        return await self._ids(session_id, end, depth, depth) == [message_id]

    async def _ids(self, session_id: str, end: End, first: int, last: int) -> list[int]:
        path = await self._path(session_id, end)
        if path.first - first > SLICE:
            found = await self._store.read(
                partial(paths.ids_between, session_id=session_id, depth=end.depth, first=first, last=last)
            )
            if found:
                return found
        while path.first > first:
            await self._read_on(session_id, path)
        return path.between(first, last)

    async def _read_on(self, session_id: str, path: _Path) -> None:
        depth = path.first
        above = await self._store.read(
            partial(
                paths.ids_above, session_id=session_id, message_id=path.at(depth), depth=depth,
                first=max(0, depth - SLICE),
            )
        )  # fmt: skip
        if path.first == depth:  # else somebody else read on meanwhile
            if not above:
                raise NotFound(_("The path of the session {id} has a hole.").format(id=session_id))
            path.ids.extend(above)

    async def _path(self, session_id: str, end: End) -> _Path:
        assert end.leaf is not None, "an empty session has no path"
        known = self._paths.get(session_id)
        if known is None or known.leaf != end.leaf:
            path = _Path(end.leaf, end.depth)
            if known is not None:
                await self._join(session_id, path, known)
            known = self._paths[session_id] = path
        self._paths.move_to_end(session_id)
        while len(self._paths) > _KEPT:
            self._paths.popitem(last=False)
        return known

    async def _join(self, session_id: str, path: _Path, old: _Path) -> None:
        """Take over from the old path what the new one shares with it, if the two meet soon."""
        first = max(0, path.depth - SLICE)
        above = await self._store.read(
            partial(
                paths.ids_above, session_id=session_id, message_id=path.leaf, depth=path.depth, first=first
            )
        )  # fmt: skip
        path.ids.extend(above)
        meet = min(path.depth, old.depth)
        while meet >= max(path.first, old.first) and path.at(meet) != old.at(meet):
            meet -= 1
        if meet >= max(path.first, old.first):
            del path.ids[path.depth - meet :]
            path.ids.extend(old.ids[old.depth - meet :])
