"""A conversation on real parts: a store on the disk, the scripted provider, and every update in order."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import apsw
from keyring.backend import KeyringBackend
from keyring.backends import fail

from desktop.domain.events import StreamEvent
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.messages import Message, Outcome
from desktop.domain.requests import ChatRequest
from desktop.domain.runs import RunEnded, RunSent, RunText, Update
from desktop.domain.sessions import NewSession
from desktop.providers.catalogue import Catalogue
from desktop.providers.gateway import Gateway
from desktop.providers.scripted import Fail, Script, ScriptedProvider, Step
from desktop.providers.tokens import TokenCounter
from desktop.services.budget import BudgetService
from desktop.services.chat import ChatService
from desktop.services.context import ContextBuilder
from desktop.services.limits import Limits
from desktop.services.models import ModelService
from desktop.services.prices import PriceService
from desktop.services.profiles import ProfileService
from desktop.services.settings import SettingsService
from desktop.services.spending import SpendingService
from desktop.storage.secrets import Secrets
from desktop.storage.settings_file import SettingsFile
from desktop.storage.store import DATABASE, Store

LIMIT_S = 20.0
"""How long anything here is waited for; nothing takes a tenth of it."""

U = TypeVar("U")


class Updates:
    """What a service has told, in order."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self._news = asyncio.Event()

    def __call__(self, update: Update) -> None:
        self.all.append(update)
        self._news.set()

    def of(self, kind: type[U], message_id: int | None = None) -> list[U]:
        return [
            update
            for update in self.all
            if isinstance(update, kind) and message_id in (None, getattr(update, "message_id", None))
        ]

    def text(self, message_id: int) -> str:
        return "".join(update.text for update in self.of(RunText, message_id))

    async def until(self, kind: type[U], where: Callable[[U], bool] = lambda _update: True) -> U:
        """Wait for an update, or return the first that was told already."""
        async with asyncio.timeout(LIMIT_S):
            while True:
                for update in self.of(kind):
                    if where(update):
                        return update
                self._news.clear()
                await self._news.wait()


async def until(holds: Callable[[], bool | Awaitable[bool]]) -> None:
    """Wait until a condition holds that tells nobody when it does."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            found = holds()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.002)


class Given:
    """The settings of a conversation, with limits as a test wants them."""

    def __init__(self, settings: SettingsService, limits: Limits) -> None:
        self._settings = settings
        self.given = limits

    def limits(self) -> Limits:
        return self.given

    def connect_timeout_s(self) -> float:
        return self._settings.connect_timeout_s()

    def new_session(self, model: str) -> NewSession:
        return self._settings.new_session(model)


class FaultyStore(Store):
    """A store whose disk can be full for a while; what it refuses it has not written."""

    trouble: Exception | None = None
    checkpoints = 0

    async def checkpoint(self, message_id: int, *, content: str, thinking: str = "") -> None:
        self.checkpoints += 1
        if self.trouble is not None:
            raise self.trouble
        await super().checkpoint(message_id, content=content, thinking=thinking)

    async def finish(self, message_id: int, outcome: Outcome) -> Message:
        if self.trouble is not None:
            raise self.trouble
        return await super().finish(message_id, outcome)


@dataclass(kw_only=True)
class Talk:
    """Everything that a conversation needs."""

    folder: Path
    store: FaultyStore
    scripted: ScriptedProvider
    gateway: Gateway
    models: ModelService
    settings: SettingsService
    chat: ChatService
    context: ContextBuilder
    given: Given
    updates: Updates
    secrets: Secrets
    prices: PriceService
    budget: BudgetService
    profiles: ProfileService
    environment: dict[str, str] = field(default_factory=dict)

    @classmethod
    async def begin(
        cls,
        folder: Path,
        *scripts: Script,
        limits: Limits | None = None,
        gateway: Any = None,
        demo: bool = True,
        direct_base: str = "",
        direct_variable: str = "",
        remembers: bool = True,
        keychain: KeyringBackend | None = None,
        gated: bool = False,
    ) -> "Talk":
        store = await FaultyStore.open(folder=folder)
        updates = Updates()
        scripted = ScriptedProvider(scripts=scripts)
        doors = Gateway(scripted=scripted)
        settings = SettingsService(file=SettingsFile(folder=folder), direct_base=direct_base)
        secrets = Secrets(folder=folder, find_backend=lambda: keychain or fail.Keyring())  # type: ignore[no-untyped-call]
        environment: dict[str, str] = {}
        models = ModelService(
            store=store,
            secrets=secrets,
            settings=settings,
            catalogue=Catalogue(),
            demo=demo,
            direct_base=direct_base,
            direct_variable=direct_variable,
            remembers=remembers,
            environment=environment,
        )
        given = Given(settings, limits or Limits())
        prices = PriceService(store=store, catalogue=Catalogue())
        profiles = ProfileService(store=store, settings=settings, notify=updates)
        settings.begin_with(profiles.begin)
        spending = SpendingService(store=store, profiles=profiles)
        budget = BudgetService(store=store, spending=spending, models=models, prices=prices)
        context = ContextBuilder(counter=TokenCounter())
        chat = ChatService(
            store=store,
            gateway=gateway or doors,
            models=models,
            settings=given,
            context=context,
            notify=updates,
            gate=budget if gated else None,
            author=lambda: profiles.author,
        )
        return cls(
            folder=folder,
            store=store,
            scripted=scripted,
            gateway=doors,
            models=models,
            settings=settings,
            chat=chat,
            context=context,
            given=given,
            updates=updates,
            secrets=secrets,
            prices=prices,
            budget=budget,
            profiles=profiles,
            environment=environment,
        )

    async def end(self) -> None:
        await self.chat.close()
        await self.gateway.aclose()
        self.secrets.close()
        await self.store.close()

    async def answer(self, text: str = "Hi", **more: Any) -> Message:
        """Send a message and return its final answer."""
        turn = await self.chat.send(text, **more)
        return await self.final(turn.assistant.id)

    async def final(self, message_id: int) -> Message:
        """Return the message once it is final, as the listeners were told and as the disk has it."""
        ended = await self.updates.until(RunEnded, lambda update: update.message_id == message_id)
        await self.chat.result(message_id)
        return ended.message

    async def sent(self, message_id: int, attempt: int = 1) -> None:
        """Wait until the request is out."""
        await self.updates.until(RunSent, lambda it: (it.message_id, it.attempt) == (message_id, attempt))

    async def heard(self, message_id: int, text: str) -> None:
        """Wait until the listener knows all of `text`."""
        await until(lambda: self.updates.text(message_id) == text)

    async def direct(self, base: str, session_id: str | None = None, model: str = "wire-1") -> str:
        """Begin a session on a model at `base`, and return its id."""
        new = self.settings.new_session(f"direct/{model}")
        session = await self.store.create_session(replace(new, id=session_id, params={**new.params, "api_base": base}))
        return session.id


def rows(folder: Path) -> list[tuple[Any, ...]]:
    """Return role, status and content of every message, as a connection of one's own finds them on the disk."""
    db = apsw.Connection(str(folder / DATABASE), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return list(db.execute("SELECT role, status, content FROM message ORDER BY id"))
    finally:
        db.close()


@contextmanager
def public_folder() -> Iterator[Path]:
    """Give a data folder that a user without rights can reach, unlike pytest's own."""
    top = Path(tempfile.mkdtemp(prefix="sobremesa-test-"))
    top.chmod(0o755)
    try:
        yield top / "data"
    finally:
        for path in (top, *top.rglob("*")):
            path.chmod(0o755)
        shutil.rmtree(top)


def fault(kind: FaultKind, **more: Any) -> Fault:
    return Fault(kind=kind, **more)


def failing(kind: FaultKind, *before: Step, times: int | None = None, **more: Any) -> Script:
    """A script that says something, perhaps, and fails."""
    return Script(steps=(*before, Fail(Fault(kind=kind, **more))), times=times)


class OddGateway:
    """A door that lets through whatever a test wants to come out of it."""

    def __init__(self, stream: Callable[[ChatRequest], AsyncGenerator[StreamEvent, None]]) -> None:
        self._stream = stream
        self.loaded = asyncio.Event()
        self.loaded.set()
        self.refusal: Exception | None = None

    def is_ready(self, _request: ChatRequest) -> bool:
        return self.loaded.is_set()

    async def wait_ready(self, _request: ChatRequest) -> None:
        await self.loaded.wait()
        if self.refusal is not None:
            raise self.refusal

    def stream(self, request: ChatRequest) -> AsyncGenerator[StreamEvent, None]:
        return self._stream(request)
