"""What a context costs: built from a long path, counted after a new message, estimated, and metered while one types."""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from figures import Figure, longest, ratio

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LONG, SHORT = 100_000, 100
BUDGET = 8192
SENTENCE = "Keep the system prompt fixed, count each message once, and walk backwards until the budget is spent. "
DRAFT = 100_000
CODE = """\
def fit(messages, budget):
    kept = []
    for message in reversed(messages):
        budget -= message.tokens
        if budget < 0:
            break
        kept.append(message)
    return kept[::-1]
"""
MIXED = (
    "How do I keep a long conversation within the window of a model without losing what matters in it?",
    "¿Cómo hago para que una conversación larga quepa en la ventana del modelo sin perder nada? Año, niño, ¡sí!",
    CODE,
    "如何在不丢失重要内容的情况下,让很长的对话适合模型的窗口?请用三句话说明。",
    "長い会話を、大事なことを失わずにモデルの窓に収めるにはどうすればよいですか。",
    '{"role": "user", "content": "긴 대화를 모델의 창에 맞추는 방법은 무엇입니까?", "n": [1, 2, 3]}',
)


def context_figures(rounds: int) -> Iterator[Figure]:
    """Measure the context engine against its bars."""
    found = _child("build", str(rounds))
    yield ratio(
        f"context of a path of {LONG:,} messages ÷ of {SHORT}, the same number sent",
        found["long_ms"],
        found["short_ms"],
        unit="ms",
        what=f"a path of {SHORT} messages that fills the same budget",
        bar=2.0,
    )
    value = statistics.median(found["long_ms"])
    yield Figure(
        name=f"context of a path of {LONG:,} messages",
        value=value,
        unit="ms",
        against=statistics.median(found["short_ms"]),
        against_what=f"a path of {SHORT} messages",
        ratio=value,
        bar=10.0,
    )
    yield Figure(
        name="messages encoded when one is added to a counted path",
        value=found["encoded"],
        unit="messages",
        against=1,
        against_what="the message that was added",
        ratio=found["encoded"],
        bar=1.0,
    )
    yield Figure(
        name="error of the estimate on English, Spanish, code and CJK for OpenAI's models",
        value=found["estimate"],
        unit="tokens",
        against=found["true"],
        against_what="counted by OpenAI's own rule",
        ratio=abs(found["estimate"] / found["true"] - 1),
        bar=0.02,
    )
    keys = [_child("keys") for _round in range(min(rounds, 3))]
    idle = statistics.median(one["idle_ms"] for one in keys)
    yield longest(
        "longest gap from a key to the meter with a draft of 100 kB",
        [one["longest_ms"] for one in keys],
        idle=idle,
        bar=33,
    )


def _child(*arguments: str) -> dict[str, Any]:
    env = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"}
    done = subprocess.run(
        [sys.executable, str(Path(__file__)), *arguments], env=env, stdout=subprocess.PIPE, check=True, timeout=600
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


async def build(rounds: int) -> dict[str, Any]:
    """Write both paths, then build, count and compare."""
    from desktop.domain.messages import NewMessage, Role
    from desktop.domain.models import ModelSpec
    from desktop.domain.sessions import NewSession
    from desktop.providers.tokens import TokenCounter
    from desktop.services.context import ContextBuilder
    from desktop.storage.store import Store

    class Counter(TokenCounter):
        asked = 0

        def count(self, text: str, encoding: str = "") -> int:
            self.asked += 1
            return super().count(text, encoding)

    roles = (Role.USER, Role.ASSISTANT)
    model = ModelSpec(provider_id="openai", kind="openai", name="gpt-4o")
    counter = Counter()
    builder = ContextBuilder(counter=counter)
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(folder=Path(folder))
        for length in (LONG, SHORT):
            new = NewSession(id=str(length), params={"max_context": BUDGET})
            await store.create_session(new)
            leaf: int | None = None
            for start in range(0, length, 5000):
                messages = [
                    NewMessage(role=roles[number % 2], content=f"{number} " + SENTENCE * 4)
                    for number in range(start, min(length, start + 5000))
                ]
                leaf = (await store.add_messages(str(length), leaf, messages))[-1].id

        async def once(length: int) -> Any:
            session = await store.session(str(length))
            return await builder.build(store, session=session, leaf=session.active_leaf, model=model)

        times: dict[int, list[float]] = {LONG: [], SHORT: []}
        for length in times:
            for _time in range(3):  # the first counts everything once
                await once(length)
        for _round in range(max(5, 4 * rounds)):
            for length, found in times.items():
                began = time.perf_counter()
                await once(length)
                found.append((time.perf_counter() - began) * 1000)

        session = await store.session(str(LONG))
        await store.add_messages(session.id, session.active_leaf, [NewMessage(role=Role.USER, content=SENTENCE)])
        counter.asked = 0
        await once(LONG)
        encoded = counter.asked

        mixed = await store.create_session(NewSession(id="mixed"))
        texts = [text * (1 + number % 4) for number in range(8) for text in MIXED]
        messages = [NewMessage(role=roles[number % 2], content=text) for number, text in enumerate(texts)]
        added = await store.add_messages(mixed.id, None, messages)
        context = await builder.build(store, session=mixed, leaf=added[-1].id, model=model, exact=True)
        await store.close()
    return {
        "long_ms": times[LONG],
        "short_ms": times[SHORT],
        "encoded": encoded,
        "estimate": context.tokens,
        "true": _true([(one.role.value, one.content) for one in context.messages]),
    }


def _true(messages: list[tuple[str, str]]) -> int:
    """Count by the rule in OpenAI's cookbook: https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken."""
    import tiktoken

    table = tiktoken.get_encoding("o200k_base")
    return 3 + sum(3 + len(table.encode(role)) + len(table.encode(text)) for role, text in messages)


def keys() -> None:
    """Type at the end of a long draft in the real window, and watch the loop until the meter has counted it."""
    from gaps import Heart
    from PySide6.QtCore import QEvent, Qt
    from PySide6.QtGui import QKeyEvent, QTextCursor
    from PySide6.QtWidgets import QApplication

    from desktop.app import build as build_window

    with tempfile.TemporaryDirectory() as folder:
        desktop = build_window(["--data-dir", folder])
        heart = Heart()
        composer = desktop.window.composer

        async def updated(before: str) -> None:
            while composer.meter.toolTip() == before:
                await asyncio.sleep(0.005)

        async def walk() -> None:
            gateway = await desktop.bridge.call(_gateway)
            while not gateway.ready:
                await asyncio.sleep(0.05)
            composer.set_text((SENTENCE * (DRAFT // len(SENTENCE) + 1))[:DRAFT])
            composer.edited.emit()
            await updated("")
            await asyncio.sleep(1.0)
            heart.begin()
            await asyncio.sleep(1.0)
            idle = max(heart.end())
            composer.input.moveCursor(QTextCursor.MoveOperation.End)
            heart.begin()
            for _time in range(5):
                before = composer.meter.toolTip()
                for letter in " and so on":
                    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                        event = QKeyEvent(kind, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, letter)
                        QApplication.sendEvent(composer.input, event)
                    await asyncio.sleep(0.03)
                await updated(before)
            _report({"idle_ms": idle, "longest_ms": max(heart.end())})

        desktop.loop.run_until_complete(walk())


async def _gateway(backend: Any) -> Any:
    return backend.gateway


def _report(values: dict[str, Any]) -> None:
    print(json.dumps(values), flush=True)
    os._exit(0)


if __name__ == "__main__":
    if sys.argv[1] == "build":
        _report(asyncio.run(build(int(sys.argv[2]))))
    keys()
