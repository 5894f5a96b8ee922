from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.domain.sessions import Session
from desktop.presenters.bridge import Bridge
from desktop.presenters.export import ExportPresenter


def session(qtbot: QtBot, bridge: Bridge) -> str:
    made: list[Session] = []

    async def make() -> None:
        created = await bridge.call(lambda backend: backend.library.create())
        made.append(await bridge.call(lambda backend: backend.library.rename(created.id, "A talk")))

    bridge.start_task(make())
    qtbot.waitUntil(lambda: bool(made))
    return made[0].id


def test_a_session_is_written(qtbot: QtBot, bridge: Bridge, tmp_path: Path) -> None:
    """The path that was chosen holds the session's title afterwards, and is told."""
    path = tmp_path / "talk.md"
    presenter = ExportPresenter(bridge=bridge)
    with qtbot.waitSignal(presenter.exported) as exported:
        presenter.export_markdown(session(qtbot, bridge), str(path))
    assert exported.args == [str(path)]
    assert "A talk" in path.read_text(encoding="utf-8")


def test_a_failure_is_a_sentence(qtbot: QtBot, bridge: Bridge, tmp_path: Path) -> None:
    """A folder that is not there is said, and nothing is left behind."""
    path = tmp_path / "nowhere" / "talk.md"
    presenter = ExportPresenter(bridge=bridge)
    with qtbot.waitSignal(presenter.failed) as failed:
        presenter.export_markdown(session(qtbot, bridge), str(path))
    assert failed.args[0]
    assert not path.exists()


def test_an_unknown_session_is_a_sentence(qtbot: QtBot, bridge: Bridge, tmp_path: Path) -> None:
    """A session that is gone leaves the file that stands there alone."""
    path = tmp_path / "talk.md"
    path.write_text("mine", encoding="utf-8")
    presenter = ExportPresenter(bridge=bridge)
    with qtbot.waitSignal(presenter.failed):
        presenter.export_markdown("no-such-session", str(path))
    assert path.read_text(encoding="utf-8") == "mine"
