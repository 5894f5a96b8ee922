"""From a provider that was just added to the first answer of its model."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop.domain.messages import Status
from desktop.ui.settings.dialog import SettingsDialog
from desktop.ui.settings.provider_form import ProviderForm
from tests.app.conftest import Come, Serve
from tests.wire.script import Script


def test_a_new_provider_answers_in_the_session_that_is_open(come: Come, serve: Serve) -> None:
    """Whoever adds a provider by its address and types a question is answered by it, and not by the guide."""
    server = serve(Script(models=("one", "two")))
    person = come()
    person.trigger("settings")
    dialog = person.dialog(SettingsDialog)
    field = dialog.findChild(QLineEdit, "addProviderField")
    assert field is not None
    field.setText(server.base)
    QTest.keyClick(field, Qt.Key.Key_Return)
    form = dialog.findChild(ProviderForm)
    assert form is not None
    person.until(form.isVisible, "the form")
    person.click(form.save)
    person.until(lambda: person.desktop.picker.current().endswith("/one"), "the provider's model in the picker")
    person.until(lambda: "Ready: write below" in person.page_text(), "the card of the provider")
    dialog.close()

    answer = person.say("Who are you?")
    assert (answer.status, answer.model) == (Status.COMPLETE, "127-0-0-1/one")
    assert len(server.answers) == 1
