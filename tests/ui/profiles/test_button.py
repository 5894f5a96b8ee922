"""The button at the sidebar's foot and its menu."""

import pytest
from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from desktop.domain.organising import GUEST, Profile
from desktop.presenters.bridge import Bridge
from desktop.presenters.profiles import ProfilesPresenter
from desktop.ui.profiles.button import ProfileButton, initial, profiles_menu
from desktop.ui.theme import Theme

GUEST_PROFILE = Profile(id=GUEST, name="Guest")
ANA = Profile(id=2, name="ána & co", colour="red")


@pytest.fixture
def presenter(idle_bridge: Bridge) -> ProfilesPresenter:
    made = ProfilesPresenter(bridge=idle_bridge, parent=idle_bridge)
    made.profiles = (GUEST_PROFILE, ANA)
    return made


def test_it_says_whose_sessions_are_shown(qtbot: QtBot, theme: Theme, presenter: ProfilesPresenter) -> None:
    """To whoever points at it, and to whoever does not see it."""
    manage, lock = QAction("Profiles…", presenter), QAction("Lock", presenter)
    button = ProfileButton(presenter=presenter, theme=theme, manage=manage, lock=lock)
    qtbot.addWidget(button)
    assert button.accessibleName() == "Profile: Guest"
    presenter.current = ANA
    presenter.changed.emit()
    assert button.accessibleName() == "Profile: ána & co"
    assert not button.icon().isNull()


def test_the_menu_goes_to_a_profile(qtbot: QtBot, theme: Theme, presenter: ProfilesPresenter) -> None:
    """The current one is checked; a name is plain text."""
    manage, lock = QAction("Profiles…", presenter), QAction("Lock", presenter)
    button = ProfileButton(presenter=presenter, theme=theme, manage=manage, lock=lock)
    qtbot.addWidget(button)
    told: list[int] = []
    menu = profiles_menu(presenter, theme, chosen=told.append, parent=button)
    guest, ana = menu.actions()
    assert (guest.isChecked(), ana.isChecked()) == (True, False)
    assert ana.text() == "ána && co"
    ana.trigger()
    assert told == [2]


def test_a_letter_stands_for_a_profile() -> None:
    """A large one."""
    assert initial(ANA) == "Á"
