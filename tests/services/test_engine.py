import asyncio
import sys
import threading
from collections.abc import Iterator

import pytest

from desktop.domain.faults import WrongUse
from desktop.services.engine import Engine

LIMIT_S = 20.0


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = Engine()
    engine.start()
    yield engine
    engine.stop()


async def name_of_thread() -> str:
    return threading.current_thread().name


def test_work_runs_on_the_engines_thread(engine: Engine) -> None:
    """Whoever asks from another thread gets the result."""
    assert engine.alive
    assert engine.submit(name_of_thread()).result(LIMIT_S) == "engine"


def test_what_goes_wrong_reaches_the_one_who_asked(engine: Engine) -> None:
    """An exception is carried over, and the engine goes on."""

    async def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        engine.submit(fail()).result(LIMIT_S)
    assert engine.submit(name_of_thread()).result(LIMIT_S) == "engine"


def test_a_future_that_is_cancelled_cancels_the_work(engine: Engine) -> None:
    """Nobody waits for it any more."""
    begun, ended = threading.Event(), threading.Event()

    async def wait() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    future = engine.submit(wait())
    assert begun.wait(LIMIT_S)
    future.cancel()
    assert ended.wait(LIMIT_S)


def test_stopping_cancels_what_still_runs(engine: Engine) -> None:
    """Tasks, generators and threads of the loop are given back."""
    begun, ended = threading.Event(), threading.Event()

    async def wait() -> None:
        await asyncio.to_thread(lambda: None)
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    engine.submit(wait())
    assert begun.wait(LIMIT_S)
    assert engine.stop(limit_s=LIMIT_S)
    assert ended.is_set()
    assert not engine.alive


def test_a_stopped_engine_takes_no_work(engine: Engine) -> None:
    """What comes too late is refused, and its coroutine closed."""
    engine.stop()
    with pytest.raises(WrongUse, match="closing"):
        engine.submit(name_of_thread())


def test_stopping_twice_or_unstarted_is_harmless(engine: Engine) -> None:
    """There is nothing to end."""
    assert engine.stop()
    assert engine.stop()
    assert Engine().stop()


def test_an_unstarted_engine_takes_no_work() -> None:
    """Nothing is queued for a thread that may never run."""
    engine = Engine()
    with pytest.raises(WrongUse):
        engine.submit(name_of_thread())
    engine.stop()


def test_work_that_refuses_to_end_is_left_behind() -> None:
    """Quitting has a limit; the thread is a daemon."""
    engine = Engine()
    engine.start()
    begun, free = threading.Event(), threading.Event()

    async def block() -> None:
        begun.set()
        free.wait(LIMIT_S)

    engine.submit(block())
    assert begun.wait(LIMIT_S)
    assert not engine.stop(limit_s=0.05)
    free.set()
    assert engine.stop(limit_s=LIMIT_S)


def test_a_mistake_that_nobody_awaits_is_told_without_its_text(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It reaches the excepthook; asyncio would print what it says, and that may be anybody's words."""
    told: list[type[BaseException]] = []
    heard = threading.Event()

    def hook(kind: type[BaseException], *_rest: object) -> None:
        told.append(kind)
        heard.set()

    async def go() -> None:
        def fail() -> None:
            raise KeyError("somebody's words")

        asyncio.get_running_loop().call_soon(fail)

    monkeypatch.setattr(sys, "excepthook", hook)
    engine.submit(go()).result(LIMIT_S)
    assert heard.wait(LIMIT_S)
    assert told == [KeyError]
    assert "somebody's words" not in capfd.readouterr().err
