import pytest

from desktop.domain.faults import FaultKind
from desktop.domain.models import ProviderSpec, Secret
from desktop.providers.doctor import CheckStep, check_provider
from tests.wire.openai import OpenAIWire
from tests.wire.script import Fault, Mode, Script
from tests.wire.server import WireServer

KEY = Secret("sk-canary-1234")


def spec(base: str, kind: str = "openai") -> ProviderSpec:
    return ProviderSpec(id="p", kind=kind, name="P", api_base=base)


async def test_a_healthy_provider_passes_each_step() -> None:
    """Connection and key are told apart, each with its time, and the models are counted."""
    seen: list[CheckStep] = []
    with WireServer(OpenAIWire()) as server:
        steps = await check_provider(spec(server.base), key=KEY, on_step=seen.append)
    assert [(step.name, step.ok) for step in steps] == [("Connection", True), ("Key and models", True)]
    assert steps[-1].words == "2 models"
    assert all(step.ms is not None and step.ms >= 0 for step in steps)
    assert [step.ok for step in seen] == [None, True, None, True]


@pytest.mark.parametrize(
    ("base", "failing", "expected"),
    [
        ("http://no-such-host.invalid/v1", "Name (DNS)", FaultKind.DNS),
        ("http://127.0.0.1:9/v1", "Connection", FaultKind.REFUSED),
        ("http://127.0.0.1:99999/v1", "Connection", FaultKind.REFUSED),
    ],
)
async def test_the_failing_step_is_named(base: str, failing: str, expected: FaultKind) -> None:
    """It stops at the step that fails and says in words why."""
    steps = await check_provider(spec(base), key=KEY)
    assert [step.name for step in steps if not step.ok] == [failing]
    assert steps[-1].fault is not None
    assert (steps[-1].fault.kind, bool(steps[-1].words)) == (expected, True)


async def test_a_plain_port_fails_at_the_encryption() -> None:
    """Https to a server without TLS gets through the connection and no further."""
    with WireServer(OpenAIWire()) as server:
        steps = await check_provider(spec(server.base.replace("http:", "https:")), key=KEY)
    assert [(step.name, step.ok) for step in steps] == [("Connection", True), ("Encryption (TLS)", False)]
    assert steps[-1].fault is not None
    assert steps[-1].fault.kind is FaultKind.TLS


async def test_a_refused_key_fails_at_the_key() -> None:
    """The provider's words are shown, the key is not."""
    fault = Fault(mode=Mode.STATUS, status=401, words="unknown key {key}")
    with WireServer(OpenAIWire(), Script(fault=fault)) as server:
        steps = await check_provider(spec(server.base), key=KEY)
    assert steps[-1].fault is not None
    assert steps[-1].fault.kind is FaultKind.AUTHENTICATION
    assert "canary" not in repr(steps)


async def test_one_that_cannot_be_asked_says_so() -> None:
    """Where the list is built in, nothing is claimed about the key."""
    (step,) = await check_provider(spec("", "bedrock"))
    assert step.ok
    assert "built-in list" in step.words


async def test_behind_a_proxy_only_the_request_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer that reaches the world by a proxy cannot look up or connect by itself."""
    with WireServer(OpenAIWire(), Script(fault=Fault(mode=Mode.STATUS, status=407))) as server:
        for name in ("http_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{server.port}")
        steps = await check_provider(spec("http://model.invalid/v1"), key=KEY)
    assert [step.name for step in steps] == ["Key and models"]
    assert steps[0].fault is not None
    assert steps[0].fault.kind is FaultKind.PROXY
