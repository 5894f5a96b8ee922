from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.domain.models import KeySource, ProviderOffer, ProviderSpec
from desktop.presenters.provider_list import (
    OffersModel,
    ProviderRole,
    ProvidersModel,
    State,
    StepRole,
    StepRow,
    StepsModel,
    step_line,
)

ANTHROPIC = ProviderSpec(
    id="anthropic",
    kind="anthropic",
    name="Anthropic",
    key_source=KeySource.KEYCHAIN,
    key_hint="a91f",
    models=("a", "b"),
)
OLLAMA = ProviderSpec(id="ollama", kind="openai", name="Ollama", api_base="http://127.0.0.1:11434/v1", models=("q",))
OPENAI = ProviderSpec(
    id="openai", kind="openai", name="OpenAI", key_source=KeySource.ENVIRONMENT, key_variable="OPENAI_API_KEY"
)
GEMINI = ProviderSpec(id="gemini", kind="gemini", name="Gemini")


def watched() -> ProvidersModel:
    model = ProvidersModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    return model


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (replace(ANTHROPIC, key_hint=""), "key in keychain · 2 models"),
        (ANTHROPIC, "key ····a91f in keychain · 2 models"),
        (OLLAMA, "http://127.0.0.1:11434/v1 · 1 model"),
        (OPENAI, "key from OPENAI_API_KEY"),
        (GEMINI, "no key"),
    ],
)
def test_detail_says_where_and_how_many(qapp: object, spec: ProviderSpec, words: str) -> None:
    """A row says where the key or the server is, and how many models it has."""
    model = watched()
    model.set_providers([spec])
    assert model.index(0).data(ProviderRole.DETAIL) == words


def test_a_key_elsewhere_is_not_said_to_be_in_the_keychain(qapp: object) -> None:
    """Where keys are in a file or in memory, no row claims the keychain."""
    model = watched()
    model.set_providers([ANTHROPIC])
    model.set_in_keychain(in_keychain=False)
    assert model.index(0).data(ProviderRole.DETAIL) == "key ····a91f · 2 models"


def test_a_provider_without_key_says_so(qapp: object) -> None:
    """What lacks a key is not shown as untested."""
    model = watched()
    model.set_providers([GEMINI, OLLAMA])
    assert [model.index(row).data(ProviderRole.STATE) for row in range(2)] == [State.NO_KEY, State.UNTESTED]


def test_providers_change_row_by_row(qtbot: QtBot) -> None:
    """Adding, removing and moving providers never resets the list."""
    model = watched()
    model.set_providers([ANTHROPIC, OLLAMA, OPENAI])
    with qtbot.assertNotEmitted(model.modelReset):
        model.set_providers([OPENAI, GEMINI, ANTHROPIC])
    assert [model.index(row).data(ProviderRole.ID) for row in range(3)] == ["openai", "gemini", "anthropic"]


def test_a_failed_test_shows_its_words(qapp: object) -> None:
    """The detail of a provider whose test failed is why."""
    model = watched()
    model.set_providers([ANTHROPIC])
    model.set_state("anthropic", State.FAILED, "The key was refused (401)")
    assert model.index(0).data(ProviderRole.DETAIL) == "The key was refused (401)"


def test_new_models_keep_the_outcome_of_a_test(qapp: object) -> None:
    """Asking a provider for its models does not forget that it works."""
    model = watched()
    model.set_providers([ANTHROPIC])
    model.set_state("anthropic", State.WORKS)
    model.set_providers([replace(ANTHROPIC, models=("a", "b", "c"))])
    assert model.index(0).data(ProviderRole.STATE) == State.WORKS


def test_a_new_key_forgets_the_outcome_of_a_test(qapp: object) -> None:
    """What was true of the old key is not said of the new one."""
    model = watched()
    model.set_providers([ANTHROPIC])
    model.set_state("anthropic", State.FAILED, "The key was refused (401)")
    model.set_providers([replace(ANTHROPIC, key_hint="ffff")])
    assert model.index(0).data(ProviderRole.STATE) == State.UNTESTED
    assert "refused" not in model.index(0).data(ProviderRole.DETAIL)


def test_offers_are_found_by_either_name(qapp: object) -> None:
    """A provider is found by the name people use and by LiteLLM's, whatever the case."""
    model = OffersModel()
    model.set_offers([ProviderOffer(kind="xai", name="xAI (Grok)")])
    assert model.find(" XAI (grok)") == model.find("xai") == ProviderOffer(kind="xai", name="xAI (Grok)")
    assert model.find("x") is None


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (StepRow(name="DNS api.openai.com", ok=True, milliseconds=12.4), "✓ DNS api.openai.com   12 ms"),
        (
            StepRow(name="TLS", ok=True, milliseconds=41, words="certificate trusted"),
            "✓ TLS, certificate trusted   41 ms",
        ),
        (StepRow(name="Key", ok=False, words="The key was refused (401)"), "× The key was refused (401)"),
        (StepRow(name="Model list", ok=None), "… Model list"),
    ],
)
def test_steps_read_as_one_line(row: StepRow, line: str) -> None:
    """A step is a sign, its name or its failure's words, and how long it took."""
    assert step_line(row) == line


def test_a_step_is_replaced_by_its_outcome(qapp: object) -> None:
    """A step that was announced and then passed is one row."""
    model = StepsModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    model.put(StepRow(name="DNS", ok=None))
    model.put(StepRow(name="TLS", ok=None))
    model.put(StepRow(name="DNS", ok=True, milliseconds=3))
    assert [model.index(row).data(StepRole.OK) for row in range(model.rowCount())] == [True, None]
    assert model.index(1).data(Qt.ItemDataRole.AccessibleTextRole) == "TLS, under way"
    model.clear()
    assert model.rowCount() == 0
