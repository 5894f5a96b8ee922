"""Writes a database with a session of 100,000 messages, one of 100, and one of none: mixed text, the same every time.

Rows go in by `executemany`, without the index of words, which nothing here asks: 100,000 of them in a few seconds.
"""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LONG, SHORT, EMPTY = "long", "short", "empty"
SIZES = {LONG: 100_000, SHORT: 100, EMPTY: 0}
FIRST_MS = 1_600_000_000_000
_PROSE = """
the answer lies in how the parts of a window are kept apart so that nobody waits for a disk while text arrives and every
message stays where it was put which is what people expect of a page they read
"""
_WORDS = _PROSE.split()
_COLUMNS = "id, session_id, parent_id, depth, role, status, created_at, uid, model, content"


def sentence(dice: random.Random, words: int) -> str:
    """Return words as a sentence, some of them emphasised."""
    chosen = [dice.choice(_WORDS) for _ in range(words)]
    chosen[dice.randrange(words)] = f"**{dice.choice(_WORDS)}**"
    return " ".join(chosen).capitalize() + "."


def paragraph(dice: random.Random) -> str:
    """Return some sentences."""
    return " ".join(sentence(dice, dice.randint(6, 20)) for _ in range(dice.randint(1, 4)))


def answer(dice: random.Random) -> str:
    """Return an answer of prose, lists, code and tables."""
    parts = [paragraph(dice)]
    for kind in dice.choices(("prose", "list", "code", "table", "heading"), (6, 3, 2, 1, 1), k=dice.randint(0, 4)):
        match kind:
            case "prose":
                parts.append(paragraph(dice))
            case "list":
                parts.append("\n".join(f"- {sentence(dice, 7)}" for _ in range(dice.randint(2, 6))))
            case "code":
                lines = "\n".join(f"    total_{n} = fit(messages[{n}:])  # {dice.choice(_WORDS)}" for n in range(8))
                parts.append(f"```python\ndef run(messages):\n{lines}\n    return total_0\n```")
            case "table":
                rows = "\n".join(f"| {dice.choice(_WORDS)} | {dice.random():.3f} | {n} |" for n in range(4))
                parts.append(f"| name | share | count |\n|---|---:|---:|\n{rows}")
            case "heading":
                parts.append(f"## {sentence(dice, 4)}")
    return "\n\n".join(parts)


def rows(session: str, count: int, first_id: int) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a session without branches."""
    dice = random.Random(session)
    for depth in range(count):
        is_answer = bool(depth % 2)
        text = answer(dice) if is_answer else sentence(dice, dice.randint(4, 24))
        yield (
            first_id + depth, session, first_id + depth - 1 if depth else None, depth,
            "assistant" if is_answer else "user", "complete", FIRST_MS + depth * 60_000, f"{session}-{depth}",
            "openai/gpt-5" if is_answer else "", text,
        )  # fmt: skip


async def _write(folder: Path) -> None:
    from desktop.domain.sessions import NewSession
    from desktop.storage.store import Store

    store = await Store.open(folder=folder)
    try:
        for session, count in SIZES.items():
            await store.create_session(NewSession(id=session, title=f"A session of {count}", model="guide/manual"))

        def fill(db: Any) -> None:
            query = "SELECT sql FROM sqlite_master WHERE name = 'message_words_insert'"
            ((trigger,),) = db.execute_sql(query).fetchall()
            db.execute_sql("DROP TRIGGER message_words_insert")
            first_id = 1
            places = ", ".join("?" * len(_COLUMNS.split(",")))
            for session, count in SIZES.items():
                db.connection().executemany(
                    f"INSERT INTO message ({_COLUMNS}) VALUES ({places})",
                    rows(session, count, first_id),
                )
                if count:
                    db.execute_sql(
                        "UPDATE session SET active_leaf = ?, message_count = ? WHERE id = ?",
                        (first_id + count - 1, count, session),
                    )
                first_id += count
            db.execute_sql(trigger)

        await store.call(fill)
    finally:
        await store.close()


def write(folder: Path) -> None:
    """Write the database into a data folder."""
    folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(_write(folder))
