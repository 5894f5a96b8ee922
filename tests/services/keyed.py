"""What tests of keys share: a key that must not be found anywhere else, and what becomes of asking for a model."""

import pytest

from desktop.domain.faults import FaultKind, ProviderError
from desktop.domain.sessions import NewSession, Session
from tests.services.talking import Talk

KEY = "sk-canary-0123456789"


async def session_of(talk: Talk, **params: str) -> Session:
    return await talk.store.create_session(NewSession(params=params))


async def refusal(talk: Talk, address: str, **params: str) -> tuple[FaultKind, str]:
    with pytest.raises(ProviderError) as caught:
        await talk.models.resolve(address, await session_of(talk, **params))
    return caught.value.fault.kind, caught.value.fault.where
