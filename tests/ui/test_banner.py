"""One polite line."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.ui.banner import Banner
from desktop.ui.theme import Theme


@pytest.fixture
def banner(qtbot: QtBot, theme: Theme) -> Banner:
    made = Banner(theme=theme)
    qtbot.addWidget(made)
    return made


def test_it_is_not_there_until_there_is_something_to_say(banner: Banner) -> None:
    """No room is taken by nothing."""
    assert (banner.isVisible(), banner.text()) == (False, "")


def test_a_fact_goes_by_itself(qtbot: QtBot, banner: Banner) -> None:
    """What only informs does not have to be closed."""
    banner.say("Saved.", shown_ms=1)
    qtbot.waitUntil(lambda: not banner.isVisible())


def test_a_warning_stays_until_it_is_closed(qtbot: QtBot, banner: Banner) -> None:
    """What went wrong is not missed, even when it follows a fact that would have gone."""
    banner.say("Saved.", shown_ms=1)
    banner.warn("The disk is full.")
    assert not banner.timer.isActive()
    qtbot.mouseClick(banner.dismiss, Qt.MouseButton.LeftButton)
    assert banner.text() == ""


def test_the_action_is_done_once_and_the_line_goes(qtbot: QtBot, banner: Banner) -> None:
    """Undo is one click."""
    done: list[str] = []
    banner.say("In the trash.", action="Undo", do=lambda: done.append("undone"))
    assert banner.action.text() == "Undo"
    qtbot.mouseClick(banner.action, Qt.MouseButton.LeftButton)
    assert (done, banner.isVisible()) == (["undone"], False)


def test_a_line_without_an_action_shows_no_button(banner: Banner) -> None:
    """There is never a button that does nothing."""
    banner.say("First.", action="Undo", do=lambda: None)
    banner.warn("Second.")
    assert (banner.action.isVisible(), banner.label.text()) == (False, "Second.")


def test_words_are_never_read_as_markup(banner: Banner) -> None:
    """A title in the line may look like HTML."""
    assert banner.label.textFormat() == Qt.TextFormat.PlainText


def test_undo_does_what_the_line_offers_and_only_that(banner: Banner) -> None:
    """The key of Undo is the button's; a line that offers something else, or nothing, is not undone."""
    done: list[str] = []
    offers: list[bool] = []
    banner.undo_offered.connect(offers.append)
    banner.say_undoable("It is in the trash.", undo=lambda: done.append("undo"))
    assert banner.undo()
    assert not banner.undo()
    banner.say_undoable("It is in the trash.", undo=lambda: done.append("undo"))
    banner.warn("The disk is full.", action="Copy the text", do=lambda: done.append("copy"))
    assert not banner.undo()
    assert (done, offers) == (["undo"], [True, False, True, False])
