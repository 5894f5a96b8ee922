"""The dialog of the prompts."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.saved_prompts import Prompt
from desktop.presenters.bridge import Bridge
from desktop.presenters.prompts import PromptsPresenter
from desktop.ui.dialogs.question import Question
from desktop.ui.prompts.dialog import PromptsDialog

PATIENCE_MS = 20_000


class Desk:
    """A dialog over what is kept."""

    def __init__(self, qtbot: QtBot, bridge: Bridge) -> None:
        self.qtbot = qtbot
        self.host = QWidget()
        qtbot.addWidget(self.host)
        self.host.show()
        self.presenter = PromptsPresenter(bridge=bridge, parent=self.host)
        for name in ("One", "Two", "Three"):
            with qtbot.waitSignal(self.presenter.saved, timeout=PATIENCE_MS):
                self.presenter.save(name, f"text of {name}")
        self.dialog = PromptsDialog(presenter=self.presenter, parent=self.host)

    def open(self) -> "Desk":
        self.dialog.open()
        self.qtbot.waitExposed(self.dialog)
        return self

    def until(self, names: list[str]) -> None:
        """Wait until these are kept."""
        self.qtbot.waitUntil(lambda: [kept.name for kept in self.presenter.prompts] == names, timeout=PATIENCE_MS)

    def said(self, words: str) -> None:
        self.qtbot.waitUntil(lambda: words in self.dialog.said.text(), timeout=PATIENCE_MS)

    def fields(self) -> tuple[str, str]:
        return self.dialog.name.text(), self.dialog.text.text()

    def question(self) -> Question:
        """Return the question that is open."""
        (found,) = self.dialog.findChildren(Question)
        return found

    def choose(self, row: int) -> None:
        self.dialog.list.setCurrentIndex(self.presenter.model.index(row))


@pytest.fixture
def desk(qtbot: QtBot, bridge: Bridge) -> Desk:
    return Desk(qtbot, bridge)


def test_the_first_is_shown_and_another_one_when_chosen(desk: Desk) -> None:
    """Names stand at the left by their order."""
    desk.open()
    assert desk.fields() == ("One", "text of One")
    desk.choose(1)
    assert desk.fields() == ("Three", "text of Three")


def test_a_new_prompt_is_saved(desk: Desk) -> None:
    """Its fields begin empty; then it stands in the list and stays shown."""
    desk.open()
    desk.qtbot.mouseClick(desk.dialog.new, Qt.MouseButton.LeftButton)
    assert (desk.fields(), desk.dialog.save.isEnabled()) == (("", ""), False)
    desk.qtbot.keyClicks(desk.dialog.name, "Four")
    desk.qtbot.keyClicks(desk.dialog.text, "text of Four")
    desk.qtbot.mouseClick(desk.dialog.save, Qt.MouseButton.LeftButton)
    desk.until(["Four", "One", "Three", "Two"])
    desk.said("Saved")
    assert desk.fields() == ("Four", "text of Four")
    assert desk.dialog.list.currentIndex().data() == "Four"


def test_what_was_typed_is_kept_when_another_one_is_chosen(desk: Desk) -> None:
    """Nobody loses words by a click."""
    desk.open()
    desk.dialog.name.setText("Uno")
    desk.choose(1)
    desk.until(["Three", "Two", "Uno"])
    desk.qtbot.waitUntil(lambda: desk.fields() == ("Three", "text of Three"), timeout=PATIENCE_MS)


@pytest.mark.parametrize(("answer", "kept"), [("save", "text of One!"), ("discard", "text of One")])
def test_closing_asks_about_what_is_not_saved(desk: Desk, answer: str, kept: str) -> None:
    """Escape saves nothing and loses nothing by itself."""
    desk.open()
    desk.qtbot.keyClicks(desk.dialog.text, "!")
    desk.qtbot.keyClick(desk.dialog, Qt.Key.Key_Escape)
    with desk.qtbot.waitSignal(desk.dialog.finished, timeout=PATIENCE_MS):
        desk.question().answer_button(answer).click()
    assert [one.text for one in desk.presenter.prompts if one.name == "One"] == [kept]


def test_one_may_go_on_writing_instead_of_closing(desk: Desk) -> None:
    """Escape answers so too."""
    desk.open()
    desk.qtbot.mouseClick(desk.dialog.new, Qt.MouseButton.LeftButton)
    desk.qtbot.keyClicks(desk.dialog.text, "half a")
    desk.qtbot.keyClick(desk.dialog, Qt.Key.Key_Escape)
    desk.qtbot.keyClick(desk.question(), Qt.Key.Key_Escape)
    assert desk.dialog.isVisible()
    assert desk.fields() == ("", "half a")
    assert len(desk.presenter.prompts) == 3


def test_what_cannot_be_kept_holds_back_until_it_is_let_go(desk: Desk) -> None:
    """Two of one name: a sentence says so, the words stay, and Discard goes on."""
    desk.open()
    desk.dialog.name.setText("Two")
    desk.choose(1)
    desk.said("“Two”")
    assert desk.fields() == ("Two", "text of One")
    desk.qtbot.mouseClick(desk.dialog.discard, Qt.MouseButton.LeftButton)
    assert desk.fields() == ("One", "text of One")
    with desk.qtbot.waitSignal(desk.dialog.finished, timeout=PATIENCE_MS):
        desk.dialog.reject()


def test_delete_can_be_taken_back(desk: Desk) -> None:
    """The next one is shown meanwhile."""
    desk.open()
    desk.qtbot.mouseClick(desk.dialog.delete, Qt.MouseButton.LeftButton)
    desk.until(["Three", "Two"])
    desk.said("“One” is deleted.")
    assert desk.fields() == ("Three", "text of Three")
    desk.qtbot.mouseClick(desk.dialog.undo, Qt.MouseButton.LeftButton)
    desk.until(["One", "Three", "Two"])
    desk.qtbot.waitUntil(lambda: desk.fields() == ("One", "text of One"), timeout=PATIENCE_MS)
    assert not desk.dialog.undo.isVisible()


def test_a_changed_prompt_that_is_deleted_is_gone(desk: Desk) -> None:
    """What was typed into it is not kept as another one; Undo brings back what was kept."""
    desk.open()
    desk.dialog.name.setText("Uno")
    desk.qtbot.mouseClick(desk.dialog.delete, Qt.MouseButton.LeftButton)
    desk.until(["Three", "Two"])
    desk.said("“One” is deleted.")


def test_a_prompt_goes_into_the_message(desk: Desk) -> None:
    """The dialog makes room for it."""
    desk.open()
    with desk.qtbot.waitSignals([desk.dialog.wanted, desk.dialog.finished]):
        desk.qtbot.mouseClick(desk.dialog.insert, Qt.MouseButton.LeftButton)


def test_a_text_is_kept_under_a_name(desk: Desk) -> None:
    """`keep` suggests the beginning, and Enter keeps it."""
    desk.dialog.keep("Say it shorter\nplease")
    assert desk.fields() == ("Say it shorter", "Say it shorter\nplease")
    with desk.qtbot.waitSignals([desk.dialog.kept, desk.dialog.finished], timeout=PATIENCE_MS):
        desk.qtbot.keyClick(desk.dialog.name, Qt.Key.Key_Return)
    assert Prompt(id=4, name="Say it shorter", text="Say it shorter\nplease") in desk.presenter.prompts


def test_a_text_that_is_not_to_be_kept_after_all(desk: Desk) -> None:
    """Cancel keeps nothing: the words are still in the message."""
    desk.dialog.keep("Say it shorter")
    with desk.qtbot.waitSignal(desk.dialog.finished):
        desk.qtbot.mouseClick(desk.dialog.close_button, Qt.MouseButton.LeftButton)
    assert len(desk.presenter.prompts) == 3
