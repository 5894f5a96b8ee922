"""What goes out and comes back: at the user's price, and at hand for a while."""

import json
from collections.abc import AsyncGenerator

import pytest

from desktop.domain.events import Finished, StreamEvent, TextDelta
from desktop.domain.faults import FaultKind, ProviderError
from desktop.domain.messages import Role, Status, Usage
from desktop.domain.models import GUIDE, ModelSpec, Secret
from desktop.domain.prices import Price
from desktop.domain.requests import ChatRequest, ContextMessage
from desktop.providers.catalogue import Catalogue
from desktop.services import traffic
from desktop.services.limits import Limits
from desktop.services.prices import PriceService
from desktop.services.traffic import PricedGateway, RecordingGateway
from tests.services.conftest import BeginTalk
from tests.services.talking import OddGateway, Talk, failing
from tests.wire.openai import OpenAIWire
from tests.wire.script import Fault, Mode, Script, Tokens
from tests.wire.server import WireServer

KEY = "sk-canary-0123456789"
ELSEWHERE = ModelSpec(provider_id="p", kind="openai", name="own", api_base="https://models.example/v1")
USED = Finished(usage=Usage(input_tokens=10, output_tokens=5, cached_tokens=4))


@pytest.fixture
async def talk(begin: BeginTalk) -> Talk:
    return await begin(demo=False, limits=Limits(local_first_token_s=10, silence_s=10))


def request(model: ModelSpec = ELSEWHERE, session_id: str = "s") -> ChatRequest:
    messages = (ContextMessage(role=Role.USER, content="Hi"),)
    return ChatRequest(model=model, messages=messages, session_id=session_id, api_key=Secret(KEY))


def ending(*events: StreamEvent) -> OddGateway:
    """A gateway that says these things."""

    async def say(_request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        for event in events:
            yield event

    return OddGateway(say)


async def cost(talk: Talk, end: Finished, model: ModelSpec = ELSEWHERE) -> float | None:
    """Return what an answer that ends like this costs."""
    gateway = PricedGateway(gateway=ending(TextDelta("Yes"), end), prices=talk.prices)
    events = [event async for event in gateway.stream(request(model))]
    assert events[0] == TextDelta("Yes")
    assert isinstance(events[-1], Finished)
    return events[-1].cost


async def test_an_answer_costs_what_the_user_says(talk: Talk) -> None:
    """Input, cached input and output apart, whatever the table says."""
    assert await cost(talk, USED) is None
    await talk.prices.set_own(ELSEWHERE, Price(input=1.0, output=10.0, cached=0.5))
    assert await cost(talk, USED) == 6 * 1.0 + 4 * 0.5 + 5 * 10.0
    listed = Finished(usage=USED.usage, cost=0.25)
    assert await cost(talk, listed) == 58.0


async def test_figures_of_our_own_make_no_bill(talk: Talk) -> None:
    """What the provider did not count is not known."""
    await talk.prices.set_own(ELSEWHERE, Price(input=1.0, output=1.0))
    assert await cost(talk, Finished(usage=Usage(input_tokens=1, estimated=True))) is None
    assert await cost(talk, Finished()) is None


async def test_a_model_on_this_computer_costs_nothing(talk: Talk) -> None:
    """Its answers are priced, at nothing."""
    here = ModelSpec(provider_id="p", kind="openai", name="own", api_base="http://localhost:1234/v1")
    assert await cost(talk, USED, here) == 0.0


async def test_a_published_price_is_left_to_the_library(talk: Talk) -> None:
    """It knows more parts of a bill, such as writing to a cache."""
    listed = ModelSpec(provider_id="openai", kind="openai", name="gpt-4o")
    assert await cost(talk, Finished(usage=USED.usage, cost=0.125), listed) == 0.125


async def test_an_exchange_is_at_hand_as_it_went_over_the_wire(talk: Talk) -> None:
    """The body that the server got, the one it sent, how it ended, and no key."""
    gateway = RecordingGateway(gateway=talk.gateway, prices=talk.prices)
    with WireServer(OpenAIWire(), Script(tokens=Tokens(input=20, output=9))) as server:
        model = ModelSpec(provider_id="p", kind="openai", name="wire-1", api_base=server.base)
        await gateway.wait_ready(request(model))
        events = [event async for event in gateway.stream(request(model))]
        body = server.answers[0].raw
    assert isinstance(events[-1], Finished)
    (found,) = gateway.exchanges("s")
    assert found.request.encode() == body
    assert found.response.startswith("data: {")
    assert "[DONE]" in found.response
    assert (found.status, found.finish_reason, found.fault) == (200, "stop", None)
    assert found.usage == Usage(input_tokens=20, output_tokens=9)
    assert found.first_ms is not None
    assert found.first_ms <= found.total_ms
    assert KEY not in repr(found)
    assert gateway.exchanges("another") == ()


async def test_a_key_that_a_server_echoes_is_not_shown(talk: Talk) -> None:
    """The refusal is at hand with its words, without the key in them."""
    gateway = RecordingGateway(gateway=talk.gateway, prices=talk.prices)
    fault = Fault(mode=Mode.STATUS, status=401, words="Wrong key: {key}")
    with WireServer(OpenAIWire(), Script(fault=fault)) as server:
        model = ModelSpec(provider_id="p", kind="openai", name="wire-1", api_base=server.base)
        await gateway.wait_ready(request(model))
        with pytest.raises(ProviderError):
            [event async for event in gateway.stream(request(model))]
        assert server.answers[0].key == KEY
    (found,) = gateway.exchanges("s")
    assert (found.status, found.fault and found.fault.kind) == (401, FaultKind.AUTHENTICATION)
    assert "Wrong key: [redacted]" in found.response
    assert KEY not in repr(found)


async def test_a_built_in_answer_is_said_to_be_one(talk: Talk) -> None:
    """Nothing went over a wire; what it was asked and said is there all the same."""
    gateway = RecordingGateway(gateway=ending(TextDelta("Well."), Finished(cost=0.0)), prices=talk.prices)
    model = ModelSpec(provider_id=GUIDE, kind=GUIDE, name="manual")
    assert gateway.is_ready(request(model))
    assert [event async for event in gateway.stream(request(model))][-1] == Finished(cost=0.0)
    (found,) = gateway.exchanges("s")
    assert found.is_built_in
    assert json.loads(found.request)["messages"] == [{"role": "user", "content": "Hi"}]
    assert (found.response, found.status) == ("Well.", None)


async def test_only_the_newest_are_kept(talk: Talk) -> None:
    """The newest first, and of each no more than a person looks at."""
    gateway = RecordingGateway(gateway=ending(TextDelta("x" * 700_000), Finished()), prices=talk.prices)
    model = ModelSpec(provider_id=GUIDE, kind=GUIDE, name="manual")
    for number in range(traffic.KEPT + 3):
        async for _event in gateway.stream(request(model, session_id=str(number))):
            pass
    assert gateway.exchanges("2") == ()
    (newest,) = gateway.exchanges(str(traffic.KEPT + 2))
    assert len(newest.response) == traffic.RESPONSE_LIMIT
    assert newest.response_cut == 700_000 - traffic.RESPONSE_LIMIT


async def test_a_stream_that_is_closed_early_is_kept_as_far_as_it_came(talk: Talk) -> None:
    """Stopped by the user."""
    gateway = RecordingGateway(gateway=ending(TextDelta("a"), TextDelta("b"), Finished()), prices=talk.prices)
    stream = gateway.stream(request(ModelSpec(provider_id=GUIDE, kind=GUIDE, name="manual")))
    assert await anext(stream) == TextDelta("a")
    await stream.aclose()
    (found,) = gateway.exchanges("s")
    assert (found.response, found.finish_reason, found.fault) == ("a", "", None)


async def test_a_conversation_runs_over_it(begin: BeginTalk) -> None:
    """Answers and faults come through as they are."""
    talk = await begin(failing(FaultKind.AUTHENTICATION))
    recording = RecordingGateway(gateway=talk.gateway, prices=PriceService(store=talk.store, catalogue=Catalogue()))
    other = await begin(gateway=recording, where=talk.folder.parent / "other")
    found = await other.answer("Hi")
    assert (found.status, found.fault and found.fault.kind) == (Status.FAILED, FaultKind.AUTHENTICATION)
    (kept,) = recording.exchanges(found.session_id)
    assert kept.fault == found.fault
