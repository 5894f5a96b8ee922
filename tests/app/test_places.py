"""The places around a conversation: first page, providers and keys, the model list, theme and size."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest

from desktop.domain.messages import Status
from desktop.ui.dialogs.keys import KeyPlaceQuestion
from desktop.ui.firstrun.card import Card
from desktop.ui.firstrun.page import FirstRunPage
from desktop.ui.picker.button import ModelPicker
from desktop.ui.picker.popup import PickerPopup
from desktop.ui.settings.dialog import SettingsDialog
from desktop.ui.settings.providers import ProvidersPage
from desktop.ui.transcript.view import TranscriptView
from tests.app.conftest import Come, Serve
from tests.app.person import Person
from tests.wire.script import Script
from tests.wire.server import WireServer

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard", extend=True)

KEY = "sk-canary-4711-abcd"


def add_provider(person: Person, server: WireServer, *, key: str = "") -> ProvidersPage:
    """Add a provider by its base URL in the settings, as far as a question about the key, if one comes."""
    person.trigger("settings")
    person.dialog(SettingsDialog)
    page = person.widget(ProvidersPage)
    QTest.keyClicks(page.field, server.base)
    person.click(page.add)
    person.until(page.form.isVisible, "the form")
    page.form.name.setText("Wire")
    page.form.key.setFocus()
    QTest.keyClicks(page.form.key, key)
    person.click(page.form.save)
    return page


def choose_model(person: Person, name: str) -> None:
    """Open the list of models, type a name and press Enter."""
    person.click(person.widget(ModelPicker))
    popup = person.dialog(PickerPopup)
    rows = popup.list.model()
    person.until(lambda: any(rows.index(row, 0).data() == name for row in range(rows.rowCount())), f"the model {name}")
    QTest.keyClicks(popup.field, name)
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    person.until(lambda: not popup.isVisible(), "the list to close")


def test_the_first_page_offers_the_guide_and_it_answers(come: Come) -> None:
    """On an empty data folder one click and one message get an answer, without a key and without a network."""
    person = come()
    page = person.dialog(FirstRunPage)
    cards: list[Card] = []

    def guide() -> bool:
        cards[:] = [card for card in page.cards() if "Guide" in card.accessibleName() and card.isVisible()]
        return bool(cards)

    person.until(guide, "the guide's card")
    person.click(cards[0])
    message = person.say("How do I export a session?")

    assert message.status is Status.COMPLETE
    assert "Markdown" in message.content
    person.until(lambda: not page.isVisible(), "the conversation in the place of the page")


def test_a_provider_is_added_and_its_models_are_chosen_from_the_list(come: Come, serve: Serve) -> None:
    """Settings take a base URL, ask there for models, and the picker offers them; the session remembers its model."""
    server = serve(Script(models=("wire-1", "wire-2")))
    person = come()
    page = add_provider(person, server)
    person.until(lambda: page.presenter.providers.rowCount() == 1, "the provider")
    person.widget(SettingsDialog).close()
    person.until(lambda: "wire-1" in person.widget(ModelPicker).text(), "the model that the new provider offers")
    choose_model(person, "wire-2")
    person.until(lambda: "wire-2" in person.widget(ModelPicker).text(), "the model that was chosen")

    person.say("Hello?")
    assert server.answers[0].body["model"] == "wire-2"
    choose_model(person, "wire-1")
    person.say("And you?")
    assert server.answers[1].body["model"] == "wire-1"
    assert len(server.answers[1].body["messages"]) == 4
    person.leave()

    again = come()
    again.open("Hello?")
    again.until(lambda: "wire-1" in again.widget(ModelPicker).text(), "the session's model")


@pytest.mark.parametrize("place", ["run", "file"])
def test_without_a_keychain_one_is_asked_where_a_key_may_be_kept(
    come: Come, serve: Serve, tmp_path: Path, place: str
) -> None:
    """A key is refused by no keychain: a question says so, the key works, and is where the answer said."""
    server = serve(Script())
    person = come()
    add_provider(person, server, key=KEY)
    question = person.dialog(KeyPlaceQuestion)
    answer = {"run": "this run", "file": "file"}[place]
    buttons = [each for each in question.findChildren(type(question.answer_button("cancel"))) if answer in each.text()]
    person.click(buttons[0])
    person.until(lambda: person.widget(ProvidersPage).presenter.providers.rowCount() == 1, "the provider")
    person.widget(SettingsDialog).close()
    choose_model(person, "wire-1")
    person.say("Do you know me?")
    assert server.answers[0].key == KEY

    holding = [path for path in (tmp_path / "data").rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert len(holding) == (1 if place == "file" else 0), holding
    if holding and os.name == "posix":
        assert holding[0].stat().st_mode & 0o077 == 0
    person.leave()

    again = come()
    again.open("Do you know me?")
    again.say("And after a restart?")
    if place == "file":
        assert server.answers[1].key == KEY
    else:
        again.card(title="There is no key")


def test_giving_up_on_the_key_leaves_the_form_as_it_was(come: Come, serve: Serve) -> None:
    """Cancel at the question adds nothing; the form can still be used."""
    person = come()
    page = add_provider(person, serve(Script()), key=KEY)
    person.click(person.dialog(KeyPlaceQuestion).answer_button("cancel"))

    person.until(page.form.save.isEnabled, "the form")
    assert page.presenter.providers.rowCount() == 0
    assert KEY not in page.form.key.text()


def test_the_theme_is_switched_and_kept(come: Come, serve: Serve) -> None:
    """Dark from the menu paints everything at once, also a conversation, and is there at the next start."""
    person = come(serve(Script()))
    person.say("Dark?")
    person.trigger("themeLight")
    person.until(lambda: ground(person) > 200, "a light window")
    person.trigger("themeDark")
    person.until(lambda: ground(person) < 60, "a dark window")
    assert view_ground(person) < 60
    person.rest()
    person.leave()

    again = come()
    assert ground(again) < 60
    assert again.action("themeDark").isChecked()
    again.trigger("themeSystem")
    again.rest()


def test_the_size_of_the_text_is_switched_and_kept(come: Come, serve: Serve) -> None:
    """Bigger, smaller and normal text from the menu reach the conversation, and the size is kept."""
    person = come(serve(Script()))
    person.say("Big?")
    view = person.widget(TranscriptView)
    person.trigger("zoomIn")
    person.trigger("zoomIn")
    person.until(lambda: view.zoom == 120, "120 %")
    person.wait_shown("The capital of France is Paris.")
    person.trigger("zoomOut")
    person.until(lambda: view.zoom == 110, "110 %")
    person.rest()
    person.leave()

    again = come()
    assert again.widget(TranscriptView).zoom == 110
    again.trigger("zoomReset")
    again.until(lambda: again.widget(TranscriptView).zoom == 100, "100 %")


def test_every_command_of_the_menus_can_be_chosen(come: Come, serve: Serve) -> None:
    """Nothing in the menus raises, on a conversation or on the first page."""
    person = come(serve(Script()))
    person.say("Which commands?")
    for action in person.window.findChildren(type(person.action("quit"))):
        if action.objectName() and action.objectName() not in ("quit", "fullScreen") and action.isEnabled():
            action.trigger()
            person.until(lambda: True)
    person.rest()
    for dialog in person.window.findChildren(SettingsDialog):
        dialog.close()


def ground(person: Person) -> int:
    """Return how light the window's ground is, from 0 to 255."""
    return person.window.palette().color(QPalette.ColorRole.Window).lightness()


def view_ground(person: Person) -> int:
    """Return how light the transcript is painted, in a corner where nothing stands."""
    picture = person.widget(TranscriptView).viewport().grab().toImage()
    return picture.pixelColor(3, 3).lightness()
