"""The crossing between the window's thread and the engine's."""

import asyncio
import sys
from types import TracebackType

import pytest
from pytestqt.qtbot import QtBot

from desktop.domain.faults import WrongUse
from desktop.domain.messages import Message, Role, Status
from desktop.domain.runs import RunSent, RunStarted, RunText, Update
from desktop.presenters.bridge import POUR_CHARS, POUR_MS, TICK_MS, Bridge, pause_ms
from tests.desk import bridge, idle_bridge

__all__ = ["bridge", "idle_bridge"]

LIMIT_S = 20.0


@pytest.fixture
def mistakes(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """What reaches the excepthook."""
    found: list[BaseException] = []

    def hook(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        found.append(error)

    monkeypatch.setattr(sys, "excepthook", hook)
    return found


def text(number: int, words: str, offset: int) -> RunText:
    return RunText(session_id="s", message_id=number, text=words, offset=offset)


def test_pieces_of_one_answer_arrive_joined_and_in_order(idle_bridge: Bridge, qtbot: QtBot) -> None:
    """However many pieces come between two ticks, the window hears of them once, with where they begin."""
    heard: list[Update] = []
    idle_bridge.updated.connect(heard.extend)
    message = Message(
        id=1, uid="1", session_id="s", parent_id=None, depth=0, role=Role.ASSISTANT, content="", created_at=0,
        status=Status.STREAMING,
    )  # fmt: skip
    idle_bridge._post(RunStarted(session_id="s", message_id=1, user=None, assistant=message))
    idle_bridge._post(RunSent(session_id="s", message_id=1, attempt=1))
    for place in range(0, 30, 3):
        idle_bridge._post(text(1, "abc", place))
    idle_bridge._post(text(2, "other", 0))
    idle_bridge._post(text(1, "end", 30))
    qtbot.waitUntil(lambda: bool(heard))
    assert [type(update) for update in heard[:2]] == [RunStarted, RunSent]
    assert heard[2:] == [text(1, "abc" * 10, 0), text(2, "other", 0), text(1, "end", 30)]


def test_text_that_pours_in_is_shown_less_often() -> None:
    """The pause behind a tick grows with what came and with what showing it has cost, whichever asks for more."""
    assert pause_ms(POUR_CHARS - 1, 0.0) == TICK_MS
    assert pause_ms(POUR_CHARS, 0.0) == POUR_MS
    assert pause_ms(1, 0.060) == 120


def test_a_refusal_is_told_as_a_sentence(idle_bridge: Bridge, qtbot: QtBot) -> None:
    """What the world refuses in a presenter's task becomes trouble, unless the presenter wants it."""

    async def refuse() -> None:
        raise WrongUse("Not like this.")

    told: list[str] = []
    idle_bridge.trouble.connect(told.append)
    own: list[str] = []
    idle_bridge._loop.run_until_complete(idle_bridge.start_task(refuse()))
    idle_bridge._loop.run_until_complete(
        idle_bridge.start_task(refuse(), on_error=lambda error: own.append(str(error)))
    )
    assert (told, own) == (["Not like this."], ["Not like this."])


def test_a_mistake_of_ours_reaches_the_excepthook(
    idle_bridge: Bridge, mistakes: list[BaseException], capfd: pytest.CaptureFixture[str]
) -> None:
    """It neither vanishes nor is printed with its text."""

    async def fail() -> None:
        raise KeyError("somebody's words")

    idle_bridge.start_task(fail())
    idle_bridge._loop.run_until_complete(asyncio.sleep(0.01))
    assert [type(error) for error in mistakes] == [KeyError]
    assert "somebody's words" not in capfd.readouterr().err


def test_a_call_before_the_start_waits_for_it(idle_bridge: Bridge) -> None:
    """Calls that come too early are answered as soon as the services are open."""

    async def ask() -> int:
        return len(await idle_bridge.call(lambda backend: backend.library.sessions()))

    async def walk() -> int:
        asking = asyncio.ensure_future(ask())
        await asyncio.sleep(0)
        assert not asking.done()
        idle_bridge.start()
        return await asyncio.wait_for(asking, LIMIT_S)

    assert idle_bridge._loop.run_until_complete(walk()) == 0


def test_closing_in_order_says_so(bridge: Bridge) -> None:
    """Services that end by themselves end in time."""
    bridge._loop.run_until_complete(asyncio.wait_for(_count(bridge), LIMIT_S))
    assert bridge._loop.run_until_complete(bridge.close()) is True
    assert not bridge._engine.alive


async def _count(bridge: Bridge) -> int:
    return len(await bridge.call(lambda backend: backend.library.sessions()))


def test_what_is_asked_while_closing_is_cancelled_in_silence(
    idle_bridge: Bridge, mistakes: list[BaseException]
) -> None:
    """A timer that fires late asks a store that is closed already: nobody is told, and nothing is left waiting."""
    loop = idle_bridge._loop
    idle_bridge.start()
    loop.run_until_complete(asyncio.wait_for(_count(idle_bridge), LIMIT_S))
    loop.run_until_complete(asyncio.wait_for(idle_bridge.close(), LIMIT_S))
    troubles: list[str] = []
    idle_bridge.trouble.connect(troubles.append)

    async def ask() -> None:
        await _count(idle_bridge)

    task = idle_bridge.start_task(ask())
    loop.run_until_complete(asyncio.wait({task}))
    assert task.cancelled()
    assert (mistakes, troubles) == ([], [])
