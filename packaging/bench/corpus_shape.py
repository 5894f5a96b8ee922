"""Who talked when: sessions of all sizes over two years, their marks, and the moments of their messages."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus_text import Subject, Writer

DAY_MS = 86_400_000
SPAN_MS = 730 * DAY_MS
END_MS = 1_795_000_000_000
"""When the newest message was written: a moment that does not move, or no two databases would be the same."""
GUEST, WORK = 1, 2
FOLDERS = {1: (None, 12), 2: (1, 6), 3: (1, 4)}
"""Levels of folders in each profile: below which level, and how many."""
TAGS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How much there is to be."""

    sessions: int = 100_000
    messages: int = 1_000_000
    seed: int = 1

    def sizes(self, dice: random.Random) -> list[int]:
        """Return the number of messages of each session: one of a tenth of all, four large ones, a long tail."""
        large = [self.messages // 10, *[self.messages // 200] * 4]
        rest = self.sessions - len(large)
        left = self.messages - sum(large)
        weights = [math.exp(dice.gauss(0, 1.1)) for _session in range(rest)]
        unit = max(0, left - rest) / sum(weights)
        sizes = [1 + int(weight * unit) for weight in weights]
        for place in range(left - sum(sizes)):
            sizes[place % rest] += 1
        sizes += large
        dice.shuffle(sizes)
        return sizes


@dataclass(slots=True, kw_only=True)
class Talk:
    """A session while it is written. `stack` holds the newest of its path: (id, depth, role)."""

    number: int
    id: str
    profile: int
    subject: Subject
    model: str
    began: int
    folder: int | None
    pinned: bool
    is_resolved: bool
    is_archived: bool
    deleted_at: int | None
    stack: list[tuple[int, int, str]] = field(default_factory=list)
    updated: int = 0
    live: int = 0


def talks(count: int, writer: Writer, models: tuple[str, ...], dice: random.Random) -> Iterator[Talk]:
    """Yield the sessions of a database, the oldest first; a growing number each month, none at night."""
    begun = sorted(END_MS - SPAN_MS + int(SPAN_MS * math.sqrt(dice.random())) for _session in range(count))
    folders = sum(each for _above, each in FOLDERS.values())
    for number, at in enumerate(begun, start=1):
        profile = GUEST if dice.random() < 0.95 else WORK
        old = END_MS - at > 90 * DAY_MS
        yield Talk(
            number=number,
            id=made_id(dice),
            profile=profile,
            subject=writer.subject(),
            # The square makes the first models the common ones.
            model=models[int(len(models) * dice.random() ** 2)],
            began=at // DAY_MS * DAY_MS + int((7 + 16 * dice.random()) * 3_600_000),
            folder=(profile - 1) * folders + 1 + int(folders * dice.random() ** 2) if dice.random() < 0.4 else None,
            pinned=dice.random() < 0.0002,
            is_resolved=dice.random() < 0.1,
            is_archived=old and dice.random() < 0.05,
            deleted_at=END_MS - int(30 * DAY_MS * dice.random()) if dice.random() < 0.01 else None,
        )


def moments(found: list[Talk], sizes: list[int], dice: random.Random) -> list[tuple[int, int]]:
    """Return (time, place of the session) of every message, in the order of writing."""
    random_ = dice.random
    times: list[tuple[int, int]] = []
    for place, (talk, size) in enumerate(zip(found, sizes, strict=True)):
        at = min(talk.began, END_MS - size * 60_000)
        # A large session goes on until today; of the others one in ten is taken up again days later.
        step = (END_MS - at) // size if size > 1000 else 0
        talk.began = at
        for _message in range(size):
            times.append((min(at, END_MS), place))
            pause = int(20_000 + 400_000 * random_())
            if step:
                at += max(1000, int(step * 2 * random_()))
            elif random_() < 0.02:
                at += int(10 * DAY_MS * random_())
            else:
                at += pause
    times.sort()
    return times


def made_id(dice: random.Random) -> str:
    """Return a UUID of the random kind, as the program makes them."""
    text = f"{dice.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{'89ab'[int(text[16], 16) % 4]}{text[17:20]}-{text[20:]}"
