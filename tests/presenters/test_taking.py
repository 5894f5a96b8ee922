"""Taking from a presenter: the last request counts, and what cannot be taken is a sentence."""

from pytestqt.qtbot import QtBot

from desktop.domain.messages import NewMessage, Role
from desktop.domain.taking import BEYOND, MAX_CHARS, Mark, Taken, TakeRequest
from desktop.presenters.bridge import Bridge
from desktop.presenters.taking import TakingPresenter


def session(qtbot: QtBot, bridge: Bridge, text: str) -> str:
    """Write a session of one message."""
    made: list[str] = []

    async def make() -> None:
        created = await bridge.call(lambda backend: backend.library.create())
        new = [NewMessage(role=Role.USER, content=text)]
        await bridge.call(lambda backend: backend.store.add_messages(created.id, None, new))
        made.append(created.id)

    bridge.start_task(make())
    qtbot.waitUntil(lambda: bool(made))
    return made[0]


def all_of(session_id: str) -> TakeRequest:
    return TakeRequest(session_id=session_id, start=Mark(0, True, 0, 0), end=Mark(0, True, BEYOND, BEYOND))


def test_a_part_of_a_session_is_taken(qtbot: QtBot, bridge: Bridge) -> None:
    """The text comes back by a signal."""
    presenter = TakingPresenter(bridge=bridge)
    with qtbot.waitSignal(presenter.taken) as told:
        presenter.take(all_of(session(qtbot, bridge, "words")))
    assert told.args == [Taken(plain="words", markdown="words", html="<p>words</p>", count=1)]


def test_what_is_overtaken_is_dropped(qtbot: QtBot, bridge: Bridge) -> None:
    """Two requests in a row, or something else in the clipboard meanwhile: the older one is not told any more."""
    presenter = TakingPresenter(bridge=bridge)
    first, second, last = (session(qtbot, bridge, text) for text in ("one", "two", "three"))
    told: list[str] = []
    presenter.taken.connect(lambda taken: told.append(taken.plain))
    presenter.take(all_of(first))
    presenter.take(all_of(second))
    presenter.forget()
    presenter.take(all_of(last))
    qtbot.waitUntil(lambda: not bridge._tasks)
    assert told == ["three"]


def test_a_session_that_is_gone_is_a_sentence(qtbot: QtBot, bridge: Bridge) -> None:
    """Nothing is taken, and it is said why."""
    presenter = TakingPresenter(bridge=bridge)
    with qtbot.waitSignal(presenter.failed) as told:
        presenter.take(all_of("no-such-session"))
    assert told.args[0]


def test_too_much_names_the_session_to_export(qtbot: QtBot, bridge: Bridge) -> None:
    """The way out belongs to the session that was asked for."""
    session_id = session(qtbot, bridge, "words")
    presenter = TakingPresenter(bridge=bridge)
    request = all_of(session_id)
    (message_id,) = _ids(qtbot, bridge, session_id)
    with qtbot.waitSignal(presenter.too_much) as told:
        presenter.take(
            TakeRequest(
                session_id=session_id, start=request.start, end=request.end, texts={message_id: "x" * (MAX_CHARS + 1)}
            )
        )
    assert told.args[1] == session_id


def _ids(qtbot: QtBot, bridge: Bridge, session_id: str) -> list[int]:
    found: list[int] = []

    async def ask() -> None:
        found.extend(message.id for message in await bridge.call(lambda backend: backend.store.path(session_id)))

    bridge.start_task(ask())
    qtbot.waitUntil(lambda: bool(found))
    return found
