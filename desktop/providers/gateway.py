"""The one door to everything that answers: it picks the provider of a request and hides how each is made ready."""

from collections.abc import AsyncGenerator

from desktop.domain.events import StreamEvent
from desktop.domain.faults import Fault, FaultKind, ProviderError
from desktop.domain.models import GUIDE, SCRIPTED
from desktop.domain.requests import ChatRequest
from desktop.paths import resource
from desktop.providers.demo import demo_provider
from desktop.providers.guide import GuideProvider
from desktop.providers.litellm_provider import LiteLLMProvider
from desktop.providers.provider import Provider


class Gateway:
    """Routes by `request.model.kind`: the guide, the scripted provider where `demo` is on, LiteLLM for all else."""

    def __init__(
        self,
        *,
        demo: bool = False,
        litellm: LiteLLMProvider | None = None,
        guide: Provider | None = None,
        scripted: Provider | None = None,
    ) -> None:
        self._litellm = litellm or LiteLLMProvider()
        self._builtin: dict[str, Provider] = {GUIDE: guide or GuideProvider(manual=resource("manual"))}
        if scripted is not None:
            self._builtin[SCRIPTED] = scripted
        elif demo:
            self._builtin[SCRIPTED] = demo_provider()

    @property
    def ready(self) -> bool:
        """Whether requests to any provider go out at once."""
        return self._litellm.ready

    async def load(self) -> None:
        """Load LiteLLM; raises `ProviderError` where it cannot be."""
        await self._litellm.load()

    def is_ready(self, request: ChatRequest) -> bool:
        """Whether `request` can go out at once."""
        return request.model.kind in self._builtin or self._litellm.ready

    async def wait_ready(self, request: ChatRequest) -> None:
        """Wait until `request` can go out; raises `ProviderError` where it never will."""
        if not self.is_ready(request):
            await self._litellm.load()

    def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Yield the answer to `request`, `Finished` last; raises `ProviderError`. Closing it ends the connection."""
        kind = request.model.kind
        if kind == SCRIPTED and SCRIPTED not in self._builtin:
            return _refuse(Fault(kind=FaultKind.NO_PROVIDER, where=request.model.address))
        return self._builtin.get(kind, self._litellm).stream(request)

    async def aclose(self) -> None:
        """Close every connection that is kept."""
        await self._litellm.aclose()


async def _refuse(fault: Fault) -> AsyncGenerator[StreamEvent, None]:
    """Raise once somebody reads the answer, as every other fault does."""
    nothing: tuple[StreamEvent, ...] = ()
    for event in nothing:
        yield event
    raise ProviderError(fault)
