"""The seam between a run and whatever answers it: LiteLLM, the offline guide, or the scripted fake."""

from collections.abc import AsyncGenerator
from typing import Protocol

from desktop.domain.events import StreamEvent
from desktop.domain.requests import ChatRequest


class Provider(Protocol):
    """Something that answers."""

    def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Yield the answer, `Finished` last; raises `ProviderError`. Closing or cancelling ends the connection."""
        ...
