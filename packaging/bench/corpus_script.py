"""All that is written into a made database, in its order; made in a process of its own while another one writes it."""

import multiprocessing
import random
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any

from corpus_rows import Rows, Step, furniture, session_ends, session_rows
from corpus_shape import GUEST, Shape, moments, talks
from corpus_text import Writer

BATCH = 10_000
MODELS = (
    "openai/gpt-5", "anthropic/claude-sonnet-4-5", "ollama/qwen3:8b", "openai/gpt-5-mini", "gemini/gemini-2.5-pro",
    "ollama/llama3.3", "mistral/mistral-large-latest", "guide/manual",
)  # fmt: skip


def script(shape: Shape) -> Iterator[Step]:
    """Yield statements with their rows; the last one has no statement, and what is in the database as its rows."""
    dice = random.Random(shape.seed)
    writer = Writer(dice)
    yield from furniture(writer, dice)
    found = list(talks(shape.sessions, writer, MODELS, dice))
    sizes = shape.sizes(dice)
    times = moments(found, sizes, dice)
    titles = [writer.title(talk.subject) for talk in found]
    yield session_rows(found, titles)
    rows = Rows(talks=found, writer=writer, dice=dice, total=len(times))
    for start in range(0, len(times), BATCH):
        yield from rows.some(times[start : start + BATCH], start + 1)
    yield session_ends(found)
    guest = [talk for talk in found if talk.profile == GUEST]
    facts: dict[str, Any] = {
        "text_bytes": rows.text_bytes + sum(len(title.encode()) for title in titles),
        "needles": rows.needles,
        "largest": found[max(range(len(found)), key=sizes.__getitem__)].id,
        "counts": {
            "sessions": len(found),
            "messages": len(times),
            "guest_active": sum(talk.deleted_at is None and not talk.is_archived for talk in guest),
            "guest_archived": sum(talk.deleted_at is None and talk.is_archived for talk in guest),
            "guest_trashed": sum(talk.deleted_at is not None for talk in guest),
        },
    }
    yield "", list(facts.items())


def made_beside(shape: Shape) -> Iterator[Step]:
    """Yield the same, made in another process: words and their index take about the same time."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(shape, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        while True:
            try:
                step: Step = ours.recv()
            except EOFError:
                return
            yield step
    finally:
        ours.close()
        process.join()


def _send(shape: Shape, into: "Connection[Step, None]") -> None:
    for step in script(shape):
        into.send(step)
    into.close()
