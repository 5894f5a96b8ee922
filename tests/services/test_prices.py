"""What models cost: one's own price, nothing on this computer, what is published, or unknown."""

import pytest

from desktop.domain.faults import StoreError, WrongUse
from desktop.domain.models import DIRECT, GUIDE, SCRIPTED, ModelSpec
from desktop.domain.prices import Price, PriceSource
from desktop.providers.catalogue import Catalogue
from desktop.services.prices import PriceService
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk

LISTED = ModelSpec(provider_id="openai", kind="openai", name="gpt-4o")
OWN = Price(input=1e-6, output=2e-6, cached=5e-7)


@pytest.fixture
async def talk(begin: BeginTalk) -> Talk:
    return await begin(demo=False)


def prices(talk: Talk) -> PriceService:
    return PriceService(store=talk.store, catalogue=Catalogue())


async def test_a_published_price_holds(talk: Talk) -> None:
    """As LiteLLM's table has it."""
    tag = await prices(talk).of(LISTED)
    assert tag.source is PriceSource.LISTED
    assert tag.price == tag.listed
    assert tag.price is not None
    assert tag.price.input == 2.5e-6


@pytest.mark.parametrize(
    "model",
    [
        ModelSpec(provider_id="o", kind="ollama", name="qwen3"),
        ModelSpec(provider_id=DIRECT, kind="openai", name="gpt-4o", api_base="http://127.0.0.1:8080/v1"),
        ModelSpec(provider_id=GUIDE, kind=GUIDE, name="manual"),
        ModelSpec(provider_id=SCRIPTED, kind=SCRIPTED, name="demo"),
    ],
)
async def test_a_model_on_this_computer_is_free(talk: Talk, model: ModelSpec) -> None:
    """Whatever it is called."""
    tag = await prices(talk).of(model)
    assert (tag.source, tag.is_free) == (PriceSource.FREE, True)


async def test_a_server_elsewhere_has_no_known_price(talk: Talk) -> None:
    """Not even under a famous model's name."""
    tag = await prices(talk).of(ModelSpec(provider_id="p", kind="openai", name="gpt-4o", api_base="https://a.example"))
    assert (tag.source, tag.price) == (PriceSource.UNKNOWN, None)


async def test_ones_own_price_counts_more(talk: Talk) -> None:
    """It is kept for that model alone, and the published one is still known; taken back, that one holds again."""
    service = prices(talk)
    await service.set_own(LISTED, OWN)
    tag = await prices(talk).of(LISTED)
    assert (tag.price, tag.source) == (OWN, PriceSource.OWN)
    assert tag.listed is not None
    other = await service.of(ModelSpec(provider_id="openai", kind="openai", name="gpt-4o-mini"))
    assert other.source is PriceSource.LISTED
    await service.set_own(LISTED, None)
    assert (await service.of(LISTED)).source is PriceSource.LISTED


async def test_a_price_without_one_for_cached_input(talk: Talk) -> None:
    """Cached input costs as the rest, also after another price had one."""
    service = prices(talk)
    await service.set_own(LISTED, OWN)
    await service.set_own(LISTED, Price(input=0.0, output=2e-6))
    assert (await service.of(LISTED)).price == Price(input=0.0, output=2e-6)


async def test_a_negative_price_is_refused(talk: Talk) -> None:
    """And nothing is kept."""
    with pytest.raises(WrongUse, match="0 or more"):
        await prices(talk).set_own(LISTED, Price(input=-1.0, output=1.0))
    assert (await prices(talk).of(LISTED)).source is PriceSource.LISTED


class _Deaf:
    """A disk that does not answer."""

    async def model_facts(self, address: str) -> dict[str, tuple[float, float]]:
        raise StoreError("nothing can be read")

    async def learn(self, address: str, name: str, value: float, weight: float = 0.0) -> None:
        raise StoreError("nothing can be kept")


async def test_a_disk_that_does_not_answer_leaves_the_published_price() -> None:
    """What an answer costs is no reason to lose it; what cannot be kept is said."""
    service = PriceService(store=_Deaf(), catalogue=Catalogue())
    assert (await service.of(LISTED)).source is PriceSource.LISTED
    with pytest.raises(StoreError):
        await service.set_own(LISTED, OWN)
