"""Providers, models and keys: what is offered, what is chosen, and what a request may carry."""

import asyncio
import os
from pathlib import Path

import pytest

from desktop.domain.faults import FaultKind, KeyFileUnsafe, NotFound, ProviderError, WrongUse
from desktop.domain.messages import Status
from desktop.domain.models import KeySource, Secret
from desktop.services.models import (
    RECENT_KEPT,
    CheckStep,
    KeychainMissing,
    KeychainState,
    KeyPlace,
    ModelService,
)
from tests.services.conftest import BeginTalk
from tests.services.keyed import KEY, refusal, session_of
from tests.services.talking import LIMIT_S, Talk
from tests.storage.backends import Hanging, Kept, Locked
from tests.wire.openai import OpenAIWire
from tests.wire.script import Fault, Mode, Script
from tests.wire.server import WireServer


@pytest.fixture
async def talk(begin: BeginTalk, keychain: Kept) -> Talk:
    return await begin(demo=False, keychain=keychain)


async def test_a_provider_is_added_with_its_key_in_the_keychain(
    models: ModelService, talk: Talk, keychain: Kept
) -> None:
    """The row has no key: only where it is, and its last four characters."""
    spec = await models.add(kind="openai", key=Secret(KEY), models=("gpt-4o",))
    assert (spec.id, spec.name, spec.key_source, spec.key_hint) == ("openai", "OpenAI", KeySource.KEYCHAIN, "6789")
    assert await models.providers() == (spec,)
    assert list(keychain.passwords.values()) == [KEY]
    model, key = await models.resolve("openai/gpt-4o", await session_of(talk))
    assert (model.litellm_name, model.provider_name) == ("openai/gpt-4o", "OpenAI")
    assert model.window is not None
    assert key == Secret(KEY)


async def test_a_key_is_nowhere_but_in_the_keychain(models: ModelService, talk: Talk, folder: Path) -> None:
    """Not in the database, its log, the settings or the answer of any method."""
    spec = await models.add(kind="openai", key=Secret(KEY))
    await models.edit(spec.id, name="Mine")
    assert KEY not in repr(await models.providers()) + repr(await models.choices())
    for path in folder.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes()


@pytest.mark.parametrize("key", ["", "short"])
async def test_a_short_key_gives_no_hint(models: ModelService, key: str) -> None:
    """Four characters of a short key would be too much of it."""
    assert (await models.add(kind="openai", key=Secret(key))).key_hint == ""


async def test_ids_are_short_unique_and_without_a_slash(models: ModelService) -> None:
    """Two providers of one name, and names that nothing is left of, get different ids."""
    names = ("My Server / α!", "my server", "My-Server", "♥", "Guide", "direct")
    ids = [(await models.add(kind="openai", name=name)).id for name in names]
    assert ids == ["my-server", "my-server-2", "my-server-3", "provider", "guide-2", "direct-2"]


async def test_a_provider_without_a_name_is_called_as_it_calls_itself(models: ModelService) -> None:
    """A kind that nobody knows is its own name."""
    assert (await models.add(kind="anthropic", name="  ")).name == "Anthropic"
    assert (await models.add(kind="brand_new")).name == "brand_new"


@pytest.mark.parametrize("base", ["localhost:8000", "ftp://x/v1", "http://", "/v1", "javascript:alert(1)"])
async def test_a_base_url_is_http(models: ModelService, base: str) -> None:
    """The sentence shows what one looks like; nothing is stored."""
    with pytest.raises(WrongUse, match="http://"):
        await models.add(kind="openai", api_base=base)
    assert await models.providers() == ()


@pytest.mark.parametrize("base", ["http://me:hidden@host/v1", "https://hidden@host/v1", "http://host/v1?key=hidden"])
async def test_a_base_url_that_holds_a_secret_is_not_stored(models: ModelService, base: str) -> None:
    """Addresses are kept in the database and shown, so a password or a key has no place in them."""
    with pytest.raises(WrongUse, match="password or a key") as refusal:
        await models.add(kind="openai", api_base=base)
    assert "hidden" not in str(refusal.value)
    assert await models.providers() == ()


async def test_a_base_url_is_stored_without_its_last_slash(models: ModelService) -> None:
    """What is pasted has blanks and slashes around it."""
    spec = await models.add(kind="openai", api_base="  http://localhost:8000/v1/ ")
    assert (spec.api_base, spec.is_local) == ("http://localhost:8000/v1", True)


async def test_a_key_of_the_environment_is_named_and_not_copied(models: ModelService, talk: Talk) -> None:
    """It is read anew for each request, and its absence is said."""
    spec = await models.add(kind="openai", key_variable="MY_KEY")
    assert (spec.key_source, spec.key_variable) == (KeySource.ENVIRONMENT, "MY_KEY")
    assert await refusal(talk, "openai/gpt-4o") == (FaultKind.NO_KEY, "OpenAI")
    talk.environment["MY_KEY"] = KEY
    assert (await models.resolve("openai/gpt-4o", await session_of(talk)))[1] == Secret(KEY)


async def test_a_key_that_is_gone_from_the_keychain_is_missed(models: ModelService, talk: Talk, keychain: Kept) -> None:
    """Somebody removed it there: the card says that there is none."""
    await models.add(kind="openai", key=Secret(KEY))
    keychain.passwords.clear()
    assert await refusal(talk, "openai/gpt-4o") == (FaultKind.NO_KEY, "OpenAI")


async def test_without_a_keychain_another_place_is_asked_for(begin: BeginTalk) -> None:
    """Nothing is stored until the user has chosen; then the same call succeeds."""
    talk = await begin(demo=False)
    with pytest.raises(KeychainMissing):
        await talk.models.add(kind="openai", key=Secret(KEY))
    assert await talk.models.providers() == ()
    assert (await talk.models.key_state()).keychain is KeychainState.MISSING
    await talk.models.keep_keys(KeyPlace.THIS_RUN)
    spec = await talk.models.add(kind="openai", key=Secret(KEY))
    assert spec.key_hint == ""  # what is kept for this run leaves nothing behind
    assert (await talk.models.resolve("openai/x", await session_of(talk)))[1] == Secret(KEY)
    assert (await talk.models.key_state()).place is KeyPlace.THIS_RUN
    assert talk.settings.get("key_place") == "keychain"


async def test_a_locked_keychain_offers_the_same_way_out(begin: BeginTalk) -> None:
    """A file that the owner alone can read is one of the places, and the choice is remembered."""
    keychain = Locked()
    talk = await begin(demo=False, keychain=keychain)
    with pytest.raises(KeychainMissing):
        await talk.models.add(kind="openai", key=Secret(KEY))
    await talk.models.keep_keys(KeyPlace.FILE)
    await talk.models.add(kind="openai", key=Secret(KEY))
    assert talk.settings.get("key_place") == "file"
    assert (await talk.models.resolve("openai/x", await session_of(talk)))[1] == Secret(KEY)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
async def test_a_key_file_that_others_can_read_is_not_used(begin: BeginTalk) -> None:
    """The answer's card says so instead of sending the key."""
    talk = await begin(demo=False)
    await talk.models.keep_keys(KeyPlace.FILE)
    await talk.models.add(kind="openai", key=Secret(KEY), api_base="http://127.0.0.1:9/v1")
    for path in talk.folder.iterdir():
        if path.is_file() and KEY.encode() in path.read_bytes():
            path.chmod(0o644)
    with pytest.raises(KeyFileUnsafe):
        await talk.models.resolve("openai/x", await session_of(talk))
    answer = await talk.answer("Hi", model="openai/x")
    assert answer.fault is not None
    assert answer.fault.kind is FaultKind.NO_KEY
    assert KEY not in answer.fault.words


async def test_a_keychain_that_waits_for_a_dialog_can_be_left(begin: BeginTalk) -> None:
    """Stop works while nobody answers it; the other sessions go on meanwhile."""
    keychain = Hanging()
    talk = await begin(demo=False, keychain=keychain)
    await talk.models.add(kind="openai", key=Secret(KEY))
    turn = await talk.chat.send("Hi", model="openai/gpt-4o")
    assert await asyncio.to_thread(keychain.asked.wait, LIMIT_S)
    assert (await talk.answer("How do I export?", model="guide/manual")).status is Status.COMPLETE
    await talk.chat.stop(turn.assistant.id)
    assert (await talk.store.message(turn.assistant.id)).status is Status.STOPPED
    keychain.answer()


async def test_what_is_not_named_stays(models: ModelService, keychain: Kept) -> None:
    """An edit changes what it says; a blank name is none."""
    spec = await models.add(kind="openai", key=Secret(KEY), api_base="http://localhost/v1", models=("a",))
    assert await models.edit(spec.id, name="  ") == spec
    assert (await models.edit(spec.id, name=" Mine ")).name == "Mine"
    changed = await models.edit(spec.id, api_base="", models=("b",), key=Secret("another-key-4321"))
    assert (changed.id, changed.api_base, changed.models, changed.key_hint) == (spec.id, "", ("b",), "4321")
    assert await models.providers() == (changed,)
    assert list(keychain.passwords.values()) == ["another-key-4321"]


async def test_removing_a_provider_removes_its_key(models: ModelService, keychain: Kept) -> None:
    """Nothing of it stays on the computer."""
    keyed = await models.add(kind="openai", key=Secret(KEY))
    plain = await models.add(kind="ollama")
    await models.remove(keyed.id)
    await models.remove(plain.id)
    assert await models.providers() == ()
    assert keychain.passwords == {}


async def test_a_provider_that_is_not_there_is_not_found(models: ModelService) -> None:
    """Each way to ask for it says so."""
    for asked in (models.edit("x"), models.remove("x"), models.check("x"), models.refresh("x")):
        with pytest.raises(NotFound, match="x"):
            await asked


async def test_offers_name_well_known_providers_first(models: ModelService) -> None:
    """Whatever LiteLLM knows can be added by name."""
    offers = await models.offers()
    assert {"openai", "anthropic", "gemini"} <= {offer.kind for offer in offers[:10]}
    assert len(offers) > 40


async def test_discovery_names_keys_and_does_not_copy_them(models: ModelService, talk: Talk) -> None:
    """What lies in the environment is offered by name."""
    talk.environment["OPENAI_API_KEY"] = KEY
    found = await models.discover()
    assert [key.variable for key in found.keys] == ["OPENAI_API_KEY"]
    assert KEY not in repr(found)


async def test_a_server_is_asked_for_its_models(models: ModelService) -> None:
    """They are remembered with the provider, and the test shows each step as it comes."""
    with WireServer(OpenAIWire(), Script(models=("one", "two"))) as server:
        spec = await models.add(kind="openai", name="Mine", api_base=server.base)
        assert await models.refresh(spec.id) == ("one", "two")
        steps: list[CheckStep] = []
        done = await models.check(spec.id, on_step=steps.append)
    assert (await models.providers())[0].models == ("one", "two")
    assert all(step.ok for step in done)
    assert [step for step in steps if step.ok is not None] == list(done)


async def test_a_server_without_models_keeps_those_that_are_known(models: ModelService) -> None:
    """An empty list is no reason to forget; a refusal is said."""
    with WireServer(OpenAIWire(), Script(models=())) as server:
        spec = await models.add(kind="openai", name="Mine", api_base=server.base, models=("known",))
        assert await models.refresh(spec.id) == ()
        server.script = Script(fault=Fault(mode=Mode.STATUS, status=401))
        with pytest.raises(ProviderError, match="authentication"):
            await models.refresh(spec.id)
        assert not (await models.check(spec.id))[-1].ok
    assert (await models.providers())[0].models == ("known",)


async def test_the_picker_lists_every_model_and_always_the_guide(models: ModelService) -> None:
    """With favourites, recent ones and what is local."""
    await models.add(kind="openai", name="Mine", api_base="http://localhost/v1", models=("a", "b/c"))
    await models.set_favourite("mine/b/c", True)
    await models.note_use("guide/manual")
    await models.note_use("mine/a")
    choices = {choice.address: choice for choice in await models.choices()}
    assert list(choices) == ["mine/a", "mine/b/c", "guide/manual"]
    assert [choice.is_favourite for choice in choices.values()] == [False, True, False]
    assert [choice.recent_rank for choice in choices.values()] == [0, None, 1]
    assert all(choice.is_local for choice in choices.values())
    await models.set_favourite("mine/b/c", False)
    assert not any(choice.is_favourite for choice in await models.choices())


async def test_the_demo_offers_its_own_model(begin: BeginTalk) -> None:
    """New sessions begin with it, and every model is played by it."""
    talk = await begin()
    assert "scripted/demo" in [choice.address for choice in await talk.models.choices()]
    assert await talk.models.default_model() == "scripted/demo"
    model, key = await talk.models.resolve("anthropic/claude", await session_of(talk))
    assert (model.kind, key) == ("scripted", None)


async def test_recent_models_are_few(models: ModelService) -> None:
    """The newest stands first, once."""
    for number in range(RECENT_KEPT + 3):
        await models.note_use(f"guide/{number}")
    await models.note_use("guide/5")
    recent = [choice.recent_rank for choice in await models.choices()]
    assert recent == [None]
    assert len(models._settings.names("recent_models")) == RECENT_KEPT
    assert models._settings.names("recent_models")[0] == "guide/5"


async def test_new_sessions_begin_with_the_last_model(models: ModelService) -> None:
    """First the guide, then the first model there is, then the one used last, as long as its provider is there."""
    assert await models.default_model() == "guide/manual"
    await models.add(kind="ollama", name="Empty")
    assert await models.default_model() == "guide/manual"
    mine = await models.add(kind="openai", name="Mine", models=("a", "b"))
    assert await models.default_model() == "mine/a"
    await models.note_use("mine/b")
    assert await models.default_model() == "mine/b"
    await models.note_use("direct/passing")
    assert await models.default_model() == "mine/b"
    await models.note_use("guide/manual")
    assert await models.default_model() == "guide/manual"
    await models.note_use("mine/b")
    await models.remove(mine.id)
    assert await models.default_model() == "guide/manual"


async def test_a_model_that_nobody_has_is_named(talk: Talk) -> None:
    """The card shows the address that was asked for."""
    assert await refusal(talk, "nobody/nothing") == (FaultKind.NO_PROVIDER, "nobody/nothing")
    assert await refusal(talk, "nothing") == (FaultKind.NO_PROVIDER, "nothing")


async def test_a_provider_by_name_takes_its_key_from_the_environment(models: ModelService, talk: Talk) -> None:
    """`anthropic/…` works on the command line with nothing but the variable."""
    assert await refusal(talk, "anthropic/claude") == (FaultKind.NO_KEY, "Anthropic")
    talk.environment["ANTHROPIC_API_KEY"] = KEY
    model, key = await models.resolve("anthropic/claude", await session_of(talk))
    assert (model.litellm_name, model.api_base, key) == ("anthropic/claude", "", Secret(KEY))


async def test_a_local_kind_needs_no_key(models: ModelService, talk: Talk) -> None:
    """Ollama answers without one."""
    model, key = await models.resolve("ollama/llama", await session_of(talk))
    assert (model.kind, key) == ("ollama", None)


LOOPBACK = "http://127.0.0.1:1/v1"
ELSEWHERE = "https://models.example/v1"


async def test_a_direct_model_on_this_computer_gets_no_key(models: ModelService, talk: Talk) -> None:
    """The name is the server's own unless it begins with a provider that LiteLLM knows."""
    talk.environment["OPENAI_API_KEY"] = KEY
    session = await session_of(talk, api_base=LOOPBACK)
    model, key = await models.resolve("direct/meta-llama/Llama", session)
    assert (model.litellm_name, model.api_base, key) == ("openai/meta-llama/Llama", LOOPBACK, None)
    model, key = await models.resolve("direct/anthropic/claude", session)
    assert (model.litellm_name, key) == ("anthropic/claude", None)


@pytest.mark.parametrize("address", ["guide/manual", "scripted/demo"])
async def test_what_is_built_in_needs_nothing(models: ModelService, talk: Talk, address: str) -> None:
    """No key, no base."""
    model, key = await models.resolve(address, await session_of(talk))
    assert (model.address, model.is_local, key) == (address, True, None)
