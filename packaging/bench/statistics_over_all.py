"""What the figures over a million messages cost: `Store.statistics` whole, on a database as the program keeps it.

Its counts and sums are held against a read of every message, which is what they would cost without being kept.
"""

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import apsw
from figures import Figure

MESSAGES, EACH, MODELS, DAYS = 1_000_000, 10, 12, 900
BAR_MS = 300
START_MS = 1_700_000_000_000
_SESSION = "INSERT INTO session(id, title, created_at, updated_at, message_count) VALUES (?, ?, ?, ?, ?)"
_MESSAGE = """
    INSERT INTO message(session_id, parent_id, depth, role, status, created_at, uid, model, input_tokens, output_tokens,
        cost, response_time_ms, metadata, content)
    VALUES (?, ?, ?, ?, 'complete', ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_BILL = """
    INSERT INTO spending(profile_id, day, model, purpose, runs, input_tokens, output_tokens, cost, timed_runs, timed_ms)
    SELECT 1, date(created_at / 1000, 'unixepoch', 'localtime'), model, 'answer', count(*), sum(input_tokens),
        sum(output_tokens), sum(cost), count(*), sum(response_time_ms)
    FROM message WHERE role = 'assistant' GROUP BY 2, 3
"""
_PLAIN = "SELECT count(*), sum(input_tokens), sum(output_tokens), sum(cost), min(created_at) FROM message"


def statistics_figures(rounds: int) -> Iterator[Figure]:
    """Measure statistics over all sessions."""
    with tempfile.TemporaryDirectory(prefix="sobremesa-bench-") as folder:
        ours, theirs = asyncio.run(_measure(Path(folder), rounds))
    value = statistics.median(ours)
    yield Figure(
        name=f"statistics over {MESSAGES:,} messages",
        value=value,
        unit="ms",
        against=statistics.median(theirs),
        against_what="sums over all rows",
        ratio=value,
        bar=BAR_MS,
    )


async def _measure(folder: Path, rounds: int) -> tuple[list[float], list[float]]:
    from desktop.storage.store import DATABASE, Store

    store = await Store.open(folder=folder)
    await store.close()
    _fill(folder / DATABASE)
    store = await Store.open(folder=folder)
    ours: list[float] = []
    theirs: list[float] = []
    try:
        for _round in range(rounds):
            began = time.perf_counter()
            found = await store.statistics()
            ours.append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            row = await store.read(lambda db: db.execute_sql(_PLAIN).fetchone())
            theirs.append((time.perf_counter() - began) * 1000)
            if (found.messages, found.input_tokens, found.output_tokens) != row[:3] or abs(found.cost - row[3]) > 0.01:
                raise SystemExit("the statistics are not the sums of the messages")
    finally:
        await store.close()
    return ours, theirs


def _fill(path: Path) -> None:
    """Write the messages as years of use would have left them; only their words are not searchable."""
    dice = random.Random(1)
    models = [f"provider/model-{number}" for number in range(MODELS)]
    step = DAYS * 86_400_000 // MESSAGES
    words = "Every message holds some words, as many as a short paragraph does. " * 5
    db = apsw.Connection(str(path))
    for pragma in ("synchronous = OFF", "foreign_keys = OFF"):
        db.execute(f"PRAGMA {pragma}")
    db.execute("DROP TRIGGER message_words_insert")
    db.execute("DROP TRIGGER session_words_insert")

    def message(number: int) -> tuple[object, ...]:
        place = number % EACH
        at = START_MS + number * step
        head = (f"s{number // EACH}", number or None if place else None, place)
        if place % 2 == 0:
            return (*head, "user", at, f"u{number}", "", None, None, None, None, "{}", words)
        spent = (dice.choice(models), dice.randrange(4000), dice.randrange(800), 0.01, 2000)
        return (*head, "assistant", at, f"u{number}", *spent, '{"first_token_ms": 300}', words)

    with db:
        times = ((f"s{at}", f"title {at}", START_MS + at, START_MS + at, EACH) for at in range(MESSAGES // EACH))
        db.executemany(_SESSION, times)
        db.executemany(_MESSAGE, map(message, range(MESSAGES)))
        db.execute(_BILL)
    db.close()
