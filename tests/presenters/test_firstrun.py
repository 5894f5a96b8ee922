from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.domain.models import FoundKey, FoundServer, ProviderSpec
from desktop.presenters.bridge import Bridge
from desktop.presenters.firstrun import (
    CardKind,
    CardRole,
    CardsModel,
    FirstRunPresenter,
    greeting,
    key_card,
    provider_card,
    server_card,
)

if TYPE_CHECKING:
    from desktop.services.backend import Backend

OLLAMA = FoundServer(name="Ollama", api_base="http://127.0.0.1:9/v1", models=("qwen3:32b", "llama3.3"))
KEY = FoundKey(variable="ANTHROPIC_API_KEY", kind="anthropic", provider_name="Anthropic")


def kinds(model: CardsModel) -> list[str]:
    return [model.index(row).data(CardRole.KIND) for row in range(model.rowCount())]


def watched() -> CardsModel:
    model = CardsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    return model


@pytest.mark.parametrize(
    ("hour", "word"), [(4, "evening"), (5, "morning"), (11, "morning"), (12, "afternoon"), (18, "evening")]
)
def test_greeting_fits_the_hour(hour: int, word: str) -> None:
    """The page greets as people do at that hour."""
    assert greeting(hour) == f"Good {word}. Who would you like to talk to?"


def test_a_server_names_its_models() -> None:
    """A card of a server says how many models it has, and names the first ones."""
    assert server_card(OLLAMA).text == "2 models: qwen3:32b, llama3.3"
    many = FoundServer(name="Ollama", api_base=OLLAMA.api_base, models=("a", "b", "c", "d"))
    assert server_card(many).text == "4 models: a, b, c…"
    assert server_card(FoundServer(name="Ollama", api_base=OLLAMA.api_base)).text == "It has no models yet."


def test_a_key_is_named_and_not_copied() -> None:
    """A card of a key names the variable and says that nothing is copied."""
    card = key_card(KEY)
    assert card.title == "A key was found: ANTHROPIC_API_KEY"
    assert card.text == "From your environment. It is not copied anywhere."


def test_found_cards_come_first(qapp: object) -> None:
    """What is found in time stands before what always works."""
    model = watched()
    model.set_found([server_card(OLLAMA), key_card(KEY)])
    assert kinds(model) == [CardKind.SERVER, CardKind.KEY, CardKind.ADD, CardKind.GUIDE]


def test_late_cards_come_last(qapp: object) -> None:
    """What is found too late is put after the cards that may be read already: none of them moves."""
    model = watched()
    model.stop_waiting()
    model.set_found([server_card(OLLAMA)])
    assert kinds(model) == [CardKind.ADD, CardKind.GUIDE, CardKind.SERVER]


def test_looking_again_changes_only_what_changed(qtbot: QtBot) -> None:
    """A server that went away takes its card with it, and nothing else."""
    model = watched()
    model.set_found([server_card(OLLAMA), key_card(KEY)])
    with qtbot.assertNotEmitted(model.rowsInserted), qtbot.assertNotEmitted(model.modelReset):
        model.set_found([key_card(KEY)])
    assert kinds(model) == [CardKind.KEY, CardKind.ADD, CardKind.GUIDE]


def test_a_card_is_read_as_a_whole(qapp: object) -> None:
    """A screen reader hears title, text and what a click does."""
    model = watched()
    model.set_found([key_card(KEY)])
    spoken = model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == ("A key was found: ANTHROPIC_API_KEY. From your environment. It is not copied anywhere. Use it")


def test_cards_come_although_nobody_answers(qtbot: QtBot, idle_bridge: Bridge) -> None:
    """Before the services are open, the cards that always work are there after a moment."""
    presenter = FirstRunPresenter(bridge=idle_bridge)
    presenter.look()
    assert presenter.cards.rowCount() == 0
    qtbot.waitUntil(lambda: presenter.cards.rowCount() == 2)


def test_greeting_follows_the_users_clock(idle_bridge: Bridge) -> None:
    """The hour is the one on the user's clock."""
    presenter = FirstRunPresenter(bridge=idle_bridge, now=lambda: datetime(2026, 1, 1, 20, tzinfo=UTC))
    assert presenter.greeting().startswith("Good evening")


def test_the_guide_is_one_click_away(qtbot: QtBot, idle_bridge: Bridge) -> None:
    """The guide answers before anything else is set up."""
    presenter = FirstRunPresenter(bridge=idle_bridge)
    presenter.cards.stop_waiting()
    with qtbot.waitSignal(presenter.model_chosen) as chosen:
        presenter.choose(1)
    assert chosen.args == ["guide/manual"]


def test_pasting_a_key_leads_to_the_providers(qtbot: QtBot, idle_bridge: Bridge) -> None:
    """A key is pasted on the providers page, not here."""
    presenter = FirstRunPresenter(bridge=idle_bridge)
    presenter.cards.stop_waiting()
    with qtbot.waitSignal(presenter.provider_wanted):
        presenter.choose(0)


def test_a_key_in_the_environment_is_found_by_name(
    qtbot: QtBot, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking around names the variable and never shows what is in it."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-canary-0123456789")
    presenter = FirstRunPresenter(bridge=bridge)
    with qtbot.waitSignal(presenter.found):
        presenter.look()
    spoken = [
        presenter.cards.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(presenter.cards.rowCount())
    ]
    assert any(text.startswith("A key was found: ANTHROPIC_API_KEY.") for text in spoken)
    assert "canary" not in "".join(spoken)


def test_a_found_server_is_used_with_one_click(qtbot: QtBot, bridge: Bridge) -> None:
    """A click makes the server a provider and gives its first model to the next session."""
    presenter = FirstRunPresenter(bridge=bridge)
    presenter.cards.set_found([server_card(OLLAMA)])
    with qtbot.waitSignal(presenter.model_chosen) as chosen:
        presenter.choose(0)
    assert chosen.args == ["ollama/qwen3:32b"]


def test_the_chosen_card_says_what_comes_next(qtbot: QtBot, bridge: Bridge) -> None:
    """The card that was chosen last, and it alone, says that one can write now."""
    presenter = FirstRunPresenter(bridge=bridge)
    presenter.cards.set_found([server_card(OLLAMA)])
    with qtbot.waitSignal(presenter.model_chosen):
        presenter.choose(2)
    with qtbot.waitSignal(presenter.model_chosen):
        presenter.choose(0)
    actions = [presenter.cards.index(row).data(CardRole.ACTION) for row in range(3)]
    assert actions == ["Ready: write below", "Add a provider…", "Ask the guide"]


def test_a_second_click_adds_no_second_provider(qtbot: QtBot, bridge: Bridge) -> None:
    """Using the same server again finds the provider that is there."""
    presenter = FirstRunPresenter(bridge=bridge)
    presenter.cards.set_found([server_card(OLLAMA)])
    for _time in range(2):
        with qtbot.waitSignal(presenter.model_chosen) as chosen:
            presenter.choose(0)
        assert chosen.args == ["ollama/qwen3:32b"]


def test_a_server_without_models_asks_for_one(qtbot: QtBot, bridge: Bridge) -> None:
    """Where no model is known, the user picks or types one."""
    presenter = FirstRunPresenter(bridge=bridge)
    presenter.cards.set_found([server_card(FoundServer(name="vLLM", api_base="http://127.0.0.1:9/v1"))])
    with qtbot.waitSignal(presenter.model_wanted):
        presenter.choose(0)


def test_no_keychain_is_promised_where_there_is_none(qtbot: QtBot, bridge: Bridge) -> None:
    """The card that asks for a key says where keys stay on this computer."""
    presenter = FirstRunPresenter(bridge=bridge)
    presenter.cards.stop_waiting()
    with qtbot.waitSignal(presenter.found):
        presenter.look()
    sentence = "There is no system keychain here: you are asked where a key stays."
    qtbot.waitUntil(lambda: presenter.cards.index(0).data(CardRole.TEXT).endswith(sentence))
    assert "your keychain" not in presenter.cards.index(0).data(CardRole.TEXT)


def test_before_it_is_known_nothing_is_said_about_keys(qapp: object) -> None:
    """The cards that come first promise no place for a key, and get the sentence without a reset."""
    model = watched()
    model.stop_waiting()
    assert model.index(0).data(CardRole.TEXT).endswith("and 100 more.")
    model.set_keys("Keys stay here.")
    assert model.index(0).data(CardRole.TEXT).endswith("and 100 more. Keys stay here.")


def provider(name: str, *models: str) -> ProviderSpec:
    return ProviderSpec(id=name.lower(), kind="openai", name=name, models=models)


def test_an_added_provider_stands_at_the_top(qtbot: QtBot) -> None:
    """Whoever comes back from the settings finds the new provider first; nothing else changes."""
    model = watched()
    model.set_found([server_card(OLLAMA)])
    with qtbot.assertNotEmitted(model.modelReset), qtbot.assertNotEmitted(model.rowsRemoved):
        model.set_providers([provider_card(provider("OpenAI", "gpt-5"))])
    assert kinds(model) == [CardKind.PROVIDER, CardKind.SERVER, CardKind.ADD, CardKind.GUIDE]
    assert (model.index(0).data(), model.index(0).data(CardRole.TEXT)) == ("OpenAI", "1 model: gpt-5")


def test_a_provider_that_learns_models_keeps_its_card(qtbot: QtBot) -> None:
    """Its text changes in place, and a removed provider takes its card with it."""
    model = watched()
    model.set_found([provider_card(provider("OpenAI", "gpt-5")), provider_card(provider("Mine", "own"))])
    with qtbot.assertNotEmitted(model.rowsInserted):
        model.set_providers([provider_card(provider("OpenAI", "gpt-5", "gpt-6"))])
    assert kinds(model) == [CardKind.PROVIDER, CardKind.ADD, CardKind.GUIDE]
    assert model.index(0).data(CardRole.TEXT) == "2 models: gpt-5, gpt-6"


def test_a_provider_that_was_added_is_offered_and_ready(qtbot: QtBot, bridge: Bridge) -> None:
    """The page shows who can be talked to already; the one that answers says so, and a click starts."""

    async def add(backend: Backend) -> None:
        await backend.models.add(kind="openai", name="OpenAI", models=("gpt-4o", "gpt-5"))
        await backend.models.add(kind="anthropic", name="Anthropic", models=("claude",))

    added = bridge.start_task(bridge.call(add))
    qtbot.waitUntil(added.done)
    presenter = FirstRunPresenter(bridge=bridge)
    with qtbot.waitSignal(presenter.found):
        presenter.look()
    presenter.show_model("openai/gpt-4o")
    shown = [(card.title, card.action) for card in presenter.cards.rows() if card.kind is CardKind.PROVIDER]
    assert shown == [("OpenAI", "Ready: write below"), ("Anthropic", "Use it")]
    rows = [card.title for card in presenter.cards.rows()]
    with qtbot.waitSignal(presenter.model_chosen) as chosen:
        presenter.choose(rows.index("OpenAI"))
    assert chosen.args == ["openai/gpt-4o"], "the model that is chosen already stays"
    with qtbot.waitSignal(presenter.model_chosen) as chosen:
        presenter.choose(rows.index("Anthropic"))
    assert chosen.args == ["anthropic/claude"]


def test_the_guide_is_not_called_ready_before_it_is_wanted(qtbot: QtBot, idle_bridge: Bridge) -> None:
    """What answers by default is no choice of the user's."""
    presenter = FirstRunPresenter(bridge=idle_bridge)
    presenter.cards.stop_waiting()
    presenter.show_model("guide/manual")
    assert presenter.cards.index(1).data(CardRole.ACTION) == "Ask the guide"
    presenter.choose(1)
    assert presenter.cards.index(1).data(CardRole.ACTION) == "Ready: write below"
