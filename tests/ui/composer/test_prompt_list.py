"""The list that a "/" offers in an empty message."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.saved_prompts import Prompt
from desktop.presenters.prompts import PROMPT_ROLE
from desktop.ui.composer.composer import Composer
from desktop.ui.composer.prompt_list import PromptList
from desktop.ui.theme import Theme

Key = Qt.Key
PROMPTS = [
    Prompt(id=1, name="Rewrite", text="Rewrite this."),
    Prompt(id=2, name="Summary", text="Sum this up\nin three lines."),
    Prompt(id=3, name="Translate", text="Translate this."),
]


class Desk:
    """A composer below an empty page, and the prompts that are kept."""

    def __init__(self, qtbot: QtBot, theme: Theme) -> None:
        self.qtbot = qtbot
        self.host = QWidget()
        qtbot.addWidget(self.host)
        self.composer = Composer(theme=theme, model_picker=QToolButton())
        column = QVBoxLayout(self.host)
        column.addStretch(1)
        column.addWidget(self.composer)
        self.host.resize(600, 500)
        self.host.show()
        qtbot.waitExposed(self.host)
        self.composer.input.setFocus()
        self.prompts = list(PROMPTS)
        self.list = PromptList(composer=self.composer, prompts=lambda: self.prompts)

    def type(self, text: str) -> None:
        self.qtbot.keyClicks(self.composer.input, text)

    def press(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.composer.input, key)

    def names(self) -> list[str]:
        """Return what is offered, nothing where the list is not on the screen."""
        model = self.list.model
        return [model.index(row).data() for row in range(model.rowCount())] if self.list.isVisible() else []

    def current(self) -> str:
        return str(self.list.rows.currentIndex().data())


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme) -> Desk:
    return Desk(qtbot, theme)


def test_a_slash_in_an_empty_message_offers_all(desk: Desk) -> None:
    """Right above the composer, as wide as it is."""
    desk.type("/")
    assert desk.names() == ["Rewrite", "Summary", "Translate"]
    list_, composer = desk.list.geometry(), desk.composer.geometry()
    assert (list_.left(), list_.width()) == (composer.left(), composer.width())
    assert 0 < composer.top() - list_.bottom() < 12


def test_the_list_narrows_and_widens_with_the_letters(desk: Desk) -> None:
    """What fits no name hides the list, and it is back when something fits again."""
    desk.type("/su")
    assert desk.names() == ["Summary"]
    desk.type("x")
    assert desk.names() == []
    desk.press(Key.Key_Backspace)
    assert desk.names() == ["Summary"]
    desk.press(Key.Key_Backspace)
    assert desk.names() == ["Summary", "Translate"]


def test_enter_puts_the_text_in_its_place_as_one_step(desk: Desk) -> None:
    """Undo brings back what was typed, and nothing is sent."""
    with desk.qtbot.assertNotEmitted(desk.composer.submitted), desk.qtbot.waitSignal(desk.list.chosen) as chosen:
        desk.type("/su")
        desk.press(Key.Key_Return)
    assert chosen.args == [PROMPTS[1]]
    assert (desk.composer.text(), desk.names()) == ("Sum this up\nin three lines.", [])
    desk.composer.input.undo()
    assert desk.composer.text() == "/su"


def test_arrows_choose_and_stop_at_the_ends(desk: Desk) -> None:
    """The caret stays in the message meanwhile."""
    desk.type("/")
    assert desk.current() == "Rewrite"
    desk.press(Key.Key_Up)
    assert desk.current() == "Rewrite"
    for _ in range(5):
        desk.press(Key.Key_Down)
    assert desk.current() == "Translate"
    assert desk.composer.input.hasFocus()
    desk.press(Key.Key_Tab)
    assert desk.composer.text() == "Translate this."


def test_a_click_chooses(desk: Desk) -> None:
    """A row is put into the message, and the keyboard stays there."""
    desk.type("/")
    rows = desk.list.rows
    place = rows.visualRect(rows.model().index(2, 0)).center()
    desk.qtbot.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.composer.text() == "Translate this."
    assert desk.composer.input.hasFocus()


def test_escape_leaves_the_slash(desk: Desk) -> None:
    """It is not offered again until the message is empty; a running answer is not stopped by it."""
    desk.type("/")
    with desk.qtbot.assertNotEmitted(desk.composer.input.escape_pressed):
        desk.press(Key.Key_Escape)
    desk.type("su")
    assert (desk.composer.text(), desk.names()) == ("/su", [])
    for _ in range(3):
        desk.press(Key.Key_Backspace)
    desk.type("/")
    assert desk.names() == ["Rewrite", "Summary", "Translate"]


def test_enter_sends_where_nothing_is_offered(desk: Desk) -> None:
    """A path is a message like any other."""
    desk.type("/etc/hosts")
    with desk.qtbot.waitSignal(desk.composer.submitted) as sent:
        desk.press(Key.Key_Return)
    assert sent.args == ["/etc/hosts"]


@pytest.mark.parametrize("before", ["a", " ", "line\n"])
def test_a_slash_behind_words_is_a_slash(desk: Desk, before: str) -> None:
    """Only an empty message is asked what to begin with."""
    desk.composer.set_text(before)
    desk.type("/")
    assert desk.names() == []


def test_without_prompts_nothing_is_offered(desk: Desk) -> None:
    """The sign means nothing to who keeps none."""
    desk.prompts.clear()
    desk.type("/")
    assert desk.names() == []


def test_another_session_takes_the_list_away(desk: Desk) -> None:
    """Its draft was typed at another time, whatever it begins with."""
    desk.type("/")
    desk.composer.set_text("/s")
    assert desk.names() == []
    desk.type("u")
    assert desk.names() == []


def test_the_list_goes_with_the_keyboard(desk: Desk) -> None:
    """Who goes elsewhere is not looking for a prompt."""
    desk.type("/")
    desk.composer.model_picker.setFocus()
    assert desk.names() == []


def test_the_list_follows_the_composer(desk: Desk) -> None:
    """A window that becomes wider moves it along."""
    desk.type("/")
    desk.host.resize(700, 600)
    desk.qtbot.waitUntil(lambda: desk.list.geometry().bottom() > 400)
    assert desk.list.width() == desk.composer.width()


def test_rows_hold_the_whole_prompt(desk: Desk) -> None:
    """The beginning of the text is painted beside the name."""
    desk.type("/tr")
    assert desk.list.model.index(0).data(PROMPT_ROLE) == PROMPTS[2]
    assert not desk.list.grab().isNull()
