"""What a search costs over a made database: the first page of 500 mixed questions, through the service.

Each is held against the bare SQL of the same question: its statement for the messages, run on a connection of its own
down to the last message of the page.
"""

import asyncio
import json
import random
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

from figures import Figure

QUESTIONS, PAGE = 500, 50
P95_MS, P99_MS, SQL_RATIO, SIZE_RATIO = 50, 100, 1.3, 2.5
_FILTERS = (
    *("role:user", "role:assistant", "has:code", "has:tool"),
    *("is:pinned", "is:archived", "after:2026", "before:2025-06"),
)
_HARD = (
    *("_i", "/a", "==", "c#", "x=", "=>", "a/b", "fn_", "get_", "->", "::", "()"),
    *("model:zz OR zzz", "tag:none OR zzz", "is:pinned OR zzz", "role:user _i", '"the of"', "in:nowhere OR zzz"),
)
"""Signs of code, which the index knows little of, and names that nobody has: asked apart from the mixed questions, for
bare SQL does not know which of its rows are answers.
"""


def figures(path: Path) -> list[Figure]:
    """Measure searching in the database `path`, which `corpus.py` has made: its facts lie beside it."""
    return asyncio.run(_measure(path))


async def _measure(path: Path) -> list[Figure]:
    from desktop.services.searching import SearchService
    from desktop.storage.store import Store

    store = await Store.open(folder=path.parent)
    try:
        questions = await store.read(lambda db: _questions(db, random.Random(3)))
        service = SearchService(store=store, profile=lambda: 1)
        ours, theirs = [], []
        for text in questions:
            await service.hits(text, limit=PAGE)  # what the disk costs is the same for both
            began = time.perf_counter()
            page = await service.hits(text, limit=PAGE)
            ours.append((time.perf_counter() - began) * 1000)
            last = min((hit.message_id for hit in page.hits if hit.message_id), default=0) if page.has_more else 0
            theirs.append(await store.read(partial(_bare, text=text, last=last)))
        hard = {text: await _again(service, text) for text in _HARD}
    finally:
        await store.close()
    slowest = sorted(zip(ours, theirs, questions, strict=True), reverse=True)[:5]
    print(*(f"# {mine:.1f} ms, bare {bare:.1f} ms: {text}" for mine, bare, text in slowest), sep="\n", file=sys.stderr)
    facts = json.loads((path.parent / "corpus.json").read_text(encoding="utf-8"))
    size = path.stat().st_size
    mine, bare = _at(ours, 0.95), _at(theirs, 0.95)
    return [
        _figure("first page of hits, p95", mine, P95_MS, bare),
        _figure("first page of hits, p99", _at(ours, 0.99), P99_MS, _at(theirs, 0.99)),
        Figure(
            name="first page of hits of signs and names, the slowest",
            value=max(hard.values()),
            unit="ms",
            against=_at(ours, 0.99),
            against_what="p99 of the mixed questions",
            ratio=max(hard.values()),
            bar=P99_MS,
        ),
        Figure(
            name="first page of hits ÷ bare SQL, p95",
            value=mine,
            unit="ms",
            against=bare,
            against_what="the bare SQL of the same questions",
            ratio=mine / bare,
            bar=SQL_RATIO,
        ),
        Figure(
            name="database ÷ text",
            value=size / 1e6,
            unit="MB",
            against=facts["text_bytes"] / 1e6,
            against_what="titles, messages and thinking in UTF-8",
            ratio=size / facts["text_bytes"],
            bar=SIZE_RATIO,
        ),
    ]


async def _again(service: Any, text: str) -> float:
    """Return how long the first page takes when it is asked for again, in milliseconds."""
    await service.hits(text, limit=PAGE)
    return float((await service.hits(text, limit=PAGE)).took_ms)


def _figure(name: str, value: float, bar: float, bare: float) -> Figure:
    return Figure(name=name, value=value, unit="ms", against=bare, against_what="the bare SQL", ratio=value, bar=bar)


def _at(values: list[float], part: float) -> float:
    return sorted(values)[int(len(values) * part)]


def _questions(db: Any, dice: random.Random) -> list[str]:
    """Return questions of what stands in the messages: rare and common words, beginnings, phrases, filters, CJK."""
    newest = db.execute_sql("SELECT max(id) FROM message").fetchone()[0]
    found: list[str] = []
    while len(found) < QUESTIONS:
        row = db.execute_sql(
            "SELECT content FROM message WHERE id >= ? AND length(content) > 40 LIMIT 1", (dice.randrange(newest),)
        ).fetchone()
        if row is None:
            continue
        words = [word.strip(".,:;`()[]{}\"'#*-") for word in row[0].split()]
        words = [word for word in words if word]
        at = dice.randrange(len(words))
        word = words[at]
        kind = len(found) % 6
        if not word.isascii() and len(word) > 12:  # written without blanks
            start = dice.randrange(len(word) - 4)
            found.append(word[start : start + dice.choice((1, 2, 2, 3, 4))])
        elif kind == 0:
            found.append(word)
        elif kind == 1:
            found.append(max(words, key=len)[:40])
        elif kind == 2:
            found.append(f"{word[: dice.choice((2, 3, 4, 5))]}*")
        elif kind == 3:
            found.append('"' + " ".join(words[at : at + dice.choice((2, 3))]) + '"')
        elif kind == 4:
            found.append(f"{word} {dice.choice(_FILTERS)}")
        else:
            found.append(f"{min(words, key=len)} {dice.choice(words)}")
    return found


def _bare(db: Any, *, text: str, last: int) -> float:
    """Return how long the statement for the messages takes down to the last one of the page, in milliseconds."""
    from datetime import date

    from desktop.domain.search_language import parse
    from desktop.services.searching import local_midnight
    from desktop.storage import search, search_names, search_plan

    question = parse(text, today=date(2026, 11, 21), midnight=local_midnight)
    names, _said = search_names.find_names(db, question, profile=1)
    asked = search.Asked(question=question, names=names, profile=1)
    if not question:
        return 0.0
    sql, values = search.message_statement(db, asked, search_plan.plan(question, names))
    began = time.perf_counter()
    for row in db.connection().execute(sql, values):
        if row[2] <= last:
            break
    return (time.perf_counter() - began) * 1000
