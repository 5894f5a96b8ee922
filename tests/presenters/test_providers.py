from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.domain.faults import Fault, FaultKind, NotFound, ProviderError
from desktop.domain.models import ProviderOffer, Secret
from desktop.presenters.bridge import Bridge
from desktop.presenters.provider_list import ProviderRole, State
from desktop.presenters.providers import (
    IN_A_FILE,
    THIS_RUN,
    ProviderDraft,
    ProvidersPresenter,
    looks_like_url,
    model_names,
    sentence,
)
from desktop.storage.settings_file import SettingsFile
from tests.wire.openai import OpenAIWire
from tests.wire.script import Script
from tests.wire.server import WireServer

CANARY = "sk-canary-0123456789-a91f"
OPENAI = ProviderOffer(
    kind="openai", name="OpenAI", key_variables=("OPENAI_API_KEY",), console_url="https://platform.openai.com/api-keys"
)
AZURE = ProviderOffer(kind="azure", name="Azure", needs_base=True)


@pytest.fixture
def server() -> Iterator[WireServer]:
    """A server that lists two models."""
    with WireServer(OpenAIWire(), Script(models=("one", "two"))) as made:
        yield made


@pytest.fixture
def presenter(qtbot: QtBot, bridge: Bridge) -> ProvidersPresenter:
    """The providers page's presenter on an empty data folder, loaded."""
    made = ProvidersPresenter(bridge=bridge, environment={})
    made.load()
    qtbot.waitUntil(lambda: made.offers.rowCount() > 0)
    return made


def idle(bridge: Bridge, **environment: str) -> ProvidersPresenter:
    made = ProvidersPresenter(bridge=bridge, environment=environment)
    made.offers.set_offers([OPENAI, AZURE])
    return made


def begun(qtbot: QtBot, presenter: ProvidersPresenter, typed: str) -> ProviderDraft:
    with qtbot.waitSignal(presenter.drafted) as drafted:
        presenter.begin(typed)
    draft = drafted.args[0]
    assert isinstance(draft, ProviderDraft)
    return draft


def detail(presenter: ProvidersPresenter, row: int = 0) -> str:
    return str(presenter.providers.index(row).data(ProviderRole.DETAIL))


# ------------------------------------------------------------------------------------------------------ pure functions


@pytest.mark.parametrize("typed", ["http://localhost:8000/v1", "https://example.org", "localhost:8000/v1"])
def test_a_base_url_is_seen_as_one(typed: str) -> None:
    """An address is taken as such, with or without its scheme."""
    assert looks_like_url(typed)


@pytest.mark.parametrize("typed", ["OpenAI", "some name", "a/b", "what: this/that is"])
def test_a_name_is_not_an_address(typed: str) -> None:
    """Words are not taken for an address."""
    assert not looks_like_url(typed)


def test_model_names_are_read_as_people_write_them() -> None:
    """Names come one a line or divided by commas, each counts once."""
    assert model_names(" a, b\n\nc ,a") == ("a", "b", "c")


def test_a_providers_failure_says_what_why_and_what_to_do() -> None:
    """A sentence for a provider's fault holds its own words and the advice."""
    told = sentence(ProviderError(Fault(kind=FaultKind.AUTHENTICATION, words="Incorrect API key")))
    assert told.startswith("The key was refused (401). “Incorrect API key” Make a new key")


def test_other_failures_are_their_own_sentence() -> None:
    """What is not a provider's fault says itself."""
    assert sentence(NotFound("There is no such thing.")) == "There is no such thing."


# --------------------------------------------------------------------------------------------------------------- drafts


def test_a_name_begins_a_draft(qtbot: QtBot, idle_bridge: Bridge) -> None:
    """A provider's name, in any case, is enough to begin."""
    draft = begun(qtbot, idle(idle_bridge), " openai ")
    assert (draft.kind, draft.name, draft.key_variable) == ("openai", "OpenAI", "")


def test_an_address_begins_a_draft(qtbot: QtBot, idle_bridge: Bridge) -> None:
    """A base URL means a server that speaks OpenAI's protocol, named after its host."""
    draft = begun(qtbot, idle(idle_bridge), "localhost:8000/v1")
    assert (draft.kind, draft.name, draft.api_base) == ("openai", "localhost", "http://localhost:8000/v1")


def test_a_key_in_the_environment_is_offered_by_name(qtbot: QtBot, idle_bridge: Bridge) -> None:
    """Where the environment has the key, an empty field means that one."""
    presenter = idle(idle_bridge, OPENAI_API_KEY=CANARY)
    draft = begun(qtbot, presenter, "OpenAI")
    assert presenter.key_words(draft) == "Empty: read from OPENAI_API_KEY each time"
    assert CANARY not in repr(draft)


def test_an_unknown_name_is_refused(qtbot: QtBot, idle_bridge: Bridge) -> None:
    """A name nobody knows is answered with what to do instead."""
    presenter = idle(idle_bridge)
    with qtbot.waitSignal(presenter.refused) as refused:
        presenter.begin("Nobody")
    assert refused.args == ["No provider is called “Nobody”. Paste its base URL instead."]


def test_a_provider_says_what_it_needs(qtbot: QtBot, idle_bridge: Bridge) -> None:
    """The form knows who needs a base URL, and where keys are handed out."""
    presenter = idle(idle_bridge)
    assert presenter.needs_base(begun(qtbot, presenter, "Azure"))
    openai = begun(qtbot, presenter, "OpenAI")
    assert not presenter.needs_base(openai)
    assert presenter.console_url(openai) == "https://platform.openai.com/api-keys"
    assert presenter.key_words(openai) == "Paste the key here"


def test_a_draft_does_not_print_its_key() -> None:
    """A draft in a log or a traceback shows no key."""
    assert CANARY not in repr(ProviderDraft(kind="openai", key=Secret(CANARY)))


# --------------------------------------------------------------------------------------------------- with real services


def test_every_provider_is_offered(presenter: ProvidersPresenter) -> None:
    """More than a hundred names can be added, the well-known ones first."""
    assert presenter.offers.rowCount() > 100
    assert presenter.offers.index(0).data() == "OpenAI"


def test_adding_a_server_asks_for_its_models(qtbot: QtBot, presenter: ProvidersPresenter, server: WireServer) -> None:
    """A server on this computer needs an address and nothing else."""
    draft = begun(qtbot, presenter, server.base)
    assert presenter.key_words(draft) == "Not needed on this computer"
    with qtbot.waitSignal(presenter.saved) as saved:
        presenter.save(draft)
    spec = presenter.providers.spec(saved.args[0])
    assert spec is not None
    assert spec.models == ("one", "two")


def test_a_provider_is_saved_although_its_models_are_not_told(qtbot: QtBot, presenter: ProvidersPresenter) -> None:
    """A server that is down can be added; the form says so and lets one type the models."""
    reopened: list[ProviderDraft] = []
    draft = begun(qtbot, presenter, "http://127.0.0.1:9/v1")
    presenter.drafted.connect(reopened.append)
    with qtbot.waitSignal(presenter.refused) as refused:
        presenter.save(draft)
    assert refused.args[0].startswith("The provider is saved, but its models could not be asked for. Nothing answers")
    assert [each.id for each in reopened] == [presenter.providers.index(0).data(ProviderRole.ID)]
    assert reopened[0].fetch, "what was ticked stays ticked"


def test_the_model_of_a_new_provider_is_offered(
    qtbot: QtBot, presenter: ProvidersPresenter, server: WireServer, bridge: Bridge
) -> None:
    """Whoever adds a provider wants to talk to it: its first model is told, and new sessions begin with it."""
    with qtbot.waitSignal(presenter.offered) as offered:
        presenter.save(begun(qtbot, presenter, server.base))
    assert offered.args == ["127-0-0-1/one"]


def test_models_that_are_typed_make_up_for_a_list(qtbot: QtBot, presenter: ProvidersPresenter) -> None:
    """A server that tells no models is added with those that were typed, and the form does not come back."""
    reopened: list[ProviderDraft] = []
    presenter.drafted.connect(reopened.append)
    with qtbot.waitSignals([presenter.offered, presenter.refused]):
        presenter.save(ProviderDraft(kind="openai", name="Mine", api_base="http://127.0.0.1:9/v1", models=("own",)))
    assert reopened == []


def test_a_changed_provider_changes_no_session(qtbot: QtBot, presenter: ProvidersPresenter, server: WireServer) -> None:
    """A new name for a provider is no wish to talk to it."""
    with qtbot.waitSignal(presenter.saved) as saved:
        presenter.save(begun(qtbot, presenter, server.base))
    with qtbot.waitSignal(presenter.saved), qtbot.assertNotEmitted(presenter.offered):
        presenter.save(
            ProviderDraft(id=saved.args[0], name="Other", api_base=server.base, models=("one",), fetch=False)
        )


def test_a_bad_address_is_refused(qtbot: QtBot, presenter: ProvidersPresenter) -> None:
    """An address that cannot be one is not saved."""
    with qtbot.waitSignal(presenter.refused) as refused:
        presenter.save(ProviderDraft(kind="openai", name="X", api_base="not an address"))
    assert refused.args == ["A base URL starts with http:// or https://, like http://localhost:11434/v1."]
    assert presenter.providers.rowCount() == 0


def with_key(key: str = CANARY) -> ProviderDraft:
    return ProviderDraft(kind="openai", name="OpenAI", key=Secret(key), models=("gpt",), fetch=False)


def test_without_a_keychain_the_user_is_asked(qtbot: QtBot, presenter: ProvidersPresenter) -> None:
    """A key that has no place yet waits for an answer; nothing is saved before."""
    with qtbot.waitSignal(presenter.key_place_wanted):
        presenter.save(with_key())
    assert presenter.providers.rowCount() == 0


def test_a_missing_keychain_is_not_named_as_the_place(presenter: ProvidersPresenter) -> None:
    """Where there is no keychain and nothing was chosen yet, the page says what will happen."""
    assert presenter.keys_sentence() == "There is no system keychain here: you are asked where a key stays."


def test_a_key_may_stay_in_memory(qtbot: QtBot, presenter: ProvidersPresenter, tmp_path: Path) -> None:
    """Kept for this run only, the key is on no disk, and the page says where keys are."""
    with qtbot.waitSignal(presenter.key_place_wanted):
        presenter.save(with_key())
    with qtbot.waitSignal(presenter.saved):
        presenter.keep_keys(THIS_RUN)
    assert detail(presenter) == "key · 1 model"
    assert presenter.keys_sentence() == "Keys are kept for this run only, never in the database or a log."
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]


def test_a_key_may_stay_in_a_file(qtbot: QtBot, presenter: ProvidersPresenter, tmp_path: Path) -> None:
    """Kept in a file, the key is in that file alone, which only its owner can read."""
    with qtbot.waitSignal(presenter.key_place_wanted):
        presenter.save(with_key())
    with qtbot.waitSignal(presenter.saved):
        presenter.keep_keys(IN_A_FILE)
    holding = [path for path in tmp_path.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
    assert [path.stat().st_mode & 0o077 for path in holding] == [0]
    assert "not encrypted" in presenter.keys_sentence()


def test_a_place_that_cannot_be_kept_gives_the_form_back(
    qtbot: QtBot, presenter: ProvidersPresenter, tmp_path: Path
) -> None:
    """The form says why and can be used again, and nothing waits for a place any more."""
    with qtbot.waitSignal(presenter.key_place_wanted):
        presenter.save(with_key())
    SettingsFile(folder=tmp_path).path.mkdir()
    busy: list[bool] = []
    presenter.saving.connect(busy.append)
    with qtbot.waitSignal(presenter.refused):
        presenter.keep_keys(IN_A_FILE)
    assert busy == [False]
    presenter.keep_keys(THIS_RUN)
    with qtbot.waitSignal(presenter.loaded):
        presenter.load()
    assert presenter.providers.rowCount() == 0


def test_giving_up_forgets_the_key(qtbot: QtBot, presenter: ProvidersPresenter) -> None:
    """After a cancel, choosing a place later does not bring the provider back."""
    with qtbot.waitSignal(presenter.key_place_wanted):
        presenter.save(with_key())
    presenter.give_up()
    presenter.keep_keys(THIS_RUN)
    with qtbot.waitSignal(presenter.loaded):
        presenter.load()
    assert presenter.providers.rowCount() == 0


def test_editing_keeps_what_is_left_empty(qtbot: QtBot, presenter: ProvidersPresenter) -> None:
    """A new name with an empty key field leaves the key where it is."""
    with qtbot.waitSignal(presenter.key_place_wanted):
        presenter.save(with_key())
    with qtbot.waitSignal(presenter.saved) as saved:
        presenter.keep_keys(THIS_RUN)
    with qtbot.waitSignal(presenter.drafted) as drafted:
        presenter.edit(saved.args[0])
    draft = drafted.args[0]
    assert presenter.key_words(draft) == "Empty: keep the key that is there"
    with qtbot.waitSignal(presenter.saved):
        presenter.save(ProviderDraft(id=draft.id, kind=draft.kind, name="Work", models=("gpt", "o3"), fetch=False))
    assert presenter.providers.index(0).data() == "Work"
    assert detail(presenter) == "key · 2 models"


def test_removing_takes_the_provider_away(qtbot: QtBot, presenter: ProvidersPresenter, server: WireServer) -> None:
    """A provider that was removed is not listed any more."""
    with qtbot.waitSignal(presenter.saved) as saved:
        presenter.save(begun(qtbot, presenter, server.base))
    with qtbot.waitSignal(presenter.removed):
        presenter.remove(saved.args[0])
    assert presenter.providers.rowCount() == 0


def test_a_test_shows_its_steps(qtbot: QtBot, presenter: ProvidersPresenter, server: WireServer) -> None:
    """A provider that works passes every step, and its row says so."""
    with qtbot.waitSignal(presenter.saved) as saved:
        presenter.save(begun(qtbot, presenter, server.base))
    with qtbot.waitSignal(presenter.test_ended) as ended:
        presenter.test(saved.args[0])
    assert ended.args == [saved.args[0], True]
    lines = [presenter.steps.index(row).data() for row in range(presenter.steps.rowCount())]
    assert all(line.startswith("✓") for line in lines)
    assert "2 models" in lines[-1]
    assert presenter.providers.index(0).data(ProviderRole.STATE) == State.WORKS


def test_a_failed_test_says_why_and_what_to_do(qtbot: QtBot, presenter: ProvidersPresenter) -> None:
    """The step that failed says what happened and what to do; the row says what happened."""
    with qtbot.waitSignal(presenter.saved) as saved:
        presenter.save(ProviderDraft(kind="openai", name="Down", api_base="http://127.0.0.1:9/v1", fetch=False))
    with qtbot.waitSignal(presenter.test_ended) as ended:
        presenter.test(saved.args[0])
    assert ended.args == [saved.args[0], False]
    line = presenter.steps.index(0).data()
    assert line.startswith("× Nothing answers at 127.0.0.1:9.")
    assert "Start the server" in line
    assert detail(presenter).startswith("Nothing answers at 127.0.0.1:9")
    assert presenter.steps.index(0).data(Qt.ItemDataRole.AccessibleTextRole).endswith("failed")


def test_one_test_at_a_time(qtbot: QtBot, presenter: ProvidersPresenter, server: WireServer) -> None:
    """A second click while a test runs starts no second one."""
    with qtbot.waitSignal(presenter.saved) as saved:
        presenter.save(begun(qtbot, presenter, server.base))
    started: list[str] = []
    presenter.test_started.connect(lambda provider_id, _name: started.append(provider_id))
    with qtbot.waitSignal(presenter.test_ended):
        presenter.test(saved.args[0])
        presenter.test(saved.args[0])
    assert started == [saved.args[0]]
