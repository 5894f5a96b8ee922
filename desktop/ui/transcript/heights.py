"""Heights of many things below each other: their sum, and which of them is at a given place, quickly.

Kept in chunks with a sum for each, so that changing one of 100,000 heights or finding a place costs a few hundred steps
at most, and adding at either end costs next to nothing.
"""

from collections.abc import Iterable

_CHUNK = 256


class Heights:
    """A list of heights in pixels."""

    def __init__(self, heights: Iterable[float] = ()) -> None:
        self._chunks: list[list[float]] = []
        self._sums: list[float] = []
        self._count = 0
        self.total = 0.0
        self.insert(0, heights)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> float:
        chunk, place = self._find(index)
        return self._chunks[chunk][place]

    def set(self, index: int, height: float) -> float:
        """Change a height; return by how much."""
        chunk, place = self._find(index)
        change = height - self._chunks[chunk][place]
        if change:
            self._chunks[chunk][place] = height
            self._sums[chunk] += change
            self.total += change
        return change

    def append(self, height: float) -> None:
        """Add one at the end."""
        if not self._chunks or len(self._chunks[-1]) >= _CHUNK:
            self._chunks.append([])
            self._sums.append(0.0)
        self._chunks[-1].append(height)
        self._sums[-1] += height
        self._count += 1
        self.total += height

    def insert(self, index: int, heights: Iterable[float]) -> None:
        """Add several before an index."""
        fresh = list(heights)
        if index == self._count:
            for height in fresh:
                self.append(height)
            return
        chunk, place = self._find(index)
        merged = self._chunks[chunk][:place] + fresh + self._chunks[chunk][place:]
        pieces = [merged[at : at + _CHUNK] for at in range(0, len(merged), _CHUNK)]
        self._chunks[chunk : chunk + 1] = pieces
        self._sums[chunk : chunk + 1] = [sum(piece) for piece in pieces]
        self._count += len(fresh)
        self.total += sum(fresh)

    def truncate(self, count: int) -> None:
        """Keep only the first ones."""
        while self._count > count:
            last = self._chunks[-1]
            if self._count - len(last) >= count:
                self._count -= len(last)
                self.total -= self._sums[-1]
                del self._chunks[-1], self._sums[-1]
            else:
                keep = len(last) - (self._count - count)
                gone = sum(last[keep:])
                del last[keep:]
                self._sums[-1] -= gone
                self.total -= gone
                self._count = count
        if not self._count:
            self.total = 0.0

    def offset(self, index: int) -> float:
        """Return where a thing begins."""
        if index >= self._count:
            return self.total
        chunk, place = self._find(index)
        return sum(self._sums[:chunk]) + sum(self._chunks[chunk][:place])

    def at(self, y: float) -> tuple[int, float]:
        """Return which thing is at a place, and how far into it the place is."""
        index = 0
        last = len(self._chunks) - 1
        for number, chunk in enumerate(self._chunks):
            if y < self._sums[number] or number == last:
                for height in chunk[:-1] if number == last else chunk:
                    if y < height:
                        return index, max(0.0, y)
                    y -= height
                    index += 1
                return min(index, self._count - 1), max(0.0, y)
            y -= self._sums[number]
            index += len(chunk)
        return 0, 0.0

    def _find(self, index: int) -> tuple[int, int]:
        if not 0 <= index < self._count:
            raise IndexError(index)
        # Chunks are full but for those that were inserted into; counting from the nearer end is quick enough.
        if index >= self._count - len(self._chunks[-1]):
            return len(self._chunks) - 1, index - (self._count - len(self._chunks[-1]))
        for number, chunk in enumerate(self._chunks):
            if index < len(chunk):
                return number, index
            index -= len(chunk)
        raise IndexError(index)
