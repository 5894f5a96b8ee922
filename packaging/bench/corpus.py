"""Makes databases as years of use leave them, for benchmarks and slow tests: the same seed makes the same words.

`python packaging/bench/corpus.py FOLDER [--sessions N] [--messages N] [--seed N]` writes FOLDER/sobremesa.db and
FOLDER/corpus.json, which tells what is in it; what is there already, with the same tables and numbers, is kept. The
tables are those of the migrations, and the rows go in past their triggers, so that the indexes are what the program
would have made; only the disk is not waited for.
"""

import argparse
import asyncio
import hashlib
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from corpus_script import made_beside
from corpus_shape import Shape

from desktop.storage.database import connect, prepare_writer
from desktop.storage.schema_spending import VERSION_3
from desktop.storage.settings_file import FILE
from desktop.storage.store import DATABASE, Store

GENERATOR = 3
"""Grows whenever other words come out, so that a kept database is made anew."""
FACTS = "corpus.json"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What stands in a made database. Bytes of text are those of titles, messages and thinking in UTF-8."""

    schema: str
    shape: dict[str, int]
    seconds: float = 0.0
    generator: int = GENERATOR
    text_bytes: int = 0
    file_bytes: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    needles: dict[str, list[int]] = field(default_factory=dict)
    """Words that stand in these messages of Guest and nowhere else."""
    largest: str = ""
    """The session with the most messages."""


def prepared(folder: Path, shape: Shape, say: Say) -> Facts:
    """Return what is in `folder`; make it first where there is none, or one of other tables or another shape."""
    wanted = Facts(schema=_schema(), shape=asdict(shape))
    try:
        found = Facts(**json.loads((folder / FACTS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        found = None
    known = ("schema", "shape", "generator")
    if found is not None and all(getattr(found, name) == getattr(wanted, name) for name in known):
        return found
    return make(folder, shape, say)


def _schema() -> str:
    """Return a digest of today's tables."""
    with tempfile.TemporaryDirectory(prefix="sobremesa-schema-") as folder:
        asyncio.run(_empty(Path(folder)))
        db = connect(Path(folder) / DATABASE)
        try:
            tables = db.execute_sql("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name").fetchall()
        finally:
            db.close()
    return hashlib.blake2b("\n".join(sql for (sql,) in tables).encode(), digest_size=8).hexdigest()


async def _empty(folder: Path) -> None:
    await (await Store.open(folder=folder)).close()


def make(folder: Path, shape: Shape, say: Say) -> Facts:
    """Write the database and its facts into `folder`; an older one is replaced."""
    began = time.monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    for name in (FACTS, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (folder / name).unlink(missing_ok=True)
    # Or the window would put most of it into the archive, five seconds after it is opened.
    (folder / FILE).write_text('{"archive_after_days": 0}', encoding="utf-8")
    asyncio.run(_empty(folder))
    db = connect(folder / DATABASE)
    try:
        for name, value in (("synchronous", 0), ("foreign_keys", 0), ("cache_size", -500_000)):
            db.connection().pragma(name, value)
        db.connection().pragma("journal_mode", "memory")
        made = _fill(db, shape, say)
        say("checking it")
        for check in ("foreign_key_check", "quick_check"):
            found = db.execute_sql(f"PRAGMA {check}").fetchall()[:3]
            if found not in ([], [("ok",)]):
                raise SystemExit(f"the database is not sound: {found}")
        prepare_writer(db)
    finally:
        db.close()
    facts = Facts(
        schema=_schema(),
        shape=asdict(shape),
        file_bytes=(folder / DATABASE).stat().st_size,
        seconds=round(time.monotonic() - began, 1),
        **made,
    )
    (folder / FACTS).write_text(json.dumps(asdict(facts), indent=1, ensure_ascii=False), encoding="utf-8")
    return facts


def _fill(db: Any, shape: Shape, say: Say) -> dict[str, Any]:
    """Write all rows; return the measured part of the facts."""
    connection = db.connection()
    done = 0
    for sql, rows in made_beside(shape):
        if not sql:
            with connection:
                connection.execute(VERSION_3[-1])
            return dict(rows)
        with connection:
            connection.executemany(sql, rows)
        if "INTO message " in sql:
            done += len(rows)
            say(f"{done:,} of {shape.messages:,} messages")
    raise SystemExit("the process that makes the words has ended too early")


def main() -> int:
    """Make a database by hand."""
    parser = argparse.ArgumentParser(prog="corpus.py", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sessions", type=int, default=Shape().sessions)
    parser.add_argument("--messages", type=int, default=Shape().messages)
    parser.add_argument("--seed", type=int, default=Shape().seed)
    chosen = parser.parse_args()
    shape = Shape(sessions=chosen.sessions, messages=chosen.messages, seed=chosen.seed)
    facts = prepared(chosen.folder, shape, lambda words: print(words, file=sys.stderr, flush=True))
    print(json.dumps(asdict(facts), indent=1, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
