"""LiteLLM for the provider tests: loaded once per process, its connections closed after each test."""

from collections.abc import AsyncIterator

import pytest

from desktop.providers.litellm_provider import LiteLLMProvider
from tests.providers.asking import KINDS, Kind


@pytest.fixture
async def provider() -> AsyncIterator[LiteLLMProvider]:
    provider = LiteLLMProvider()
    await provider.load()
    yield provider
    await provider.aclose()


@pytest.fixture(params=KINDS, ids=[kind.name for kind in KINDS])
def kind(request: pytest.FixtureRequest) -> Kind:
    found = request.param
    assert isinstance(found, Kind)
    return found
