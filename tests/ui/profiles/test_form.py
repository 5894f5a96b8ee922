"""The form of a profile: it tells what is other than it was, once the field is left."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.domain.organising import COLOURS, GUEST, Profile
from desktop.ui.profiles.form import ProfileForm
from desktop.ui.theme import Theme

ANA = Profile(id=2, name="Ana", colour="blue", language="es", location="Cádiz", preferences="Short.", budget=2.0)


@pytest.fixture
def form(qtbot: QtBot, theme: Theme) -> ProfileForm:
    made = ProfileForm(theme=theme)
    qtbot.addWidget(made)
    made.set_theme(theme)
    made.show_profile(ANA)
    return made


@pytest.fixture
def edits(form: ProfileForm) -> list[tuple[int, dict[str, Any]]]:
    told: list[tuple[int, dict[str, Any]]] = []
    form.edited.connect(lambda number, changes: told.append((number, changes)))
    return told


def test_what_is_shown_is_not_an_edit(form: ProfileForm, edits: list[tuple[int, dict[str, Any]]]) -> None:
    """Whatever the fields are filled with comes out again."""
    form.commit()
    assert edits == []
    assert form.language.currentText() == "Español"


def test_a_line_is_told_when_it_is_finished(
    form: ProfileForm, edits: list[tuple[int, dict[str, Any]]], qtbot: QtBot
) -> None:
    """Not with each letter."""
    form.location.setText("Sevill")
    assert edits == []
    form.location.setText("Sevilla")
    qtbot.keyClick(form.location, Qt.Key.Key_Return)
    assert edits == [(2, {"location": "Sevilla"})]


def test_a_colour_is_told_at_once(form: ProfileForm, edits: list[tuple[int, dict[str, Any]]], qtbot: QtBot) -> None:
    """Every swatch has a name."""
    swatches = form.colours.buttons()
    assert all(swatch.accessibleName() for swatch in swatches)
    swatches[COLOURS.index("red")].click()
    assert edits == [(2, {"colour": "red"})]


@pytest.mark.parametrize(("written", "kept"), [("English", "en"), ("deutsch", "Deutsch"), ("Klingon", "Klingon")])
def test_a_language_is_one_of_the_list_or_any_other(
    form: ProfileForm, edits: list[tuple[int, dict[str, Any]]], written: str, kept: str
) -> None:
    """The two of the window are kept as their codes."""
    form.language.setEditText(written)
    form.commit()
    assert edits == [(2, {"language": kept})]


def test_a_written_language_is_shown_again(form: ProfileForm, edits: list[tuple[int, dict[str, Any]]]) -> None:
    """Although the list does not know it."""
    form.show_profile(Profile(id=3, name="Bea", language="Klingon"))
    assert form.language.currentText() == "Klingon"
    form.commit()
    assert edits == []


def test_without_a_budget_of_its_own_none_is_told(form: ProfileForm, edits: list[tuple[int, dict[str, Any]]]) -> None:
    """No figure stands beside it then."""
    form.has_budget.click()
    assert edits == [(2, {"budget": None})]
    assert form.budget.isHidden()


def test_what_is_being_written_outlives_news_of_the_profile(form: ProfileForm) -> None:
    """The other fields show what is new."""
    form.preferences.setPlainText("Long.")
    form.show_profile(Profile(id=2, name="Ana B", colour="red", preferences="Short."))
    assert (form.name.text(), form.preferences.toPlainText()) == ("Ana B", "Long.")


def test_another_profile_shows_nothing_of_the_one_before(form: ProfileForm) -> None:
    """Neither what was kept nor what was written."""
    form.preferences.setPlainText("Long.")
    form.show_profile(Profile(id=3, name="Bea"))
    assert (form.preferences.toPlainText(), form.location.text(), form.budget.isHidden()) == ("", "", True)


def test_guests_name_cannot_be_written(form: ProfileForm) -> None:
    """It is in the window's language."""
    form.show_profile(Profile(id=GUEST, name="Guest"))
    assert not form.name.isEnabled()
