"""Any provider that LiteLLM knows, as a `Provider` that tells the truth about how an answer ended."""

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from desktop.domain.events import Finished, StreamEvent
from desktop.domain.faults import Fault, FaultKind, ProviderError
from desktop.domain.messages import Usage
from desktop.domain.requests import ChatRequest
from desktop.providers.addresses import Route, route
from desktop.providers.chunks import ChunkReader
from desktop.providers.errors import fault_of_library
from desktop.providers.pace import Pacer
from desktop.providers.tokens import TokenCounter

if TYPE_CHECKING:
    # These bring httpx along: a tenth of a second that a start without a provider does not need.
    from desktop.providers.library import Library
    from desktop.providers.observation import Observation


_log = logging.getLogger(__name__)

# Where threads import the same packages at once, Python now and then hands one of them a half-made module rather than
# let both wait for ever; a moment later the module is whole.
_ATTEMPTS = 2
_BROKEN_INSTALLATION = (ImportError, OSError, RuntimeError, AttributeError, TypeError, ValueError, LookupError)


class LiteLLMProvider:
    """LiteLLM behind the provider protocol. Belongs to one loop, which `load` and `aclose` are called on."""

    def __init__(self, *, counter: TokenCounter | None = None, pacer: Pacer | None = None) -> None:
        self._counter = counter or TokenCounter()
        self._pacer = pacer or Pacer()
        self._library: Library | None = None
        self._loading: asyncio.Future[Library] | None = None

    @property
    def ready(self) -> bool:
        """Whether LiteLLM is loaded, so that a request goes out at once."""
        return self._library is not None

    async def load(self) -> None:
        """Load LiteLLM on a thread of its own, once; raises `ProviderError` where that cannot be."""
        if self._library is not None:
            return
        if self._loading is None:
            self._loading = _on_a_thread(asyncio.get_running_loop())
        loading = self._loading
        try:
            # Shielded: a run that is stopped while it waits does not stop the loading for the others.
            self._library = await asyncio.shield(loading)
        except ImportError as error:
            if self._loading is loading:
                self._loading = None  # whoever asks again has it tried again
            raise ProviderError(Fault(kind=FaultKind.UNAVAILABLE, words=str(error))) from error

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        """Send `request` and yield the answer; raises `ProviderError` for every way in which it is not whole."""
        await self.load()
        from desktop.providers.observation import Observation, observing

        assert self._library is not None
        way = route(request)
        secrets = (request.api_key.reveal(),) if request.api_key else ()
        observation = Observation(connect_timeout_s=request.connect_timeout_s, secrets=secrets, tape=request.tape)
        reader = ChunkReader()
        stream: AsyncIterator[Any] | None = None
        pacer = self._pacer
        try:
            try:
                with observing(observation):
                    stream = await self._library.open_stream(**way.wishes)
                while True:
                    before = pacer.now()
                    try:
                        if observation.answered:
                            chunk = await anext(stream)
                        else:
                            # Some providers are only asked when their first chunk is wanted.
                            with observing(observation):
                                chunk = await anext(stream)
                    except StopAsyncIteration:
                        break
                    pacer.waited(before)
                    for event in reader.read(chunk):
                        yield event
                    self._library.forget(stream)
                    await pacer.breathe()
            except ProviderError:
                raise
            except Exception as error:  # noqa: BLE001 - the edge to a library that raises whatever it likes
                for event in reader.rest():
                    yield event
                raise ProviderError(_why(error, observation, reader, secrets, way.where)) from None
            for event in reader.rest():
                yield event
            if fault := _what_is_missing(observation, reader, way.where):
                raise ProviderError(fault)
            yield await self._finished(request, way, observation, reader)
        finally:
            # The connection first: LiteLLM's own closing leaves it open where a consumer was busy.
            await observation.close()
            if stream is not None and hasattr(stream, "aclose"):
                await stream.aclose()

    async def aclose(self) -> None:
        """Close what LiteLLM keeps open on this loop."""
        if self._library is not None:
            await self._library.aclose()

    async def _finished(
        self, request: ChatRequest, way: Route, observation: "Observation", reader: ChunkReader
    ) -> Finished:
        from desktop.providers.library import usage_of

        assert self._library is not None
        model = observation.model or request.model.name
        usage: Usage | None = None
        cost: float | None = None
        if reader.usage is not None and observation.usage_sent:
            usage = usage_of(reader.usage)
            if way.has_list_prices:
                cost = next(
                    (
                        price
                        for name in dict.fromkeys((model, request.model.name))
                        if (price := self._library.cost(kind=way.kind, model=name, usage=reader.usage)) is not None
                    ),
                    None,
                )
        else:
            usage = await asyncio.to_thread(self._estimate, request, "".join(reader.pieces))
        reason = reader.finish_reason or "stop"
        return Finished(
            finish_reason="tool_calls" if reader.called_tool and reason == "stop" else reason,
            usage=usage,
            cost=cost,
            model=model,
            thinking_signature=reader.signature,
        )

    def _estimate(self, request: ChatRequest, answer: str) -> Usage:
        encoding = self._counter.encoding_for(request.model.name)
        asked = sum(self._counter.count(message.content, encoding) for message in request.messages)
        return Usage(input_tokens=asked, output_tokens=self._counter.count(answer, encoding), estimated=True)


def _on_a_thread(loop: asyncio.AbstractEventLoop) -> "asyncio.Future[Library]":
    """Load LiteLLM on a daemon thread: quitting in the middle of it waits for nothing."""
    loaded: asyncio.Future[Library] = loop.create_future()

    def settle(library: "Library | None", error: BaseException | None) -> None:
        if loaded.done():
            return
        if library is not None:
            loaded.set_result(library)
        else:
            loaded.set_exception(error or ImportError("litellm"))
            loaded.exception()  # nobody may be waiting, and that is nothing to warn about

    def load() -> None:
        library, failure = None, None
        try:
            for _attempt in range(_ATTEMPTS):
                try:
                    from desktop.providers.library import Library

                    library = Library.load()
                    break
                except _BROKEN_INSTALLATION as error:
                    failure = ImportError(f"{type(error).__name__}: {error}")
                    _log.info("LiteLLM cannot be loaded: %s", failure)
        finally:  # nobody waits for ever, whatever a broken file raises
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(settle, library, failure)

    threading.Thread(target=load, name="litellm-load", daemon=True).start()
    return loaded


def _why(
    error: Exception, observation: "Observation", reader: ChunkReader, secrets: tuple[str, ...], where: str
) -> Fault:
    """Return the fault behind an exception, told by the wire where it was seen."""
    if observation.fault is not None:
        return observation.fault
    fault = fault_of_library(error, secrets=secrets, where=where)
    if not observation.answered:
        return fault
    if wrong := _wrong_kind(observation, reader, where):
        return wrong
    return observation.error or Fault(kind=FaultKind.MALFORMED, words=observation.malformed or fault.words, where=where)


def _what_is_missing(observation: "Observation", reader: ChunkReader, where: str) -> Fault | None:
    """Return the fault of a stream that LiteLLM called finished, or None where it really is."""
    if observation.malformed:
        return observation.error or Fault(kind=FaultKind.MALFORMED, words=observation.malformed, where=where)
    if observation.complete:
        return None
    if observation.fault is not None:
        return observation.fault
    if wrong := _wrong_kind(observation, reader, where):
        return wrong
    if observation.error is not None:
        return observation.error
    if not observation.streams and reader.finish_reason:
        # A whole answer that LiteLLM cut into pieces itself, or a form whose end only LiteLLM can tell.
        return None
    return Fault(kind=FaultKind.TRUNCATED, where=where)


def _wrong_kind(observation: "Observation", reader: ChunkReader, where: str) -> Fault | None:
    """Return NOT_A_MODEL for a page, an error or nothing at all where a stream was asked for."""
    if reader.said_something or (observation.streams and observation.received):
        return None
    said = observation.error
    return Fault(kind=FaultKind.NOT_A_MODEL, words=said.words if said else "", where=where)
