"""The list of deleted sessions."""

import gc
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.sessions import NewSession
from desktop.presenters.sidebar import SidebarPresenter
from desktop.ui.sidebar.trash import TrashDialog
from desktop.ui.theme import Theme
from tests.presenters.stage import Stage, playing


def _dialog(stage: Stage, theme: Theme, parent: QWidget) -> TrashDialog:
    presenter = SidebarPresenter(bridge=stage.bridge, now_ms=lambda: 1_795_262_400_000, trashed=True)
    dialog = TrashDialog(theme=theme, presenter=presenter, parent=parent)
    presenter.setParent(dialog)
    presenter.start()
    dialog.open()
    return dialog


def _delete(stage: Stage, *names: str) -> None:
    for name in names:
        new = NewSession(id=name, title=f"About {name}")

        async def work(backend: object, new: NewSession = new) -> None:
            await backend.store.create_session(new)  # type: ignore[attr-defined]
            await backend.library.trash(new.id)  # type: ignore[attr-defined]

        stage.ask(work)


def test_a_session_is_taken_back(qtbot: QtBot, qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """Restore brings the chosen session back, and the next one can be chosen."""
    with playing(qapp, tmp_path) as stage:
        _delete(stage, "one", "two")
        frame = QWidget()
        qtbot.addWidget(frame)
        dialog = _dialog(stage, theme, frame)
        stage.until(lambda: dialog.view.model().rowCount() == 2 and dialog.restore.isEnabled())
        first = dialog.view.current_id()
        qtbot.mouseClick(dialog.restore, Qt.MouseButton.LeftButton)
        stage.until(lambda: dialog.view.model().rowCount() == 1 and stage.sidebar.model.rowCount() == 1)
        assert stage.sidebar.model.ids() == (first,)
        dialog.close()


def test_an_empty_trash_says_so(qtbot: QtBot, qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """There is nothing to restore, and the button knows."""
    with playing(qapp, tmp_path) as stage:
        frame = QWidget()
        qtbot.addWidget(frame)
        dialog = _dialog(stage, theme, frame)
        stage.until(lambda: dialog.view.empty_text == "The trash is empty.")
        assert not dialog.restore.isEnabled()
        dialog.close()


def test_closing_while_the_list_is_read_leaves_nothing_behind(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, theme: Theme
) -> None:
    """What comes late for a dialog that is gone touches nothing."""
    with playing(qapp, tmp_path, start=False) as stage:
        mistakes: list[object] = []
        stage.loop.set_exception_handler(lambda _loop, context: mistakes.append(context))
        frame = QWidget()
        qtbot.addWidget(frame)
        dialog = _dialog(stage, theme, frame)
        with qtbot.waitSignal(dialog.destroyed):
            dialog.close()
        stage.start()
        stage.rest()
        gc.collect()
        assert mistakes == []
