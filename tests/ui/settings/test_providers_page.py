from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.domain.models import KeySource, ProviderOffer, ProviderSpec
from desktop.presenters.bridge import Bridge
from desktop.presenters.provider_list import State
from desktop.presenters.providers import THIS_RUN, ProviderDraft, ProvidersPresenter
from desktop.ui.dialogs.keys import KeyPlaceQuestion
from desktop.ui.dialogs.question import Question
from desktop.ui.settings.providers import REMOVE, ProvidersPage
from tests.wire.openai import OpenAIWire
from tests.wire.server import WireServer

# The completer's list is a popup, and the offscreen platform has no keyboard to grab for one.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard", extend=True)

CANARY = "sk-canary-0123456789-a91f"
ANTHROPIC = ProviderSpec(
    id="anthropic",
    kind="anthropic",
    name="Anthropic",
    key_source=KeySource.KEYCHAIN,
    key_hint="a91f",
    models=("a", "b"),
)
GEMINI = ProviderSpec(id="gemini", kind="gemini", name="Gemini")
OPENAI = ProviderOffer(kind="openai", name="OpenAI", console_url="https://platform.openai.com/api-keys")
AZURE = ProviderOffer(kind="azure", name="Azure", needs_base=True)


def shown(qtbot: QtBot, presenter: ProvidersPresenter) -> ProvidersPage:
    page = ProvidersPage(presenter=presenter)
    qtbot.addWidget(page)
    page.resize(710, 620)
    page.show()
    return page


@pytest.fixture
def page(qtbot: QtBot, idle_bridge: Bridge) -> ProvidersPage:
    """The page with two providers, before the services are open."""
    presenter = ProvidersPresenter(bridge=idle_bridge, environment={}, parent=None)
    presenter.providers.set_providers([ANTHROPIC, GEMINI])
    presenter.offers.set_offers([OPENAI, AZURE])
    made = shown(qtbot, presenter)
    presenter.setParent(made)
    return made


@pytest.fixture
def live(qtbot: QtBot, bridge: Bridge) -> ProvidersPage:
    """The page on real services and an empty data folder."""
    presenter = ProvidersPresenter(bridge=bridge, environment={})
    made = shown(qtbot, presenter)
    presenter.setParent(made)
    presenter.load()
    qtbot.waitUntil(lambda: presenter.offers.rowCount() > 0)
    return made


@pytest.fixture
def server() -> Iterator[WireServer]:
    """A server that lists two models."""
    with WireServer(OpenAIWire()) as made:
        yield made


def texts(page: ProvidersPage, row: int) -> list[str]:
    return [label.text() for label in page.provider_row(row).findChildren(QLabel)]


def test_rows_show_name_and_detail(page: ProvidersPage) -> None:
    """A provider is a name, where its key is, and how many models it has."""
    assert texts(page, 0) == ["●", "Anthropic", "key ····a91f in keychain · 2 models"]


def test_state_is_a_word_beside_the_colour(page: ProvidersPage) -> None:
    """The dot's colour is never the only sign."""
    page.presenter.providers.set_state("anthropic", State.FAILED, "The key was refused (401)")
    assert page.provider_row(0).accessibleName() == "Anthropic, failed, The key was refused (401)"
    assert texts(page, 0)[2] == "The key was refused (401)"


def test_the_keyboard_stays_on_test_while_it_runs(qtbot: QtBot, page: ProvidersPage) -> None:
    """A button that is disabled under the keyboard would hand it to Edit; a second press asks for nothing."""
    row = page.provider_row(0)
    page.activateWindow()
    row.test.setFocus()
    page.presenter.providers.set_state("anthropic", State.TESTING, "")
    assert page.focusWidget() is row.test
    with qtbot.assertNotEmitted(row.test_requested):
        row.test.click()
    page.presenter.providers.set_state("anthropic", State.WORKS, "")
    row.test_requested.disconnect()
    with qtbot.waitSignal(row.test_requested):
        row.test.click()


def test_what_has_no_key_is_not_tested(page: ProvidersPage) -> None:
    """A provider without a key offers to add one instead of a test."""
    row = page.provider_row(1)
    assert row.test.isHidden()
    assert row.edit.text() == "Add key"
    assert row.edit.accessibleName() == "Add a key to Gemini"


def test_add_waits_for_a_name(qtbot: QtBot, page: ProvidersPage) -> None:
    """Add does nothing while there is nothing to add."""
    assert not page.add.isEnabled()
    qtbot.keyClicks(page.field, "OpenAI")
    assert page.add.isEnabled()


def test_a_name_opens_the_form(qtbot: QtBot, page: ProvidersPage) -> None:
    """A name and Enter lead to the form, at the key."""
    qtbot.waitUntil(page.isActiveWindow)
    page.field.setText("openai")
    qtbot.keyClick(page.field, Qt.Key.Key_Return)
    assert page.form.isVisible()
    assert page.form.name.text() == "OpenAI"
    assert page.form.key.hasFocus()
    assert page.field.text() == ""


def test_who_needs_an_address_is_asked_for_it_first(qtbot: QtBot, page: ProvidersPage) -> None:
    """The form begins at the base URL where nothing works without one."""
    qtbot.waitUntil(page.isActiveWindow)
    page.field.setText("Azure")
    page.add.click()
    assert page.form.base.hasFocus()


def test_an_unknown_name_is_answered_beside_the_field(page: ProvidersPage) -> None:
    """A name nobody knows opens no form."""
    page.field.setText("Nobody")
    page.add.click()
    assert page.form.isHidden()
    assert any("Paste its base URL" in label.text() and label.isVisible() for label in page.findChildren(QLabel))


def test_a_key_is_never_shown(page: ProvidersPage) -> None:
    """Keys are typed behind dots."""
    assert page.form.key.echoMode() == QLineEdit.EchoMode.Password


def test_a_key_leaves_its_field(page: ProvidersPage) -> None:
    """Once the form is taken, the only copy of the key is in the secret."""
    page.form.show_draft(ProviderDraft(kind="openai", name="OpenAI"))
    page.form.key.setText(f"  {CANARY}\n")
    draft = page.form.draft()
    assert draft.key is not None
    assert draft.key.reveal() == CANARY
    assert page.form.key.text() == ""
    assert not page.form.key.isUndoAvailable()


def test_cancel_forgets_the_key(page: ProvidersPage) -> None:
    """A form that is closed holds no key."""
    page.field.setText("OpenAI")
    page.add.click()
    page.form.key.setText(CANARY)
    page.form.cancel.click()
    assert page.form.isHidden()
    assert page.form.key.text() == ""


def test_a_key_can_be_pasted_by_a_button(page: ProvidersPage) -> None:
    """Paste takes the clipboard without the white space around it."""
    QGuiApplication.clipboard().setText(f" {CANARY} ")
    page.form.show_draft(ProviderDraft(kind="openai", name="OpenAI"))
    page.form.paste.click()
    assert page.form.key.text() == CANARY
    QGuiApplication.clipboard().clear()


def test_editing_fills_the_form(page: ProvidersPage) -> None:
    """The form of a provider shows what is known of it, but never its key."""
    page.provider_row(0).edit.click()
    assert page.form.models.toPlainText() == "a\nb"
    assert page.form.key.text() == ""
    assert page.form.key.placeholderText() == "Empty: keep the key ····a91f"
    assert page.form.remove.isVisible()
    assert not page.form.fetch.isChecked()


def test_fields_have_names(page: ProvidersPage) -> None:
    """A screen reader names every field of the form."""
    names = [field.accessibleName() for field in (page.form.name, page.form.key, page.form.base, page.form.models)]
    assert names == ["Name", "API key", "Base URL", "Models"]


def test_removing_asks_first(page: ProvidersPage) -> None:
    """A provider and its key do not go by a slip of the hand."""
    page.provider_row(0).edit.click()
    page.form.remove.click()
    question = page.findChild(Question, "removeProviderQuestion")
    assert isinstance(question, Question)
    assert question.answer_button("cancel").isDefault()
    question.close()
    assert page.presenter.providers.rowCount() == 2


def test_a_server_is_added_and_tested(qtbot: QtBot, live: ProvidersPage, server: WireServer) -> None:
    """From a pasted address to a green dot by the page's own buttons."""
    live.field.setText(server.base)
    live.add.click()
    live.form.save.click()
    qtbot.waitUntil(lambda: live.presenter.providers.rowCount() == 1 and live.form.isHidden())
    live.provider_row(0).test.click()
    qtbot.waitUntil(lambda: live.provider_row(0).accessibleName().startswith("127.0.0.1, works"))
    assert live.test_card.isVisible()
    assert live.presenter.steps.rowCount() >= 2


def test_a_place_for_the_key_is_asked_in_a_dialog(qtbot: QtBot, live: ProvidersPage) -> None:
    """Where no keychain exists the key waits for one answer, and is then kept as said."""
    live.field.setText("OpenAI")
    live.add.click()
    live.form.key.setText(CANARY)
    live.form.fetch.setChecked(False)
    live.form.save.click()
    qtbot.waitUntil(lambda: live.findChild(KeyPlaceQuestion) is not None)
    question = live.findChild(KeyPlaceQuestion)
    assert isinstance(question, KeyPlaceQuestion)
    question.answer_button(THIS_RUN).click()
    qtbot.waitUntil(lambda: live.presenter.providers.rowCount() == 1)
    assert texts(live, 0)[2] == "key"
    qtbot.waitUntil(lambda: live.findChild(KeyPlaceQuestion) is None)


def test_a_cancelled_place_leaves_the_form(qtbot: QtBot, live: ProvidersPage) -> None:
    """Whoever cancels can try again: the form is there, without the key."""
    live.field.setText("OpenAI")
    live.add.click()
    live.form.key.setText(CANARY)
    live.form.save.click()
    qtbot.waitUntil(lambda: live.findChild(KeyPlaceQuestion) is not None)
    question = live.findChild(KeyPlaceQuestion)
    assert isinstance(question, KeyPlaceQuestion)
    assert not live.form.save.isEnabled()
    question.close()
    assert live.form.isVisible()
    assert live.form.save.isEnabled()
    qtbot.waitUntil(lambda: live.findChild(KeyPlaceQuestion) is None)


def test_removing_goes_through_the_question(qtbot: QtBot, live: ProvidersPage, server: WireServer) -> None:
    """After a yes the row is gone and the page says that none is left."""
    live.field.setText(server.base)
    live.add.click()
    live.form.save.click()
    qtbot.waitUntil(lambda: live.presenter.providers.rowCount() == 1 and live.form.isHidden())
    live.provider_row(0).edit.click()
    live.form.remove.click()
    question = live.findChild(Question, "removeProviderQuestion")
    assert isinstance(question, Question)
    question.answer_button(REMOVE).click()
    qtbot.waitUntil(lambda: live.presenter.providers.rowCount() == 0)
    qtbot.waitUntil(lambda: live.findChild(Question) is None)
    assert live.form.isHidden()
