"""The small questions: nothing is told that does not do."""

import pytest
from pytestqt.qtbot import QtBot

from desktop.domain.organising import GUEST, Profile
from desktop.presenters.bridge import Bridge
from desktop.presenters.profiles import ProfilesPresenter
from desktop.ui.profiles.questions import NameDialog, PassphraseDialog, RemoveDialog

GUEST_PROFILE = Profile(id=GUEST, name="Guest")


def test_a_name_is_asked_for(qtbot: QtBot, idle_bridge: Bridge) -> None:
    """Blanks are none, and the sentence goes with the next letter."""
    dialog = NameDialog(presenter=ProfilesPresenter(bridge=idle_bridge, parent=idle_bridge))
    qtbot.addWidget(dialog)
    dialog.field.setText("  ")
    dialog.answer.click()
    assert dialog.trouble.text()
    assert dialog.answer.isEnabled()
    qtbot.keyClicks(dialog.field, "A")
    assert dialog.trouble.isHidden()


@pytest.mark.parametrize("is_locked", [False, True])
def test_the_keyboard_begins_in_the_first_field(qtbot: QtBot, is_locked: bool) -> None:
    """What is typed is the passphrase, and no answer."""
    dialog = PassphraseDialog(is_locked=is_locked, takes_away=False)
    qtbot.addWidget(dialog)
    dialog.open()
    assert dialog.focusWidget() is (dialog.former if is_locked else dialog.new)


@pytest.mark.parametrize(("new", "again"), [("", ""), ("open", "Open")])
def test_a_passphrase_is_written_twice(qtbot: QtBot, new: str, again: str) -> None:
    """A slip would lock its owner out."""
    dialog = PassphraseDialog(is_locked=False, takes_away=False)
    qtbot.addWidget(dialog)
    told: list[tuple[str, str]] = []
    dialog.chosen.connect(lambda former, words: told.append((former, words)))
    assert dialog.former is None
    assert dialog.new is not None
    assert dialog.again is not None
    dialog.new.setText(new)
    dialog.again.setText(again)
    dialog.answer.click()
    assert told == []
    assert dialog.trouble.text()
    dialog.new.setText("open")
    dialog.again.setText("open")
    dialog.answer.click()
    assert told == [("", "open")]


def test_a_lock_is_taken_away_with_its_words(qtbot: QtBot) -> None:
    """There is no new one to write."""
    dialog = PassphraseDialog(is_locked=True, takes_away=True)
    qtbot.addWidget(dialog)
    told: list[tuple[str, str]] = []
    dialog.chosen.connect(lambda former, words: told.append((former, words)))
    assert dialog.new is None
    assert dialog.former is not None
    dialog.former.setText("open")
    dialog.answer.click()
    assert told == [("open", "")]


def test_the_question_says_how_much_goes_to_whom(qtbot: QtBot, idle_bridge: Bridge) -> None:
    """And tells the one that was chosen."""
    presenter = ProfilesPresenter(bridge=idle_bridge, parent=idle_bridge)
    ana = Profile(id=2, name="Ana")
    dialog = RemoveDialog(presenter=presenter, profile=ana, heirs=[GUEST_PROFILE, Profile(id=3, name="Bea")])
    qtbot.addWidget(dialog)
    told: list[int] = []
    dialog.chosen.connect(told.append)
    presenter.counted.emit(7, 99)
    assert "99" not in dialog.told.text()
    presenter.counted.emit(2, 12)
    assert "12 sessions" in dialog.told.text()
    dialog.heir.setCurrentIndex(1)
    dialog.answer.click()
    assert told == [3]
