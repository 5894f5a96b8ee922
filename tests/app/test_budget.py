"""The month's budget and the context inspector at the real window."""

from typing import TYPE_CHECKING

import pytest

from desktop.domain.models import DIRECT, ModelSpec
from desktop.domain.prices import Price
from desktop.domain.spending import Charge
from desktop.ui.dialogs.edit import EditDialog
from desktop.ui.dialogs.question import CANCEL, Question
from desktop.ui.inspector.dialog import InspectorDialog
from desktop.ui.picker.popup import PickerPopup
from desktop.ui.transcript.cards import Action
from desktop.ui.transcript.view import TranscriptView
from tests.app.conftest import Come, Serve
from tests.app.person import Person
from tests.wire.script import Script, Tokens
from tests.wire.server import WireServer

if TYPE_CHECKING:
    from desktop.services.backend import Backend

PRICE = Price(input=0.01, output=0.1)


@pytest.fixture
def server(serve: Serve) -> WireServer:
    return serve(Script(text=("Yes.",), tokens=Tokens(input=10, output=4)))


@pytest.fixture
def person(come: Come, server: WireServer) -> Person:
    """Someone whose model costs money, with one answer."""
    made = come(server)
    model = ModelSpec(provider_id=DIRECT, kind="openai", name="wire-1", api_base=server.base)
    made.ask(lambda backend: backend.inspection.set_price(model, PRICE))
    made.say("First?")
    return made


def spend(person: Person, limit: float, state: str) -> None:
    """Set a budget, and wait until the window knows where it stands."""
    person.ask(lambda backend: backend.settings.set("monthly_budget", limit))
    person.desktop.dialogs.budget.look()
    person.until(lambda: person.desktop.dialogs.budget.state == state, f"a budget that is {state}")


def test_an_answer_costs_what_the_user_says(person: Person) -> None:
    """The provider's figures at the user's price."""
    last = person.desktop.transcript.last()
    assert last is not None
    assert last.cost == pytest.approx(10 * 0.01 + 4 * 0.1)


def test_a_spent_budget_asks_before_it_sends(person: Person, server: WireServer) -> None:
    """Cancel leaves the words in the composer and sends nothing; the other answer sends them, once."""
    spend(person, 0.25, "spent")
    assert "of this month's $0.2500 are spent (200 %)" in person.window.banner.text()
    person.type("More?")
    person.window.composer.send.click()
    person.dialog(Question, "overBudget").answer_button(CANCEL).click()
    person.until(lambda: person.no_dialog(Question), "no question")
    assert person.window.composer.text() == "More?"
    assert len(server.answers) == 1
    person.window.composer.send.click()
    person.dialog(Question, "overBudget").answer_button("send").click()
    person.until(lambda: len(server.answers) == 2, "the second request")
    person.rest()
    assert person.window.composer.text() == ""
    person.type("And more?")
    person.window.composer.send.click()
    person.dialog(Question, "overBudget").reject()
    person.until(lambda: person.no_dialog(Question), "no question")
    assert len(server.answers) == 2


def editor(person: Person) -> EditDialog:
    """Open the question of the first message to be edited, and write another one."""
    person.widget(TranscriptView).asked.emit(Action.EDIT, person.items()[0])
    dialog = person.dialog(EditDialog)
    dialog.field.set_text("Another question?")
    return dialog


def test_a_question_that_is_edited_is_asked_about_as_well(person: Person, server: WireServer) -> None:
    """Cancel leaves the words in the dialog, from where they can be sent all the same."""
    spend(person, 0.25, "spent")
    dialog = editor(person)
    person.click(dialog._keep)
    person.dialog(Question, "overBudget").answer_button(CANCEL).click()
    person.until(lambda: person.no_dialog(Question), "no question")
    assert (dialog.isVisible(), dialog.field.text()) == (True, "Another question?")
    assert len(server.answers) == 1
    person.until(dialog._keep.isEnabled, "the way to try again")
    person.click(dialog._keep)
    person.dialog(Question, "overBudget").answer_button("send").click()
    person.until(lambda: len(server.answers) == 2, "the second request")
    person.rest()
    assert person.items()[0].text == "Another question?"


def test_an_answer_that_is_edited_costs_nothing(person: Person, server: WireServer) -> None:
    """Nothing is sent for it, so nothing is asked."""
    spend(person, 0.25, "spent")
    person.widget(TranscriptView).asked.emit(Action.EDIT, person.items()[1])
    dialog = person.dialog(EditDialog)
    dialog.field.set_text("No.")
    person.click(dialog._keep)
    person.until(lambda: person.items()[1].text == "No.", "the other version")
    assert person.no_dialog(Question)
    assert len(server.answers) == 1


@pytest.mark.qt_log_ignore("This plugin does not support grabbing", extend=True)
def test_another_model_is_asked_about_as_well(person: Person, server: WireServer) -> None:
    """Unless it costs nothing: the model that is chosen counts, not the session's."""
    spend(person, 0.25, "spent")
    view = person.widget(TranscriptView)
    view.asked.emit(Action.RETRY_WITH, person.items()[1])
    popup = person.widget(PickerPopup)
    popup.hide()
    popup.chosen.emit(person.items()[1].message.model)
    person.dialog(Question, "overBudget").answer_button("send").click()
    person.until(lambda: len(server.answers) == 2, "the second request")
    person.rest()
    popup.chosen.emit("guide/manual")
    person.until(lambda: person.items()[1].message.model == "guide/manual", "the answer of the guide")
    assert person.no_dialog(Question)
    person.rest()


def test_a_budget_that_comes_near_its_end_is_said_once(person: Person) -> None:
    """And again only after it was fine in between."""
    spend(person, 0.6, "near")
    assert "(83 %)" in person.window.banner.text()
    person.window.banner.clear()
    person.desktop.dialogs.budget.look()
    person.rest()
    assert person.window.banner.text() == ""
    spend(person, 100, "fine")
    spend(person, 0.6, "near")
    assert "(83 %)" in person.window.banner.text()


def test_a_refusal_that_comes_late_is_asked_about_the_next_time(person: Person, server: WireServer) -> None:
    """Another process may have spent the rest: the words come back, and with the next try it is asked."""

    async def elsewhere(backend: "Backend") -> None:
        await backend.settings.set("monthly_budget", 50)
        await backend.store.charge(person.desktop.chat.session_id, Charge(model="a/b", cost=60.0))

    person.ask(elsewhere)
    person.type("More?")
    person.window.composer.send.click()
    person.until(lambda: person.desktop.dialogs.budget.state == "spent", "the window to hear of it")
    person.until(lambda: person.window.composer.text() == "More?", "the words back")
    assert len(server.answers) == 1
    person.window.composer.send.click()
    person.dialog(Question, "overBudget").reject()
    person.until(lambda: person.no_dialog(Question), "no question")


def test_the_inspector_shows_what_is_being_written(person: Person) -> None:
    """From the menu, with the draft as its last row."""
    person.type("And now?")
    person.trigger("contextInspector")
    dialog = person.dialog(InspectorDialog, "inspector")
    person.until(lambda: dialog.table.model().rowCount() == 4, "the rows")
    assert dialog._presenter.rows.row(3).text == "And now?"
    assert "about $" in dialog.total.text()
    dialog.close()


def test_the_meter_leads_to_the_inspector(person: Person) -> None:
    """Its menu ends with it."""
    meter = person.window.composer.meter
    menu = meter.menu()
    menu.actions()[-1].trigger()
    menu.deleteLater()
    dialog = person.dialog(InspectorDialog, "inspector")
    person.until(lambda: dialog.table.model().rowCount() == 3, "the rows")
    dialog.close()
