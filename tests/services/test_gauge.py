"""How full the context of a session is."""

from dataclasses import replace

import pytest

from desktop.domain.context import Mark
from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.models import ProviderSpec
from desktop.providers.catalogue import Catalogue
from desktop.services.gauge import GaugeService, context_values
from desktop.services.prices import PriceService
from desktop.services.requests import wire
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk
from tests.storage.making import answer, user


@pytest.fixture
async def talk(begin: BeginTalk) -> Talk:
    return await begin(demo=False)


def gauge(talk: Talk) -> GaugeService:
    return GaugeService(
        store=talk.store,
        requests=talk.chat.requests,
        models=talk.models,
        settings=talk.settings,
        prices=PriceService(store=talk.store, catalogue=Catalogue()),
    )


async def session_of(talk: Talk, *texts: str, **params: object) -> str:
    """Begin a session on a model that is counted exactly."""
    new = talk.settings.new_session("openai/gpt-4o")
    session = await talk.store.create_session(replace(new, params={**new.params, **params}))
    history = [(user if place % 2 == 0 else answer)(text) for place, text in enumerate(texts)]
    if history:
        await talk.store.add_messages(session.id, None, history)
    return session.id


async def test_nothing_written_is_nothing_used(talk: Talk) -> None:
    """In a session that does not exist yet, of what new ones may send."""
    await talk.settings.set("max_context", 4096)
    found = await gauge(talk).read("", model="guide/manual")
    assert (found.used, found.budget, found.allowed) == (0, 4096, 4096)


async def test_the_parts_are_told(talk: Talk) -> None:
    """Prompt, history and draft, and the form around them."""
    session_id = await session_of(talk, "one", "two")
    found = await gauge(talk).read(session_id, draft="three four")
    assert (found.system, found.history, found.draft) == (6 + 4, 2 * (1 + 4), 2 + 4)
    assert found.used == found.system + found.history + found.draft + 3
    assert (found.fits, found.left_out, found.margin) == (True, 0, 0.02)


async def test_a_draft_of_a_new_session_is_counted(talk: Talk) -> None:
    """With the prompt that it will have."""
    found = await gauge(talk).read("", model="openai/gpt-4o", draft="one")
    assert (found.system, found.history, found.draft) == (10, 0, 5)


async def test_a_draft_pushes_out_what_is_old(talk: Talk) -> None:
    """And it is told how much."""
    session_id = await session_of(talk, "one", "two", max_context=256)
    found = await gauge(talk).read(session_id, draft="word " * 230)
    assert (found.left_out, found.history, found.fits) == (2, 0, True)
    over = await gauge(talk).read(session_id, draft="word " * 300)
    assert not over.fits
    assert over.share > 1


async def test_a_known_window_bounds_the_budget(talk: Talk) -> None:
    """The answer keeps its part."""
    session_id = await session_of(talk, "one", max_context=10_000_000)
    found = await gauge(talk).read(session_id, model="openai/gpt-4o")
    assert found.window == 128_000
    assert found.reserve == 4096
    assert found.budget < 128_000 - 4096


async def test_a_session_may_be_allowed_more(talk: Talk) -> None:
    """It alone; without a session, those that will be made."""
    service = gauge(talk)
    session_id = await session_of(talk, "one", max_turns=3)
    await service.allow(session_id, 65_536)
    assert (await service.read(session_id)).allowed == 65_536
    assert (await talk.store.session(session_id)).params["max_turns"] == 3
    await service.allow("", 8192)
    assert (await service.read("", model="guide/manual")).allowed == 8192
    assert (await service.read(session_id)).allowed == 65_536
    with pytest.raises(WrongUse):
        await service.allow(session_id, 1)


async def test_an_unknown_session_is_not_found(talk: Talk) -> None:
    """As everywhere."""
    with pytest.raises(NotFound):
        await gauge(talk).read("nobody")


async def test_the_model_is_found_without_its_key(talk: Talk) -> None:
    """A provider of one's own, one by name, one at an address, and the guide."""
    await talk.store.save_provider(
        ProviderSpec(id="mine", kind="openai", name="Mine", api_base="http://localhost:1/v1")
    )
    session = await talk.store.session(await talk.direct("http://localhost:2/v1"))
    describe = talk.models.describe
    assert (await describe("mine/gpt-4o", session)).api_base == "http://localhost:1/v1"
    assert (await describe("anthropic/claude-of-tomorrow", session)).window is None
    assert (await describe("direct/wire-1", session)).api_base == "http://localhost:2/v1"
    assert (await describe("guide/manual", session)).is_local


async def test_what_would_be_sent_is_told_as_values(talk: Talk) -> None:
    """Each message once, sent or left out, with its reason, and the request without a key."""
    session_id = await session_of(talk, "one", "two", "three", "four")
    ids = [one.id for one in await talk.store.path(session_id)]
    await gauge(talk).mark(ids[1], Mark.EXCLUDED)
    prepared = await gauge(talk).inspect(session_id, draft="five")
    values = context_values(prepared.context)
    assert [(row["message"], row["reason"]) for row in values["sent"]] == [
        (None, "system"),
        (ids[0], "recent"),
        (ids[2], "recent"),
        (ids[3], "recent"),
        (None, "newest"),
    ]
    assert values["left_out"] == [{"message": ids[1], "role": "assistant", "tokens": 5, "reason": "excluded"}]
    request = wire(prepared.request)
    assert [message["content"] for message in request["messages"]][1:] == ["one", "three", "four", "five"]
    assert "api_key" not in request
    assert request["model"] == "openai/gpt-4o"


async def test_a_setting_bounds_the_turns_of_new_sessions(talk: Talk) -> None:
    """0 leaves out none."""
    assert "max_turns" not in talk.settings.new_session("guide/manual").params
    await talk.settings.set("max_turns", 2)
    assert talk.settings.new_session("guide/manual").params["max_turns"] == 2
