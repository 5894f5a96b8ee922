"""Where keys go and where they stay when something fails on the way."""

from pathlib import Path

import pytest
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import FaultKind, StoreError
from desktop.domain.models import Secret
from desktop.services.models import ModelService
from tests.services.conftest import BeginTalk
from tests.services.keyed import KEY, refusal, session_of
from tests.services.talking import Talk
from tests.storage.backends import Kept

ELSEWHERE = "https://models.example.org/v1"


@pytest.fixture
async def talk(begin: BeginTalk, keychain: Kept) -> Talk:
    return await begin(demo=False, keychain=keychain)


async def fill_disk(talk: Talk) -> None:
    """Leave no room for anything long."""

    def limit(db: APSWDatabase) -> None:
        (pages,) = db.execute_sql("PRAGMA page_count").fetchone()
        db.execute_sql(f"PRAGMA max_page_count = {pages + 2}")

    await talk.store._connections.call(limit)


MANY = tuple(f"a-model-with-a-rather-long-name-{number}" for number in range(20_000))


async def test_a_key_does_not_outlive_a_provider_that_could_not_be_saved(
    models: ModelService, talk: Talk, keychain: Kept
) -> None:
    """On a full disk neither the provider nor its key is left behind."""
    await fill_disk(talk)
    with pytest.raises(StoreError):
        await models.add(kind="openai", key=Secret(KEY), models=MANY)
    assert await models.providers() == ()
    assert keychain.passwords == {}


async def test_a_change_that_could_not_be_saved_leaves_the_old_key(
    models: ModelService, talk: Talk, keychain: Kept
) -> None:
    """Row and key go together, before and after."""
    spec = await models.add(kind="openai", key=Secret(KEY))
    await fill_disk(talk)
    with pytest.raises(StoreError):
        await models.edit(spec.id, key=Secret("sk-another-0123456789"), models=MANY)
    assert await models.providers() == (spec,)
    assert list(keychain.passwords.values()) == [KEY]


async def test_a_direct_model_elsewhere_gets_a_key_only_where_its_variable_was_named(
    begin: BeginTalk, folder: Path
) -> None:
    """No key of the environment goes to an address because it lies there, nor to the base of an old session."""
    plain = await begin(demo=False, direct_base=ELSEWHERE)
    plain.environment["OPENAI_API_KEY"] = KEY
    assert (await plain.models.resolve("direct/m", await session_of(plain, api_base=ELSEWHERE)))[1] is None

    named = await begin(demo=False, direct_base=ELSEWHERE, direct_variable="MY_KEY", where=folder / "named")
    assert await refusal(named, "direct/m", api_base=ELSEWHERE) == (FaultKind.NO_KEY, "MY_KEY")
    named.environment["MY_KEY"] = KEY
    assert (await named.models.resolve("direct/m", await session_of(named, api_base=ELSEWHERE)))[1] == Secret(KEY)
    other = await session_of(named, api_base="https://other.example/v1")
    assert (await named.models.resolve("direct/m", other))[1] is None


async def test_a_visitor_leaves_the_choice_of_model_alone(begin: BeginTalk) -> None:
    """Where uses are not remembered, new sessions begin with what they began with before."""
    talk = await begin(demo=False, remembers=False)
    await talk.models.add(kind="openai", name="Mine", api_base="http://localhost/v1", models=("a", "b"))
    await talk.models.note_use("mine/b")
    assert await talk.models.default_model() == "mine/a"
