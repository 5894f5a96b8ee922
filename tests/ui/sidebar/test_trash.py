"""The list of deleted sessions."""

import gc
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.organising import Place, PlaceKind
from desktop.domain.sessions import NewSession
from desktop.presenters.sidebar import SidebarPresenter
from desktop.ui.dialogs.question import CANCEL, Question
from desktop.ui.sidebar.trash import REMOVE, TrashDialog
from desktop.ui.theme import Theme
from tests.presenters.stage import Stage, playing


def _dialog(stage: Stage, theme: Theme, parent: QWidget) -> TrashDialog:
    presenter = SidebarPresenter(
        bridge=stage.bridge, now_ms=lambda: 1_795_262_400_000, place=Place(kind=PlaceKind.TRASH)
    )
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


def _opened(stage: Stage, theme: Theme, frame: QWidget, count: int) -> TrashDialog:
    dialog = _dialog(stage, theme, frame)
    stage.until(lambda: dialog.view.model().rowCount() == count and dialog.remove.isEnabled())
    return dialog


def _answer(dialog: TrashDialog, answer: str) -> str:
    """Answer the question that is asked, and return its title."""
    question = dialog.findChild(Question)
    assert isinstance(question, Question)
    question.answer_button(answer).click()
    return question.windowTitle()


def test_enter_restores(qtbot: QtBot, qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """The row that the keyboard is on comes back with Enter; a click only chooses."""
    with playing(qapp, tmp_path) as stage:
        _delete(stage, "one")
        frame = QWidget()
        qtbot.addWidget(frame)
        dialog = _opened(stage, theme, frame, 1)
        place = dialog.view.visualRect(dialog.view.currentIndex()).center()
        qtbot.mouseClick(dialog.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        stage.rest()
        assert stage.sidebar.model.rowCount() == 0
        qtbot.keyClick(dialog.view, Qt.Key.Key_Return)
        stage.until(lambda: stage.sidebar.model.ids() == ("one",))
        dialog.close()


def test_one_session_is_deleted_for_good(qtbot: QtBot, qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """It is asked first, by its title; Cancel changes nothing."""
    with playing(qapp, tmp_path) as stage:
        _delete(stage, "one", "two")
        frame = QWidget()
        qtbot.addWidget(frame)
        dialog = _opened(stage, theme, frame, 2)
        first = dialog.view.current_id()
        qtbot.mouseClick(dialog.remove, Qt.MouseButton.LeftButton)
        assert _answer(dialog, CANCEL) == f"Delete “About {first}” for good?"
        stage.rest()
        assert dialog.view.model().rowCount() == 2
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        qtbot.mouseClick(dialog.remove, Qt.MouseButton.LeftButton)
        _answer(dialog, REMOVE)
        stage.until(lambda: dialog.view.model().rowCount() == 1)
        assert dialog.view.current_id() != first
        dialog.close()


def test_emptying_names_how_many(qtbot: QtBot, qapp: QApplication, tmp_path: Path, theme: Theme) -> None:
    """The question says what would be erased; then the trash is empty."""
    with playing(qapp, tmp_path) as stage:
        _delete(stage, "one", "two", "three")
        frame = QWidget()
        qtbot.addWidget(frame)
        dialog = _opened(stage, theme, frame, 3)
        qtbot.mouseClick(dialog.empty, Qt.MouseButton.LeftButton)
        stage.until(lambda: dialog.findChild(Question) is not None)
        assert _answer(dialog, REMOVE) == "Delete 3 sessions for good?"
        stage.until(lambda: dialog.view.model().rowCount() == 0 and not dialog.empty.isEnabled())
        dialog.close()
