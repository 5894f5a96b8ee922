"""The context inspector: what it shows is what goes out, byte for byte."""

import json

import pytest

from desktop.domain.context import Mark, Reason
from desktop.domain.inspection import Kind
from desktop.domain.messages import Outcome, Status, Usage
from desktop.domain.models import ModelSpec
from desktop.domain.prices import Price, PriceSource
from desktop.domain.runs import SessionsChanged
from desktop.domain.summaries import SummaryState
from desktop.services.gauge import GaugeService
from desktop.services.inspection import InspectionService
from desktop.services.limits import Limits
from desktop.services.traffic import RecordingGateway
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk
from tests.storage.making import answer, user
from tests.storage.making import begin as begin_turn
from tests.wire.openai import OpenAIWire
from tests.wire.script import Script, Tokens
from tests.wire.server import WireServer


@pytest.fixture
async def talk(begin: BeginTalk) -> Talk:
    return await begin(demo=False, limits=Limits(local_first_token_s=10, silence_s=10))


def inspection(talk: Talk) -> InspectionService:
    gauge = GaugeService(
        store=talk.store,
        requests=talk.chat.requests,
        models=talk.models,
        settings=talk.settings,
        prices=talk.prices,
    )
    traffic = RecordingGateway(gateway=talk.gateway, prices=talk.prices)
    return InspectionService(store=talk.store, gauge=gauge, prices=talk.prices, traffic=traffic, notify=talk.updates)


async def told(talk: Talk, *texts: str, model: str = "openai/gpt-4o", **params: object) -> tuple[str, list[int]]:
    """Make a session of alternating messages; return its id and theirs."""
    new = talk.settings.new_session(model)
    session = await talk.store.create_session(new)
    await talk.store.update_session(session.id, params={**new.params, **params})
    history = [(user if at % 2 == 0 else answer)(text) for at, text in enumerate(texts)]
    return session.id, [one.id for one in await talk.store.add_messages(session.id, None, history)]


async def test_what_is_shown_is_what_the_server_gets(talk: Talk) -> None:
    """The messages of the raw request are those of the body, character for character, whatever they hold."""
    await talk.gateway.load()
    with WireServer(OpenAIWire(), Script(tokens=Tokens(input=30, output=9))) as server:
        session_id = await talk.direct(server.base)
        history = [
            user("¿Qué tal? \u2028 \U0001f600 “x”\n\tend"),
            answer("```\ncode\n```"),
            user("excluded"),
            answer("ok"),
        ]
        ids = [one.id for one in await talk.store.add_messages(session_id, None, history)]
        await inspection(talk).mark(ids[2], Mark.EXCLUDED)
        found = await inspection(talk).look(session_id, draft="And now?")
        await talk.answer("And now?", session_id=session_id)
        body = server.answers[0].body
    shown = json.loads(found.request)
    assert json.dumps(shown["messages"]).encode() == json.dumps(body["messages"]).encode()
    sent = [(item.role, item.text) for item in found.items if item.is_sent]
    assert sent == [(one["role"], " ".join(one["content"].split())) for one in body["messages"]]
    assert "excluded" not in found.request


async def test_the_last_answers_cache_is_told(talk: Talk) -> None:
    """How much of the last request the provider had at hand."""
    session_id, ids = await told(talk, "one")
    turn = await begin_turn(talk.store, session_id, "two", await talk.store.message(ids[-1]))
    used = Usage(input_tokens=900, cached_tokens=512)
    await talk.store.finish(turn.assistant.id, Outcome(status=Status.COMPLETE, content="Yes", usage=used))
    assert (await inspection(talk).look(session_id)).cached_before == 512


async def test_every_piece_has_its_price(talk: Talk) -> None:
    """At the published price, at one's own, and none where it is unknown."""
    session_id, _ids = await told(talk, "one", "two")
    found = await inspection(talk).look(session_id, draft="three")
    assert found.tag.source is PriceSource.LISTED
    assert found.price == pytest.approx(found.tokens * 2.5e-6)
    assert [item.price for item in found.items] == [pytest.approx(item.tokens * 2.5e-6) for item in found.items]
    await inspection(talk).set_price(found.model, Price(input=1.0, output=1.0))
    assert (await inspection(talk).look(session_id)).price == pytest.approx(
        (await inspection(talk).look(session_id)).tokens
    )
    unknown = await inspection(talk).look(session_id, model="nobody/knows")
    assert (unknown.price, unknown.items[0].price) == (None, None)


async def test_a_mark_is_told_and_holds(talk: Talk) -> None:
    """What is excluded stays out with its reason, and whoever shows the session hears of it."""
    session_id, ids = await told(talk, "one", "two", "three", "four")
    await inspection(talk).mark(ids[0], Mark.EXCLUDED)
    assert talk.updates.of(SessionsChanged)[-1].session_ids == (session_id,)
    found = await inspection(talk).look(session_id)
    assert next((item.text, item.reason) for item in found.items if not item.is_sent) == ("one", Reason.EXCLUDED)
    await inspection(talk).mark(ids[0], Mark.NONE)
    assert all(item.is_sent for item in (await inspection(talk).look(session_id)).items)


async def test_a_long_path_is_looked_at_as_far_as_it_is_sent(talk: Talk) -> None:
    """The rest is a number with its reason."""
    session_id, _ids = await told(talk, *(f"{number} " + "word " * 40 for number in range(400)), max_context=2000)
    found = await inspection(talk).look(session_id, draft="And now?")
    assert found.older + len([item for item in found.items if item.kind is Kind.MESSAGE]) == 400
    assert found.older > 300
    assert found.older_reason is Reason.BUDGET
    assert found.fits


async def test_a_summary_stands_in_the_list(talk: Talk) -> None:
    """Sent or switched off."""
    session_id, ids = await told(talk, "one", "two", "three", "four")
    made = await talk.store.add_summary(first_id=ids[0], last_id=ids[1], text="So far.", model="")
    found = await inspection(talk).look(session_id)
    assert [(item.kind, item.is_sent) for item in found.items[:2]] == [(Kind.SYSTEM, True), (Kind.SUMMARY, True)]
    await talk.store.set_summary_state(made.id, SummaryState.OFF)
    found = await inspection(talk).look(session_id)
    assert (found.items[1].kind, found.items[1].is_sent) == (Kind.SUMMARY, False)
    assert found.summary is not None


async def test_a_session_that_does_not_exist_yet_can_be_looked_at(talk: Talk) -> None:
    """With the prompt that it will have."""
    found = await inspection(talk).look("", model="openai/gpt-4o", draft="Hi")
    assert [item.kind for item in found.items] == [Kind.SYSTEM, Kind.DRAFT]
    assert (found.exchanges, found.summary, found.cached_before) == ((), None, 0)


async def test_answers_teach_and_that_is_told(talk: Talk) -> None:
    """The estimate is corrected from then on."""
    session_id, _ids = await told(talk, "one")
    found = await inspection(talk).look(session_id)
    assert not found.is_corrected
    model = ModelSpec(provider_id="openai", kind="openai", name="gpt-4o")
    await talk.context.estimates.note_usage(talk.store, model, found.encoding, counted=100, true=110)
    corrected = await inspection(talk).look(session_id)
    assert (corrected.is_corrected, corrected.answers) == (True, 1)
