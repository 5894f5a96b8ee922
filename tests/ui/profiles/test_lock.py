"""The page over the window: what is behind it is neither seen nor reached."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.organising import Profile
from desktop.presenters.bridge import Bridge
from desktop.presenters.lock import LockPresenter
from desktop.presenters.session_list import SessionListModel
from desktop.ui.profiles.lock import LockPage
from desktop.ui.theme import Theme
from desktop.ui.transcript.place import TranscriptPlace
from desktop.ui.window import MainWindow
from tests.ui.spoken import spoken

ANA = Profile(id=2, name="Ana <b>", is_locked=True)


class Room:
    """A window with a session in it, and its lock."""

    def __init__(self, qtbot: QtBot, bridge: Bridge, theme: Theme, listed: Callable[..., SessionListModel]) -> None:
        self.window = MainWindow(
            theme=theme, sessions=listed("Secret talk"), transcript=TranscriptPlace(), model_picker=QLabel("m")
        )
        qtbot.addWidget(self.window)
        self.window.show_session("Secret talk", session_id="s0")
        self.window.show()
        qtbot.waitExposed(self.window)
        self.lock = LockPresenter(bridge=bridge, parent=bridge)
        self.page = LockPage(presenter=self.lock, theme=theme, window=self.window)

    def seen(self) -> list[QWidget]:
        """Return what can be seen of the window beside the page."""
        inside = {self.page, *self.page.findChildren(QWidget)}
        return [widget for widget in self.window.findChildren(QWidget) if widget.isVisible() and widget not in inside]


@pytest.fixture
def room(qtbot: QtBot, idle_bridge: Bridge, theme: Theme, listed: Callable[..., SessionListModel]) -> Room:
    return Room(qtbot, idle_bridge, theme, listed)


def test_nothing_of_the_window_is_seen(room: Room) -> None:
    """Neither sidebar nor menu nor title; the page is as large as the window, whatever that becomes."""
    over = QLabel("Secret words", room.window)
    over.show()
    assert "Secret talk" in room.window.windowTitle()
    room.lock.lock(ANA)
    assert room.seen() == []
    assert "Secret" not in room.window.windowTitle()
    room.window.show_session("Secret other", session_id="s1")
    assert "Secret" not in room.window.windowTitle()
    room.window.resize(900, 700)
    assert room.page.geometry() == room.window.rect()


def test_nothing_of_the_window_is_told_to_assistive_technology(room: Room) -> None:
    """Rows of a hidden list say that they are seen, so what is covered leaves the window; then it is there again."""
    room.window.composer.set_text("Secret draft")
    assert "Secret talk" in spoken(room.window)
    room.lock.lock(ANA)
    assert "Secret" not in spoken(room.window)
    assert "Ana <b> is locked" in spoken(room.window)
    room.page.uncover()
    assert "Secret talk" in spoken(room.window)
    assert "Secret draft" in spoken(room.window)
    assert room.window.sidebar.isVisible()


def test_no_command_can_be_given(room: Room) -> None:
    """But to quit; afterwards each is what it would be without the lock, also one that changed meanwhile."""
    room.window.commands.stop.setEnabled(False)
    actions = room.window.findChildren(QAction)
    before = {action: action.isEnabled() for action in actions}
    room.lock.lock(ANA)
    room.window.commands.stop.setEnabled(True)
    late = QAction("Late", room.window)
    room.lock.lock(ANA)
    assert [action for action in (*actions, late) if action.isEnabled()] == [room.window.commands.quit]
    room.page.uncover()
    assert late.isEnabled()
    assert {action: action.isEnabled() for action in actions} == {**before, room.window.commands.stop: True}


def test_what_opens_while_it_is_locked_waits(room: Room, qtbot: QtBot) -> None:
    """A dialog that something opens late is seen when the window is; a menu is not."""
    room.lock.lock(ANA)
    dialog = QDialog(room.window)
    dialog.open()
    menu = QMenu(room.window)
    menu.addAction("Secret")
    menu.popup(room.window.mapToGlobal(room.window.rect().center()))
    assert dialog.testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
    qtbot.waitUntil(lambda: not dialog.isVisible() and not menu.isVisible())
    room.page.uncover()
    assert (dialog.isVisible(), menu.isVisible()) == (True, False)
    assert not dialog.testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)


def test_what_the_page_opens_is_seen(room: Room, qtbot: QtBot) -> None:
    """Such as the menu of the other profiles."""
    room.lock.lock(ANA)
    opened = QDialog(room.page)
    command = QAction("Guest", room.page)
    opened.open()
    late = QDialog(room.window)
    late.open()
    qtbot.waitUntil(lambda: not late.isVisible())
    room.lock.lock(ANA)
    assert (opened.isVisible(), command.isEnabled()) == (True, True)


def test_it_says_whose_lock_it_is_and_that_it_does_not_encrypt(room: Room) -> None:
    """In plain text: a name may hold anything."""
    room.lock.lock(ANA)
    labels = room.page.findChildren(QLabel)
    words = " ".join(label.text() for label in labels)
    assert "Ana <b> is locked" in words
    assert "does not encrypt" in words
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels if label.text())


def test_no_key_reaches_what_is_behind(room: Room, qtbot: QtBot) -> None:
    """Neither a command of the menus nor a shortcut of the window itself."""
    told: list[str] = []
    room.window.commands.new_session.triggered.connect(lambda: told.append("new"))
    own = QShortcut(QKeySequence("Ctrl+J"), room.window)
    own.activated.connect(lambda: told.append("own"))
    room.lock.lock(ANA)
    for key in (Qt.Key.Key_N, Qt.Key.Key_J, Qt.Key.Key_F, Qt.Key.Key_K):
        qtbot.keyClick(room.page.field, key, Qt.KeyboardModifier.ControlModifier)
    assert told == []
    room.page.uncover()
    room.window.activateWindow()
    qtbot.keyClick(room.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(room.window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert told == ["new", "own"]


def test_a_dialog_waits_behind_the_lock(room: Room, qtbot: QtBot) -> None:
    """It keeps what is written in it, and is gone for good where another profile comes."""
    dialog = QDialog(room.window)
    dialog.open()
    room.lock.lock(ANA)
    assert not dialog.isVisible()
    room.page.uncover()
    assert dialog.isVisible()
    closed: list[int] = []
    dialog.finished.connect(closed.append)
    room.lock.lock(ANA)
    room.page.forget()
    room.page.uncover()
    assert not dialog.isVisible()


def test_the_keyboard_comes_back_to_where_it_was(room: Room) -> None:
    """The list, as before."""
    room.window.sidebar.search.setFocus()
    room.lock.lock(ANA)
    assert room.page.field.hasFocus()
    room.page.uncover()
    assert room.window.sidebar.search.hasFocus()
    assert room.window.menuBar().isVisible()


def test_words_are_hidden_and_gone_when_the_window_opens(room: Room) -> None:
    """Nobody reads them off the screen."""
    room.lock.lock(ANA)
    room.page.field.setText("open sesame")
    assert "sesame" not in room.page.field.displayText()
    room.page.uncover()
    assert room.page.field.text() == ""


def test_while_one_waits_nothing_can_be_tried(room: Room) -> None:
    """It counts the seconds, and then lets one write."""
    room.lock.lock(ANA)
    room.lock.waiting.emit(2)
    assert not room.page.field.isEnabled()
    assert not room.page.unlock.isEnabled()
    assert "2 seconds" in room.page.trouble.text()
    room.lock.waiting.emit(0)
    assert room.page.field.isEnabled()
    assert room.page.trouble.text() == ""


def test_only_a_question_can_be_left(room: Room, qtbot: QtBot) -> None:
    """The lock of the profile that is shown offers other profiles instead."""
    room.lock.lock(ANA)
    assert (room.page.back.isVisible(), room.page.others.isVisible()) == (False, True)
    qtbot.keyClick(room.page.field, Qt.Key.Key_Escape)
    assert room.lock.is_locked
    room.lock.lock(ANA, can_cancel=True)
    assert (room.page.back.isVisible(), room.page.others.isVisible()) == (True, False)
    qtbot.keyClick(room.page.field, Qt.Key.Key_Escape)
    assert not room.lock.is_locked
